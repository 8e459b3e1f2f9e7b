"""What is there still of what was read: deletions that the API lists, and counts."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import cast

from ..dataset.state import EntityState, Interval, Slice, VerifiedInterval
from ..dataset.store import DatasetFolder
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from ..runtime.retry import Retrier
from .coverage import SEARCH_LAG, joinable, slices_by_creation, with_new
from .deleted import Deletions, named, without
from .progress import CountingExecutor
from .slice_reader import Reader
from .source import Source


@dataclasses.dataclass(frozen=True)
class Recounted:
    """What is deleted now, and what is counted of spans: of ``joined`` before the others."""

    deletions: Deletions
    joined: dict[Interval, int | None]
    counts: dict[Interval, int | None]


class Audit:
    """Finds what went or came late in what an extraction read of its entity."""

    def __init__(
        self,
        source: Source,
        executor: CountingExecutor,
        folder: DatasetFolder,
        state: EntityState,
        reader: Reader,
        retrier: Retrier,
    ) -> None:
        self.deletions = Deletions()
        self._source = source
        self._executor = executor
        self._folder = folder
        self._state = state
        self._reader = reader
        self._retrier = retrier

    async def count_again(self, since: float, settled_until: int) -> Recounted:
        """Ask what was deleted, and then count what was read: spans that were read as a whole.

        A span to which records could still be added when it was counted proves nothing by its
        count, so its slices are counted too.
        """
        if self._state.newest_deletion is not None:
            since = self._state.newest_deletion - SEARCH_LAG
        executor, listed = cast(Executor, self._executor), self._source.deletions
        deletions = await self._retrier.run(lambda _: named(executor, listed, since))
        roots = [r.interval for r in self._state.verified]
        # First: what goes missing until the others are counted is noticed by these.
        joined = await self.count(joinable(self._state.verified, settled_until))
        open_spans = [span for span in roots if span.end > settled_until]
        slices = [s.interval for s in self._slices_in(open_spans)]
        return Recounted(deletions, joined, await self.count([*roots, *slices]))

    def _slices_in(self, spans: list[Interval]) -> list[Slice]:
        return [
            one
            for one in slices_by_creation(self._state)
            if any(s.start < one.interval.end and one.interval.start < s.end for s in spans)
        ]

    async def take_out(self, found: Deletions) -> None:
        """Take out what the API's list of deletions names; what it misses, the audit finds."""
        known = self.deletions
        # What came back since it was taken out is there after all.
        new = found.ids - known.ids
        self.deletions = Deletions(found.ids | known.ids, max(found.newest, known.newest))
        entity, in_thread = self._source.entity, self._reader.in_thread
        changes = await in_thread(without, self._folder, entity, self._state, new)
        if changes:
            self._folder.update_state(entity, self._state, **changes)

    async def read_again(self, recounted: Recounted, settled_until: int, slices: int) -> None:
        """Read again the slices of which the count is not what it was: records went or came late.

        Of spans that were read as a whole and are what they were, no slice has to be counted.
        """
        roots, counts = self._state.verified, recounted.counts
        moved = [
            r.interval
            for r in roots
            if counts[r.interval] != r.counted or r.interval.end > settled_until
        ]
        inside = self._slices_in(moved)
        found = counts | await self.count([s.interval for s in inside if s.interval not in counts])
        again = [s.interval for s in inside if found[s.interval] != s.expected_count]
        if again:
            rows, self._reader.target = self._reader.meter.rows, 1 << 60  # split no more
            await self._reader.read_all(dict.fromkeys(again), slices)
            self._reader.meter.rows = rows
        if moved or recounted.joined:
            news = [VerifiedInterval(r.interval, counts[r.interval]) for r in roots]
            wider = [VerifiedInterval(span, count) for span, count in recounted.joined.items()]
            self._folder.update_state(
                self._source.entity, self._state, verified=with_new(news, wider)
            )

    async def count(self, spans: Sequence[Interval]) -> dict[Interval, int | None]:
        """Ask how many records each span has; None where the API does not say."""
        counts = dict.fromkeys(spans)
        asks = [self._retrier.run(functools.partial(self._counted, span)) for span in counts]
        return dict(zip(counts, await run_parallel(asks), strict=True))

    async def _counted(self, span: Interval, _: int) -> int | None:
        async with self._reader.gate:
            return await self._source.count(span)
