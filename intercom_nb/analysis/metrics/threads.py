"""Threads: messages per conversation, and contacts who write often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd

from ...errors import UnsupportedError
from ...frames.read.columns import STRING
from .. import formatting
from ..arguments import check_choice, check_least
from ..attribution import PARTS_HINT, messages
from ..facts import CREATED, STATISTICS, TIMES, Facts, read, read_table
from ..groups import By, Split, one_dimension
from ..names import unique
from ..result import finish, metric
from ..stats import spread
from .durations import CUSTOMER, DELIVERED
from .sla import target_seconds

_AUTHOR = "source.author.type"
_PEOPLE = frozenset({"user", "lead", "contact", "admin"})


@metric
def thread_length(  # noqa: PLR0913 - public keywords
    conversations: Any,
    by: By = None,
    *,
    of: Literal["messages", "parts"] | None = None,
    credit: str = "assigned",
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long threads are: messages per conversation, and the longest thread.

    Definition: of the conversations created in the period, the *messages* are the first message,
    if a person wrote it, and the comments of users, leads and teammates. A close, open, assignment
    or snooze counts too if it was sent with a text; bots and notes do not. They need the parts,
    which a dataset has if it was extracted with ``with_parts=True``, and a result of
    ``conversations.get()``. *Parts* are ``statistics.count_conversation_parts``: messages, notes,
    assignments and changes of state after the first message; conversations without statistics are
    counted as ``no_statistics``. The API returns at most 500 parts of a conversation.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        of: ``"messages"`` or ``"parts"`` (default: messages if the source has them, else parts with
            a note).
        credit: By teammate, whom to credit, as in ``first_reply``.
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        names: Names of teams and teammates.

    Returns one row per group: conversations, measured, no_statistics (counts), median, p75, p90,
    longest (messages or parts, float64). Raises UnsupportedError if messages are requested and the
    source has no parts.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.thread_length(df, of="parts").iloc[0]
    >>> bool(row["median"] <= row["p90"] <= row["longest"])
    True
    """
    check_choice("of", of, ("messages", "parts", None))
    split = Split.of(by, names, conversations, credit)
    optional = [STATISTICS, _AUTHOR]
    facts = read(conversations, ["id", *split.columns], optional=optional, zone=zone, period=period)
    sent = None if of == "parts" else _messages(facts, conversations)
    if sent is None and of == "messages":
        raise UnsupportedError(f"of='messages' needs the messages. {PARTS_HINT}")
    length = facts[STATISTICS] if sent is None else sent
    unit = "part" if sent is None else "message"
    groups = split.group(facts)
    numbers = groups.count(pd.DataFrame({"no_statistics": length.isna()}))
    numbers = numbers.join(spread(groups.group(length)))
    numbers["longest"] = groups.group(length).max()
    whole = ["conversations", "measured", "no_statistics"]
    frame = groups.table(numbers[[*whole, "median", "p75", "p90", "longest"]])
    note = [] if sent is not None or of else [f"Parts are counted, not messages. {PARTS_HINT}"]
    return finish(
        frame.astype(dict.fromkeys(whole, "int64")),
        "thread_length",
        facts.noted(*groups.notes, *note),
        finding=_length_finding(facts["id"], length, unit),
        chart={
            "kind": "spread" if len(groups.by) < 2 else "matrix",
            "by": groups.name,
            "value": "median",
            "what": f"{unit}s per conversation",
            "n": "measured",
            "unit": f"{unit}s",
        },
        counts={
            "conversations": len(facts),
            "measured": int(length.notna().sum()),
            "no_statistics": int(length.isna().sum()),
        },
    )


def _messages(facts: Facts, source: Any) -> pd.Series | None:
    """Return the number of messages by people of each conversation; None without parts."""
    sent = messages(source)
    if sent is None:
        return None
    counted = sent[sent["author.type"].isin(_PEOPLE)].groupby("conversation_id").size()
    later = facts["id"].astype(object).map(counted).fillna(0).astype("float64")
    return later + (facts[_AUTHOR].isna() | facts[_AUTHOR].isin(_PEOPLE)).astype("float64")


def _length_finding(ids: pd.Series, length: pd.Series, unit: str) -> str:
    known = pd.DataFrame({"id": ids, "length": length}).dropna(subset=["length"])
    if known.empty:
        return f"No conversation has a number of {unit}s."
    longest = known.sort_values(["length", "id"], ascending=[False, True]).iloc[0]
    count = formatting.plural(len(known), "conversation")
    median = float(known["length"].median())
    return (
        f"Median {median:,g} {unit if median == 1 else unit + 's'} per conversation, 90% have at "
        f"most {np.ceil(known['length'].quantile(0.9) - 1e-9):,.0f} ({count}); the longest, "
        f"{longest['id']}, has "
        f"{longest['length']:,.0f}"
    )


