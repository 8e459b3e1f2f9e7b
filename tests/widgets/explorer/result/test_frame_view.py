"""Table of a result: sorting, filters, search, long text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intercom_nb.errors import InvalidParameterError
from intercom_nb.frames.cells import cell_text
from intercom_nb.widgets.explorer.result.columns import describe_columns
from intercom_nb.widgets.explorer.result.conditions import TYPED
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.text_index import lower
from tests.widgets.explorer.frames import FRAME, odd_frame


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ([("n", False)], ["8", "7", "10", "9"]),
        ([("n", True)], ["10", "7", "8", "9"]),
        ([("at", False)], ["10", "7", "9", "8"]),
        ([("name", False)], ["7", "9", "10", "8"]),
        ([("id", False)], ["7", "8", "9", "10"]),
        ([("no such", True)], ["10", "9", "8", "7"]),
    ],
)
def test_arrange_sorts_missing_values_last_when_a_column_has_some(sort, ids):
    view = FrameView(FRAME)
    view.arrange(sort=sort)
    assert [row["cells"][0] for row in view.rows(0, 9, ["id"])] == ids


@pytest.mark.parametrize(
    ("column", "text", "ids"),
    [
        ("n", ">1", ["10", "7"]),
        ("n", "!=3", ["8", "7"]),
        ("n", "empty", ["9"]),
        ("at", ">=2026-01-06", ["9", "7"]),
        ("name", "=ADA", ["9"]),
        ("name", "onerror", ["7"]),
        ("name", "not empty", ["10", "9", "7"]),
        ("tags", "b", ["10", "7"]),
        ("tags", "empty", ["9", "8"]),
    ],
)
def test_filter_compares_by_type_when_an_operator_is_typed(column, text, ids):
    view = FrameView(FRAME)
    view.arrange(conditions=[(column, TYPED, text)])
    assert list(view.shown["id"]) == ids


REPLY = "statistics.time_to_admin_reply"
REPLIES = pd.DataFrame({REPLY: pd.array([60, 3_600, 5_400, 200_000, None], dtype="Int64")})


@pytest.mark.parametrize(
    ("text", "count"),
    [(">1h", 2), (">=1 h", 3), (">90m", 1), (">=1 h 30 min", 2), ("<2D", 3), (">3600", 2)],
)
def test_filter_reads_units_when_a_column_is_shown_as_durations(text, count):
    view = FrameView(REPLIES)
    view.arrange(conditions=[(REPLY, TYPED, text)])
    assert len(view.shown) == count
    assert describe_columns(REPLIES, "conversations")[0]["duration"]
    assert not any(column["duration"] for column in describe_columns(FRAME, "contacts"))


@pytest.mark.parametrize("text", [">soon", ">1 hour", ">1h soon", ">"])
def test_filter_names_the_column_when_a_duration_is_invalid(text):
    with pytest.raises(InvalidParameterError, match=f"{REPLY}.*not a valid length of time"):
        FrameView(REPLIES).arrange(conditions=[(REPLY, TYPED, text)])


@pytest.mark.parametrize(("column", "text"), [("n", ">many"), ("at", "<then")])
def test_comparison_is_refused_when_types_do_not_fit(column, text):
    with pytest.raises(InvalidParameterError, match=column):
        FrameView(FRAME).arrange(conditions=[(column, TYPED, text)])


def test_search_matches_rows_when_they_have_all_words():
    view = FrameView(FRAME)
    view.arrange(search="B zoë")
    assert list(view.shown["id"]) == ["10"]


@pytest.mark.parametrize(
    "search",
    [
        *("7", "size 19", "NONE", "nan -01-0", "true :3", "als 26-0", "b 0:0", "x 01:", "ü"),
        *("İst 1", "a.b*c|[d] 29", "(a", "a?b", "open 1", "İ", "x" * 10**6),
    ],
)
def test_search_equals_a_scan_of_all_cells_when_columns_are_odd(search):
    frame = odd_frame()
    view = FrameView(frame)
    view.arrange(search=search)
    texts = [" ".join(lower(cell_text(v) or "") for v in row) for row in frame.values.tolist()]
    words = lower(search).split()
    found = [i for i, text in enumerate(texts) if all(word in text for word in words)]
    assert view.order.tolist() == found


def run(code: str, frame: pd.DataFrame) -> pd.DataFrame:
    names = {"df": frame, "pd": pd}
    exec(code, names)
    return names["df"]


@pytest.mark.parametrize("column", odd_frame(1).columns)
@pytest.mark.parametrize("descending", [False, True])
def test_code_returns_the_rows_in_their_order_when_columns_are_odd(column, descending):
    frame = odd_frame()
    view = FrameView(frame)
    view.arrange(search="row", sort=[("state", not descending), (column, descending)])
    assert run(view.code, frame).index.tolist() == view.order.tolist()


@pytest.mark.parametrize("sort", [("id", False), ("tags", True), ("at", True), ("n", False)])
def test_code_returns_the_rows_in_their_order_when_ids_and_times_are_sorted(sort):
    view = FrameView(FRAME)
    view.arrange(conditions=[("id", TYPED, ">1")], sort=[sort, ("no such", True)])
    assert 1 < len(view.shown) < 5
    assert run(view.code, FRAME).index.tolist() == view.order.tolist()
    assert "cell_text" not in view.code


def test_code_is_empty_when_all_rows_are_shown_unsorted():
    assert FrameView(FRAME).code == ""


def test_rows_start_with_the_text_around_a_match_when_it_is_hidden_or_in_a_body():
    body = ["<p>A question about the &lt;refund&gt;</p>", None, "<p>Hi</p>"]
    frame = pd.DataFrame({"id": ["1", "2", "3"], "body": body, "note": ["", "Refund it", "refund"]})
    view = FrameView(frame)
    view.index.messages[2] = "My refund, please"
    view.arrange(search="refund")
    around = [row["cells"][0] for row in view.rows(0, 3, ["id", "body"])]
    assert around == ["…about the <refund>", "Refund it", "My refund, please"]


@pytest.mark.parametrize("column", odd_frame(1).columns)
@pytest.mark.parametrize("descending", [False, True])
def test_arrange_keeps_the_order_of_equal_values_when_columns_are_odd(column, descending):
    frame = odd_frame()
    view = FrameView(frame)
    view.arrange(sort=[(column, descending)])
    shown = view.shown[column]
    is_text = frame[column].dtype in (object, "str")
    keys = shown.map(lambda v: lower(cell_text(v)) if cell_text(v) is not None else None)
    keys = keys if is_text else shown
    missing = keys.isna().to_numpy()
    assert not missing[: len(frame) - missing.sum()].any()
    for _, places in pd.Series(view.order).groupby(keys.to_numpy(), dropna=False):
        assert places.is_monotonic_increasing
    present = keys.to_numpy()[~missing]
    encoded = [key.encode() if is_text else key for key in present]
    assert encoded == sorted(encoded, reverse=descending)


def test_cell_is_cut_and_marked_when_its_text_is_long():
    frame = pd.DataFrame({"body": ["x" * 10_000, "short"]})
    cells = [row["cells"][0] for row in FrameView(frame).rows(0, 2, ["body"])]
    assert cells == [["x" * 240], "short"]


@pytest.mark.slow
def test_rows_returns_one_part_when_the_frame_is_large():
    frame = pd.DataFrame({"id": np.arange(100_000).astype(str), "n": np.arange(100_000) % 977})
    view = FrameView(frame)
    view.arrange(sort=[("n", True), ("id", True)])
    rows = view.rows(99_990, 100_050, ["id", "n"])
    assert len(rows) == 10
    assert rows[-1]["cells"] == ["0", "0"]
