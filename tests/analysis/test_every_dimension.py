"""Every metric by every kind of dimension: each group equals the metric of its rows alone."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from intercom_nb import analysis
from intercom_nb.analysis.names import NONE
from intercom_nb.catalog import record_columns
from intercom_nb.errors import InvalidParameterError, UnknownNameError
from intercom_nb.frames import build_frame

from .frames import HOUR, contacts, conversation, frame, seconds

# Every metric by every dimension; test_dimensions.py has the quick ones.
pytestmark = pytest.mark.slow

Metric = Callable[[pd.DataFrame, Any], pd.DataFrame]
STATES = ("assumed_resolution", "escalated", "negative_feedback")


def talk(number: int) -> dict[str, Any]:
    """One of many conversations that differ in everything that a metric reads."""
    dice = random.Random(number)
    created = f"2026-10-{1 + number % 21:02} {dice.randrange(24):02}:{dice.randrange(60):02}"
    wait, took = dice.randrange(60, 9_000), dice.randrange(9_000, 90_000)
    begun, admin = seconds(created), dice.choice([5, 6])
    lists = {"tags": dice.sample("abc", dice.randrange(3)), "topics": dice.sample("xy", number % 3)}
    return conversation(
        created,
        id=str(number),
        team_assignee_id=dice.choice([1, 2, None]),
        admin_assignee_id=admin,
        state=dice.choice(["open", "closed"]),
        source={"type": dice.choice(["email", "whatsapp"]), "delivered_as": "customer_initiated"},
        contacts={"contacts": [{"type": "contact", "id": dice.choice("pqr")}]},
        sla_applied={"sla_name": "VIP", "sla_status": dice.choice(["hit", "missed", "active"])},
        conversation_rating={"rating": dice.randint(1, 5), "teammate": {"id": admin}},
        ai_agent_participated=dice.random() < 0.6,
        ai_agent={"resolution_state": dice.choice(STATES), "rating": dice.choice([None, 2, 5])},
        custom_attributes={"Faults": dice.sample(["light", "brake"], dice.randrange(3))},
        statistics={
            "time_to_admin_reply": wait,
            "first_admin_reply_at": begun + wait,
            "time_to_first_close": took,
            "first_close_at": begun + took,
            "last_close_at": begun + took,
            "count_reopens": dice.randrange(2),
            "count_assignments": dice.randrange(5),
            "count_conversation_parts": dice.randrange(1, 40),
        },
        **{
            kind: {kind: [{"id": key, "name": key} for key in keys]} for kind, keys in lists.items()
        },
    )


RECORDS = [talk(number) for number in range(90)]
DF = frame(*RECORDS)
PEOPLE = contacts(
    *(
        {"id": key, "signed_up_at": seconds("2026-10-01"), "companies": {"data": [{"id": company}]}}
        for key, company in zip("pqr", "ABA", strict=True)
    )
)
OCTOBER: dict[str, Any] = {"period": ("2026-10-01", "2026-10-22")}


def created(record: dict[str, Any]) -> dt.datetime:
    return dt.datetime.fromtimestamp(record["created_at"], dt.UTC)


def midnight(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day)


def monday(record: dict[str, Any]) -> pd.Timestamp:
    day = created(record).date()
    return midnight(day - dt.timedelta(days=day.weekday()))


def ids(record: dict[str, Any], kind: str) -> list[str]:
    return [item["id"] for item in record[kind][kind]]


# Dimension -> the groups that a record belongs to, in plain Python.
GROUPS: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "team": lambda r: [str(r["team_assignee_id"])] if r["team_assignee_id"] else [],
    "teammate": lambda r: [str(r["admin_assignee_id"])],
    "channel": lambda r: [r["source"]["type"]],
    "tag": lambda r: ids(r, "tags"),
    "topic": lambda r: ids(r, "topics"),
    "custom_attributes.Faults": lambda r: r["custom_attributes"]["Faults"],
    "day": lambda r: [midnight(created(r).date())],
    "week": lambda r: [monday(r)],
    "month": lambda _: [pd.Timestamp("2026-10-01")],
    "hour": lambda r: [created(r).hour],
    "weekday": lambda r: [created(r).weekday()],
}
PAIRS = [["team", "week"], ["tag", "topic"], ["teammate", "custom_attributes.Faults"]]
STEPS = {"day", "week", "month"}
TIMES = {*STEPS, "hour", "weekday"}
MEASURES = ["conversations", "median_first_reply", "csat", "sla_missed"]

# Metric -> how it is called, the dimensions that it refuses, and its own.
METRICS: dict[str, tuple[Metric, set[str], list[str]]] = {
    "first_reply": (lambda df, by: analysis.first_reply(df, by, **OCTOBER), set(), []),
    "time_to_close": (lambda df, by: analysis.time_to_close(df, by, **OCTOBER), set(), []),
    "csat": (lambda df, by: analysis.csat(df, by, **OCTOBER), set(), []),
    "reopens": (lambda df, by: analysis.reopens(df, by, **OCTOBER), set(), []),
    "handovers": (lambda df, by: analysis.handovers(df, by, **OCTOBER), set(), []),
    "automation": (lambda df, by: analysis.automation(df, by, **OCTOBER), set(), []),
    "thread_length": (
        lambda df, by: analysis.thread_length(df, by, of="parts", **OCTOBER),
        set(),
        [],
    ),
    "sla": (
        lambda df, by: analysis.sla(df, by=by, first_reply="1h", as_of="2026-11-01", **OCTOBER),
        set(),
        [],
    ),
    "sla_applied": (
        lambda df, by: analysis.sla_applied(df, by, by_sla=False, **OCTOBER),
        set(),
        [],
    ),
    "summary": (
        lambda df, by: analysis.summary(df, by, measures=MEASURES, **OCTOBER),
        set(),
        [],
    ),
    "volume": (
        lambda df, by: analysis.volume(df, by, **OCTOBER).drop(columns="per_week"),  # test_counts
        {"hour", "weekday", "day"},
        ["weekday", "hour"],
    ),
    "volume_trend": (
        lambda df, by: analysis.volume_trend(df, "week", by, **OCTOBER),
        STEPS,
        ["week"],
    ),
    "backlog": (lambda df, by: analysis.backlog(df, "week", by, **OCTOBER), TIMES, ["week"]),
    "pareto": (lambda df, by: analysis.pareto(df, "topics", by, **OCTOBER), {"topic"}, ["id"]),
    "trend": (
        lambda df, by: analysis.trend(df, "topics", "week", by, **OCTOBER),
        {"topic", *STEPS},
        ["week", "id"],
    ),
    "sla_applied by SLA": (lambda df, by: analysis.sla_applied(df, by, **OCTOBER), set(), ["sla"]),
    "busiest_companies": (
        lambda df, by: analysis.busiest_companies(df, PEOPLE, by=by, **OCTOBER),
        {"company.id"},
        ["company_id"],
    ),
    "cohorts": (
        lambda df, by: analysis.cohorts(df, PEOPLE, "week", by=by, since="2026-10-01"),
        TIMES,
        ["cohort", "age"],
    ),
    "frequent_contacts": (
        lambda df, by: analysis.frequent_contacts(df, by=by, more_than=2, within="9d", **OCTOBER),
        TIMES,
        ["contact_id"],
    ),
}
CASES = [
    (name, by)
    for name, (_, refused, own) in METRICS.items()
    for by in (*GROUPS, *([] if own else PAIRS))
    if str(by) not in refused
]


def groups_of(record: dict[str, Any], by: str) -> list[Any]:
    return GROUPS[by](record) or [NONE]


def rows_of(by: list[str], key: tuple[Any, ...]) -> pd.DataFrame:
    """Return the conversations that belong to a group, chosen from the raw records."""
    chosen = [
        all(value in groups_of(r, name) for name, value in zip(by, key, strict=True))
        for r in RECORDS
    ]
    return DF[np.array(chosen)]


def keys_of(record: dict[str, Any], by: list[str]) -> list[tuple[Any, ...]]:
    return list(itertools.product(*(groups_of(record, name) for name in by)))


def assert_equal(part: pd.DataFrame, alone: pd.DataFrame, own: list[str]) -> None:
    """Compare the numbers of a group with those of its rows alone, row by row."""
    numbers = [c for c in alone.select_dtypes(["number", "bool"]) if c not in own]
    found, expected = (df.set_index(own or [[0] * len(df)]) for df in (part, alone))
    assert set(expected.index) <= set(found.index)
    # Rows that only the whole has: a topic or an age that does not occur in this group.
    absent = found.index.difference(expected.index)
    count = next(c for c in ("conversations", "opened", "tickets") if c in found)
    assert not found.loc[absent, count].any()
    got = found.loc[expected.index, numbers].astype("float64")
    pd.testing.assert_frame_equal(got, expected[numbers].astype("float64"))


@pytest.mark.parametrize(
    ("name", "by"),
    [pytest.param(name, by, id=f"{name} by {by}") for name, by in CASES],
)
def test_metric_of_a_group_equals_that_of_its_rows_when_split_by_dimensions(
    name: str, by: str | list[str]
) -> None:
    dimensions = [by] if isinstance(by, str) else by
    metric, _, own = METRICS[name]
    result = metric(DF, by)
    parts = dict(list(result.groupby(dimensions, sort=False)))
    present = {key for record in RECORDS for key in keys_of(record, dimensions)}
    assert present <= set(parts) or name in {"pareto", "frequent_contacts"}
    for key, part in parts.items():
        assert_equal(part, metric(rows_of(dimensions, key), None), own)
    overlap = any(d in {"tag", "topic", "custom_attributes.Faults"} for d in dimensions)
    assert any("once for each" in note for note in result.metric.notes) == overlap
    assert result.metric.finding


@pytest.mark.parametrize(
    ("name", "by"), [(name, by) for name in METRICS for by in sorted(METRICS[name][1])]
)
def test_metric_raises_with_the_reason_when_a_dimension_has_no_meaning(name: str, by: str) -> None:
    metric_name = name.partition(" ")[0]
    with pytest.raises(InvalidParameterError, match=f"{metric_name} cannot be split by '{by}': ."):
        METRICS[name][0](DF, by)


@pytest.mark.parametrize("name", [name for name, (_, _, own) in METRICS.items() if own])
def test_metric_raises_when_given_two_dimensions_besides_its_own(name: str) -> None:
    with pytest.raises(InvalidParameterError, match="one dimension besides its own"):
        METRICS[name][0](DF, ["team", "channel"])


@pytest.mark.slow
@pytest.mark.parametrize("by", ["team", "tag"])
@pytest.mark.parametrize("name", METRICS)
def test_metric_is_the_same_when_rows_are_shuffled(name: str, by: str) -> None:
    metric = METRICS[name][0]
    expected, got = metric(DF, by), metric(DF.sample(frac=1, random_state=3), by)
    pd.testing.assert_frame_equal(got, expected)
    assert got.attrs == expected.attrs


@pytest.mark.parametrize("name", METRICS)
def test_metric_names_the_column_when_it_does_not_exist(name: str) -> None:
    with pytest.raises(UnknownNameError, match="no column 'teem'"):
        METRICS[name][0](DF, "teem")


@pytest.mark.parametrize("dimensions", [*GROUPS, "tags"])
def test_movers_equal_a_count_by_hand_when_the_dimension_is_not_a_time(dimensions: str) -> None:
    if dimensions in TIMES:
        with pytest.raises(InvalidParameterError, match=f"cannot split by '{dimensions}'"):
            analysis.movers(DF, "2026-W42", dimensions=(dimensions,))
        return
    result = analysis.movers(DF, "2026-W42", dimensions=(dimensions,), top=None)
    volumes = result[result["measure"] == "conversations"].set_index("name")
    week = [record for record in RECORDS if monday(record) == pd.Timestamp("2026-10-12")]
    groups = Counter(
        key
        for record in week
        for key in GROUPS["tag" if dimensions == "tags" else dimensions](record)
    )
    assert len(volumes) > 1
    assert volumes["n_after"].to_dict() == {key: groups[key] for key in volumes.index}


@pytest.mark.parametrize("dimensions", [(), (["team", "week"],)])
def test_movers_raise_with_an_example_when_dimensions_are_not_names(dimensions: Any) -> None:
    with pytest.raises(InvalidParameterError, match=r"such as \('team', 'tags'\)"):
        analysis.movers(DF, "2026-10", dimensions=dimensions)


def ticket(number: int) -> dict[str, Any]:
    dice = random.Random(number)
    begun = seconds(f"2026-10-{1 + number % 9:02}")
    part = {
        "type": "ticket_part",
        "id": str(number),
        "part_type": "ticket_state_updated_by_admin",
        "previous_ticket_state": "submitted",
        "ticket_state": "in_progress",
        "created_at": begun + dice.randrange(HOUR),
    }
    return {
        "type": "ticket",
        "id": str(number),
        "created_at": begun,
        "team_assignee_id": dice.choice(["1", "2", "0"]),
        "admin_assignee_id": dice.choice(["5", "0"]),
        "ticket_attributes": {"Severity": dice.choice(["high", "low"])},
        "ticket_type": {"type": "ticket_type", "id": "1", "name": dice.choice(["Bug", "Task"])},
        "ticket_state": {"category": "in_progress"},
        "ticket_parts": {"ticket_parts": [part] if number % 3 else []},
    }


TICKETS = [ticket(number) for number in range(30)]
TICKET_FRAME = build_frame(TICKETS, record_columns("ticket"), "ticket", {"entity": "tickets"})
OF_A_TICKET: dict[str, Callable[[dict[str, Any]], Any]] = {
    "team": lambda t: NONE if t["team_assignee_id"] == "0" else t["team_assignee_id"],
    "teammate": lambda t: NONE if t["admin_assignee_id"] == "0" else t["admin_assignee_id"],
    "ticket_attributes.Severity": lambda t: t["ticket_attributes"]["Severity"],
    "week": monday,
}


@pytest.mark.parametrize("by", OF_A_TICKET)
def test_ticket_states_of_a_group_equal_those_of_its_rows_when_split(by: str) -> None:
    result = analysis.ticket_states(TICKET_FRAME, by, as_of="2026-10-20")
    parts = dict(list(result.groupby(by)))
    assert set(parts) == {OF_A_TICKET[by](one) for one in TICKETS}
    for key, part in parts.items():
        chosen = [OF_A_TICKET[by](one) == key for one in TICKETS]
        alone = analysis.ticket_states(TICKET_FRAME[np.array(chosen)], as_of="2026-10-20")
        assert_equal(part, alone, ["ticket_type", "state"])
    whole = analysis.ticket_states(TICKET_FRAME, as_of="2026-10-20")
    assert result.metric.finding == whole.metric.finding
    assert result.metric.plot().axes


@pytest.mark.parametrize("by", ["tag", "topic", "channel", "priority", "state", "ticket_type"])
def test_ticket_states_raise_when_tickets_do_not_have_the_dimension(by: str) -> None:
    with pytest.raises(InvalidParameterError, match=f"ticket_states cannot be split by '{by}'"):
        analysis.ticket_states(TICKET_FRAME, by)


ARTICLES = [
    {
        "type": "article",
        "id": str(number),
        "title": f"Article {number}",
        "author_id": str(number % 2),
        "state": ["published", "draft"][number % 4 // 3],
        "created_at": seconds(f"2026-10-{1 + number:02}"),
        "tags": {"tags": [{"id": key} for key in ["", "a", "b", "ab"][number % 4]]},
        "statistics": {"views": 9 * number, "reactions": number, "sad_reaction_percentage": 50.0},
    }
    for number in range(12)
]
ARTICLE_FRAME = build_frame(ARTICLES, record_columns("article"), "article", {"entity": "articles"})


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("author_id", {"0": "0 2 4 6 8 10", "1": "1 3 5 7 9 11"}),
        ("state", {"published": "0 1 2 4 5 6 8 9 10", "draft": "3 7 11"}),
        ("tag", {"a": "1 3 5 7 9 11", "b": "2 3 6 7 10 11", NONE: "0 4 8"}),
        ("month", {pd.Timestamp("2026-10-01"): "0 1 2 3 4 5 6 7 8 9 10 11"}),
    ],
)
def test_article_feedback_ranks_within_each_group_when_split(
    by: str, groups: dict[Any, str]
) -> None:
    result = analysis.article_feedback(ARTICLE_FRAME, by)
    got = {key: sorted(part["article_id"], key=int) for key, part in result.groupby(by)}
    assert got == {key: numbers.split() for key, numbers in groups.items()}
    part = result[result[by] == result[by].iloc[0]]
    assert part["unhelpful"].is_monotonic_decreasing
    assert len(analysis.article_feedback(ARTICLE_FRAME, by, top=1)) == len(groups)
    assert result.metric.plot().axes


@pytest.mark.parametrize("by", ["team", "teammate", "topic", "channel", "priority", "fin_state"])
def test_article_feedback_raises_when_articles_do_not_have_the_dimension(by: str) -> None:
    with pytest.raises(InvalidParameterError, match="articles do not have it"):
        analysis.article_feedback(ARTICLE_FRAME, by)


def test_metrics_of_the_package_are_all_in_these_tests() -> None:
    elsewhere = {"movers", "ticket_states", "article_feedback"}  # above
    others = {"MetricAccessor", "OfficeHours", "compare_with_intercom", "names"}
    tested = {name.partition(" ")[0] for name in METRICS}
    assert tested == set(analysis.__all__) - elsewhere - others
