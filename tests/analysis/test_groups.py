"""Groups: lists, two dimensions, credit, and sums that equal the whole."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.analysis.groups import label_of, subject_of
from intercom_nb.analysis.names import NONE
from intercom_nb.catalog import record_columns
from intercom_nb.errors import InvalidParameterError, UnsupportedError
from intercom_nb.frames import build_frame

from .frames import contacts, conversation, frame, seconds


def one(day: int, team: int | None, *tags: str, **values: Any) -> dict[str, Any]:
    created = f"2026-10-{day:02} 10:00"
    listed = {"tags": [{"type": "tag", "id": tag, "name": tag} for tag in tags]}
    wait = 60 * day
    statistics = {"time_to_admin_reply": wait, "first_admin_reply_at": seconds(created) + wait}
    return conversation(
        created, team_assignee_id=team, tags=listed, statistics=statistics, **values
    )


DF = frame(
    one(1, 1, "a", "b", conversation_rating={"rating": 5}),
    one(2, 1, "a", "a", conversation_rating={"rating": 1}),
    one(8, 2, conversation_rating={"rating": 5}),
    one(9, None, "b"),
)
METRICS = (analysis.first_reply, analysis.time_to_close, analysis.csat, analysis.reopens)


@pytest.mark.parametrize("metric", [*METRICS, analysis.handovers, analysis.automation])
@pytest.mark.parametrize("by", ["team", "week", "channel", "weekday", ["team", "week"]])
def test_metric_groups_sum_to_the_total_when_split(metric: Any, by: Any) -> None:
    grouped, whole = metric(DF, by=by), metric(DF, by=None)
    assert grouped["conversations"].sum() == whole["conversations"].item() == len(DF)
    assert grouped.metric.counts == whole.metric.counts


@pytest.mark.slow
@pytest.mark.parametrize("metric", [*METRICS, analysis.handovers, analysis.automation])
def test_metric_is_the_same_when_rows_are_shuffled(metric: Any) -> None:
    mixed = DF.sample(frac=1, random_state=3)
    for by in (None, "team", "tag", ["team", "week"]):
        pd.testing.assert_frame_equal(metric(mixed, by=by), metric(DF, by=by))


def test_csat_counts_a_conversation_once_for_each_tag_when_split_by_tag() -> None:
    result = analysis.csat(DF, by="tag", names={"a": "Alpha"})
    rows = result.set_index("tag")
    assert rows["conversations"].to_dict() == {"Alpha": 2, "b": 2, NONE: 1}
    assert rows["rated"].to_dict() == {"Alpha": 2, "b": 1, NONE: 1}
    assert result["tag_id"].isna().sum() == 1
    assert any("once for each" in note for note in result.metric.notes)
    assert "2 of 3" in result.metric.finding  # the total counts each conversation once


def test_csat_groups_by_entries_when_an_attribute_holds_lists() -> None:
    lists = [["light"], ["brake", "light"], ["light"], None]
    df = DF.assign(**{"custom_attributes.Faults": pd.Series(lists, dtype=object)})
    result = analysis.csat(df, by="custom_attributes.Faults")
    groups = result.set_index("custom_attributes.Faults")["conversations"].to_dict()
    assert groups == {"light": 3, "brake": 1, NONE: 1}
    pareto = analysis.pareto(df, of="custom_attributes.Faults")
    assert pareto.set_index("id")["conversations"].to_dict() == {"light": 3, "brake": 1}


def test_first_reply_returns_a_row_per_pair_when_given_two_dimensions() -> None:
    result = analysis.first_reply(DF, by=["team", "week"], names={"1": "Billing"})
    assert result.columns[:4].tolist() == ["team", "team_id", "week", "conversations"]
    assert len(result) == 3 * 2
    first = result[(result["team"] == "Billing") & (result["measured"] > 0)].iloc[0]
    assert (first["conversations"], first["median"]) == (2, 90.0)


@pytest.mark.parametrize("by", [["team", "team"], ["team", "week", "channel"]])
def test_csat_raises_when_dimensions_are_repeated_or_too_many(by: list[str]) -> None:
    with pytest.raises(InvalidParameterError, match="two different"):
        analysis.csat(DF, by=by)


@pytest.mark.parametrize("by", [5, {"team"}, [["team"]], [None]])
def test_metric_raises_when_dimensions_are_not_names(by: Any) -> None:
    for metric in (analysis.csat, analysis.backlog):
        with pytest.raises(InvalidParameterError, match="is not a dimension"):
            metric(DF, by=by)


@pytest.mark.parametrize("every", ["fortnight", 5, ["day"]])
def test_metric_raises_when_the_step_is_not_valid(every: Any) -> None:
    for metric in (analysis.backlog, analysis.volume_trend):
        with pytest.raises(InvalidParameterError, match="is not a valid step"):
            metric(DF, every)


def test_csat_credits_the_rated_teammate_when_another_is_assigned() -> None:
    rating = {"rating": 1, "teammate": {"type": "admin", "id": 5}}
    df = frame(conversation("2026-10-01", admin_assignee_id=7, conversation_rating=rating))
    names = {"5": "Rated", "7": "Assigned"}
    assert analysis.csat(df, by="teammate", names=names)["teammate"].tolist() == ["Rated"]
    assigned = analysis.csat(df, by="teammate", credit="assigned", names=names)
    assert assigned["teammate"].tolist() == ["Assigned"]


def test_time_to_close_credits_the_closer_when_nobody_is_assigned() -> None:
    df = frame(conversation("2026-10-01", admin_assignee_id=0, statistics={"last_closed_by_id": 5}))
    assert analysis.time_to_close(df, by="teammate")["teammate"].tolist() == [NONE]
    closed = analysis.time_to_close(df, by="teammate", credit="closed")
    assert closed["teammate"].tolist() == ["5"]


def test_csat_raises_when_the_credit_needs_messages_that_are_missing() -> None:
    with pytest.raises(UnsupportedError, match="with_parts=True"):
        analysis.csat(DF, by="teammate", credit="first_reply")
    with pytest.raises(InvalidParameterError, match="not a valid credit"):
        analysis.csat(DF, by="teammate", credit="replied")


def test_first_reply_uses_the_time_of_each_team_when_credit_is_assigned_team() -> None:
    times = [
        {"team_id": 1, "team_name": "A", "response_time": 100},
        {"team_id": 2, "team_name": "B", "response_time": 900},
    ]
    statistics = {"time_to_admin_reply": 1_000, "assigned_team_first_response_time": times}
    df = frame(conversation("2026-10-01", team_assignee_id=2, statistics=statistics))
    result = analysis.first_reply(df, by="team", credit="assigned_team").set_index("team")
    assert result["median"].to_dict() == {"1": 100.0, "2": 900.0}


def test_csat_finding_has_the_least_count_when_small_groups_are_left_out() -> None:
    many = [one(1 + i % 20, 1, conversation_rating={"rating": 5}) for i in range(25)]
    more = [one(1 + i % 20, 2, conversation_rating={"rating": 4 - i % 2}) for i in range(25)]
    few = [one(3, 3, conversation_rating={"rating": 1})]
    with_small = analysis.csat(frame(*many, *more, *few), by="team").metric.finding
    assert with_small.endswith("; lowest for 2, 52% (of teams with at least 20 ratings)")
    without = analysis.csat(frame(*many, *more), by="team").metric.finding
    assert without.endswith("; lowest for 2, 52%")


def test_label_of_returns_part_of_a_sentence() -> None:
    assert label_of("Billing", "team") == "for Billing"
    assert label_of(NONE, "team") == "without a team"
    assert label_of(pd.Timestamp("2026-10-05"), "week") == "in the week of 5 Oct 2026"


TWINS = {"1": "Support", "2": "Support", "3": "Sales"}
FIRST, SECOND = "Support (1)", "Support (2)"


def of_twins() -> pd.DataFrame:
    """Two teams of one name and a third: 6, 5 and 8 conversations in October, 1 each before."""
    sizes = {1: 6, 2: 5, 3: 8}
    october = [one(day + 1, team) for team, size in sizes.items() for day in range(size)]
    return frame(*(conversation("2026-09-30", team_assignee_id=team) for team in sizes), *october)


def test_groups_tell_teams_apart_when_two_have_the_same_name() -> None:
    trend = analysis.volume_trend(of_twins(), "month", "team", names=TWINS)
    assert trend.groupby("team")["conversations"].sum().to_dict() == {
        FIRST: 7,
        SECOND: 6,
        "Sales": 9,
    }
    assert trend.metric.finding.endswith("; most for Sales (9 of 22)")
    assert not trend.duplicated(["team", "month"]).any()
    split = analysis.summary(
        of_twins(), by="team", names=pd.DataFrame({"id": list(TWINS), "name": TWINS.values()})
    )
    assert dict(zip(split["team"], split["conversations"], strict=True)) == {
        "Sales": 9,
        FIRST: 7,
        SECOND: 6,
    }
    moved = analysis.movers(
        of_twins(), "2026-10", dimensions="team", names={"team": TWINS}, top=None
    )
    assert {FIRST, SECOND} <= set(moved["name"])


def test_pareto_tells_tags_apart_when_two_have_the_same_name() -> None:
    df = frame(one(1, 1, "a", "b"), one(2, 1, "b"))
    assert analysis.pareto(df, names={"a": "Bug", "b": "Bug"})["name"].tolist() == [
        "Bug (b)",
        "Bug (a)",
    ]
    topics = {"topics": [{"type": "topic", "id": key, "name": "Refunds"} for key in (7, 8)]}
    listed = analysis.pareto(frame(conversation("2026-10-01", topics=topics)), of="topics")
    assert listed["name"].tolist() == ["Refunds (7)", "Refunds (8)"]


def test_frequent_contacts_tell_people_apart_when_two_have_the_same_name() -> None:
    writers = {"contacts": [{"id": "x"}, {"id": "y"}]}
    df = frame(*(conversation("2026-10-01", contacts=writers) for _ in range(4)))
    people = contacts({"id": "x", "name": "Ada"}, {"id": "y", "name": "Ada"})
    assert analysis.frequent_contacts(df, people)["contact"].tolist() == ["Ada (x)", "Ada (y)"]


def test_article_feedback_tells_articles_apart_when_two_have_the_same_title() -> None:
    numbers = {"views": 3, "reactions": 2, "sad_reaction_percentage": 50, "conversions": 0}
    records = [{"type": "article", "id": i, "title": "FAQ", "statistics": numbers} for i in "12"]
    articles = build_frame(records, record_columns("article"), "article", {"entity": "articles"})
    assert analysis.article_feedback(articles)["article"].tolist() == ["FAQ (1)", "FAQ (2)"]


@pytest.mark.parametrize(
    ("value", "dimension", "expected"),
    [
        ("Ada", "teammate", "Ada"),
        (NONE, "teammate", "conversations without a teammate"),
        (pd.Timestamp("2026-10-05"), "week", "the week of 5 Oct 2026"),
        (pd.Timestamp("2026-10-01"), "month", "Oct 2026"),
        (pd.Timestamp("2026-10-05"), "day", "5 Oct 2026"),
        (6, "weekday", "conversations started on a Sunday"),
        ("on call", "team", "on call"),
        ("in progress", "tag", "in progress"),
        ("for sale", "tag", "for sale"),
    ],
)
def test_subject_of_has_no_preposition_when_it_begins_a_sentence(
    value: Any, dimension: str, expected: str
) -> None:
    assert subject_of(value, dimension) == expected


def test_first_reply_finding_names_the_slowest_group_when_split() -> None:
    df = frame(*(one(day, team) for day in range(1, 8) for team in (1, 2 if day < 6 else 1)))
    finding = analysis.first_reply(df, by="team", names={"1": "Billing", "2": "Sales"})
    # Team 1 waited 1 to 5 min once, and 6 and 7 min twice; team 2 waited 1 to 5 min.
    assert finding.metric.finding == (
        "Slowest first reply: Billing, median 5 min vs 4 min overall "
        "(14 of 14 customer-started conversations were replied to)"
    )


def test_finding_counts_of_all_conversations_when_one_has_several_tags() -> None:
    both = {"tags": [{"id": "a", "name": "a"}, {"id": "b", "name": "b"}]}
    df = frame(*(conversation(f"2026-10-0{day}", tags=both) for day in (1, 2, 3)))
    for metric in (analysis.volume, analysis.backlog):
        assert metric(df, by="tag").metric.finding.endswith("; most for a (3 of 3)")
    assert analysis.volume_trend(df, "day", "tag").metric.finding.endswith("for a (3 of 3)")


def test_volume_trend_finding_names_no_day_when_the_period_is_empty() -> None:
    df = frame(conversation("2026-10-01"))
    assert analysis.volume_trend(df, "day", period="2024-01").metric.finding == "No conversations."
