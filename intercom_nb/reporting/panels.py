"""Panels of a dashboard: a question with its finding, its numbers as bars, and its code."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from html import escape
from typing import Protocol

from ..runtime.html import Cell, html_table

_FEW_HEADS = 6  # columns that fit half of the page
_FEW_STEPS = 16  # rows of a table that is not folded; a quarter has 13 weeks

Value = tuple[float | None, str]
"""A number, None if there is none, and its text."""


@dataclasses.dataclass(frozen=True)
class Panel:
    """One question of a dashboard.

    A row has its label and a value for each of ``heads``. With one head, values are bars; with
    several, shades. Many rows that are ``steps`` of time are columns from left to right.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Value]]]
    label: str = ""
    finding: str = ""
    subtitle: str = ""
    note: str = ""
    code: str = ""
    steps: bool = False


class HasPanel(Protocol):
    """A saved question, which can be on a dashboard."""

    def panel(self) -> Panel:
        """Return the panel."""


def panel_html(panel: Panel) -> str:
    """Return a panel as HTML; all its texts are escaped."""
    lines = [
        f"<h2>{escape(panel.title)}</h2>",
        _paragraph(panel.finding, "lead"),
        _paragraph(panel.subtitle, "subtitle"),
        _numbers(panel),
        _paragraph(panel.note, "quiet"),
    ]
    if panel.code:
        lines.append(f"<details><summary>Python</summary><pre>{escape(panel.code)}</pre></details>")
    kind = "panel wide" if len(panel.heads) > _FEW_HEADS else "panel"
    return f"<section class='{kind}'>{''.join(lines)}</section>"


def _paragraph(text: str, kind: str) -> str:
    return f"<p class='{kind}'>{escape(text)}</p>" if text else ""


def _numbers(panel: Panel) -> str:
    if not panel.rows:
        return "<p class='quiet'>No data.</p>"
    known = [abs(v) for _, values in panel.rows for v, _ in values if v is not None]
    top = max(known, default=0.0) or 1.0
    if panel.steps and len(panel.heads) == 1 and len(panel.rows) > _FEW_STEPS:
        table = _table(panel, top)
        return f"{_columns(panel, top)}<details><summary>Numbers</summary>{table}</details>"
    return _table(panel, top)


def _columns(panel: Panel, top: float) -> str:
    """Draw steps of time as columns, with the first, the last and the highest as text."""
    points = [(label, values[0]) for label, values in panel.rows]
    bars = "".join(
        f"<span style='height:{100 * abs(value or 0) / top:.1f}%' "
        f"title='{escape(f'{label}: {text}', quote=True)}'></span>"
        for label, (value, text) in points
    )
    label, (_, text) = max(points, key=lambda point: abs(point[1][0] or 0))
    highest = f"highest: {text} ({label})"
    ends = f"<span>{escape(points[0][0])}</span><span>{escape(points[-1][0])}</span>"
    name = escape(f"{panel.subtitle}, {highest}", quote=True)
    return (
        f"<div class='columns' role='img' aria-label='{name}'>{bars}</div>"
        f"<div class='ends'>{ends}</div><p class='quiet'>{escape(highest)}</p>"
    )


def _table(panel: Panel, top: float) -> str:
    draw = _bar if len(panel.heads) == 1 else _shade
    rows: list[list[Cell | str]] = [
        [label, *(draw(value, text, top) for value, text in values)] for label, values in panel.rows
    ]
    table = html_table(rows, [panel.label, *panel.heads])
    name = escape(panel.title, quote=True)
    # A wide table scrolls within its panel, also by keyboard.
    return f"<div class='scroll' tabindex='0' role='group' aria-label='{name}'>{table}</div>"


def _bar(value: float | None, text: str, top: float) -> Cell:
    if value is None:
        return Cell(escape(text))
    width = f"{100 * abs(value) / top:.1f}%"
    bar = f"<span class='bar' style='width:{width}'></span>"
    return Cell(f"<span class='bars'>{bar}</span><span>{escape(text)}</span>", "valued")


def _shade(value: float | None, text: str, top: float) -> Cell:
    if value is None:
        return Cell(escape(text))
    strength = round(8 + 42 * abs(value) / top)
    color = f"color-mix(in srgb, var(--mark) {strength}%, transparent)"
    return Cell(f"<span class='shade' style='background:{color}'>{escape(text)}</span>", "number")
