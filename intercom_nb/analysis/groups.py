"""Groups of conversations: by team, teammate, time, tag, topic, or any column, one or several."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InvalidParameterError, did_you_mean
from ..frames.read.columns import STRING
from . import formatting
from .attribution import CREDITS, column_of, credited
from .facts import COLUMNS, TIMES, Facts
from .formatting import KINDS
from .names import NONE, names_for, topic_names

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FREQUENCIES = {"day": "D", "week": "W-SUN", "month": "M"}
_CLOCKS = {"hour": 24, "weekday": 7}  # numbers of groups, also of those without rows
_WITH_IDS = frozenset({"team", "teammate", "tag", "topic", "tags", "topics"})
# Columns that a group without conversations leaves missing rather than 0.
_NOT_COUNTS = frozenset(
    {"median", "p75", "p90", "share", "low", "high", "mean", "reply_share", "resolution_rate"}
    | {"longest"}
)

By = str | Sequence[str] | None


@dataclasses.dataclass(frozen=True)
class Split:
    """Dimensions of a metric, with names and the credit of conversations to teammates.

    ``source`` is read for credits that depend on messages.
    """

    by: tuple[str, ...]
    names: Any
    credit: str
    source: Any

    @classmethod
    def of(cls, by: By, names: Any, source: Any, credit: str = "assigned") -> Split:
        """Check the dimensions of ``by=`` and the credit; raises InvalidParameterError."""
        dimensions = _dimensions(by)
        if len(set(dimensions)) != len(dimensions) or len(dimensions) > 2:
            raise InvalidParameterError(
                f"by={by!r}: use one dimension, or a list of two different ones."
            )
        if credit not in CREDITS:
            raise InvalidParameterError(
                f"{credit!r} is not a valid credit.{did_you_mean(credit, CREDITS)}"
            )
        if isinstance(names, pd.DataFrame | Mapping):
            names_for("team", names)  # refused here rather than after reading
        return cls(dimensions, names, credit, source)

    @property
    def columns(self) -> list[str]:
        """The columns that grouping needs."""
        chosen = []
        for name in self.by:
            if name == "teammate":
                chosen.append(column_of(self.credit))
            elif name not in TIMES:
                chosen.append(COLUMNS.get(name, name))
        return chosen

    def group(self, facts: Facts) -> Groups:
        """Assign every row to its group, or to several if a column holds lists.

        Rows without a value form a group of their own; they are never dropped.
        """
        rows = np.arange(len(facts))
        if not self.by:
            return Groups((), rows, [pd.Series("all", index=range(len(facts)))], (), ())
        dimensions = [self._dimension(name, facts) for name in self.by]
        notes = []
        for dimension in dimensions:
            if dimension.is_list:
                kind = KINDS.get(dimension.name, dimension.name)
                notes.append(
                    f"By {kind}: a conversation counts once for each of its values, so groups can "
                    "add up to more than the total."
                )
        rows, keys = _explode(rows, [d.key for d in dimensions])
        return Groups(self.by, rows, keys, tuple(dimensions), tuple(notes))

    def _dimension(self, name: str, facts: Facts) -> Dimension:
        if name in FREQUENCIES:
            key = starts(facts, name)
            return Dimension(name, key, {}, every_start(key, name, facts))
        if name in _CLOCKS:
            number = facts.local.dt.hour if name == "hour" else facts.local.dt.day_of_week
            return Dimension(name, number, {}, pd.RangeIndex(_CLOCKS[name]))
        if name == "teammate":
            key = credited(facts, self.credit, self.source)
        else:
            key = facts[COLUMNS.get(name, name)]
        key = key.astype(object).where(key.notna(), NONE)
        kind = KINDS.get(name, name)
        known = names_for(kind, self.names)
        if kind == "topic" and not known:
            known = topic_names(self.source)
        return Dimension(name, key, known, None)


@dataclasses.dataclass(frozen=True)
class Dimension:
    """One dimension of a split: the key of every row, names of keys, and all steps of a time."""

    name: str
    key: pd.Series
    names: Mapping[str, str]
    index: pd.Index[Any] | None

    @property
    def is_list(self) -> bool:
        """Whether rows can have several keys."""
        return self.index is None and any(isinstance(value, list) for value in self.key)

    def labels(self, keys: Any) -> Any:
        """Return what the keys are called."""
        if self.index is not None:
            return keys
        return pd.array([self.names.get(key, key) for key in keys], dtype=STRING)


@dataclasses.dataclass(frozen=True)
class Groups:
    """The groups of all rows; ``rows`` are positions, repeated for rows in several groups."""

    by: tuple[str, ...]
    rows: np.ndarray
    keys: list[pd.Series]
    dimensions: tuple[Dimension, ...]
    notes: tuple[str, ...]

    @property
    def name(self) -> str | list[str] | None:
        """The dimensions as the caller wrote them: None, one name, or a list."""
        return None if not self.by else self.by[0] if len(self.by) == 1 else list(self.by)

    @property
    def is_time(self) -> bool:
        """Whether there is one dimension, whose groups follow each other in time."""
        return len(self.by) == 1 and self.by[0] in FREQUENCIES

    def group(self, values: pd.Series) -> Any:
        """Group a column of the facts by the keys."""
        return values.take(self.rows).reset_index(drop=True).groupby(self.keys, sort=True)

    def count(self, flags: pd.DataFrame) -> pd.DataFrame:
        """Return ``conversations`` and the sum of each flag, per group."""
        repeated = flags.astype("bool").take(self.rows).reset_index(drop=True)
        numbers = repeated.groupby(self.keys, sort=True).sum().astype("int64")
        sizes = pd.Series(1, index=repeated.index).groupby(self.keys, sort=True).sum()
        numbers.insert(0, "conversations", sizes.astype("int64"))
        return numbers

    def table(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Turn numbers indexed by group into a tidy frame: names of the group, then the numbers.

        Times stay in order, with a row for every step; other groups are sorted by the first
        column of numbers, the largest first.
        """
        if not self.by:
            return numbers.reset_index(drop=True)
        numbers = self._with_all_times(numbers)
        levels = [numbers.index.get_level_values(i) for i in range(len(self.by))]
        tidy = self._named(numbers.reset_index(drop=True), levels)
        return self._sorted(tidy, str(numbers.columns[0]))

    def each(self, facts: Facts, measure: Callable[[Facts], pd.DataFrame]) -> pd.DataFrame:
        """Measure each group on its own; times in order, other groups the largest first.

        Returns the names of the group, then the columns of its frame. Without a dimension, the
        frame of all rows.
        """
        if not self.by:
            return measure(facts)
        parts = [
            (-len(rows), key, dataclasses.replace(facts, frame=facts.frame.take(rows.to_numpy())))
            for (key,), rows in pd.Series(self.rows).groupby(self.keys, sort=True)
        ]
        if self.dimensions[0].index is None:
            parts.sort(key=lambda part: part[:2])
        found = []
        for _, key, part in parts:
            frame = measure(part)
            found.append(self._named(frame, [[key] * len(frame)]))
        return (
            pd.concat(found, ignore_index=True)
            if found
            else self._named(measure(facts).head(0), [[]])
        )

    def _named(self, tidy: pd.DataFrame, levels: Sequence[Any]) -> pd.DataFrame:
        """Insert the names of the groups, and ids, before the other columns."""
        position = 0
        for dimension, keys in zip(self.dimensions, levels, strict=True):
            tidy.insert(position, dimension.name, dimension.labels(keys))
            position += 1
            if dimension.name in _WITH_IDS:
                ids = pd.array([None if key == NONE else key for key in keys], dtype=STRING)
                tidy.insert(position, f"{KINDS.get(dimension.name, dimension.name)}_id", ids)
                position += 1
        return tidy

    def _with_all_times(self, numbers: pd.DataFrame) -> pd.DataFrame:
        """Add the steps of time in which a group has no conversations."""
        if all(d.index is None for d in self.dimensions):
            return numbers
        if len(self.dimensions) == 1:
            index: Any = self.dimensions[0].index
        else:
            values = [
                numbers.index.get_level_values(i).unique() if d.index is None else d.index
                for i, d in enumerate(self.dimensions)
            ]
            index = pd.MultiIndex.from_product(values)
        numbers = numbers.reindex(index)
        for name in set(numbers.columns) - _NOT_COUNTS:
            numbers[name] = numbers[name].fillna(0)
        return numbers

    def _sorted(self, tidy: pd.DataFrame, first: str) -> pd.DataFrame:
        plain = [d.name for d in self.dimensions if d.index is None]
        times = [d.name for d in self.dimensions if d.index is not None]
        if not plain:
            return tidy.reset_index(drop=True)
        size = tidy.groupby(plain, sort=False, dropna=False)[first].transform("sum")
        order = tidy.assign(_size=size).sort_values(
            ["_size", *plain, *times], ascending=[False] + [True] * len(self.by), kind="stable"
        )
        if len(plain) == 2:
            order = tidy.sort_values([first, *plain], ascending=[False, True, True], kind="stable")
        return order.drop(columns="_size", errors="ignore").reset_index(drop=True)


