"""Links in the README, the guide and the notebooks: those here lead to a file, others are whole."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
]


def text_of(page: Path) -> str:
    """Give the Markdown of a page or of a notebook."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return text
    cells = json.loads(text)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def links(text: str) -> list[str]:
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)
    found = re.findall(r"\]\(<?([^)\s>]+)[^)]*\)", prose) + re.findall(r"<(https?:[^>]*)>", prose)
    return found + re.findall(r"(?<![(<])\bhttps?://[^\s)>\"']+", prose)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_links_have_an_existing_target_or_a_complete_url(page: Path) -> None:
    broken = []
    for link in links(text_of(page)):
        parts = urlsplit(link)
        if not parts.scheme:
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            whole = target.is_file() and target.is_relative_to(ROOT)
        else:
            host = parts.hostname or ""
            whole = parts.scheme in {"https", "mailto"} and (
                parts.scheme == "mailto" or re.fullmatch(r"([a-z0-9-]+\.)+[a-z]{2,}", host)
            )
        if not whole:
            broken.append(link)
    assert broken == []


def test_links_returns_every_target_outside_of_code() -> None:
    text = "[a](no.md) [b](<x.md>) <http://plain.example> `[c](code.md)` https://example.com/d"
    found = ["no.md", "x.md", "http://plain.example", "https://example.com/d"]
    assert links(text) == found
