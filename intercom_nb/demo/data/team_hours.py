"""Office hours of a team: working time between two times, and after one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from intercom_nb.demo.data.arrivals import weekday
from intercom_nb.demo.data.time_zone import local_day, midnight
from intercom_nb.demo.dates import NOW, START
from intercom_nb.demo.settings import HOUR


class TeamHours:
    """Measure time during a team's office hours only.

    `week` maps weekdays (0 is Monday) to the opening and closing hour in local time.

    >>> hours = TeamHours({day: (9, 17) for day in range(5)})
    >>> saturday, monday_10am = 1_783_180_800, 1_783_346_400  # 4 and 6 July 2026
    >>> hours.after(saturday, 3_600) == monday_10am
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
        """Return the working seconds between two times."""
        return self._elapsed(end) - self._elapsed(start)

    def after(self, start: int, seconds: int) -> int:
        """Return the time at which that many working seconds have passed since `start`."""
        target = self._elapsed(start) + max(1, seconds)
        shift = bisect_left(self._worked, target) - 1
        if shift >= len(self._opens):
            return self._closes[-1] + target - self._worked[-1]
        return self._opens[shift] + target - self._worked[shift]
