"""Reading one span: page by page into staged Parquet files, then one commit."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ..dataset.compaction.staging import write_staged
from ..dataset.schema import MONTH, first_columns
from ..dataset.state import Commit, EntityState, Interval, Slice, TableFile
from ..dataset.store import DatasetFolder
from ..dataset.tables import to_tables
from ..errors import BadRequestError, IntercomError, NotFoundError
from ..executors.base import Page
from ..runtime.concurrency import run_parallel
from ..runtime.memory import release_free_memory
from ..runtime.retry import Retrier, RetryPolicy, Sleep, is_transient
from .fetched_cache import FetchedCache
from .intervals import split
from .progress import CountingExecutor, ProgressTracker
from .slice_buffer import SliceBuffer
from .source import Source

_T = TypeVar("_T")
# So often is a span read again because what arrived is not what was counted.
_RECOUNTS = 3
# What a slice costs besides its records is as much as some 300 of them. So pages that are followed
# side by side, each strand from page to page, are one slice. Of 430 records expected seldom more
# than 450 are found: three pages.
_STRANDS, _MOST_IN_STRAND = 7, 430
# Each may hold some 50 MB for the records of a slice.
_WRITERS = 2
# Slices: free memory lies in ever more places otherwise, and the process grows with the workspace.
_GIVEN_BACK_EVERY = 16


class _DiffersError(IntercomError):
    """What arrived differs from what the API counted, or the count changed while reading."""

    is_transient = True
    retry_after = 0.0


class _DividedError(Exception):
    """A span holds more than was expected, so that these are to be read instead."""

    def __init__(self, pieces: list[Interval]) -> None:
        self.pieces = pieces


class Reader:
    """Reads spans of one entity into its folder, each as one commit."""

    def __init__(
        self,
        source: Source,
        executor: CountingExecutor,
        folder: DatasetFolder,
        state: EntityState,
        meter: ProgressTracker,
        clock: Callable[[], float],
        retrier: Retrier,
        at_once: int,
    ) -> None:
        # Of pages and counts, not of what fills records: these are many for each page.
        self.gate = asyncio.Semaphore(at_once)
        self._clock = clock
        self.source = source
        self.target = 0
        self.within: list[Interval] | None = None
        self.recent = FetchedCache()
        self._executor = executor
        self._folder = folder
        self._state = state
        self.meter = meter
        self._retrier = retrier
        self._undivided: set[Interval] = set()
        # Pages become files beside the loop, which goes on with the network: most of that is
        # Arrow's work, without Python's lock. What is committed is, in one thread.
        self._writing = ThreadPoolExecutor(_WRITERS, thread_name_prefix="intercom-nb-write")
        self._committing = ThreadPoolExecutor(1, thread_name_prefix="intercom-nb-commit")

    async def in_thread(self, work: Callable[..., _T], *args: Any) -> _T:
        """Do work on the thread that commits."""
        return await _in(self._committing, work, *args)

    async def written(
        self, intake: SliceBuffer, raws: list[msgspec.Raw], number: int
    ) -> list[TableFile]:
        """Write records to staged files, one for each table, on a thread that writes."""
        return await _in(self._writing, self._write, intake, raws, number)

    def close(self) -> None:
        """End the threads, after what they are at."""
        for threads in (self._writing, self._committing):
            threads.shutdown(wait=True, cancel_futures=True)

    async def read_all(self, spans: Mapping[Interval, int | None], slices: int) -> None:
        """Read spans, so many slices side by side; those that hold too much are split on the way.

        ``spans`` says how many records were counted in each, where that is known.
        """
        queue: asyncio.LifoQueue[tuple[Interval, int | None] | None] = asyncio.LifoQueue()
        open_spans = len(spans)
        for each in reversed(list(spans.items())):
            queue.put_nowait(each)

        async def work() -> None:
            nonlocal open_spans
            while open_spans and (job := await queue.get()) is not None:
                pieces = await self.read(*job)
                for piece in reversed(pieces.items()):
                    queue.put_nowait(piece)
                open_spans += len(pieces) - 1
                if not open_spans:
                    for _ in range(slices):
                        queue.put_nowait(None)

        await run_parallel([work() for _ in range(slices)])

    async def read(self, span: Interval, expected: int | None = None) -> dict[Interval, int | None]:
        """Read a span and commit it, or give the smaller ones to read instead.

        ``expected`` is how many records it has: counted, or a share of what was.
        """
        if span.field and expected and expected > self._most:
            pieces = split(span, self.source.grid, expected, self._most)
            if pieces and not pieces[0].suffix:
                share = expected // len(pieces)
                # Records are seldom spread evenly, so only what is to be one slice is relied on.
                return dict.fromkeys(pieces, share if share <= self._most else None)
        intake = SliceBuffer(self, span)

        async def attempt(number: int) -> list[Interval]:
            nonlocal intake
            intake = SliceBuffer(self, span)
            try:
                return await self._attempt(intake, number, expected)
            except IntercomError:
                self.meter.add(-intake.kept)
                raise

        def should_retry(error: IntercomError) -> bool:
            return _is_passing(error) or (bool(intake.requests) and _is_broken_cursor(error))

        pieces = await self._retrier.run(attempt, should_retry)
        return dict.fromkeys(pieces)

    async def _attempt(
        self, intake: SliceBuffer, attempt: int, expected: int | None
    ) -> list[Interval]:
        began, span = self._clock(), intake.interval
        try:
            if pieces := await self._follow(intake, span, expected):
                return pieces
            await intake.finish()
        except _DividedError as divided:
            self.meter.add(-intake.kept)
            await self.in_thread(intake.discard)
            return divided.pieces
        finally:
            await intake.stop()
        if intake.differs and attempt <= _RECOUNTS:
            raise _DiffersError
        found = Slice(
            interval=span,
            counted=intake.counted,
            arrived=len(intake.seen),
            kept=intake.kept,
            gone=intake.gone,
            cut_parts=intake.cut_parts,
            requests=intake.requests,
            attempts=attempt,
            read_at=began,
            status=intake.verdict,
            is_pending=True,
        )
        await self.in_thread(self._commit, found, intake.files)
        return []

    async def _follow(
        self, intake: SliceBuffer, span: Interval, expected: int | None = None
    ) -> list[Interval]:
        """Take in a span, in strands where it is long, or give the slices to read instead.

        ``span`` is that of the intake, or a strand of it.
        """
        if expected and (strands := self._strands(span, expected)):
            await run_parallel([self._weigh(intake), *(self._follow(intake, s) for s in strands)])
            return []
        following = self.source.pages(span)
        async with self.gate, contextlib.aclosing(following):
            first = await anext(following)
            if span == intake.interval and (pieces := await self._pieces(span, first.total_count)):
                return pieces
            strands = self._strands(span, first.total_count)
            if strands:
                intake.count(span, first)
            else:
                async with contextlib.aclosing(_ahead(first, following)) as pages:
                    async for page in pages:
                        intake.count(span, page)
                        await intake.take(span, page)
        await run_parallel([self._follow(intake, strand) for strand in strands])
        return []

    async def _weigh(self, intake: SliceBuffer) -> None:
        """Count the span of an intake while it is read; stop that where it is far too long."""
        async with self.gate:
            first = await self.source.first(intake.interval)
        intake.count(intake.interval, first)
        if pieces := await self._pieces(intake.interval, first.total_count):
            raise _DividedError(pieces)

    def _strands(self, span: Interval, count: int | None) -> list[Interval]:
        target = min(self.target, _MOST_IN_STRAND)
        if not span.field or count is None or self.source.fills or 2 * count <= 3 * target:
            return []
        strands = split(span, self.source.grid, count, target)
        return strands if strands and not strands[0].suffix else []

    @property
    def _most(self) -> int:
        """How many records a slice may have."""
        if self.source.fills:
            return self.target
        return max(self.target, _STRANDS * min(self.target, _MOST_IN_STRAND))

    async def _pieces(self, span: Interval, count: int | None) -> list[Interval]:
        if not span.field or count is None or count <= self._most or span in self._undivided:
            return []
        pieces = split(span, self.source.grid, count, self._most)
        if pieces and pieces[0].suffix:
            # Whether a search by the end of an id finds all is not promised: count, then trust.
            counts = await run_parallel(self.source.count(p) for p in pieces)
            if sum(c or 0 for c in counts) != count:
                self._undivided.add(span)
                return []
        return pieces

    def _write(self, intake: SliceBuffer, raws: list[msgspec.Raw], number: int) -> list[TableFile]:
        entity, record = self.source.entity, self.source.record
        if intake.stage is None:
            intake.stage = self._folder.stage(entity, intake.interval.key)
        files, declared = [], first_columns(entity, record)
        for table, rows in to_tables(raws, entity, record).items():
            known = {MONTH, *declared(table)}
            path = write_staged(rows, intake.stage, f"{table}-{number}", known)
            files.append(TableFile(table, self._folder.relative(path), len(rows)))
        return files

    def _commit(self, found: Slice, staged: list[TableFile]) -> None:
        sequence = self._state.sequence + 1
        entity = self.source.entity
        home = self._folder.slice_path(entity, f"{sequence:08}")
        found.sequence = sequence
        found.files = [TableFile(f.table, f"{home}/{Path(f.path).name}", f.rows) for f in staged]
        before = self._state.slices.get(found.interval.key)
        entry = Commit(
            sequence=sequence,
            moves=[(s.path, f.path) for s, f in zip(staged, found.files, strict=True)],
            removes=[f.path for f in before.files] if before else [],
            new_slice=found,
        )
        self._folder.commit(entity, self._state, entry)
        if sequence % _GIVEN_BACK_EVERY == 0:
            release_free_memory()


def make_retrier(sleep: Sleep) -> Retrier:
    """Return what retries a part of an extraction, longer than a single request is retried."""

    def note(attempts: int) -> str:
        gave_up = f"Gave up after {attempts} attempts. " if attempts > 1 else ""
        return f"{gave_up}Completed slices are kept; run extract() with the same folder to resume."

    return Retrier(RetryPolicy(attempts=8, max_wait=60.0), sleep, note)


def _is_passing(error: IntercomError) -> bool:
    return is_transient(error) or getattr(error, "code", None) == "scroll_exists"


def _is_broken_cursor(error: IntercomError) -> bool:
    """Return whether a cursor or a scroll may have expired: a new one may be accepted."""
    return isinstance(error, (BadRequestError, NotFoundError))


async def _in(threads: ThreadPoolExecutor, work: Callable[..., _T], *args: Any) -> _T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, functools.partial(work, *args))


async def _ahead(
    page: Page | None, following: AsyncGenerator[Page, None]
) -> AsyncGenerator[Page, None]:
    """Give a page and those that follow, each when the next one was asked for."""

    async def after() -> Page | None:
        return await anext(following, None)

    while page is not None:
        coming = asyncio.ensure_future(after())
        try:
            yield page
            page = await coming
        finally:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
