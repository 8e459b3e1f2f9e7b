"""Picture of the package's layers: up to date, with every package in it."""

from __future__ import annotations

from types import ModuleType

import pytest
from tool_files import tool_module

pytest.importorskip("grimp")  # comes with import-linter


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return tool_module("draw_rooms")


def test_layers_have_every_package_that_imports_another(tool: ModuleType) -> None:
    layered = {name for row in tool.layers() for name in row}
    assert {name for edge in tool.imports() for name in edge} <= layered | {"demo", "__main__"}


def test_reduce_transitively_drops_an_edge_when_a_longer_path_exists(tool: ModuleType) -> None:
    edges = {("a", "b"), ("b", "c"), ("a", "c")}
    assert tool.reduce_transitively(edges) == {("a", "b"), ("b", "c")}


@pytest.mark.slow  # fails in most steps of a large change; the picture is drawn after them
def test_draw_rooms_returns_the_stored_picture(tool: ModuleType) -> None:
    """If this fails, run: python tools/draw_rooms.py."""
    assert tool.PICTURE.read_text(encoding="utf-8") == tool.draw()
