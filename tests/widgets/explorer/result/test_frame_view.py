"""Table of a result: sorting, filters, search, long text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intercom_nb.errors import InvalidParameterError
from intercom_nb.widgets.explorer.result.conditions import TYPED
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from tests.widgets.explorer.frames import FRAME


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
def test_sort_puts_missing_values_last(sort, ids):
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
def test_filters_follow_the_type_of_the_column(column, text, ids):
    view = FrameView(FRAME)
    view.arrange(conditions=[(column, TYPED, text)])
    assert list(view.shown["id"]) == ids


@pytest.mark.parametrize(("column", "text"), [("n", ">many"), ("at", "<then")])
def test_comparison_is_refused_when_types_do_not_fit(column, text):
    with pytest.raises(InvalidParameterError, match=column):
        FrameView(FRAME).arrange(conditions=[(column, TYPED, text)])


def test_search_matches_rows_with_all_words():
    view = FrameView(FRAME)
    view.arrange(search="B zoë")
    assert list(view.shown["id"]) == ["10"]


def test_long_text_is_cut_and_marked_in_the_table():
    frame = pd.DataFrame({"body": ["x" * 10_000, "short"]})
    cells = [row["cells"][0] for row in FrameView(frame).rows(0, 2, ["body"])]
    assert cells == [["x" * 240], "short"]


@pytest.mark.slow
def test_large_frame_is_sent_in_parts():
    frame = pd.DataFrame({"id": np.arange(100_000).astype(str), "n": np.arange(100_000) % 977})
    view = FrameView(frame)
    view.arrange(sort=[("n", True), ("id", True)])
    rows = view.rows(99_990, 100_050, ["id", "n"])
    assert len(rows) == 10
    assert rows[-1]["cells"] == ["0", "0"]
