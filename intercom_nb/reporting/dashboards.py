"""``dashboard()``: questions and metrics in one place, in a notebook or as an offline page."""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from ..analysis.arguments import check_page
from ..analysis.result import KEY
from ..errors import InvalidParameterError
from ..frames.cells import cell_text
from .document import document
from .page import figure
from .panels import HasPanel, Panel, panel_html

_ROWS = 40  # shown of a frame
_HEIGHT = 640  # px in a notebook; the page scrolls within them


class Dashboard:
    """Panels on one page: it shows in a notebook, and ``save`` writes it to a file.

    >>> import intercom_nb as inb
    >>> page = inb.dashboard([inb.connect("demo").sync.teams.list()], title="Teams")
    >>> "Key Accounts" in page.html
    True
    """

    def __init__(self, items: list[Any], title: str) -> None:
        self.title = title
        self._items = items
        self._made = dt.datetime.now().astimezone()

    @functools.cached_property
    def html(self) -> str:
        """The whole page; charts of metrics are drawn on first use."""
        about = f"{self._made.day} {self._made:%b %Y, %H:%M}"
        panels = "".join(_section(item, at) for at, item in enumerate(self._items))
        return document(self.title, about, f"<div class='panels'>{panels}</div>")

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write the page to a file and return its path.

        Raises FileExistsError if the file exists and ``overwrite`` is not set, and
        UnsupportedError if a metric's chart needs matplotlib (extra: ``charts``).
        """
        file = Path(path)
        check_page(file)
        text = self.html  # before the file is created
        with file.open("w" if overwrite else "x", encoding="utf-8") as out:
            out.write(text)
        return file

    def __repr__(self) -> str:
        count = len(self._items)
        return f"<Dashboard {self.title!r}: {count} {'panel' if count == 1 else 'panels'}>"

    def _repr_html_(self) -> str:
        # A frame of its own: the page's styles stay in it, and nothing in it can run.
        page, title = escape(self.html, quote=True), escape(self.title, quote=True)
        return (
            f'<iframe srcdoc="{page}" sandbox title="{title}" width="100%" height="{_HEIGHT}" '
            'style="border: 0"></iframe>'
        )


def dashboard(
    items: Iterable[HasPanel | Panel | pd.DataFrame], *, title: str = "Dashboard"
) -> Dashboard:
    """Show saved questions and results of metrics together, in a notebook or as an offline page.

    Args:
        items: Saved questions of an explorer (``explorer.pinned``, ``explorer.saved["name"]``),
            results of ``intercom_nb.analysis``, or frames, of which the first 40 rows are shown.
        title: Title of the page.

    Returns a Dashboard: the last expression of a cell shows it, and ``.save("page.html")`` writes a
    page that loads nothing and runs no script. Texts of customers are shown as text. A notebook
    that is saved with a dashboard contains its numbers. Raises InvalidParameterError for anything
    else, or without any item.

    >>> import intercom_nb as inb
    >>> from intercom_nb import analysis
    >>> df = inb.connect("demo").sync.conversations.list(limit=None)
    >>> inb.dashboard([analysis.csat(df, by="month")], title="Ratings")
    <Dashboard 'Ratings': 1 panel>
    """
    given: Any = items
    if isinstance(given, pd.DataFrame | str) or not isinstance(given, Iterable):
        raise InvalidParameterError("dashboard needs a list: inb.dashboard([question, result]).")
    found = list(given)
    if not found:
        raise InvalidParameterError(
            "dashboard needs at least one item. Pin a saved question in the explorer, or pass a "
            "result of intercom_nb.analysis."
        )
    for item in found:
        if not (isinstance(item, Panel | pd.DataFrame) or hasattr(item, "panel")):
            raise InvalidParameterError(
                f"dashboard cannot show {type(item).__name__}. Pass saved questions of an explorer "
                "or DataFrames."
            )
    return Dashboard(found, title)


def _section(item: Any, at: int) -> str:
    if isinstance(item, pd.DataFrame):
        if KEY in item.attrs:
            return f"<section class='panel wide'>{figure(f'panel-{at}', item)}</section>"
        return panel_html(frame_panel(item))
    return panel_html(item if isinstance(item, Panel) else item.panel())


def frame_panel(frame: pd.DataFrame) -> Panel:
    """Return a panel with the first rows of a frame as text."""
    first, *others = map(str, frame.columns) if len(frame.columns) else [""]
    rows = [
        (cell_text(row[0]) or "–", [(None, cell_text(value) or "–") for value in row[1:]])
        for row in frame.head(_ROWS).itertuples(index=False, name=None)
        if row
    ]
    note = f"The first {_ROWS} of {len(frame):,} rows." if len(frame) > _ROWS else ""
    return Panel("Rows", others, rows, label=first, note=note)
