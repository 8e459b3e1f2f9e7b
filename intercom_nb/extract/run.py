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
from .coverage import (
    SEARCH_LAG,
    covered,
    joinable,
    open_from,
    renewed,
    slices_by_creation,
    with_new,
)
from .deleted import Named, named, without
from .folder import EntityState, Entry, Folder, Options, Root
from .merge import merge
from .progress import Counted, Meter, Report
from .read import Reader, together
from .source import Source
from .spans import Span, cut, merged, missing

_DAY = 86_400
_ROUNDS = 3
_NEVER = 1 << 60
_CENTURY = 100 * 365 * _DAY
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
        self._deletions = Named()
        self._check_options(entity)
        self._reader = Reader(
            self._source, self._executor, folder, self._state, self._meter, clock, sleep
        )

    async def run(self) -> None:
        """Do all that is missing."""
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
            self._put_state(started_at=now, mark=mark, options=self._options, **again)

    async def _read_list(self) -> None:
        self._begin(_NEVER)
        self._meter.enter("reading")
        self._reader.within = [Span(self._since, _NEVER if self._until is None else self._until)]
        await self._reader.read(self._source.whole)

    async def _read_spans(self) -> None:
        newest = await self._newest_change()
        ahead = newest + 2 - self._clock()  # of the server's clock, which is after the newest
        if ahead <= 60:
            ahead = 0.0
        self._begin(newest or _NEVER)
        changed_from = self._state.watermark or self._state.mark
        assert changed_from is not None
        began = changed_from = changed_from - SEARCH_LAG
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

    async def _newest_change(self) -> int:
        """Ask when the newest change was, by the server's clock; 0 where there is none."""
        span = Span(0, int(self._clock()) + _CENTURY, "", "updated_at")
        return await self._source.edge(span, "descending") or 0

    async def _read_created(self, whole: Span) -> None:
        self._meter.enter("counting")
        spans = self._not_read(whole)
        if not spans:
            return
        if spans[0].start == self._since:
            spans[:1] = await self._without_empty_years(spans[0])
        counts = await asyncio.gather(*(self._source.count(s) for s in spans))
        new = [Root(s, c) for s, c in zip(spans, counts, strict=True)]
        self._put_state(roots=with_new(self._state.roots, new))
        expected = sum(c or 0 for c in counts)
        kept = sum(s.kept - s.deleted for s in slices_by_creation(self._state))
        self._meter.total = None if None in counts else max(expected + kept, self._meter.rows)
        self._meter.rows = kept
        self._reader.target = self._target(expected)
        self._meter.enter("reading")
        await self._reader.read_all(spans, min(self._workers, max(1, expected // 50 + 1)))

    def _not_read(self, whole: Span) -> list[Span]:
        """Give what is to be read of this span, and of what earlier runs read."""
        done = [s.span for s in slices_by_creation(self._state)]
        wanted = merged([whole, *self._state.covered])
        spans = [gap for each in wanted for gap in missing(each, done)]
        return cut(spans, self._open_from())

    def _open_from(self) -> int:
        assert self._state.mark is not None
        return open_from(self._source.grid, self._state.mark)

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
        self._reader.within = merged([whole, *covered(self._state)])
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
        if self._state.listed is not None:
            since = self._state.listed - SEARCH_LAG
        executor = cast(Executor, self._executor)
        found, known = await named(executor, self._source.deletions, since), self._deletions
        # What came back since it was taken out is there after all.
        new = found.ids - known.ids
        self._deletions = Named(found.ids | known.ids, max(found.newest, known.newest))
        entity, in_thread = self._source.entity, self._reader.in_thread
        changes = await in_thread(without, self._folder, entity, self._state, new)
        if changes:
            self._put_state(**changes)

    async def _audit(self) -> None:
        """Count again what was read; where that is not what it was, records went or came late.

        First the spans that were read as a whole, then the slices of those that differ; these are
        read again. A span to which records could still be added when it was counted proves nothing
        by its count.
        """
        self._meter.enter("checking")
        roots, settled_until = self._state.roots, self._open_from()
        # First: what goes missing until the others are counted is noticed by these.
        joined = await self._count(joinable(roots, settled_until))
        counts = await self._count([r.span for r in roots])
        moved = [r.span for r in roots if counts[r.span] != r.counted or r.span.end > settled_until]
        slices = [
            s
            for s in slices_by_creation(self._state)
            if any(m.start < s.span.end and s.span.start < m.end for m in moved)
        ]
        found = await self._count([s.span for s in slices])
        again = [s.span for s in slices if found[s.span] != s.left]
        if again:
            rows, self._reader.target = self._meter.rows, 1 << 60  # split no more
            await self._reader.read_all(again, self._workers)
            self._meter.rows = rows
        if moved or joined:
            news, wider = ([Root(s, c) for s, c in each.items()] for each in (counts, joined))
            self._put_state(roots=with_new(news, wider))

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
        entry.state.watermark = state.mark
        entry.state.started_at = entry.state.mark = None
        if self._deletions.newest > 0:
            entry.state.listed = self._deletions.newest
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
