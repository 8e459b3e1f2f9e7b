from __future__ import annotations

import pytest

from intercom_nb.analysis.periods import period_of
from intercom_nb.errors import InvalidParameterError

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", "2026-01-01 05:00", "2027-01-01 05:00"),
        ("2026-Q2", "2026-04-01 04:00", "2026-07-01 04:00"),
        ("2026-03", "2026-03-01 05:00", "2026-04-01 04:00"),  # the clocks change within
        ("2026-W01", "2025-12-29 05:00", "2026-01-05 05:00"),  # ISO: begins in the year before
        ("2026-W53", "2026-12-28 05:00", "2027-01-04 05:00"),
        ("2026-11-01", "2026-11-01 04:00", "2026-11-02 05:00"),  # a day of 25 hours
    ],
)
def test_period_of_uses_the_zone_when_given_a_calendar_unit(
    text: str, start: str, end: str
) -> None:
    period = period_of(text, NEW_YORK)
    assert [f"{t:%Y-%m-%d %H:%M}" for t in (period.start, period.end)] == [start, end]
    assert period.label == text.replace("2026-Q2", "2026Q2")


def test_period_before_is_the_previous_unit_when_it_is_a_calendar_unit() -> None:
    assert period_of("2026-03", NEW_YORK).before().label == "2026-02"
    assert period_of("2026-W01", NEW_YORK).before().label == "2025-W52"
    pair = period_of(("2026-10-01", "2026-10-08"), "UTC").before()
    assert pair.label == "2026-09-24 to 2026-10-01"


def test_period_of_keeps_the_zone_of_a_time_when_it_has_one() -> None:
    period = period_of(("2026-10-01T00:00:00Z", "2026-10-02"), NEW_YORK)
    assert (period.end - period.start).total_seconds() == 28 * 3_600


@pytest.mark.parametrize(
    "wrong",
    [
        *("last month", "2026-13", "2026-W54", 2026, "9999-12", "0001", "1677-01-01"),
        *(("2026-10-02", "2026-10-01"), ("x", "y")),
    ],
)
def test_period_of_raises_when_the_period_is_invalid(wrong: object) -> None:
    with pytest.raises(InvalidParameterError):
        period_of(wrong, "UTC")
