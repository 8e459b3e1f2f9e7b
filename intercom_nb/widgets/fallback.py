"""Fallback explorer of standard widgets, for front ends that cannot load a widget's own script.

Python does the searching, sorting and paging. Unlike in the other explorer, the current page is a
widget's value: a notebook saved together with its widget state contains that page.
"""

from __future__ import annotations

import html
from concurrent.futures import CancelledError, Future
from typing import Any

import ipywidgets
import msgspec
import pandas as pd

from ..calls.plan import plan_call
from ..catalog.hints import hint_after_name
from ..catalog.model import Operation
from ..connector.connector import IntercomConnector
from ..errors import IntercomError, InvalidParameterError
from ..frames.cells import cell_text
from ..runtime.html import html_table
from .channel import run_on_form_thread
from .connection import Connection
from .explorer.query.code import python_code
from .explorer.query.form_parser import parse_limit
from .explorer.query.form_schema import find_operation, offered_forms
from .explorer.result import save
from .explorer.result.columns import first_columns
from .explorer.result.frame_view import FrameView

_ROWS = 25  # in a page
_CUT = 100  # characters of a cell
_STYLE = "white-space: nowrap; text-align: left; border-spacing: 12px 4px"
_DEFAULT_ORDER = "Default order"


class Pager(ipywidgets.VBox):
    """A frame in pages, searched and sorted in Python. All text is escaped."""

    def __init__(self) -> None:
        self.frame = pd.DataFrame()
        self.columns: list[str] = []
        self._view = FrameView(self.frame)
        self._page = 0
        self.search = ipywidgets.Text(description="Search", continuous_update=False)
        self.sort = ipywidgets.Dropdown(description="Sort by", options=[_DEFAULT_ORDER])
        self.down = ipywidgets.Checkbox(description="Descending", indent=False)
        self.back = ipywidgets.Button(description="Previous")
        self.forth = ipywidgets.Button(description="Next")
        self.where = ipywidgets.Label()
        self.table = ipywidgets.HTML()
        for control in (self.search, self.sort, self.down):
            control.observe(lambda _: self._arrange(), names="value")
        self.back.on_click(lambda _: self._turn(-1))
        self.forth.on_click(lambda _: self._turn(1))
        super().__init__(
            [
                ipywidgets.HBox([self.search, self.sort, self.down]),
                ipywidgets.HBox([self.back, self.forth, self.where]),
                self.table,
            ]
        )

    @property
    def shown(self) -> pd.DataFrame:
        """The rows that match the search, in the chosen order."""
        return self._view.shown[self.columns]

    def show(self, frame: pd.DataFrame, entity: str) -> None:
        """Show a frame."""
        self.frame, self._view = frame, FrameView(frame)
        self.columns = first_columns(frame, entity)
        self.search.value, self.down.value = "", False
        self.sort.options = [_DEFAULT_ORDER, *map(str, frame.columns)]
        self._arrange()

    def _arrange(self) -> None:
        chosen = self.sort.value
        sort = [] if chosen in (None, _DEFAULT_ORDER) else [(chosen, self.down.value)]
        self._view.arrange(search=self.search.value, sort=sort)
        self._page = 0
        self._draw()

    def _turn(self, step: int) -> None:
        last = max(0, len(self._view.order) - 1) // _ROWS
        self._page = min(max(self._page + step, 0), last)
        self._draw()

    def _draw(self) -> None:
        count, start = len(self._view.order), self._page * _ROWS
        stop = min(start + _ROWS, count)
        self.where.value = f"{start + 1:,} to {stop:,} of {count:,} rows" if count else "No rows"
        self.back.disabled, self.forth.disabled = start == 0, stop >= count
        self.table.value = table_html(self.shown.iloc[start:stop])


def table_html(frame: pd.DataFrame) -> str:
    """Write rows as an HTML table with all text escaped and long text cut.

    >>> table_html(pd.DataFrame({"<b>": ["<script>"]})).count("<script>")
    0
    """
    rows = ([_cut(value) for value in row] for row in frame.itertuples(index=False, name=None))
    shown = html_table(rows, [str(name) for name in frame], style=_STYLE)
    return f'<div style="overflow: auto; line-height: 1.3">{shown}</div>'


def _cut(value: Any) -> str:
    text = cell_text(value) or ""
    return text if len(text) <= _CUT else f"{text[:_CUT]}…"


