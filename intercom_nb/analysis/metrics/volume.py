"""Volume: new conversations by weekday and hour, and over time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import formatting
from ..facts import Facts, read
from ..groups import FREQUENCIES, WEEKDAYS, By, Split, every_start, in_groups, one_dimension, starts
from ..periods import local_midnight
from ..result import finish, metric
from ..stats import largest

_OFFSETS = {"day": pd.offsets.Day(), "week": pd.offsets.Week(), "month": pd.offsets.MonthBegin()}


@metric
def volume(
    conversations: Any,
    by: By = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Count new conversations by weekday and hour of the day.

    Definition: ``created_at`` on the clock of the zone; every conversation counts, whoever
    started it. ``per_week`` divides by the weeks between the first and the last instant of the data
    (or of the period, as far as the data covers it), or by those of the group's week or month:
    conversations in an average week. When the clocks are set back, the repeated hour counts into
    one cell.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: One dimension as in ``first_reply``, but not hour, weekday or day.
        period: Only conversations created in it.
        zone: Time zone of weekdays and hours.
        names: Names of teams and teammates.

    Returns 168 rows, for each group: weekday (0 is Monday), day (its name), hour (0 to 23),
    conversations (int64), per_week (float64).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.volume(df, zone="America/New_York").shape
    (168, 5)
    """
    why = "weekday and hour are its own dimensions"
    by = one_dimension(by, "volume", ("hour", "weekday", "day"), why)
    split = Split.of(by, names, conversations)
    facts = read(conversations, split.columns, zone=zone, period=period)
    groups = split.group(facts)
    step = groups.by[0] if groups.is_time else None
    frame = groups.each(facts, lambda part: _week(part, _weeks(facts, part, step)))
    weeks = _weeks(facts, facts, None)
    whole = frame if not groups.by else _week(facts, weeks)
    return finish(
        frame,
        "volume",
        facts.noted(*groups.notes),
        finding=_finding(whole, len(facts)) + in_groups(frame, groups, "conversations", len(facts)),
        chart={
            "kind": "week" if not groups.by else "matrix",
            "by": [*groups.by, "hour"],
            "value": "conversations",
            "what": "new conversations by hour of the day",
            "n": "conversations",
            "unit": "conversations",
            "is_grid": True,
        },
        counts={"conversations": len(facts)},
        weeks=weeks,
    )


@metric
def volume_trend(
    conversations: Any,
    every: str = "week",
    by: By = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Count new conversations per day, week or month.

    Definition: ``created_at`` on the clock of the zone; every conversation counts. With a period,
    there is a row for each of its steps that the data covers, else from the first conversation to
    the last. ``complete`` is False for a step that the period or the data covers in part only.
    ``by`` is one more dimension, as in ``first_reply``, but not another step of time.

    Returns one row per group and step: the step's first day (a column named as ``every``),
    conversations (int64), complete (bool).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.volume_trend(df, "month").columns.tolist()
    ['month', 'conversations', 'complete']
    """
    why = "it is counted by a step of time already"
    split = Split.of(one_dimension(by, "volume_trend", FREQUENCIES, why), names, conversations)
    facts = read(conversations, split.columns, zone=zone, period=period)
    groups = split.group(facts)
    index = every_start(starts(facts, every), every, facts)
    frame = groups.each(facts, lambda part: _steps(part, every, index))
    whole = frame if not groups.by else _steps(facts, every, index)
    edges = facts.edges
    for counted in (frame, whole):
        ends = counted[every] + _OFFSETS[every]
        inside = edges is not None and (counted[every] >= edges[0]) & (ends <= edges[1])
        counted["complete"] = inside
    return finish(
        frame,
        "volume_trend",
        facts.noted(*groups.notes),
        finding=_trend_finding(whole, every)
        + in_groups(frame, groups, "conversations", len(facts)),
        chart={
            "kind": "count_line" if not groups.by else "matrix",
            "by": every if not groups.by else [groups.by[0], every],
            "value": "conversations",
            "what": f"conversations per {every}",
            "n": "conversations",
            "unit": "conversations",
        },
        counts={"conversations": len(facts)},
    )


def _weeks(facts: Facts, part: Facts, step: str | None) -> float:
    """Return the length of the data, or of its part in one week or month, in weeks."""
    if not len(part):
        return 1.0
    first = facts.period.start if facts.period else facts.local.min()
    last = facts.period.end if facts.period else facts.local.max()
    if step is not None:
        begin = starts(part, step).iloc[0]
        edges = (begin, begin + _OFFSETS[step])
        start, end = (local_midnight(edge, facts.zone) for edge in edges)
        first, last = max(first, start), min(last, end)
    return max(1.0, (last - first).total_seconds() / 604_800)


def _week(facts: Facts, weeks: float) -> pd.DataFrame:
    """Return the 168 hours of the week."""
    local = facts.local
    cells = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    counted = local.groupby([local.dt.day_of_week, local.dt.hour]).size()
    counted.index.names = ["weekday", "hour"]
    frame = counted.reindex(cells, fill_value=0).rename("conversations").reset_index()
    frame.insert(1, "day", frame["weekday"].map(lambda day: WEEKDAYS[day]))
    frame["conversations"] = frame["conversations"].astype("int64")
    frame["per_week"] = frame["conversations"] / weeks
    return frame


def _steps(facts: Facts, every: str, index: pd.DatetimeIndex) -> pd.DataFrame:
    key = starts(facts, every)
    counts = key.groupby(key).size().reindex(index, fill_value=0).astype("int64")
    return pd.DataFrame({every: index, "conversations": counts.to_numpy()})


def _finding(frame: pd.DataFrame, total: int) -> str:
    if total == 0:
        return "No conversations."
    top = largest(frame, "conversations")
    weekend = int(frame.loc[frame["weekday"] >= 5, "conversations"].sum())
    return (
        f"Busiest on {top['day']} from {top['hour']}:00 to {(top['hour'] + 1) % 24}:00 "
        f"({formatting.plural(int(top['conversations']), 'conversation')}); "
        f"{formatting.percent(weekend / total)} of conversations start on weekends "
        f"({weekend:,} of {total:,})"
    )


def _trend_finding(frame: pd.DataFrame, every: str) -> str:
    if not frame["conversations"].any():
        return "No conversations."
    whole = frame[frame["complete"]]
    if whole.empty:
        count = formatting.plural(int(frame["conversations"].sum()), "conversation")
        return f"{count}, no complete {every}"
    top = largest(whole, "conversations")
    return (
        f"Most conversations {formatting.when(top[every], every)}: "
        f"{formatting.number(top['conversations'])} vs "
        f"{formatting.number(whole['conversations'].median())} {formatting.median_of(every)}"
    )
