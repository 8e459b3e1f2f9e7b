"""Companies, ranked by their conversations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ...frames.read.columns import STRING
from .. import formatting
from ..arguments import check_least
from ..facts import Facts, read, read_table
from ..groups import By, Split, one_dimension
from ..names import NONE, names_for
from ..result import finish, metric

_COMPANY, _CONTACTS = "company.id", "contacts"


@metric
def busiest_companies(  # noqa: PLR0913 - public keywords
    conversations: Any,
    contacts: Any,
    companies: Any = None,
    *,
    by: By = None,
    top: int | None = 20,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Rank the companies by their conversations.

    Definition: a conversation belongs to its own ``company.id`` if it has one, else to the
    companies of its contacts (``contacts.companies``). It counts once for each of several
    companies; ``shared`` is the number of these. The API lists at most ten companies of a contact.
    ``per_contact`` divides by the company's contacts in ``contacts``. Conversations without a
    company are counted as ``no_company``, those of a contact that is not in ``contacts`` as
    ``unknown_contact``.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        contacts: Contacts, in any of these forms (a dataset has them).
        companies: Names of companies: a frame with id and name, or a dict.
        by: One more dimension, as in ``first_reply``: a ranking in each group, with shares of its
            conversations.
        top: Number of companies, in each group (None: all).
        period: Only conversations created in it.
        zone: Time zone of the period.
        names: Names of teams and teammates.

    Returns one row per group and company, the busiest first: company, company_id, conversations
    (int64), share (of all conversations), contacts (int64), per_contact, shared (int64).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> c = intercom_nb.connect("demo").sync
    >>> df, people = c.conversations.list(limit=None), c.contacts.list(limit=None)
    >>> len(analysis.busiest_companies(df, people, c.companies.list(limit=None), top=5))
    5
    """
    check_least("top", top)
    by = one_dimension(by, "busiest_companies", (_COMPANY,), "the ranking itself is by it")
    split = Split.of(by, names, conversations)
    needs = [_CONTACTS, *split.columns]
    facts = read(conversations, needs, optional=[_COMPANY], zone=zone, period=period)
    people, notes = read_table(contacts, "contacts", ["id", "companies"])
    known = names_for("company", companies)
    groups = split.group(facts)
    whole = _ranked(facts, people, known)
    shown = groups.each(facts, lambda part: _ranked(part, people, known).iloc[:top])
    pairs, unknown = _pairs(facts, people)
    without = int(pairs.loc[pairs["company"] == NONE, "row"].nunique())
    return finish(
        shown,
        "busiest_companies",
        facts.noted(*groups.notes, *notes),
        finding=_finding(whole, len(facts)),
        chart={
            "kind": "ranking" if not groups.by else "matrix",
            "name": "company",
            "by": [*groups.by, "company"],
            "value": "conversations",
            "what": "conversations of each company",
            "n": "conversations",
            "unit": "conversations",
        },
        counts={
            "conversations": len(facts),
            "measured": len(facts) - without - unknown,
            "no_company": without,
            "unknown_contact": unknown,
            "companies": len(whole),
        },
    )


def _ranked(facts: Facts, people: pd.DataFrame, known: Mapping[str, str]) -> pd.DataFrame:
    """Rank all companies by their conversations."""
    pairs, _ = _pairs(facts, people)
    per_company = pairs.groupby("company")["row"].nunique()
    doubled = pairs.groupby("row")["company"].transform("nunique") > 1
    ids = [c for c in per_company.index if c != NONE]
    members = people.explode("companies").dropna(subset=["companies"])["companies"].value_counts()
    frame = pd.DataFrame(
        {
            "company": pd.array([known.get(c, c) for c in ids], dtype=STRING),
            "company_id": pd.array(ids, dtype=STRING),
            "conversations": per_company.reindex(ids).to_numpy("int64"),
        }
    )
    frame["share"] = frame["conversations"] / max(1, len(facts))
    frame["contacts"] = members.reindex(ids, fill_value=0).to_numpy("int64")
    frame["per_contact"] = frame["conversations"] / frame["contacts"].where(frame["contacts"] > 0)
    shared = pairs[doubled].groupby("company")["row"].nunique()
    frame["shared"] = shared.reindex(ids, fill_value=0).to_numpy("int64")
    order = ["conversations", "company_id"]
    return frame.sort_values(order, ascending=[False, True]).reset_index(drop=True)


def _pairs(facts: Facts, people: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return (row, company) pairs, and the number of conversations of unknown contacts."""
    own = facts[_COMPANY]
    direct = pd.DataFrame({"row": facts.frame.index, "company": own.astype(object)})[own.notna()]
    rest = facts.frame.loc[own.isna(), _CONTACTS]
    by_contact = rest.explode().rename("contact").rename_axis("row").reset_index()
    companies = people.explode("companies")[["id", "companies"]]
    companies.columns = pd.Index(["contact", "company"])
    companies["contact"] = companies["contact"].astype(object)
    joined = by_contact.merge(companies, on="contact", how="left", indicator=True)
    found = joined[joined["_merge"] == "both"]
    unknown = len(set(joined["row"]) - set(found["row"]))
    found = found.assign(company=found["company"].astype(object))
    with_company = found.dropna(subset=["company"])
    nobody = sorted(set(found["row"]) - set(with_company["row"]))
    nothing = pd.DataFrame({"row": nobody, "company": NONE}, dtype=object)
    parts = [direct, with_company[["row", "company"]], nothing]
    pairs = pd.concat([p.astype(object) for p in parts], ignore_index=True)
    return pairs.drop_duplicates(), unknown


def _finding(frame: pd.DataFrame, total: int) -> str:
    if frame.empty:
        return "No conversation belongs to a company."
    top = frame.iloc[0]
    tenth = max(1, round(len(frame) / 10))
    part = frame["conversations"].head(tenth).sum() / frame["conversations"].sum()
    return (
        f"{top['company']} has the most: "
        f"{formatting.plural(int(top['conversations']), 'conversation')} "
        f"({formatting.percent(top['conversations'] / total)} of {total:,}); the busiest "
        f"tenth of companies ({tenth:,} of {len(frame):,}) has {formatting.percent(part)} of "
        f"companies' conversations"
    )
