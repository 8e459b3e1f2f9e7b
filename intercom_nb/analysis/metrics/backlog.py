"""Backlog: conversations opened, closed and still open over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from .. import formatting
from ..facts import CREATED, TIMES, Facts, read
from ..groups import (
    FREQUENCIES,
    By,
    Split,
    check_step,
    every_start,
    in_groups,
    one_dimension,
)
from ..periods import Period, local_midnight, now, period_of
from ..result import finish, metric
from ..stats import largest

_CLOSED_AT = "statistics.last_close_at"


@metric
def backlog(
    conversations: Any,
    every: str = "day",
    by: By = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Count what was opened and closed, and what was open at the end of each day, week or month.

    Definition: a conversation is open from ``created_at`` until ``statistics.last_close_at`` if
    its ``state`` is ``closed`` now, else until the end of the data (snoozed ones are open). Closes
    before the last one are not seen, so a conversation that was closed and reopened counts as open
    in between. Closed conversations without ``last_close_at`` cannot be dated: they are left out
    of all three columns and counted as ``no_close_time``. Pass all conversations, not only those of
    the period: what was open before it started is part of its backlog. If the data starts later
    than the workspace (``since=``), older open conversations are missing, so ``closed`` and
    ``open`` are missing too.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        every: ``"day"``, ``"week"`` or ``"month"`` of the zone.
        by: One more dimension as in ``first_reply``, but not a time; teams and teammates are the
            current ones.
        period: Steps to return; the backlog in them counts older conversations too.
        zone: Time zone of the steps.
        names: Names of teams and teammates.

    Returns one row per group and step: its first day (a column named as ``every``), opened, closed,
    open (at its end; all int64, or Int64 if they are missing). The last step ends where the data
    does.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.backlog(df, "month").columns.tolist()
    ['month', 'opened', 'closed', 'open']
    """
    why = "a conversation is open in several steps of time"
    check_step(every)
    split = Split.of(one_dimension(by, "backlog", TIMES, why), names, conversations)
    facts = read(conversations, ["state", _CLOSED_AT, *split.columns], zone=zone)
    requested = None if period is None else period_of(period, zone)
    covered = _covered(facts, requested)
    closed_now = (facts["state"] == "closed").fillna(False)
    lost = closed_now & facts[_CLOSED_AT].isna()
    placed = facts.where(~lost)
    index, ends = _steps(placed, _closed_at(placed), every, covered.period)
    is_known = facts.coverage.no_backlog(zone) is None
    groups = split.group(placed)
    frame = groups.each(placed, lambda part: _counted(part, every, index, ends, is_known))
    whole = frame if not groups.by else _counted(placed, every, index, ends, is_known)
    last = frame if frame.empty else frame[frame[every] == frame[every].max()]
    most = (
        in_groups(last, groups, "open", int(whole["open"].iloc[-1]))
        if is_known and len(last)
        else ""
    )
    return finish(
        frame,
        "backlog",
        covered.noted(*groups.notes, *_early_note(placed)),
        finding=_finding(whole, every, is_part=period is not None) + most,
        chart={
            "kind": "backlog" if not groups.by else "matrix",
            "by": every if not groups.by else [groups.by[0], every],
            "value": "open",
            "what": f"open conversations at the end of each {every}",
            "n": "opened",
            "unit": "conversations",
        },
        counts={
            "conversations": len(facts),
            "measured": len(placed),
            "no_close_time": int(lost.sum()),
        },
    )


def _closed_at(facts: Facts) -> pd.Series:
    """Return when each was closed; one closed before its creation counts at the creation."""
    is_early = facts[_CLOSED_AT] < facts[CREATED]
    closed: pd.Series = facts[_CLOSED_AT].mask(is_early, facts[CREATED])
    return closed.where(facts["state"] == "closed")


def _early_note(facts: Facts) -> Iterator[str]:
    is_early = (facts["state"] == "closed") & (facts[_CLOSED_AT] < facts[CREATED])
    count = int(is_early.fillna(False).sum())
    if count:
        verbs = ("has", "counts") if count == 1 else ("have", "count")
        what = formatting.plural(count, "conversation")
        yield f"{what} {verbs[0]} a close before the creation and {verbs[1]} as closed at it."


