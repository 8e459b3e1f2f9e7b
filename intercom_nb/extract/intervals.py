"""Interval arithmetic of an extraction: split, subtract, search filters. No network, no files."""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterable
from typing import Any, Protocol

from ..dataset.state import Interval

# An interval that holds more than expected is split into at most this many.
_MAX_PIECES = 64
# If an interval of the smallest size still holds too much: by the last character of the id.
SUFFIXES = "0123456789abcdef"


class TimeGrid(Protocol):
    """Points where intervals may be cut, and the search filters of an interval."""

    def cuts(self, interval: Interval, pieces: int) -> list[int]:
        """Return the inner points that cut an interval into about this many pieces."""

    def filters(self, interval: Interval) -> list[dict[str, Any]]:
        """Return the search filters that match all of an interval, and perhaps a little more."""

    def unsettled_from(self, now: float) -> int:
        """Return the time before which an interval can only lose records from ``now`` on."""


class SecondGrid:
    """Grid of a search that matches times by the second; it may include or exclude the ends."""

    def cuts(self, interval: Interval, pieces: int) -> list[int]:
        """Return evenly spaced points."""
        start, width = interval.start, interval.end - interval.start
        return sorted({start + width * i // pieces for i in range(1, pieces)} - {start})

    def filters(self, interval: Interval) -> list[dict[str, Any]]:
        """Return filters that begin one second early."""
        return _between(interval.field, interval.start - 1, interval.end)

    def unsettled_from(self, now: float) -> int:
        """Return the last whole second; a search may match the end itself, so it must be over."""
        return int(now) - 1


class DayGrid:
    """Grid of a search that matches times by calendar day in the workspace's time zone.

    Without a known zone, it is days of UTC with one more day on each side: no zone is further off.
    """

    def __init__(self, zone: dt.tzinfo | None) -> None:
        self._zone = zone or dt.UTC
        self._margin = dt.timedelta(days=1 if zone is None else 0)

    def cuts(self, interval: Interval, pieces: int) -> list[int]:
        """Return midnights."""
        first, last = self._day(interval.start), self._day(interval.end - 1)
        days = (last - first).days
        at = {self._at(first + dt.timedelta(days=days * i // pieces), 0) for i in range(1, pieces)}
        at.add(self._at(last, 0))
        return sorted(t for t in at if interval.start < t < interval.end)[: pieces * 2]

    def filters(self, interval: Interval) -> list[dict[str, Any]]:
        """Return filters for whole days: between noon of the day before and of the day after."""
        day = dt.timedelta(days=1)
        before = self._day(interval.start) - day - self._margin
        after = self._day(interval.end - 1) + day + self._margin
        return _between(interval.field, self._at(before, 12), self._at(after, 12))

    def unsettled_from(self, now: float) -> int:
        """Return the start of the current day."""
        return self._at(self._day(int(now)) - self._margin, 0)

    def _day(self, seconds: int) -> dt.date:
        return dt.datetime.fromtimestamp(seconds, self._zone).date()

    def _at(self, day: dt.date, hour: int) -> int:
        return int(dt.datetime(day.year, day.month, day.day, hour, tzinfo=self._zone).timestamp())


def _between(field: str, after: int, before: int) -> list[dict[str, Any]]:
    return [
        {"field": field, "operator": ">", "value": max(after, 0)},
        {"field": field, "operator": "<", "value": before},
    ]


def find_zone(name: str | None) -> dt.tzinfo | None:
    """Return the time zone of a workspace; None if it has no name or this system does not know it.

    Intercom shows the names of Rails ("America/New_York", but also "Dublin").
    """
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def split(interval: Interval, grid: TimeGrid, count: int, target: int) -> list[Interval]:
    """Split an interval with ``count`` records into pieces of about ``target``; [] if impossible.

    An interval of the smallest size is split by the last character of the id.

    >>> [i.start for i in split(Interval(0, 100), SecondGrid(), count=300, target=100)]
    [0, 33, 66]
    """
    if interval.suffix:
        return []
    pieces = max(2, min(_MAX_PIECES, -(-count // max(target, 1))))
    edges = [interval.start, *grid.cuts(interval, pieces), interval.end]
    if len(edges) > 2:
        return [Interval(a, b, "", interval.field) for a, b in itertools.pairwise(edges)]
    if count < 2 * target:
        return []
    return [Interval(interval.start, interval.end, c, interval.field) for c in SUFFIXES]


def missing(interval: Interval, done: Iterable[Interval]) -> list[Interval]:
    """Return the gaps of an interval between those done; suffixes count once all are there.

    >>> done = [Interval(2, 4), Interval(4, 5, "0")]
    >>> [(i.start, i.end) for i in missing(Interval(0, 10), done)]
    [(0, 2), (4, 10)]
    """
    gaps = []
    at = interval.start
    for covered in _without_suffixes(i for i in done if i.field == interval.field):
        if covered.start > at:
            gaps.append(Interval(at, min(covered.start, interval.end), "", interval.field))
        at = max(at, covered.end)
        if at >= interval.end:
            break
    if at < interval.end:
        gaps.append(Interval(at, interval.end, "", interval.field))
    return [gap for gap in gaps if gap.start < gap.end]


def _without_suffixes(intervals: Iterable[Interval]) -> list[Interval]:
    """Return sorted intervals; one split by suffix is included if all its pieces are there."""
    whole, pieces = [], collections.defaultdict(set)
    for interval in intervals:
        if interval.suffix:
            pieces[Interval(interval.start, interval.end, "", interval.field)].add(interval.suffix)
        else:
            whole.append(interval)
    whole += [interval for interval, found in pieces.items() if found == set(SUFFIXES)]
    return sorted(whole)


def cut(intervals: Iterable[Interval], at: int) -> list[Interval]:
    """Cut the interval that contains a time.

    >>> [(i.start, i.end) for i in cut([Interval(0, 4), Interval(4, 9)], 5)]
    [(0, 4), (4, 5), (5, 9)]
    """
    pieces = []
    for interval in intervals:
        inner = [at] if interval.start < at < interval.end else []
        for a, b in itertools.pairwise([interval.start, *inner, interval.end]):
            pieces.append(Interval(a, b, "", interval.field))
    return pieces
