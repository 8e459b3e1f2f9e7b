"""Display text of a result: names, durations, thousands, local times, raw values."""

from __future__ import annotations

import pandas as pd
import pytest

from intercom_nb.widgets.explorer.result.conditions import TYPED
from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.summaries.profile import profile

FRAME = pd.DataFrame(
    {
        "id": ["1", "2", "3"],
        "team_assignee_id": ["7", "8", None],
        "tags": [["20", "21"], [], ["20"]],
        "statistics.time_to_admin_reply": pd.array([5_580, None, 1_234_567], dtype="Int64"),
        "statistics.count_reopens": pd.array([1_234, 0, None], dtype="Int64"),
        "open": pd.array([True, False, None], dtype="boolean"),
        "created_at": pd.to_datetime(
            ["2026-10-30 23:51:12Z", "2026-01-05 04:00:00Z", None], format="mixed"
        ),
        "source.body": ["<p>Hi <b>there</b></p>", None, "plain"],
    }
)
NAMES = {"teams": {"7": "Billing", "8": "R & D"}, "tags": {"20": "vip", "21": "bug"}}


@pytest.fixture
def view() -> FrameView:
    view = FrameView(FRAME)
    view.display = Display(NAMES, "America/New_York")
    return view


def shown(view: FrameView, column: str) -> list:
    return [row["cells"][0] for row in view.rows(0, 3, [column])]


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("id", ["1", "2", "3"]),
        ("team_assignee_id", [["Billing", "7"], ["R & D", "8"], None]),
        ("tags", [["vip, bug", "20, 21"], "", ["vip", "20"]]),
        (
            "statistics.time_to_admin_reply",
            [["1 h 33 min", "5580"], None, ["14 d 7 h", "1234567"]],
        ),
        ("statistics.count_reopens", [["1,234", "1234"], "0", None]),
        ("open", [["✓", "True"], ["✗", "False"], None]),
        (
            "created_at",
            [
                ["30 Oct 2026, 19:51", "2026-10-30 23:51:12"],
                ["4 Jan 2026, 23:00", "2026-01-05 04:00:00"],
                None,
            ],
        ),
        ("source.body", [["Hi there", "<p>Hi <b>there</b></p>"], None, "plain"]),
    ],
)
def test_table_shows_display_text_and_raw_value_when_they_differ(view, column, cells):
    assert shown(view, column) == cells


def test_table_shows_raw_values_when_they_are_on(view):
    view.display.is_raw = True
    assert shown(view, "team_assignee_id") == ["7", "8", None]
    assert shown(view, "statistics.time_to_admin_reply") == ["5580", None, "1234567"]


@pytest.mark.parametrize(
    ("search", "filters", "ids"),
    [
        ("billing", {}, ["1"]),
        ("bug", {}, ["1"]),
        ("", {"team_assignee_id": "=Billing"}, ["1"]),
        ("", {"team_assignee_id": "=R & D"}, ["2"]),
        ("", {"team_assignee_id": "=7"}, ["1"]),
        ("", {"tags": "=vip"}, ["1", "3"]),
        ("", {"tags": "!=vip"}, ["2"]),
    ],
)
def test_search_and_filters_find_rows_when_names_or_ids_are_typed(view, search, filters, ids):
    view.arrange(search, [(column, TYPED, text) for column, text in filters.items()])
    assert list(view.shown["id"]) == ids


def test_profile_has_names_when_the_column_holds_ids(view):
    bars = profile(FRAME, "team_assignee_id", view.display)["bars"]
    assert [label for label, *_ in bars] == ["Billing", "R & D"]
    for _, count, pairs in profile(FRAME, "tags", view.display)["bars"]:
        view.arrange(conditions=[("tags", op, value) for op, value in pairs])
        assert len(view.order) == count
