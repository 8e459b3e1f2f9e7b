"""Tags, topics, companies, cohorts, movers: by hand."""

from __future__ import annotations

from statistics import NormalDist

import pytest

from intercom_nb import analysis
from intercom_nb.errors import InvalidParameterError

from .frames import contacts, conversation, frame, seconds


def tagged(created: str, *ids: str, **values: object) -> dict[str, object]:
    tags = {"type": "tag.list", "tags": [{"type": "tag", "id": i, "name": i} for i in ids]}
    return conversation(created, tags=tags, **values)


def test_pareto_running_share_counts_a_conversation_once_when_it_has_several_tags() -> None:
    df = frame(
        tagged("2026-10-01", "a", "b"),
        tagged("2026-10-01", "a", "b"),
        tagged("2026-10-01", "a"),
        tagged("2026-10-01", "c", "c"),  # twice the same tag is one
        tagged("2026-10-01"),
    )
    result = analysis.pareto(df, names={"a": "Alpha"})
    assert result["name"].tolist() == ["Alpha", "b", "c"]
    assert result["conversations"].tolist() == [3, 2, 1]
    assert result["share"].tolist() == [0.6, 0.4, 0.2]
    assert result["running"].tolist() == [0.6, 0.6, 0.8]
    assert result.metric.counts == {"conversations": 5, "measured": 4, "without_tag": 1}


def test_pareto_uses_the_names_of_topics_when_it_ranks_topics() -> None:
    topics = {"type": "topic.list", "topics": [{"type": "topic", "id": 7, "name": "Refunds"}]}
    df = frame(conversation("2026-10-01", topics=topics), conversation("2026-10-02", topics={}))
    assert analysis.pareto(df, of="topics")[["name", "id"]].values.tolist() == [["Refunds", "7"]]
    assert len(analysis.pareto(frame(conversation("2026-10-01")), of="topics")) == 0


def test_pareto_ranks_values_when_given_a_plain_column() -> None:
    df = frame(tagged("2026-10-01"), tagged("2026-10-01"))
    assert analysis.pareto(df, of="source.type")[["name", "share"]].values.tolist() == [
        ["email", 1.0]
    ]


def test_trend_returns_no_share_when_a_step_has_no_conversations() -> None:
    df = frame(
        tagged("2026-08-01", "a"),
        tagged("2026-08-01"),
        tagged("2026-10-01", "a"),
        tagged("2026-10-01", "b"),
        tagged("2026-10-01", "z"),
        tagged("2026-10-01", "a"),
    )
    result = analysis.trend(df, top=2)
    a = result[result["id"] == "a"]
    assert a["month"].dt.month.tolist() == [8, 9, 10]
    assert a["conversations"].tolist() == [1, 0, 2]
    assert a["share"].tolist()[::2] == [0.5, 0.5]
    assert a["share"].isna().tolist() == [False, True, False]  # September had none at all
    assert result["id"].unique().tolist() == ["a", "b"]


def test_trend_finding_skips_small_steps_when_others_are_large() -> None:
    month = [tagged("2026-09-01", "a" if n < 12 else "b") for n in range(40)]
    month += [tagged("2026-10-01", "a" if n < 20 else "b") for n in range(40)]
    result = analysis.trend(frame(*month, tagged("2026-11-01", "b")))
    assert result.metric.finding == (
        "\u201ca\u201d stands out among months with at least 20 conversations in Oct 2026: "
        "50% of conversations (20 of 40) vs 30% in a median month"
    )
    small = analysis.trend(frame(*month[:1], tagged("2026-10-01", "b"), tagged("2026-10-01", "b")))
    assert "(1 of 1)" in small.metric.finding


def asked(created: str, contact: str, **values: object) -> dict[str, object]:
    people = {"type": "contact.list", "contacts": [{"type": "contact", "id": contact}]}
    return conversation(created, contacts=people, **values)


def person(name: str, *companies: str, joined: str | None = None) -> dict[str, object]:
    listed = {"data": [{"id": c, "type": "company"} for c in companies]}
    return {
        "id": name,
        "companies": listed,
        "created_at": seconds("2026-01-01"),
        "signed_up_at": seconds(joined) if joined else None,
    }


