"""Input of a report: conversations, names and customers from a connector, dataset or frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis.coverage import Coverage, coverage_of
from ..analysis.facts import STATISTICS, read
from ..analysis.names import KINDS, names_of_kind, topic_names
from ..analysis.periods import Period, check_zone, now, period_of
from ..analysis.sources import as_table
from ..errors import APIError, InvalidParameterError
from .customers import Customers, from_connector, from_tables


@dataclasses.dataclass(frozen=True)
class Material:
    """The conversations of a report, and what belongs to them.

    ``period`` is the part of the requested period that the data covers, ``before`` the equally
    long period to compare with; None if the data does not cover it. ``recent`` holds the
    conversations created in both, ``all`` also the older ones that were open then. ``notes`` are
    for the reader; ``is_complete`` says whether data was missing.
    """

    recent: Any
    all: Any
    names: Any
    workspace: str | None
    period: Period
    before: Period | None
    notes: list[str]
    customers: Customers | None
    is_complete: bool = True

    @property
    def zone(self) -> str:
        """Time zone of the report."""
        return self.period.zone

    @property
    def start(self) -> pd.Timestamp:
        """Start of the earlier period, or of the period itself without one."""
        return self.period.start if self.before is None else self.before.start


@dataclasses.dataclass(frozen=True)
class Companions:
    """Tables that belong to conversations that come as a frame."""

    contacts: Any = None
    companies: Any = None
    names: Any = None


@dataclasses.dataclass(frozen=True)
class _Range:
    """Part of the requested period that can be reported, and the period to compare with.

    ``is_complete`` says whether the data covers both; a period that is not over counts as covered.
    """

    period: Period
    before: Period | None
    notes: list[str]
    is_complete: bool


def gather(source: Any, period: Any, zone: str | None, given: Companions) -> Material:
    """Fetch the input of a report; from a connector by some searches and short lists."""
    if isinstance(source, type) or source is None:
        raise InvalidParameterError("report needs a connector, a dataset or conversations.")
    if hasattr(source, "sync") and hasattr(source, "execute"):
        if any(t is not None for t in (given.contacts, given.companies, given.names)):
            raise InvalidParameterError(
                "A connector fetches contacts, companies and names itself: leave them out."
            )
        return _from_connector(source, period, zone)
    return _from_tables(source, period, zone, given)


def _from_tables(source: Any, period: Any, zone: str | None, given: Companions) -> Material:
    as_table(source)  # raises InvalidParameterError for anything that is not a table
    coverage = coverage_of(source)
    chosen = check_zone(zone or coverage.zone or "UTC")
    notes = []
    if not zone and not coverage.zone:
        notes.append("No time zone was given, so days and hours are those of UTC.")
    requested = period_of(period, chosen)
    every = read(source, _OF_BACKLOG, zone=chosen)
    created = every["created_at"].dropna()
    covered = _covered(every.coverage.seen_in(created, requested), requested, created)
    tables = source.tables if hasattr(source, "tables") else []
    contacts = source if given.contacts is None and "contacts" in tables else given.contacts
    companies = given.companies
    if companies is None and "companies" in tables:
        companies = source.pandas("companies", columns=["id", "name"])
    customers = None
    recent = read(source, _NEEDED, optional=_OPTIONAL, zone=chosen, period=_both(covered))
    if contacts is None:
        notes.append("Companies and cohorts are left out, because contacts are missing.")
    elif covered.period.days > 0:
        customers = from_tables(source, contacts, companies, covered.period)
    odd = [*recent.odd, *(customers.notes if customers is not None else ())]
    return Material(
        recent.frame,
        every.frame,
        _names(source, given.names),
        None,
        covered.period,
        covered.before,
        [*notes, *covered.notes, *_empty_note(recent.frame, covered), *odd],
        customers,
        covered.is_complete,
    )


def _covered(coverage: Coverage, requested: Period, created: pd.Series | None = None) -> _Range:
    """Return the part of the period that the data covers and an equally long one before it."""
    current = now()  # once: fetching takes time, in which a running period goes on
    if requested.start > current:
        raise InvalidParameterError(f"The period {requested.text} has not begun yet.")
    period, notes = coverage.clip(requested)
    before, reasons = coverage.comparison(period, None, created)
    reason = coverage.no_backlog(requested.zone)
    if reason is not None:
        reasons.append(f"The number of open conversations is left out: {reason}")
    covered = period.start == requested.start and period.end >= min(requested.end, current)
    return _Range(period, before, [*notes, *reasons], covered and before is not None)


def _empty_note(recent: pd.DataFrame, covered: _Range) -> list[str]:
    """Return a note if there is nothing to report, as before the first conversation."""
    if len(recent) or covered.period.days <= 0:
        return []
    text = covered.period.text if covered.before is None else _both(covered).text
    return [f"No conversation was created in {text}: the period may be before the first one."]


def _both(covered: _Range) -> Period:
    start = covered.period.start if covered.before is None else covered.before.start
    return dataclasses.replace(covered.period, start=start, calendar=None)


# All columns of the metrics, read once, because reading a large dataset takes time.
_OF_BACKLOG = ["state", "statistics.last_close_at"]
_NEEDED = [
    *(*_OF_BACKLOG, "contacts", "tags", "topics", "team_assignee_id", "admin_assignee_id"),
    *("source.type", "statistics.time_to_admin_reply", "statistics.first_admin_reply_at"),
    *("statistics.time_to_first_close", "statistics.first_close_at", "statistics.count_reopens"),
    *("statistics.count_assignments", "conversation_rating.rating", "ai_agent_participated"),
    *("id", "sla_applied.sla_name", "sla_applied.sla_status"),
]
_OPTIONAL = [
    *(
        "company.id",
        "conversation_rating.teammate.id",
        "statistics.first_contact_reply_at",
        "source.delivered_as",
        STATISTICS,
        "updated_at",
        "ai_agent.resolution_state",
        "ai_agent.rating",
    ),
]


def _names(source: Any, given: Any) -> Any:
    """Add the names of topics, which are part of the conversations, to the other names."""
    names = given
    if names is None:
        names = analysis.names(source) if hasattr(source, "tables") else {}
    nested = isinstance(names, Mapping) and all(isinstance(v, Mapping) for v in names.values())
    return {"topic": topic_names(source), **names} if nested else names


def _from_connector(connector: Any, period: Any, zone: str | None) -> Material:
    offered = set(connector.entities[["entity", "action"]].itertuples(index=False, name=None))
    workspace, found, notes = _workspace(connector, zone, offered)
    # A connector has everything until now, so only a running period is clipped.
    covered = _covered(Coverage(), period_of(period, found))
    if ("conversations", "search") in offered:
        recent, every = _searched(connector.sync.conversations.search, covered)
    else:
        recent = every = connector.sync.conversations.list(limit=None)
        notes = [*notes, "This mode has no search, so all conversations were read."]
    names, unnamed = _names_of(connector)
    customers, unread = _customers(connector, recent, covered.period, offered)
    return Material(
        recent,
        every,
        names,
        workspace,
        covered.period,
        covered.before,
        [*notes, *covered.notes, *_empty_note(recent, covered), *unnamed, *unread],
        customers,
        covered.is_complete,
    )


def _names_of(connector: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the names of teams, teammates and tags, and notes about those that are refused."""
    names: dict[str, dict[str, str]] = {}
    notes: list[str] = []
    for kind in KINDS:
        try:
            names[kind] = names_of_kind(connector, kind)
        except APIError as error:
            names[kind] = {}
            reason = f"status {error.status}"
            notes.append(f"Names of {kind}s could not be read ({reason}): ids are shown.")
    return names, tuple(notes)


