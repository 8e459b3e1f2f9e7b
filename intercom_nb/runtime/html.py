"""HTML tables and cards whose text is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A cell of a table: HTML that is safe already, and its class in the style sheet."""

    html: str
    kind: str = ""


def code(text: str) -> Cell:
    """Return a cell that shows text as code.

    >>> code("a<b").html
    '<code>a&lt;b</code>'
    """
    return Cell(f"<code>{html.escape(text)}</code>")


def html_table(
    rows: Iterable[Sequence[Cell | str]],
    head: Sequence[str] = (),
    *,
    caption: Cell | None = None,
    left: int = 0,
    style: str = "",
) -> str:
    """Return an HTML table; cells that are strings are escaped.

    Args:
        rows: The rows of the body.
        head: The column headings, if any.
        caption: Text above the table.
        left: Number of leading columns to align left; notebooks align cells to the right.
        style: CSS of the table.

    >>> html_table([["a", code("<b>")]])
    '<table><tbody><tr><td>a</td><td><code>&lt;b&gt;</code></td></tr></tbody></table>'
    """
    first = f"<thead>{_row('th', head, left)}</thead>" if head else ""
    body = "".join(_row("td", row, left) for row in rows)
    above = "" if caption is None else f"<caption{_align(left > 0)}>{caption.html}</caption>"
    opening = f'<table style="{style}">' if style else "<table>"
    return f"{opening}{above}{first}<tbody>{body}</tbody></table>"


_CARD = (
    "display:inline-block;max-width:100%;box-sizing:border-box;padding:8px 12px;overflow:auto;"
    "border:1px solid color-mix(in srgb, currentColor 25%, transparent);border-radius:6px"
)


def card(title: str, rows: Iterable[tuple[str, Cell | str]], note: str = "") -> str:
    """Return an HTML card: a title, names with values, and a note. Strings are escaped.

    It takes its colors from the page, so that it fits dark themes.

    >>> "<b>a &amp; b</b>" in card("a & b", [("name", "value")])
    True
    """
    below = f"<div><small>{html.escape(note)}</small></div>" if note else ""
    table = html_table(rows, left=2, style="margin:4px 0")
    return f'<div style="{_CARD}"><b>{html.escape(title)}</b>{table}{below}</div>'


def _row(tag: str, cells: Sequence[Cell | str], left: int) -> str:
    return f"<tr>{''.join(_cell(tag, c, at < left) for at, c in enumerate(cells))}</tr>"


def _cell(tag: str, cell: Cell | str, is_left: bool) -> str:
    shown = Cell(html.escape(cell)) if isinstance(cell, str) else cell
    scope = ' scope="col"' if tag == "th" else ""
    classes = f" class='{shown.kind}'" if shown.kind else ""
    return f"<{tag}{scope}{classes}{_align(is_left)}>{shown.html}</{tag}>"


def _align(is_left: bool) -> str:
    return " style='text-align:left'" if is_left else ""
