"""The picture of the rooms is what the code is: every module has one, and arrows point down."""

from __future__ import annotations

from types import ModuleType

import pytest
from tool_files import tool_module

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    return tool_module("draw_rooms")


def test_every_module_is_in_one_room(tool: ModuleType) -> None:
    there = {p.stem for p in tool.PACKAGE.glob("*.py")}
    there |= {p.parent.name for p in tool.PACKAGE.glob("*/__init__.py")}
    held = [m for level in tool.LEVELS for modules in level.values() for m in modules.split()]
    assert len(held) == len(set(held))
    assert set(held) | tool.EVERYWHERE | tool.APART == there


def test_every_arrow_points_down(tool: ModuleType) -> None:
    level = {room: number for number, rooms in enumerate(tool.LEVELS) for room in rooms}
    upward = sorted((a, b) for a, b in tool.arrows() if level[a] >= level[b])
    assert upward == []


def test_the_demo_imports_nothing_of_the_rest(tool: ModuleType) -> None:
    assert {b for a, b in tool.imports() if a == "demo"} <= {"demo"}


def test_the_picture_is_up_to_date(tool: ModuleType) -> None:
    """Otherwise: python tools/draw_rooms.py."""
    assert tool.PICTURE.read_text(encoding="utf-8") == tool.draw()
