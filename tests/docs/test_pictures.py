"""Pictures: each is shown, made by a command that the guide names, and tied to what it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tool_files import tool_module

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs/images"
PICTURES = sorted(p.relative_to(IMAGES).as_posix() for p in IMAGES.rglob("*") if p.is_file())


def shown() -> set[Path]:
    """Return the images of the README, the guide and the notebooks."""
    found = set()
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text(encoding="utf-8")
        links = re.findall(r"!\[[^\]]*\]\(([^)]+)\)|\bsrc(?:set)?=\"([^\"]+)", text)
        found |= {(page.parent / "".join(link)).resolve() for link in links}
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = "".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        assert "![" not in text, f"{notebook.name} has an image: its cells draw its charts"
    return found


def test_pictures_are_those_that_the_pages_show() -> None:
    assert shown() == {IMAGES / name for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_picture_has_a_command_that_makes_it_and_a_test(name: str) -> None:
    text = (ROOT / "docs/contributing.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([^`|]+)` \| `([^`|]+)` \| `([^`|]+)` \|$", text, flags=re.M)
    made = [row for row in rows if Path(name).match(row[0])]
    assert len(made) == 1
    _, command, test = made[0]
    scripts = re.findall(r"[\w/]+\.py", f"{command} {test}")
    assert scripts
    assert [script for script in scripts if not (ROOT / script).is_file()] == []


@pytest.mark.slow
def test_picture_of_the_report_has_the_text_of_the_report() -> None:
    """If this fails, run: python tools/picture_report.py."""
    pytest.importorskip("playwright")
    image = pytest.importorskip("PIL.Image")
    tool = tool_module("picture_report")
    with image.open(tool.PICTURE) as picture:
        assert picture.info["Description"] == tool.text_of(tool.october())
