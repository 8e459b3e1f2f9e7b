"""Summaries and filters: what the explorer shows is what its pandas code and its SQL return."""

from __future__ import annotations

import functools

import pandas as pd
import pytest

from intercom_nb.errors import InvalidParameterError
from intercom_nb.widgets.explorer.result.conditions import TYPED
from intercom_nb.widgets.explorer.result.display import Display
from intercom_nb.widgets.explorer.result.frame_result import FrameResult
from intercom_nb.widgets.explorer.result.frame_view import FrameView
from intercom_nb.widgets.explorer.result.summaries import summarize
from intercom_nb.widgets.explorer.result.summaries.summarize import Measure

from ....conftest import demo_connector

pytestmark = pytest.mark.slow

REPLY = "statistics.time_to_admin_reply"
DISPLAY = Display({"teams": {"8148613": "Billing"}}, "Europe/Dublin")
DIMENSIONS = [
    [("created_at", "week")],
    [("team_assignee_id", "")],
    [("tags", "")],
    [(REPLY, "")],
    [("open", "")],
    [("conversation_rating.rating", "")],
    [("created_at", "month"), ("team_assignee_id", "")],
    [("tags", ""), ("source.type", "")],
    [("created_at", "weekday"), ("created_at", "hour")],
    [("statistics.last_close_at", "hour")],
]


@functools.cache
def conversations() -> pd.DataFrame:
    return demo_connector().sync.conversations.search(created_at__gt="2026-09-15", limit=400)


def run(code: str, name: str, frame: pd.DataFrame) -> pd.DataFrame:
    names = {"df": frame, "pd": pd, "c": demo_connector()}
    exec(code, names)
    return names[name]


@pytest.mark.parametrize("by", DIMENSIONS)
@pytest.mark.parametrize(
    "measure",
    [Measure("count"), Measure("share"), *(Measure(m, REPLY) for m in ("median", "p90", "sum"))],
)
def test_summary_code_returns_the_table_when_it_runs(by, measure):
    found = summarize.summarize(conversations(), measure, by, DISPLAY)
    pd.testing.assert_frame_equal(run(found.code, "table", conversations()), found.table)
    assert len(found.table) > 1


@pytest.mark.parametrize("metric", ["csat", "median_first_reply", "reopened_share"])
@pytest.mark.parametrize(
    "by",
    [
        [("team_assignee_id", "")],
        [("tags", "")],
        [("topics", "")],
        [("created_at", "month"), ("team_assignee_id", "")],
    ],
)
def test_metric_code_returns_the_table_when_it_runs(by, metric):
    found = summarize.summarize(conversations(), Measure(metric), by, DISPLAY)
    table = run(found.code, "table", conversations())
    ids = [name for name in table if name.endswith("_id")]
    key = ids[0] if ids else table.columns[0]  # names sort in another order than ids
    values = dict(zip(table[key].astype(object), table[metric], strict=True))
    if len(by) == 1:
        shown = zip(found.table["by"].astype(object), found.table["value"], strict=True)
        assert {k: pytest.approx(v, nan_ok=True) for k, v in shown} == values
    assert sorted(table[metric].dropna()) == sorted(found.table["value"].dropna())
    if by == [("team_assignee_id", "")]:
        assert "Billing" in set(table["team"])  # a name, as in the table that is shown


@pytest.mark.parametrize("by", DIMENSIONS)
def test_conditions_of_a_group_show_its_rows_when_it_is_counted(by):
    found = summarize.summarize(conversations(), Measure("count"), by, DISPLAY)
    view = FrameView(conversations())
    view.display = DISPLAY
    rows = summarize.describe(found, "conversations")["rows"]
    assert rows
    for row in rows:
        pairs = [(g["column"], op, value) for g in row["groups"] for op, value in g["pairs"]]
        view.arrange(conditions=pairs)
        assert f"{len(view.order):,}" == row["text"], row


def test_chart_shows_how_many_ratings_a_share_is_of_when_groups_are_rows():
    by = [("team_assignee_id", "")]
    found = summarize.summarize(conversations(), Measure("csat"), by, DISPLAY)
    chart = summarize.describe(found, "conversations")
    df = conversations()
    rating = df["conversation_rating.rating"]
    assert rating.notna().sum() > 20
    for group, (share, text) in zip(chart["groups"], chart["cells"][0], strict=True):
        team = None if group["label"] == "no team" else group["pairs"][0][1]
        own = rating[
            df["team_assignee_id"].isna() if team is None else df["team_assignee_id"] == team
        ]
        if own.notna().any():
            assert share == pytest.approx((own >= 4).sum() / own.notna().sum())
            assert text == f"{share:.0%} (n={own.notna().sum()})"
    texts = {row["text"] for row in chart["rows"]}
    assert texts == {text for _, text in chart["cells"][0]}
    assert chart["note"] == "n: ratings"


