"""Sections of a report: a heading and its metrics."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis.facts import read
from .customers import JOINED, TOP, Customers
from .gather import Material


@dataclasses.dataclass(frozen=True)
class Section:
    """A heading with its metrics and a note for the reader."""

    title: str
    results: dict[str, pd.DataFrame]
    note: str = ""


@dataclasses.dataclass(frozen=True)
class _Options:
    """Options of the metrics: for the period, or for it and the previous one.

    ``step`` is the step of counts in the period, ``trend`` the longer one of measures that need
    many conversations, over both periods.
    """

    now: dict[str, Any]
    both: dict[str, Any]
    names: dict[str, Any]
    hours: dict[str, Any]
    step: str
    trend: str

    @property
    def named(self) -> dict[str, Any]:
        return {**self.now, **self.names}

    @property
    def waits(self) -> dict[str, Any]:
        return {**self.named, **self.hours}


def sections(
    material: Material,
    *,
    targets: Mapping[str, Any],
    office_hours: analysis.OfficeHours | None,
) -> list[Section]:
    """Measure what the report shows below its headline numbers."""
    df, options = material.recent, _options(material, office_hours)
    found = [
        Section("Changes", {"movers": _movers(material, options)}),
        _volume(material, options),
        _waiting(df, options),
        _quality(df, options),
        _teammates(df, options),
        _subjects(df, options),
        _agent(df, options),
    ]
    applied = analysis.sla_applied(df, **options.named)
    found.insert(3, Section("Service levels", {"sla_applied": applied}))
    if targets:
        kept = analysis.sla(df, by="team", **targets, **options.waits)
        found.insert(3, Section("Targets", {"sla": kept}))
    if material.customers is not None:
        found.append(_customers(material, material.customers, options))
    return found


def _options(material: Material, office_hours: analysis.OfficeHours | None) -> _Options:
    zone, period = {"zone": material.zone}, material.period
    days = (period.end - period.start).days
    return _Options(
        now={**zone, "period": period},
        both={**zone, "period": dataclasses.replace(period, start=material.start, calendar=None)},
        names={"names": material.names},
        hours={"office_hours": office_hours},
        step="day" if days <= 45 else "week",
        trend="day" if days <= 14 else "week" if days <= 200 else "month",
    )


def _movers(material: Material, options: _Options) -> pd.DataFrame:
    return analysis.movers(
        material.recent,
        material.period,
        versus=material.before,
        zone=material.zone,
        **options.names,
    )


def _volume(material: Material, options: _Options) -> Section:
    return Section(
        "Volume and backlog",
        {
            "volume": analysis.volume(material.recent, **options.now),
            "volume_trend": analysis.volume_trend(material.recent, options.step, **options.now),
            "backlog": analysis.backlog(material.all, options.step, **options.now),
            "thread_length": analysis.thread_length(
                material.recent, "channel", of="parts", **options.now
            ),
        },
    )


def _waiting(df: Any, options: _Options) -> Section:
    trend = {**options.both, **options.hours}
    return Section(
        "Response times",
        {
            "first_reply": analysis.first_reply(df, "team", **options.waits),
            "first_reply_trend": analysis.first_reply(df, options.trend, **trend),
            "time_to_close": analysis.time_to_close(df, "team", **options.waits),
            "time_to_close_trend": analysis.time_to_close(df, options.trend, **trend),
        },
    )


def _quality(df: Any, options: _Options) -> Section:
    return Section(
        "Quality",
        {
            "csat": analysis.csat(df, "team", **options.named),
            "csat_trend": analysis.csat(df, options.trend, **options.both),
            "reopens": analysis.reopens(df, "team", **options.named),
            "handovers": analysis.handovers(df, "team", **options.named),
        },
    )


def _teammates(df: Any, options: _Options) -> Section:
    return Section(
        "Teammates",
        {
            "first_reply_teammates": analysis.first_reply(df, "teammate", **options.waits),
            "time_to_close_teammates": analysis.time_to_close(df, "teammate", **options.waits),
            "csat_teammates": analysis.csat(df, "teammate", **options.named),
        },
        "Response times by current assignee, ratings by the teammate who was rated. Teammates get "
        "different work, and few conversations each: don't rank teammates whose bars overlap.",
    )


def _subjects(df: Any, options: _Options) -> Section:
    both = {**options.both, **options.names}
    return Section(
        "Topics",
        {
            "topics": analysis.pareto(df, "topics", **options.named),
            "topics_trend": analysis.trend(df, "topics", options.trend, **both),
            "tags": analysis.pareto(df, "tags", **options.named),
            "tags_trend": analysis.trend(df, "tags", options.trend, **both),
        },
    )


def _agent(df: Any, options: _Options) -> Section:
    return Section(
        "AI agent",
        {
            "automation": analysis.automation(df, "team", **options.named),
            "automation_trend": analysis.automation(df, options.trend, **options.both),
        },
    )


def _customers(material: Material, customers: Customers, options: _Options) -> Section:
    return Section(
        "Customers",
        {
            "companies": analysis.busiest_companies(
                material.recent, customers.writers, customers.companies, top=TOP, **options.now
            ),
            "cohorts": analysis.cohorts(
                _of(material.recent, options),
                customers.contacts,
                "month" if options.trend == "month" else "week",
                joined=JOINED,
                since=material.start,
                zone=material.zone,
            ),
        },
        "Companies of the contacts who wrote in the period; cohorts of contacts who signed up "
        "since the start of the previous period.",
    )


def _of(conversations: Any, options: _Options) -> pd.DataFrame:
    """Return the columns that cohorts need, of both periods only."""
    return read(conversations, ["contacts"], **options.both).frame
