"""Office hours: working seconds between two instants."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ..errors import InvalidParameterError
from .periods import check_zone

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


class OfficeHours:
    """Working hours of a team, on the clocks of its time zone.

    Args:
        week: Days and hours, such as ``{"mon-fri": "09:00-18:00", "sat": "10:00-14:00"}``. Separate
            several ranges of one day by commas; ``24:00`` is the end of a day.
        zone: Time zone of these hours. They are wall-clock hours: a day that loses an hour at night
            when the clocks change loses no working time.
        holidays: Dates without working hours.

    Raises InvalidParameterError for days, hours or a zone that do not exist.

    >>> hours = OfficeHours({"mon-fri": "09:00-17:00"}, zone="Europe/Paris")
    >>> friday, monday = pd.Timestamp("2026-10-23 14:00Z"), pd.Timestamp("2026-10-26 09:00Z")
    >>> hours.seconds(pd.Series([friday]), pd.Series([monday])).tolist()
    [7200.0]
    """

    def __init__(
        self,
        week: Mapping[str, str],
        zone: str = "UTC",
        holidays: Iterable[object] = (),
    ) -> None:
        self.zone = check_zone(zone)
        if not isinstance(week, Mapping):
            raise InvalidParameterError(
                f"{week!r} are not valid office hours. Use {{'mon-fri': '09:00-18:00'}}."
            )
        self.week = dict(week)
        self.holidays = _parse_holidays(holidays)
        self._shifts_of_week = _parse_week(self.week)

    @classmethod
    def around_the_clock(cls) -> OfficeHours:
        """Return hours without a break: elapsed time on any clock.

        >>> OfficeHours.around_the_clock()
        OfficeHours({'mon-sun': '00:00-24:00'}, zone='UTC')
        """
        return cls({"mon-sun": "00:00-24:00"})

    @property
    def is_around_the_clock(self) -> bool:
        """Whether every hour is a working hour."""
        whole_days = [shift for shift in self._shifts_of_week if shift[1:] == (0, 24 * 60)]
        return len(whole_days) == len(_DAYS) and not self.holidays

    def __repr__(self) -> str:
        days = f", holidays={len(self.holidays)}" if self.holidays else ""
        return f"OfficeHours({self.week}, zone={self.zone!r}{days})"

    def seconds(self, start: pd.Series, end: pd.Series) -> pd.Series:
        """Return the working seconds between two columns of instants, as float64.

        NaN if either is missing; negative if the end is before the start.
        """
        starts, ends = _epoch(start), _epoch(end)
        known = ~(np.isnan(starts) | np.isnan(ends))
        result = np.full(len(starts), np.nan)
        if known.any():
            edges = np.concatenate([starts[known], ends[known]])
            opens, closes = self._shifts_between(edges.min(), edges.max())
            worked = _elapsed(opens, closes, ends[known]) - _elapsed(opens, closes, starts[known])
            result[known] = worked
        return pd.Series(result, index=start.index)

    def _shifts_between(self, first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the opening and closing instants of all shifts between two instants."""
        begin, end = (
            pd.Timestamp(t, unit="s", tz="UTC").tz_convert(self.zone) for t in (first, last)
        )
        days = pd.date_range(
            begin.tz_localize(None).normalize() - pd.Timedelta(days=1),
            end.tz_localize(None).normalize() + pd.Timedelta(days=1),
            unit="s",
        )
        days = days[~days.isin(list(self.holidays))]
        opens, closes = [], []
        for weekday, opening, closing in self._shifts_of_week:
            on_that_day = days[days.day_of_week == weekday]
            opens.append(_instants(on_that_day, opening, self.zone))
            closes.append(_instants(on_that_day, closing, self.zone))
        all_opens = np.concatenate(opens)
        order = np.argsort(all_opens)
        return all_opens[order], np.concatenate(closes)[order]


