"""Exports of a result: values, formulas, odd values."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable

import pandas as pd
import pytest

from intercom_nb.frames.export import export
from tests.widgets.explorer.frames import FRAME

HOSTILE = ["=1+1", "+1-2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1"]


@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx"])
def test_export_has_no_formula_when_cells_start_with_a_sign(kind):
    data = export(pd.DataFrame({"=name": HOSTILE, "n": range(len(HOSTILE))}), kind)
    if kind == "xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f"]
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    else:
        frame = pd.read_csv(io.BytesIO(data), sep="\t" if kind == "tsv" else ",")
        texts = [*frame.columns, *frame.iloc[:, 0]]
    assert not [t for t in texts if t.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert f"'{HOSTILE[0]}" in texts


def test_export_returns_the_same_values_when_it_is_read_back():
    csv = pd.read_csv(io.BytesIO(export(FRAME, "csv")), dtype={"id": str})
    assert list(csv["id"]) == list(FRAME["id"])
    assert csv["name"][3] == FRAME["name"][3]
    assert csv["tags"][0] == "a, b"
    parquet = pd.read_parquet(io.BytesIO(export(FRAME, "parquet")))
    assert list(parquet["at"]) == list(FRAME["at"])
    assert list(parquet["tags"][0]) == ["a", "b"]
    excel = pd.read_excel(io.BytesIO(export(FRAME, "xlsx")), dtype={"id": str})
    assert excel["at (UTC)"][0] == pd.Timestamp("2026-01-05")
    assert (
        export(pd.DataFrame({"phone": ["+353 87 1234567"]}), "csv") == b"phone\n+353 87 1234567\n"
    )


READERS: dict[str, Callable[..., pd.DataFrame]] = {
    "csv": pd.read_csv,
    "tsv": functools.partial(pd.read_csv, sep="\t"),
    "xlsx": pd.read_excel,
    "parquet": pd.read_parquet,
}


@pytest.mark.parametrize("kind", READERS)
def test_export_has_every_row_when_values_are_odd(kind):
    odd = pd.DataFrame({"x": pd.Series([{}, {"a": 1}, "text", None, [1, {}]], dtype=object)})
    odd["y"] = ["\x00\x1f", "🙂" * 40_000, "", None, "a\nb"]
    for frame in (odd, odd.iloc[:0]):
        found = READERS[kind](io.BytesIO(export(frame, kind)))
        assert found.shape == frame.shape
        assert found["x"].tolist()[:3] == ["{}", '{"a":1}', "text"][: len(frame)]
