"""The explorer: a form that queries the workspace and returns the result as a DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import pandas as pd

from ...connector.connector import IntercomConnector
from ...connector.identity import Check
from ...errors import IntercomError
from ...runtime.portal import portal
from ..form import Form, join_scripts
from ..login.login_form import Login
from .extract import ExtractionRunner
from .history import History
from .query.code import short_call
from .result import save
from .result.compare import compare
from .result.result import Result
from .result.result_messages import RESULT_SCRIPTS, ResultMessages
from .result.thread_source import Thread, fetch_thread
from .runner import RequestRunner
from .start.saved import SavedQuestion, SavedQuestions
from .start.screen import StartScreen
from .workspace_facts import WorkspaceFacts

_SCRIPTS = (
    "format.js",
    "dom.js",
    "fullscreen.js",
    "wire.js",
    "login_fields.js",
    "login.js",
    "query.js",
    "form.js",
    *RESULT_SCRIPTS,
    "write.js",
    "extraction.js",
    "tree.js",
    "picker.js",
    "start.js",
    "saved.js",
    "explorer.js",
)

_Content = Mapping[str, Any]


class Explorer(Form):
    """The explorer: ``df`` is the current result, ``selected`` the rows ticked in it.

    All state changes on the forms' thread. ``df`` and the other attributes may be read from any
    thread.
    """

    _esm = join_scripts(*_SCRIPTS)

    def __init__(self, connector: IntercomConnector | None = None) -> None:
        self.connector = connector
        self.result: Result | None = None
        super().__init__()
        self._login = Login(self.channel, self._on_connected)
        self._runner = RequestRunner(self.channel, self._show_new)
        self._start = StartScreen(self.channel, self._run)
        self._facts = WorkspaceFacts(self.channel, self._start.offer)
        self._history = History(self.channel)
        self._saved = SavedQuestions(self.channel)
        self._extraction = ExtractionRunner(self.channel)
        self._messages = ResultMessages(self.channel, lambda: self.result, self._fetch_thread)

    @property
    def df(self) -> pd.DataFrame:
        """The current result with all rows and columns; an empty frame before the first run.

        Shape: one row per record, in the order of the response, however the table is sorted.
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
        """The rows ticked in the table, with all columns."""
        return pd.DataFrame() if self.result is None else self.result.selection

    @property
    def saved(self) -> dict[str, SavedQuestion]:
        """The saved questions by name: each has ``.df``, ``.code`` and a panel for a dashboard."""
        return dict(self._saved.all)

    @property
    def pinned(self) -> list[SavedQuestion]:
        """The saved questions that are pinned, for ``inb.dashboard(explorer.pinned)``."""
        return self._saved.pinned

    @property
    def code(self) -> str:
        """The Python that returns ``df`` without the explorer; empty before the first run."""
        return "" if self.result is None else self.result.code

    def insert(self) -> None:
        """Insert ``code`` as a new cell below the one that calls this.

        Raises ConfigurationError before the first run, and outside of a notebook.

        >>> import intercom_nb
        >>> intercom_nb.explore(intercom_nb.connect("demo")).insert()
        Traceback (most recent call last):
        ...
        intercom_nb.errors.ConfigurationError: No code to save yet. Press Run ...
        """
        save.insert_below(self.code)

    def __repr__(self) -> str:
        if self.result is None:
            return f"<Explorer: {self.connector!r}, no results yet>"
        call = short_call(self.result.operation, self.result.arguments)
        return f"<Explorer: {call}, {len(self.result.frame):,} rows>"

    def receive(self, kind: str, content: _Content) -> None:
        """Handle one message."""
        actions: dict[str, Callable[[_Content], None]] = {
            "hello": self._hello,
            "run": self._run,
            "start_show": lambda _: self._start.show(),
            "start_cancel": lambda _: self._start.cancel(),
            "save_question": self._save_question,
            "saved_run": self._run_saved,
            "saved_pin": lambda content: self._saved.pin(
                str(content["name"]), on=content["on"] is True
            ),
            "saved_remove": lambda content: self._saved.remove(str(content["name"])),
            "question": lambda content: self._start.ask(str(content.get("key"))),
            "cancel": lambda _: self._runner.cancel(),
            **self._messages.actions,
            "compare": self._compare,
            "restore": self._restore,
            "rerun": self._rerun,
            "extract": self._extract,
            "extract_cancel": lambda _: self._extraction.cancel(),
            "login": self._login.start,
            "login_cancel": lambda _: self._login.cancel(),
            "forget": self._login.forget,
        }
        actions[kind](content)

    def _hello(self, _: _Content) -> None:
        """Send a newly opened view everything that it shows.

        With a connector, the login form's options come last: to look for credentials in the keyring
        takes 70 ms of CPU, ten times as much as all other messages.
        """
        if self.connector is None:
            self._send_offer()
        self._facts.send(self.connector)
        self._history.send()
        self._saved.send()
        if self.result is not None:
            self.channel.send("result", **self.result.describe())
        self._runner.send()
        self._extraction.send()
        if self.connector is not None:
            self.channel.run_on_form_thread(self._send_offer)

    def _send_offer(self) -> None:
        self.channel.send("offer", **self._login.offer())

    def _on_connected(self, connector: IntercomConnector, check: Check) -> None:
        self._runner.cancel()
        self._extraction.cancel()
        self.connector = connector
        self._facts.send(connector, check)

    def _run(self, content: _Content, known: pd.DataFrame | None = None) -> None:
        if self.connector is not None:
            self._runner.start(self.connector, content, known)

    def _extract(self, content: _Content) -> None:
        if self.connector is not None:
            self._extraction.start(self.connector, content)

    def _show_new(self, result: Result) -> None:
        saved = self._saved.update(result)
        self._show(result)
        self._history.add(result)
        if saved is not None:
            self._saved.send()

    def _show(self, result: Result) -> None:
        self.result = result
        result.use_display(self._facts.display)
        self._start.answer(result, self._facts.display)
        result.workspace_id = self._facts.workspace_id
        self.channel.send("result", **result.describe())

    def _save_question(self, content: _Content) -> None:
        try:
            self._saved.add(str(content.get("name") or "").strip(), content["look"], self.result)
        except IntercomError as error:
            self._messages.reply(content, error=str(error))
        else:
            self._messages.reply(content)

    def _run_saved(self, content: _Content) -> None:
        question = self._saved.all.get(str(content.get("name")))
        if question is not None:
            self._run_again(question.form())

    def _fetch_thread(self, key: str) -> Future[Thread] | None:
        if self.connector is None:
            return None
        return portal.submit(fetch_thread(self.connector, key))

    def _compare(self, content: _Content) -> None:
        """Compare an earlier result with the current one."""
        earlier, current = self._history.find(content.get("id")), self.result
        if earlier is None or current is None:
            return
        if earlier.operation.entity != current.operation.entity:
            names = f"{earlier.operation.entity} and {current.operation.entity}"
            self._messages.reply(
                content, error=f"Only results of one entity can be compared, not {names}."
            )
        else:
            self._messages.reply(content, **compare(earlier.frame, current.frame))

    def _restore(self, content: _Content) -> None:
        """Show an earlier result and restore the form that led to it."""
        result = self._history.find(content.get("id"))
        if result is not None:
            self.channel.send("form", form=dict(result.form))
            self._show(result)

    def _rerun(self, content: _Content) -> None:
        """Run an earlier query again."""
        result = self._history.find(content.get("id"))
        if result is not None:
            self._run_again(result.form)

    def _run_again(self, form: _Content) -> None:
        self.channel.send("form", form=dict(form))
        self._run(form)
