"""Numbers that cannot be true, as imports leave them, are not measured, with a note."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.catalog import record_columns
from intercom_nb.frames import build_frame

from .frames import HOUR, conversation, frame, seconds

HOURS = analysis.OfficeHours.around_the_clock()


def waited(created: str, seconds_to: int | None, **values: Any) -> dict[str, Any]:
    """A closed conversation with a first reply and a close after some seconds."""
    at = None if seconds_to is None else seconds(created) + seconds_to
    times = dict.fromkeys(("time_to_admin_reply", "time_to_first_close"), seconds_to)
    ends = dict.fromkeys(("first_admin_reply_at", "first_close_at", "last_close_at"), at)
    return conversation(created, state="closed", statistics={**times, **ends}, **values)


IMPORTED = frame(
    *(waited("2026-10-05 10:00", wait) for wait in (600, 1_200, 1_800, -HOUR, -1)),
    conversation("2026-10-05 10:00"),
)


@pytest.mark.parametrize("hours", [None, HOURS])
@pytest.mark.parametrize(
    ("metric", "pending", "what"),
    [
        (analysis.first_reply, "no_reply", "first reply"),
        (analysis.time_to_close, "not_closed", "time to close"),
    ],
)
def test_durations_are_not_measured_when_they_are_below_0(
    metric: Any, pending: str, what: str, hours: analysis.OfficeHours | None
) -> None:
    result = metric(IMPORTED, office_hours=hours)
    assert result.metric.counts == {
        "conversations": 6,
        "measured": 3,
        pending: 1,
        "no_statistics": 2,
        **({"not_started_by_customer": 0} if pending == "no_reply" else {}),
    }
    assert result["median"].item() == 1_200
    note = f"2 conversations have a {what} below 0, counted as no_statistics."
    assert result.metric.notes == [note]


def test_sla_judges_no_conversation_when_its_duration_is_below_0() -> None:
    result = analysis.sla(IMPORTED, first_reply="15min", close="15min")
    assert result[["met", "breach", "pending", "no_statistics"]].values.tolist() == [
        [1, 2, 1, 2],
        [1, 2, 1, 2],
    ]
    assert len(result.metric.notes) == 2


def test_movers_compare_no_duration_when_it_is_below_0() -> None:
    months = [
        waited(f"2026-{m}-05 10:00", w, team_assignee_id=1)
        for m in ("09", "10")
        for w in (600, 600, 600, 600, 600, -HOUR, -HOUR, -HOUR)
    ]
    changes = analysis.movers(frame(*months), "2026-10", dimensions="team", top=None)
    reply = changes.set_index("measure").loc["median_first_reply"]
    assert reply[["before", "after", "n_before", "n_after"]].tolist() == [600, 600, 5, 5]


def test_backlog_is_never_below_0_when_closes_are_before_the_creation() -> None:
    df = frame(
        waited("2026-10-05 10:00", -40 * 24 * HOUR),
        waited("2026-10-06 10:00", -HOUR),
        waited("2026-10-06 10:00", HOUR),
        conversation("2026-10-07 10:00"),
    )
    result = analysis.backlog(df)
    assert result["opened"].tolist() == [1, 2, 1]
    assert result["closed"].tolist() == [1, 2, 0]
    assert result["open"].tolist() == [0, 0, 1]
    note = "2 conversations have a close before the creation and count as closed at it."
    assert result.metric.notes == [note]


def test_metric_counts_a_number_as_missing_when_it_is_below_0() -> None:
    numbers = {"count_reopens": -1, "count_assignments": -2, "count_conversation_parts": -3}
    df = frame(conversation("2026-10-05", statistics=numbers), conversation("2026-10-05"))
    note = "statistics.count_{}: 1 value below 0 counts as missing."
    reassigned = analysis.handovers(df)
    assert reassigned["no_statistics"].item() == 2  # the other was never counted
    assert note.format("assignments") in reassigned.metric.notes
    assert note.format("reopens") in analysis.reopens(df).metric.notes
    length = analysis.thread_length(df, of="parts")
    assert length[["measured", "longest"]].values.tolist() == [[1, 3]]
    assert note.format("conversation_parts") in length.metric.notes
    statistics = {"views": -5, "reactions": 4, "sad_reaction_percentage": 50, "conversions": 0}
    records = [{"type": "article", "id": "1", "title": "A", "statistics": statistics}]
    articles = build_frame(records, record_columns("article"), "article", {"entity": "articles"})
    found = analysis.article_feedback(articles)
    assert found[["views", "unhelpful"]].values.tolist() == [[0, 2]]
    assert found.metric.notes == ["articles.statistics.views: 1 value below 0 counts as missing."]


def test_csat_counts_whole_numbers_from_1_to_5_when_others_are_among_them() -> None:
    given = [1, 2, 10, 50, 0, -1, 4.5, "5", "5/5", None]
    df = frame(*(conversation("2026-10-05") for _ in given))
    df["conversation_rating.rating"] = pd.Series(given, dtype=object)
    result = analysis.csat(df)
    row = result.iloc[0]
    assert [row["rated"], row["positive"], row["not_rated"]] == [3, 1, 7]
    assert row["mean"] == pytest.approx((1 + 2 + 5) / 3)
    column = "conversation_rating.rating"
    assert result.metric.notes == [
        f"{column}: 1 value could not be read as numbers and counts as missing.",
        f"{column}: 5 values other than 1, 2, 3, 4 and 5 count as missing.",
    ]


def test_automation_counts_whole_numbers_from_1_to_5_when_others_are_among_them() -> None:
    agent = [{"ai_agent_participated": True, "ai_agent": {"rating": n}} for n in (1, 5, 10)]
    result = analysis.automation(frame(*(conversation("2026-10-05", **a) for a in agent)), by=None)
    assert result[["rated", "positive"]].values.tolist() == [[2, 1]]
    assert result.metric.notes == [
        "ai_agent.rating: 1 value other than 1, 2, 3, 4 and 5 counts as missing."
    ]


AHEAD = frame(
    *(conversation(f"2026-10-{day:02} 10:00") for day in range(1, 29)),
    *(conversation(f"2090-01-{day:02} 10:00") for day in range(1, 4)),
)


@pytest.mark.parametrize(
    "metric",
    [
        lambda df: analysis.volume_trend(df, "month"),
        lambda df: analysis.backlog(df, "month"),
        lambda df: analysis.first_reply(df, "month"),
        lambda df: analysis.csat(df, period="2026-10"),
    ],
)
def test_metric_leaves_out_conversations_when_they_are_in_the_future(metric: Any) -> None:
    result = metric(AHEAD)
    assert len(result) == 1
    assert result.metric.counts["conversations"] == 28
    assert result.metric.notes[0] == "3 conversations are left out: created_at is in the future."


def test_metric_keeps_conversations_when_most_are_in_the_future() -> None:
    """The clock of the computer is wrong, or the demo has a later date."""
    result = analysis.volume_trend(AHEAD.iloc[26:], "month")
    assert result["conversations"].sum() == 5
    assert result.metric.notes == []


def test_backlog_ends_now_when_a_close_is_in_the_future() -> None:
    df = frame(waited("2026-10-05 10:00", 90 * 365 * 24 * HOUR), conversation("2026-10-06 10:00"))
    assert analysis.backlog(df, "month")["open"].tolist() == [2]


@pytest.mark.slow
def test_report_notes_values_when_they_cannot_be_right() -> None:
    rating = conversation("2026-10-05", conversation_rating={"rating": 10})
    ahead = conversation("2090-01-01")
    made = inb.report(frame(rating, conversation("2026-10-05"), ahead), "2026-10", zone="UTC")
    assert {
        "1 conversation is left out: created_at is in the future.",
        "conversation_rating.rating: 1 value other than 1, 2, 3, 4 and 5 counts as missing.",
    } <= set(made.notes)
