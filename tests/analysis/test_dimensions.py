"""A second dimension: volume, backlog and rankings by group, which add up to the whole."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError, UnknownNameError

from .frames import conversation, frame, seconds


def talk(day: int, team: int | None, *tags: str, closed: int | None = None) -> dict[str, Any]:
    statistics = {} if closed is None else {"last_close_at": seconds(f"2026-10-{closed:02} 12:00")}
    return conversation(
        f"2026-10-{day:02} 10:00",
        team_assignee_id=team,
        state="open" if closed is None else "closed",
        statistics=statistics,
        tags={"tags": [{"type": "tag", "id": tag, "name": tag} for tag in tags]},
    )


# 1 October 2026 is a Thursday.
DF = frame(
    talk(1, 1, "a", closed=2),
    talk(1, 1, "a", "b"),
    talk(2, 2, "b", closed=3),
    talk(2, 1),
    talk(3, None, "a"),
)
NAMES = {"1": "Billing", "2": "Sales"}
GROUPS = ["Billing", "(none)", "Sales"]


def test_volume_counts_the_week_of_each_group_when_split() -> None:
    result = analysis.volume(DF, by="team", names=NAMES)
    assert len(result) == 3 * 168
    assert result["team"].drop_duplicates().tolist() == GROUPS
    busy = result[result["conversations"] > 0][["team", "day", "hour", "conversations"]]
    assert busy.values.tolist() == [
        ["Billing", "Thursday", 10, 2],
        ["Billing", "Friday", 10, 1],
        ["(none)", "Saturday", 10, 1],
        ["Sales", "Friday", 10, 1],
    ]
    assert "most for Billing (3 of 5)" in result.metric.finding
    texts = [text.get_text() for text in result.metric.plot().axes[0].texts]
    assert [t for t in texts if t != "0"] == ["3", "1", "1"]  # all at 10:00


def test_trend_returns_shares_of_each_group_when_split() -> None:
    result = analysis.trend(DF, every="month", by="team", top=1, names={"team": NAMES})
    assert result[["team", "id", "conversations", "share"]].values.tolist() == [
        ["Billing", "a", 2, 2 / 3],
        ["(none)", "a", 1, 1.0],
        ["Sales", "a", 0, 0.0],
    ]
    assert result.metric.finding == analysis.trend(DF, top=1).metric.finding
    assert result.metric.plot().axes


def test_volume_trend_has_every_step_for_every_group_when_split() -> None:
    result = analysis.volume_trend(DF, "day", by="team", names=NAMES)
    wide = result.pivot_table(index="team", columns="day", values="conversations", sort=False)
    assert wide.values.tolist() == [[2, 1, 0], [0, 0, 1], [0, 1, 0]]
    assert wide.index.tolist() == GROUPS
    assert result.columns.tolist() == ["team", "team_id", "day", "conversations", "complete"]
    assert result["complete"].all()
    assert result.metric.plot().axes


def test_backlog_of_groups_sums_to_the_total_when_split() -> None:
    result = analysis.backlog(DF, by="team", names=NAMES)
    rows = result.groupby("team", sort=False)[["opened", "closed", "open"]].agg(list)
    assert rows.loc["Billing"].tolist() == [[2, 1, 0], [0, 1, 0], [2, 2, 2]]
    assert rows.loc["Sales"].tolist() == [[0, 1, 0], [0, 0, 1], [0, 1, 0]]
    whole = analysis.backlog(DF)
    assert result.groupby("day")["open"].sum().tolist() == whole["open"].tolist()
    assert "most for Billing (2 of 3)" in result.metric.finding
    assert result.metric.plot().axes


def test_pareto_ranks_within_each_group_when_split() -> None:
    result = analysis.pareto(DF, "tags", by="team", names={"team": NAMES})
    rows = result[["team", "id", "conversations", "share", "running"]].values.tolist()
    assert rows == [
        ["Billing", "a", 2, 2 / 3, 2 / 3],
        ["Billing", "b", 1, 1 / 3, 2 / 3],
        ["(none)", "a", 1, 1.0, 1.0],
        ["Sales", "b", 1, 1.0, 1.0],
    ]
    assert result.metric.finding == analysis.pareto(DF, "tags").metric.finding
    assert result.metric.plot().axes


@pytest.mark.parametrize("by", [None, "team", "channel", "tag"])
@pytest.mark.parametrize("metric", [analysis.volume, analysis.volume_trend, analysis.backlog])
def test_metric_notes_that_groups_overlap_when_a_dimension_holds_lists(
    metric: Any, by: Any
) -> None:
    result = metric(DF, by=by)
    column = "opened" if metric is analysis.backlog else "conversations"
    assert result[column].sum() == (6 if by == "tag" else 5)
    assert any("counts once for each" in note for note in result.metric.notes) == (by == "tag")
    assert metric(DF.iloc[:0], by=by).empty or metric is analysis.volume


@pytest.mark.parametrize(
    ("metric", "by", "reason"),
    [
        (analysis.volume, "hour", "its own dimensions"),
        (analysis.volume_trend, "week", "a step of time already"),
        (analysis.backlog, "month", "several steps of time"),
        (analysis.pareto, "tag", "the ranking itself"),
        (analysis.trend, "tag", "its own dimensions"),
        (analysis.trend, "week", "its own dimensions"),
        (analysis.volume, ["team", "channel"], "one dimension besides its own"),
        (analysis.sla_applied, ["team", "channel"], "one dimension besides its own"),
        (analysis.backlog, ["team", "channel"], "one dimension besides its own"),
    ],
)
def test_metric_raises_with_the_reason_when_it_cannot_be_split(
    metric: Any, by: Any, reason: str
) -> None:
    with pytest.raises(InvalidParameterError, match=reason):
        metric(DF, by=by)


WHOLE = ["conversations", "measured", "rated", "participated", "met", "breach", "pending"]


@pytest.mark.slow
@pytest.mark.parametrize("by", ["team", "week", "channel", ["team", "week"], "hour"])
@pytest.mark.parametrize(
    "metric",
    [
        analysis.first_reply,
        analysis.time_to_close,
        analysis.csat,
        analysis.reopens,
        analysis.handovers,
        analysis.automation,
        analysis.thread_length,
        lambda df, by=None: analysis.sla(df, first_reply="1h", by=by),
        lambda df, by=None: analysis.summary(df, by, measures=["conversations", "rated", "closed"]),
    ],
)
def test_metric_columns_sum_to_the_total_when_split(metric: Any, by: Any) -> None:
    parts, whole = metric(DF, by=by), metric(DF)
    for column in [c for c in WHOLE if c in whole]:
        assert parts[column].sum() == whole[column].sum(), column
    assert parts.metric.counts == whole.metric.counts
    assert isinstance(parts, pd.DataFrame)


@pytest.mark.parametrize(
    ("by", "meant"), [("teem", "team"), ("moth", "month"), ("team_assignee", "team_assignee_id")]
)
def test_dimension_error_names_the_dimension_when_it_is_misspelled(by: str, meant: str) -> None:
    with pytest.raises(UnknownNameError, match=rf"Did you mean {meant}\b"):
        analysis.first_reply(DF, by=by)


def test_column_error_names_no_dimension_when_the_frame_lacks_a_column_of_the_api() -> None:
    with pytest.raises(UnknownNameError, match="no column 'state'") as caught:
        analysis.backlog(DF.drop(columns="state"))
    assert "fin_state" not in str(caught.value)
