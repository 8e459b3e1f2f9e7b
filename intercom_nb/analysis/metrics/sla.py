"""Service levels: first reply and close against targets."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError
from .. import formatting
from ..facts import CREATED, STATISTICS, Facts, read
from ..groups import By, Split, extreme_text, one_dimension
from ..hours import OfficeHours, check_hours
from ..periods import instant_of
from ..result import finish, metric
from ..stats import extreme, wilson
from .durations import CONTACTED, CUSTOMER, DELIVERED, negative_note, possible

_SLA, _SLA_STATUS = "sla_applied.sla_name", "sla_applied.sla_status"
_FIELDS = {
    "first_reply": ("statistics.time_to_admin_reply", "statistics.first_admin_reply_at"),
    "close": ("statistics.time_to_first_close", "statistics.first_close_at"),
}


@metric
def sla(  # noqa: PLR0913 - public keywords
    conversations: Any,
    *,
    first_reply: str | dt.timedelta | None = None,
    close: str | dt.timedelta | None = None,
    by: By = None,
    credit: str = "assigned",
    as_of: Any = None,
    period: Any = None,
    zone: str = "UTC",
    office_hours: OfficeHours | None = None,
    names: Any = None,
) -> pd.DataFrame:
    """Count the conversations that met or missed your own targets.

    Definition: a conversation *met* a target when the first reply (``time_to_admin_reply``, only
    for conversations that a customer started) or the first close (``time_to_first_close``) came
    within it, the target itself included; it is a *breach* when it came later, or has not come
    and the target has passed at ``as_of``; it is *pending* when it has not come and still can in
    time. A conversation that was closed without any reply is *closed_unanswered*: neither met nor
    breached. Those without statistics are counted as *no_statistics*. ``breach_share`` is breach /
    (met + breach) with its 95% Wilson interval (low, high). Office hours as in ``first_reply``:
    replies and closes still outstanding are timed in the same hours, or around the clock if none
    are given. Intercom's own SLAs are in ``sla_applied``.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        first_reply: Target for the first reply, such as ``"1h"`` or ``"30min"``.
        close: Target for the first close, such as ``"2d"``.
        by: As in ``first_reply``.
        credit: By teammate, whom to credit, as in ``first_reply``.
        as_of: When to judge what has not come (default: the last instant in the data).
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        office_hours: Hours to count in, instead of Intercom's own figure.
        names: Names of teams and teammates.

    Returns one row per group and target: target, target_seconds, conversations, met, breach,
    pending, closed_unanswered, no_statistics, breach_share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.sla(df, first_reply="1h", close="2d").target.tolist()
    ['first_reply', 'close']
    """
    check_hours(office_hours)
    targets = {"first_reply": first_reply, "close": close}
    given = {
        name: target_seconds(name, value) for name, value in targets.items() if value is not None
    }
    if not given:
        raise InvalidParameterError("sla needs a target: first_reply='1h', close='2d', or both.")
    split = Split.of(by, names, conversations, credit)
    needs = [c for name in given for c in _FIELDS[name]] + [*split.columns, "state"]
    optional = [STATISTICS, DELIVERED, CONTACTED, "updated_at"]
    facts = read(conversations, needs, optional=optional, zone=zone, period=period)
    now = _as_of(facts, as_of)
    judged = [
        _judge(facts, name, _Target(seconds, now, office_hours), split)
        for name, seconds in given.items()
    ]
    frame = pd.concat([table for table, _, _ in judged], ignore_index=True)
    counts = {reason: count for _, found, _ in judged for reason, count in found.items()}
    notes = [note for _, _, found in judged for note in found]
    return finish(
        frame,
        "sla",
        facts.noted(*notes),
        finding=_finding(frame, split.by, counts),
        chart={
            "kind": "shares" if len(split.by) < 2 else "matrix",
            "by": _by_of(split.by),
            "split": "target",
            "value": "breach_share",
            "what": "share of due replies and closes that missed their target",
            "good": -1,
        },
        counts={"conversations": len(facts), **counts},
        as_of=now.isoformat(),
        office_hours=repr(office_hours) if office_hours else None,
    )


@metric
def sla_applied(  # noqa: PLR0913 - public keywords
    conversations: Any,
    by: By = None,
    *,
    by_sla: bool = True,
    credit: str = "assigned",
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Count the conversations that met or missed Intercom's own SLAs, by SLA.

    Definition: ``sla_applied.sla_status`` of the conversations created in the period that have a
    ``sla_applied.sla_name``: *hit*, *missed*, *cancelled*, or *active* (any other status: it is
    still running). ``missed_share`` is missed / (hit + missed) with its 95% Wilson interval.
    Conversations without an SLA are counted as ``without_sla``. ``credit`` as in ``first_reply``.

    Returns one row per SLA and group (``by_sla=False``: per group, without sla): sla,
    conversations, hit, missed, cancelled, active, missed_share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.sla_applied(df).iloc[0]
    >>> bool(row.hit + row.missed + row.cancelled + row.active == row.conversations)
    True
    """
    given = [] if by is None else [by] if isinstance(by, str) else list(by)
    if by_sla:
        one_dimension(by, "sla_applied", (), "the SLA is one of two dimensions")
    split = Split.of([_SLA, *given] if by_sla else given, names, conversations, credit)
    needs = [_SLA, _SLA_STATUS, *split.columns]
    facts = read(conversations, needs, zone=zone, period=period)
    applied = facts.where(facts[_SLA].notna())
    status = applied[_SLA_STATUS].astype(object)
    ended = ("hit", "missed", "cancelled")
    flags = pd.DataFrame({name: status == name for name in ended}, index=status.index)
    flags["active"] = ~status.isin(ended)
    groups = split.group(applied)
    frame = groups.table(groups.count(flags)).rename(columns={_SLA: "sla"})
    share = wilson(frame["missed"], frame["hit"] + frame["missed"])
    frame = frame.join(share.rename(columns={"share": "missed_share"}))
    counts = {name: int(flags[name].sum()) for name in (*ended, "active")}
    return finish(
        frame,
        "sla_applied",
        facts.noted(*groups.notes),
        finding=_sla_finding(frame, counts),
        chart={
            "kind": "shares" if len(split.by) < 2 else "matrix",
            "by": _by_of(["sla", *given] if by_sla else given),
            "value": "missed_share",
            "what": "share of ended SLAs that were missed",
            "n": "conversations",
            "good": -1,
        },
        counts={
            "conversations": len(facts),
            **counts,
            "without_sla": len(facts) - len(applied),
        },
    )


