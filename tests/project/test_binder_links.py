"""The launch badge and the links to notebooks, made for a repository that does not exist."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest
from tool_files import tool_module

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return tool_module("binder_links")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the tool reads and writes, copied."""
    for folder in ("docs", "notebooks"):
        (tmp_path / folder).mkdir()
    shutil.copy(ROOT / "README.md", tmp_path)
    shutil.copy(ROOT / "docs/notebooks.md", tmp_path / "docs")
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, tmp_path / "notebooks")
    return tmp_path


def links(text: str) -> list[str]:
    return re.findall(r"\]\((https://mybinder\.org/v2/[^)]*)\)", text)


def test_links_open_every_notebook_when_the_tool_writes_them(
    tool: ModuleType, checkout: Path
) -> None:
    tool.write(checkout, "https://github.com/owner/name.git", "v1/2")
    readme, guide = (links((checkout / p).read_text()) for p in ("README.md", "docs/notebooks.md"))
    assert readme == ["https://mybinder.org/v2/gh/owner/name/v1%2F2"]
    opened = [parse_qs(urlsplit(link).query)["urlpath"][0] for link in guide[1:]]
    there = sorted(p.name for p in (ROOT / "notebooks").glob("*.ipynb"))
    assert opened == [f"lab/tree/notebooks/{name}" for name in there]
    assert all(link.startswith(f"{readme[0]}?") for link in guide[1:])


def test_links_are_replaced_when_the_tool_runs_again(tool: ModuleType, checkout: Path) -> None:
    tool.write(checkout, "https://github.com/owner/name", "main")
    first = (checkout / "README.md").read_text()
    tool.write(checkout, "https://gitlab.com/group/sub/name", "main")
    second = (checkout / "README.md").read_text()
    assert links(second) == ["https://mybinder.org/v2/gl/group%2Fsub%2Fname/main"]
    assert tool.MARKED.sub("", first) == tool.MARKED.sub("", second)
    assert tool.MARKED.sub("", first) == tool.MARKED.sub("", (ROOT / "README.md").read_text())


@pytest.mark.parametrize(
    "wrong",
    [
        "owner/name",
        "http://github.com/owner/name",
        "https://example.com/a/b",
        "https://github.com/a",
    ],
)
def test_link_is_refused_when_binder_cannot_find_its_target(tool: ModuleType, wrong: str) -> None:
    with pytest.raises(SystemExit, match="is not the https address"):
        tool.launch(wrong, "main")
