"""Detail view of one record: its fields, and a conversation as a readable thread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import nh3
import pandas as pd

from ....frames.cells import cell_text, is_missing

# Customers write these bodies. No images: a remote image tells its sender who opened it.
_TAGS = {
    "a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "hr", "i", "li",
    "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead",
    "tr", "u", "ul",
}  # fmt: skip
_EVENTS = {
    "open": "reopened this",
    "close": "closed this",
    "snoozed": "snoozed this",
    "unsnoozed": "unsnoozed this",
    "assignment": "assigned this",
    "assign_and_reopen": "assigned and reopened this",
}


def clean_html(body: str) -> str:
    """Sanitize a message body: an allow-list of tags, no styles, no scripts, no images.

    >>> clean_html('<p onclick="x()">Hi<script>1</script><img src=x></p>')
    '<p>Hi</p>'
    """
    return nh3.clean(
        body,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )


def fields(frame: pd.DataFrame, at: int) -> list[list[str]]:
    """Return the fields of a row that have a value, as [name, text]."""
    row = [(str(name), cell_text(frame[name].array[at])) for name in frame]
    return [[name, text] for name, text in row if text]


def thread(conversation: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a conversation's messages in order: who, when, which side, and sanitized HTML."""
    row = {str(name): conversation[name].array[0] for name in conversation}
    messages = [_message(row, "source.author", row.get("source.body"), row.get("created_at"))]
    parts = conversation.intercom.children("conversation_parts")
    for part in _rows(parts):
        body = part.get("body")
        kind = cell_text(part.get("part_type")) or ""
        if not is_missing(body) and body:
            messages.append(_message(part, "author", body, part.get("created_at"), kind))
        elif kind in _EVENTS:
            message = _message(part, "author", None, part.get("created_at"), kind)
            messages.append({**message, "event": _EVENTS[kind]})
    return messages


def _rows(frame: pd.DataFrame) -> Iterable[dict[str, Any]]:
    names = [str(name) for name in frame]
    for values in zip(*(frame[name].array for name in frame), strict=True):
        yield dict(zip(names, values, strict=True))


def _message(row: dict[str, Any], who: str, body: Any, when: Any, kind: str = "") -> dict[str, Any]:
    side = cell_text(row.get(f"{who}.type")) or ""
    return {
        "who": cell_text(row.get(f"{who}.name")) or cell_text(row.get(f"{who}.email")) or side,
        "side": side,
        "when": cell_text(when),
        "note": kind == "note",
        "html": clean_html(body) if isinstance(body, str) else "",
        "event": None,
    }
