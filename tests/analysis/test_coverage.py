"""Incomplete data is clipped, compared with equally long data only, and noted."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.analysis import coverage, periods
from intercom_nb.analysis.facts import typed_column
from intercom_nb.analysis.periods import period_of
from intercom_nb.reporting import gather

from .frames import conversation, frame, seconds

NOW = pd.Timestamp("2026-10-10 12:00", tz="UTC")


@pytest.fixture
def tenth_of_october(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the current time to noon on 10 October 2026."""
    for module in (periods, coverage, gather):
        monkeypatch.setattr(module, "now", lambda: NOW)


def ten_a_day(first: str, last: str) -> pd.DataFrame:
    days = pd.date_range(first, last)
    created = [f"{day:%Y-%m-%d} {hour:02}:30" for day in days for hour in range(0, 20, 2)]
    return frame(*(conversation(at) for at in created))


def test_period_before_has_the_same_length_when_only_part_is_covered() -> None:
    march = period_of("2026-03", "Europe/Berlin")
    part = march.clip(None, pd.Timestamp("2026-03-30 10:00", tz="UTC"))
    before = part.before()
    assert before.end - before.start == part.end - part.start
    assert before.end == march.start
    tenth = march.clip(None, pd.Timestamp("2026-03-10 10:00", tz="UTC")).before()
    assert tenth.start == period_of("2026-02", "Europe/Berlin").start


@pytest.mark.slow
def test_report_compares_equal_spans_when_the_month_is_running(tenth_of_october: None) -> None:
    made = inb.report(ten_a_day("2026-09-01", "2026-10-10").iloc[:-4], "2026-10", zone="UTC")
    volume = made.headlines.set_index("name").loc["Conversations"]
    # Nine whole days and a half one (00:30 to 10:30) in both months.
    assert (volume["now"], volume["before"], volume["change"]) == (96, 96, "unchanged")
    assert any("October 2026 is not over" in note for note in made.notes)
    assert made.is_complete


@pytest.mark.slow
def test_report_compares_equal_spans_when_the_data_ends_early() -> None:
    made = inb.report(ten_a_day("2026-09-01", "2026-10-09"), "2026-10", zone="UTC")
    volume = made.headlines.set_index("name").loc["Conversations"]
    assert abs(volume["now"] - volume["before"]) <= 1
    assert any("data ends on Fri 9 Oct 2026" in note for note in made.notes)
    assert not made.is_complete


@pytest.mark.slow
def test_report_withholds_comparison_and_backlog_when_the_data_starts_late() -> None:
    df = ten_a_day("2026-10-01", "2026-10-31")
    df.attrs["intercom"]["params"] = {
        "query": {"field": "created_at", "operator": ">", "value": seconds("2026-10-01") - 1}
    }
    made = inb.report(df, "2026-10", zone="UTC")
    heads = made.headlines.set_index("name")
    assert heads.loc["Conversations", "now"] == 310
    assert np.isnan(heads["before"]).all()
    assert np.isnan(heads.loc["Open at month end", "now"])
    assert not any("open at" in sentence for sentence in made.sentences)
    assert any("No comparison with September 2026" in note for note in made.notes)
    assert made.results["movers"].empty
    assert made.results["backlog"]["open"].isna().all()
    assert made.results["backlog"]["opened"].tolist() == [10] * 31


@pytest.mark.slow
def test_metric_notes_the_limit_when_the_result_was_cut() -> None:
    c = inb.connect("demo").sync
    df = c.conversations.list(limit=20)
    total = df.attrs["intercom"]["total_count"]
    notes = analysis.csat(df).metric.notes
    assert notes == [f"The result was cut at 20 records of {total:,}: numbers describe these."]


@pytest.mark.slow
def test_metric_notes_the_limit_when_another_table_was_cut() -> None:
    c = inb.connect("demo").sync
    people = c.contacts.list(limit=20)
    total = people.attrs["intercom"]["total_count"]
    cut = f"the result was cut at 20 records of {total:,}: numbers describe these."
    df = c.conversations.list(limit=None)
    assert analysis.cohorts(df, people).metric.notes == [f"Contacts: {cut}"]
    assert analysis.busiest_companies(df, people).metric.notes == [f"Contacts: {cut}"]
    notes = analysis.article_feedback(c.articles.list(limit=3)).metric.notes
    assert notes[0].startswith("Articles: the result was cut at 3 records")


@pytest.mark.slow
async def test_coverage_of_returns_the_start_when_a_dataset_was_extracted_since(
    tmp_path: Any,
) -> None:
    c = inb.connect("demo")
    ds = await c.extract("teams", to=tmp_path / "demo", progress=False)
    assert coverage.coverage_of(ds) == coverage.Coverage(zone="America/New_York")
    ds = await c.extract("conversations", to=tmp_path / "demo", since="2026-10-20", progress=False)
    found = coverage.coverage_of(ds)
    assert found.since == pd.Timestamp("2026-10-20", tz="UTC")
    assert found.until is not None
    assert found.until > pd.Timestamp("2026-10-31", tz="UTC")
    result = analysis.backlog(ds, "month", period="2026-10")
    assert result["open"].isna().all()
    assert any("starts on Tue 20 Oct 2026" in note for note in result.metric.notes)
    assert analysis.movers(ds, "2026-10").empty
    made = inb.report(ds, "2026-10")
    assert made.results["csat"].metric.counts["conversations"] < 301
    assert not any("UTC" in note for note in made.notes)  # the workspace's own zone is known
    assert any("No comparison" in note for note in made.notes)