def _dimensions(by: By) -> tuple[str, ...]:
    names: Any = () if by is None else (by,) if isinstance(by, str) else by
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise InvalidParameterError(
            f"by={by!r} is not a dimension. Use a name such as 'team', or a list of two."
        )
    return tuple(names)


def one_dimension(by: By, metric: str, refused: Collection[str], why: str) -> By:
    """Return ``by`` if a metric can be split by it; raises InvalidParameterError otherwise."""
    names = _dimensions(by)
    if len(names) > 1:
        raise InvalidParameterError(f"{metric} takes one dimension besides its own, not {by!r}.")
    if names and names[0] in refused:
        raise InvalidParameterError(f"{metric} cannot be split by {names[0]!r}: {why}.")
    return by


def in_groups(frame: pd.DataFrame, groups: Groups, count: str, total: int) -> str:
    """Return which group has the most of a total, to end a finding; nothing without groups."""
    if not groups.by or frame.empty:
        return ""
    sizes = frame.groupby(groups.by[0], sort=False)[count].sum()
    most = label_of(sizes.idxmax(), groups.by[0])
    return f"; most {most} ({int(sizes.max()):,} of {total:,})"


def label_of(value: Any, dimension: str) -> str:
    """Return a group as it stands in a sentence: "for Billing", "in Jun 2026"."""
    if dimension in FREQUENCIES:
        return formatting.when(value, dimension)
    if dimension == "hour":
        return f"for conversations started between {int(value)}:00 and {(int(value) + 1) % 24}:00"
    if dimension == "weekday":
        return f"for conversations started on a {WEEKDAYS[int(value)]}"
    if value == NONE:
        return f"without a {KINDS.get(dimension, dimension)}"
    return f"for {value}"


