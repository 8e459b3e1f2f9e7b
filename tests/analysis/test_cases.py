"""Odd data and odd questions that real workspaces have, with the right number or sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.analysis import coverage, periods
from intercom_nb.catalog import record_columns
from intercom_nb.errors import InvalidParameterError
from intercom_nb.frames import build_frame
from intercom_nb.reporting import gather

from .frames import HOUR, contacts, conversation, frame, seconds


def ten_a_day(first: str, last: str) -> pd.DataFrame:
    times = [
        f"{day:%Y-%m-%d} {hour:02}:30" for day in pd.date_range(first, last) for hour in range(10)
    ]
    return frame(*map(conversation, times))


@pytest.fixture
def today(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> pd.Timestamp:
    now = pd.Timestamp(request.param, tz="UTC")
    for module in (periods, coverage, gather):
        monkeypatch.setattr(module, "now", lambda: now)
    return now


@pytest.mark.slow  # two reports
@pytest.mark.parametrize("today", ["2026-10-10 23:00", "2026-10-28 23:00"], indirect=True)
def test_report_compares_as_many_days_when_the_period_is_running(today: pd.Timestamp) -> None:
    df = ten_a_day("2026-08-01", str(today.date()))
    made = inb.report(df, "2026-10", zone="UTC")
    assert f"{10 * today.day} new conversations in October 2026" in made.sentences[0]
    assert "as many as in September 2026" in made.sentences[0]
    assert "October 2026 is not over: it ends on 31 Oct 2026." in made.notes
    result = analysis.movers(df, "2026-10", dimensions=("channel",))
    assert result["n_before"].tolist() == result["n_after"].tolist() == [10 * today.day]
    assert "not over" in " ".join(result.metric.notes)
    months = analysis.volume_trend(df, "month")
    assert months["complete"].tolist() == [True, True, False]
    assert "Most conversations in Aug 2026: 310 vs 305" in months.metric.finding
    weekly = inb.report(df, "this-week", zone="UTC")
    assert "as many as in the week of" in weekly.sentences[0]


@pytest.mark.slow
def test_report_compares_nothing_when_the_data_starts_in_the_period() -> None:
    df = ten_a_day("2026-10-01", "2026-10-31")
    df.attrs = {}
    result = analysis.movers(df, "2026-10", dimensions=("channel",))
    assert result.empty
    assert result.metric.finding == "Nothing to compare with."
    reason = "No comparison with September 2026: the data starts on Thu 1 Oct 2026, 00:30."
    assert result.metric.notes == [reason]
    made = inb.report(df, "2026-10", zone="UTC")
    assert made.sentences[0] == "310 new conversations in October 2026."
    assert reason in made.notes
    assert not made.is_complete
    assert made.results["backlog"].metric.notes == [
        "The data has no conversation from before October 2026: older ones that were still open "
        "are missing, unless the workspace is new."
    ]
    assert (
        analysis.backlog(ten_a_day("2026-09-30", "2026-10-31"), period="2026-10").metric.notes == []
    )


MEASURED = conversation(
    "2026-10-01",
    team_assignee_id=1,
    sla_applied={"sla_name": "VIP", "sla_status": "hit"},
    ai_agent_participated=True,
    ai_agent={"resolution_state": "escalated", "rating": 5},
    conversation_rating={"rating": 5},
    statistics={
        "first_contact_reply_at": seconds("2026-10-01"),
        "time_to_admin_reply": 60,
        "first_admin_reply_at": seconds("2026-10-01") + 60,
        "time_to_first_close": HOUR,
        "time_to_last_close": HOUR,
        "first_close_at": seconds("2026-10-01") + HOUR,
        "last_close_at": seconds("2026-10-01") + HOUR,
        "count_reopens": 1,
        "count_assignments": 3,
    },
    state="closed",
)
HOURS = analysis.OfficeHours({"mon-sun": "00:00-24:00"})
NUMBERS: list[tuple[str, str, Callable[[pd.DataFrame], pd.DataFrame]]] = [
    ("conversation_rating.rating", "numbers", analysis.csat),
    ("ai_agent.rating", "numbers", lambda df: analysis.automation(df, by=None)),
    ("statistics.time_to_admin_reply", "numbers", analysis.first_reply),
    (
        "statistics.first_admin_reply_at",
        "times",
        lambda d: analysis.first_reply(d, office_hours=HOURS),
    ),
    ("statistics.time_to_first_close", "numbers", analysis.time_to_close),
    ("statistics.time_to_last_close", "numbers", lambda d: analysis.time_to_close(d, close="last")),
    ("statistics.count_reopens", "numbers", analysis.reopens),
    ("statistics.count_assignments", "numbers", analysis.handovers),
    (
        "statistics.count_conversation_parts",
        "numbers",
        lambda d: analysis.thread_length(d, of="parts"),
    ),
    ("statistics.last_close_at", "times", lambda df: analysis.backlog(df, "month")),
]


@pytest.mark.parametrize(("column", "what", "metric"), NUMBERS, ids=[case[0] for case in NUMBERS])
def test_metric_notes_a_value_as_missing_when_it_cannot_be_parsed(
    column: str, what: str, metric: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    df = frame(*[MEASURED] * 3)
    odd = df.astype({column: object})
    odd.loc[1, column] = "n/a"
    missing = df.astype({column: object})
    missing.loc[1, column] = None
    result = metric(odd)
    pd.testing.assert_frame_equal(result, metric(missing))
    noted = f"{column}: 1 value could not be read as {what} and counts as missing."
    assert noted in result.metric.notes


BY_TIME: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "volume": analysis.volume,
    "volume_trend": lambda df: analysis.volume_trend(df, "month"),
    "trend": lambda df: analysis.trend(df, "source.type"),
    "first_reply": lambda df: analysis.first_reply(df, by="week"),
    "summary": lambda df: analysis.summary(df, by="month"),
    "automation": analysis.automation,
    "backlog": lambda df: analysis.backlog(df, "month"),
    "csat": lambda df: analysis.csat(df, period="2026-10"),
    "cohorts": lambda df: analysis.cohorts(df, contacts({"id": "p", "signed_up_at": None})),
    "movers": lambda df: analysis.movers(df, "2026-10", dimensions="channel"),
    "frequent_contacts": analysis.frequent_contacts,
}
LEFT_OUT = "left out: created_at is missing or could not be read."


@pytest.mark.parametrize("value", [None, "soon"])
@pytest.mark.parametrize("name", BY_TIME)
def test_metric_leaves_out_conversations_when_they_have_no_time_of_creation(
    name: str, value: str | None
) -> None:
    df = frame(*[MEASURED] * 5).astype({"created_at": object})
    for count, noun in ((2, "2 conversations are"), (5, "5 conversations are")):
        df.loc[: count - 1, "created_at"] = value
        about = BY_TIME[name](df).metric
        assert f"{noun} {LEFT_OUT}" in about.notes
        assert about.counts["conversations"] == 5 - count


@pytest.mark.slow
def test_report_leaves_out_conversations_when_they_have_no_time_of_creation() -> None:
    df = frame(*[MEASURED] * 5).astype({"created_at": object})
    df.loc[:1, "created_at"] = "soon"
    assert f"2 conversations are {LEFT_OUT}" in inb.report(df, "2026-10", zone="UTC").notes


def test_ticket_states_leave_out_tickets_when_they_have_no_time_of_creation() -> None:
    records = [{"type": "ticket", "id": i, "ticket_state": {"category": "new"}} for i in "ab"]
    records[0]["created_at"] = seconds("2026-10-01")
    tickets = build_frame(records, record_columns("ticket"), "ticket", {"entity": "tickets"})
    parts = pd.DataFrame(
        columns=["ticket_id", "created_at", "previous_ticket_state", "ticket_state"]
    )
    for chosen, by in ((tickets, None), (tickets, "month"), (tickets.iloc[1:], "month")):
        result = analysis.ticket_states(chosen, by, parts=parts)
        assert result["tickets"].sum() == result.metric.counts["tickets"] == len(chosen) - 1
        assert f"1 ticket is {LEFT_OUT}" in result.metric.notes


def test_ticket_states_are_empty_when_there_are_no_tickets() -> None:
    c = inb.connect("demo").sync
    for by in (None, "team", "month"):
        result = analysis.ticket_states(c.tickets.search(created_at__gt="2030-01-01"), by)
        assert len(result) == 0
        assert result.metric.finding == "No tickets."
        assert result.dtypes[["tickets", "current"]].unique().tolist() == ["int64"]


def test_article_feedback_leaves_out_articles_when_they_have_no_time_of_creation() -> None:
    records = [{"type": "article", "id": i, "title": i, "statistics": {"views": 1}} for i in "ab"]
    records[0]["created_at"] = seconds("2026-10-01")
    articles = build_frame(records, record_columns("article"), "article", {"entity": "articles"})
    assert len(analysis.article_feedback(articles)) == 2
    by_month = analysis.article_feedback(articles, "month")
    assert by_month["article"].tolist() == ["a"]
    assert f"1 article is {LEFT_OUT}" in by_month.metric.notes


@pytest.mark.slow
def test_metric_notes_a_value_when_that_of_another_table_cannot_be_parsed() -> None:
    people = contacts(
        {"id": "p", "signed_up_at": seconds("2026-10-01")}, {"id": "q", "signed_up_at": "soon"}
    )
    listed = {"contacts": [{"type": "contact", "id": "p"}]}
    df = frame(conversation("2026-10-02", contacts=listed))
    result = analysis.cohorts(df, people.astype({"signed_up_at": object}))
    assert result.metric.counts["no_date"] == 1
    unread = people.astype({"signed_up_at": object})
    unread.loc[1, "signed_up_at"] = "soon"
    noted = "contacts.signed_up_at: 1 value could not be read as times and counts as missing."
    assert analysis.cohorts(df, unread).metric.notes == [noted]
    made = inb.report(df, "2026-10", zone="UTC", contacts=unread)
    assert noted in made.notes
    articles = build_frame(
        [{"id": "1", "title": "A", "statistics": {"views": 3, "reactions": 2}}],
        record_columns("article"),
        "article",
        {"entity": "articles"},
    ).astype({"statistics.views": object})
    articles.loc[0, "statistics.views"] = "many"
    assert (
        "articles.statistics.views: 1 value" in analysis.article_feedback(articles).metric.notes[0]
    )


def tagged(*ids: str) -> dict[str, Any]:
    return conversation("2026-10-01", tags={"tags": [{"id": key, "name": key} for key in ids]})


def test_csat_raises_with_advice_when_the_frame_is_exploded() -> None:
    df = frame(tagged("a", "b"), tagged("a"))
    with pytest.raises(
        InvalidParameterError, match=r"exploded.*by='tag' counts a conversation once"
    ):
        analysis.csat(df.explode("tags"), by="tag")
    assert analysis.csat(df, by="tags")["conversations"].tolist() == [2, 1]


ONE: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "first_reply": analysis.first_reply,
    "first_reply of two": lambda df: analysis.first_reply(
        pd.concat([df, frame(conversation("2026-10-02"))])
    ),
    "time_to_close": analysis.time_to_close,
    "csat": analysis.csat,
    "reopens": analysis.reopens,
    "handovers": analysis.handovers,
    "automation": lambda df: analysis.automation(df, by=None),
    "backlog": lambda df: analysis.backlog(df.assign(state="open")),
    "volume": analysis.volume,
    "volume_trend": lambda df: analysis.volume_trend(df, "day"),
    "pareto": analysis.pareto,
    "trend": analysis.trend,
    "thread_length": lambda df: analysis.thread_length(
        df.assign(**{"statistics.count_conversation_parts": 1.0})
    ),
    "sla": lambda df: analysis.sla(df, first_reply="1h", close="1d"),
    "sla_applied": analysis.sla_applied,
    "frequent_contacts": lambda df: analysis.frequent_contacts(
        df.assign(contacts=[["p"]] * len(df)), more_than=1
    ),
    "summary": lambda df: analysis.summary(df, by="team"),
}
_NOUNS = "conversations|ratings|replies|tags|topics|contacts|parts|groups|comparisons"
_ONE_OF_SEVERAL = re.compile(rf"(?<![\d.,])1 (?:[a-z-]+ )?(?:{_NOUNS})\b|\b1 [a-z]+ were\b")


@pytest.mark.parametrize("name", ONE)
def test_finding_has_no_plural_when_the_count_is_one(name: str) -> None:
    df = frame(MEASURED | {"tags": {"tags": [{"id": "a", "name": "a"}]}})
    finding = ONE[name](df).metric.finding
    assert not _ONE_OF_SEVERAL.search(finding), finding
    assert "1 of 2 customer-started conversations was replied to" in finding or "of two" not in name


ODD: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "top": (
        lambda df: analysis.trend(df, top=0),
        "top=0 is not valid. Use a whole number, 1 or more.",
    ),
    "top of movers": (lambda df: analysis.movers(df, "2026-10", top=-1), "top=-1 is not valid"),
    "usual": (
        lambda df: analysis.handovers(df, usual=0),
        "usual=0 is not valid. Use a whole number, 1 or more.",
    ),
    "more_than": (lambda df: analysis.frequent_contacts(df, more_than=0), "more_than=0 is not"),
    "close": (lambda df: analysis.time_to_close(df, close="any"), "Valid values: 'first', 'last'"),  # type: ignore[arg-type]
    "involvement": (lambda df: analysis.automation(df, involvement="x"), "'new', 'all'"),  # type: ignore[arg-type]
    "of": (lambda df: analysis.thread_length(df, of="words"), "'messages', 'parts', None"),  # type: ignore[arg-type]
    "as_of": (lambda df: analysis.sla(df, close="1d", as_of="soon"), "'soon' is not a valid time"),
    "since": (lambda df: analysis.cohorts(df, contacts(), since="soon"), "not a valid time"),
}


@pytest.mark.parametrize("name", ODD)
def test_metric_raises_with_valid_values_when_an_argument_is_invalid(name: str) -> None:
    metric, message = ODD[name]
    with pytest.raises(InvalidParameterError, match=re.escape(message)):
        metric(frame(MEASURED))


def test_metric_accepts_a_name_when_it_takes_several() -> None:
    df = ten_a_day("2026-09-01", "2026-10-31")
    several = analysis.movers(df, "2026-10", dimensions=("channel",))
    pd.testing.assert_frame_equal(analysis.movers(df, "2026-10", dimensions="channel"), several)
    assert analysis.summary(df, measures="conversations").columns.tolist() == ["conversations"]
