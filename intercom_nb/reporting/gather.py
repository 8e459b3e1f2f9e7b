"""What a report needs, from a connector, a dataset, or a frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis.facts import STATISTICS, read
from ..analysis.names import topic_names
from ..analysis.periods import Period, check_zone, period_of
from ..analysis.sources import as_table
from ..errors import InvalidParameterError
from .customers import Customers, both, from_connector, from_tables


@dataclasses.dataclass(frozen=True)
class Material:
    """The conversations of a report and what belongs to them.

    ``recent`` holds those created in the period and the one before, ``all`` also the older ones
    that were open in that time; ``notes`` say what the reader must know about how it was read.
    """

    recent: Any
    all: Any
    names: Any
    workspace: str | None
    period: Period
    before: Period
    notes: list[str]
    customers: Customers | None

    @property
    def zone(self) -> str:
        """The time zone of the report."""
        return self.period.zone


@dataclasses.dataclass(frozen=True)
class Tables:
    """What may be given beside conversations that come as a frame."""

    contacts: Any = None
    companies: Any = None
    names: Any = None


def gather(source: Any, period: Any, zone: str | None, given: Tables) -> Material:
    """Fetch what a report needs: from a connector, some searches and short lists."""
    if isinstance(source, type) or source is None:
        raise InvalidParameterError("report needs a connector, a dataset or conversations.")
    if hasattr(source, "sync") and hasattr(source, "execute"):
        if any(t is not None for t in (given.contacts, given.companies, given.names)):
            raise InvalidParameterError(
                "A connector reads contacts, companies and names itself: leave them out."
            )
        return _from_connector(source, period, zone)
    as_table(source)  # refuses what is no table
    span = period_of(period, zone or "UTC")
    notes = [] if zone else ["No time zone was given, so days and hours are those of UTC."]
    tables = source.tables if hasattr(source, "tables") else []
    contacts = source if given.contacts is None and "contacts" in tables else given.contacts
    companies = given.companies
    if companies is None and "companies" in tables:
        companies = source.pandas("companies", columns=["id", "name"])
    customers = None
    if contacts is None:
        notes.append("Without contacts, there is nothing about companies and cohorts.")
    else:
        customers = from_tables(source, contacts, companies, span)
    recent = read(source, _NEEDED, optional=_OPTIONAL, zone=span.zone, period=both(span)).frame
    every = read(source, _OF_BACKLOG, zone=span.zone).frame
    names = _names(source, given.names)
    return Material(recent, every, names, None, span, span.before(), notes, customers)


# What the metrics need, read once: a large dataset takes its time.
_OF_BACKLOG = ["state", "statistics.last_close_at"]
_NEEDED = [
    *(*_OF_BACKLOG, "contacts", "tags", "topics", "team_assignee_id", "admin_assignee_id"),
    *("source.type", "statistics.time_to_admin_reply", "statistics.first_admin_reply_at"),
    *("statistics.time_to_first_close", "statistics.first_close_at", "statistics.count_reopens"),
    *("statistics.count_assignments", "conversation_rating.rating", "ai_agent_participated"),
]
_OPTIONAL = [
    *("company.id", "source.delivered_as", STATISTICS, "updated_at", "ai_agent.resolution_state"),
]


def _names(source: Any, given: Any) -> Any:
    """Add the names of topics, which come with the conversations, to those of the rest."""
    names = given
    if names is None:
        names = analysis.names(source) if hasattr(source, "tables") else {}
    nested = isinstance(names, Mapping) and all(isinstance(v, Mapping) for v in names.values())
    return {"topic": topic_names(source), **names} if nested else names


def _from_connector(connector: Any, period: Any, zone: str | None) -> Material:
    offered = set(connector.entities[["entity", "action"]].itertuples(index=False, name=None))
    workspace, found, notes = _workspace(connector, zone, offered)
    span = period_of(period, found)
    if ("conversations", "search") in offered:
        recent, every = _searched(connector.sync.conversations.search, span)
    else:
        recent = every = connector.sync.conversations.list(limit=None)
        notes = [*notes, "This mode has no search, so all conversations were read."]
    names = analysis.names(connector)
    customers = from_connector(connector, recent, span, offered)
    return Material(recent, every, names, workspace, span, span.before(), notes, customers)


def _searched(search: Any, span: Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fetch both periods, and what was open then although it is older."""
    start = span.before().start
    recent = search(created_at__gte=start, created_at__lt=span.end, limit=None)
    waiting = search(created_at__lt=start, state__ne="closed", limit=None)
    closed = search({"statistics.last_close_at__gte": start}, created_at__lt=start, limit=None)
    needed = ["id", "created_at", "state", "statistics.last_close_at"]
    every = pd.concat([f[needed] for f in (recent, waiting, closed)], ignore_index=True)
    return recent, every.drop_duplicates("id")


def _workspace(
    connector: Any, zone: str | None, offered: set[tuple[str, str]]
) -> tuple[str | None, str, list[str]]:
    """Give the workspace's name and the time zone to use, and what to say about it."""
    workspace, own = None, None
    if ("admins", "identify") in offered:
        me = connector.sync.admins.identify().iloc[0]
        workspace, own = (None if pd.isna(me.get(n)) else str(me[n]) for n in _APP)
    if zone is not None:
        return workspace, check_zone(zone), []
    try:
        return workspace, check_zone(own or ""), []
    except InvalidParameterError:
        note = (
            "The workspace's own time zone is not known here, so days and hours are those of UTC."
        )
        return workspace, "UTC", [note]


_APP = ("app.name", "app.timezone")
