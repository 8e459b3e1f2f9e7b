"""Plan of a run: which intervals stand, which have to be read or counted again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dataset.coverage import covered_intervals, merge_intervals, slices_by_creation
from ..dataset.state import EntityState, Interval, VerifiedInterval
from .intervals import TimeGrid
from .source import EntitySource

# Seconds: new and changed records can be missing from searches for some minutes.
SEARCH_LAG = 600
# Each verified interval costs one request per run. The oldest, and mostly the largest, stay.
_MAX_VERIFIED, _OLDEST_KEPT = 12, 6


def unsettled_from(grid: TimeGrid, since: float) -> int:
    """Return the time from which searches made since ``since`` may have missed records."""
    return grid.unsettled_from(since - SEARCH_LAG)


def next_run_changes(state: EntityState, source: EntitySource) -> dict[str, Any]:
    """Return the changes of a finished state with which the next run begins.

    Dropped, and so read again, are slices that differ and those that records could enter late: a
    count would not show that one entered and another was deleted. So are slices with records that
    could not be completed and are not fetched by id. With a filter all slices are
    dropped, because a record that no longer matches may be replaced by another one.
    """
    slices, verified = {}, []
    if not source.is_filtered and state.watermark is not None:
        end = unsettled_from(source.grid, state.watermark)
        for one in slices_by_creation(state):
            is_whole = source.fetches_by_id or not one.problems
            if is_whole and one.status != "differs" and one.interval.end <= end:
                slices[one.interval.key] = one
        for known in state.verified:
            if known.interval.end <= end:
                verified.append(known)
            elif known.interval.start < end:  # that part was never counted separately
                verified.append(VerifiedInterval(Interval(known.interval.start, end), None))
    return {"slices": slices, "verified": verified, "covered": covered_intervals(state)}


def add_verified(
    known: Sequence[VerifiedInterval], new: Sequence[VerifiedInterval]
) -> list[VerifiedInterval]:
    """Add verified intervals; one inside another is not counted again."""
    added = [n for n in new if not any(_is_inside(n.interval, k.interval) for k in known)]
    kept = [k for k in known if not any(_is_inside(k.interval, a.interval) for a in added)]
    return [*kept, *added]


def joinable(verified: Sequence[VerifiedInterval], end: int) -> list[Interval]:
    """Return wider intervals before ``end`` to count in place of many; [] if they are few."""
    if len(verified) <= _MAX_VERIFIED:
        return []
    newest = sorted(verified, key=lambda v: v.interval)[_OLDEST_KEPT:]
    return merge_intervals(v.interval for v in newest if v.interval.end <= end)


def _is_inside(interval: Interval, other: Interval) -> bool:
    return other.start <= interval.start and interval.end <= other.end
