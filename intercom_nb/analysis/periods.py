"""Spans of time as people name them, in a time zone."""

from __future__ import annotations

import dataclasses
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from ..errors import InvalidParameterError

_FORMS = {
    r"(\d{4})": "Y",
    r"(\d{4})-?Q([1-4])": "Q",
    r"(\d{4})-(\d{2})": "M",
    r"(\d{4})-W(\d{2})": "W",
    r"(\d{4})-(\d{2})-(\d{2})": "D",
}


@dataclasses.dataclass(frozen=True)
class Period:
    """A span of time: from ``start`` until just before ``end`` (both UTC)."""

    start: pd.Timestamp
    end: pd.Timestamp
    label: str
    zone: str
    calendar: pd.Period | None = None

    def contains(self, times: pd.Series) -> pd.Series:
        """Say for each instant whether it lies in the period; a missing one does not."""
        return (times >= self.start) & (times < self.end)

    def before(self) -> Period:
        """Give the period before it: the calendar unit before, or the same length of time.

        >>> period_of("2026-03", "UTC").before().label
        '2026-02'
        """
        if self.calendar is not None:
            return _calendar_period(self.calendar - 1, self.zone)
        start = self.start - (self.end - self.start)
        return _span(start, self.start, self.zone)


def check_zone(zone: str) -> str:
    """Give the zone's name, or raise InvalidParameterError when there is no such time zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise InvalidParameterError(
            f"There is no time zone {zone!r}. Names look like 'Europe/Paris' or 'UTC'."
        ) from None
    return zone


def period_of(value: object, zone: str) -> Period:
    """Read a period.

    A year ``"2026"``, quarter ``"2026-Q3"``, month ``"2026-10"``, ISO week ``"2026-W41"`` or day
    ``"2026-10-05"`` of the time zone; or a pair (start, end) of instants, the end not included,
    where a bare date means midnight in that zone. Raises InvalidParameterError for anything else.

    >>> period_of("2026-10", "America/New_York").start
    Timestamp('2026-10-01 04:00:00+0000', tz='UTC')
    """
    if isinstance(value, Period):
        return value
    if isinstance(value, tuple) and len(value) == 2:
        start, end = (_instant(edge, zone) for edge in value)
        if not start < end:
            raise InvalidParameterError(f"The period {value!r} ends before it starts.")
        return _span(start, end, zone)
    calendar = _calendar(value) if isinstance(value, str) else None
    if calendar is None:
        raise InvalidParameterError(
            f"{value!r} is no period. Give a year '2026', quarter '2026-Q3', month '2026-10', week "
            "'2026-W41', day '2026-10-05', or (start, end)."
        )
    return _calendar_period(calendar, zone)


def _calendar(text: str) -> pd.Period | None:
    for form, unit in _FORMS.items():
        match = re.fullmatch(form, text.strip())
        if match:
            try:
                if unit == "W":
                    monday = pd.Timestamp.fromisocalendar(int(match[1]), int(match[2]), 1)
                    return pd.Period(monday, freq="W-SUN")
                return pd.Period(text.strip(), freq=unit)
            except ValueError:
                return None
    return None


def _calendar_period(calendar: pd.Period, zone: str) -> Period:
    start = local_midnight(calendar.start_time, zone)
    end = local_midnight((calendar + 1).start_time, zone)
    iso = calendar.start_time.isocalendar()
    week = calendar.freqstr.startswith("W")
    label = f"{iso.year}-W{iso.week:02}" if week else str(calendar)
    return Period(start, end, label, zone, calendar)


def local_midnight(naive: pd.Timestamp, zone: str) -> pd.Timestamp:
    """Give the instant of a local wall-clock time, as UTC.

    Where the clocks skip it, the first instant after the gap; where they repeat it, the earlier.
    """
    local = naive.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return local.tz_convert("UTC").as_unit("s")


def _instant(value: object, zone: str) -> pd.Timestamp:
    try:
        stamp = pd.Timestamp(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InvalidParameterError(f"{value!r} in a period is no time.") from None
    if pd.isna(stamp):
        raise InvalidParameterError(f"{value!r} in a period is no time.")
    if stamp.tzinfo is None:
        return local_midnight(stamp, zone)
    return stamp.tz_convert("UTC").as_unit("s")


def _span(start: pd.Timestamp, end: pd.Timestamp, zone: str) -> Period:
    shown = [edge.tz_convert(zone).strftime("%Y-%m-%d %H:%M") for edge in (start, end)]
    label = " to ".join(text.removesuffix(" 00:00") for text in shown)
    return Period(start, end, label, zone)