def _by_of(dimensions: Sequence[str]) -> str | list[str] | None:
    return list(dimensions) if len(dimensions) > 1 else next(iter(dimensions), None)


def _sla_finding(frame: pd.DataFrame, counts: dict[str, int]) -> str:
    ended = counts["hit"] + counts["missed"]
    if not ended:
        return "No SLA has ended yet." if len(frame) else "No conversation has an SLA."
    return (
        f"{formatting.percent(counts['missed'] / ended)} of SLAs were missed "
        f"({counts['missed']:,} of {ended:,})"
    )


_UNITS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400, "w": 604_800}


def target_seconds(name: str, value: str | dt.timedelta) -> float:
    """Parse a length of time and return its seconds; raises InvalidParameterError."""
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
        return instant_of(given, facts.zone)
    last = max(
        (t for t in (facts.latest, facts["updated_at"].max()) if not pd.isna(t)),
        default=None,
    )
    return pd.Timestamp(0, tz="UTC") if last is None else last


@dataclasses.dataclass(frozen=True)
class _Target:
    """A target in seconds, when outstanding work is judged, and in which hours."""

    seconds: float
    now: pd.Timestamp
    office_hours: OfficeHours | None


def _judge(
    facts: Facts, name: str, target: _Target, split: Split
) -> tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]:
    if name == "first_reply":
        facts = facts.where(facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER))
    status, is_negative = _status(facts, name, target)
    groups = split.group(facts)
    flags = pd.DataFrame({s: status == s for s in _STATUSES}, index=status.index)
    table = groups.table(groups.count(flags))
    table = table.astype(dict.fromkeys(["conversations", *_STATUSES], "int64"))
    share = wilson(table["breach"], table["met"] + table["breach"])
    table = table.join(share.rename(columns={"share": "breach_share"}))
    table.insert(0, "target", name)
    table.insert(1, "target_seconds", target.seconds)
    counts = {f"{name}_{one}": int((status == one).sum()) for one in _STATUSES}
    what = "first reply" if name == "first_reply" else "time to close"
    return table, counts, (*groups.notes, *negative_note(is_negative, what))


_STATUSES = ("met", "breach", "pending", "closed_unanswered", "no_statistics")


def _status(facts: Facts, name: str, target: _Target) -> tuple[pd.Series, pd.Series]:
    """Return the status of each conversation, and whether its duration is below 0."""
    created, hours = facts[CREATED], target.office_hours
    reported, came_at = (facts[column] for column in _FIELDS[name])
    begun = facts[CONTACTED].fillna(created)
    waited, is_negative = possible(hours.seconds(begun, came_at) if hours else reported)
    judged = pd.Series(target.now, index=created.index, dtype="datetime64[s, UTC]")
    so_far = (hours or OfficeHours.around_the_clock()).seconds(begun, judged)
    status = np.select(
        [
            waited.notna() & (waited <= target.seconds),
            waited.notna(),
            facts[STATISTICS].isna() | is_negative,
            (facts["state"] == "closed").fillna(False),
            so_far > target.seconds,
        ],
        ["met", "breach", "no_statistics", "closed_unanswered", "breach"],
        default="pending",
    )
    return pd.Series(status, index=created.index), is_negative


def _finding(frame: pd.DataFrame, by: tuple[str, ...], totals: dict[str, int]) -> str:
    sentences = []
    for name, part in frame.groupby("target", sort=False):
        met, breach = totals[f"{name}_met"], totals[f"{name}_breach"]
        target = formatting.duration(float(part["target_seconds"].iloc[0]))
        what = "first reply" if name == "first_reply" else "close"
        if met + breach == 0:
            sentences.append(f"no {what} to judge against {target} yet")
            continue
        text = (
            f"{formatting.percent(breach / (met + breach))} missed the {what} target of {target} "
            f"({breach:,} of {met + breach:,})"
        )
        judged = part.assign(judged=part["met"] + part["breach"])
        found = extreme(judged, "breach_share", "judged") if by else None
        if found is not None:
            row, condition = found
            share = formatting.percent(row["breach_share"])
            text += f", most often {extreme_text(row, by, share, condition, 'judged')}"
        sentences.append(text)
    text = "; ".join(sentences) or "no conversations"
    return text[0].upper() + text[1:]
