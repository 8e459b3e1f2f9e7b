"""By what a metric is split: team, teammate, week, channel, or any column."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..errors import InvalidParameterError
from ..frames.read.columns import STRING
from .facts import Facts
from .names import NONE, names_for

# What people say -> the API's column.
COLUMNS = {
    "team": "team_assignee_id",
    "teammate": "admin_assignee_id",
    "channel": "source.type",
    "priority": "priority",
    "state": "state",
}
TIMES = ("day", "week", "month", "hour", "weekday")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M"}


@dataclasses.dataclass(frozen=True)
class Groups:
    """The group of every row, and what the groups are called."""

    by: str | None
    key: pd.Series
    names: Mapping[str, str]
    index: pd.Index[Any] | None = None

    @property
    def is_time(self) -> bool:
        """Whether the groups follow each other in time."""
        return self.by in _FREQUENCIES

    def table(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Turn numbers indexed by group into a tidy frame: what the group is, then the numbers.

        Times stay in order, with a row for every time between the first and the last; other
        groups come with the largest first (by the first column of numbers).
        """
        if self.by is None:
            return numbers.reset_index(drop=True)
        if self.index is not None:
            numbers = numbers.reindex(self.index)
            for name in set(numbers.columns) - _NOT_COUNTS:
                numbers[name] = numbers[name].fillna(0)
            labels: Any = numbers.index
        else:
            labels = pd.array([self.names.get(k, k) for k in numbers.index], dtype=STRING)
        tidy = numbers.reset_index(drop=True)
        tidy.insert(0, self.by, labels)
        if self.by in {"team", "teammate"}:
            tidy.insert(1, f"{self.by}_id", pd.array(list(numbers.index), dtype=STRING))
            tidy.loc[tidy[f"{self.by}_id"] == NONE, f"{self.by}_id"] = pd.NA
        if self.index is None:
            first = str(numbers.columns[0])
            tidy = tidy.sort_values([first, self.by], ascending=[False, True], kind="stable")
        return tidy.reset_index(drop=True)


# Columns that a group without conversations leaves empty rather than 0.
_NOT_COUNTS = frozenset(
    {"median", "p75", "p90", "share", "low", "high", "mean", "reply_share", "resolution_rate"}
)


def columns_for(by: str | None) -> list[str]:
    """Name the columns that grouping needs."""
    if by is None or by in TIMES:
        return []
    return [COLUMNS.get(by, by)]


def group(facts: Facts, by: str | None, names: Any = None) -> Groups:
    """Put every row into its group; those without one are a group of their own, never dropped."""
    if by is None:
        return Groups(None, pd.Series("all", index=facts.frame.index), {})
    if by in _FREQUENCIES:
        return _by_time(facts, by)
    if by in TIMES:
        number = facts.local.dt.hour if by == "hour" else facts.local.dt.day_of_week
        return Groups(by, number, {}, pd.RangeIndex(24 if by == "hour" else 7))
    column = facts[COLUMNS.get(by, by)]
    if any(isinstance(value, list) for value in column):
        raise InvalidParameterError(
            f"{by} holds lists, so a row can be in several groups; use pareto or trend for it."
        )
    return Groups(by, column.astype(object).where(column.notna(), NONE), names_for(by, names))


def starts(facts: Facts, every: str) -> pd.Series:
    """Give the first day of the day, week (a Monday) or month in which each row was created."""
    if every not in _FREQUENCIES:
        raise InvalidParameterError(f"{every!r} is no step; there is: {', '.join(_FREQUENCIES)}.")
    steps = facts.local.dt.tz_localize(None).dt.to_period(_FREQUENCIES[every])
    first: pd.Series = steps.dt.start_time
    return first


def _by_time(facts: Facts, by: str) -> Groups:
    key = starts(facts, by)
    return Groups(by, key, {}, every_start(key, by))


def every_start(key: pd.Series, by: str) -> pd.DatetimeIndex:
    """Give all days, weeks or months from the first to the last that there is."""
    if key.empty:
        return pd.DatetimeIndex([])
    frequency = _FREQUENCIES[by]
    return pd.period_range(key.min(), key.max(), freq=frequency).start_time
