"""The corpus of hostile texts through everything that leaves the explorer."""

from __future__ import annotations

import ast
import io
import json
import shlex
import sys
from pathlib import Path

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import catalog
from intercom_nb.frames.export import export
from intercom_nb.widgets.connection import Connection
from intercom_nb.widgets.explorer.query.code import curl_code, python_code
from intercom_nb.widgets.explorer.query.form_parser import parse_form

from ...conftest import Front

sys.path.insert(0, str(Path(__file__).parents[3] / "browser"))
import hostile_workspace
from payloads import PAYLOADS

pytestmark = pytest.mark.slow

# Each payload also as what a spreadsheet would take for a formula.
SIGNS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠")
FORMULAS = [f"{SIGNS[i % len(SIGNS)]}HYPERLINK({p!r})" for i, p in enumerate(PAYLOADS)]
TEXTS = [*PAYLOADS, *FORMULAS, "=cmd|' /C calc'!A0", "+1-2", '-2+3";=1', "@SUM(A1:A9)", "=1+1\t=2"]
STARTS = tuple("=+-@\t\r\n＝＋－＠")
FRAME = pd.DataFrame(
    {
        "id": [str(i) for i in range(len(TEXTS))],
        "name": TEXTS,
        "tags": [[t, t] for t in TEXTS],
        "object": [{"a": t} for t in TEXTS],
        FORMULAS[0]: TEXTS,
    }
)


def test_corpus_has_over_400_texts_and_200_formulas() -> None:
    assert len(set(TEXTS)) > 400
    assert sum(t.startswith(STARTS) for t in TEXTS) > 200


@pytest.mark.parametrize("kind", ["csv", "tsv"])
def test_text_file_has_no_formula_when_texts_are_hostile(kind: str) -> None:
    separator = "\t" if kind == "tsv" else ","
    text = export(FRAME, kind).decode()
    read = pd.read_csv(io.StringIO(text), sep=separator, dtype=str, keep_default_na=False)
    assert read.shape == FRAME.shape  # no text broke out of its cell
    cells = [*read.columns, *read.to_numpy().ravel()]
    assert not [cell for cell in cells if cell.startswith(STARTS)]
    plain = [t for t in TEXTS if not t.startswith(STARTS) and "\r" not in t]
    assert set(plain) <= set(read["name"])  # and nothing was lost of the others


def test_excel_file_has_no_formula_and_no_link_when_texts_are_hostile() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(export(FRAME, "xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert len(cells) == FRAME.size + len(FRAME.columns)
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not [cell for cell in cells if cell.hyperlink is not None]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(STARTS)]


def test_parquet_returns_the_same_texts_when_they_are_hostile() -> None:
    pytest.importorskip("pyarrow")
    read = pd.read_parquet(io.BytesIO(export(FRAME, "parquet")))
    assert read["name"].tolist() == TEXTS
    assert [list(tags) for tags in read["tags"]] == FRAME["tags"].tolist()
    assert [json.loads(text) for text in read["object"]] == FRAME["object"].tolist()


def test_json_tab_returns_the_same_texts_when_they_are_hostile() -> None:
    front = Front(inb.explore(hostile_workspace.connector()))
    assert front.run("conversations", "list", limit="")["status"] == "done"
    asked = {"result": front.result["id"]}
    shown = json.loads(front.ask("ask", what="json", **asked)["text"])
    assert [row["title"] for row in shown] == PAYLOADS[: len(shown)]


def test_code_has_the_searched_text_as_one_value_when_it_is_hostile() -> None:
    connector = hostile_workspace.connector()
    operation = catalog.operation("conversations", "search")
    for payload in PAYLOADS:
        row = {"id": "1", "field": "source.body", "op": "eq", "value": payload}
        form = {"query": {"groups": [{"rows": [row]}]}, "limit": "5"}
        arguments = parse_form(operation, form).values
        code = python_code(Connection.of(connector), operation, arguments)
        call = ast.parse(code).body[-1]
        assert payload.strip() in {n.value for n in ast.walk(call) if isinstance(n, ast.Constant)}
        words = shlex.split(curl_code(connector, operation, arguments).replace("\\\n", " "))
        assert json.loads(words[-1])["query"]["value"] == payload.strip()


def test_clipboard_has_one_row_per_record_when_texts_are_hostile() -> None:
    front = Front(inb.explore(hostile_workspace.connector()))
    front.run("conversations", "list", limit="")
    answer = front.ask("export", **{"as": "tsv", "all_columns": True})
    assert answer["rows"] == len(PAYLOADS)
    assert answer["type"] == "text/tab-separated-values"  # and no HTML beside it
