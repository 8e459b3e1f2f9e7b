"""Time periods as people name them, in a time zone."""

from __future__ import annotations

import dataclasses
import re
from typing import Any
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
_FREQUENCIES = {"year": "Y", "quarter": "Q", "month": "M", "week": "W-SUN", "day": "D"}
_DAYS = {"yesterday": "last-day", "today": "this-day"}


@dataclasses.dataclass(frozen=True)
class Period:
    """A half-open time range: from ``start`` until just before ``end`` (both UTC).

    ``calendar`` is the calendar unit that it stands for. A period of which only a part is covered
    by the data keeps its unit, and ``start`` and ``end`` are those of the part.
    """

    start: pd.Timestamp
    end: pd.Timestamp
    label: str
    zone: str
    calendar: pd.Period | None = None

    def contains(self, times: pd.Series) -> pd.Series:
        """Return for each instant whether it lies in the period; False for a missing one."""
        return (times >= self.start) & (times < self.end)

    @property
    def days(self) -> float:
        """Length in days of 24 hours."""
        return float((self.end - self.start).total_seconds() / 86_400)

    @property
    def is_whole(self) -> bool:
        """Whether a calendar unit is covered from its first to its last instant."""
        whole = self.whole
        return (self.start, self.end) == (whole.start, whole.end)

    @property
    def whole(self) -> Period:
        """The whole calendar unit; the period itself if it is not one."""
        return self if self.calendar is None else _calendar_period(self.calendar, self.zone)

    @property
    def text(self) -> str:
        """The period as people write it.

        >>> period_of("2026-10", "UTC").text, period_of("2026-W41", "UTC").text
        ('October 2026', 'the week of 5 Oct 2026')
        """
        if self.calendar is None:
            return _range_text(self)
        if not self.is_whole:
            return f"{_calendar_text(self.calendar)} ({_range_text(self)})"
        return _calendar_text(self.calendar)

    def before(self) -> Period:
        """Return the period to compare with: the calendar unit before, or the same length of time.

        If only a part of the calendar unit is covered, return the same part of the unit before, so
        that both last equally long.

        >>> period_of("2026-03", "UTC").before().label
        '2026-02'
        """
        if self.calendar is None:
            return _range(self.start - (self.end - self.start), self.start, self.zone)
        whole, earlier = self.whole, _calendar_period(self.calendar - 1, self.zone)
        if self.is_whole:
            return earlier
        length = self.end - self.start
        offset = _wall(self.start, self.zone) - _wall(whole.start, self.zone)
        start = local_midnight(_wall(earlier.start, self.zone) + offset, self.zone)
        # The unit before may be shorter: February has no 29th to compare with the one of March.
        if start + length > earlier.end:
            return _range(earlier.end - length, earlier.end, self.zone)
        return dataclasses.replace(earlier, start=start, end=start + length)

    def clip(self, since: pd.Timestamp | None, until: pd.Timestamp | None) -> Period:
        """Return the part of the period between two instants; empty if they miss it."""
        start = self.start if since is None else min(max(self.start, since), self.end)
        end = self.end if until is None else max(min(self.end, until), start)
        if (start, end) == (self.start, self.end):
            return self
        label = self.label if self.calendar is not None else _range(start, end, self.zone).label
        return dataclasses.replace(self, start=start, end=end, label=label)


_YEARS = range(1900, 2201)  # times of pandas end in 1677 and 2262


