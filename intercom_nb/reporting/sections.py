"""The sections of a report: a heading, and the metrics that belong under it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import analysis
from .gather import Material


@dataclasses.dataclass(frozen=True)
class Section:
    """A heading with its metrics."""

    title: str
    results: dict[str, pd.DataFrame]


def sections(
    material: Material,
    *,
    targets: Mapping[str, Any],
    office_hours: analysis.OfficeHours | None,
) -> list[Section]:
    """Measure everything that the report shows below its headline numbers."""
    df, names = material.recent, material.names
    options: Any = {"period": material.period, "zone": material.zone}
    named: Any = {**options, "names": names}
    waits: Any = {**named, "office_hours": office_hours}
    every = "day" if (material.period.end - material.period.start).days <= 45 else "week"
    found = [
        Section(
            "What changed",
            {
                "movers": analysis.movers(
                    df, material.period, versus=material.before, zone=material.zone, names=names
                )
            },
        ),
        Section("Volume", {"volume": analysis.volume(df, **options)}),
        Section("Backlog", {"backlog": analysis.backlog(material.all, every, **options)}),
        Section(
            "Waiting",
            {
                "first_reply": analysis.first_reply(df, "team", **waits),
                "time_to_close": analysis.time_to_close(df, "team", **waits),
            },
        ),
        Section(
            "Quality",
            {
                "csat": analysis.csat(df, "team", **named),
                "reopens": analysis.reopens(df, "team", **named),
                "handovers": analysis.handovers(df, "team", **named),
            },
        ),
        Section(
            "What it was about",
            {
                "topics": analysis.pareto(df, "topics", **named),
                "tags": analysis.pareto(df, "tags", **named),
            },
        ),
        Section("AI agent", {"automation": analysis.automation(df, "team", **named)}),
    ]
    if targets:
        kept = analysis.sla(df, by="team", **targets, **waits)
        found.insert(4, Section("Promises", {"sla": kept}))
    return found
