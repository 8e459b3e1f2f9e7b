"""Points in time, in all the forms in which people write them."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from intercom_nb.catalog.timestamps import is_whole_day, unix_seconds
from intercom_nb.errors import InvalidParameterError

OCTOBER = 1790812800
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "written",
    [
        "2026-10-01",
        " 2026-10-01 ",
        "20261001",
        "2026-10-01T00:00:00Z",
        "2026-10-01 00:00",
        "2026-10-01T02:00:00+02:00",
        "2026-09-30T20:00:00-04:00",
        "1790812800",
        OCTOBER,
        float(OCTOBER),
        np.int64(OCTOBER),
        np.float64(OCTOBER),
        np.datetime64("2026-10-01"),
        np.datetime64("2026-10-01T00:00:00.000000000"),
        dt.date(2026, 10, 1),
        dt.datetime(2026, 10, 1),  # noqa: DTZ001
        dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        dt.datetime(2026, 9, 30, 20, tzinfo=NEW_YORK),
        pd.Timestamp("2026-10-01"),
        pd.Timestamp("2026-10-01", tz="UTC"),
        pd.Timestamp("2026-09-30 20:00", tz="America/New_York"),
        pd.Timestamp("2026-10-01").to_pydatetime(),
    ],
    ids=repr,
)
def test_unix_seconds_parses_every_form_of_a_timestamp(written: Any) -> None:
    assert unix_seconds(written) == OCTOBER


def test_unix_seconds_keeps_the_fraction_when_there_is_one() -> None:
    assert unix_seconds("2026-10-01T00:00:00.25Z") == OCTOBER + 0.25
    assert unix_seconds(pd.Timestamp("2026-10-01 00:00:00.5")) == OCTOBER + 0.5


@pytest.mark.parametrize(
    ("hour", "minute", "fold", "utc"),
    [
        # The clocks of New York go back at 2026-11-01 02:00: one o'clock comes twice.
        (0, 59, 0, "2026-11-01T04:59:00Z"),
        (1, 30, 0, "2026-11-01T05:30:00Z"),
        (1, 30, 1, "2026-11-01T06:30:00Z"),
        (3, 0, 0, "2026-11-01T08:00:00Z"),
    ],
)
def test_unix_seconds_converts_local_times_when_the_clocks_change(
    hour: int, minute: int, fold: int, utc: str
) -> None:
    local = dt.datetime(2026, 11, 1, hour, minute, tzinfo=NEW_YORK, fold=fold)
    assert unix_seconds(local) == unix_seconds(utc)
    assert unix_seconds(pd.Timestamp(local)) == unix_seconds(utc)


@pytest.mark.parametrize(
    ("age", "seconds"),
    [("7d", 604800), ("1w", 604800), ("24h", 86400), ("90m", 5400), ("30s", 30), ("2 d", 172800)],
)
def test_unix_seconds_subtracts_from_now_when_given_an_age(
    age: str, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: OCTOBER + 0.9)
    assert unix_seconds(age) == OCTOBER - seconds


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "NaT",
        "nan",
        "2026-13-01",
        "2026-02-30",
        "01.10.2026",
        "10/01/2026",
        "7",
        "-7d",
        "7y",
        None,
        True,
        np.True_,
        float("nan"),
        pd.NaT,
        pd.NA,
        np.datetime64("NaT"),
        [OCTOBER],
        {"at": OCTOBER},
        b"2026-10-01",
        pd.Series([OCTOBER]),
        dt.timedelta(days=7),
        dt.time(9, 30),
    ],
    ids=repr,
)
def test_unix_seconds_raises_when_the_value_is_not_a_time(written: Any) -> None:
    with pytest.raises(InvalidParameterError, match=r"^since: .* is not a valid time\. Use"):
        unix_seconds(written, "since")


@pytest.mark.parametrize(
    "written",
    [OCTOBER * 1000, str(OCTOBER * 1000), np.int64(OCTOBER * 1000), float("inf"), "9999999999d"],
    ids=repr,
)
def test_unix_seconds_raises_when_given_milliseconds(written: Any) -> None:
    with pytest.raises(InvalidParameterError, match="too large for Unix seconds"):
        unix_seconds(written)


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("2026-10-01", True),
        ("20261001", True),
        (dt.date(2026, 10, 1), True),
        ("2026-10-01T00:00", False),
        (dt.datetime(2026, 10, 1), False),  # noqa: DTZ001
        (pd.Timestamp("2026-10-01"), False),
        (OCTOBER, False),
        ("1790812800", False),
        ("7d", False),
    ],
    ids=repr,
)
def test_is_whole_day_is_true_when_a_date_has_no_time(written: Any, whole: bool) -> None:
    assert is_whole_day(written) is whole
