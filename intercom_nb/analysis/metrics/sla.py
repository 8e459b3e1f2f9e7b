"""Which promises were kept: first reply and close against given targets."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError
from .. import formatting
from ..facts import CREATED, STATISTICS, Facts, read
from ..groups import columns_for, group
from ..hours import OfficeHours
from ..result import finish
from ..stats import largest, telling, wilson
from .durations import CUSTOMER, DELIVERED

_FIELDS = {
    "first_reply": ("statistics.time_to_admin_reply", "statistics.first_admin_reply_at"),
    "close": ("statistics.time_to_first_close", "statistics.first_close_at"),
}


def sla(
    conversations: Any,
    *,
    first_reply: str | dt.timedelta | None = None,
    close: str | dt.timedelta | None = None,
    by: str | None = None,
    as_of: Any = None,
    period: Any = None,
    zone: str = "UTC",
    office_hours: OfficeHours | None = None,
    names: Any = None,
) -> pd.DataFrame:
    """Count the conversations that met or broke targets of yours.

    Definition: a conversation *met* a target when the first reply (``time_to_admin_reply``, only
    for conversations that a customer started) or the first close (``time_to_first_close``) came
    within it, the target itself included; it is a *breach* when it came later, or has not come
    and the target has passed at ``as_of``; it is *pending* when it has not come and still can in
    time. A conversation that was closed without any reply is *closed_unanswered*: neither met nor
    breached. Those without statistics are counted as *no_statistics*. The share is breach / (met +
    breach) with its 95 % Wilson interval. Office hours as in ``first_reply``: what has not come is
    counted in the same hours, or by the clock when none are given.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        first_reply: Target for the first reply, like ``"1h"`` or ``"30min"``.
        close: Target for the first close, like ``"2d"``.
        by: As in ``first_reply``.
        as_of: When to judge what has not come; by default the last instant in the data.
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        office_hours: Hours to count in, instead of Intercom's own figure.
        names: Names of teams and teammates.

    Returns one row per group and target: target, target_seconds, conversations, met, breach,
    pending, closed_unanswered, no_statistics, share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.sla(df, first_reply="1h", close="2d").target.tolist()
    ['first_reply', 'close']
    """
    targets = {"first_reply": first_reply, "close": close}
    given = {
        name: target_seconds(name, value) for name, value in targets.items() if value is not None
    }
    if not given:
        raise InvalidParameterError("sla needs a target: first_reply='1h', close='2d', or both.")
    needs = [c for name in given for c in _FIELDS[name]] + [*columns_for(by), "state"]
    optional = [STATISTICS, DELIVERED, "updated_at"]
    facts = read(conversations, needs, optional=optional, zone=zone, period=period)
    now = _as_of(facts, as_of)
    tables = [
        _one(facts, name, seconds, now, by, names, office_hours) for name, seconds in given.items()
    ]
    frame = pd.concat(tables, ignore_index=True)
    return finish(
        frame,
        "sla",
        facts,
        finding=_finding(frame, by),
        chart={"kind": "shares", "by": by, "split": "target", "value": "share", "what": "breaches"},
        counts={
            "conversations": len(facts),
            **{
                f"{name}_{column}": int(frame.loc[frame["target"] == name, column].sum())
                for name in given
                for column in ("met", "breach", "pending", "closed_unanswered", "no_statistics")
            },
        },
        as_of=now.isoformat(),
        office_hours=repr(office_hours) if office_hours else None,
    )


_UNITS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def target_seconds(name: str, value: str | dt.timedelta) -> float:
    """Read a length of time, in seconds; raises InvalidParameterError for anything else."""
    if isinstance(value, dt.timedelta):
        seconds = value.total_seconds()
    else:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|min|h|d|w)", str(value).strip().lower())
        seconds = float(match[1]) * _UNITS[match[2]] if match else 0.0
    if not seconds > 0:
        raise InvalidParameterError(
            f"{name}={value!r} is not a valid length of time. Use '30min', '1h' or '2d'."
        )
    return seconds


def _as_of(facts: Facts, given: Any) -> pd.Timestamp:
    if given is not None:
        stamp = pd.Timestamp(given)
        return stamp.tz_localize(facts.zone) if stamp.tzinfo is None else stamp
    last = max(
        (t for t in (facts[CREATED].max(), facts["updated_at"].max()) if t is not pd.NaT),
        default=None,
    )
    return pd.Timestamp(0, tz="UTC") if last is None else last


def _one(
    facts: Facts,
    name: str,
    target: float,
    now: pd.Timestamp,
    by: str | None,
    names: Any,
    office_hours: OfficeHours | None,
) -> pd.DataFrame:
    if name == "first_reply":
        facts = facts.where(facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER))
    field, until = _FIELDS[name]
    status = _status(facts, facts[field], facts[until], target, now, office_hours)
    groups = group(facts, by, names)
    flags = pd.DataFrame({s: status == s for s in _STATUSES}, index=status.index)
    numbers = flags.groupby(groups.key).sum()
    numbers.insert(0, "conversations", numbers.sum(axis=1))
    table = groups.table(numbers)
    table = table.astype(dict.fromkeys(numbers.columns, "int64"))
    table = table.join(wilson(table["breach"], table["met"] + table["breach"]))
    table.insert(0, "target", name)
    table.insert(1, "target_seconds", target)
    return table


_STATUSES = ("met", "breach", "pending", "closed_unanswered", "no_statistics")


def _status(
    facts: Facts,
    reported: pd.Series,
    came_at: pd.Series,
    target: float,
    now: pd.Timestamp,
    office_hours: OfficeHours | None,
) -> pd.Series:
    created = facts[CREATED]
    waited = office_hours.seconds(created, came_at) if office_hours else reported
    judged = pd.Series(now, index=created.index, dtype="datetime64[s, UTC]")
    clock = office_hours or OfficeHours.around_the_clock()
    so_far = clock.seconds(created, judged)
    status = np.select(
        [
            waited.notna() & (waited <= target),
            waited.notna(),
            facts[STATISTICS].isna(),
            (facts["state"] == "closed").fillna(False),
            so_far > target,
        ],
        ["met", "breach", "no_statistics", "closed_unanswered", "breach"],
        default="pending",
    )
    return pd.Series(status, index=created.index)


def _finding(frame: pd.DataFrame, by: str | None) -> str:
    sentences = []
    for name, part in frame.groupby("target", sort=False):
        met, breach = int(part["met"].sum()), int(part["breach"].sum())
        target = formatting.duration(float(part["target_seconds"].iloc[0]))
        what = "first reply" if name == "first_reply" else "close"
        if met + breach == 0:
            sentences.append(f"no {what} to judge against {target} yet")
            continue
        text = f"{formatting.percent(breach / (met + breach))} missed the {what} target of {target}"
        known = telling(part.assign(judged=part["met"] + part["breach"]), "judged")
        if by and len(known) > 1:
            worst = largest(known, "share")
            label = (
                formatting.when(worst[by], by) if isinstance(worst[by], pd.Timestamp) else worst[by]
            )
            text += f", most of all {label} ({formatting.percent(worst['share'])})"
        sentences.append(text)
    text = "; ".join(sentences) or "no conversations"
    return text[0].upper() + text[1:]
