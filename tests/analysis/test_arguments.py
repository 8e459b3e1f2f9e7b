"""Arguments that cannot be meant are refused, with a sentence that names what is valid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import analysis
from intercom_nb.analysis.metrics.sla import target_seconds
from intercom_nb.errors import InvalidParameterError

from .frames import contacts, conversation, frame

DF = frame(conversation("2026-10-01 10:00"), conversation("2026-09-30 10:00"))
PEOPLE = contacts({"id": "p"})
WEEK = {"mon": "09:00-17:00"}
HOLIDAYS: list[Any] = ["2026-12-25", None, 5, [20261225], ["2026-13-01"], [None], [True]]
NO_HOURS: list[Any] = ["9-5", WEEK, 8]


@pytest.mark.parametrize("holidays", HOLIDAYS)
def test_office_hours_refuse_holidays_when_they_are_not_dates(holidays: Any) -> None:
    with pytest.raises(InvalidParameterError, match=r"'2026-12-25'"):
        analysis.OfficeHours(WEEK, holidays=holidays)


def test_office_hours_accept_holidays_when_they_are_dates_of_any_form() -> None:
    christmas = pd.Timestamp("2026-12-25")
    for day in ("2026-12-25", christmas, christmas.date(), christmas.to_numpy()):
        assert analysis.OfficeHours(WEEK, holidays=[day]).holidays == {christmas}


@pytest.mark.parametrize("week", ["9-5", None, {"mon": None}, {"mon": 9}, {1: "09:00-17:00"}])
def test_office_hours_refuse_a_week_when_it_is_not_text(week: Any) -> None:
    with pytest.raises(InvalidParameterError, match=r"Use .*(09:00-18:00|mon-fri)"):
        analysis.OfficeHours(week)


@pytest.mark.parametrize("hours", NO_HOURS)
def test_metric_refuses_hours_when_they_are_not_office_hours(hours: Any) -> None:
    for call in (
        lambda: analysis.first_reply(DF, office_hours=hours),
        lambda: analysis.time_to_close(DF, office_hours=hours),
        lambda: analysis.sla(DF, close="1d", office_hours=hours),
        lambda: inb.report(DF, "2026-10", office_hours=hours),
    ):
        with pytest.raises(InvalidParameterError, match=r"^office_hours=.* Use OfficeHours\("):
            call()


@pytest.mark.parametrize("source", [5, "c", None, DF, inb.connect, type("T", (), {})])
def test_names_are_refused_when_the_source_has_none(source: Any) -> None:
    with pytest.raises(InvalidParameterError, match="Pass a connector"):
        analysis.names(source)


def test_names_are_those_of_the_connector_when_its_sync_is_given() -> None:
    c = inb.connect("demo")
    assert analysis.names(c.sync) == analysis.names(c)


NUMBERS: dict[str, Callable[[Any], Any]] = {
    "top": lambda value: analysis.movers(DF, "2026-10", top=value),
    "top=": lambda value: analysis.trend(DF, top=value),
    "top =": lambda value: analysis.busiest_companies(DF, PEOPLE, top=value),
    "more_than": lambda value: analysis.frequent_contacts(DF, more_than=value),
    "usual": lambda value: analysis.handovers(DF, usual=value),
}


@pytest.mark.parametrize("value", ["6", 2.5, True, [3], 0])
@pytest.mark.parametrize("name", NUMBERS)
def test_metric_refuses_a_count_when_it_is_not_a_whole_number(name: str, value: Any) -> None:
    with pytest.raises(InvalidParameterError, match=f"^{name.strip(' =')}=.* Use a whole number"):
        NUMBERS[name](value)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: analysis.pareto(DF, of=["tags"]), r"^of=\['tags'\] is not a column.* of='tags'"),
        (lambda: analysis.pareto(DF, of="team"), "^of='team' .* Use of='team_assignee_id'"),
        (lambda: analysis.trend(DF, of="tag"), "^of='tag' is not a column. Use of='tags'"),
        (lambda: analysis.trend(DF, of="month"), r"^of='month' .* volume_trend\(\)"),
        (lambda: analysis.trend(DF, of=None), "^of=None is not a column"),
        (lambda: analysis.cohorts(DF, PEOPLE, joined="name"), "^joined='name' .* 'signed_up_at'"),
        (lambda: analysis.cohorts(DF, PEOPLE, joined=5), "^joined=5 is not a time"),
        (lambda: analysis.cohorts(DF, PEOPLE, every=["month"]), "not a valid step of cohorts"),
        (lambda: analysis.compare_with_intercom(None, DF), "^A NoneType is not an export"),
        (lambda: analysis.compare_with_intercom(DF, DF, columns="id"), "^columns='id' is not"),
        (lambda: analysis.compare_with_intercom(DF, DF, tolerance="1"), "^tolerance='1' is not"),
        (lambda: analysis.compare_with_intercom(DF, DF, tolerance=-1), "^tolerance=-1 is not"),
        (lambda: analysis.movers(DF, "2026-10", dimensions=5), "^dimensions=5: movers needs"),
        (lambda: analysis.summary(DF, measures=5), "^measures=5 is not valid"),
        (lambda: analysis.summary(DF, measures=[5]), r"^measures=\[5\] is not valid"),
    ],
)
def test_metric_refuses_an_argument_when_it_is_of_another_kind(call: Any, sentence: str) -> None:
    with pytest.raises(InvalidParameterError, match=sentence):
        call()


@pytest.mark.parametrize(
    "versus", [("2026-10-15", "2026-11-01"), "2026-10", "2026-Q4", "2026-10-31"]
)
def test_movers_refuse_a_comparison_when_it_overlaps_the_period(versus: Any) -> None:
    with pytest.raises(InvalidParameterError, match="overlaps October 2026"):
        analysis.movers(DF, "2026-10", versus=versus)


def test_metric_refuses_a_table_when_it_is_that_of_another_entity() -> None:
    c = inb.connect("demo").sync
    companies = c.companies.list(limit=3)
    for call in (
        lambda: analysis.frequent_contacts(DF, companies),
        lambda: analysis.cohorts(DF, companies),
        lambda: analysis.busiest_companies(DF, companies),
    ):
        with pytest.raises(InvalidParameterError, match=r"^These are companies, but contacts"):
            call()
    with pytest.raises(InvalidParameterError, match=r"^These are companies, but articles"):
        analysis.article_feedback(companies)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["h3.xlsx", "h3.PDF", "h3.csv"])
def test_report_is_not_saved_when_the_file_has_the_name_of_another_format(
    name: str, tmp_path: Path
) -> None:
    made = inb.report(DF, "2026-10", zone="UTC")
    with pytest.raises(InvalidParameterError, match=r"ends in \.html"):
        made.save(tmp_path / name)
    with pytest.raises(InvalidParameterError, match=r"ends in \.html"):
        inb.dashboard([DF]).save(tmp_path / name)
    for to_excel in (made.to_excel, analysis.csat(DF).metric.to_excel):
        with pytest.raises(InvalidParameterError, match=r"ends in \.xlsx"):
            to_excel(tmp_path / "h3.html")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", [5, None, "", "soon"])
def test_target_seconds_raise_when_the_length_is_not_one(value: Any) -> None:
    with pytest.raises(InvalidParameterError, match="Use '30min', '1h' or '2d'"):
        target_seconds("within", value)
