"""One extraction: what is missing, what changed meanwhile, the audit, the tables."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast

import msgspec

from .. import catalog
from ..catalog.instants import unix_seconds
from ..errors import APIError, DatasetError, InvalidParameterError, UnsupportedError
from ..executors import Executor
from .deleted import named, without
from .folder import EntityState, Entry, Folder, Options, Root
from .merge import merge
from .progress import Counted, Meter, Report
from .read import Reader, together
from .source import Source
from .spans import Span, missing

# New and changed records can be missing from searches for some minutes.
_SEARCH_LAG = 600
_DAY = 86_400
_ROUNDS = 3
_NEVER = 1 << 60
_WORKERS = 40
_WORKERS_WITH_PARTS = 4
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
        folder: Folder,
        entity: str,
        *,
        since: Any = None,
        until: Any = None,
        where: Mapping[str, Any] | None = None,
        with_parts: bool = False,
        complete: bool = False,
        concurrency: int | None = None,
        zone: str | None = None,
        report: Report | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._executor = Counted(executor)
        self._folder = folder
        self._clock = clock
        self._since = 0 if since is None else int(unix_seconds(since, "since"))
        self._until = None if until is None else int(unix_seconds(until, "until"))
        self._options = Options(
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
        self._source.in_zone(zone)
        if (since is not None or until is not None) and not self._source.timed:
            raise InvalidParameterError(
                f"since and until: {entity} do not say when they were created. Leave these out."
            )
        self._workers = concurrency or (_WORKERS_WITH_PARTS if with_parts else _WORKERS)
        self._meter = Meter(entity, self._executor, report)
        self._state = folder.state(entity)
        self._check_options(entity)
        self._reader = Reader(
            self._source, self._executor, folder, self._state, self._meter, clock, sleep
        )

    async def run(self) -> None:
        """Do all that is missing."""
        try:
            self._begin()
            if self._source.sliced:
                await self._read_spans()
            else:
                await self._read_list()
            self._meter.total = self._meter.rows
            self._meter.enter("writing")
            await self._reader.in_thread(self._finish)
            self._meter.enter("done")
        finally:
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

    def _begin(self) -> None:
        if self._state.started_at is None:
            again: dict[str, Any] = {}
            if self._source.filtered:
                # What a filter finds no more can't be told by its count: as many may have come.
                again = {"slices": {}, "roots": []}
            self._put_state(started_at=self._clock(), options=self._options, **again)

    async def _read_list(self) -> None:
        self._meter.enter("reading")
        self._reader.within = Span(self._since, _NEVER if self._until is None else self._until)
        await self._reader.read(self._source.whole)

    async def _read_spans(self) -> None:
        changed_from = self._state.watermark or self._state.started_at
        assert changed_from is not None
        began = changed_from = changed_from - _SEARCH_LAG
        ahead = await self._ahead()
        for _ in range(_ROUNDS):
            now = self._clock() + ahead
            # Until the last whole second: nothing is created there any more.
            end = int(now) - 1 if self._until is None else min(self._until, int(now) - 1)
            whole = Span(self._since, max(end, self._since))
            await self._read_created(whole)
            changed = await self._read_changed(whole, int(changed_from), int(now) + _DAY)
            await self._take_out_deleted(began)
            await self._audit()
            # What changed while changes were read is read again; the margin was for the first.
            changed_from = now - 2
            if not changed or self._clock() + ahead - now < 1.0:
                return

    async def _ahead(self) -> float:
        """Find how far the newest record is ahead of our clock; 0 within the usual minute."""
        now = self._clock()
        newest = await self._source.edge(Span(int(now), int(now) + 100 * 365 * _DAY), "descending")
        ahead = 0 if newest is None else newest + 1 - now
        return ahead if ahead > 60 else 0.0

    async def _read_created(self, whole: Span) -> None:
        self._meter.enter("counting")
        done = [s.span for s in self._state.slices.values()]
        spans = missing(whole, done)
        if not spans:
            return
        if len(spans) == 1 and spans[0].start == self._since:
            spans = await self._without_empty_years(spans[0])
        counts = await asyncio.gather(*(self._source.count(s) for s in spans))
        roots = [Root(s, c, self._clock()) for s, c in zip(spans, counts, strict=True)]
        known = [r for r in self._state.roots if r.span not in spans]
        self._put_state(roots=[*known, *roots])
        expected = sum(c or 0 for c in counts)
        slices = self._state.slices.values()
        kept = sum(s.kept - s.deleted for s in slices if s.span.field == "created_at")
        self._meter.total = None if None in counts else max(expected + kept, self._meter.rows)
        self._meter.rows = kept
        self._reader.target = self._target(expected)
        self._meter.enter("reading")
        await self._reader.read_all(spans, min(self._workers, max(1, expected // 50 + 1)))

    async def _without_empty_years(self, span: Span) -> list[Span]:
        """Cut a span before its oldest record, so that no search is wasted on empty years."""
        oldest = await self._source.edge(span, "ascending")
        if oldest is None or not span.start < oldest < span.end:
            return [span]
        return [Span(span.start, oldest), Span(oldest, span.end)]

    def _target(self, expected: int) -> int:
        most = _MOST_WITH_PARTS if self._options.with_parts else _MOST
        return max(_LEAST, min(most, expected // (2 * self._workers)))

    async def _read_changed(self, whole: Span, start: int, end: int) -> int:
        """Read what changed since; give how many records that were."""
        self._meter.enter("changes")
        span = Span(start, end, "", "updated_at")
        self._reader.within = whole
        rows, self._reader.target = self._meter.rows, _MOST
        try:
            before = self._state.sequence
            await self._reader.read_all([span], self._workers)
        finally:
            self._reader.within = None
        self._meter.rows = rows
        news = [
            s
            for s in self._state.slices.values()
            if s.span.field == "updated_at" and s.sequence > before
        ]
        return sum(s.kept for s in news)

    async def _take_out_deleted(self, since: float) -> None:
        """Take out what the API's list of deletions names; what it misses, the audit finds."""
        ids = await named(cast(Executor, self._executor), self._source.deletions, since)
        if ids:
            entity = self._source.entity
            changes = await self._reader.in_thread(without, self._folder, entity, self._state, ids)
            if changes:
                self._put_state(**changes)

    async def _audit(self) -> None:
        """Count again what was read; where that is not what it was, records went or came late.

        First the spans that were read as a whole, then the slices of those that differ; these are
        read again. A span to which records could still be added when it was counted proves nothing
        by its count.
        """
        self._meter.enter("checking")
        roots, settled = self._state.roots, self._source.grid.settled
        counts = await self._count([r.span for r in roots])
        moved = [
            r.span
            for r in roots
            if counts[r.span] != r.counted or not settled(r.span, r.counted_at)
        ]
        slices = [
            s
            for s in self._state.slices.values()
            if any(m.start < s.span.end and s.span.start < m.end for m in moved)
            and s.span.field == "created_at"
        ]
        found = await self._count([s.span for s in slices])
        began = self._state.started_at or 0.0
        again = [
            s.span
            for s in slices
            if found[s.span] != s.left or (s.read_at < began and not settled(s.span, s.read_at))
        ]
        if again:
            rows, self._reader.target = self._meter.rows, 1 << 60  # split no more
            await self._reader.read_all(again, self._workers)
            self._meter.rows = rows
        if moved:
            now = self._clock()
            self._put_state(roots=[Root(r.span, counts[r.span], now) for r in roots])

    async def _count(self, spans: list[Span]) -> dict[Span, int | None]:
        counts: dict[Span, int | None] = {}

        async def count(jobs: list[Span]) -> None:
            for span in jobs:
                counts[span] = await self._source.count(span)

        await together([count(spans[i :: self._workers]) for i in range(self._workers)])
        return counts

    def _finish(self) -> None:
        state = self._state
        entity, record = self._source.entity, self._source.record
        entry = merge(self._folder, entity, record, state, self._source.sliced)
        assert entry.state is not None
        entry.state.watermark = state.started_at
        entry.state.started_at = None
        entry.state.finished_at = self._clock()
        self._folder.commit(entity, state, entry)

    def _put_state(self, **changes: Any) -> None:
        sequence = self._state.sequence + 1
        state: EntityState = msgspec.structs.replace(self._state, **changes)
        entry = Entry(sequence=sequence, state=state)
        self._folder.commit(self._source.entity, self._state, entry)


async def identify(executor: Executor) -> tuple[str, str | None]:
    """Ask which workspace this is and in which time zone; ("", None) where that cannot be asked."""
    operation = catalog.operation("admins", "identify")
    try:
        executor.refuse(operation)
        page = await executor.page(operation, {})
    except (UnsupportedError, APIError):
        return "", None
    found = msgspec.json.decode(page.records[0], type=_Me)
    return (found.app.id_code or "", found.app.timezone) if found.app else ("", None)


class _App(msgspec.Struct):
    id_code: str | None = None
    timezone: str | None = None


class _Me(msgspec.Struct):
    app: _App | None = None
