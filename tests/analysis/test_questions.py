"""SLAs of Intercom, threads, frequent contacts, tickets, articles, summary: by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.catalog import record_columns
from intercom_nb.errors import InvalidParameterError, UnsupportedError
from intercom_nb.frames import build_frame

from .frames import HOUR, contacts, conversation, frame, seconds


def with_sla(status: str, name: str = "VIP") -> dict[str, Any]:
    return conversation(
        "2026-10-01", sla_applied={"type": "sla", "sla_name": name, "sla_status": status}
    )


@pytest.mark.slow
def test_sla_applied_counts_each_status_per_sla() -> None:
    states = ("hit", "hit", "hit", "missed", "cancelled", "active")
    df = frame(*map(with_sla, states), with_sla("missed", "Basic"), conversation("2026-10-01"))
    result = analysis.sla_applied(df)
    vip = result[result["sla"] == "VIP"].iloc[0]
    assert [vip[n] for n in ("conversations", "hit", "missed", "cancelled", "active")] == [
        6,
        3,
        1,
        1,
        1,
    ]
    assert vip["missed_share"] == 0.25
    assert result.metric.counts["without_sla"] == 1
    assert result.metric.finding == "40% of SLAs were missed (2 of 5)"
    by_team = analysis.sla_applied(df, by="team")
    assert by_team["conversations"].sum() == 7
    assert by_team.metric.plot().axes


def test_thread_length_finding_names_the_longest_thread() -> None:
    df = frame(
        *(
            conversation("2026-10-01", statistics={"count_conversation_parts": n})
            for n in (1, 2, 9)
        ),
        conversation("2026-10-01", statistics=None),
    )
    row = analysis.thread_length(df).iloc[0]
    columns = ["conversations", "measured", "no_statistics", "median", "longest"]
    assert [row[n] for n in columns] == [4, 3, 1, 2.0, 9.0]
    assert "the longest, 2, has 9" in analysis.thread_length(df).metric.finding
    assert analysis.thread_length(df, by="channel").metric.plot().axes


def wrote(created: str, contact: str, **values: Any) -> dict[str, Any]:
    people = {"type": "contact.list", "contacts": [{"type": "contact", "id": contact}]}
    return conversation(created, contacts=people, **values)


def test_frequent_contacts_count_the_busiest_interval_when_within_is_given() -> None:
    df = frame(
        wrote("2026-10-01 10:00", "often"),
        wrote("2026-10-28 10:00", "often"),
        wrote("2026-10-29 10:00", "often"),
        wrote("2026-11-03 10:00", "often"),
        wrote("2026-10-01 10:00", "rarely"),
        wrote("2026-12-01 10:00", "rarely"),
        wrote("2026-10-02", "often", source={"type": "email", "delivered_as": "admin_initiated"}),
    )
    people = contacts({"id": "often", "name": "Ada"})
    result = analysis.frequent_contacts(df, people, more_than=2, within="7d")
    assert result[["contact", "conversations", "most"]].values.tolist() == [["Ada", 4, 3]]
    assert result["since"].item() == pd.Timestamp("2026-10-28 10:00", tz="UTC")
    assert result.metric.counts["not_started_by_customer"] == 1
    assert len(analysis.frequent_contacts(df, more_than=3, within="7d")) == 0
    with pytest.raises(InvalidParameterError, match="within"):
        analysis.frequent_contacts(df, within="soon")


def ticket(number: int, kind: str, *changes: tuple[str, str, int]) -> dict[str, Any]:
    """A ticket created at midnight on 1 October with changes of state after some hours."""
    begun = seconds("2026-10-01")
    parts = [
        {
            "type": "ticket_part",
            "id": f"{number}{i}",
            "part_type": "ticket_state_updated_by_admin",
            "previous_ticket_state": before,
            "ticket_state": after,
            "created_at": begun + hours * HOUR,
        }
        for i, (before, after, hours) in enumerate(changes)
    ]
    return {
        "type": "ticket",
        "id": str(number),
        "created_at": begun,
        "ticket_type": {"type": "ticket_type", "id": kind, "name": kind},
        "ticket_state": {"category": changes[-1][1] if changes else "submitted"},
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts},
    }


def test_ticket_states_sum_the_time_in_each_state() -> None:
    records = [
        ticket(
            1,
            "Bug",
            ("submitted", "in_progress", 2),
            ("in_progress", "waiting_on_customer", 5),
            ("waiting_on_customer", "in_progress", 6),
            ("in_progress", "resolved", 10),
        ),
        ticket(2, "Bug", ("submitted", "in_progress", 4)),
        ticket(3, "Question"),
    ]
    df = build_frame(records, record_columns("ticket"), "ticket", {"entity": "tickets"})
    result = analysis.ticket_states(df, as_of="2026-10-02").set_index(["ticket_type", "state"])
    hours = (result["median"] / HOUR).to_dict()
    assert hours == {
        ("Bug", "submitted"): 3.0,
        ("Bug", "in_progress"): (7.0 + 20.0) / 2,
        ("Bug", "waiting_on_customer"): 1.0,
        ("Question", "submitted"): 24.0,
    }
    assert result["tickets"].tolist() == [2, 2, 1, 1]
    finding = analysis.ticket_states(df, as_of="2026-10-02").metric.finding
    assert finding == (
        "\u201cQuestion\u201d tickets stay longest in \u201csubmitted\u201d: median 1 d "
        "(1 of 3 tickets)"
    )
    assert result.loc[("Bug", "in_progress"), "current"] == 1
    with pytest.raises(UnsupportedError, match="changes of state"):
        analysis.ticket_states(pd.DataFrame(df))


def test_article_feedback_ranks_articles_by_sad_reactions() -> None:
    def article(number: int, reactions: int, sad: float) -> dict[str, Any]:
        statistics = {"views": 100, "reactions": reactions, "sad_reaction_percentage": sad}
        return {"id": str(number), "title": f"Article {number}", "statistics": statistics}

    records = [article(1, 10, 10.0), article(2, 8, 75.0), article(3, 0, 0.0)]
    df = build_frame(records, record_columns("article"), "article", {"entity": "articles"})
    result = analysis.article_feedback(df)
    assert result["article_id"].tolist() == ["2", "1", "3"]
    assert result["unhelpful"].tolist() == [6, 1, 0]
    assert result["unhelpful_share"].tolist()[:2] == [0.75, 0.1]
    assert result.metric.finding == (
        "\u201cArticle 2\u201d has the most unhelpful reactions: 6 of 8 (100 views)"
    )


@pytest.mark.slow
def test_summary_equals_its_metrics_when_split_by_dimensions() -> None:
    df = frame(
        *(
            conversation(
                f"2026-10-{1 + i:02}",
                team_assignee_id=1 + i % 2,
                conversation_rating={"rating": 1 + i % 5},
                statistics={"time_to_admin_reply": 60 * i},
            )
            for i in range(12)
        )
    )
    for by in (None, "team", "week", ["team", "week"]):
        result = analysis.summary(df, by, measures=["conversations", "median_first_reply", "csat"])
        rates = analysis.csat(df, by)["share"].to_numpy()
        assert result["conversations"].sum() == 12
        assert pd.Series(rates).equals(result["csat"])
        reply = analysis.first_reply(df, by)["median"]
        assert reply.equals(result["median_first_reply"])
    with pytest.raises(InvalidParameterError, match="not a valid measure"):
        analysis.summary(df, measures=["speed"])
