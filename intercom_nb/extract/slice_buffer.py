"""Taking in the records of one span: which of them are wanted, whole, and in their order."""

from __future__ import annotations

import asyncio
import collections
import shutil
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..catalog.timestamps import unix_seconds
from ..dataset.state import Interval, TableFile
from ..executors.base import Page
from .source import Head, Read

if TYPE_CHECKING:
    from .slice_reader import Reader

_FLUSH_BYTES = 8_000_000
_GETS_AT_ONCE = 50
_HEAD = msgspec.json.Decoder(Head)


class SliceBuffer:
    """What has arrived of one span, in one attempt."""

    def __init__(self, reader: Reader, span: Interval) -> None:
        self._reader = reader
        self.interval = span
        self.stage: Path | None = None
        self._under_way: collections.deque[asyncio.Task[Read]] = collections.deque()
        self._waiting: dict[Interval, list[msgspec.Raw]] = {}
        self._bytes = 0
        self._writing = asyncio.Lock()
        self._on_thread: asyncio.Future[list[TableFile]] | None = None
        self.files: list[TableFile] = []
        self.seen: set[str] = set()
        self._counts: dict[Interval, int] = {}
        self.requests = self.kept = self.gone = self.cut_parts = 0
        self._moved = False
        self._parts = 0

    def count(self, span: Interval, page: Page) -> None:
        """Note a page of the span, or of a strand of it, and how many records it tells of."""
        self.requests += 1
        told = page.total_count
        if told is not None:
            self._moved |= self._counts.setdefault(span, told) != told

    @property
    def counted(self) -> int | None:
        """How many records the API counted in the span."""
        return self._counts.get(self.interval)

    async def take(self, strand: Interval, page: Page) -> None:
        """Take a page: what belongs to the span, once, with all that belongs to it."""
        source, span = self._reader.source, self.interval
        found = []
        for raw in page.records:
            head = _HEAD.decode(raw)
            key = str(head.id) if head.id is not None else f"#{len(self.seen)}"
            if key in self.seen:
                continue
            self.seen.add(key)
            if source.keeps(span, head, raw) and self._is_wanted(head):
                found.append((head, raw))
        if not source.fills:
            await self._keep(strand, [source.found(head, raw) for head, raw in found])
            return
        for head, raw in found:
            await self._take_filled(_GETS_AT_ONCE - 1)
            self._under_way.append(asyncio.ensure_future(source.filled(head, raw)))

    def _is_wanted(self, head: Head) -> bool:
        if self.interval.field == "updated_at" and self._reader.recent.has(head):
            return False
        within = self._reader.within
        if within is None or head.created_at is None:
            return True
        at = unix_seconds(head.created_at, "created_at")
        return any(span.start <= at < span.end for span in within)

    async def _take_filled(self, at_most: int) -> None:
        """Take what was filled, in its order, until no more than so many are under way."""
        came = []
        while self._under_way and (len(self._under_way) > at_most or self._under_way[0].done()):
            came.append(await self._under_way.popleft())
        await self._keep(self.interval, came)

    async def _keep(self, strand: Interval, found: Sequence[Read]) -> None:
        waiting, arrived = self._waiting.setdefault(strand, []), 0
        for one in found:
            self.cut_parts += one.cut_parts
            self.requests += one.requests
            if one.raw is None:
                self.gone += 1
                continue
            self._reader.recent.add(one)
            waiting.append(one.raw)
            self._bytes += len(memoryview(one.raw))
            arrived += 1
        self.kept += arrived
        self._reader.meter.add(arrived)
        if self._bytes > _FLUSH_BYTES:
            await self._flush()

    async def finish(self) -> None:
        """Take what is under way still, and write what waits."""
        await self._take_filled(0)
        await self._flush()

    async def stop(self) -> None:
        """End what is under way; what is being written is written to its end."""
        for task in self._under_way:
            task.cancel()
        on_thread = [self._on_thread] if self._on_thread else []
        await asyncio.gather(*self._under_way, *on_thread, return_exceptions=True)

    def discard(self) -> None:
        """Remove what was written, on the thread that writes."""
        if self.stage is not None:
            shutil.rmtree(self.stage)

    async def _flush(self) -> None:
        async with self._writing:  # what strands bring meanwhile goes into the next files
            waiting = sorted(self._waiting.items(), key=itemgetter(0))
            raws = [raw for _, of_strand in waiting for raw in of_strand]
            if raws:
                self._waiting, self._bytes = {}, 0
                self._parts += 1
                # A thread cannot be stopped: whoever stops the intake waits for it.
                self._on_thread = asyncio.ensure_future(
                    self._reader.written(self, raws, self._parts)
                )
                self.files += await asyncio.shield(self._on_thread)

    @property
    def differs(self) -> bool:
        """Whether the span has to be read again."""
        short = self.counted is not None and len(self.seen) != self.counted
        return short or self._moved or bool(self.gone)

    @property
    def verdict(self) -> str:
        """What the audit says of the span."""
        if self.counted is None:
            return "not counted"
        return "differs" if self.differs else "complete"
