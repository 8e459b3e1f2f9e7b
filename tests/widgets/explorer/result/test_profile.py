"""Profile of a column: counts, and the conditions of its bars."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.summaries.profile import profile
from tests.widgets.explorer.frames import FRAME


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
def test_conditions_of_each_bar_show_as_many_rows_as_the_bar_counts(column):
    view = FrameView(FRAME)
    for _, count, pairs in profile(FRAME, column, Display())["bars"]:
        view.arrange(conditions=[(column, op, value) for op, value in pairs])
        assert len(view.order) == count, pairs


def test_conditions_of_each_bar_show_its_rows_when_numbers_are_grouped():
    many = pd.DataFrame({"seconds": np.r_[np.random.default_rng(7).exponential(500, 999), 10**9]})
    view = FrameView(many)
    for _, count, pairs in profile(many, "seconds", Display())["bars"]:
        view.arrange(conditions=[("seconds", op, value) for op, value in pairs])
        assert len(view.order) == count, pairs


@pytest.mark.parametrize("column", ["at", "n", "name", "tags"])
def test_profile_is_empty_when_the_frame_is(column):
    assert profile(FRAME.iloc[:0], column, Display())["bars"] == []
