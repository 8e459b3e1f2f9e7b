"""One extraction: what is missing, what changed meanwhile, the audit, the tables."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, cast

import msgspec

from ..catalog.timestamps import unix_seconds
from ..dataset.compaction.compact import compact
from ..dataset.state import ExtractOptions, Interval, VerifiedInterval
from ..dataset.store import DatasetFolder
from ..errors import DatasetError, InvalidParameterError
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from .coverage import (
    SEARCH_LAG,
    covered,
    open_from,
    renewed,
    slices_by_creation,
    with_new,
)
from .fetched_cache import FetchedCache
from .intervals import cut, merged, missing
from .progress import CountingExecutor, ProgressTracker, Report
from .reconcile import Audit
from .slice_reader import Reader, make_retrier
from .source import Source

_DAY = 86_400
_ROUNDS = 3
_NEVER = 1 << 60
_CENTURY = 100 * 365 * _DAY
# Slices side by side, and pages of them; with parts, each slice asks for many conversations.
_SLICES, _AT_ONCE = 20, 80
_SLICES_WITH_PARTS = 4
# Records in one slice: enough pages that splitting costs little, few enough to go side by side.
_LEAST, _MOST = 300, 3_000
_MOST_WITH_PARTS = 600


class Extraction:
    """Extracts one entity into a folder that is locked by the caller.

    ``clock`` gives unix seconds and ``sleep`` waits; tests pass their own.
    """

    def __init__(
        self,
        executor: Executor,
        folder: DatasetFolder,
        entity: str,
        *,
        since: Any = None,
        until: Any = None,
        where: Mapping[str, Any] | None = None,
        with_parts: bool = False,
        complete: bool = False,
        concurrency: int | None = None,
        report: Report | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._executor = CountingExecutor(executor)
        self._folder = folder
        self._clock = clock
        self._since = 0 if since is None else int(unix_seconds(since, "since"))
        self._until = None if until is None else int(unix_seconds(until, "until"))
        self._options = ExtractOptions(
            where=msgspec.json.encode(where or {}, order="sorted").decode(),
            with_parts=with_parts,
            complete=complete,
        )
        self._source = Source(
            cast(Executor, self._executor),
            entity,
            where=where,
            with_parts=with_parts,
            complete=complete,
        )
        if (since is not None or until is not None) and not self._source.timed:
            raise InvalidParameterError(
                f"since and until: {entity} do not say when they were created. Leave these out."
            )
        self._slices = concurrency or (_SLICES_WITH_PARTS if with_parts else _SLICES)
        self._meter = ProgressTracker(entity, self._executor, report)
        self._state = folder.state(entity)
        self._retrier = make_retrier(sleep)
        self._ended = threading.Event()
        self._newest = 0
        self._oldest: int | None = None
        self._check_options(entity)
        self._reader = Reader(
            self._source,
            self._executor,
            folder,
            self._state,
            self._meter,
            clock,
            self._retrier,
            concurrency or _AT_ONCE,
        )
        self._audit = Audit(
            self._source, self._executor, folder, self._state, self._reader, self._retrier
        )

    async def look(self) -> None:
        """Ask for the newest change and, before a first run, for the oldest record."""
        if not self._source.sliced:
            return
        self._meter.enter("counting")
        far = int(self._clock()) + _CENTURY
        asks = [self._edge(Interval(0, far, "", "updated_at"), "descending")]
        if self._since < min((span.start for span in covered(self._state)), default=far):
            asks.append(self._edge(Interval(self._since, far), "ascending"))
        # By the server's clock; 0 where there is none.
        newest, *oldest = await run_parallel(asks)
        self._newest, self._oldest = newest or 0, next(iter(oldest), None)

    async def run(self, zone: str | None) -> None:
        """Do all that is missing, after ``look``; ``zone`` is the workspace's, None for unknown."""
        self._source.in_zone(zone)
        try:
            if self._source.sliced:
                await self._read_spans()
            else:
                await self._read_list()
            self._meter.total = self._meter.rows
            self._meter.enter("writing")
            await self._reader.in_thread(self._finish)
            self._meter.enter("done")
        finally:
            self._ended.set()  # a merge that goes on has nobody to wait for it
            self._reader.close()

    def _check_options(self, entity: str) -> None:
        began = self._state.started_at is not None or self._state.watermark is not None
        if began and self._state.options != self._options:
            was, now = self._state.options, self._options
            differ = [
                f"{name}={getattr(was, name)!r}, not {getattr(now, name)!r}"
                for name in was.__struct_fields__
                if getattr(was, name) != getattr(now, name)
            ]
            raise DatasetError(
                f"{entity} were extracted to {self._folder.path} with {'; '.join(differ)}. "
                "Ask for the same again, or name another folder."
            )

    def _begin(self, newest: float) -> None:
        """Note that a run begins, unless it is one that goes on."""
        if self._state.started_at is None:
            again = renewed(self._state, self._source.grid, self._source.filtered)
            now = self._clock()
            # Where our clock is ahead, what changes from now on is after the newest change all the
            # same.
            mark = min(now, newest)
            self._folder.update_state(
                self._source.entity,
                self._state,
                started_at=now,
                next_watermark=mark,
                options=self._options,
                **again,
            )

    async def _read_list(self) -> None:
        self._begin(_NEVER)
        self._meter.enter("reading")
        self._reader.within = [
            Interval(self._since, _NEVER if self._until is None else self._until)
        ]
        await self._reader.read(self._source.whole)

    async def _read_spans(self) -> None:
        ahead = self._newest + 2 - self._clock()  # of the server's clock, which is after the newest
        if ahead <= 60:
            ahead = 0.0
        self._begin(self._newest or _NEVER)
        changed_from = self._state.watermark or self._state.next_watermark
        assert changed_from is not None
        began = changed_from = changed_from - SEARCH_LAG
        self._reader.recent = FetchedCache(int(began), self._newest)
        for _ in range(_ROUNDS):
            now = self._clock() + ahead
            # Until the last whole second: nothing is created there any more.
            end = int(now) - 1 if self._until is None else min(self._until, int(now) - 1)
            whole = Interval(self._since, max(end, self._since))
            await self._read_created(whole)
            now = self._clock() + ahead
            changed = await self._bring_up_to_date(whole, int(changed_from), int(now) + _DAY, began)
            # What changed while changes were read is read again; the margin was for the first.
            changed_from = now - 2
            if not changed or self._clock() + ahead - now < 1.0:
                return

    async def _edge(self, span: Interval, order: str) -> int | None:
        return await self._retrier.run(lambda _: self._source.edge(span, order))

    async def _read_created(self, whole: Interval) -> None:
        self._meter.enter("counting")
        spans = self._not_read(whole)
        if not spans:
            return
        counts = await self._audit.count(spans)
        new = [VerifiedInterval(span, count) for span, count in counts.items()]
        self._folder.update_state(
            self._source.entity, self._state, verified=with_new(self._state.verified, new)
        )
        expected = sum(c or 0 for c in counts.values())
        kept = sum(s.kept - s.deleted for s in slices_by_creation(self._state))
        unknown = None in counts.values()
        self._meter.total = None if unknown else max(expected + kept, self._meter.rows)
        self._meter.rows = kept
        self._reader.target = self._target(expected)
        self._meter.enter("reading")
        slices = min(self._slices, max(1, expected // 50 + 1))
        await self._reader.read_all(self._without_empty_years(counts), slices)

    def _not_read(self, whole: Interval) -> list[Interval]:
        """Give what is to be read of this span, and of what earlier runs read."""
        done = [s.interval for s in slices_by_creation(self._state)]
        wanted = merged([whole, *self._state.covered])
        spans = [gap for each in wanted for gap in missing(each, done)]
        return cut(spans, self._open_from())

    def _open_from(self) -> int:
        assert self._state.next_watermark is not None
        return open_from(self._source.grid, self._state.next_watermark)

    def _without_empty_years(
        self, counts: dict[Interval, int | None]
    ) -> dict[Interval, int | None]:
        """Cut a span before the oldest record, so that no search is wasted on empty years."""
        oldest, cut_there = self._oldest, dict[Interval, int | None]()
        for span, count in counts.items():
            if oldest is not None and span.start < oldest < span.end:
                cut_there[Interval(span.start, oldest)] = None
                cut_there[Interval(oldest, span.end)] = count
            else:
                cut_there[span] = count
        return cut_there

    def _target(self, expected: int) -> int:
        most = _MOST_WITH_PARTS if self._options.with_parts else _MOST
        return max(_LEAST, min(most, expected // (2 * self._slices)))

    async def _bring_up_to_date(self, whole: Interval, start: int, end: int, began: float) -> int:
        """Read what changed in a time; take out, and read again, what went and came late.

        Gives how many records had changed.
        """
        self._meter.enter("changes")
        audit, settled_until = self._audit, self._open_from()
        news = self._read_changed(whole, start, end)
        checks: list[Coroutine[Any, Any, Any]] = [news, audit.count_again(began, settled_until)]
        changed, found = await run_parallel(checks)
        self._meter.enter("checking")
        await audit.take_out(found.deletions)
        await audit.read_again(found, settled_until, self._slices)
        return int(changed)

    async def _read_changed(self, whole: Interval, start: int, end: int) -> int:
        span = Interval(start, end, "", "updated_at")
        self._reader.within = merged([whole, *covered(self._state)])
        rows, self._reader.target = self._meter.rows, _MOST
        try:
            before = self._state.sequence
            await self._reader.read_all({span: None}, self._slices)
        finally:
            self._reader.within = None
        self._meter.rows = rows
        news = [
            s
            for s in self._state.slices.values()
            if s.interval.field == "updated_at" and s.sequence > before
        ]
        return sum(s.kept for s in news)

    def _finish(self) -> None:
        state = self._state
        entity, record = self._source.entity, self._source.record
        stopped = self._ended.is_set
        entry = compact(
            self._folder, entity, record, state, by_month=self._source.sliced, is_stopped=stopped
        )
        assert entry.state is not None
        entry.state.watermark = state.next_watermark
        entry.state.started_at = entry.state.next_watermark = None
        if self._audit.deletions.newest > 0:
            entry.state.newest_deletion = self._audit.deletions.newest
        entry.state.finished_at = self._clock()
        self._folder.commit(entity, state, entry)
