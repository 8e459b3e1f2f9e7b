"""The explorer of standard widgets alone, for front ends that cannot load a widget's own script.

Search, order and pages are made in Python. Unlike in the other explorer, the page that is shown is
a widget's value: where a notebook is saved together with its widgets, that page is saved too.
"""

from __future__ import annotations

import html
from concurrent.futures import CancelledError, Future
from typing import Any

import ipywidgets
import msgspec
import pandas as pd

from ..calls.plan import plan_call
from ..catalog.model import Operation
from ..connector.connector import IntercomConnector
from ..errors import IntercomError, InvalidParameterError
from .connection import Connection
from .explorer import save
from .explorer.query.code import python_code
from .explorer.query.form_parser import read_limit
from .explorer.query.form_schema import offered_forms, operation_in
from .explorer.result.cells import cell_text
from .explorer.result.columns import first_columns
from .explorer.result.frame_view import FrameView
from .form import run_later

_ROWS = 25
_CUT = 100
_TABLE = (
    '<div style="overflow: auto; line-height: 1.3">'
    '<table style="white-space: nowrap; text-align: left; border-spacing: 12px 4px">'
)
_SERVER = "the server's order"


class Pager(ipywidgets.VBox):
    """A frame in pages, searched and sorted in Python; all that it shows is escaped."""

    def __init__(self) -> None:
        self.frame = pd.DataFrame()
        self.columns: list[str] = []
        self._view = FrameView(self.frame)
        self._page = 0
        self.search = ipywidgets.Text(description="Search", continuous_update=False)
        self.sort = ipywidgets.Dropdown(description="Sort by", options=[_SERVER])
        self.down = ipywidgets.Checkbox(description="largest first", indent=False)
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
        """The rows that the search leaves, in the order that was chosen."""
        return self._view.shown[self.columns]

    def show(self, frame: pd.DataFrame, entity: str) -> None:
        """Show another frame."""
        self.frame, self._view = frame, FrameView(frame)
        self.columns = first_columns(frame, entity)
        self.search.value, self.down.value = "", False
        self.sort.options = [_SERVER, *map(str, frame.columns)]
        self._arrange()

    def _arrange(self) -> None:
        chosen = self.sort.value
        sort = [] if chosen in (None, _SERVER) else [(chosen, self.down.value)]
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
    """Write rows as an HTML table in which every text is escaped and long ones are cut.

    >>> table_html(pd.DataFrame({"<b>": ["<script>"]})).count("<script>")
    0
    """
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>"
        for row in frame.itertuples(index=False, name=None)
    )
    return f"{_TABLE}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(value: Any) -> str:
    text = cell_text(value) or ""
    return html.escape(text if len(text) <= _CUT else f"{text[:_CUT]}…")


class PlainExplorer(ipywidgets.VBox):
    """Asks what can be read, with parameters as JSON, and shows the answer in a pager.

    Writes need the other explorer, which shows the request first, or code.
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
        self.limit = ipywidgets.Text(description="Limit", value="200", placeholder="all")
        self.run = ipywidgets.Button(description="Run", button_style="primary")
        self.cancel = ipywidgets.Button(description="Cancel", disabled=True)
        self.said = ipywidgets.Label()
        self.about = ipywidgets.HTML()
        self.pager = Pager()
        self.entity.observe(lambda _: self._choose(), names="value")
        self.action.observe(lambda _: self._describe(), names="value")
        self.run.on_click(lambda _: run_later(self._start))
        self.cancel.on_click(lambda _: run_later(self._stop))
        super().__init__(
            [
                ipywidgets.HBox([self.entity, self.action, self.limit]),
                self.about,
                self.params,
                ipywidgets.HBox([self.run, self.cancel, self.said]),
                self.pager,
            ]
        )
        self._describe()

    @property
    def df(self) -> pd.DataFrame:
        """The result that is shown, all of its rows and columns; empty before the first run."""
        return self.pager.frame

    @property
    def view(self) -> pd.DataFrame:
        """The rows of all pages as they are searched and sorted, with the columns shown."""
        return self.pager.shown

    def insert(self) -> None:
        """Put ``code`` into a new cell below the one that calls this.

        Raises ConfigurationError before the first run, and outside of a notebook.
        """
        save.insert_below(self.code)

    def __repr__(self) -> str:
        return f"<PlainExplorer: {self.connector!r}, {len(self.df):,} rows>"

    def _choose(self) -> None:
        self.action.options = self._actions[self.entity.value]

    def _operation(self) -> Operation:
        operation = operation_in(self.connector.mode, self.entity.value, self.action.value)
        assert operation is not None  # only what the mode has is offered
        return operation

    def _describe(self) -> None:
        """Say what the action does and takes."""
        operation = self._operation()
        lines = [operation.description]
        for param in operation.params:
            need = ", required" if param.required else ""
            lines.append(f"{param.name} ({param.hint}{need}): {param.description}")
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
            self.said.value = str(error)
            return
        self.said.value, self.cancel.disabled = "Asking…", False
        self._future.add_done_callback(
            lambda future: run_later(self._finished, operation, arguments, future)
        )

    def _stop(self) -> None:
        if self._future is not None:
            self._future.cancel()

    def _arguments(self, operation: Operation) -> dict[str, Any]:
        """Read the parameters; raises RequestValidationError for what cannot be right."""
        text = self.params.value.strip()
        try:
            given = msgspec.json.decode(text, type=dict[str, Any]) if text else {}
        except msgspec.DecodeError as error:
            raise InvalidParameterError(f"The parameters are not a JSON object: {error}.") from None
        if operation.paging.style != "none":
            given["limit"] = read_limit(self.limit.value)
        plan_call(operation, (), given)  # so that what is wrong is said before anything starts
        return given

    def _finished(
        self, operation: Operation, arguments: dict[str, Any], future: Future[pd.DataFrame]
    ) -> None:
        self._future = None
        self.cancel.disabled = True
        try:
            frame = future.result()
        except CancelledError:
            self.said.value = "Cancelled."
        except IntercomError as error:
            self.said.value = str(error)
        else:
            self.code = python_code(Connection.of(self.connector), operation, arguments)
            self.said.value = ""
            self.pager.show(frame, operation.entity)
