"""Bulk writes: all rows checked first, then sent in parallel, each with its own outcome."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from ..calls.operation_runner import OperationRunner
from ..catalog.model import Operation
from ..errors import (
    AuthenticationError,
    ConfigurationError,
    IntercomError,
    RequestValidationError,
    UnsupportedError,
)
from ..frames import KEY, ResultInfo
from ..runtime.concurrency import run_parallel
from ..runtime.progress import Progress, ProgressCallback, show_progress
from ..transport.client import on_send
from .journal import Journal, Outcome
from .rows import Rows, as_frame, rows_of

# The rate limiter paces the requests; more workers would only wait for it.
_WORKERS = 32


async def write_rows(  # noqa: PLR0913 - the keywords of create_many and the like
    operation: Operation,
    connector: OperationRunner,
    rows: Rows,
    *,
    progress: ProgressCallback | bool | None = None,
    dry_run: bool = False,
    resume: str | Path | pd.DataFrame | None = None,
    retry_in_doubt: bool = False,
) -> pd.DataFrame:
    """Run one write for each row; see ``docstring``."""
    operation = connector.resolve_operation(operation)
    path = [p.name for p in operation.params if p.location == "path"]
    is_delete = operation.action == "delete"
    if is_delete and isinstance(rows, pd.DataFrame) and set(path) <= set(rows.columns):
        rows = rows[path]  # a deletion needs no other column of the records
    bulk = BulkWrite.of(operation, connector, rows_of(operation, rows))
    if dry_run or connector.dry_run:
        return await bulk.preview()
    return await bulk.run(progress, resume, retry_in_doubt)


async def tag_rows(  # noqa: PLR0913 - the keywords of tag_many and untag_many
    operation: Operation,
    connector: OperationRunner,
    rows: Rows,
    tag_id: str,
    *,
    admin_id: str | None = None,
    progress: ProgressCallback | bool | None = None,
    dry_run: bool = False,
    resume: str | Path | pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Attach or detach a tag for each row; see ``docstring``."""
    operation = connector.resolve_operation(operation)
    record, *rest = (p.name for p in operation.params if p.location == "path")
    constant = {rest[0] if rest else "id": tag_id}
    if admin_id is not None:
        constant["admin_id"] = admin_id
    # A tag needs no other column of the records.
    frame = as_frame(rows.filter(["id"]) if isinstance(rows, pd.DataFrame) else rows)
    tagged = pd.DataFrame({record: frame.get("id"), **constant}, index=frame.index)
    bulk = BulkWrite(operation, record, connector, rows_of(operation, tagged))
    if dry_run or connector.dry_run:
        return await bulk.preview()
    # A tag that is attached or detached twice does no harm.
    return await bulk.run(progress, resume, retry_in_doubt=True)


