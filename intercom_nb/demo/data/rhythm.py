"""When things happen: growth over the year, quiet weekends, office hours, one bad week."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from random import Random

from intercom_nb.demo.data.zone import local_day, midnight
from intercom_nb.demo.settings import DAY, HOUR, INCIDENT_END, INCIDENT_START, NOW, START, instant

# Monday to Sunday, and the 24 hours of a local day.
_WEEKDAY = (1.16, 1.12, 1.06, 1.0, 0.88, 0.30, 0.24)
_HOUR = (
    *(0.10, 0.07, 0.05, 0.05, 0.06, 0.10, 0.22, 0.45, 0.85, 1.30, 1.55, 1.45),
    *(1.10, 1.25, 1.50, 1.40, 1.20, 0.90, 0.60, 0.45, 0.38, 0.30, 0.22, 0.15),
)
_HOLIDAYS = (instant(2025, 12, 22), instant(2026, 1, 3))


def weekday(day: int) -> int:
    """Return 0 for a Monday to 6 for a Sunday, from a number of days since 1970.

    >>> weekday(0)  # 1 January 1970 was a Thursday
    3
    """
    return (day + 3) % 7


def in_incident(at: float) -> bool:
    """Say whether an instant lies in the week of the incident."""
    return INCIDENT_START <= at < INCIDENT_END


def _volume(day: int) -> float:
    at = midnight(day)
    growth = 0.78 + 0.5 * (at - START) / (NOW - START)
    season = 0.5 if _HOLIDAYS[0] <= at < _HOLIDAYS[1] else 1.0
    # Counted by the day's noon: an incident day is one that is mostly inside the week.
    incident = 2.3 if in_incident(at + DAY // 2) and weekday(day) < 5 else 1.0
    return growth * season * incident * _WEEKDAY[weekday(day)]


def arrivals(rng: Random, count: int) -> list[int]:
    """Draw the instants at which conversations begin, in order.

    >>> times = arrivals(Random(1), 5)
    >>> times == sorted(times) and START <= times[0] < NOW
    True
    """
    starts: list[int] = []
    weights: list[float] = []
    # From the first Monday on, so that a weekly chart doesn't begin with a lone weekend.
    first = next(day for day in range(local_day(START) + 1, local_day(NOW)) if not weekday(day))
    for day in range(first, local_day(NOW)):
        begin, volume = midnight(day), _volume(day)
        starts.extend(begin + hour * HOUR for hour in range(24))
        weights.extend(volume * share for share in _HOUR)
    cells = rng.choices(starts, cum_weights=list(accumulate(weights)), k=count)
    return sorted(cell + int(rng.random() * HOUR) for cell in cells)


class OfficeHours:
    """Count and spend time only while a team is at work.

    `week` maps weekdays (0 is Monday) to opening and closing hour, local time.

    >>> hours = OfficeHours({day: (9, 17) for day in range(5)})
    >>> saturday = midnight(local_day(instant(2026, 7, 4, 16)))
    >>> hours.after(saturday, HOUR) == midnight(local_day(saturday) + 2) + 10 * HOUR
    True
    """

    def __init__(self, week: dict[int, tuple[int, int]]) -> None:
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._worked = [0]  # working seconds before each opening
        for day in range(local_day(START) - 7, local_day(NOW) + 60):
            hours = week.get(weekday(day))
            if hours:
                begin = midnight(day)
                self._opens.append(begin + hours[0] * HOUR)
                self._closes.append(begin + hours[1] * HOUR)
                self._worked.append(self._worked[-1] + self._closes[-1] - self._opens[-1])

    def _elapsed(self, at: int) -> int:
        shift = bisect_right(self._opens, at) - 1
        if shift < 0:
            return 0
        return self._worked[shift] + min(at, self._closes[shift]) - self._opens[shift]

    def between(self, start: int, end: int) -> int:
        """Return the working seconds between two instants."""
        return self._elapsed(end) - self._elapsed(start)

    def after(self, start: int, seconds: int) -> int:
        """Return the instant at which that many working seconds have passed since `start`."""
        target = self._elapsed(start) + max(1, seconds)
        shift = bisect_left(self._worked, target) - 1
        if shift >= len(self._opens):
            return self._closes[-1] + target - self._worked[-1]
        return self._opens[shift] + target - self._worked[shift]
