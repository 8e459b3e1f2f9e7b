"""Extraction of one entity: read what is missing, then changes, reconcile, compact."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, cast

import msgspec

from ..dataset.compaction.compact import compact
from ..dataset.coverage import covered_intervals, merge_intervals, slices_by_creation
from ..dataset.heal import drop_damaged
from ..dataset.state import Commit, Interval, Slice, VerifiedInterval
from ..dataset.store import DatasetFolder, EntityStore
from ..errors import DatasetError
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from .coverage import SEARCH_LAG, add_verified, next_run_changes, unsettled_from
from .fetched_cache import FetchedCache
from .fetcher import GONE, Fetcher
from .intervals import cut, missing
from .progress import CountingExecutor, ExtractCallback, ProgressTracker
from .reconcile import Reconciler
from .record_head import RecordHead
from .request import ExtractRequest
from .slices.buffer import ReadPlan
from .slices.reader import SliceReader, make_retrier
from .slices.writer import SliceWriter, StagedSlice
from .source import WHOLE_LIST

_DAY = 86_400
_CENTURY = 100 * 365 * _DAY
_NEVER = 1 << 60  # later than any Unix time
# Passes over changes; the first one leaves few, and a later one takes seconds.
_MAX_ROUNDS = 3
# Slices, and requests for their pages, in parallel: enough to keep a window of 1,667 requests in
# 10 s full at 250 ms each. Each slice holds up to 10 MB of JSON. With parts, each fetches many
# conversations at once.
_SLICES, _PARALLEL_REQUESTS = 12, 80
_SLICES_WITH_PARTS = 4
# Records per slice: enough pages that splitting costs little, few enough to run in parallel.
_MIN_SLICE, _MAX_SLICE = 300, 3_000
_MAX_SLICE_WITH_PARTS = 600
# Records of earlier runs that are fetched again; a separate slice rather than an interval of time.
_FETCHED_AGAIN = Interval(0, 0, "", "updated_at")
_PARALLEL_FETCHES = 50
# Merging these takes about as long as the request that it runs beside.
_MAX_EARLY_ROWS = 20_000
# Below this many seconds, the server's clock and ours are taken to agree.
_MAX_CLOCK_SKEW = 60


class Extraction:
    """Extracts one entity into a folder that the caller holds as its writer.

    ``clock`` returns unix seconds and ``sleep`` waits; tests pass their own.
    """

    def __init__(
        self,
        executor: Executor,
        folder: DatasetFolder,
        request: ExtractRequest,
        *,
        report: ExtractCallback | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        counting = CountingExecutor(executor)
        self._clock = clock
        self._request = request
        self._since = request.since or 0
        self._until = request.until
        self._source = request.source(cast(Executor, counting))
        self._slices = request.concurrency or (
            _SLICES_WITH_PARTS if request.with_parts else _SLICES
        )
        self._store = EntityStore(folder, request.entity)
        drop_damaged(self._store)
        self._check_options()
        self._tracker = ProgressTracker(request.entity, counting, report)
        self._retrier = make_retrier(sleep)
        self._is_stopped = threading.Event()
        self._newest = 0
        self._oldest: int | None = None
        self._fetched = FetchedCache(clock)
        self._writer = SliceWriter(self._store, self._source.record)
        self._fetcher = Fetcher(self._source, self._fetched)
        self._reader = SliceReader(
            self._source,
            self._fetcher,
            self._writer,
            self._tracker,
            self._retrier,
            clock=clock,
            parallel_requests=request.concurrency or _PARALLEL_REQUESTS,
        )
        self._reconciler = Reconciler(
            self._source, counting, self._store, self._reader, self._retrier, self._tracker
        )

    async def prepare(self) -> None:
        """Request the time of the newest change and, before a first run, of the oldest record."""
        if not self._source.is_sliced:
            return
        self._tracker.enter("counting")
        far = int(self._clock()) + _CENTURY
        requests = [self._edge_time(Interval(0, far, "", "updated_at"), "descending")]
        covered = covered_intervals(self._store.state)
        if self._since < min((i.start for i in covered), default=far):
            requests.append(self._edge_time(Interval(self._since, far), "ascending"))
        # By the server's clock; 0 without any record.
        newest, *oldest = await run_parallel(requests)
        self._newest, self._oldest = newest or 0, next(iter(oldest), None)

    async def run(self, time_zone: str | None) -> None:
        """Extract all that is missing, after ``prepare``; the time zone is the workspace's."""
        self._source.set_time_zone(time_zone)
        try:
            if self._source.is_sliced:
                await self._read_slices()
            else:
                await self._read_list()
            self._tracker.restart(self._tracker.rows, self._tracker.rows)
            self._tracker.enter("writing")
            await self._writer.in_commit_thread(self._finish)
            self._tracker.enter("done")
        finally:
            self._is_stopped.set()  # nobody waits for a compaction that still runs
            self._writer.close()

    def _check_options(self) -> None:
        state, new = self._store.state, self._request.options()
        has_begun = state.started_at is not None or state.watermark is not None
        if has_begun and state.options != new:
            differ = [
                f"{name}={getattr(state.options, name)!r}, not {getattr(new, name)!r}"
                for name in new.__struct_fields__
                if getattr(state.options, name) != getattr(new, name)
            ]
            raise DatasetError(
                f"{self._request.entity} were extracted to {self._store.folder.path} with "
                f"{'; '.join(differ)}. Use the same options, or another folder."
            )

    def _begin(self, newest: float) -> None:
        """Commit the start of a run, unless an interrupted run is resumed."""
        if self._store.state.started_at is not None:
            return
        changes = next_run_changes(self._store.state, self._source)
        now = self._clock()
        self._store.update(
            started_at=now,
            # If our clock is ahead, later changes still come after the newest one known.
            next_watermark=min(now, newest),
            options=self._request.options(),
            since=self._since or None,
            until=self._until,
            **changes,
        )

    async def _read_list(self) -> None:
        self._begin(_NEVER)
        self._tracker.enter("reading")
        within = [Interval(self._since, _NEVER if self._until is None else self._until)]
        await self._reader.read(WHOLE_LIST, None, ReadPlan(1, 0, created_within=within))

    async def _read_slices(self) -> None:
        # The server's clock has passed its newest change.
        ahead = self._newest + 2 - self._clock()
        if ahead <= _MAX_CLOCK_SKEW:
            ahead = 0.0
        self._begin(self._newest or _NEVER)
        watermark = self._store.state.watermark or self._store.state.next_watermark
        assert watermark is not None
        # Lookback window: changes may enter the search index late.
        started = changed_from = watermark - SEARCH_LAG
        self._fetched.begin(int(started), self._newest)
        await self._retry_problems()
        for _ in range(_MAX_ROUNDS):
            now = self._clock() + ahead
            # Up to the last whole second, in which no more records are created.
            end = int(now) - 1 if self._until is None else min(self._until, int(now) - 1)
            whole = Interval(self._since, max(end, self._since))
            await self._read_created(whole)
            now = self._clock() + ahead
            changes = Interval(int(changed_from), int(now) + _DAY, "", "updated_at")
            changed = await self._read_changes(whole, changes, started)
            # Changes made during that pass are read again; only the first needs the lookback.
            changed_from = now - 2
            if not changed or self._clock() + ahead - now < 1.0:
                return

    async def _retry_problems(self) -> None:
        """Fetch records again that an earlier run could not fetch."""
        problems = self._store.state.all_problems()
        if not problems or not self._source.fetches_by_id or self._source.is_filtered:
            return
        heads = [RecordHead(key, None, None) for key in problems]
        fetches = [self._fetcher.fetch(h, msgspec.Raw(b"{}")) for h in heads]
        found = [f for f in await run_parallel(fetches, limit=_PARALLEL_FETCHES) if not f.problem]
        raws = [one.raw for one in found if one.raw is not None]
        if not raws:
            return
        fetched = {str(one.head.id) for one in found}
        staged = StagedSlice(_FETCHED_AGAIN)
        await self._writer.write(staged, raws)
        count, now = len(raws), self._clock()
        await self._writer.commit(
            staged,
            Slice(
                interval=_FETCHED_AGAIN,
                counted=None,
                arrived=count,
                kept=count,
                requests=len(problems),
                read_at=now,
                status="not counted",
                is_pending=True,
            ),
        )
        self._fetched.add(one.head for one in found if one.is_settled)
        await self._writer.in_commit_thread(self._forget_problems, fetched)

    def _forget_problems(self, ids: set[str]) -> None:
        state = self._store.state
        slices = {
            key: msgspec.structs.replace(one, problems=_without(one.problems, ids))
            for key, one in state.slices.items()
        }
        self._store.update(slices=slices, problems=_without(state.problems, ids))

    async def _edge_time(self, interval: Interval, order: str) -> int | None:
        return await self._retrier.run(lambda _: self._source.edge_time(interval, order))

    async def _read_created(self, whole: Interval) -> None:
        """Read what was created in intervals that no slice covers yet."""
        self._tracker.enter("counting")
        intervals = self._find_missing(whole)
        if not intervals:
            return
        counts = await self._reconciler.count(intervals)
        new = [VerifiedInterval(interval, count) for interval, count in counts.items()]
        self._store.update(verified=add_verified(self._store.state.verified, new))
        expected = sum(c or 0 for c in counts.values())
        kept = sum(s.kept - s.deleted for s in slices_by_creation(self._store.state))
        is_unknown = None in counts.values()
        total = None if is_unknown else max(expected + kept, self._tracker.rows)
        self._tracker.restart(kept, total)
        self._tracker.enter("reading")
        slices = min(self._slices, max(1, expected // 50 + 1))
        plan = ReadPlan(slices, self._slice_size(expected))
        await self._reader.read_all(self._without_empty_years(counts), plan)

    def _find_missing(self, whole: Interval) -> list[Interval]:
        """Return what to read of an interval, and of what earlier runs read."""
        done = [s.interval for s in slices_by_creation(self._store.state)]
        wanted = merge_intervals([whole, *self._store.state.covered])
        gaps = [gap for each in wanted for gap in missing(each, done)]
        return cut(gaps, self._unsettled_from())

    def _unsettled_from(self) -> int:
        watermark = self._store.state.next_watermark
        assert watermark is not None
        return unsettled_from(self._source.grid, watermark)

    def _without_empty_years(
        self, counts: dict[Interval, int | None]
    ) -> dict[Interval, int | None]:
        """Cut an interval at the oldest record, so that no search is spent on empty years."""
        oldest, found = self._oldest, dict[Interval, int | None]()
        for interval, count in counts.items():
            if oldest is not None and interval.start < oldest < interval.end:
                found[Interval(interval.start, oldest)] = None
                found[Interval(oldest, interval.end)] = count
            else:
                found[interval] = count
        return found

    def _slice_size(self, expected: int) -> int:
        most = _MAX_SLICE_WITH_PARTS if self._request.with_parts else _MAX_SLICE
        return max(_MIN_SLICE, min(most, expected // (2 * self._slices)))

    async def _read_changes(self, whole: Interval, changes: Interval, since: float) -> int:
        """Read what changed, and reconcile what was deleted or entered late.

        Returns the number of records that had changed.
        """
        self._tracker.enter("changes")
        reconciler, settled_until = self._reconciler, self._unsettled_from()
        work = list[Coroutine[Any, Any, Any]]()
        if self._can_merge_early():
            work.append(self._writer.in_commit_thread(self._merge))
        work += [self._read_changed(whole, changes), reconciler.recount(since, settled_until)]
        *_, changed, recount = await run_parallel(work)
        self._tracker.enter("checking")
        await self._writer.in_commit_thread(reconciler.apply_deletions, recount.deletions)
        await reconciler.reread(recount, settled_until, self._slices)
        return int(changed)

    def _can_merge_early(self) -> bool:
        """Return whether to merge while the server is asked for changes.

        What changed is merged into the same files again, which takes time and memory if they are
        large, or written by earlier runs.
        """
        state = self._store.state
        rows = sum(one.kept for one in state.slices.values())
        return state.watermark is None and not state.files and rows <= _MAX_EARLY_ROWS

    async def _read_changed(self, whole: Interval, changes: Interval) -> int:
        within = merge_intervals([whole, *covered_intervals(self._store.state)])
        before = self._store.state.sequence
        plan = ReadPlan(self._slices, _MAX_SLICE, created_within=within)
        with self._tracker.uncounted():
            await self._reader.read_all({changes: None}, plan)
        return sum(
            s.kept
            for s in self._store.state.slices.values()
            if s.interval.field == "updated_at" and s.sequence > before
        )

    def _compact(self) -> Commit:
        return compact(
            self._store,
            self._source.record,
            by_month=self._source.is_sliced,
            is_stopped=self._is_stopped.is_set,
        )

    def _merge(self) -> None:
        """Merge the slices so far into the tables."""
        self._store.commit(self._compact())

    def _finish(self) -> None:
        """Compact the slices into the tables, and commit the end of the run."""
        commit = self._compact()
        state = commit.state
        assert state is not None
        state.watermark = self._store.state.next_watermark
        state.started_at = state.next_watermark = None
        if self._reconciler.deletions.newest > 0:
            state.newest_deletion = self._reconciler.deletions.newest
        before = self._store.state
        # A slice that was read again knows better whether a record is gone.
        known = {key: problem for key, problem in before.problems.items() if problem != GONE}
        state.problems = msgspec.structs.replace(before, problems=known).all_problems()
        state.finished_at = self._clock()
        self._store.commit(commit)


def _without(problems: Mapping[str, str], ids: set[str]) -> dict[str, str]:
    return {key: problem for key, problem in problems.items() if key not in ids}