@dataclasses.dataclass
class BulkWrite:
    """The writes of one call, as (label of the row, checked parameters).

    ``record`` is the parameter with the id of a row's record, None if the write creates it.
    """

    operation: Operation
    record: str | None
    connector: OperationRunner
    writes: list[tuple[Any, dict[str, Any]]]
    stopped: IntercomError | None = None
    is_first: bool = True

    @classmethod
    def of(
        cls,
        operation: Operation,
        connector: OperationRunner,
        writes: list[tuple[Any, dict[str, Any]]],
    ) -> BulkWrite:
        """Build the writes of an operation; the last parameter of its path has the record's id."""
        path = [p.name for p in operation.params if p.location == "path"]
        record = None if operation.action == "create" else path[-1] if path else "id"
        return cls(operation, record, connector, writes)

    async def preview(self) -> pd.DataFrame:
        """Return the requests, one row each, without sending any."""
        self.check_rows()
        shown = [
            await self.connector.run_operation(self.operation, (), {**params, "dry_run": True})
            for _, params in self.writes
        ]
        frame = pd.concat(shown) if shown else pd.DataFrame(columns=["method", "url", "body"])
        frame.index = pd.Index([label for label, _ in self.writes])
        frame.attrs[KEY] = self._info(dry_run=True)
        return frame

    async def run(
        self,
        progress: ProgressCallback | bool | None,
        resume: str | Path | pd.DataFrame | None,
        retry_in_doubt: bool,
    ) -> pd.DataFrame:
        """Send the rows that are not done yet and return the outcome of each row."""
        self.connector.check_allowed(self.operation)
        self.check_rows()
        journal = Journal.open(self.operation, resume, retry_in_doubt)
        total = len(self.writes)
        try:
            outcomes: dict[int, Outcome] = {}
            for position, (label, params) in enumerate(self.writes):
                if (known := journal.known(label, params)) is not None:
                    outcomes[position] = known
            with show_progress(f"{self.operation.name} ({total:,} rows)", progress) as report:
                await self._send(journal, outcomes, report)
        finally:
            journal.close()
        return self._frame([outcomes[position] for position in range(total)])

    def check_rows(self) -> None:
        """Check every row against version and mode, so that all or none are sent."""
        for label, params in self.writes:
            try:
                self.connector.build_request(self.operation, params)
            except (RequestValidationError, UnsupportedError) as error:
                raise type(error)(f"Row {label!r}: {error} Nothing was sent.") from None

    async def _send(
        self, journal: Journal, outcomes: dict[int, Outcome], report: ProgressCallback
    ) -> None:
        total = len(self.writes)
        todo = [position for position in range(total) if position not in outcomes]
        queue = iter(todo)

        async def work(most: int | None = None) -> None:
            for position in itertools.islice(queue, most):
                outcomes[position] = await self._send_row(journal, *self.writes[position])
                report(Progress(len(outcomes), total, len(outcomes)))

        await work(most=1)
        self.is_first = False
        await run_parallel(work() for _ in range(min(_WORKERS, len(todo))))

    async def _send_row(self, journal: Journal, label: Any, params: dict[str, Any]) -> Outcome:
        if self.stopped is not None:
            return Outcome(error=f"Not sent: {self.stopped}")
        try:
            with _calling_on_send(lambda: journal.start(label, params)):
                frame = await self.connector.run_operation(self.operation, (), params)
        except IntercomError as error:
            if self.is_first and isinstance(error, (RequestValidationError, ConfigurationError)):
                raise  # nothing was sent, and no other row can be: no such hosted connector
            if isinstance(error, AuthenticationError):
                self.stopped = error
            outcome = Outcome.of_error(error)
        except Exception as error:  # noqa: BLE001 - the other rows still get their outcome
            text = f"{type(error).__name__}: {error}"
            outcome = Outcome(error=text, in_doubt=journal.has_started(label, params))
        else:
            found = frame["id"].iloc[0] if "id" in frame and len(frame) else None
            key = found if isinstance(found, str) else None
            outcome = Outcome(True, key, None, frame.attrs[KEY].get("request_id"))
        journal.end(label, params, outcome)
        return outcome

    def _id(self, params: dict[str, Any], outcome: Outcome) -> str | None:
        """Return the id of the row's record; the response to tagging has the id of the tag."""
        named = params.get(self.record) if self.record is not None else None
        return outcome.id if named is None else str(named)

    def _frame(self, outcomes: list[Outcome]) -> pd.DataFrame:
        ids = [self._id(params, o) for (_, params), o in zip(self.writes, outcomes, strict=True)]
        frame = pd.DataFrame(
            {
                "id": pd.array(ids, dtype="string"),
                "ok": pd.array([o.ok for o in outcomes], dtype="boolean"),
                "error": pd.array([o.error for o in outcomes], dtype="string"),
                "in_doubt": pd.array([o.in_doubt for o in outcomes], dtype="boolean"),
                "request_id": pd.array([o.request_id for o in outcomes], dtype="string"),
            },
            index=pd.Index([label for label, _ in self.writes]),
        )
        frame.attrs[KEY] = self._info(
            ok=sum(o.ok for o in outcomes), failed=sum(not o.ok for o in outcomes)
        )
        return frame

    def _info(self, **more: Any) -> ResultInfo:
        what = {"entity": self.operation.entity, "action": self.operation.action, "bulk": True}
        return ResultInfo({**what, **more}, {})


@contextlib.contextmanager
def _calling_on_send(hook: Any) -> Iterator[None]:
    token = on_send.set(hook)
    try:
        yield
    finally:
        on_send.reset(token)


def docstring(operation: Operation, *, tagging: bool) -> str:
    """Build the docstring of a bulk method of an operation."""
    if tagging or operation.action == "delete":
        rows = "A DataFrame with the column id, or ids."
    else:
        rows = _ROWS.format(names=", ".join(p.name for p in operation.params))
    retry = "" if tagging else _RETRY_ARG
    tag = _TAG_ARGS if tagging else ""
    return _DOC.format(operation=operation.name, rows=rows, tag=tag, retry=retry)


_ROWS = """A DataFrame or dicts with parameters as columns ({names}). A column with a dot sets
        a key of an object, such as custom_attributes.plan. Empty cells are not sent."""
_TAG_ARGS = """    tag_id: Id of the tag.
    admin_id: Id of the acting teammate, if the API requires one.
"""
_RETRY_ARG = """    retry_in_doubt: Also send the rows whose outcome is unknown; they may then be
        written twice.
"""
_DOC = """Run {operation} for each row, in parallel; every row is checked before the first is sent.

Args:
    rows: {rows}
{tag}    progress: Show a bar: None = only for long calls, True = always, False = never; or a
        function that is called with a Progress.
    dry_run: Return the requests without sending any.
    resume: A journal file (created if missing), or the outcome of an earlier call: rows that are
        done are skipped, and so are rows whose outcome is unknown.
{retry}
Returns:
    A DataFrame with the index of rows: id (of the row's record), ok, error, in_doubt (outcome
    unknown: the server may have carried it out), request_id.

Changes the workspace: requires allow_writes=True."""