def test_volume_trend_has_a_row_per_day_when_a_period_is_given() -> None:
    df = frame(conversation("2026-10-02 10:00"), conversation("2026-10-29 10:00"))
    result = analysis.volume_trend(df, "day", period="2026-10")
    assert len(result) == 31
    assert result["conversations"].sum() == 2
    assert result["complete"].all()
    assert len(analysis.csat(df, "week", period="2026-10")) == 5


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1_790_812_800], "2026-10-01 00:00"),
        ([1_790_812_800_123], "2026-10-01 00:00"),
        ([1_790_812_800.75], "2026-10-01 00:00"),
        (["1790812800"], "2026-10-01 00:00"),
        (["2026-10-01T00:00:00Z"], "2026-10-01 00:00"),
        ([dt.datetime(2026, 10, 1, tzinfo=dt.UTC)], "2026-10-01 00:00"),
    ],
)
def test_typed_column_parses_each_time_when_forms_are_mixed(
    values: list[Any], expected: str
) -> None:
    mixed = pd.Series([*values, "soon", None], dtype=object)
    got = typed_column(mixed, "time")
    assert got.iloc[0] == pd.Timestamp(expected, tz="UTC")
    assert got.iloc[1:].isna().all()


def test_csat_notes_a_value_as_missing_when_it_is_not_a_number() -> None:
    df = frame(*(conversation("2026-10-01", conversation_rating={"rating": 5}) for _ in range(3)))
    df["conversation_rating.rating"] = pd.Series([5, "n/a", 1], dtype=object)
    result = analysis.csat(df)
    assert result["rated"].item() == 2
    assert result.metric.notes == [
        "conversation_rating.rating: 1 value could not be read as numbers and counts as missing."
    ]


def searched(**query: Any) -> pd.DataFrame:
    """Ten conversations a day in September and October 2026, as the result of a search."""
    df = ten_a_day("2026-09-01", "2026-10-31")
    df.attrs["intercom"]["params"] = {"query": query}
    return df


OF_OCTOBER = {"field": "created_at", "operator": ">", "value": seconds("2026-10-01") - 1}
BY_STATE = {"field": "state", "operator": "=", "value": "open"}
BY_CHANNEL = {"field": "source.type", "operator": "IN", "value": ["email"]}
BY_UPDATE = {"field": "updated_at", "operator": ">", "value": seconds("2026-10-20 09:30")}
ANY = {"operator": "OR", "value": [BY_CHANNEL, BY_STATE]}


@pytest.mark.parametrize(
    ("query", "matched"),
    [
        (BY_STATE, "state = 'open'"),
        (BY_CHANNEL, "source.type IN ['email']"),
        (BY_UPDATE, "updated_at > Tue 20 Oct 2026, 09:30"),
        (
            {"operator": "AND", "value": [BY_CHANNEL, OF_OCTOBER, BY_STATE]},
            "source.type IN ['email'] and state = 'open'",
        ),
        (ANY, "(source.type IN ['email'] or state = 'open')"),
    ],
)
def test_metric_notes_the_filter_when_a_search_had_one(query: dict[str, Any], matched: str) -> None:
    note = f"The result holds only the conversations that match {matched}."
    df = searched(**query)
    for result in (analysis.csat(df), analysis.volume(df, period="2026-10"), analysis.backlog(df)):
        assert note in result.metric.notes
    assert analysis.csat(searched(**OF_OCTOBER)).metric.notes == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "field"), [(BY_STATE, "state"), (BY_UPDATE, "updated_at"), (ANY, "state")]
)
def test_report_omits_backlog_and_comparison_when_the_filter_changes_over_time(
    query: dict[str, Any], field: str
) -> None:
    df = searched(**query)
    left = analysis.backlog(df, "month")
    assert left["opened"].tolist() == [300, 310]
    assert left["open"].isna().all()
    assert f"cannot be counted: the data is filtered by {field}." in " ".join(left.metric.notes)
    changes = analysis.movers(df, "2026-10", dimensions="channel")
    assert changes.metric.finding == "Nothing to compare with."
    made = inb.report(df, "2026-10", zone="UTC")
    assert made.sentences[0] == "310 new conversations in October 2026."
    assert not any("open at the end" in sentence for sentence in made.sentences)
    assert any(note.startswith("The result holds only") for note in made.notes)
    assert any(note.startswith("No comparison with September 2026") for note in made.notes)


def test_backlog_is_counted_when_the_filter_does_not_change_over_time() -> None:
    assert analysis.backlog(searched(**BY_CHANNEL), "month")["open"].tolist() == [300, 610]
    assert len(analysis.movers(searched(**BY_CHANNEL), "2026-10", dimensions="channel")) == 1


@pytest.mark.parametrize(
    ("where", "filtered_by"),
    [
        ({"updated_at__gt": "2026-10-01", "source.type": "email"}, "updated_at"),
        ({"query": ANY}, "state"),
        ({"source__type": "email"}, ""),
        ({}, ""),
    ],
)
def test_coverage_of_names_the_changing_fields_when_a_dataset_has_a_filter(
    where: dict[str, Any], filtered_by: str
) -> None:
    row = {"entity": "conversations", "since": pd.NaT, "until": pd.NaT, "read_at": NOW}
    held = SimpleNamespace(
        time_zone="UTC",
        coverage=pd.DataFrame([{**row, "where": json.dumps(where)}]),
        audit=pd.DataFrame({"entity": [], "state": []}),
    )
    assert coverage.coverage_of(held).filtered_by == filtered_by