@metric
def frequent_contacts(  # noqa: PLR0913 - public keywords
    conversations: Any,
    contacts: Any = None,
    *,
    more_than: int = 3,
    within: str = "30d",
    by: By = None,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
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
        by: One more dimension, as in ``first_reply``, but not a time: contacts who wrote more often
            than that to a team, or about a topic.
        period: Only conversations created in it.
        zone: Time zone of the period.
        names: Names of teams and teammates.

    Returns one row per group and contact, the most frequent first: contact (name or id),
    contact_id, conversations (in all), most (int64), since (datetime64[s, UTC]).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> bool((analysis.frequent_contacts(df, more_than=2).most > 2).all())
    True
    """
    check_least("more_than", more_than)
    seconds = target_seconds("within", within)
    length = np.timedelta64(int(seconds), "s")
    why = "a stretch of days crosses its borders"
    split = Split.of(one_dimension(by, "frequent_contacts", TIMES, why), names, conversations)
    needs = ["contacts", *split.columns]
    facts = read(conversations, needs, optional=[DELIVERED], zone=zone, period=period)
    started = facts.where(facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER))
    groups = split.group(started)
    known, unreadable = _contact_names(contacts)

    def listed(part: Facts) -> pd.DataFrame:
        stretches = _stretches(part, length, known)
        return stretches[stretches["most"] > more_than].reset_index(drop=True)

    frame, whole = groups.each(started, listed), listed(started)
    writers = int(started["contacts"].explode().nunique())
    return finish(
        frame,
        "frequent_contacts",
        facts.noted(*groups.notes, *unreadable),
        finding=_frequent_finding(whole, writers, more_than, formatting.duration(seconds)),
        chart={
            "kind": "ranking" if not groups.by else "matrix",
            "name": "contact",
            "by": [*groups.by, "contact"],
            "value": "most",
            "what": f"most conversations of a contact within {formatting.duration(seconds)}",
            "n": "most",
            "unit": "conversations",
        },
        counts={
            "conversations": len(facts),
            "not_started_by_customer": len(facts) - len(started),
            "contacts": writers,
            "listed": len(whole),
        },
    )


def _stretches(facts: Facts, length: np.timedelta64, known: Mapping[str, str]) -> pd.DataFrame:
    """Return the busiest stretch of each contact, the most frequent contact first."""
    rows = facts.frame[["contacts", CREATED]].explode("contacts").dropna(subset=["contacts"])
    found = []
    for contact, times in rows.groupby("contacts")[CREATED]:
        ordered = np.sort(times.dt.tz_localize(None).to_numpy("datetime64[s]"))
        inside = np.searchsorted(ordered, ordered + length, side="right") - np.arange(len(ordered))
        best = int(np.argmax(inside))
        found.append((str(contact), len(ordered), int(inside[best]), ordered[best]))
    frame = pd.DataFrame(found, columns=["contact_id", "conversations", "most", "since"])
    frame = frame.sort_values(
        ["most", "conversations", "contact_id"], ascending=[False, False, True]
    )
    frame["since"] = pd.to_datetime(frame["since"]).astype("datetime64[s]").dt.tz_localize("UTC")
    names = pd.array([known.get(key, key) for key in frame["contact_id"]], dtype=STRING)
    frame.insert(0, "contact", names)
    return frame.astype({"contact_id": STRING, "conversations": "int64", "most": "int64"})


def _contact_names(contacts: Any) -> tuple[dict[str, str], tuple[str, ...]]:
    if contacts is None:
        return {}, ()
    people, notes = read_table(contacts, "contacts", ["id", "name"])
    named = people.dropna(subset=["name"])
    return unique(dict(zip(named["id"], named["name"], strict=True))), notes


def _frequent_finding(frame: pd.DataFrame, contacts: int, more_than: int, within: str) -> str:
    of = formatting.plural(contacts, "contact")
    more = f"more than {formatting.plural(more_than, 'conversation')}"
    text = f"{len(frame):,} of {of} started {more} within {within}"
    if frame.empty:
        return text
    top = frame.iloc[0]
    return f"{text}; {top['contact']} the most: {top['most']:,}"
