"""Who asked: the contacts and companies that a report is about, read as sparingly as can be."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis.facts import Facts, read
from ..analysis.periods import Period
from ..errors import NotFoundError
from ..runtime.concurrency import run_parallel
from ..runtime.portal import portal

JOINED = "signed_up_at"
TOP = 20
"""How many companies a report names."""
_AT_ONCE = 50
_COLUMNS = ["id", "companies", JOINED]


@dataclasses.dataclass(frozen=True)
class Customers:
    """Contacts, and names of the busiest companies.

    ``contacts`` are those who wrote in the period or the one before, or joined since the start of
    the latter; ``writers`` those of them who wrote in the period.
    """

    contacts: pd.DataFrame
    writers: pd.DataFrame
    companies: Any


def from_tables(conversations: Any, contacts: Any, companies: Any, span: Period) -> Customers:
    """Take the contacts that matter out of a table of all."""
    people = read(contacts, _COLUMNS, table="contacts", time=JOINED).frame
    recent, now = _wrote(conversations, span)
    joined = (people[JOINED] >= span.before().start) & (people[JOINED] < span.end)
    chosen = people[people["id"].isin(recent) | joined].reset_index(drop=True)
    return Customers(chosen, chosen[chosen["id"].isin(now)], companies)


def from_connector(
    connector: Any, conversations: pd.DataFrame, span: Period, offered: set[tuple[str, str]]
) -> Customers:
    """Fetch the contacts that matter, by search where there is one, and the companies' names."""
    if ("contacts", "search") in offered:
        recent, _ = _wrote(conversations, span)
        contacts = portal.run(_searched(connector, sorted(recent), span))
    else:
        contacts = connector.sync.contacts.list(limit=None)
    found = from_tables(conversations, contacts, None, span)
    busiest = analysis.busiest_companies(
        conversations, found.writers, top=TOP, period=span, zone=span.zone
    )
    names = portal.run(_names(connector, list(busiest["company_id"])))
    return dataclasses.replace(found, companies=names)


def _wrote(conversations: Any, span: Period) -> tuple[set[str], set[str]]:
    """Give the ids of the contacts of both periods' conversations, and of the period's alone."""

    def ids(facts: Facts) -> set[str]:
        return set(facts["contacts"].explode().dropna())

    recent = read(conversations, ["contacts"], period=both(span), zone=span.zone)
    return ids(recent), ids(recent.where(span.contains(recent["created_at"])))


def both(span: Period) -> Period:
    """Give the period together with the one before it."""
    return dataclasses.replace(span, start=span.before().start, calendar=None)


async def _searched(connector: Any, ids: Sequence[str], span: Period) -> pd.DataFrame:
    search = connector.contacts.search
    parts = [ids[i : i + _AT_ONCE] for i in range(0, len(ids), _AT_ONCE)]
    joined = {f"{JOINED}__gte": span.before().start, f"{JOINED}__lt": span.end}
    found = await run_parallel(
        [search(joined, limit=None), *(search(id__in=list(part), limit=None) for part in parts)]
    )
    contacts: pd.DataFrame = pd.concat([f[_COLUMNS] for f in found], ignore_index=True)
    once: pd.DataFrame = contacts.drop_duplicates("id")
    return once


async def _names(connector: Any, ids: Sequence[str]) -> dict[str, str]:
    async def name(key: str) -> str:
        try:
            row = (await connector.companies.get(key)).iloc[0]
        except NotFoundError:  # deleted since: its id has to do
            return key
        return key if pd.isna(row["name"]) else str(row["name"])

    return dict(zip(ids, await run_parallel(map(name, ids)), strict=True))