def _customers(
    connector: Any, recent: pd.DataFrame, period: Period, offered: set[tuple[str, str]]
) -> tuple[Customers | None, tuple[str, ...]]:
    """Return the customers, None if they may not be read, and notes about it."""
    try:
        customers = from_connector(connector, recent, period, offered)
    except APIError as error:
        reason = f"contacts could not be read (status {error.status})"
        return None, (f"Companies and cohorts are left out: {reason}.",)
    return customers, customers.notes


def _searched(search: Any, covered: _Range) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fetch both periods, and the older conversations that were open then."""
    both = _both(covered)
    recent = search(created_at__gte=both.start, created_at__lt=both.end, limit=None)
    waiting = search(created_at__lt=both.start, state__ne="closed", limit=None)
    closed = search(
        {"statistics.last_close_at__gte": both.start}, created_at__lt=both.start, limit=None
    )
    needed = ["id", "created_at", "state", "statistics.last_close_at"]
    every = pd.concat([f[needed] for f in (recent, waiting, closed)], ignore_index=True)
    every.attrs = {}
    return recent, every.drop_duplicates("id")


def _workspace(
    connector: Any, zone: str | None, offered: set[tuple[str, str]]
) -> tuple[str | None, str, list[str]]:
    """Return the workspace's name, the time zone to use, and notes about it."""
    workspace, own = None, None
    if ("admins", "identify") in offered:
        me = connector.sync.admins.identify().iloc[0]
        workspace, own = (None if pd.isna(me.get(n)) else str(me[n]) for n in _APP)
    if zone is not None:
        return workspace, check_zone(zone), []
    try:
        return workspace, check_zone(own or ""), []
    except InvalidParameterError:
        note = "The workspace's time zone is not known, so days and hours are those of UTC."
        return workspace, "UTC", [note]


_APP = ("app.name", "app.timezone")