@pytest.mark.parametrize(
    ("metric", "value", "text"),
    [
        ("median_first_reply", 5_400, "1 h 30 min"),
        ("p75_time_to_close", 5_400, "1 h 30 min"),
        ("median_parts", 3, "3"),
        ("longest_messages", 12, "12"),
        ("csat_low", 0.5, "50%"),
        ("ai_agent_csat", 0.5, "50%"),
        ("reopened_share", 0.5, "50%"),
        ("mean_rating", 4.25, "4.25"),
        ("ai_agent_rated", 7, "7"),
    ],
)
def test_measure_has_the_unit_of_its_metric_when_it_is_written(metric, value, text):
    assert Measure(metric).format(value) == text


def test_chart_title_names_measure_and_groups_when_it_is_described():
    def title(measure: Measure, *by: tuple[str, str]) -> str:
        found = summarize.summarize(conversations(), measure, by, DISPLAY)
        return str(summarize.describe(found, "conversations")["title"])

    assert title(Measure("count"), ("created_at", "week")) == "Conversations created per week"
    assert title(Measure("median", REPLY), ("team_assignee_id", "")) == (
        "Median first reply time by team"
    )
    assert title(Measure("csat"), ("created_at", "month"), ("source.type", "")) == (
        "CSAT per month and channel"
    )


def test_summary_is_pairs_by_largest_change_when_there_are_two_periods():
    by = [("team_assignee_id", ""), ("created_at", "month")]
    frame = conversations()[conversations()["created_at"].dt.month.isin([9, 10])]
    found = summarize.describe(
        summarize.summarize(frame, Measure("count"), by, DISPLAY), "conversations"
    )
    assert found["form"] == "pairs"
    before, after = found["cells"]
    changes = [abs(b[0] - a[0]) for b, a in zip(before, after, strict=True)]
    assert changes == sorted(changes, reverse=True)


def test_summary_is_refused_when_the_query_is_not_valid():
    frame = conversations()
    for measure, by, reason in [
        (Measure("median"), [("state", "")], "Choose a column of numbers"),
        (Measure("biggest"), [("state", "")], "'biggest' is not a valid measure"),
        (Measure("count"), [("colour", "")], "does not have the column 'colour'"),
        (Measure("csat"), [("updated_at", "week")], "Metrics are dated by created_at"),
        (Measure("csat"), [(REPLY, "")], "Metrics cannot be grouped by"),
    ]:
        with pytest.raises(InvalidParameterError, match=reason):
            summarize.summarize(frame, measure, by, DISPLAY)


def test_chart_note_counts_the_rows_when_they_are_filtered_and_cut():
    result = FrameResult(conversations(), "conversations")
    result.arrange({"conditions": [["state", "in", "open"]]})
    query = {"measure": "count", "by": [{"column": "created_at", "unit": "month"}]}
    reply = result.query("summary", query)
    shown, total = len(result.view.order), conversations().attrs["intercom"]["total_count"]
    assert reply["note"].startswith(
        f"{shown} of 400 rows; only the first 400 of {total:,} are loaded"
    )


def test_chart_marks_a_period_when_a_limit_a_filter_or_today_cuts_it():
    days = pd.date_range("2026-09-02", periods=60, freq="D", tz="UTC")
    frame = pd.DataFrame({"id": range(60), "created_at": days[::-1]})
    frame.attrs["intercom"] = {"truncated": True}
    result = FrameResult(frame, "conversations")

    def incomplete(unit: str) -> list[str]:
        by = [{"column": "created_at", "unit": unit}]
        reply = result.query("summary", {"measure": "count", "by": by})
        return [group["title"] for group in reply["groups"] if group["incomplete"]]

    assert incomplete("month") == ["Sep 2026"]  # the limit cut the oldest rows
    frame.attrs["intercom"] = {
        "params": {"query": {"field": "created_at", "operator": "<", "value": 1_791_000_000}}
    }
    assert incomplete("month") == ["Oct 2026"]  # until 3 October
    frame.attrs["intercom"] = {}
    assert incomplete("month") == []
    result.arrange({"conditions": [["created_at", ">=", "2026-10-01T00:00:00+00:00"]]})
    assert incomplete("month") == []  # a whole month
    result.arrange({"conditions": [["created_at", ">=", "2026-10-02T00:00:00+00:00"]]})
    assert incomplete("month") == ["Oct 2026"]
    frame["created_at"] += pd.Timestamp.now("UTC") - frame["created_at"].max()
    result.arrange({"conditions": []})
    assert len(incomplete("month")) == 1  # this month is not over