def test_busiest_companies_equal_a_count_by_hand() -> None:
    people = contacts(person("p", "x"), person("q", "x", "y"), person("r"))
    df = frame(
        asked("2026-10-01", "p"),
        asked("2026-10-01", "p"),
        asked("2026-10-01", "q"),  # counts for both of q's companies
        asked("2026-10-01", "r"),  # nobody's company
        asked("2026-10-01", "s"),  # a contact that was not fetched
        asked("2026-10-01", "p", company={"id": "y"}),  # the API's own word goes first
    )
    result = analysis.busiest_companies(df, people, {"x": "Xenon"})
    assert result["company"].tolist() == ["Xenon", "y"]
    assert result["conversations"].tolist() == [3, 2]
    assert result["contacts"].tolist() == [2, 1]
    assert result["per_contact"].tolist() == [1.5, 2.0]
    assert result["shared"].tolist() == [1, 1]
    assert result.metric.counts == {
        "conversations": 6,
        "measured": 4,
        "no_company": 1,
        "unknown_contact": 1,
        "companies": 2,
    }


def test_cohorts_equal_a_count_by_hand() -> None:
    people = contacts(
        person("p", joined="2026-08-10"),
        person("q", joined="2026-08-20"),
        person("r", joined="2026-09-30"),
        person("lead"),
        person("old", joined="2020-01-01"),
    )
    df = frame(
        asked("2026-08-15", "p"),
        asked("2026-08-16", "p"),
        asked("2026-10-01", "q"),  # not two months later by days, but by the calendar
        asked("2026-10-02", "r"),
        asked("2026-10-03", "lead"),
        asked("2026-10-03", "old"),
        asked("2026-10-03", "stranger"),
        asked("2026-08-01", "r"),  # before r signed up
    )
    result = analysis.cohorts(df, people)
    rows = [
        [f"{r.cohort:%m}", r.age, r.contacts, r.active, r.conversations]
        for r in result.itertuples()
    ]
    assert rows == [
        ["08", 0, 2, 1, 2],
        ["08", 1, 2, 0, 0],
        ["08", 2, 2, 1, 1],
        ["09", 0, 1, 0, 0],
        ["09", 1, 1, 1, 1],
    ]
    assert result["share"].tolist() == [0.5, 0.0, 0.5, 0.0, 1.0]
    counts = result.metric.counts
    assert [counts[k] for k in ("contacts", "measured", "no_date", "outside")] == [5, 3, 1, 1]
    assert [counts["unknown_contact"], counts["before"]] == [1, 1]


def test_movers_return_the_strongest_change_first() -> None:
    def some(month: str, number: int, tag: str, wait: int, rating: int) -> list[dict[str, object]]:
        return [
            tagged(
                f"2026-{month}-{1 + i % 28:02}",
                tag,
                team_assignee_id=1,
                statistics={"time_to_admin_reply": wait + i},
                conversation_rating={"rating": rating},
            )
            for i in range(number)
        ]

    df = frame(
        *some("09", 30, "steady", 600, 5),
        *some("10", 31, "steady", 600, 5),
        *some("10", 62, "outage", 7_200, 1),
        *some("09", 1, "rare", 600, 5),
    )
    result = analysis.movers(df, "2026-10", names={"team": {"1": "Billing"}})
    outage = result[result["name"] == "outage"].iloc[0]
    assert [outage["before"], outage["after"], outage["n_after"]] == [0.0, 2.0, 62]
    # All 62 fall into one of the two months, with 31 and 30 days.
    chance = (31 / 61) ** 62 + (30 / 61) ** 62
    assert outage["p_value"] == pytest.approx(chance)
    assert outage["strength"] == pytest.approx(-NormalDist().inv_cdf(chance / 2))
    steady = result[result["name"] == "steady"].iloc[0]
    assert [steady["before"], steady["after"], steady["strength"]] == [1.0, 1.0, 0.0]
    reply = result[result["measure"] == "median_first_reply"].iloc[0]
    assert reply["name"] == "Billing"
    assert reply["after"] > reply["before"]
    assert result[result["measure"] == "csat"]["after"].item() == pytest.approx(1 / 3)
    assert "rare" not in result["name"].tolist()
    assert result.metric.counts["too_few"] == 1
    assert result["strength"].abs().is_monotonic_decreasing
    assert result.attrs["metric"]["versus"] == "2026-09"


def test_movers_raise_when_a_dimension_is_a_time() -> None:
    assert len(analysis.movers(frame(), "2026-10")) == 0
    with pytest.raises(InvalidParameterError, match="time"):
        analysis.movers(frame(), "2026-10", dimensions=("week",))
