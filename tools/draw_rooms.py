"""Draw docs/images/rooms.svg: the packages, layer by layer, and the imports between them.

    python tools/draw_rooms.py

The layers are those of the import-linter contract in pyproject.toml; the arrows are the imports,
read from the code. An import is left out if a chain of others leads to the same package (transitive
reduction).
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs/images/rooms.svg"
PACKAGE = "intercom_nb"

WIDTH, HEIGHT, GAP, BOX, MARGIN = 800, 38, 42, 118, 14
FILLS = ("#eef4f9", "#fdf1e8", "#e9f6f1", "#f3eef8")
INK, LINE = "#1f2430", "#5a6270"

Edge = tuple[str, str]


def layers() -> list[list[str]]:
    """Return the layers from top to bottom, each with its packages and modules."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    contract = next(c for c in contracts if c["type"] == "layers")
    rows = [re.split(r"\s*[|:]\s*", layer) for layer in contract["layers"]]
    return [[name for name in row if name != "__main__"] for row in rows if row != ["__main__"]]


def imports() -> set[Edge]:
    """Return each (importer, imported) pair of packages, imports for types only included."""
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=False, cache_dir=None)
    pairs = {
        (importer.split(".")[1], imported.split(".")[1])
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if "." in importer and "." in imported
    }
    return {(a, b) for a, b in pairs if a != b}


def reduce_transitively(edges: set[Edge]) -> set[Edge]:
    """Return the edges without those that a longer path replaces."""
    graph = {a: {y for x, y in edges if x == a} for a, _ in edges}

    def reachable(start: str) -> set[str]:
        seen, waiting = set[str](), list(graph.get(start, ()))
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting += graph.get(node, ())
        return seen

    below = {node: reachable(node) for node in graph}
    return {(a, b) for a, b in edges if not any(b in below.get(m, ()) for m in graph[a] - {b})}


def draw() -> str:
    """Return the picture as SVG."""
    rows = layers()
    corners = {
        name: (WIDTH / len(row) * (column + 0.5) - BOX / 2, MARGIN + number * (HEIGHT + GAP))
        for number, row in enumerate(rows)
        for column, name in enumerate(row)
    }
    bottom = MARGIN * 2 + len(rows) * (HEIGHT + GAP) - GAP
    shown = {(a, b) for a, b in imports() if a in corners and b in corners}
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {bottom}" role="img" '
        'aria-labelledby="t" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" '
        'font-size="13">',
        '<title id="t">The layers of the package; arrows show which package imports which</title>',
        f'<rect width="{WIDTH}" height="{bottom}" fill="#ffffff"/>',
        '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{LINE}"/></marker></defs>',
    ]
    for importer, imported in sorted(reduce_transitively(shown)):
        lines.append(arrow(corners[importer], corners[imported]))
    for number, row in enumerate(rows):
        for name in row:
            x, y = corners[name]
            lines.append(
                f'<rect x="{x:.0f}" y="{y:.0f}" width="{BOX}" height="{HEIGHT}" rx="6" '
                f'fill="{FILLS[number % len(FILLS)]}" stroke="{LINE}"/>'
                f'<text x="{x + BOX / 2:.0f}" y="{y + 24:.0f}" fill="{INK}" '
                f'text-anchor="middle">{name}</text>'
            )
    return "\n".join([*lines, "</svg>", ""])


def arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return an arrow between two boxes; one that skips layers bends around the boxes between."""
    (x1, y1), (x2, y2) = start, end
    x1, y1, x2 = x1 + BOX / 2, y1 + HEIGHT, x2 + BOX / 2
    skipped = round((y2 - y1 - GAP) / (HEIGHT + GAP))
    side = BOX + 30 * skipped if x1 + x2 >= WIDTH else -1.5 * BOX - 20 * skipped
    bend = side if skipped else 0
    return (
        f'<path d="M{x1:.0f} {y1:.0f}C{x1 + bend:.0f} {y1 + GAP:.0f} {x2 + bend:.0f} '
        f'{y2 - GAP:.0f} {x2:.0f} {y2:.0f}" fill="none" stroke="{LINE}" marker-end="url(#a)"/>'
    )


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