def test_options_have_unique_labels_when_columns_share_a_last_name():
    frame = conversations()
    result = FrameResult(frame, "conversations")
    options = result.query("options", {})
    for choices in (options["by"], options["numbers"]):
        labels = [one["label"] for one in choices]
        assert len(set(labels)) == len(labels)
    names = [one["column"] for one in options["by"]]
    assert {"team_assignee_id", "source.type", "topics", "created_at"} <= set(names)
    assert not {"type", "conversation_rating.contact.type", "linked_objects.has_more"} & set(names)


CONDITIONS = [
    [("team_assignee_id", TYPED, "billing")],
    [("team_assignee_id", "empty", None)],
    [("created_at", TYPED, ">=2026-10-01 & <2026-11-01")],
    [("tags", "empty", None)],
    [("tags", "not empty", None), ("open", TYPED, "=true")],
    [("tags", TYPED, "!=10255")],
    [(REPLY, TYPED, ">=3600 & <7,200")],
    [("conversation_rating.rating", TYPED, "!=5")],
    [("title", TYPED, "empty")],
    [("state", TYPED, "!=Open"), ("source.type", "in", ["email", "conversation"])],
    [("source.author.name", TYPED, "o'")],
    [("created_at", TYPED, "2026-10-0")],
    [("priority", TYPED, ">NOT")],
    [("created_at", "weekday", 0), ("created_at", "hour", 13)],
]


@pytest.mark.parametrize("conditions", CONDITIONS)
def test_filter_code_and_sql_return_the_shown_rows_when_they_run(conditions):
    duckdb = pytest.importorskip("duckdb")
    frame = conversations()
    view = FrameView(frame)
    view.display = DISPLAY
    view.arrange("", conditions)
    assert list(run(view.code, "df", frame)["id"]) == list(view.shown["id"])
    columns = ["id", *{column for column, *_ in conditions}]
    with duckdb.connect() as connection:
        connection.register("df", frame[columns])
        found = connection.sql(view.sql("df")).df()
    assert sorted(found["id"]) == sorted(view.shown["id"])


def test_search_code_and_sql_return_the_shown_rows_when_they_run():
    duckdb = pytest.importorskip("duckdb")
    frame = conversations()[["id", "source.body", "state", "tags", REPLY]]
    view = FrameView(frame)
    view.arrange("card CLOSED")
    assert 0 < len(view.order) < len(frame)
    assert list(run(view.code, "df", frame)["id"]) == list(view.shown["id"])
    with duckdb.connect() as connection:
        connection.register("df", frame)
        assert sorted(connection.sql(view.sql("df")).df()["id"]) == sorted(view.shown["id"])


@pytest.mark.parametrize(
    "text", ["'; drop table x; --", '"]; import os; df["', "a & <b", "\\", "é"]
)
def test_code_and_sql_keep_a_value_whole_when_it_is_hostile(text):
    duckdb = pytest.importorskip("duckdb")
    column = f"custom_attributes.{text}"
    frame = pd.DataFrame({"id": ["1", "2"], column: [text, "other"]})
    view = FrameView(frame)
    for op in ("in", "contains"):
        view.arrange("", [(column, op, text)])
        assert list(run(view.code, "df", frame)["id"]) == list(view.shown["id"]) == ["1"]
        with duckdb.connect() as connection:
            connection.register("df", frame)
            assert list(connection.sql(view.sql("df")).df()["id"]) == ["1"]


def test_search_shows_the_matching_message_when_a_thread_was_fetched():
    result = FrameResult(pd.DataFrame({"id": ["1", "2"], "state": ["open", "open"]}), "tags")
    result.learn_thread("2", "Hello.\nWe would like a Refund for the second order, please.")
    reply = result.arrange({"search": "refund", "conditions": []})
    assert (reply["shown"], reply["words"]) == (1, ["refund"])
    cells = result.query("rows", {"start": 0, "stop": 5})["rows"][0]["cells"]
    assert "like a Refund for the second order" in cells[0]
