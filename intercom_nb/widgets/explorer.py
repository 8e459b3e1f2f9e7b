"""``explore()``: ask the workspace with a form, and take the answer along as a DataFrame."""

from __future__ import annotations

import dataclasses
import keyword
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

import pandas as pd

from ..catalog.model import Operation
from ..connector import IntercomConnector
from ..errors import IntercomError, RequestRefused
from ..identity import Check
from ..portal import portal
from ..progress import Progress
from . import records
from .cells import cell_text
from .code import curl_code, first_request, python_code, short_call
from .compare import compare
from .connection import Connection
from .export import KINDS, export
from .forms import catalogue_forms, operation_in
from .login import Login
from .panel import Panel, static
from .results import Result
from .values import WHOLE, Arguments, read_form

_SCRIPTS = ("dom.js", "login.js", "query.js", "form.js", "grid.js", "tabs.js", "explorer.js")
_REPORT_SECONDS = 0.1
_KEPT = 12


@dataclasses.dataclass
class Run:
    """A request under way."""

    operation: Operation
    arguments: dict[str, Any]
    form: Mapping[str, Any]
    started: float = dataclasses.field(default_factory=time.monotonic)
    reported: float = 0.0
    future: Future[pd.DataFrame] | None = None


class Explorer(Panel):
    """The explorer: what is shown in it is ``df``, the rows that are ticked are ``selected``.

    All of its state is touched on the forms' thread alone; ``df`` and the other attributes may be
    read anywhere.
    """

    _esm = static(*_SCRIPTS)

    def __init__(self, connector: IntercomConnector | None = None) -> None:
        self.connector = connector
        self._run: Run | None = None
        self._result: Result | None = None
        self._history: list[Result] = []
        self._check: Check | None = None
        self._detail: Future[pd.DataFrame] | None = None
        super().__init__()
        self._login = Login(self, self._connected)

    @property
    def df(self) -> pd.DataFrame:
        """The result that is shown, all of its rows and columns; an empty frame before the first.

        Shape: one row per record. The order is the server's, whatever the table is sorted by.
        """
        return pd.DataFrame() if self._result is None else self._result.frame

    @property
    def view(self) -> pd.DataFrame:
        """The rows as the table shows them: searched, filtered and sorted, with its columns."""
        if self._result is None:
            return pd.DataFrame()
        return self._result.view.shown[self._result.columns]

    @property
    def selected(self) -> pd.DataFrame:
        """The rows that are ticked in the table, with all columns."""
        return pd.DataFrame() if self._result is None else self._result.selection

    @property
    def code(self) -> str:
        """The Python that gives ``df`` without the explorer; empty before the first run."""
        return "" if self._result is None else self._result.code

    def __repr__(self) -> str:
        result = self._result
        if result is None:
            return f"<Explorer: {self.connector!r}, nothing asked yet>"
        asked = short_call(result.operation, result.arguments)
        return f"<Explorer: {asked}, {len(result.frame):,} rows>"

    def receive(self, kind: str, content: Mapping[str, Any]) -> None:
        """Work a message off."""
        actions: dict[str, Callable[[Mapping[str, Any]], None]] = {
            "hello": self._hello,
            "run": self._start,
            "cancel": self._cancel,
            "ask": self._ask,
            "arrange": self._arrange,
            "thread": self._thread,
            "export": self._export,
            "variable": self._variable,
            "compare": self._compare,
            "restore": self._restore,
            "rerun": self._rerun,
            "login": self._login.start,
            "login_cancel": lambda _: self._login.cancel(),
            "forget": self._login.forget,
        }
        actions[kind](content)

    def _hello(self, _: Mapping[str, Any]) -> None:
        self.tell("offer", **self._login.offer())
        self._tell_connection()
        if self.connector is not None and self._check is None:
            self._ask_who(self.connector)
        self._tell_history()
        if self._result is not None:
            self.tell("result", **self._result.describe())
        if self._run is not None:
            self._say("running", label=self._label(self._run))

    def _connected(self, connector: IntercomConnector, check: Check) -> None:
        self._cancel({})
        self.connector, self._check = connector, check
        self._tell_connection()

    def _ask_who(self, connector: IntercomConnector) -> None:
        """Ask the server in the background whose workspace it is, for the status line."""
        future = portal.submit(connector.check())
        future.add_done_callback(lambda done: self.later(self._told_who, connector, done))

    def _told_who(self, connector: IntercomConnector, future: Future[Check]) -> None:
        if connector is self.connector and not future.cancelled():
            self._check = future.result()
            self._tell_connection()

    def _tell_connection(self) -> None:
        if self.connector is None:
            self.tell("connection", connection=None, entities=[])
            return
        check = self._check
        words = Connection.of(self.connector).words(check.workspace if check else None)
        problem = check.message if check is not None and not check else None
        entities = catalogue_forms(self.connector.mode)
        self.tell("connection", connection={**words, "problem": problem}, entities=entities)

    def _start(self, content: Mapping[str, Any]) -> None:
        if self._run is not None or self.connector is None:
            return
        mode = self.connector.mode
        operation = operation_in(mode, str(content["entity"]), str(content["action"]))
        if operation is None:
            return
        found = read_form(operation, content)
        if found.errors:
            self._refuse(found)
            return
        if operation.writes and content.get("confirmed") is not True:
            self._confirm(operation, found)
            return
        run = Run(operation, found.values, {k: v for k, v in content.items() if k != "confirmed"})
        arguments = dict(found.values)
        if operation.paging.style != "none":
            arguments["progress"] = lambda progress: self._progress(run, progress)
        self._run = run
        self._say("running", label=self._label(run), notes=found.notes)
        run.future = self.connector.submit(operation.entity, operation.action, **arguments)
        run.future.add_done_callback(lambda future: self.later(self._finished, run, future))

    def _refuse(self, found: Arguments) -> None:
        count = len(found.errors)
        if WHOLE in found.errors:
            self._say("error", title="Nothing was sent", text=found.errors[WHOLE])
            return
        text = "One field needs a look." if count == 1 else f"{count} fields need a look."
        self._say("refused", text=text, errors=found.errors)

    def _confirm(self, operation: Operation, found: Arguments) -> None:
        assert self.connector is not None
        if not self.connector.allow_writes:
            self._say(
                "error",
                title="Nothing was sent",
                text=f"{operation.name} changes the workspace, and this connector may only read. "
                "Make it with allow_writes=True to allow that.",
            )
            return
        try:
            request = first_request(operation, found.values)
        except RequestRefused as error:
            self._say("error", title="Nothing was sent", text=str(error))
            return
        url = Connection.of(self.connector).base_url + request.path
        self._say("confirm", method=request.method, url=url, body=request.body)

    def _cancel(self, _: Mapping[str, Any]) -> None:
        run, self._run = self._run, None
        if run is not None:
            if run.future is not None:
                run.future.cancel()
            self._say("cancelled", text="Cancelled. Nothing is under way any more.")

    def _progress(self, run: Run, progress: Progress) -> None:
        """Pass a report on from the portal's thread, not more often than eyes can follow."""
        now = time.monotonic()
        if run is self._run and now - run.reported >= _REPORT_SECONDS:
            run.reported = now
            self.tell("progress", **dataclasses.asdict(progress))

    def _finished(self, run: Run, future: Future[pd.DataFrame]) -> None:
        if run is not self._run:  # cancelled: the explorer has moved on
            return
        self._run = None
        try:
            self._show(run, future.result())
            self._say_done(run)
        except CancelledError:
            self._say("cancelled", text="Cancelled. Nothing is under way any more.")
        except IntercomError as error:
            self._failed(run, error)

    def _failed(self, run: Run, error: IntercomError) -> None:
        partial = getattr(error, "partial", None)
        if isinstance(partial, pd.DataFrame):
            self._show(run, partial, f"Only what arrived before the error: {len(partial):,} rows.")
        refused = isinstance(error, RequestRefused)
        self._say(
            "error",
            title="Nothing was sent" if refused else f"{run.operation.name} failed",
            text=str(error),
            details=list(getattr(error, "__notes__", [])),
            kind_of=type(error).__name__,
        )

    def _show(self, run: Run, frame: pd.DataFrame, partial: str | None = None) -> None:
        assert self.connector is not None
        seconds = time.monotonic() - run.started
        connection = Connection.of(self.connector)
        result = Result(run.operation, run.arguments, run.form, frame, seconds, partial=partial)
        result.code = python_code(connection, run.operation, run.arguments)
        if connection.mode == "direct":
            result.curl = curl_code(self.connector, run.operation, run.arguments)
        self._result = result
        self._history = [*self._history, result][-_KEPT:]
        self.tell("result", **result.describe())
        self._tell_history()

    def _say_done(self, run: Run) -> None:
        result = self._result
        assert result is not None
        self._say("done", text=self._outcome(run, result), rate=result.info.get("rate_limit"))

    def _outcome(self, run: Run, result: Result) -> str:
        rows, requests = len(result.frame), result.info.get("requests")
        if run.operation.writes:
            return _what_changed(run, result.frame)
        text = f"{rows:,} {'row' if rows == 1 else 'rows'} in {result.seconds:.1f} s"
        if isinstance(requests, int) and requests > 1:
            text += f", {requests:,} requests"
        return text + "."

    def _ask(self, content: Mapping[str, Any]) -> None:
        result = self._result
        if result is None or content.get("result") != result.id:
            return
        answer = result.answer(str(content["what"]), content)
        self.tell("answer", token=content.get("token"), result=result.id, **answer)

    def _arrange(self, content: Mapping[str, Any]) -> None:
        result = self._result
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
            self.tell("answer", token=token, thread=records.thread(future.result()))
        except CancelledError:
            pass
        except IntercomError as error:
            self.tell("answer", token=token, error=str(error))

    def _export(self, content: Mapping[str, Any]) -> None:
        """Send the rows as a file: those that are ticked, or else those that are shown."""
        result, token = self._result, content.get("token")
        if result is None:
            return
        kind = str(content["as"])
        frame = result.chosen(all_columns=bool(content.get("all_columns")))
        try:
            data = export(frame, kind)
        except IntercomError as error:
            self.tell("answer", token=token, error=str(error))
            return
        name = f"{result.operation.entity}.{kind}"
        said = {"name": name, "type": KINDS[kind], "rows": len(frame)}
        self.tell("answer", buffers=[data], token=token, **said)

    def _variable(self, content: Mapping[str, Any]) -> None:
        """Put the result into a variable of the notebook."""
        name, token = str(content.get("name") or "").strip(), content.get("token")
        shell = None if (ipython := sys.modules.get("IPython")) is None else ipython.get_ipython()
        if not name.isidentifier() or keyword.iskeyword(name):
            self.tell("answer", token=token, error=f"{name!r} cannot be the name of a variable.")
        elif shell is None or self._result is None:
            self.tell("answer", token=token, error="There is no notebook here; use explorer.df.")
        else:
            shell.push({name: self._result.frame})
            self.tell("answer", token=token, text=f"{name} is the DataFrame now.")

    def _compare(self, content: Mapping[str, Any]) -> None:
        """Say what changed from an earlier result to the one that is shown."""
        earlier = next((r for r in self._history if r.id == content.get("id")), None)
        if earlier is not None and self._result is not None:
            said = compare(earlier.frame, self._result.frame)
            self.tell("answer", token=content.get("token"), **said)

    def _restore(self, content: Mapping[str, Any]) -> None:
        """Show an earlier result again, and its form."""
        for result in self._history:
            if result.id == content.get("id"):
                self._result = result
                self.tell("form", form=dict(result.form))
                self.tell("result", **result.describe())

    def _rerun(self, content: Mapping[str, Any]) -> None:
        """Ask again what was asked before."""
        for result in self._history:
            if result.id == content.get("id"):
                self.tell("form", form=dict(result.form))
                self._start(result.form)
                return

    def _tell_history(self) -> None:
        rows = [
            {
                "id": result.id,
                "at": result.at.strftime("%H:%M:%S"),
                "label": short_call(result.operation, result.arguments),
                "rows": len(result.frame),
                "seconds": round(result.seconds, 1),
            }
            for result in reversed(self._history)
        ]
        self.tell("history", runs=rows)

    def _label(self, run: Run) -> str:
        return short_call(run.operation, run.arguments)

    def _say(self, status: str, **more: Any) -> None:
        self.tell("run", status=status, **more)


def _what_changed(run: Run, frame: pd.DataFrame) -> str:
    """Say what a write did: to which record, and what its fields are now."""
    ids = ", ".join(map(str, frame["id"])) if "id" in frame else ""
    text = f"Done: {run.operation.action} {run.operation.entity} {ids}".rstrip()
    now = [
        f"{name} is now {cell_text(frame[name].iloc[0]) or 'empty'}"
        for name in run.arguments
        if name in frame and name != "id" and len(frame) == 1
    ]
    return f"{text}; {', '.join(now)}." if now else f"{text}."


def explore(connector: IntercomConnector | None = None) -> Explorer:
    """Open the explorer on a connector; without one, it starts with the login form.

    Give it as the last expression of a cell. ``.df`` is the result that it shows, ``.selected``
    the rows ticked in it, ``.code`` the Python that gives the same.

    >>> import intercom_nb
    >>> explore(intercom_nb.connect("demo")).df.empty
    True
    """
    return Explorer(connector)
