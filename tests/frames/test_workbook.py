"""Excel files: zones in headings, durations, shares, lists, names of sheets, no formulas."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import intercom_nb  # noqa: F401 - registers the accessor
from intercom_nb.errors import ConfigurationError, InvalidParameterError
from intercom_nb.frames.workbook import Sheet, workbook

openpyxl = pytest.importorskip("openpyxl")

TIMES = pd.Series(pd.to_datetime(["2026-07-01 10:00", None, "1850-01-01 00:00"], utc=True))
FRAME = pd.DataFrame(
    {
        "at": TIMES,
        "month": pd.to_datetime(["2026-10-01", "2026-11-01", None]),
        "median": [5400.0, None, 100_000.0],
        "share": [0.125, float("nan"), 1.0],
        "took": pd.to_timedelta(["90 min", None, "2 days"]),
        "tags": [["a", "b"], [], None],
        "name": ["=1+1", "plain", "\x00odd"],
        "id": pd.array([2**60, 1, None], dtype="Int64"),
        "open": pd.array([True, None, False], dtype="boolean"),
    }
)
UNITS = {"median": "seconds", "share": "share"}


def read(*sheets: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets)))


def test_workbook_has_native_excel_values_when_columns_are_typed() -> None:
    [sheet] = read(Sheet("x", FRAME, units=UNITS, zone="Europe/Dublin"))
    head, first, second, third = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert head[:5] == [
        "at (Europe/Dublin)",
        "month",
        "median (h:mm:ss)",
        "share",
        "took (h:mm:ss)",
    ]
    hours = dt.timedelta(hours=1, minutes=30)
    assert first[:5] == [
        pd.Timestamp("2026-07-01 11:00").to_pydatetime(),
        pd.Timestamp("2026-10-01").to_pydatetime(),
        hours,
        0.125,
        hours,
    ]
    assert first[5:] == ["a, b", "'=1+1", str(2**60), True]
    assert second[0] is None
    assert third[0].startswith("1849-12-31 23:3")  # older than Excel's calendar; local mean time
    assert third[6] == "odd"
    formats = [cell.number_format for cell in sheet[2]]
    assert formats[:4] == ["yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd", "[h]:mm:ss", "0.0%"]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I4"


def test_workbook_names_sheets_uniquely_when_their_titles_are_equal() -> None:
    frame = FRAME[["name"]]
    book = read(
        Sheet("a/b:c" * 9, frame, ["=2+2", "note"]), Sheet("A_b_c" * 9, frame), Sheet("", frame)
    )
    assert len({name.casefold() for name in book.sheetnames}) == 3
    assert all(len(name) <= 31 for name in book.sheetnames)
    texts = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert texts == ["'=2+2", "note", None, "name", "'=1+1", "plain", "odd"]
    assert book.worksheets[0].freeze_panes == "A5"


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd"])
def test_to_excel_is_refused_when_the_zone_is_not_valid(zone: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidParameterError, match="not a valid time zone"):
        FRAME.intercom.to_excel(tmp_path / "x.xlsx", zone=zone)
    assert not (tmp_path / "x.xlsx").exists()


def test_workbook_is_refused_when_it_has_more_rows_than_excel() -> None:
    with pytest.raises(ConfigurationError, match="Use CSV"):
        workbook([Sheet("x", pd.DataFrame(index=range(1_048_576)))])


def test_workbook_has_headings_when_the_frame_is_empty() -> None:
    [sheet] = read(Sheet("x", FRAME.iloc[:0], units=UNITS))
    assert [cell.value for cell in sheet[1]][2] == "median (h:mm:ss)"
