"""Calendar days in New York, the time zone of the demo workspace.

The rule (valid since 2007) is written out: `zoneinfo` has no data on Windows and slim systems,
where the demo must return the same records.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from intercom_nb.demo.dates import instant
from intercom_nb.demo.settings import DAY, HOUR

_STANDARD = -5 * HOUR
_SUMMER = -4 * HOUR


def _sunday(year: int, month: int, nth: int) -> int:
    first = dt.date(year, month, 1).weekday()
    return 1 + (6 - first) % 7 + 7 * (nth - 1)


@lru_cache(maxsize=64)
def _summer_time(year: int) -> tuple[int, int]:
    # Clocks change at 02:00 local: 07:00 UTC in March, 06:00 UTC in November.
    return (
        instant(year, 3, _sunday(year, 3, 2), 7),
        instant(year, 11, _sunday(year, 11, 1), 6),
    )


def offset(at: float) -> int:
    """Return New York's offset from UTC in seconds (negative).

    >>> offset(instant(2026, 7, 1)) // HOUR, offset(instant(2026, 1, 1)) // HOUR
    (-4, -5)
    """
    starts, ends = _summer_time(dt.datetime.fromtimestamp(at, dt.UTC).year)
    return _SUMMER if starts <= at < ends else _STANDARD


def local_day(at: float) -> int:
    """Return the calendar day of a unix time, in days since 1970.

    >>> local_day(instant(2026, 7, 1, 3)) == local_day(instant(2026, 7, 1, 4)) - 1
    True
    """
    return int((at + offset(at)) // DAY)


def midnight(day: int) -> int:
    """Return the unix time at which a calendar day starts in New York.

    >>> midnight(local_day(instant(2026, 7, 1, 12))) == instant(2026, 7, 1, 4)
    True
    """
    # Clocks change at 02:00, so the offset at midnight is that of the standard-time guess.
    return day * DAY - offset(day * DAY - _STANDARD)
