"""Draw docs/images/rooms.svg: the rooms of the package, with the arrows that its imports make.

    python tools/draw_rooms.py

Which module is in which room is written here; the arrows are read from the code. Only the shortest
ways are drawn: where one room leads to another through a third, the direct arrow is left out.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "intercom_nb"
PICTURE = ROOT / "docs/images/rooms.svg"

# From top to bottom: a room may use what is below it, and nothing else. Subpackages and modules.
LEVELS: list[dict[str, str]] = [
    {"magics": "magics", "command line": "cli __main__ labs"},
    {"widgets": "widgets", "report": "reporting"},
    {"connector": "connector base connecting sync entities describe hosted identity"},
    {"extract": "extract", "agents": "agents", "analysis": "analysis"},
    {
        "calls": "calls collect completing namespace options extras bulk jobs journal rows unpack "
        "writes progress"
    },
    {"executors and paging": "executors paging scroll files"},
    {"transport": "transport", "frames": "frames"},
    {"credentials": "credentials models", "catalog": "catalog", "portal": "portal nested"},
]
# Everything may use the errors; the demo is a server of its own, and imports nothing of the rest.
EVERYWHERE = {"__init__", "errors"}
APART = {"demo"}

WIDTH, HEIGHT, GAP, BOX = 800, 46, 34, 150
# The middle of a box, where it is not as far from its neighbors as they are from each other.
MIDDLES = {
    "extract": 180,
    "agents": 400,
    "analysis": 590,
    "calls": 180,
    "executors and paging": 180,
    "transport": 180,
    "frames": 560,
    "credentials": 100,
    "catalog": 330,
    "portal": 715,
}
FILLS = ("#eef4f9", "#eef4f9", "#fdf1e8", "#e9f6f1", "#fdf1e8", "#fdf1e8", "#fdf1e8", "#f3eef8")


def rooms() -> dict[str, str]:
    """Give the room of every module."""
    return {m: room for level in LEVELS for room, held in level.items() for m in held.split()}


def imports() -> Iterator[tuple[str, str]]:
    """Give (module, module) for every import within the package that runs."""
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE).with_suffix("").parts
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in running(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = list(path[: len(path) - node.level])
                named = [node.module.split(".")] if node.module else [[a.name] for a in node.names]
                for names in named:
                    yield path[0], (base + names)[0]


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """Walk a module, but for what only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)):
            yield node
            yield from running(node)


def arrows() -> set[tuple[str, str]]:
    """Give (room, room) for every use of another room."""
    of = rooms()
    pairs = {(of[a], of[b]) for a, b in imports() if a in of and b in of}
    return {(a, b) for a, b in pairs if a != b}


def shortest(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out an arrow where there is a way round through a third room."""
    reach = set(pairs)
    for _ in LEVELS:
        reach |= {(a, d) for (a, b), (c, d) in itertools.product(reach, reach) if b == c}
    return {
        (a, b)
        for a, b in pairs
        if not any((a, m) in reach and (m, b) in reach for m in rooms().values())
    }


def places() -> dict[str, tuple[float, float]]:
    """Give the upper left corner of every room's box."""
    found = {}
    for row, level in enumerate(LEVELS):
        step = WIDTH / len(level)
        for number, room in enumerate(level):
            middle = MIDDLES.get(room, step * (number + 0.5))
            found[room] = (middle - BOX / 2, 14 + row * (HEIGHT + GAP))
    return found


def draw() -> str:
    """Give the picture as SVG."""
    at, below = places(), 14 + len(LEVELS) * (HEIGHT + GAP)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {below}" role="img" '
        'aria-labelledby="t" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" '
        'font-size="13">',
        '<title id="t">The rooms of the package, and which way their arrows point</title>',
        f'<rect width="{WIDTH}" height="{below}" fill="#ffffff"/>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#5a6270"/></marker></defs>',
    ]
    for a, b in sorted(shortest(arrows())):
        (x1, y1), (x2, y2) = at[a], at[b]
        lines.append(
            f'<line x1="{x1 + BOX / 2:.0f}" y1="{y1 + HEIGHT:.0f}" x2="{x2 + BOX / 2:.0f}" '
            f'y2="{y2:.0f}" stroke="#5a6270" marker-end="url(#a)"/>'
        )
    for level, fill in zip(LEVELS, FILLS, strict=True):
        for room in level:
            x, y = at[room]
            lines.append(
                f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}" rx="6" '
                f'fill="{fill}" stroke="#5a6270"/><text x="{x + BOX / 2:.0f}" y="{y + 28:.0f}" '
                f'fill="#1f2430" text-anchor="middle">{room}</text>'
            )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
