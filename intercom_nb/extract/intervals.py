"""Spans of time that a workspace is split into. Pure: no network, no files."""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import zoneinfo
from collections.abc import Iterable
from typing import Any, Protocol

from ..dataset.state import Interval

# A search that counts more than this in a span splits it into so many at most.
_MOST_PIECES = 16
# When a span of the smallest size still holds too much: by the last character of the id.
SUFFIXES = "0123456789abcdef"


class Grid(Protocol):
    """Where spans may be cut, and what to ask a search for one of them."""

    def cuts(self, span: Interval, pieces: int) -> list[int]:
        """Give the inner points at which a span can be cut into about so many pieces."""

    def filters(self, span: Interval) -> list[dict[str, Any]]:
        """Give the search filters that find everything of a span, and perhaps a little more."""

    def open_from(self, now: float) -> int:
        """Give the end of the spans whose filters can only find less from now on."""


class Seconds:
    """Times that a search matches by second; whether the edges count is not promised."""

    def cuts(self, span: Interval, pieces: int) -> list[int]:
        """Cut evenly."""
        width = span.end - span.start
        return sorted({span.start + width * i // pieces for i in range(1, pieces)} - {span.start})

    def filters(self, span: Interval) -> list[dict[str, Any]]:
        """Ask from the second before."""
        return _between(span.field, span.start - 1, span.end)

    def open_from(self, now: float) -> int:
        """The end itself may be found too, so it has to be over."""
        return int(now) - 1


class Days:
    """Times that a search matches by calendar day in the workspace's zone.

    Where that is not known, days of UTC and one more on each side: no zone is further off.
    """

    def __init__(self, zone: dt.tzinfo | None) -> None:
        self._zone = zone or dt.UTC
        self._around = dt.timedelta(days=1 if zone is None else 0)

    def cuts(self, span: Interval, pieces: int) -> list[int]:
        """Cut at midnights."""
        first, last = self._day(span.start), self._day(span.end - 1)
        days = (last - first).days
        at = {self._at(first + dt.timedelta(days=days * i // pieces), 0) for i in range(1, pieces)}
        at.add(self._at(last, 0))
        return sorted(t for t in at if span.start < t < span.end)[: pieces * 2]

    def filters(self, span: Interval) -> list[dict[str, Any]]:
        """Ask for whole days: from after the day before to before the day after, at their noons."""
        day = dt.timedelta(days=1)
        before = self._day(span.start) - day - self._around
        after = self._day(span.end - 1) + day + self._around
        return _between(span.field, self._at(before, 12), self._at(after, 12))

    def open_from(self, now: float) -> int:
        """The last day has to be over."""
        return self._at(self._day(int(now)) - self._around, 0)

    def _day(self, seconds: int) -> dt.date:
        return dt.datetime.fromtimestamp(seconds, self._zone).date()

    def _at(self, day: dt.date, hour: int) -> int:
        return int(dt.datetime(day.year, day.month, day.day, hour, tzinfo=self._zone).timestamp())


def zone(name: str | None) -> dt.tzinfo | None:
    """Give the time zone of a workspace; None where it is not told or not known here.

    The names that Intercom shows are those of Rails ("America/New_York", and "Dublin" for some).
    """
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None


def split(span: Interval, grid: Grid, count: int, target: int) -> list[Interval]:
    """Split a span that holds ``count`` records into smaller ones; [] when that cannot be.

    >>> [s.start for s in split(Span(0, 100), Seconds(), count=300, target=100)]
    [0, 33, 66]
    """
    if span.suffix:
        return []
    pieces = max(2, min(_MOST_PIECES, -(-count // max(target, 1))))
    edges = [span.start, *grid.cuts(span, pieces), span.end]
    if len(edges) > 2:
        return [Interval(a, b, "", span.field) for a, b in itertools.pairwise(edges)]
    if count < 2 * target:
        return []
    return [Interval(span.start, span.end, suffix, span.field) for suffix in SUFFIXES]


def missing(span: Interval, done: Iterable[Interval]) -> list[Interval]:
    """Give what of a span is not covered by those that are done; of suffixes it takes all.

    >>> [(s.start, s.end) for s in missing(Span(0, 10), [Span(2, 4), Span(4, 5, "0")])]
    [(0, 2), (4, 10)]
    """
    left = []
    at = span.start
    for covered in _without_suffixes(s for s in done if s.field == span.field):
        if covered.start > at:
            left.append(Interval(at, min(covered.start, span.end), "", span.field))
        at = max(at, covered.end)
        if at >= span.end:
            break
    if at < span.end:
        left.append(Interval(at, span.end, "", span.field))
    return [s for s in left if s.start < s.end]


def _without_suffixes(spans: Iterable[Interval]) -> list[Interval]:
    """Give the spans, sorted, those in place of their pieces by suffix of which none is missing."""
    whole, pieces = [], collections.defaultdict(set)
    for span in spans:
        if span.suffix:
            pieces[Interval(span.start, span.end, "", span.field)].add(span.suffix)
        else:
            whole.append(span)
    whole += [span for span, found in pieces.items() if found == set(SUFFIXES)]
    return sorted(whole)


def merged(spans: Iterable[Interval]) -> list[Interval]:
    """Give the same times as few spans, without suffixes.

    >>> [(s.start, s.end) for s in merged([Span(4, 6), Span(0, 2), Span(2, 3), Span(1, 2)])]
    [(0, 3), (4, 6)]
    """
    found: list[Interval] = []
    for span in sorted(s for s in spans if s.start < s.end):
        start, end = span.start, span.end
        if found and start <= found[-1].end:
            start, end = found[-1].start, max(found.pop().end, end)
        found.append(Interval(start, end, "", span.field))
    return found


def cut(spans: Iterable[Interval], at: int) -> list[Interval]:
    """Cut the span that a time is in.

    >>> [(s.start, s.end) for s in cut([Span(0, 4), Span(4, 9)], 5)]
    [(0, 4), (4, 5), (5, 9)]
    """
    edges = ((s, [s.start, at, s.end] if s.start < at < s.end else [s.start, s.end]) for s in spans)
    return [Interval(a, b, "", s.field) for s, all_ in edges for a, b in itertools.pairwise(all_)]


def _between(field: str, above: int, below: int) -> list[dict[str, Any]]:
    return [
        {"field": field, "operator": ">", "value": max(above, 0)},
        {"field": field, "operator": "<", "value": below},
    ]
