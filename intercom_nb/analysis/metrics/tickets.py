"""Tickets: time in each state, by type."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...errors import UnsupportedError
from ...frames.read.columns import STRING
from .. import formatting
from ..coverage import Coverage, coverage_of
from ..facts import CREATED, Facts, dated, read_table
from ..groups import By, Split, one_dimension
from ..names import NONE
from ..periods import check_zone, instant_of
from ..result import finish, metric
from ..sources import table_of
from ..stats import largest, spread

_TYPE, _STATE = "ticket_type.name", "ticket_state.category"
_OWN = ("state", "ticket_type", "ticket_state", _TYPE, _STATE)
_NOT_OF_TICKETS = ("channel", "priority", "tag", "topic", "fin_state")


@metric
def ticket_states(
    tickets: Any,
    by: By = None,
    *,
    parts: Any = None,
    as_of: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long tickets stay in each state, by type.

    Definition: a ticket is in its first state from ``created_at`` until the first change of state
    among its parts (``ticket_state`` of ``ticket_parts``), in the next one until the next change,
    and in its last state until ``as_of``. A state that a ticket enters several times counts with
    its total time. The time in a resolved state is not measured, because it has no end.

    Args:
        tickets: A DataFrame of ``c.tickets.search()``, a Dask frame, DuckDB relation or dataset.
        by: One more dimension: ``"team"``, ``"teammate"`` (current), a time of creation, or a
            column such as an attribute.
        parts: The table ``ticket_parts``, in any of these forms, if ``tickets`` does not have it. A
            result of ``search()`` and a dataset do.
        as_of: End of the last state of open tickets (default: when the dataset was read, or now).
        zone: Time zone of ``by`` and of the note about ``as_of``.
        names: Names of teams and teammates.

    Returns one row per group, ticket type and state: ticket_type, state, tickets (that were in it),
    current (tickets that are in it now), median, p75, p90 (seconds).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> tickets = intercom_nb.connect("demo").sync.tickets.search(created_at__gt="2026-01-01")
    >>> analysis.ticket_states(tickets).columns.tolist()[:4]
    ['ticket_type', 'state', 'tickets', 'current']
    """
    check_zone(zone)
    by = one_dimension(by, "ticket_states", _OWN, "type and state are its own dimensions")
    by = one_dimension(by, "ticket_states", _NOT_OF_TICKETS, "tickets do not have it")
    split = Split.of(by, names, tickets)
    needs = ["id", CREATED, _TYPE, _STATE, *split.columns]
    listed, notes = read_table(tickets, "tickets", needs)
    frame, undated = dated(listed, "ticket")
    changes = _changes(tickets, parts)
    known_until = coverage_of(tickets, "tickets").end()
    end = known_until if as_of is None else instant_of(as_of, zone)
    facts = Facts(frame, zone, None, Coverage(), (*notes, *undated))
    stays = _stays(frame[["id", CREATED, _TYPE, _STATE]], changes, end)
    groups = split.group(facts)
    result = groups.each(facts, lambda part: _in_states(part, stays))
    most = frame[_TYPE].fillna(NONE).value_counts().index[:1].tolist() if groups.by else []
    return finish(
        result,
        "ticket_states",
        facts.noted(
            *groups.notes, f"Open states are counted until {formatting.minute(end, zone)}."
        ),
        finding=_finding(_in_states(facts, stays), len(frame)),
        chart={
            "kind": "matrix",
            "by": [*(groups.by or ("ticket_type",)), "state"],
            "value": "median",
            "what": "median time in each state" + "".join(f", {name} tickets" for name in most),
            "n": "tickets",
            **({"only": ("ticket_type", most[0])} if most else {}),
        },
        counts={"tickets": len(frame), "with_changes": int(changes["ticket_id"].nunique())},
    )


def _changes(tickets: Any, parts: Any) -> pd.DataFrame:
    """Return the parts of tickets, with the changes of state among them."""
    columns = ["ticket_id", CREATED, "previous_ticket_state", "ticket_state"]
    if parts is not None:
        return read_table(parts, "ticket_parts", columns)[0]
    found = table_of(tickets, "ticket_parts", columns)
    if found is None:
        raise UnsupportedError(
            "ticket_states needs the changes of state. Pass a result of tickets.search(), a "
            "dataset with tickets, or the table ticket_parts as parts=."
        )
    return found


def _in_states(facts: Facts, stays: pd.DataFrame) -> pd.DataFrame:
    """Return the time that tickets spent in each state, by type."""
    mine = stays[stays["id"].isin(facts["id"])]
    total = mine.groupby(["id", "ticket_type", "state"], as_index=False)["seconds"].sum()
    groups = total.groupby(["ticket_type", "state"])["seconds"]
    frame = spread(groups).rename(columns={"measured": "tickets"}).reset_index()
    last = facts.frame.groupby([facts[_TYPE].fillna(NONE), facts[_STATE]]).size()
    keys = zip(frame["ticket_type"], frame["state"], strict=True)
    frame.insert(3, "current", [int(last.get(key, 0)) for key in keys])
    return frame.astype(
        {"ticket_type": STRING, "state": STRING, "tickets": "int64", "current": "int64"}
    )


def _stays(frame: pd.DataFrame, changes: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Return one row per ticket and stay in a state: id, ticket_type, state, seconds."""
    order = ["ticket_id", CREATED]
    known = changes.dropna(subset=["ticket_state"]).sort_values(order, kind="stable")
    by_ticket = dict(list(known.groupby("ticket_id")))
    rows = []
    for ticket in frame.itertuples(index=False):
        key, begun, kind, final = ticket
        since, state = begun, final
        mine = by_ticket.get(key)
        if mine is not None and len(mine):
            first = mine["previous_ticket_state"].iloc[0]
            state = first if isinstance(first, str) else mine["ticket_state"].iloc[0]
            for at, entered in zip(mine[CREATED], mine["ticket_state"], strict=True):
                rows.append((key, kind, state, (at - since).total_seconds()))
                since, state = at, entered
        rows.append((key, kind, state, (end - since).total_seconds()))
    stays = pd.DataFrame(rows, columns=["id", "ticket_type", "state", "seconds"])
    # Without rows, or names of types, pandas infers other dtypes.
    stays = stays.astype({"ticket_type": object, "seconds": "float64"})
    stays["ticket_type"] = stays["ticket_type"].fillna(NONE)
    changed = stays["state"].notna() & (stays["state"] != "resolved")
    # A change to the state that a ticket has already is a stay of no length.
    return stays[changed].assign(seconds=stays["seconds"].clip(lower=0))


def _finding(frame: pd.DataFrame, tickets: int) -> str:
    if frame.empty:
        return "No ticket was in an open state." if tickets else "No tickets."
    top = largest(frame, "median")
    kind, state = str(top["ticket_type"]), str(top["state"]).replace("_", " ")
    subject = "Tickets without a type" if kind == NONE else f"\u201c{kind}\u201d tickets"
    return (
        f"{subject} stay longest in \u201c{state}\u201d: "
        f"median {formatting.duration(float(top['median']))} "
        f"({top['tickets']:,} of {formatting.plural(tickets, 'ticket')})"
    )
