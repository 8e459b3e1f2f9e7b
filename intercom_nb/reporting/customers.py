"""Contacts and companies of a report, read with as few requests as possible."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis import formatting
from ..analysis.facts import Facts, read, read_table
from ..analysis.periods import Period
from ..errors import APIError, IntercomError, NotFoundError
from ..runtime.concurrency import run_parallel
from ..runtime.portal import portal

JOINED = "signed_up_at"
TOP = 20
"""Number of companies that a report names."""
_AT_ONCE = 50  # ids in one search: the most that a filter takes (SearchFields.max_list)
_COLUMNS = ["id", "companies", JOINED]


@dataclasses.dataclass(frozen=True)
class Customers:
    """Contacts, and names of the busiest companies.

    ``contacts`` wrote in the period or the previous one, or joined since the start of the latter;
    ``writers`` are those of them who wrote in the period. ``notes`` list records that could not be
    read.
    """

    contacts: pd.DataFrame
    writers: pd.DataFrame
    companies: Any
    notes: tuple[str, ...] = ()


def from_tables(conversations: Any, contacts: Any, companies: Any, period: Period) -> Customers:
    """Select the contacts of a report from a table of all."""
    people, notes = read_table(contacts, "contacts", _COLUMNS)
    recent, now = _wrote(conversations, period)
    joined = (people[JOINED] >= period.before().start) & (people[JOINED] < period.end)
    chosen = people[people["id"].isin(recent) | joined].reset_index(drop=True)
    return Customers(chosen, chosen[chosen["id"].isin(now)], companies, notes)


def from_connector(
    connector: Any, conversations: pd.DataFrame, period: Period, offered: set[tuple[str, str]]
) -> Customers:
    """Fetch the contacts of a report, by search if possible, and the names of companies."""
    if ("contacts", "search") in offered:
        recent, _ = _wrote(conversations, period)
        contacts = portal.run(_searched(connector, sorted(recent), period))
    else:
        contacts = connector.sync.contacts.list(limit=None)
    found = from_tables(conversations, contacts, None, period)
    busiest = analysis.busiest_companies(
        conversations, found.writers, top=TOP, period=period, zone=period.zone
    )
    names, notes = portal.run(_names(connector, list(busiest["company_id"])))
    return dataclasses.replace(found, companies=names, notes=(*found.notes, *notes))


def _wrote(conversations: Any, period: Period) -> tuple[set[str], set[str]]:
    """Return the ids of the contacts who wrote in both periods, and in the period alone."""

    def ids(facts: Facts) -> set[str]:
        return set(facts["contacts"].explode().dropna())

    recent = read(conversations, ["contacts"], period=both(period), zone=period.zone)
    return ids(recent), ids(recent.where(period.contains(recent["created_at"])))


def both(period: Period) -> Period:
    """Return the period together with the previous one."""
    return dataclasses.replace(period, start=period.before().start, calendar=None)


async def _searched(connector: Any, ids: Sequence[str], period: Period) -> pd.DataFrame:
    search = connector.contacts.search
    parts = [ids[i : i + _AT_ONCE] for i in range(0, len(ids), _AT_ONCE)]
    joined = {f"{JOINED}__gte": period.before().start, f"{JOINED}__lt": period.end}
    found = await run_parallel(
        [search(joined, limit=None), *(search(id__in=list(part), limit=None) for part in parts)]
    )
    contacts: pd.DataFrame = pd.concat([f[_COLUMNS] for f in found], ignore_index=True)
    once: pd.DataFrame = contacts.drop_duplicates("id")
    once.attrs = {}  # which would note the filter of one search
    return once


async def _names(connector: Any, ids: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the names of companies, and notes about those that are shown by their id."""
    failed: dict[str, IntercomError] = {}

    async def name(key: str) -> str:
        try:
            row = (await connector.companies.get(key)).iloc[0]
        except NotFoundError:  # deleted since
            return key
        except IntercomError as error:
            failed[key] = error
            return key
        return key if pd.isna(row["name"]) else str(row["name"])

    found = dict(zip(ids, await run_parallel(map(name, ids)), strict=True))
    return found, shown_by_id(failed.values(), "company", "companies")


def shown_by_id(errors: Iterable[IntercomError], noun: str, nouns: str) -> tuple[str, ...]:
    """Return a note about records whose names could not be read; none without errors."""
    refused = list(errors)
    if not refused:
        return ()
    status = refused[0].status if isinstance(refused[0], APIError) else None
    reason = f"status {status}" if status else type(refused[0]).__name__
    what = formatting.plural(len(refused), noun, nouns)
    verb = "is" if len(refused) == 1 else "are"
    return (f"{what} could not be read ({reason}) and {verb} shown by id.",)
