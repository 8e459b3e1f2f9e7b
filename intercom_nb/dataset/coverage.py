"""Coverage: the time intervals whose records a dataset holds."""

from __future__ import annotations

from collections.abc import Iterable

from .state import EntityState, Interval, Slice


def merge_intervals(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same times as few intervals, without suffixes.

    >>> parts = [Interval(4, 6), Interval(0, 2), Interval(2, 3), Interval(1, 2)]
    >>> [(i.start, i.end) for i in merge_intervals(parts)]
    [(0, 3), (4, 6)]
    """
    found: list[Interval] = []
    for interval in sorted(i for i in intervals if i.start < i.end):
        start, end = interval.start, interval.end
        if found and start <= found[-1].end:
            start, end = found[-1].start, max(found.pop().end, end)
        found.append(Interval(start, end, "", interval.field))
    return found


def slices_by_creation(state: EntityState) -> list[Slice]:
    """Return the slices that hold everything created in their interval."""
    return [s for s in state.slices.values() if s.interval.field == "created_at"]


def covered_intervals(state: EntityState) -> list[Interval]:
    """Return the times whose records are in the tables or pending."""
    return merge_intervals([*state.covered, *(s.interval for s in slices_by_creation(state))])
