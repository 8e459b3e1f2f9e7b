"""One run of the explorer: started, followed, cancelled, shown, or explained when it failed."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...catalog.model import Operation
from ...connector.connector import IntercomConnector
from ...errors import IntercomError, RequestValidationError
from ...executors.hosted.executor import HostedExecutor
from ...runtime.portal import portal
from ...runtime.progress import Progress
from ..connection import Connection
from .query.code import curl_code, first_request, python_code, request_url, short_call
from .query.form_parser import WHOLE, Arguments, read_form
from .query.form_schema import operation_in
from .result.result_tabs import Result
from .writing import Written, what_changed, write

if TYPE_CHECKING:
    from .explorer import Explorer

_REPORT_SECONDS = 0.1


@dataclasses.dataclass
class Run:
    """A request under way."""

    operation: Operation
    arguments: dict[str, Any]
    form: Mapping[str, Any]
    started: float = dataclasses.field(default_factory=time.monotonic)
    reported: float = 0.0
    future: Future[Any] | None = None

    @property
    def label(self) -> str:
        """What is asked, in one line."""
        return short_call(self.operation, self.arguments)


class RequestRunner:
    """Runs what the form asks, one thing at a time."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._run: Run | None = None
        self._looking_up: Future[str] | None = None

    def tell(self) -> None:
        """Say to a page that is opened later what is under way."""
        if self._run is not None:
            self._say("running", label=self._run.label)

    def start(self, content: Mapping[str, Any]) -> None:
        """Run what stands in the form; a write is shown first, and sent when it is confirmed."""
        connector = self._explorer.connector
        if self._run is not None or connector is None:
            return
        operation = operation_in(connector.mode, str(content["entity"]), str(content["action"]))
        if operation is None:
            return
        found = read_form(operation, content)
        if found.errors:
            self._refuse(found)
        elif operation.writes and content.get("confirmed") is not True:
            self._confirm(connector, operation, found)
        else:
            form = {name: value for name, value in content.items() if name != "confirmed"}
            self._send(connector, Run(operation, found.values, form), found.notes)

    def cancel(self, _: Mapping[str, Any]) -> None:
        """Cancel what is under way, its requests too."""
        run, self._run = self._run, None
        if run is not None:
            if run.future is not None:
                run.future.cancel()
            self._say_cancelled()

    def _send(self, connector: IntercomConnector, run: Run, notes: list[str]) -> None:
        operation, arguments = run.operation, dict(run.arguments)
        if operation.paging.style != "none":
            arguments["progress"] = lambda progress: self._progress(run, progress)
        self._run = run
        self._say("running", label=run.label, notes=notes)
        if operation.writes:
            run.future = portal.submit(write(connector, operation, arguments))
        else:
            run.future = connector.submit(operation.entity, operation.action, **arguments)
        run.future.add_done_callback(
            lambda future: self._explorer.later(self._finished, run, future)
        )

    def _refuse(self, found: Arguments) -> None:
        count = len(found.errors)
        if WHOLE in found.errors:
            self._say_unsent(found.errors[WHOLE])
            return
        text = "One field needs a look." if count == 1 else f"{count} fields need a look."
        self._say("refused", text=text, errors=found.errors)

    def _confirm(
        self, connector: IntercomConnector, operation: Operation, found: Arguments
    ) -> None:
        """Show the request as it would be sent, in the mode that is in use."""
        if not connector.allow_writes:
            self._say_unsent(
                f"{operation.name} changes the workspace, and this connector may only read. "
                "Make it with allow_writes=True to allow that."
            )
            return
        executor = connector._executor
        if isinstance(executor, HostedExecutor) and executor.connector_id is None:
            # Its id is part of the address; it is asked for before the first call.
            self._looking_up = portal.submit(executor.find())
            self._looking_up.add_done_callback(
                lambda done: self._explorer.later(
                    self._looked_up, done, connector, operation, found
                )
            )
            return
        try:
            request = first_request(connector, operation, found.values)
        except RequestValidationError as error:
            self._say_unsent(str(error))
            return
        url = request_url(connector, request)
        self._say("confirm", method=request.method, url=url, body=request.body)

    def _looked_up(
        self,
        done: Future[str],
        connector: IntercomConnector,
        operation: Operation,
        found: Arguments,
    ) -> None:
        if connector is not self._explorer.connector or done is not self._looking_up:
            return
        try:
            done.result()
        except IntercomError as error:
            self._say_unsent(str(error))
        else:
            self._confirm(connector, operation, found)

    def _progress(self, run: Run, progress: Progress) -> None:
        """Pass a report on from the portal's thread, not more often than eyes can follow."""
        now = time.monotonic()
        if run is self._run and now - run.reported >= _REPORT_SECONDS:
            run.reported = now
            self._explorer.tell("progress", **dataclasses.asdict(progress))

    def _finished(self, run: Run, future: Future[Any]) -> None:
        if run is not self._run:  # cancelled: the explorer has moved on
            return
        self._run = None
        try:
            answer = future.result()
        except CancelledError:
            self._say_cancelled()
        except IntercomError as error:
            self._failed(run, error)
        else:
            written = answer if isinstance(answer, Written) else None
            result = self._show(run, answer.frame if written else answer)
            rate = result.info.get("rate_limit")
            if written is None:
                self._say("done", text=_outcome(result), rate=rate)
            else:
                text, change = what_changed(run.operation, run.arguments, written)
                self._say("done", text=text, change=change, rate=rate)

    def _failed(self, run: Run, error: IntercomError) -> None:
        partial = getattr(error, "partial", None)
        if isinstance(partial, pd.DataFrame):
            self._show(run, partial, f"Only what arrived before the error: {len(partial):,} rows.")
        refused = isinstance(error, RequestValidationError)
        self._say(
            "error",
            title="Nothing was sent" if refused else f"{run.operation.name} failed",
            text=str(error),
            details=list(getattr(error, "__notes__", [])),
            kind_of=type(error).__name__,
        )

    def _show(self, run: Run, frame: pd.DataFrame, partial: str | None = None) -> Result:
        connector = self._explorer.connector
        assert connector is not None
        seconds = time.monotonic() - run.started
        result = Result(run.operation, run.arguments, run.form, frame, seconds, partial=partial)
        result.code = python_code(Connection.of(connector), run.operation, run.arguments)
        if connector.mode == "direct":
            result.curl = curl_code(connector, run.operation, run.arguments)
        self._explorer.show(result)
        return result

    def _say_unsent(self, text: str) -> None:
        self._say("error", title="Nothing was sent", text=text)

    def _say_cancelled(self) -> None:
        self._say("cancelled", text="Cancelled. Nothing is under way any more.")

    def _say(self, status: str, **more: Any) -> None:
        self._explorer.tell("run", status=status, **more)


def _outcome(result: Result) -> str:
    rows, requests = len(result.frame), result.info.get("requests")
    text = f"{rows:,} {'row' if rows == 1 else 'rows'} in {result.seconds:.1f} s"
    if isinstance(requests, int) and requests > 1:
        text += f", {requests:,} requests"
    return text + "."
