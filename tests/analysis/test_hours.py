from __future__ import annotations

import pandas as pd
import pytest

from intercom_nb.analysis import OfficeHours
from intercom_nb.errors import InvalidParameterError

WEEK = {"mon-fri": "09:00-17:00"}


def worked(hours: OfficeHours, start: str, end: str) -> float:
    """Working hours between two wall-clock times of the zone of the office."""
    begin, finish = (pd.Series([pd.Timestamp(t, tz=hours.zone)]) for t in (start, end))
    return hours.seconds(begin, finish).item() / 3_600


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-10-05 10:00", "2026-10-05 12:30", 2.5),  # within a Monday
        ("2026-10-05 07:00", "2026-10-05 10:00", 1.0),  # asked before opening
        ("2026-10-05 16:00", "2026-10-06 10:00", 2.0),  # over a night
        ("2026-10-09 16:00", "2026-10-12 10:00", 2.0),  # over a weekend
        ("2026-10-10 10:00", "2026-10-11 10:00", 0.0),  # within a weekend
        ("2026-10-05 09:00", "2026-10-12 09:00", 40.0),  # a whole week
    ],
)
def test_office_hours_count_only_working_time(start: str, end: str, expected: float) -> None:
    assert worked(OfficeHours(WEEK, zone="Europe/Berlin"), start, end) == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize(
    "change", ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-25", "2026-11-01"]
)
def test_office_hours_of_a_week_are_the_same_when_the_clocks_change(zone: str, change: str) -> None:
    friday = pd.Timestamp(change) - pd.Timedelta(days=2)
    monday = pd.Timestamp(change) + pd.Timedelta(days=1)
    hours = OfficeHours(WEEK, zone=zone)
    assert worked(hours, f"{friday:%Y-%m-%d} 16:00", f"{monday:%Y-%m-%d} 11:00") == 3.0


def test_office_hours_of_a_night_have_their_real_length_when_the_clocks_change() -> None:
    # Berlin, 25 October 2026: 03:00 comes twice; 29 March: 02:00 to 03:00 does not come.
    night = OfficeHours({"sun": "00:00-06:00"}, zone="Europe/Berlin")
    assert worked(night, "2026-10-25 00:00", "2026-10-25 06:00") == 7.0
    assert worked(night, "2026-03-29 00:00", "2026-03-29 06:00") == 5.0


def test_office_hours_skip_breaks_and_holidays_when_they_have_some() -> None:
    hours = OfficeHours(
        {"mon": "08:00-12:00, 13:00-17:00", "tue": "08:00-24:00", "thu": "08:30-12:45"},
        zone="Europe/Paris",
        holidays=["2026-10-12"],
    )
    assert worked(hours, "2026-10-05 11:00", "2026-10-05 14:00") == 2.0
    assert worked(hours, "2026-10-06 20:00", "2026-10-07 09:00") == 4.0
    assert worked(hours, "2026-10-08 00:00", "2026-10-09 00:00") == 4.25
    assert worked(hours, "2026-10-12 00:00", "2026-10-13 00:00") == 0.0
    assert worked(OfficeHours.around_the_clock(), "2026-10-05 10:00", "2026-10-07 11:00") == 49.0


def test_office_hours_are_missing_or_negative_when_a_time_is_missing_or_earlier() -> None:
    times = pd.to_datetime(pd.Series(["2026-10-05 10:00", None, "2026-10-05 12:00"]), utc=True)
    other = pd.to_datetime(pd.Series(["2026-10-05 11:00"] * 3), utc=True)
    got = OfficeHours(WEEK).seconds(times, other)
    assert got.tolist()[::2] == [3_600.0, -3_600.0]
    assert got.isna().tolist() == [False, True, False]


@pytest.mark.parametrize(
    "week",
    [
        {"mo-fx": "09:00-17:00"},
        {"mon": "9-17"},
        {"mon": "17:00-09:00"},
        {"mon": "09:00-25:00"},
        {"mon": "09:00-12:00, 11:00-13:00"},
        {},
    ],
)
def test_office_hours_are_refused_when_they_are_invalid(week: dict[str, str]) -> None:
    with pytest.raises(InvalidParameterError):
        OfficeHours(week)


def test_office_hours_are_refused_when_the_zone_is_unknown() -> None:
    with pytest.raises(InvalidParameterError, match="Europe/Atlantis"):
        OfficeHours(WEEK, zone="Europe/Atlantis")
