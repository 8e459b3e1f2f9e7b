"""New York's calendar, against the dates at which its clocks changed."""

from __future__ import annotations

import datetime as dt

import pytest

from intercom_nb.demo.data.time_zone import local_day, midnight, offset
from intercom_nb.demo.dates import instant
from intercom_nb.demo.settings import DAY, HOUR

# (year, Sunday in March, Sunday in November)
CHANGES = [(2019, 10, 3), (2023, 12, 5), (2024, 10, 3), (2025, 9, 2), (2026, 8, 1), (2027, 14, 7)]


@pytest.mark.parametrize(("year", "march", "november"), CHANGES)
def test_zone_offset_changes_when_the_clocks_change(year, march, november):
    spring, autumn = instant(year, 3, march, 7), instant(year, 11, november, 6)
    assert [offset(spring - 1), offset(spring)] == [-5 * HOUR, -4 * HOUR]
    assert [offset(autumn - 1), offset(autumn)] == [-4 * HOUR, -5 * HOUR]


@pytest.mark.parametrize(("year", "march", "november"), CHANGES)
def test_local_day_begins_at_midnight_when_the_clocks_change(year, march, november):
    for date in (dt.date(year, 3, march), dt.date(year, 11, november), dt.date(year, 7, 1)):
        day = (date - dt.date(1970, 1, 1)).days
        for number in (day - 1, day, day + 1):
            start = midnight(number)
            assert local_day(start) == number
            assert local_day(start - 1) == number - 1
        assert midnight(day + 1) - midnight(day) in (DAY - HOUR, DAY, DAY + HOUR)
