"""The first screen: offers the last full month, loads it, and asks its questions."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

import pandas as pd

from .... import catalog
from ....connector.connector import IntercomConnector
from ....errors import IntercomError
from ....runtime.portal import portal
from ....runtime.progress import Progress
from ...channel import REPORT_SECONDS, Channel
from ..result.display import Display
from ..result.result import Result
from .load import Recent, count_recent, load_recent, requests_for
from .month import LastMonth, is_demo
from .starters import STARTERS
from .tiles import tiles, tiles_to_come

Run = Callable[[Mapping[str, Any], pd.DataFrame | None], None]


class StartScreen:
    """Loads the last full month once it is asked for; only the demo, which is free, loads itself.

    Direct mode only: it needs searches, which hosted mode does not have.
    ``run`` runs a query form, with its rows if they are loaded already.
    """

    def __init__(self, channel: Channel, run: Run) -> None:
        self._channel = channel
        self._run = run
        self._connector: IntercomConnector | None = None
        self._month: LastMonth | None = None
        self._recent: Recent | None = None
        self._loading: Future[Recent] | None = None
        self._asked: str | None = None
        self._reported = 0.0
        self._state: dict[str, Any] = {"status": "hidden"}

    def offer(self, connector: IntercomConnector, zone: str) -> None:
        """Offer the last month of a workspace whose credential works."""
        if connector is self._connector:
            self.send()
            return
        self._drop()
        self._connector = connector
        if not connector.supports(catalog.operation("conversations", "search")):
            self._set("hidden")
            return
        self._month = LastMonth.of(connector, zone)
        self._set("idle")
        if is_demo(connector):
            self.show()
        else:
            counting = portal.submit(count_recent(connector, self._month))
            self._when_done(counting, self._learn_count, connector)

    def send(self) -> None:
        """Send the state of the screen."""
        month = self._month
        about: dict[str, Any] = (
            {} if month is None else {"month": month.period.text, "before": month.before.text}
        )
        questions = [{"key": key, "text": starter.text} for key, starter in STARTERS.items()]
        self._channel.send("start", **about, questions=questions, **self._state)

    def show(self) -> None:
        """Load the last month."""
        connector, month = self._connector, self._month
        if connector is None or month is None or self._loading or self._recent:
            return
        loading = portal.submit(load_recent(connector, month, self._report))
        self._loading = loading
        self._set("loading", tiles=tiles_to_come(month))
        self._when_done(loading, self._learn, loading)

    def cancel(self) -> None:
        """Stop loading; the question that waits for it is dropped."""
        if self._loading is not None:
            self._loading.cancel()

    def ask(self, key: str) -> None:
        """Run a question; it loads the last month first if it needs to."""
        month, starter = self._month, STARTERS.get(key)
        if month is None or starter is None:
            return
        if starter.rows != "waiting" and self._recent is None:
            self._asked = key
            self.show()
            return
        self._asked = None
        form = {**starter.form(month), "starter": key}
        self._channel.send("form", form=form)
        self._run(form, self._rows(starter.rows))

    def answer(self, result: Result, display: Display) -> None:
        """Complete the result of a question: its name, how to show it, its finding."""
        starter = STARTERS.get(str(result.form.get("starter")))
        if starter is not None and self._month is not None and not result.finding:
            starter.answer(result, self._month, display)

    def _rows(self, rows: str) -> pd.DataFrame | None:
        if rows == "waiting" or self._recent is None or self._month is None:
            return None
        return self._month.cut(self._recent.frame) if rows == "month" else self._recent.frame

    def _learn(self, loading: Future[Recent], done: Future[Recent]) -> None:
        if loading is not self._loading or self._month is None:
            return
        self._loading = None
        try:
            self._recent = done.result()
        except CancelledError:
            self._asked = None
            self._set("idle", text="Cancelled.")
        except IntercomError as error:
            self._asked = None
            self._set("error", text=str(error))
        else:
            self._set("ready", tiles=tiles(self._recent, self._month))
            if self._asked is not None:
                self.ask(self._asked)

    def _learn_count(self, connector: IntercomConnector, done: Future[int | None]) -> None:
        if connector is not self._connector or self._state["status"] != "idle":
            return
        try:
            count = done.result()
        except (CancelledError, IntercomError):
            return  # the button says then what is refused
        if count is not None:
            requests = requests_for(count)
            self._set("idle", offer=f"{count:,} conversations, about {requests:,} requests.")

    def _report(self, progress: Progress) -> None:
        """Forward a progress report from the portal's thread, at most ten per second."""
        now = time.monotonic()
        if now - self._reported >= REPORT_SECONDS:
            self._reported = now
            self._channel.send("start_progress", **dataclasses.asdict(progress))

    def _drop(self) -> None:
        if self._loading is not None:
            self._loading.cancel()
        self._loading = self._recent = self._month = self._asked = None

    def _set(self, status: str, **more: Any) -> None:
        kept = {"offer": self._state.get("offer", "")} if status != "hidden" else {}
        self._state = {"status": status, **kept, **more}
        self.send()

    def _when_done(self, future: Future[Any], then: Callable[..., None], *args: Any) -> None:
        future.add_done_callback(lambda done: self._channel.run_on_form_thread(then, *args, done))
