"""Reading one span: page by page into staged Parquet files, then one commit."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ..catalog.instants import unix_seconds
from ..errors import (
    BadRequestError,
    ConnectionFailed,
    IntercomError,
    NotFoundError,
    PagingError,
    RateLimitError,
    ServerError,
    UnreadableAnswerError,
)
from ..executors import Page
from .folder import EntityState, Entry, File, Folder, Slice
from .progress import Counted, Meter
from .source import Head, Source
from .spans import Span, split
from .tables import MONTH, first_columns, to_tables
from .waiting import write_waiting

_T = TypeVar("_T")
# What may be over when the span is read again from its start: also a cursor or a scroll that died.
_PASSING = (
    BadRequestError,
    ConnectionFailed,
    NotFoundError,
    PagingError,
    RateLimitError,
    ServerError,
    UnreadableAnswerError,
)
_ATTEMPTS = 8
# So often is a span read again because what arrived is not what was counted.
_RECOUNTS = 3
_FIRST_WAIT, _MOST_WAIT = 0.5, 60.0
_FLUSH_BYTES = 4_000_000
_GETS_AT_ONCE = 50


class _Differs(Exception):
    """What arrived is not what the API counted, or the count changed on the way."""


class Reader:
    """Reads spans of one entity into its folder, each as one commit."""

    def __init__(
        self,
        source: Source,
        executor: Counted,
        folder: Folder,
        state: EntityState,
        meter: Meter,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self.source = source
        self.target = 0
        self.within: list[Span] | None = None
        self._executor = executor
        self._folder = folder
        self._state = state
        self.meter = meter
        self._sleep = sleep
        self._undivided: set[Span] = set()
        # One thread turns pages into files, so that the loop goes on with the network.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intercom-nb-extract")

    async def in_thread(self, work: Callable[..., _T], *args: Any) -> _T:
        """Do work on the thread that writes."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, functools.partial(work, *args))

    def close(self) -> None:
        """End the thread, after what it is at."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def read_all(self, spans: list[Span], workers: int) -> None:
        """Read spans side by side; those that hold too much are split on the way."""
        queue: asyncio.LifoQueue[Span | None] = asyncio.LifoQueue()
        open_spans = len(spans)
        for span in reversed(spans):
            queue.put_nowait(span)

        async def work() -> None:
            nonlocal open_spans
            while open_spans and (span := await queue.get()) is not None:
                pieces = await self.read(span)
                for piece in reversed(pieces):
                    queue.put_nowait(piece)
                open_spans += len(pieces) - 1
                if not open_spans:
                    for _ in range(workers):
                        queue.put_nowait(None)

        await together([work() for _ in range(workers)])

    async def read(self, span: Span) -> list[Span]:
        """Read a span and commit it, or give the smaller ones to read instead."""
        for attempt in range(1, _ATTEMPTS + 1):
            stage = await self.in_thread(self._folder.stage, self.source.entity, span.key)
            intake = _Intake(self, span, stage)
            try:
                return await self._attempt(intake, attempt)
            except _Differs:
                wait = 0.0
            except _PASSING as error:
                if attempt == _ATTEMPTS or not _may_pass(error, intake):
                    error.add_note(
                        f"{self.source.entity}: a part of it could not be read in {attempt} "
                        "attempts. What is done is kept: extract again into the same folder."
                    )
                    raise
                wait = _wait_after(error, attempt)
            self.meter.add(-intake.kept)
            await self._sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, intake: _Intake, attempt: int) -> list[Span]:
        began, span = self._clock(), intake.span
        following = self.source.pages(span)
        async with contextlib.aclosing(following):
            async for page in following:
                if not intake.pages and (pieces := await self._pieces(span, page)):
                    return pieces
                await intake.take(page)
        await intake.flush()
        if intake.differs and attempt <= _RECOUNTS:
            raise _Differs
        found = Slice(
            span=span,
            counted=intake.counted,
            arrived=len(intake.seen),
            kept=intake.kept,
            gone=intake.gone,
            cut_parts=intake.cut_parts,
            requests=intake.requests,
            attempts=attempt,
            read_at=began,
            state=intake.verdict,
            waits=True,
        )
        await self.in_thread(self._commit, found, intake.files)
        return []

    async def _pieces(self, span: Span, page: Page) -> list[Span]:
        count = page.total_count
        if not span.field or count is None or count <= self.target or span in self._undivided:
            return []
        pieces = split(span, self.source.grid, count, self.target)
        if pieces and pieces[0].suffix:
            # Whether a search by the end of an id finds all is not promised: count, then trust.
            counts = await asyncio.gather(*(self.source.count(p) for p in pieces))
            if sum(c or 0 for c in counts) != count:
                self._undivided.add(span)
                return []
        return pieces

    def write(self, raws: list[msgspec.Raw], stage: Path, number: int) -> list[File]:
        """Write records to staged files, one for each table."""
        entity, record = self.source.entity, self.source.record
        files, declared = [], first_columns(entity, record)
        for table, rows in to_tables(raws, entity, record).items():
            path = write_waiting(rows, stage, f"{table}-{number}", {MONTH, *declared(table)})
            files.append(File(table, self._folder.relative(path), len(rows)))
        return files

    def _commit(self, found: Slice, staged: list[File]) -> None:
        sequence = self._state.sequence + 1
        entity = self.source.entity
        home = self._folder.slice_home(entity, f"{sequence:08}")
        found.sequence = sequence
        found.files = [File(f.table, f"{home}/{Path(f.path).name}", f.rows) for f in staged]
        before = self._state.slices.get(found.span.key)
        entry = Entry(
            sequence=sequence,
            moves=[(s.path, f.path) for s, f in zip(staged, found.files, strict=True)],
            removes=[f.path for f in before.files] if before else [],
            put=found,
        )
        self._folder.commit(entity, self._state, entry)


class _Intake:
    """What has arrived of one span, in one attempt."""

    def __init__(self, reader: Reader, span: Span, stage: Path) -> None:
        self._reader = reader
        self.span = span
        self._stage = stage
        self._waiting: list[msgspec.Raw] = []
        self._bytes = 0
        self.files: list[File] = []
        self.seen: set[str] = set()
        self.counted: int | None = None
        self.pages = self.requests = self.kept = self.gone = self.cut_parts = 0
        self._moved = False
        self._parts = 0

    async def take(self, page: Page) -> None:
        """Take a page: what belongs to the span, once, with all that belongs to it."""
        if page.total_count is not None:
            self._moved |= self.counted is not None and page.total_count != self.counted
            self.counted = page.total_count
        self.pages += 1
        self.requests += 1
        source, span = self._reader.source, self.span
        found = []
        for raw in page.records:
            head = msgspec.json.decode(raw, type=Head)
            key = str(head.id) if head.id is not None else f"#{len(self.seen)}"
            if key in self.seen:
                continue
            self.seen.add(key)
            if source.keeps(span, head, raw) and self._is_wanted(head):
                found.append((head, raw))
        for start in range(0, len(found), _GETS_AT_ONCE):
            await self._fill(found[start : start + _GETS_AT_ONCE])

    def _is_wanted(self, head: Head) -> bool:
        within = self._reader.within
        if within is None or head.created_at is None:
            return True
        at = unix_seconds(head.created_at, "created_at")
        return any(span.start <= at < span.end for span in within)

    async def _fill(self, found: list[tuple[Head, msgspec.Raw]]) -> None:
        arrived = 0
        for one in await self._reader.source.filled(found):
            self.cut_parts += one.cut_parts
            self.requests += one.requests
            if one.raw is None:
                self.gone += 1
                continue
            self._waiting.append(one.raw)
            self._bytes += len(memoryview(one.raw))
            arrived += 1
        self.kept += arrived
        self._reader.meter.add(arrived)
        if self._bytes > _FLUSH_BYTES:
            await self.flush()

    async def flush(self) -> None:
        """Write what waits."""
        if self._waiting:
            raws, self._waiting, self._bytes = self._waiting, [], 0
            self._parts += 1
            self.files += await self._reader.in_thread(
                self._reader.write, raws, self._stage, self._parts
            )

    @property
    def differs(self) -> bool:
        """Whether the span has to be read again."""
        short = self.counted is not None and len(self.seen) != self.counted
        return short or self._moved or bool(self.gone)

    @property
    def verdict(self) -> str:
        if self.counted is None:
            return "not counted"
        return "differs" if self.differs else "complete"


async def together(jobs: list[Any]) -> None:
    """Run jobs side by side; the first failure ends them all and is raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _may_pass(error: IntercomError, intake: _Intake) -> bool:
    """Tell whether reading again can help: a question that is refused at once stays refused."""
    if getattr(error, "code", None) == "scroll_exists":
        return True
    return bool(intake.pages) or not isinstance(error, (BadRequestError, NotFoundError))


def _wait_after(error: IntercomError, attempt: int) -> float:
    if getattr(error, "code", None) == "scroll_exists":
        return _MOST_WAIT  # the other one ends by itself, a minute after its last use
    return float(min(_FIRST_WAIT * 2 ** (attempt - 1), _MOST_WAIT))
