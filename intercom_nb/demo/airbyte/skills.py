"""Skill document of the hosted connector: what an agent reads before it executes."""

from __future__ import annotations

from typing import Any

from intercom_nb.demo.airbyte.context_store import ENTITIES
from intercom_nb.demo.airbyte.execute import ACTIONS
from intercom_nb.demo.airbyte.http import HostedError

SKILL_ID = "connector-intercom"
_SEARCH = "context-store"


def metadata() -> dict[str, Any]:
    """Return the metadata of the document."""
    return {
        "id": SKILL_ID,
        "kind": "connector",
        "title": "Intercom",
        "summary": "Read and write contacts, companies, conversations and more.",
        "tags": ["intercom"],
        "warnings": [],
    }


def read(skill: str, section: str | None) -> dict[str, Any]:
    """Return the document with the content of one section, by default the overview."""
    if skill != SKILL_ID:
        raise HostedError(404, "Skill not found")
    sections = _sections()
    chosen = section or "overview"
    if chosen not in sections:
        raise HostedError(404, "Section not found")
    outline = [
        {"id": key, "title": title, "summary": f"{title}.", "available": True}
        for key, (title, _) in sections.items()
    ]
    title, content = sections[chosen]
    heading = {"type": "heading", "level": 1, "text": title}
    return {
        "id": SKILL_ID,
        "metadata": metadata(),
        "outline": outline,
        "section_id": section,
        "content": [heading, *content],
    }


def _sections() -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """Return title and content of each section, by section id."""
    entities = list(dict.fromkeys(entity for entity, _ in ACTIONS))
    overview = f"Entities: {', '.join(entities)}."
    sections = {"overview": ("Overview", [_paragraph(overview)])}
    for entity in entities:
        lines = [
            f"{action}({', '.join(definition.params)})"
            for (owner, action), definition in ACTIONS.items()
            if owner == entity
        ]
        items = {"type": "list", "ordered": False, "items": lines}
        sections[entity] = (f"Actions of {entity}", [items])
    text = f"context_store_search and context_store_sql_query read {', '.join(ENTITIES)}."
    sections[_SEARCH] = ("Context store", [_paragraph(text)])
    return sections


def _paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}
