"""Fetching: the pages or the file of a call, as one DataFrame with its metadata."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pandas as pd

from .. import catalog
from ..errors import IntercomError
from ..executors.base import Executor, Page
from ..frames import Records, frame_of, ids_of
from ..runtime.progress import Progress, ProgressCallback, show_progress
from .hydrate import hydrate
from .merged import call_of_successor
from .odd_records import invalid_record, without_odd_records
from .paginate import pages
from .plan import CallPlan
from .search import matching


async def fetch_page(executor: Executor, call: CallPlan) -> pd.DataFrame:
    """Send exactly one request and return its page as a DataFrame."""
    result = ResultBuilder(call, executor)
    result.add_page(await executor.page(call.operation, call.params))
    return result.frame()


async def fetch_all(executor: Executor, call: CallPlan) -> pd.DataFrame:
    """Follow the pages to the limit or the end and return one DataFrame.

    An error after the first page carries the records so far in ``error.partial``.
    """
    result = ResultBuilder(call, executor)
    try:
        with show_progress(call.operation.name, call.progress) as report:
            await _follow_pages(result, report)
        if call.complete:
            await _hydrate(result)
        return result.frame()
    except IntercomError as error:
        successor = call_of_successor(executor, call, error)
        if successor is not None:
            return await fetch_all(executor, successor)
        if result.rows:
            error.partial = result.frame()
            error.add_note(
                f"The {len(result.rows):,} records received before the error are in "
                "error.partial, a DataFrame."
            )
        raise


async def _hydrate(result: ResultBuilder) -> None:
    rows = result.records.dicts(result.rows)
    try:
        result.requests += await hydrate(result.executor, result.call.operation, rows)
    finally:
        result.replace_records(rows)


async def _follow_pages(result: ResultBuilder, report: ProgressCallback) -> None:
    call = result.call
    wanted = None if call.residual else call.limit
    for query in call.queries or ({},):
        params = {**call.params, "query": query} if query else call.params
        result.start_search()
        following = pages(result.executor, call.operation, params, wanted=wanted)
        async with contextlib.aclosing(following):
            async for page in following:
                result.add_page(page)
                report(result.progress())
                if result.is_full():
                    return
    result.check_count()


@dataclasses.dataclass
class ResultBuilder:
    """The records received so far, and the metadata of the result."""

    call: CallPlan
    executor: Executor
    rows: list[int] = dataclasses.field(default_factory=list)
    """Positions of the result's records, in its order."""
    positions: dict[str | int, int] = dataclasses.field(default_factory=dict)
    requests: int = 0
    dropped: int = 0
    total: int | None = None
    missing: int = 0
    skipped: int = 0
    """Entries that were left out because they are not records, such as nulls."""
    searches: int = 0
    earlier_total: int = 0
    next: Mapping[str, Any] | None = None
    records: Records = dataclasses.field(init=False)
    is_truncated: bool = False
    request_id: str | None = None
    via: str | None = None

    def __post_init__(self) -> None:
        self.records = Records(catalog.selected_columns(self.call.operation, self.call.params))

    def start_search(self) -> None:
        """Begin the next search of the call; totals of the earlier ones add up."""
        self.searches, self.earlier_total = self.searches + 1, self.total or 0

    def add_page(self, page: Page) -> None:
        """Add the records of a page."""
        self.requests += 1
        self.next = page.next
        self.request_id, self.via = page.request_id, page.via
        self.is_truncated = self.is_truncated or page.is_cut
        if page.total_count is not None:
            self.total = self.earlier_total + page.total_count
        operation = self.call.operation
        if page.ids is None and not operation.writes:
            page, skipped = without_odd_records(page)
            self.skipped += skipped
        try:
            if operation.writes:  # a response that is odd proves nothing
                for raw in page.records:
                    msgspec.json.decode(raw)
            self._add(page.records, ids_of(page.records) if page.ids is None else page.ids)
            self.records.repaired += page.repaired
        except msgspec.DecodeError as error:
            for raw in page.records:
                with contextlib.suppress(msgspec.DecodeError):
                    self._add([raw], ids_of([raw]))
            raise invalid_record(operation, error, self.request_id) from None

    def _add(self, raws: list[msgspec.Raw], ids: Sequence[Any]) -> None:
        if self.call.residual:
            received = len(raws)
            raws, ids = matching(self.call.residual, raws, ids)
            self.dropped += received - len(raws)
        first = len(self.records)
        self.records.add(raws)
        for row, key in enumerate(ids, first):
            self._add_row(row, key)

    def _add_row(self, row: int, key: Any) -> None:
        """Add a row; a repeated record replaces its earlier copy, as lists move while read."""
        if isinstance(key, (str, int)):
            position = self.positions.setdefault(key, len(self.rows))
            if position < len(self.rows):
                self.rows[position] = row
                return
        self.rows.append(row)

    def replace_records(self, rows: list[dict[str, Any]]) -> None:
        """Replace all records with changed copies."""
        self.records = Records(self.records.declared)
        self.records.add([msgspec.Raw(msgspec.json.encode(row)) for row in rows])
        self.rows = list(range(len(rows)))

    def is_full(self) -> bool:
        """Return whether the limit is reached; drop records beyond it."""
        limit = self.call.limit
        if limit is None or len(self.rows) < limit:
            return False
        searches_left = self.searches < len(self.call.queries)
        self.is_truncated = len(self.rows) > limit or self.next is not None or searches_left
        if len(self.rows) > limit:
            self.next = None  # it would skip the rest of this page
            del self.rows[limit:]
        return True

    def check_count(self) -> None:
        """Count the records that the server counted but did not send."""
        received = len(self.rows) + self.dropped + self.skipped
        if self.total is not None and self.searches == 1 and received < self.total:
            self.missing = self.total - received

    def progress(self) -> Progress:
        """Return the progress of the call."""
        limit, total = self.call.limit, self.total
        expected = min(total, limit) if total is not None and limit is not None else total
        return Progress(min(len(self.rows), limit or len(self.rows)), expected, self.requests)

    def frame(self) -> pd.DataFrame:
        """Return the DataFrame of the records so far."""
        every = len(self.rows) == len(self.records)
        return frame_of(
            self.records,
            catalog.record_singular(self.call.operation),
            self._info(),
            None if every else self.rows,
        )

    def _info(self) -> dict[str, Any]:
        operation, rate = self.call.operation, self.executor.rate_limit
        info: dict[str, Any] = {
            "entity": operation.entity,
            "action": operation.action,
            "record_entity": catalog.record_entity(operation),
            "params": msgspec.to_builtins(self.call.params, enc_hook=str),
            "mode": self.executor.mode,
            "base_url": self.executor.base_url,
            "requests": self.requests,
            "request_id": self.request_id,
            "next_cursor": next(iter((self.next or {}).values()), None),
            "total_count": self.total,
            "limit": self.call.limit,
            "truncated": self.is_truncated,
            "rate_limit": None if rate is None else dataclasses.asdict(rate),
        }
        if self.missing:
            info["missing_count"] = self.missing
        if self.skipped:
            info["skipped_records"] = self.skipped
        if self.searches > 1:
            info["searches"] = self.searches
        if self.via is not None:
            info["via"] = self.via
        if self.call.residual:
            # total_count then counts the matches of the wider query.
            info["dropped_by_exact_times"] = self.dropped
        return info
