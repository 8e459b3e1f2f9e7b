"""``explore()``: ask the workspace with a form, and take the answer along as a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any, Literal, overload

import pandas as pd

from ...connector.connector import IntercomConnector
from ...connector.identity import Check
from ...errors import ConfigurationError, IntercomError
from ..fallback import PlainExplorer
from ..form import Panel, static
from ..login.login_form import Login
from . import save
from .background import Workspace
from .extraction import Extraction
from .history import History
from .query.code import short_call
from .result import detail
from .result.result_tabs import Result
from .runner import RequestRunner

_SCRIPTS = (
    "dom.js",
    "login.js",
    "query.js",
    "form.js",
    "grid.js",
    "tabs.js",
    "writing.js",
    "extraction.js",
    "result.js",
    "explorer.js",
)


class Explorer(Panel):
    """The explorer: what is shown in it is ``df``, the rows that are ticked are ``selected``.

    All of its state is touched on the forms' thread alone; ``df`` and the other attributes may be
    read anywhere.
    """

    _esm = static(*_SCRIPTS)

    def __init__(self, connector: IntercomConnector | None = None) -> None:
        self.connector = connector
        self.result: Result | None = None
        self._detail: Future[pd.DataFrame] | None = None
        super().__init__()
        self._login = Login(self, self._connected)
        self._workspace = Workspace(self)
        self._asking = RequestRunner(self)
        self._history = History(self)
        self._extraction = Extraction(self)

    @property
    def df(self) -> pd.DataFrame:
        """The result that is shown, all of its rows and columns; an empty frame before the first.

        Shape: one row per record. The order is the server's, whatever the table is sorted by.
        """
        return pd.DataFrame() if self.result is None else self.result.frame

    @property
    def view(self) -> pd.DataFrame:
        """The rows as the table shows them: searched, filtered and sorted, with its columns."""
        if self.result is None:
            return pd.DataFrame()
        return self.result.view.shown[self.result.columns]

    @property
    def selected(self) -> pd.DataFrame:
        """The rows that are ticked in the table, with all columns."""
        return pd.DataFrame() if self.result is None else self.result.selection

    @property
    def code(self) -> str:
        """The Python that gives ``df`` without the explorer; empty before the first run."""
        return "" if self.result is None else self.result.code

    def insert(self) -> None:
        """Put ``code`` into a new cell below the one that calls this.

        Raises ConfigurationError before the first run, and outside of a notebook.

        >>> import intercom_nb
        >>> intercom_nb.explore(intercom_nb.connect("demo")).insert()
        Traceback (most recent call last):
        ...
        intercom_nb.errors.ConfigurationError: Nothing was asked yet, ...
        """
        save.insert_below(self.code)

    def __repr__(self) -> str:
        if self.result is None:
            return f"<Explorer: {self.connector!r}, nothing asked yet>"
        asked = short_call(self.result.operation, self.result.arguments)
        return f"<Explorer: {asked}, {len(self.result.frame):,} rows>"

    def show(self, result: Result, *, again: bool = False) -> None:
        """Show a result; ``again`` says that the history has it already."""
        self.result = result
        self.tell("result", **result.describe())
        if not again:
            self._history.add(result)

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Work a message off."""
        actions: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "hello": self._hello,
            "run": self._asking.start,
            "cancel": self._asking.cancel,
            "ask": self._ask,
            "arrange": self._arrange,
            "thread": self._thread,
            "export": self._export,
            "variable": self._variable,
            "compare": self._history.compare,
            "restore": self._history.restore,
            "rerun": self._rerun,
            "extract": self._extraction.start,
            "extract_cancel": self._extraction.cancel,
            "login": self._login.start,
            "login_cancel": lambda _: self._login.cancel(),
            "forget": self._login.forget,
        }
        actions[kind](content)

    def _hello(self, _: Mapping[str, Any]) -> None:
        self.tell("offer", **self._login.offer())
        self._workspace.tell()
        self._history.tell()
        if self.result is not None:
            self.tell("result", **self.result.describe())
        self._asking.tell()
        self._extraction.tell()

    def _connected(self, connector: IntercomConnector, check: Check) -> None:
        self._asking.cancel({})
        self._extraction.cancel({})
        self.connector = connector
        self._workspace.connected(check)

    def _ask(self, content: Mapping[str, Any]) -> None:
        result = self.result
        if result is None or content.get("result") != result.id:
            return
        answer = result.answer(str(content["what"]), content)
        self.tell("answer", token=content.get("token"), result=result.id, **answer)

    def _arrange(self, content: Mapping[str, Any]) -> None:
        result = self.result
        if result is None or content.get("result") != result.id:
            return
        try:
            answer = result.arrange(content)
        except IntercomError as error:
            self.tell("arranged", token=content.get("token"), error=str(error))
        else:
            self.tell("arranged", token=content.get("token"), **answer)

    def _thread(self, content: Mapping[str, Any]) -> None:
        """Fetch one conversation with its parts, for the record tab."""
        if self.connector is None:
            return
        if self._detail is not None:
            self._detail.cancel()
        key, token = str(content["id"]), content.get("token")
        self._detail = self.connector.submit("conversations", "get", id=key)
        self._detail.add_done_callback(lambda future: self.later(self._threaded, token, future))

    def _threaded(self, token: Any, future: Future[pd.DataFrame]) -> None:
        if future is not self._detail:
            return
        try:
            self.tell("answer", token=token, thread=detail.thread(future.result()))
        except CancelledError:
            pass
        except IntercomError as error:
            self.tell("answer", token=token, error=str(error))

    def _export(self, content: Mapping[str, Any]) -> None:
        if self.result is not None:
            said, buffers = save.as_file(self.result, content)
            self.tell("answer", buffers=buffers, token=content.get("token"), **said)

    def _variable(self, content: Mapping[str, Any]) -> None:
        frame = None if self.result is None else self.result.frame
        said = save.as_variable(frame, content)
        self.tell("answer", token=content.get("token"), **said)

    def _rerun(self, content: Mapping[str, Any]) -> None:
        """Ask again what was asked before."""
        result = self._history.find(content.get("id"))
        if result is not None:
            self.tell("form", form=dict(result.form))
            self._asking.start(result.form)


@overload
def explore(
    connector: IntercomConnector | None = None, *, grid: Literal["auto"] = "auto"
) -> Explorer: ...
@overload
def explore(
    connector: IntercomConnector | None = None, *, grid: Literal["plain"]
) -> PlainExplorer: ...


def explore(
    connector: IntercomConnector | None = None, *, grid: str = "auto"
) -> Explorer | PlainExplorer:
    """Open the explorer on a connector; without one, it starts with the login form.

    Give it as the last expression of a cell. ``.df`` is the result that it shows, ``.selected``
    the rows ticked in it, ``.code`` the Python that gives the same.

    Where a front end cannot load the form's own script, ``grid="plain"`` makes a smaller one of
    the standard widgets alone; it needs a connector. Raises ConfigurationError for another word.

    >>> import intercom_nb
    >>> explore(intercom_nb.connect("demo")).df.empty
    True
    """
    if grid == "auto":
        return Explorer(connector)
    if grid != "plain":
        raise ConfigurationError(f"grid must be 'auto' or 'plain', not {grid!r}.")
    if connector is None:
        raise ConfigurationError(
            "The plain explorer has no login form: inb.explore(inb.connect(...), grid='plain')."
        )
    return PlainExplorer(connector)
