"""Volume: new conversations by weekday and hour, and over time."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import formatting
from ..facts import read
from ..groups import WEEKDAYS, every_start, starts
from ..result import finish, metric
from ..stats import largest

_OFFSETS = {"day": pd.offsets.Day(), "week": pd.offsets.Week(), "month": pd.offsets.MonthBegin()}


@metric
def volume(conversations: Any, *, period: Any = None, zone: str = "UTC") -> pd.DataFrame:
    """Count new conversations by weekday and hour of the day.

    Definition: ``created_at`` on the clock of the zone; every conversation counts, whoever
    started it. ``per_week`` divides by the weeks between the first and the last instant of the data
    (or of the period, as far as the data covers it): conversations in an average week. When the
    clocks are set back, the repeated hour counts into one cell.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        period: Only conversations created in it.
        zone: Time zone of weekdays and hours.

    Returns 168 rows: weekday (0 is Monday), day (its name), hour (0 to 23), conversations (int64),
    per_week (float64).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.volume(df, zone="America/New_York").shape
    (168, 5)
    """
    facts = read(conversations, [], zone=zone, period=period)
    local = facts.local
    cells = pd.MultiIndex.from_product([range(7), range(24)], names=["weekday", "hour"])
    counted = local.groupby([local.dt.day_of_week, local.dt.hour]).size()
    counted.index.names = ["weekday", "hour"]
    frame = counted.reindex(cells, fill_value=0).rename("conversations").reset_index()
    frame.insert(1, "day", frame["weekday"].map(lambda day: WEEKDAYS[day]))
    frame["conversations"] = frame["conversations"].astype("int64")
    first = facts.period.start if facts.period else local.min()
    last = facts.period.end if facts.period else local.max()
    weeks = 1.0 if len(facts) == 0 else max(1.0, (last - first).total_seconds() / 604_800)
    frame["per_week"] = frame["conversations"] / weeks
    return finish(
        frame,
        "volume",
        facts,
        finding=_finding(frame, len(facts)),
        chart={"kind": "week"},
        counts={"conversations": len(facts)},
        weeks=weeks,
    )


@metric
def volume_trend(
    conversations: Any, every: str = "week", *, period: Any = None, zone: str = "UTC"
) -> pd.DataFrame:
    """Count new conversations per day, week or month.

    Definition: ``created_at`` on the clock of the zone; every conversation counts. With a period,
    there is a row for each of its steps that the data covers, else from the first conversation to
    the last. ``complete`` is False for a step that the period or the data covers in part only.

    Returns one row per step: the step's first day (a column named as ``every``), conversations
    (int64), complete (bool).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.volume_trend(df, "month").columns.tolist()
    ['month', 'conversations', 'complete']
    """
    facts = read(conversations, [], zone=zone, period=period)
    key = starts(facts, every)
    index = every_start(key, every, facts)
    counts = key.groupby(key).size().reindex(index, fill_value=0).astype("int64")
    frame = pd.DataFrame({every: index, "conversations": counts.to_numpy()})
    edges = facts.edges
    ends = frame[every] + _OFFSETS[every]
    frame["complete"] = False if edges is None else (frame[every] >= edges[0]) & (ends <= edges[1])
    return finish(
        frame,
        "volume_trend",
        facts,
        finding=_trend_finding(frame, every),
        chart={"kind": "count_line", "by": every, "value": "conversations"},
        counts={"conversations": len(facts)},
    )


def _finding(frame: pd.DataFrame, total: int) -> str:
    if total == 0:
        return "No conversations."
    top = largest(frame, "conversations")
    weekend = int(frame.loc[frame["weekday"] >= 5, "conversations"].sum())
    return (
        f"Busiest on {top['day']} from {top['hour']}:00 to {(top['hour'] + 1) % 24}:00 "
        f"({formatting.plural(int(top['conversations']), 'conversation')}); "
        f"{formatting.percent(weekend / total)} of conversations start at the weekend "
        f"({weekend:,} of {total:,})"
    )


def _trend_finding(frame: pd.DataFrame, every: str) -> str:
    whole = frame[frame["complete"]]
    if whole.empty:
        count = formatting.plural(int(frame["conversations"].sum()), "conversation")
        return f"{count}, no complete {every}"
    top = largest(whole, "conversations")
    return (
        f"Most conversations {formatting.when(top[every], every)}: "
        f"{formatting.number(top['conversations'])} vs "
        f"{formatting.number(whole['conversations'].median())} in a median {every}"
    )