def subject_of(value: Any, dimension: str) -> str:
    """Return a group as the subject of a finding: "Billing", "Jun 2026", "the week of 8 Jun 2026".

    >>> subject_of("Billing", "team"), subject_of(NONE, "team")
    ('Billing', 'conversations without a team')
    """
    text = label_of(value, dimension)
    if value == NONE:
        return f"conversations {text}"
    # Only the preposition: a team may be called "on call".
    return text.partition(" ")[2]


def groups_text(by: tuple[str, ...], condition: str) -> str:
    """Return which groups a finding compares, such as "teams with at least 20".

    >>> groups_text(("team",), "with at least 20")
    'teams with at least 20'
    """
    plural = {**{n: f"{n}s" for n in (*COLUMNS, *TIMES)}, "priority": "priorities"}
    return f"{plural.get(by[0], 'groups') if len(by) == 1 else 'groups'} {condition}"


def extreme_text(row: Any, by: tuple[str, ...], share: str, condition: str, base: str) -> str:
    """Return the group with the extreme share, such as "for Billing, 26%".

    ``condition`` is "" or the one under which it is extreme, which counts the ``base``.
    """
    where = " and ".join(label_of(row[name], name) for name in by)
    among = f" (of {groups_text(by, condition)} {base})" if condition else ""
    return f"{where}, {share}{among}"


def check_step(every: Any) -> None:
    """Raise InvalidParameterError unless ``every`` is a step of time."""
    if not isinstance(every, str) or every not in FREQUENCIES:
        raise InvalidParameterError(
            f"{every!r} is not a valid step. Valid values: {', '.join(FREQUENCIES)}."
        )


def starts(facts: Facts, every: str) -> pd.Series:
    """Return the first day of the day, week (a Monday) or month in which each row was created."""
    check_step(every)
    steps = facts.local.dt.tz_localize(None).dt.to_period(FREQUENCIES[every])
    first: pd.Series = steps.dt.start_time
    return first


def every_start(key: pd.Series, by: str, facts: Facts | None = None) -> pd.DatetimeIndex:
    """Return all days, weeks or months from the first to the last, or of the facts' period."""
    frequency = FREQUENCIES[by]
    edges = None if facts is None or facts.period is None else facts.edges
    if edges is not None and edges[0] < edges[1]:
        last = edges[1] - pd.Timedelta(seconds=1)
        return pd.period_range(edges[0], last, freq=frequency).start_time
    if key.empty:
        return pd.DatetimeIndex([])
    return pd.period_range(key.min(), key.max(), freq=frequency).start_time


def _explode(rows: np.ndarray, keys: list[pd.Series]) -> tuple[np.ndarray, list[pd.Series]]:
    """Repeat the rows whose keys are lists, once for each distinct value."""
    plain = [key.reset_index(drop=True) for key in keys]
    if not any(isinstance(value, list) for key in plain for value in key):
        return rows, plain
    combined = [
        (row, *values)
        for row, entry in enumerate(zip(*plain, strict=True))
        for values in itertools.product(*map(_values, entry))
    ]
    columns: Any = zip(*combined, strict=True) if combined else [() for _ in range(len(keys) + 1)]
    positions, *exploded = [list(column) for column in columns]
    return np.asarray(positions, dtype="int64"), [
        pd.Series(values, dtype=key.dtype) for values, key in zip(exploded, plain, strict=True)
    ]


def _values(value: Any) -> list[Any]:
    if not isinstance(value, list):
        return [value]
    return list(dict.fromkeys(value)) or [NONE]
