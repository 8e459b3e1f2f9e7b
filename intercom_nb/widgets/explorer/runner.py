"""Request runner of the explorer: start, report progress, cancel, show the result or the error."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Future
from typing import Any

import pandas as pd

from ...catalog.model import Operation
from ...connector.connector import IntercomConnector
from ...errors import IntercomError, RequestValidationError
from ...runtime.portal import portal
from ...runtime.progress import Progress
from ..channel import REPORT_SECONDS, Channel
from ..connection import Connection
from .query.code import curl_code, python_code, request_url, short_call
from .query.form_parser import WHOLE, ParsedForm, parse_form
from .query.form_schema import find_operation
from .result.result import Result
from .write import WriteOutcome, describe_change, run_write, write_label


@dataclasses.dataclass
class Run:
    """A request in progress."""

    connector: IntercomConnector
    operation: Operation
    arguments: dict[str, Any]
    form: Mapping[str, Any]
    started: float = dataclasses.field(default_factory=time.monotonic)
    reported: float = 0.0
    future: Future[Any] | None = None

    @property
    def label(self) -> str:
        """The call in one line."""
        return short_call(self.operation, self.arguments)


@dataclasses.dataclass
class Review:
    """A write that is shown before it is sent, and the form that it was made from."""

    connector: IntercomConnector
    operation: Operation
    parsed: ParsedForm
    form: Mapping[str, Any]

    def covers(self, connector: IntercomConnector, form: Mapping[str, Any]) -> bool:
        """Return whether a form asks for just this write."""
        return connector is self.connector and form == self.form


class RequestRunner:
    """Runs the form's requests, one at a time."""

    def __init__(self, channel: Channel, show: Callable[[Result], None]) -> None:
        self._channel = channel
        self._show_result = show
        self._run: Run | None = None
        self._next: Callable[[], None] | None = None
        self._lookup: Future[str] | None = None
        self._shown: Review | None = None

    def send(self) -> None:
        """Send a newly opened view the request in progress."""
        if self._run is not None:
            self._send("running", label=self._run.label)

    def start(
        self,
        connector: IntercomConnector,
        content: Mapping[str, Any],
        known: pd.DataFrame | None = None,
    ) -> None:
        """Run the form's request; a write is shown first and sent once it is confirmed.

        ``known`` is its result if that is loaded already; nothing is requested then. A read in
        progress is cancelled for it, a write is completed first.
        """
        if self._run is not None:
            self._next = functools.partial(self.start, connector, content, known)
            if self._run.future is not None and not self._run.operation.writes:
                self._run.future.cancel()
            return
        entity, action = str(content["entity"]), str(content["action"])
        operation = find_operation(connector.mode, entity, action)
        if operation is None:
            self._send_unsent(f"{entity}.{action} is not available in {connector.mode} execution.")
            return
        form = {name: value for name, value in content.items() if name != "confirmed"}
        parsed, shown = parse_form(operation, form), self._shown
        is_reviewed = content.get("confirmed") is True and shown and shown.covers(connector, form)
        self._shown = None
        if parsed.errors:
            self._send_errors(parsed)
        elif operation.writes and not is_reviewed:
            self._confirm(Review(connector, operation, parsed, form))
        else:
            arguments = shown.parsed.values if shown and is_reviewed else parsed.values
            run = Run(connector, operation, arguments, form)
            if known is None:
                self._start(run, parsed.notes)
            else:
                self._show(run, known)
                self._send("done", text=f"{_rows(len(known))}, already loaded.")

    def cancel(self) -> None:
        """Cancel the request in progress, and the one that waits for it."""
        lookup, run = self._lookup, self._run
        self._lookup = self._run = self._next = None
        if run is not None and run.future is not None:
            run.future.cancel()
        if run is not None or lookup is not None:
            self._send_cancelled()

    def _start(self, run: Run, notes: list[str]) -> None:
        operation, arguments = run.operation, dict(run.arguments)
        if operation.paging.style != "none":
            arguments["progress"] = lambda progress: self._report(run, progress)
        self._run = run
        self._send("running", label=run.label, notes=notes)
        if operation.writes:
            run.future = portal.submit(run_write(run.connector, operation, arguments))
        else:
            run.future = run.connector.submit(operation.entity, operation.action, **arguments)
        run.future.add_done_callback(
            lambda future: self._channel.run_on_form_thread(self._finish, run, future)
        )

    def _send_errors(self, parsed: ParsedForm) -> None:
        count = len(parsed.errors)
        if WHOLE in parsed.errors:
            self._send_unsent(parsed.errors[WHOLE])
            return
        text = f"Please fix {count} {'field' if count == 1 else 'fields'}."
        self._send("refused", text=text, errors=parsed.errors)

    def _confirm(self, review: Review) -> None:
        """Show the request exactly as it would be sent in the current mode."""
        connector, operation = review.connector, review.operation
        if not connector.allow_writes:
            self._send_unsent(
                "This connector is read-only. Reconnect with allow_writes=True to make changes."
            )
            return
        if connector.mode == "hosted" and connector.details["connector_id"] is None:
            # The id is part of the URL and is looked up before the first call.
            lookup = self._lookup = portal.submit(connector.hosted.find_id())
            lookup.add_done_callback(
                lambda done: self._channel.run_on_form_thread(self._confirm_found, done, review)
            )
            return
        try:
            request = connector.build_request(operation, review.parsed.values)
        except RequestValidationError as error:
            self._send_unsent(str(error))
            return
        self._shown = review
        self._send(
            "confirm",
            label=write_label(operation),
            method=request.method,
            url=request_url(connector, request),
            body=request.body,
        )

    def _confirm_found(self, lookup: Future[str], review: Review) -> None:
        if lookup is not self._lookup:
            return
        try:
            lookup.result()
        except IntercomError as error:
            self._send_unsent(str(error))
        else:
            self._confirm(review)

    def _report(self, run: Run, progress: Progress) -> None:
        """Forward a progress report from the portal's thread, at most ten per second."""
        now = time.monotonic()
        if run is self._run and now - run.reported >= REPORT_SECONDS:
            run.reported = now
            self._channel.send("progress", **dataclasses.asdict(progress))

    def _finish(self, run: Run, future: Future[Any]) -> None:
        if run is not self._run:
            return
        self._run = None
        try:
            self._show_outcome(run, future)
        finally:
            start_next, self._next = self._next, None
            if start_next is not None:
                start_next()

    def _show_outcome(self, run: Run, future: Future[Any]) -> None:
        try:
            outcome = future.result()
        except CancelledError:
            self._send_cancelled()
        except IntercomError as error:
            self._fail(run, error)
        else:
            if isinstance(outcome, WriteOutcome):
                result = self._show(run, outcome.frame)
                text, change = describe_change(run.operation, run.arguments, outcome)
                more = {"text": text, "change": change}
            else:
                result = self._show(run, outcome)
                more = {"text": _summarize(result)}
            self._send("done", rate=result.info.get("rate_limit"), **more)

    def _fail(self, run: Run, error: IntercomError) -> None:
        partial = getattr(error, "partial", None)
        if isinstance(partial, pd.DataFrame):
            note = f"Partial result: {_rows(len(partial))} loaded before the error."
            self._show(run, partial, note)
        refused = isinstance(error, RequestValidationError)
        self._send(
            "error",
            title="Nothing was sent" if refused else f"{run.operation.name} failed",
            text=str(error),
            details=list(getattr(error, "__notes__", [])),
            kind_of=type(error).__name__,
        )

    def _show(self, run: Run, frame: pd.DataFrame, partial: str | None = None) -> Result:
        connector, seconds = run.connector, time.monotonic() - run.started
        result = Result(run.operation, run.arguments, run.form, frame, seconds, partial=partial)
        result.code = python_code(Connection.of(connector), run.operation, run.arguments)
        if connector.mode == "direct":
            result.curl = curl_code(connector, run.operation, run.arguments)
        self._show_result(result)
        return result

    def _send_unsent(self, text: str) -> None:
        self._send("error", title="Nothing was sent", text=text)

    def _send_cancelled(self) -> None:
        self._send("cancelled", text="Cancelled.")

    def _send(self, status: str, **more: Any) -> None:
        self._channel.send("run", status=status, **more)


def _summarize(result: Result) -> str:
    requests = result.info.get("requests")
    took = f"{result.seconds:.1f} s" if result.seconds >= 0.1 else "less than 0.1 s"
    text = f"{_rows(len(result.frame))} in {took}"
    if isinstance(requests, int) and requests > 1:
        text += f", {requests:,} requests"
    return text + "."


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