def _counted(
    facts: Facts, every: str, index: pd.DatetimeIndex, ends: np.ndarray, is_known: bool
) -> pd.DataFrame:
    """Count the opened, closed and open conversations; the latter two only if all are known."""
    opened_before = _before(facts[CREATED], ends)
    closed_before = _before(_closed_at(facts).dropna(), ends)
    frame = pd.DataFrame({every: index})
    frame["opened"] = np.diff(opened_before)
    frame["closed"] = np.diff(closed_before)
    frame["open"] = (opened_before - closed_before)[1:]
    if is_known:
        return frame
    missing = pd.array([pd.NA] * len(frame), dtype="Int64")
    return frame.assign(closed=missing, open=missing)


def _covered(facts: Facts, requested: Period | None) -> Facts:
    """Return the facts with the part of the period that the data covers, and notes."""
    coverage = facts.coverage
    notes: list[str] = []
    period = requested
    if requested is not None:
        coverage = coverage.seen_in(facts[CREATED].dropna(), requested)
        period, notes = coverage.clip(requested)
    reason = coverage.no_backlog(facts.zone)
    if reason is not None:
        notes.append(f"Open and closed conversations cannot be counted: {reason}")
    elif requested is not None and not (facts[CREATED] < requested.start).any():
        notes.append(
            f"The data has no conversation from before {requested.text}: older ones that were "
            "still open are missing, unless the workspace is new."
        )
    return Facts(facts.frame, facts.zone, period, coverage).noted(*facts.notes, *notes)


def _steps(
    facts: Facts, closed_at: pd.Series, every: str, period: Period | None
) -> tuple[pd.DatetimeIndex, np.ndarray]:
    """Return the first days of the steps, and the edges between them as epoch seconds."""
    # A close that is still to come, as imports leave it, does not make the series longer.
    latest = max(now(), facts[CREATED].max()) if len(facts) else now()
    times = pd.concat([facts[CREATED], closed_at[closed_at <= latest]])
    if period is not None:
        if period.days <= 0:
            return pd.DatetimeIndex([]), np.array([0], dtype="int64")
        times = pd.Series([period.start, period.end - pd.Timedelta(seconds=1)])
    local = times.dt.tz_convert(facts.zone).dt.tz_localize(None)
    index = every_start(local.dt.to_period(FREQUENCIES[every]).dt.start_time, every)
    if index.empty:
        return index, np.array([0], dtype="int64")
    last = (index[-1].to_period(FREQUENCIES[every]) + 1).start_time
    edges = [local_midnight(t, facts.zone) for t in [*index, last]]
    if period is not None:
        edges[-1] = min(edges[-1], period.end)
    return index, np.array([int(t.timestamp()) for t in edges], dtype="int64")


def _before(times: pd.Series, edges: np.ndarray) -> np.ndarray:
    seconds = times.dt.tz_localize(None).to_numpy("datetime64[s]").astype("int64")
    return np.searchsorted(np.sort(seconds), edges, side="left").astype("int64")


def _finding(frame: pd.DataFrame, every: str, *, is_part: bool) -> str:
    if frame.empty:
        return "No conversations."
    if frame["open"].isna().all():
        opened = formatting.plural(int(frame["opened"].sum()), "new conversation")
        return f"{opened}; the backlog is not known"
    first, last = int(frame["open"].iloc[0]), int(frame["open"].iloc[-1])
    if is_part:  # from the start of the period, not from the end of its first step
        first += int(frame["closed"].iloc[0]) - int(frame["opened"].iloc[0])
    top = largest(frame, "open")
    most = f"most: {int(top['open']):,} {formatting.when(top[every], every)}"
    now_open = formatting.plural(last, "open conversation")
    if last == first:
        return f"The backlog stayed at {now_open} ({most})"
    change = "grew" if last > first else "shrank"
    return f"The backlog {change} from {first:,} to {now_open} ({most})"
