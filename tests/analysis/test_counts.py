"""Volume, backlog, reopens, hand-overs, CSAT, automation: by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.analysis.stats import wilson

from .frames import conversation, frame, seconds


def test_volume_counts_weekdays_and_hours_of_the_zone_when_one_is_given() -> None:
    df = frame(
        conversation("2026-10-05 02:30"),  # Monday 02:30 UTC, Sunday 22:30 in New York
        conversation("2026-10-05 14:10"),
        conversation("2026-10-12 14:50"),
    )
    result = analysis.volume(df, zone="America/New_York", period=("2026-10-01", "2026-10-15"))
    busy = result[result["conversations"] > 0]
    assert busy[["day", "hour", "conversations"]].values.tolist() == [
        ["Monday", 10, 2],
        ["Sunday", 22, 1],
    ]
    assert busy["per_week"].tolist() == [1.0, 0.5]
    assert len(result) == 168


def test_volume_per_week_is_that_of_the_step_when_split_by_time() -> None:
    df = frame(*(conversation(f"2026-{day} 10:30") for day in ("08-06", "08-13", "08-20", "09-03")))
    span = {"period": ("2026-08-01", "2026-10-01")}  # 31 and 30 days
    months = analysis.volume(df, by="month", **span).query("conversations > 0")
    assert months["per_week"].tolist() == [3 / (31 / 7), 1 / (30 / 7)]
    weeks = analysis.volume(df, by="week", **span).query("conversations > 0")
    assert weeks["per_week"].tolist() == [1.0, 1.0, 1.0, 1.0]
    teams = analysis.volume(df.assign(team_assignee_id="1"), by="team", **span)
    assert teams["per_week"].sum() == 4 / (61 / 7)


def test_volume_has_one_row_for_the_hour_when_clocks_go_back() -> None:
    # 1 November 2026 in New York: 01:30 comes at 05:30 and at 06:30 UTC.
    df = frame(conversation("2026-11-01 05:30"), conversation("2026-11-01 06:30"))
    result = analysis.volume(df, zone="America/New_York")
    assert result.loc[result["conversations"] > 0, ["hour", "conversations"]].values.tolist() == [
        [1, 2]
    ]


def test_volume_trend_marks_a_step_complete_when_the_data_covers_it() -> None:
    df = frame(
        conversation("2026-09-30 10:00"), conversation("2026-10-20"), conversation("2026-11-03")
    )
    result = analysis.volume_trend(df, "month")
    assert result["conversations"].tolist() == [1, 1, 1]
    assert result["complete"].tolist() == [False, True, False]
    assert analysis.volume_trend(df, "month", period="2026-10")["complete"].tolist() == [True]


def closed(created: str, at: str | None) -> dict[str, object]:
    statistics = {"last_close_at": seconds(at), "first_close_at": seconds(at)} if at else None
    return conversation(created, state="closed", statistics=statistics)


def test_backlog_equals_a_count_by_hand() -> None:
    df = frame(
        closed("2026-10-01 10:00", "2026-10-01 11:00"),
        closed("2026-10-01 10:00", "2026-10-03 00:00"),
        conversation("2026-10-02 10:00"),
        conversation("2026-10-02 12:00", state="snoozed"),
        closed("2026-10-02 10:00", None),  # closed, nobody knows when
        # Reopened: closed once, but open now.
        conversation("2026-10-03 10:00", statistics={"last_close_at": seconds("2026-10-03 12:00")}),
    )
    result = analysis.backlog(df)
    assert result["opened"].tolist() == [2, 2, 1]
    assert result["closed"].tolist() == [1, 0, 1]
    assert result["open"].tolist() == [1, 3, 3]
    assert result.metric.counts == {"conversations": 6, "measured": 5, "no_close_time": 1}
    second = analysis.backlog(df, period="2026-10-02")
    assert second[["opened", "closed", "open"]].values.tolist() == [[2, 0, 3]]


def test_reopens_equal_a_count_by_hand() -> None:
    at = seconds("2026-10-01")
    df = frame(
        conversation("2026-10-01", statistics={"first_close_at": at, "count_reopens": 0}),
        conversation("2026-10-01", statistics={"first_close_at": at, "count_reopens": 3}),
        conversation("2026-10-01", statistics={"count_reopens": 0}),
        conversation("2026-10-01", statistics=None),
    )
    row = analysis.reopens(df).iloc[0]
    names = ["conversations", "measured", "reopened", "not_closed", "no_statistics"]
    assert [row[n] for n in names] == [4, 2, 1, 1, 1]
    assert row["share"] == 0.5


def test_handovers_equal_a_count_by_hand() -> None:
    df = frame(
        *(conversation("2026-10-01", statistics={"count_assignments": n}) for n in (0, 1, 2, 3, 4)),
        conversation("2026-10-01", statistics=None),
    )
    row = analysis.handovers(df).iloc[0]
    names = ["conversations", "measured", "handed_over", "not_assigned", "no_statistics"]
    assert [row[n] for n in names] == [6, 4, 2, 1, 1]
    assert analysis.handovers(df, usual=1)["handed_over"].item() == 3


def test_csat_equals_a_count_by_hand() -> None:
    ratings = [5, 5, 4, 4, 4, 5, 5, 5, 3, 1, None]
    df = frame(
        *(
            conversation("2026-10-01", conversation_rating={"rating": r} if r else None)
            for r in ratings
        )
    )
    row = analysis.csat(df).iloc[0]
    assert [row[n] for n in ("conversations", "rated", "positive", "not_rated")] == [11, 10, 8, 1]
    # The worked example of the Wilson interval: 8 of 10 gives 49.0 % to 94.3 %.
    assert [row["share"], row["low"], row["high"]] == pytest.approx([0.8, 0.4902, 0.9433], abs=1e-4)
    assert row["mean"] == 4.1
    assert analysis.csat(df, by="week")["mean"].tolist() == [4.1]


def test_wilson_equals_published_values_when_all_or_none_are_hits() -> None:
    got = wilson(pd.Series([0, 10, 0]), pd.Series([10, 10, 0]))
    assert got.loc[0].tolist() == pytest.approx([0.0, 0.0, 0.2775], abs=1e-4)
    assert got.loc[1].tolist() == pytest.approx([1.0, 0.7225, 1.0], abs=1e-4)
    assert got.loc[2].isna().all()


def test_automation_uses_the_ratings_of_the_agent_when_teammates_are_rated_too() -> None:
    def rated(rating: int | None, topic: str, state: str = "escalated") -> dict[str, object]:
        return conversation(
            "2026-10-01",
            ai_agent_participated=True,
            ai_agent={"resolution_state": state, "rating": rating},
            conversation_rating={"rating": 1},  # of the teammate, another matter
            topics={"topics": [{"type": "topic", "id": topic, "name": topic}]},
        )

    df = frame(
        rated(5, "a", "confirmed_resolution"), rated(4, "a"), rated(2, "a"), rated(None, "b")
    )
    result = analysis.automation(df, by="topic").set_index("topic")
    assert result.loc["a", ["rated", "positive", "csat"]].tolist() == [3, 2, 2 / 3]
    assert result.loc["a", "csat_low"] < 2 / 3 < result.loc["a", "csat_high"]
    assert result.loc["a", "escalation_rate"] == 2 / 3
    assert result.loc["b", ["rated", "positive"]].tolist() == [0, 0]
    assert pd.isna(result.loc["b", "csat"])
    assert "67% of 3 ratings of it were good" in analysis.automation(df).metric.finding
    wide = analysis.summary(df, by="topic", measures=["ai_agent_csat", "ai_agent_rated", "csat"])
    assert wide["ai_agent_csat"].tolist()[:1] == [2 / 3]


def test_automation_equals_a_count_by_hand() -> None:
    def agent(state: str | None) -> dict[str, object]:
        return conversation(
            "2026-10-01", ai_agent_participated=True, ai_agent={"resolution_state": state}
        )

    df = frame(
        agent("confirmed_resolution"),
        agent("assumed_resolution"),
        agent("escalated"),
        agent("negative_feedback"),
        agent("procedure_handoff"),
        agent(None),
        agent("a state that comes next year"),
        conversation("2026-10-01", ai_agent_participated=False),
        conversation("2026-10-01"),
    )
    row = analysis.automation(df, by=None).iloc[0]
    names = ["conversations", "participated", "resolved", "handed_over", "pending"]
    assert [row[n] for n in names] == [9, 7, 2, 2, 3]
    assert row["participation"] == pytest.approx(7 / 9)
    assert row["resolution_rate"] == pytest.approx(2 / 7)
    result = analysis.automation(df)
    assert result.metric.counts["flag_missing"] == 1
    assert result["month"].dt.strftime("%Y-%m").tolist() == ["2026-10"]
