"""Reconciliation: apply deletions, count again, and read again whatever changed its count."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import cast

from ..dataset.coverage import slices_by_creation
from ..dataset.state import Interval, Slice, VerifiedInterval
from ..dataset.store import EntityStore
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from ..runtime.retry import Retrier
from .coverage import SEARCH_LAG, add_verified, joinable
from .deletions import Deletions, apply_deletions, list_deletions
from .progress import CountingExecutor, ProgressTracker
from .slices.buffer import ReadPlan
from .slices.reader import SliceReader
from .source import EntitySource

# Slices that are read again are as they are: never split.
_NO_SPLIT = 1 << 60


@dataclasses.dataclass(frozen=True)
class Recount:
    """Deletions and counts of one check; ``joined`` was counted before the other intervals."""

    deletions: Deletions
    joined: dict[Interval, int | None]
    counts: dict[Interval, int | None]


class Reconciler:
    """Finds records that were deleted, or entered late, since their slice was read."""

    def __init__(
        self,
        source: EntitySource,
        executor: CountingExecutor,
        store: EntityStore,
        reader: SliceReader,
        retrier: Retrier,
        tracker: ProgressTracker,
    ) -> None:
        self.deletions = Deletions()
        self._source = source
        self._executor = executor
        self._store = store
        self._reader = reader
        self._retrier = retrier
        self._tracker = tracker

    async def recount(self, since: float, settled_until: int) -> Recount:
        """Request the deletions since a time, then count the verified intervals.

        An interval that records could still enter when it was counted proves nothing by its count,
        so its slices are counted too.
        """
        state = self._store.state
        if state.newest_deletion is not None:
            since = state.newest_deletion - SEARCH_LAG
        executor, operation = cast(Executor, self._executor), self._source.deletions
        deletions = await self._retrier.run(lambda _: list_deletions(executor, operation, since))
        verified = [v.interval for v in state.verified]
        # First, so that a deletion before the other counts shows in these.
        joined = await self.count(joinable(state.verified, settled_until))
        unsettled = [interval for interval in verified if interval.end > settled_until]
        slices = [s.interval for s in self._slices_in(unsettled)]
        return Recount(deletions, joined, await self.count([*verified, *slices]))

    def _slices_in(self, intervals: list[Interval]) -> list[Slice]:
        return [
            one
            for one in slices_by_creation(self._store.state)
            if any(i.start < one.interval.end and one.interval.start < i.end for i in intervals)
        ]

    def apply_deletions(self, found: Deletions) -> None:
        """Apply listed deletions that are new in this run; what the list misses, counts find.

        A record that was read after its deletion was applied exists again, so it stays.
        """
        known = self.deletions
        new = found.ids - known.ids
        self.deletions = Deletions(found.ids | known.ids, max(found.newest, known.newest))
        apply_deletions(self._store, new)

    async def reread(self, recount: Recount, settled_until: int, slices: int) -> None:
        """Read again the slices whose count has changed.

        If a verified interval still has its count, none of its slices has to be counted.
        """
        verified, counts = self._store.state.verified, recount.counts
        moved = [
            v.interval
            for v in verified
            if counts[v.interval] != v.counted or v.interval.end > settled_until
        ]
        inside = self._slices_in(moved)
        uncounted = [s.interval for s in inside if s.interval not in counts]
        found = counts | await self.count(uncounted)
        again = [s.interval for s in inside if found[s.interval] != s.expected_count]
        if again:
            with self._tracker.uncounted():
                await self._reader.read_all(dict.fromkeys(again), ReadPlan(slices, _NO_SPLIT))
        if moved or recount.joined:
            new = [VerifiedInterval(v.interval, counts[v.interval]) for v in verified]
            wider = [VerifiedInterval(i, count) for i, count in recount.joined.items()]
            self._store.update(verified=add_verified(new, wider))

    async def count(self, intervals: Sequence[Interval]) -> dict[Interval, int | None]:
        """Request the number of records in each interval; None if the API does not report it."""
        counts = dict.fromkeys(intervals)
        requests = [self._retrier.run(functools.partial(self._count, i)) for i in counts]
        return dict(zip(counts, await run_parallel(requests), strict=True))

    async def _count(self, interval: Interval, _: int) -> int | None:
        async with self._reader.gate:
            return await self._source.count(interval)
