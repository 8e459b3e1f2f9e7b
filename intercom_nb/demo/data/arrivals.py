"""Arrival times: growth over the year, quiet weekends and nights, one bad week."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from random import Random

from intercom_nb.demo.data.time_zone import local_day, midnight
from intercom_nb.demo.dates import INCIDENT_END, INCIDENT_START, NOW, RECOVERY_END, START
from intercom_nb.demo.settings import DAY, HOUR

# Relative volume: Monday to Sunday, and the 24 hours of a local day.
_WEEKDAY = (1.32, 1.04, 1.0, 0.98, 0.90, 0.30, 0.24)
_HOUR = (
    *(0.10, 0.07, 0.05, 0.05, 0.06, 0.10, 0.22, 0.45, 0.85, 1.30, 1.55, 1.45),
    *(1.10, 1.25, 1.50, 1.40, 1.20, 0.90, 0.60, 0.45, 0.38, 0.30, 0.22, 0.15),
)


def _is_holiday(at: float) -> bool:
    """Return whether a time lies between 22 December and 2 January."""
    day = dt.datetime.fromtimestamp(at, dt.UTC)
    return (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 2)


def weekday(day: int) -> int:
    """Return the weekday (0 is Monday) of a number of days since 1970.

    >>> weekday(0)  # 1 January 1970 was a Thursday
    3
    """
    return (day + 3) % 7


def is_in_incident(at: float) -> bool:
    """Return whether a time lies in the week of the incident."""
    return INCIDENT_START <= at < INCIDENT_END


def is_in_recovery(at: float) -> bool:
    """Return whether a time lies in the week after the incident."""
    return INCIDENT_END <= at < RECOVERY_END


def _volume(day: int) -> float:
    at = midnight(day)
    growth = 0.78 + 0.5 * (at - START) / (NOW - START)
    season = 0.5 if _is_holiday(at) else 1.0
    # Compare noon: an incident day lies mostly inside the week.
    incident = 2.3 if is_in_incident(at + DAY // 2) and weekday(day) < 5 else 1.0
    return growth * season * incident * _WEEKDAY[weekday(day)]


def arrivals(rng: Random, count: int) -> list[int]:
    """Draw the start times of conversations on whole local days, in order.

    >>> times = arrivals(Random(1), 5)
    >>> times == sorted(times) and START <= times[0] < NOW
    True
    """
    # Start on a Monday, so that weekly charts don't begin with a partial week.
    first = next(day for day in range(local_day(START) + 1, local_day(NOW)) if not weekday(day))
    return _draw(rng, _hourly_weights(first, local_day(NOW)), count)


def last_day_arrivals(rng: Random, yearly: int) -> list[int]:
    """Draw the start times of the last local day, which ends early: at NOW.

    `yearly` is the number of conversations on the whole days of the year.
    """
    today = local_day(NOW)
    hours = {at: weight for at, weight in _hourly_weights(today, today + 1).items() if at < NOW}
    share = sum(hours.values()) / sum(_hourly_weights(today - 364, today).values())
    return _draw(rng, hours, max(1, round(yearly * share)))


def _hourly_weights(first: int, last: int) -> dict[int, float]:
    """Return the relative volume by the start of each hour, from day `first` to before `last`."""
    return {
        start + hour * HOUR: volume * share
        for start, volume in ((midnight(day), _volume(day)) for day in range(first, last))
        for hour, share in enumerate(_HOUR)
    }


def _draw(rng: Random, hours: dict[int, float], count: int) -> list[int]:
    cells = rng.choices(list(hours), cum_weights=list(accumulate(hours.values())), k=count)
    return sorted(cell + int(rng.random() * HOUR) for cell in cells)
