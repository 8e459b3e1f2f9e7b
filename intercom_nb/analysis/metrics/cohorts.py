"""Cohorts: contacts by when they joined, and how many of them wrote later."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError
from .. import formatting
from ..facts import CREATED, TIMES, Facts, kind_of, read, read_table
from ..groups import By, Split, one_dimension
from ..periods import instant_of
from ..result import finish, metric

_CODES = {"month": "M", "week": "W-SUN"}


@metric
def cohorts(  # noqa: PLR0913 - public keywords
    conversations: Any,
    contacts: Any,
    every: str = "month",
    *,
    by: By = None,
    joined: str = "signed_up_at",
    since: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Follow contacts by when they joined: the share that wrote in each later month.

    Definition: a contact's cohort is the month (week) of ``joined``; ``age`` is the number of
    months (weeks) on the calendar from it to a conversation's ``created_at``, 0 for the first. A
    conversation counts for each of its contacts. ``share`` is active contacts / contacts of the
    cohort. Ages that the data does not cover yet are omitted, not shown as 0. Contacts without
    ``joined`` (leads have no ``signed_up_at``) are counted as ``no_date``; conversations of
    contacts that are not in ``contacts`` as ``unknown_contact``, those before the contact joined
    as ``before``.

    Args:
        conversations: All conversations: a DataFrame, Dask frame, DuckDB relation or dataset.
        contacts: All contacts, in any of these forms.
        every: ``"month"`` or ``"week"``.
        by: One more dimension of the conversations, as in ``first_reply``, but not a time: of each
            cohort, those who wrote to a team, or about a topic.
        joined: The contact's column: ``"signed_up_at"`` or ``"created_at"``.
        since: Only cohorts from this date on (default: from the first conversation, because the
            early ages of older cohorts cannot be seen).
        zone: Time zone of the steps.
        names: Names of teams and teammates.

    Returns one row per group, cohort and age: cohort (its first day), age (int64), contacts,
    active, conversations (int64), share.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> c = intercom_nb.connect("demo").sync
    >>> df, people = c.conversations.list(limit=None), c.contacts.list(limit=None)
    >>> analysis.cohorts(df, people).columns.tolist()
    ['cohort', 'age', 'contacts', 'active', 'conversations', 'share']
    """
    if every not in tuple(_CODES):
        raise InvalidParameterError(
            f"{every!r} is not a valid step of cohorts. Valid values: month, week."
        )
    if kind_of(str(joined), "contacts") != "time":
        raise InvalidParameterError(
            f"joined={joined!r} is not a time of contacts. Use 'signed_up_at' or 'created_at'."
        )
    by = one_dimension(by, "cohorts", TIMES, "the age of a cohort is its time")
    split = Split.of(by, names, conversations)
    facts = read(conversations, ["contacts", *split.columns], zone=zone)
    people, notes = read_table(contacts, "contacts", ["id", joined])
    dated = people.dropna(subset=[joined])
    cohort = _number(dated[joined], zone, every)
    first = pd.Series([instant_of(since, zone) if since is not None else facts[CREATED].min()])
    first_number = int(_number(first, zone, every).iloc[0]) if len(facts) else 0
    last_number = int(_number(facts[CREATED], zone, every).max()) if len(facts) else -1
    sizes = cohort[cohort.between(first_number, last_number)].value_counts().sort_index()
    written = _written(facts, dated["id"], cohort, every)

    def measure(part: Facts) -> pd.DataFrame:
        later = written[(written["age"] >= 0) & written.index.isin(part.frame.index)]
        return _grid(sizes, later, last_number, every)

    groups = split.group(facts)
    frame = groups.each(facts, measure)
    known = set(people["id"])
    contacts_of = facts["contacts"].explode()
    return finish(
        frame,
        "cohorts",
        facts.noted(*groups.notes, *notes),
        finding=_finding(measure(facts), every),
        chart={
            "kind": "cohorts" if not groups.by else "matrix",
            "every": every,
            "by": [*groups.by, "age"],
            "value": "active",
            "what": f"contacts that wrote, by {every}s since joining",
            "n": "active",
            "unit": "contacts",
        },
        counts={
            "contacts": len(people),
            "measured": int(sizes.sum()),
            "no_date": len(people) - len(dated),
            "outside": int(len(dated) - sizes.sum()),
            "conversations": len(facts),
            "unknown_contact": int((~contacts_of.isin(known)).sum()),
            "before": int((written["age"] < 0).sum()),
        },
    )


def _number(times: pd.Series, zone: str, every: str) -> pd.Series:
    """Number the months (weeks) on the calendar, so that an age is a difference."""
    local = times.dt.tz_convert(zone).dt.tz_localize(None)
    number: pd.Series = local.dt.to_period(_CODES[every]).astype("int64")
    return number


def _written(facts: Facts, ids: pd.Series, cohort: pd.Series, every: str) -> pd.DataFrame:
    """Return one row per conversation and dated contact, by the conversation's index."""
    rows = pd.DataFrame(
        {"contact": facts["contacts"], "at": _number(facts[CREATED], facts.zone, every)}
    )
    rows = rows.explode("contact")
    joined = pd.Series(cohort.to_numpy(), index=pd.Index(ids.astype(object)))
    rows["cohort"] = rows["contact"].map(joined[~joined.index.duplicated()])
    rows = rows.dropna(subset=["cohort"]).astype({"cohort": "int64"})
    return rows.assign(age=rows["at"] - rows["cohort"])


def _grid(sizes: pd.Series, written: pd.DataFrame, last: int, every: str) -> pd.DataFrame:
    cells = [(c, age) for c in sizes.index for age in range(last - c + 1)]
    index = pd.MultiIndex.from_tuples(cells, names=["cohort", "age"]) if cells else None
    groups = written.groupby(["cohort", "age"])["contact"]
    if index is None:
        columns = ["cohort", "age", "contacts", "active", "conversations", "share"]
        return pd.DataFrame(columns=columns)
    frame = pd.DataFrame(
        {
            "active": groups.nunique().reindex(index, fill_value=0),
            "conversations": groups.size().reindex(index, fill_value=0),
        }
    ).reset_index()
    frame.insert(2, "contacts", frame["cohort"].map(sizes).astype("int64"))
    frame["share"] = frame["active"] / frame["contacts"]
    starts = [pd.Period(ordinal=n, freq=_CODES[every]).start_time for n in frame["cohort"]]
    frame["cohort"] = pd.DatetimeIndex(starts)
    return frame.astype({"age": "int64", "active": "int64", "conversations": "int64"})


def _finding(frame: pd.DataFrame, every: str) -> str:
    later = frame[frame["age"] > 0] if len(frame) else frame
    if len(later) == 0:
        return f"No cohort has a later {every} yet."
    first = frame[frame["age"] == 0]
    start = np.average(first["share"], weights=first["contacts"])
    rest = np.average(later["share"], weights=later["contacts"])
    sizes = first["contacts"].sum()
    return (
        f"{formatting.percent(float(start))} of {formatting.plural(sizes, 'new contact')} wrote "
        f"in their first {every}, {formatting.percent(float(rest))} in an average later {every}"
    )
