"""Parquet files of any frame: objects, duplicate columns, labels that are numbers, an index."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from intercom_nb.frames import read_parquet
from intercom_nb.frames.parquet import write_parquet

DAY, TIME = dt.date(2026, 10, 1), pd.Timestamp("2026-10-01T09:00", tz="UTC")
OBJECTS: dict[str, tuple[list[Any], list[Any]]] = {
    "dates": ([DAY, None, pd.NaT], [DAY, None, None]),
    "decimals": ([Decimal("1.5"), pd.NA], [Decimal("1.5"), None]),
    "bytes": ([b"\xff", None], [b"\xff", None]),
    "mixed": (
        [DAY, Decimal("1.5"), TIME, pd.NA, 2],
        [DAY.isoformat(), "1.5", TIME.isoformat(), None, 2],
    ),
    "missing": ([pd.NA, pd.NaT, None], [None, None, None]),
    "arrays": ([np.array([1, 2]), np.int64(3)], [[1, 2], 3]),
    "texts": ([np.array(["a"], dtype=object), ["b"], None], [["a"], ["b"], None]),
    "inside": (
        [{"day": DAY, "none": [pd.NA]}, {"a"}],
        [{"day": DAY.isoformat(), "none": [None]}, ["a"]],
    ),
    "half a pair": (["\ud83d", None], ["\ud83d", None]),
}


def column(values: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({"odd": pd.Series(values, dtype=object)})


@pytest.mark.parametrize("name", OBJECTS)
def test_write_parquet_keeps_values_when_a_column_holds_objects(name: str, tmp_path: Path) -> None:
    values, expected = OBJECTS[name]
    back = read_parquet(write_parquet(column(values), tmp_path / "a.parquet"))
    assert back["odd"].tolist() == expected


def test_write_parquet_keeps_labels_when_they_are_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({2: pd.Series([{"a": 1}, "b"], dtype=object), 3: [TIME, TIME]})
    back = read_parquet(write_parquet(frame, tmp_path / "a.parquet"))
    assert_frame_equal(back, frame, check_column_type=False)


def test_write_parquet_numbers_labels_when_several_columns_have_one(tmp_path: Path) -> None:
    frame = pd.DataFrame([["1", {}, "x", "2"]], columns=["id", "id_2", "id", "id"])
    back = read_parquet(write_parquet(frame, tmp_path / "a.parquet"))
    assert back.columns.tolist() == ["id", "id_2", "id_3", "id_4"]
    assert back.iloc[0].tolist() == ["1", {}, "x", "2"]
    assert frame.columns.tolist() == ["id", "id_2", "id", "id"]


def test_write_parquet_keeps_the_index_when_it_has_levels(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["1"], "name": ["Ada"], "odd": [[1, "a"]]}).set_index(
        ["id", "name"]
    )
    back = read_parquet(write_parquet(frame, tmp_path / "a.parquet"))
    assert_frame_equal(back, frame)