class PlainExplorer(ipywidgets.VBox):
    """Runs read actions with parameters as JSON, and shows the result in pages.

    Writes need code or the other explorer, which shows each request first.
    """

    def __init__(self, connector: IntercomConnector) -> None:
        self.connector = connector
        self.code = ""
        self._future: Future[pd.DataFrame] | None = None
        self._actions = {
            entity["name"]: [a["name"] for a in entity["actions"] if not a["writes"]]
            for entity in offered_forms(connector)
        }
        names = [name for name, actions in self._actions.items() if actions]
        self.entity = ipywidgets.Dropdown(description="Entity", options=names)
        self.action = ipywidgets.Dropdown(description="Action", options=self._actions[names[0]])
        self.params = ipywidgets.Textarea(
            description="Parameters",
            placeholder='as JSON, such as {"id": "7"}',
            rows=3,
            layout={"width": "620px"},
        )
        self.limit = ipywidgets.Text(description="Rows", value="200", placeholder="all")
        self.run = ipywidgets.Button(description="Run", button_style="primary")
        self.cancel = ipywidgets.Button(description="Cancel", disabled=True)
        self.status = ipywidgets.Label()
        self.about = ipywidgets.HTML()
        self.pager = Pager()
        self.entity.observe(lambda _: self._choose(), names="value")
        self.action.observe(lambda _: self._describe(), names="value")
        self.run.on_click(lambda _: run_on_form_thread(self._start))
        self.cancel.on_click(lambda _: run_on_form_thread(self._stop))
        super().__init__(
            [
                ipywidgets.HBox([self.entity, self.action, self.limit]),
                self.about,
                self.params,
                ipywidgets.HBox([self.run, self.cancel, self.status]),
                self.pager,
            ]
        )
        self._describe()

    @property
    def df(self) -> pd.DataFrame:
        """The current result with all rows and columns; empty before the first run."""
        return self.pager.frame

    @property
    def view(self) -> pd.DataFrame:
        """The rows of all pages, searched and sorted, with the columns shown."""
        return self.pager.shown

    def insert(self) -> None:
        """Insert ``code`` as a new cell below the one that calls this.

        Raises ConfigurationError before the first run, and outside of a notebook.
        """
        save.insert_below(self.code)

    def __repr__(self) -> str:
        return f"<PlainExplorer: {self.connector!r}, {len(self.df):,} rows>"

    def _choose(self) -> None:
        self.action.options = self._actions[self.entity.value]

    def _operation(self) -> Operation:
        operation = find_operation(self.connector.mode, self.entity.value, self.action.value)
        assert operation is not None  # only the mode's own actions are offered
        return operation

    def _describe(self) -> None:
        """Show the action's description and parameters."""
        operation = self._operation()
        lines = [operation.description]
        for param in operation.params:
            need = ", required" if param.required else ""
            lines.append(f"{param.name} ({hint_after_name(param)}{need}): {param.description}")
        text = "<br>".join(map(html.escape, lines))
        self.about.value = f'<div style="line-height: 1.4">{text}</div>'

    def _start(self) -> None:
        if self._future is not None:
            return
        operation = self._operation()
        try:
            arguments = self._arguments(operation)
            self._future = self.connector.submit(operation.entity, operation.action, **arguments)
        except IntercomError as error:
            self.status.value = str(error)
            return
        self.status.value, self.cancel.disabled = "Loading…", False
        self._future.add_done_callback(
            lambda future: run_on_form_thread(self._finished, operation, arguments, future)
        )

    def _stop(self) -> None:
        if self._future is not None:
            self._future.cancel()

    def _arguments(self, operation: Operation) -> dict[str, Any]:
        """Parse the parameters; raises RequestValidationError if they are invalid."""
        text = self.params.value.strip()
        try:
            given = msgspec.json.decode(text, type=dict[str, Any]) if text else {}
        except msgspec.DecodeError as error:
            raise InvalidParameterError(
                f"The parameters are not a valid JSON object: {error}."
            ) from None
        if operation.paging.style != "none":
            given["limit"] = parse_limit(self.limit.value)
        plan_call(operation, (), given)  # reports errors before anything is sent
        return given

    def _finished(
        self, operation: Operation, arguments: dict[str, Any], future: Future[pd.DataFrame]
    ) -> None:
        self._future = None
        self.cancel.disabled = True
        try:
            frame = future.result()
        except CancelledError:
            self.status.value = "Cancelled."
        except IntercomError as error:
            self.status.value = str(error)
        else:
            self.code = python_code(Connection.of(self.connector), operation, arguments)
            self.status.value = ""
            self.pager.show(frame, operation.entity)
