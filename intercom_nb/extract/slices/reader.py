"""Reader of time intervals: page by page into a buffer, then one commit per slice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping

from ...dataset.state import Interval
from ...errors import BadRequestError, IntercomError, NotFoundError
from ...executors.base import Page
from ...models import RetryPolicy
from ...runtime.concurrency import run_parallel
from ...runtime.retry import Retrier, Sleep
from ..fetcher import Fetcher
from ..intervals import split
from ..progress import ProgressTracker
from ..source import EntitySource
from .buffer import ReadPlan, SliceBuffer
from .writer import SliceWriter

# Times that an interval is read again because what arrived differs from the count.
_REREADS = 3
# A slice costs, besides its records, as much CPU as 150 of them (files, commit, merge). So long
# slices are read as parallel subranges, each followed from page to page. Of 430 expected records
# seldom more than 450 arrive: three full pages. Where many slices are read anyway, long subranges
# have fewer last pages, which are half empty.
_MAX_SUBRANGES, _RECORDS_PER_SUBRANGE, _MAX_PER_SUBRANGE = 7, 430, 600
# Attempts at a part of the work. Waits double up to 60 s, after which an idle scroll has expired.
_ATTEMPTS, _MAX_WAIT = 8, 60.0


class _DiffersError(IntercomError):
    """The API counted more or fewer records than arrived, or its count changed while reading."""

    is_transient = True
    retry_after = 0.0


class _DividedError(Exception):
    """An interval holds more than expected: read these pieces instead."""

    def __init__(self, pieces: list[Interval]) -> None:
        self.pieces = pieces


class SliceReader:
    """Reads intervals of one entity into its folder, each as one commit."""

    def __init__(  # noqa: PLR0913 - its collaborators, each used in one place
        self,
        source: EntitySource,
        fetcher: Fetcher,
        writer: SliceWriter,
        tracker: ProgressTracker,
        retrier: Retrier,
        *,
        clock: Callable[[], float],
        parallel_requests: int,
    ) -> None:
        # Limits requests for pages and counts; fetches by id have a limit of their own.
        self.gate = asyncio.Semaphore(parallel_requests)
        self._source = source
        self._fetcher = fetcher
        self._writer = writer
        self._tracker = tracker
        self._retrier = retrier
        self._clock = clock
        self._indivisible: set[Interval] = set()

    async def read_all(self, intervals: Mapping[Interval, int | None], plan: ReadPlan) -> None:
        """Read intervals in parallel; those that hold too much are split on the way.

        ``intervals`` maps each to its counted number of records, None if not known.
        """
        queue: asyncio.LifoQueue[tuple[Interval, int | None] | None] = asyncio.LifoQueue()
        open_intervals = len(intervals)
        for each in reversed(list(intervals.items())):
            queue.put_nowait(each)

        async def work() -> None:
            nonlocal open_intervals
            while open_intervals and (job := await queue.get()) is not None:
                pieces = await self.read(*job, plan)
                for piece in reversed(pieces.items()):
                    queue.put_nowait(piece)
                open_intervals += len(pieces) - 1
                if not open_intervals:
                    for _ in range(plan.slices):
                        queue.put_nowait(None)

        await run_parallel([work() for _ in range(plan.slices)])

    async def read(
        self, interval: Interval, expected: int | None, plan: ReadPlan
    ) -> dict[Interval, int | None]:
        """Read an interval and commit it, or return the smaller ones to read instead.

        ``expected`` is its number of records: counted, or a share of a count.
        """
        most = self._max_records(plan)
        if interval.field and expected and expected > most:
            pieces = split(interval, self._source.grid, expected, most)
            if pieces and not pieces[0].suffix:
                share = expected // len(pieces)
                # Records are seldom spread evenly, so many pieces are counted by their first page.
                # Few are read at once, and a share saves each a round trip.
                is_known = share <= most and len(pieces) <= plan.slices
                return dict.fromkeys(pieces, share if is_known else None)
        buffer = self._create_buffer(interval, plan)

        async def attempt(number: int) -> list[Interval]:
            nonlocal buffer
            buffer = self._create_buffer(interval, plan)
            try:
                return await self._attempt(buffer, plan, number, expected)
            except IntercomError:
                self._tracker.add(-buffer.kept)
                raise

        def should_retry(error: IntercomError) -> bool:
            return _is_passing(error) or (bool(buffer.requests) and _is_broken_cursor(error))

        pieces = await self._retrier.run(attempt, should_retry)
        return dict.fromkeys(pieces)

    def _create_buffer(self, interval: Interval, plan: ReadPlan) -> SliceBuffer:
        return SliceBuffer(interval, plan, self._source, self._fetcher, self._writer, self._tracker)

    async def _attempt(
        self, buffer: SliceBuffer, plan: ReadPlan, number: int, expected: int | None
    ) -> list[Interval]:
        started = self._clock()
        try:
            if pieces := await self._follow(buffer, plan, buffer.interval, expected):
                return pieces
            await buffer.finish()
        except _DividedError as divided:
            self._tracker.add(-buffer.kept)
            await self._writer.discard(buffer.staged)
            return divided.pieces
        finally:
            await buffer.stop()
        if buffer.differs and number <= _REREADS:
            raise _DiffersError
        await buffer.commit(number, started)
        return []

    async def _follow(
        self, buffer: SliceBuffer, plan: ReadPlan, part: Interval, expected: int | None = None
    ) -> list[Interval]:
        """Read the buffer's interval or a subrange of it, or return the pieces to read instead."""
        if expected and (subranges := self._subranges(part, expected, plan)):
            reads = (self._follow(buffer, plan, s) for s in subranges)
            await run_parallel([self._verify_size(buffer, plan), *reads])
            return []
        following = self._source.pages(part)
        async with self.gate, contextlib.aclosing(following):
            first = await anext(following)
            count = first.total_count
            if part == buffer.interval and (pieces := await self._pieces(part, count, plan)):
                return pieces
            rest = self._source.rest(part, first)
            subranges = self._subranges(rest, (count or 0) - len(first.records), plan)
            if subranges:
                buffer.note_count(part, first)
                await buffer.add_page(part, first)
            else:
                async with contextlib.aclosing(_prefetch(first, following)) as pages:
                    async for page in pages:
                        buffer.note_count(part, page)
                        await buffer.add_page(part, page)
        await run_parallel([self._follow(buffer, plan, s) for s in subranges])
        return []

    async def _verify_size(self, buffer: SliceBuffer, plan: ReadPlan) -> list[Interval]:
        """Count an interval while it is read; raises _DividedError if it is far too large."""
        async with self.gate:
            first = await self._source.first(buffer.interval)
        buffer.note_count(buffer.interval, first)
        if pieces := await self._pieces(buffer.interval, first.total_count, plan):
            raise _DividedError(pieces)
        return []

    def _subranges(self, part: Interval, count: int, plan: ReadPlan) -> list[Interval]:
        size = plan.records_per_slice
        target = min(size, max(_RECORDS_PER_SUBRANGE, min(size // 5, _MAX_PER_SUBRANGE)))
        if not part.field or 2 * count <= 3 * target or self._source.needs_fetch:
            return []
        subranges = split(part, self._source.grid, count, target)
        return subranges if subranges and not subranges[0].suffix else []

    def _max_records(self, plan: ReadPlan) -> int:
        """Return how many records a slice may have."""
        if self._source.needs_fetch:
            return plan.records_per_slice
        subranges = _MAX_SUBRANGES * min(plan.records_per_slice, _RECORDS_PER_SUBRANGE)
        return max(plan.records_per_slice, subranges)

    async def _pieces(
        self, interval: Interval, count: int | None, plan: ReadPlan
    ) -> list[Interval]:
        most = self._max_records(plan)
        if not interval.field or count is None or count <= most or interval in self._indivisible:
            return []
        pieces = split(interval, self._source.grid, count, most)
        if pieces and pieces[0].suffix:
            # The API does not promise that a search by the end of an id is complete: verify it.
            counts = await run_parallel(self._source.count(p) for p in pieces)
            if sum(c or 0 for c in counts) != count:
                self._indivisible.add(interval)
                return []
        return pieces


def make_retrier(sleep: Sleep) -> Retrier:
    """Return the retrier of an extraction; it is more patient than that of a single request."""

    def note(attempts: int) -> str:
        gave_up = f"Gave up after {attempts} attempts. " if attempts > 1 else ""
        return f"{gave_up}Completed slices are kept; run extract() with the same folder to resume."

    return Retrier(RetryPolicy(attempts=_ATTEMPTS, max_wait=_MAX_WAIT), sleep, note)


def _is_passing(error: IntercomError) -> bool:
    return error.is_transient or getattr(error, "code", None) == "scroll_exists"


def _is_broken_cursor(error: IntercomError) -> bool:
    """Return whether a cursor or a scroll may have expired: a new one may be accepted."""
    return isinstance(error, (BadRequestError, NotFoundError))


async def _prefetch(
    page: Page | None, following: AsyncGenerator[Page, None]
) -> AsyncGenerator[Page, None]:
    """Yield a page and those after it; the next one is always requested already."""

    async def request_next() -> Page | None:
        return await anext(following, None)

    while page is not None:
        coming = asyncio.ensure_future(request_next())
        try:
            yield page
            page = await coming
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
