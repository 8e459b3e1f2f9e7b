"""What a report needs, from a connector, a dataset, or a frame."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis.periods import Period, check_zone, period_of
from ..analysis.tables import as_table
from ..errors import InvalidParameterError, UnsupportedError


@dataclasses.dataclass(frozen=True)
class Material:
    """The conversations of a report and what belongs to them.

    ``recent`` holds those created in the period and the one before, ``all`` also the older ones
    that were open in that time; ``notes`` say what the reader must know about how it was read.
    """

    recent: Any
    all: Any
    names: dict[str, dict[str, str]]
    workspace: str | None
    period: Period
    before: Period
    notes: list[str]

    @property
    def zone(self) -> str:
        """The time zone of the report."""
        return self.period.zone


def gather(source: Any, period: Any, zone: str | None) -> Material:
    """Fetch what a report needs: from a connector, four searches and four short lists."""
    if isinstance(source, type) or source is None:
        raise InvalidParameterError("report needs a connector, a dataset or conversations.")
    if hasattr(source, "sync") and hasattr(source, "execute"):
        return _from_connector(source, period, zone)
    as_table(source)  # refuses what is no table
    span = period_of(period, zone or "UTC")
    notes = [] if zone else ["No time zone was given, so days and hours are those of UTC."]
    names = analysis.names(source) if hasattr(source, "tables") else {}
    return Material(source, source, names, None, span, span.before(), notes)


def _from_connector(connector: Any, period: Any, zone: str | None) -> Material:
    workspace, found, notes = _workspace(connector, zone)
    span = period_of(period, found)
    before = span.before()
    search = connector.sync.conversations.search
    recent = search(created_at__gte=before.start, created_at__lt=span.end, limit=None)
    older = {"created_at__lt": before.start, "limit": None}
    waiting = search(state__ne="closed", **older)
    closed = search({"statistics.last_close_at__gte": before.start}, **older)
    rows = [f.dropna(axis="columns", how="all") for f in (recent, waiting, closed) if len(f)]
    every = pd.concat(rows, ignore_index=True) if rows else recent
    every = every.reindex(columns=recent.columns).drop_duplicates("id")
    every = every.astype({c: recent[c].dtype for c in ("created_at",) if c in recent})
    names = analysis.names(connector)
    return Material(recent, every, names, workspace, span, before, notes)


def _workspace(connector: Any, zone: str | None) -> tuple[str | None, str, list[str]]:
    """Give the workspace's name and the time zone to use, and what to say about it."""
    try:
        me = connector.sync.admins.identify().iloc[0]
    except UnsupportedError:  # hosted execution has no such operation
        me = pd.Series(dtype=object)
    name, own = me.get("app.name"), me.get("app.timezone")
    workspace = None if pd.isna(name) else str(name)
    if zone is not None:
        return workspace, check_zone(zone), []
    try:
        return workspace, check_zone(str(own)), []
    except InvalidParameterError:
        note = (
            "The workspace's own time zone is not known here, so days and hours are those of UTC."
        )
        return workspace, "UTC", [note]
