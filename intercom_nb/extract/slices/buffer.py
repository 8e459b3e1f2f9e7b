"""Buffer of one slice: which records belong to it, whole, once, and in order."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
from collections.abc import Sequence
from operator import itemgetter

import msgspec

from ...dataset.state import Interval, Slice
from ...executors.base import Page
from ..fetcher import GONE, Fetcher
from ..progress import ProgressTracker
from ..record_head import FetchedRecord, RecordHead, parse_head
from ..source import EntitySource
from .writer import SliceWriter, StagedSlice

# Bytes of JSON that are written to one set of staged files: all of most slices, for a set costs as
# much CPU as 150 conversations.
_FLUSH_BYTES = 12_000_000
# Records fetched in parallel for one slice; the rate limiter keeps all slices below the limit.
_PARALLEL_FETCHES = 50


@dataclasses.dataclass(frozen=True)
class ReadPlan:
    """Plan of one pass over an entity.

    Attributes:
        slices: Slices read in parallel.
        records_per_slice: Target size; larger intervals are split.
        created_within: Only records created in these intervals are kept; None keeps all.
    """

    slices: int
    records_per_slice: int
    created_within: Sequence[Interval] | None = None


class SliceBuffer:
    """Records of one interval, collected in one attempt."""

    def __init__(
        self,
        interval: Interval,
        plan: ReadPlan,
        source: EntitySource,
        fetcher: Fetcher,
        writer: SliceWriter,
        tracker: ProgressTracker,
    ) -> None:
        self.interval = interval
        self._plan = plan
        self._source = source
        self._fetcher = fetcher
        self._writer = writer
        self._tracker = tracker
        self.staged = StagedSlice(interval)
        self._fetches: collections.deque[asyncio.Task[FetchedRecord]] = collections.deque()
        self._waiting: dict[Interval, list[msgspec.Raw]] = {}
        self._bytes = 0
        self._write_lock = asyncio.Lock()
        self._write_task: asyncio.Future[None] | None = None
        self._seen: set[str] = set()
        self._counts: dict[Interval, int] = {}
        self._has_moved = False
        self.requests = self.kept = self._cut_parts = self._skipped = self._gone = (
            self._repaired
        ) = 0
        self._problems: dict[str, str] = {}
        self._settled: list[RecordHead] = []

    def note_count(self, interval: Interval, page: Page) -> None:
        """Record a page of the interval or a subrange, and the total count that it reports."""
        self.requests += 1
        count = page.total_count
        if count is not None:
            self._has_moved |= self._counts.setdefault(interval, count) != count

    @property
    def counted(self) -> int | None:
        """The number of records that the API counted in the interval."""
        return self._counts.get(self.interval)

    async def add_page(self, subrange: Interval, page: Page) -> None:
        """Add the records of a page that belong to the interval, each id once."""
        found = []
        self._repaired += page.repaired
        for raw in page.records:
            head = parse_head(raw)
            if head is None:  # a null or a text in place of a record
                self._skipped += 1
                continue
            key = head.id or f"#{len(self._seen)}"
            if key in self._seen:
                continue
            self._seen.add(key)
            if self._source.matches(self.interval, head, raw) and self._is_wanted(head):
                found.append((head, raw))
        if not self._source.needs_fetch:
            raws = [raw for _, raw in found]
            self._cut_parts += self._source.count_cut(raws)
            await self._keep(subrange, raws)
            return
        for head, raw in found:
            await self._collect(_PARALLEL_FETCHES - 1)
            self._fetches.append(asyncio.ensure_future(self._fetcher.fetch(head, raw)))

    def _is_wanted(self, head: RecordHead) -> bool:
        if self.interval.field == "updated_at" and self._fetcher.fetched.has_current(head):
            return False
        within, at = self._plan.created_within, head.created_at
        return within is None or at is None or any(i.start <= at < i.end for i in within)

    async def _collect(self, at_most: int) -> None:
        """Collect fetched records in order until at most this many fetches are open."""
        found = []
        while self._fetches and (len(self._fetches) > at_most or self._fetches[0].done()):
            found.append(await self._fetches.popleft())
        raws = []
        for one in found:
            self._cut_parts += one.has_cut_parts
            self._repaired += one.repaired
            self.requests += one.requests
            if one.is_settled:
                self._settled.append(one.head)
            if one.problem:
                self._problems[str(one.head.id)] = one.problem
            # A row without parts must not replace a whole one of an earlier run.
            is_loss = one.problem and self.interval.field == "updated_at"
            if one.raw is None or is_loss:
                self._gone += one.problem == GONE
                continue
            raws.append(one.raw)
        await self._keep(self.interval, raws)

    async def _keep(self, subrange: Interval, raws: Sequence[msgspec.Raw]) -> None:
        self._waiting.setdefault(subrange, []).extend(raws)
        self._bytes += sum(len(memoryview(raw)) for raw in raws)
        self.kept += len(raws)
        self._tracker.add(len(raws))
        if self._bytes > _FLUSH_BYTES:
            await self._flush()

    async def finish(self) -> None:
        """Collect all open fetches and write what is left."""
        await self._collect(0)
        await self._flush()

    async def commit(self, attempts: int, read_at: float) -> None:
        """Commit the slice; only then are its records known as fetched to later searches."""
        await self._writer.commit(self.staged, self._to_slice(attempts, read_at))
        self._fetcher.fetched.add(self._settled)

    async def stop(self) -> None:
        """Cancel open fetches; a write in progress is awaited, since a thread cannot be stopped."""
        for task in self._fetches:
            task.cancel()
        writes = [self._write_task] if self._write_task else []
        await asyncio.gather(*self._fetches, *writes, return_exceptions=True)

    async def _flush(self) -> None:
        async with self._write_lock:  # what arrives meanwhile goes into the next files
            waiting = sorted(self._waiting.items(), key=itemgetter(0))
            raws = [raw for _, of_subrange in waiting for raw in of_subrange]
            if raws:
                self._waiting, self._bytes = {}, 0
                self._write_task = asyncio.ensure_future(self._writer.write(self.staged, raws))
                await asyncio.shield(self._write_task)

    @property
    def differs(self) -> bool:
        """Whether what arrived differs from what the API counted, so that it is read again."""
        is_short = self.counted is not None and len(self._seen) + self._skipped != self.counted
        return is_short or self._has_moved

    @property
    def status(self) -> str:
        """The state that the audit reports: complete, differs or not counted."""
        if self.counted is None:
            return "not counted"
        return "differs" if self.differs else "complete"

    def _to_slice(self, attempts: int, read_at: float) -> Slice:
        return Slice(
            interval=self.interval,
            counted=self.counted,
            arrived=len(self._seen),
            kept=self.kept,
            gone=self._gone,
            cut_parts=self._cut_parts,
            requests=self.requests,
            attempts=attempts,
            read_at=read_at,
            status=self.status,
            is_pending=True,
            skipped=self._skipped,
            repaired=self._repaired,
            problems=self._problems,
        )
