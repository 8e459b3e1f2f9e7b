"""What of time is in the tables, what proves it, and what a later run has to read again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..dataset.state import EntityState, Interval, Slice, VerifiedInterval
from .intervals import Grid, merged

# New and changed records can be missing from searches for some minutes.
SEARCH_LAG = 600
# Each costs a request in every run; the oldest, and the largest mostly, stay as they are.
_MOST_ROOTS, _OLDEST_ROOTS = 12, 6


def slices_by_creation(state: EntityState) -> list[Slice]:
    """Give the slices that say what there is of some time."""
    return [s for s in state.slices.values() if s.interval.field == "created_at"]


def covered(state: EntityState) -> list[Interval]:
    """Give the times whose records are in the tables, or are about to be."""
    return merged([*state.covered, *(s.interval for s in slices_by_creation(state))])


def open_from(grid: Grid, since: float) -> int:
    """Give the time from which on searches since some time may not have found all records."""
    return grid.open_from(since - SEARCH_LAG)


def renewed(state: EntityState, grid: Grid, filtered: bool) -> dict[str, Any]:
    """Give the changes of a state with which a run begins, after one that was finished.

    Forgotten, and so read again, are slices that differ, and those to which records could come
    late: one that was deleted since would not be missed in the count. And all that a filter found:
    what it finds no more is not missed either, as others may have come in its place.
    """
    slices, roots = {}, []
    if not filtered and state.watermark is not None:
        end = open_from(grid, state.watermark)
        for one in slices_by_creation(state):
            if one.status != "differs" and one.interval.end <= end:
                slices[one.interval.key] = one
        for root in state.verified:
            if root.interval.end <= end:
                roots.append(root)
            elif root.interval.start < end:  # nobody counted that part of it
                roots.append(VerifiedInterval(Interval(root.interval.start, end), None))
    return {"slices": slices, "verified": roots, "covered": covered(state)}


def with_new(
    roots: Sequence[VerifiedInterval], new: Sequence[VerifiedInterval]
) -> list[VerifiedInterval]:
    """Add roots; what is inside of another one is counted with it."""
    added = [r for r in new if not any(_is_in(r.interval, other.interval) for other in roots)]
    return [*(r for r in roots if not any(_is_in(r.interval, a.interval) for a in added)), *added]


def joinable(roots: Sequence[VerifiedInterval], end: int) -> list[Interval]:
    """Give spans that can be counted in place of many roots until a time; [] for a few."""
    if len(roots) <= _MOST_ROOTS:
        return []
    newest = sorted(roots, key=lambda r: r.interval)[_OLDEST_ROOTS:]
    return merged(r.interval for r in newest if r.interval.end <= end)


def _is_in(span: Interval, other: Interval) -> bool:
    return other.start <= span.start and span.end <= other.end
