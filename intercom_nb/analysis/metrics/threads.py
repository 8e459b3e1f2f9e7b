"""Threads: parts per conversation, and contacts who write often."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError
from ...frames.read.columns import STRING
from .. import formatting
from ..facts import CREATED, STATISTICS, Facts, read, read_table
from ..groups import By, Split
from ..result import finish, metric
from ..stats import spread
from .durations import CUSTOMER, DELIVERED
from .sla import target_seconds


@metric
def thread_length(
    conversations: Any,
    by: By = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long threads are: parts per conversation, and the longest thread.

    Definition: ``statistics.count_conversation_parts`` of the conversations created in the period:
    messages, notes, assignments and changes of state after the first message. Conversations
    without statistics are counted as ``no_statistics``.

    Returns one row per group: conversations, measured, no_statistics (counts), median, p75, p90,
    longest (parts, float64).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.thread_length(df).iloc[0]
    >>> bool(row["median"] <= row["p90"] <= row["longest"])
    True
    """
    split = Split.of(by, names, conversations)
    facts = read(conversations, ["id", STATISTICS, *split.columns], zone=zone, period=period)
    groups = split.group(facts)
    parts = facts[STATISTICS]
    numbers = groups.count(pd.DataFrame({"no_statistics": parts.isna()}))
    numbers = numbers.join(spread(groups.group(parts)))
    numbers["longest"] = groups.group(parts).max()
    whole = ["conversations", "measured", "no_statistics"]
    frame = groups.table(numbers[[*whole, "median", "p75", "p90", "longest"]])
    return finish(
        frame.astype(dict.fromkeys(whole, "int64")),
        "thread_length",
        facts.noted(*groups.notes),
        finding=_length_finding(facts),
        chart={
            "kind": "spread" if len(groups.by) < 2 else "matrix",
            "by": groups.name,
            "value": "median",
            "what": "parts per conversation",
            "n": "measured",
            "unit": "parts",
        },
        counts={
            "conversations": len(facts),
            "measured": int(parts.notna().sum()),
            "no_statistics": int(parts.isna().sum()),
        },
    )


def _length_finding(facts: Facts) -> str:
    known = facts.frame.dropna(subset=[STATISTICS])
    if known.empty:
        return "No conversation has a number of parts."
    parts = known[STATISTICS]
    longest = known.sort_values([STATISTICS, "id"], ascending=[False, True]).iloc[0]
    count = formatting.plural(len(known), "conversation")
    return (
        f"Median {formatting.plural(float(parts.median()), 'part')} per conversation, 90% have at "
        f"most {parts.quantile(0.9):,.0f} ({count}); the longest, {longest['id']}, has "
        f"{longest[STATISTICS]:,.0f}"
    )


@metric
def frequent_contacts(
    conversations: Any,
    contacts: Any = None,
    *,
    more_than: int = 3,
    within: str = "30d",
    period: Any = None,
    zone: str = "UTC",
) -> pd.DataFrame:
    """List contacts who started more than a number of conversations within some days.

    Definition: the conversations created in the period that a customer started; ``most`` is the
    largest number that a contact started within any stretch of ``within``, both ends included, and
    ``since`` is the start of the first such stretch. Contacts with ``most`` above ``more_than``
    are listed. A conversation counts for each of its contacts.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        contacts: Contacts, for their names (default: ids only).
        more_than: Number of conversations that is still usual.
        within: Length of the stretch, such as ``"30d"``.
        period: Only conversations created in it.
        zone: Time zone of the period.

    Returns one row per contact, the most frequent first: contact (name or id), contact_id,
    conversations (in all), most (int64), since (datetime64[s, UTC]).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> bool((analysis.frequent_contacts(df, more_than=2).most > 2).all())
    True
    """
    if more_than < 1:
        raise InvalidParameterError("more_than must be 1 or more.")
    length = np.timedelta64(int(target_seconds("within", within)), "s")
    facts = read(conversations, ["contacts"], optional=[DELIVERED], zone=zone, period=period)
    started = facts.where(facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER))
    rows = started.frame[["contacts", CREATED]].explode("contacts").dropna(subset=["contacts"])
    found = []
    for contact, times in rows.groupby("contacts")[CREATED]:
        ordered = np.sort(times.dt.tz_localize(None).to_numpy("datetime64[s]"))
        inside = np.searchsorted(ordered, ordered + length, side="right") - np.arange(len(ordered))
        best = int(np.argmax(inside))
        found.append((str(contact), len(ordered), int(inside[best]), ordered[best]))
    every = pd.DataFrame(found, columns=["contact_id", "conversations", "most", "since"])
    frame = every[every["most"] > more_than]
    frame = frame.sort_values(
        ["most", "conversations", "contact_id"], ascending=[False, False, True]
    ).reset_index(drop=True)
    frame["since"] = pd.to_datetime(frame["since"]).astype("datetime64[s]").dt.tz_localize("UTC")
    frame["contact_id"] = frame["contact_id"].astype(STRING)
    frame.insert(0, "contact", _contact_names(frame["contact_id"], contacts))
    frame = frame.astype({"conversations": "int64", "most": "int64"})
    return finish(
        frame,
        "frequent_contacts",
        facts,
        finding=_frequent_finding(frame, len(every), more_than, within),
        chart={"kind": "ranking", "name": "contact", "value": "most"},
        counts={
            "conversations": len(facts),
            "not_started_by_customer": len(facts) - len(started),
            "contacts": len(every),
            "listed": len(frame),
        },
    )


def _contact_names(ids: pd.Series, contacts: Any) -> Any:
    if contacts is None:
        return ids
    people = read_table(contacts, "contacts", ["id", "name"]).dropna(subset=["name"])
    known = dict(zip(people["id"], people["name"], strict=True))
    return pd.array([known.get(key, key) for key in ids], dtype=STRING)


def _frequent_finding(frame: pd.DataFrame, contacts: int, more_than: int, within: str) -> str:
    of = formatting.plural(contacts, "contact")
    text = f"{len(frame):,} of {of} started more than {more_than} conversations within {within}"
    if frame.empty:
        return text
    top = frame.iloc[0]
    return f"{text}; {top['contact']} the most: {top['most']:,}"
