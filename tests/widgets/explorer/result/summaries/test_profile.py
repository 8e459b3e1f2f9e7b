"""Profile of a column: counts, and the conditions of its bars."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from intercom_nb.frames.cells import cell_text
from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.summaries.profile import profile
from tests.widgets.explorer.frames import FRAME, odd_frame


def test_profile_counts_every_row_when_values_are_times_lists_or_numbers():
    days = profile(FRAME, "at", Display())
    assert sum(n for _, n, _ in days["bars"]) == 3
    assert len(days["bars"]) == 56  # also the days without rows
    assert days["missing"] == "25%"
    bars = profile(FRAME, "tags", Display())["bars"]
    assert bars == [["b", 2, [["in", "b"]]], ["a", 1, [["in", "a"]]]]
    assert [bar[:2] for bar in profile(FRAME, "n", Display())["bars"]] == [
        ["1", 1],
        ["2", 1],
        ["3", 1],
    ]
    many = pd.DataFrame({"seconds": np.r_[np.arange(1000), 10**9]})
    found = profile(many, "seconds", Display())["bars"]
    assert sum(n for _, n, _ in found) == 1001
    assert found[-1][0].endswith("or more")


@pytest.mark.parametrize("odd", [{}, {"x": [1]}, 7, None])
def test_profile_counts_an_entry_once_per_list_when_entries_are_not_only_text(odd):
    lists = pd.DataFrame({"tags": [["a", "a", odd, odd], ["a", "b"], [], None]})
    found = profile(lists, "tags", Display())
    assert [bar[:2] for bar in found["bars"]] == sorted(
        [["a", 2], ["b", 1], [str(odd), 1]], key=lambda bar: (-bar[1], bar[0])
    )
    assert found["missing"] == "50%"


@pytest.mark.parametrize("column", ["at", "n", "name", "tags"])
def test_conditions_show_as_many_rows_as_counted_when_a_bar_is_clicked(column):
    view = FrameView(FRAME)
    bars = profile(FRAME, column, Display())["bars"]
    assert bars
    for _, count, pairs in bars:
        view.arrange(conditions=[(column, op, value) for op, value in pairs])
        assert len(view.order) == count, pairs


def test_conditions_show_as_many_rows_as_counted_when_numbers_are_grouped():
    many = pd.DataFrame({"seconds": np.r_[np.random.default_rng(7).exponential(500, 999), 10**9]})
    view = FrameView(many)
    bars = profile(many, "seconds", Display())["bars"]
    assert len(bars) > 1
    for _, count, pairs in bars:
        view.arrange(conditions=[("seconds", op, value) for op, value in pairs])
        assert len(view.order) == count, pairs


@pytest.mark.parametrize("column", ["mixed", "plain", "lists", "ids", "days", "flag"])
def test_profile_counts_the_texts_of_cells_when_columns_are_odd(column):
    frame = odd_frame()
    found = profile(frame, column, Display())
    values = [value for value in frame[column].tolist() if cell_text(value)]
    entries = [set(map(str, v)) if isinstance(v, list) else {cell_text(v)} for v in values]
    counts = Counter(itertools.chain.from_iterable(entries))
    assert found["distinct"] == len(counts)
    assert [n for _, n, _ in found["bars"]] == sorted(counts.values(), reverse=True)[:5]
    for label, n, pairs in found["bars"]:
        key = label == "yes" if column == "flag" else label
        assert (counts[str(key)], pairs[0][0]) == (n, "in")


@pytest.mark.parametrize("column", ["at", "n", "name", "tags"])
def test_profile_is_empty_when_the_frame_is(column):
    assert profile(FRAME.iloc[:0], column, Display())["bars"] == []