def _elapsed(opens: np.ndarray, closes: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the working seconds from the first opening until each instant."""
    before = np.concatenate([[0.0], np.cumsum(closes - opens)])
    shift = np.searchsorted(opens, at, side="right") - 1
    inside = np.minimum(at, closes[shift]) - opens[shift]
    return np.where(shift >= 0, before[shift] + inside, 0.0)


def _instants(days: pd.DatetimeIndex, minutes: int, zone: str) -> np.ndarray:
    # Added before the time zone is applied: 09:00 is 09:00 on every day.
    wall = days + pd.Timedelta(minutes=minutes)
    placed = wall.tz_localize(
        zone, ambiguous=np.ones(len(wall), dtype=bool), nonexistent="shift_forward"
    )
    return _epoch(pd.Series(placed))


def _epoch(times: pd.Series) -> np.ndarray:
    naive = pd.to_datetime(times, utc=True).dt.tz_localize(None).to_numpy("datetime64[s]")
    return np.where(np.isnat(naive), np.nan, naive.astype("int64").astype("float64"))


def check_hours(office_hours: object) -> None:
    """Raise InvalidParameterError unless a value is OfficeHours or None."""
    if office_hours is not None and not isinstance(office_hours, OfficeHours):
        raise InvalidParameterError(
            f"office_hours={office_hours!r} is not valid. Use "
            "OfficeHours({'mon-fri': '09:00-17:00'}, zone='Europe/Paris')."
        )


def _parse_holidays(holidays: object) -> frozenset[pd.Timestamp]:
    if isinstance(holidays, str) or not isinstance(holidays, Iterable):
        raise InvalidParameterError(
            f"holidays={holidays!r} is not a list of dates. Use ['2026-12-25']."
        )
    return frozenset(_parse_holiday(day) for day in holidays)


def _parse_holiday(day: object) -> pd.Timestamp:
    try:
        # A number would be nanoseconds since 1970.
        stamp = pd.Timestamp(day) if isinstance(day, str | dt.date | np.datetime64) else pd.NaT
    except ValueError:
        stamp = pd.NaT
    if pd.isna(stamp):
        raise InvalidParameterError(f"{day!r} is not a valid holiday. Use a date, '2026-12-25'.")
    return stamp.tz_localize(None).normalize()


def _parse_week(week: Mapping[str, str]) -> list[tuple[int, int, int]]:
    """Parse the week into (weekday, opening minute, closing minute) and check for overlaps."""
    shifts = [
        (day, *shift)
        for days, hours in week.items()
        for day in _parse_weekdays(days)
        for shift in _parse_minutes(hours)
    ]
    shifts.sort()
    for (day, _, closing), (next_day, opening, _) in itertools.pairwise(shifts):
        if day == next_day and opening < closing:
            raise InvalidParameterError(f"Two ranges of office hours on {_DAYS[day]} overlap.")
    if not shifts:
        raise InvalidParameterError("Office hours need at least one day with hours.")
    return shifts


def _parse_weekdays(text: object) -> list[int]:
    first, _, last = str(text).strip().lower().partition("-")
    try:
        begin, end = _DAYS.index(first.strip()[:3]), _DAYS.index((last or first).strip()[:3])
    except ValueError:
        raise InvalidParameterError(
            f"{text!r} is not a valid day of the week. Use 'mon' or 'mon-fri'."
        ) from None
    return [(begin + i) % 7 for i in range((end - begin) % 7 + 1)]


def _parse_minutes(text: object) -> list[tuple[int, int]]:
    shifts = []
    for part in str(text).split(","):
        match = _TIMES.fullmatch(part.strip())
        opening, closing = (
            (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4]))
            if match
            else (0, 0)
        )
        if not 0 <= opening < closing <= 24 * 60:
            raise InvalidParameterError(
                f"{part.strip()!r} are not valid hours of one day. Use '09:00-18:00' or "
                "'09:00-24:00'."
            )
        shifts.append((opening, closing))
    return shifts
