"""Exports: no text starts a formula, whatever stands before or inside it."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
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
@pytest.mark.parametrize("sign", [";", "\t", "|", ","])
def test_export_quotes_a_field_when_it_holds_a_separator(kind: str, sign: str) -> None:
    texts = [f"hi{sign}=1+1", f'a{sign}"b"', "plain"]
    frame = pd.DataFrame({f"na{sign}me": texts, "n": [1, 2, 3]})
    separator = "," if kind == "csv" else "\t"
    text = export(frame, kind).decode()
    assert f'"hi{sign}=1+1"' in text or (kind, sign) == ("tsv", ",")
    assert "\r" not in text
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    assert rows == [[f"na{sign}me", "n"], *([t, str(n)] for n, t in enumerate(texts, 1))]


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


FRAME = pd.DataFrame({"id": ["1", "2", "3"], "country": ["=SE", "IE", "IE"], "n": [1, 2, 3]})
TABLES: dict[str, tuple[pd.DataFrame, list[list[Any]]]] = {
    "groupby": (
        FRAME.groupby("country").size().to_frame("n"),
        [["country", "n"], ["'=SE", 1], ["IE", 2]],
    ),
    "index": (FRAME.set_index("id")[["n"]], [["id", "n"], ["1", 1], ["2", 2], ["3", 3]]),
    "levels": (
        FRAME.groupby(["country", "id"]).sum().rename_axis([None, "id"]).head(1),
        [["level_0", "id", "n"], ["'=SE", "1", 1]],
    ),
    "index alone": (FRAME.set_index("id")[[]], [["id"], ["1"], ["2"], ["3"]]),
    "unnamed text": (pd.DataFrame({"n": [1]}, index=["SE"]), [["index", "n"], ["SE", 1]]),
    "labels of two levels": (
        FRAME.head(1).pivot(index="id", columns="country", values=["n"]),
        [["id", "n.=SE"], ["1", 1]],
    ),
    "aggregation": (
        FRAME.groupby("id").agg({"n": ["min", "max"]}).reset_index().tail(1),
        [["id", "n.min", "n.max"], ["3", 3, 3]],
    ),
    "filtered": (FRAME[["n"]][FRAME["n"] > 2], [["n"], [3]]),
    "twice": (pd.concat([FRAME[["n"]].head(1)] * 2, axis=1), [["n", "n"], [1, 1]]),
    "same when safe": (pd.DataFrame({"=a": [1], "'=a": [2]}), [["'=a", "'=a"], [1, 2]]),
}


@pytest.mark.parametrize("name", TABLES)
def test_export_writes_the_index_and_every_column_when_they_have_a_meaning(name: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    frame, expected = TABLES[name]
    texts = [[str(value) for value in row] for row in expected]
    assert list(csv.reader(io.StringIO(export(frame, "csv").decode()))) == texts
    assert list(csv.reader(io.StringIO(export(frame, "tsv").decode()), delimiter="\t")) == texts
    sheet = openpyxl.load_workbook(io.BytesIO(export(frame, "xlsx"))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == expected
    table = pd.read_parquet(io.BytesIO(export(frame, "parquet")))
    assert table.shape == (len(expected) - 1, len(expected[0]))


def test_export_replaces_halves_of_surrogate_pairs_when_text_has_one() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    frame = pd.DataFrame({"name": pd.Series(["a\ud83d", "b"], dtype=object)})
    assert export(frame, "csv").decode() == "name\na\ufffd\nb\n"
    assert openpyxl.load_workbook(io.BytesIO(export(frame, "xlsx"))).active["A2"].value == "a\ufffd"
    assert pd.read_parquet(io.BytesIO(export(frame, "parquet")))["name"][0] == "a\ufffd"


def test_export_joins_lists_when_they_came_from_a_file() -> None:
    frame = pd.DataFrame({"tags": [np.array(["a", "b"], dtype=object), None]})
    assert export(frame, "csv").decode() == 'tags\n"a, b"\n""\n'
