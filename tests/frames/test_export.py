"""Exports: no text starts a formula, whatever stands before or inside it."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest

from intercom_nb.frames.export import export

SIGNS = ["=", "+", "-", "@", "\uff1d"]
BEFORE = ["", "\x01", " ", "\ufeff", "\u200b", "\xa0", "\x00\x1f ", "\n", "\t", "\r"]


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE, ids=repr)
def test_export_marks_a_formula_when_other_characters_precede_it(before: str, sign: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    frame = pd.DataFrame({"name": [f"{before}{sign}1+1"]})
    [_, cell] = csv.reader(io.StringIO(export(frame, "csv").decode(), newline=""))
    assert cell[0].startswith("'")
    sheet = openpyxl.load_workbook(io.BytesIO(export(frame, "xlsx"))).active
    assert sheet["A2"].value.startswith("'")
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_export_quotes_a_field_when_it_holds_a_semicolon(kind: str) -> None:
    frame = pd.DataFrame({"na;me": ["hi;=1+1", 'a;"b"', "plain"], "n": [1, 2, 3]})
    text = export(frame, kind).decode()
    assert '"hi;=1+1"' in text
    assert "\r" not in text
    rows = list(csv.reader(io.StringIO(text), delimiter="," if kind == "csv" else "\t"))
    assert rows == [["na;me", "n"], ["hi;=1+1", "1"], ['a;"b"', "2"], ["plain", "3"]]


@pytest.mark.parametrize("text", ["+46 70 123", "plain", "a=b", "", "1-2"])
def test_export_leaves_text_alone_when_it_is_not_a_formula(text: str) -> None:
    assert (
        pd.read_csv(
            io.BytesIO(export(pd.DataFrame({"a": [text], "b": ["x"]}), "csv")),
            dtype=str,
            keep_default_na=False,
        )["a"][0]
        == text
    )