def check_zone(zone: str) -> str:
    """Return the name of a time zone; raise InvalidParameterError if it does not exist."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise InvalidParameterError(
            f"{zone!r} is not a valid time zone. Use a name such as 'Europe/Paris' or 'UTC'."
        ) from None
    return zone


def period_of(value: object, zone: str) -> Period:
    """Parse a period.

    Args:
        value: A year ``"2026"``, quarter ``"2026-Q3"``, month ``"2026-10"``, ISO week
            ``"2026-W41"`` or day ``"2026-10-05"``; ``"last-month"``, ``"this-month"`` (also year,
            quarter, week), ``"today"``, ``"yesterday"``; or a pair (start, end) of instants, the
            end not included, in which a bare date means midnight.
        zone: Time zone of the period.

    Raises InvalidParameterError for anything else.

    >>> period_of("2026-10", "America/New_York").start
    Timestamp('2026-10-01 04:00:00+0000', tz='UTC')
    """
    if isinstance(value, Period):
        return value
    if isinstance(value, tuple) and len(value) == 2:
        start, end = (instant_of(edge, zone) for edge in value)
        if not start < end:
            raise InvalidParameterError(f"The period {value!r} ends before it starts.")
        return _range(start, end, zone)
    calendar = None
    if isinstance(value, str):
        calendar = _relative(value.strip(), zone) or _calendar(value.strip())
    if calendar is None or calendar.year not in _YEARS:
        raise InvalidParameterError(
            f"{value!r} is not a valid period. Use a year '2026', quarter '2026-Q3', month "
            "'2026-10', week '2026-W41', day '2026-10-05', 'last-month', or (start, end)."
        )
    return _calendar_period(calendar, zone)


def now() -> pd.Timestamp:
    """Return the current time, in UTC and whole seconds."""
    return pd.Timestamp.now(tz="UTC").floor("s").as_unit("s")


def _relative(text: str, zone: str) -> pd.Period | None:
    match = re.fullmatch(r"(last|this)-(day|week|month|quarter|year)", _DAYS.get(text, text))
    if match is None:
        return None
    this = pd.Period(_wall(now(), zone), freq=_FREQUENCIES[match[2]])
    return this - 1 if match[1] == "last" else this


def _calendar(text: str) -> pd.Period | None:
    for form, unit in _FORMS.items():
        match = re.fullmatch(form, text)
        if match:
            try:
                if unit == "W":
                    monday = pd.Timestamp.fromisocalendar(int(match[1]), int(match[2]), 1)
                    return pd.Period(monday, freq="W-SUN")
                return pd.Period(text, freq=unit)
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


def _calendar_text(calendar: pd.Period) -> str:
    start, unit = calendar.start_time, calendar.freqstr[0]
    if unit == "M":
        return f"{start:%B %Y}"
    if unit == "Q":
        return f"Q{calendar.quarter} {calendar.year}"
    if unit == "W":
        return f"the week of {start.day} {start:%b %Y}"
    return f"{start:%a} {start.day} {start:%b %Y}" if unit == "D" else str(calendar)


def local_midnight(naive: pd.Timestamp, zone: str) -> pd.Timestamp:
    """Return the instant of a local wall-clock time, as UTC.

    A time that the clocks skip becomes the first instant after the gap; of a repeated one, the
    earlier instant counts.
    """
    local = naive.tz_localize(zone, ambiguous=True, nonexistent="shift_forward")
    return local.tz_convert("UTC").as_unit("s")


def _wall(instant: pd.Timestamp, zone: str) -> pd.Timestamp:
    return instant.tz_convert(zone).tz_localize(None)


def instant_of(value: object, zone: str) -> pd.Timestamp:
    """Parse a time, on the clock of a zone if it names none; raises InvalidParameterError."""
    try:
        stamp: Any = pd.Timestamp(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        stamp = pd.NaT
    if pd.isna(stamp):
        raise InvalidParameterError(
            f"{value!r} is not a valid time. Use 2026-10-01 or 2026-10-01T09:00Z."
        )
    if stamp.tzinfo is None:
        return local_midnight(stamp, zone)
    instant: pd.Timestamp = stamp.tz_convert("UTC").as_unit("s")
    return instant


def _range(start: pd.Timestamp, end: pd.Timestamp, zone: str) -> Period:
    """Build a period that is not a calendar unit, labeled by its two ends."""
    shown = [f"{_wall(edge, zone):%Y-%m-%d %H:%M}".removesuffix(" 00:00") for edge in (start, end)]
    return Period(start, end, " to ".join(shown), zone)


def _range_text(period: Period) -> str:
    """Write a range with its last day that counts, not with the day after it."""
    first, end = _wall(period.start, period.zone), _wall(period.end, period.zone)
    last = end if _has_time(end) else end - pd.Timedelta(days=1)
    texts = [f"{d.day} {d:%b %Y}" + (f", {d:%H:%M}" if _has_time(d) else "") for d in (first, last)]
    return texts[0] if texts[0] == texts[1] else " to ".join(texts)


def _has_time(wall: pd.Timestamp) -> bool:
    return bool(wall != wall.normalize())
