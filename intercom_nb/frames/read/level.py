"""Objects turned into columns: the values of one key for all records at once.

A page of records is turned into Arrow arrays at once, while its values are in the processor's
cache; that costs a fifth of doing it for all pages at the end (20 against 100 ns a value).
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
from msgspec.structs import astuple

Values: TypeAlias = "pa.Array | list[Any]"
"""One value per object: an Arrow array if all of them are of one plain type, else a list."""

TEXT = pa.large_string()
"""The Arrow type of text in pandas."""

ARROW_TYPES: dict[type, pa.DataType] = {
    str: TEXT,
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
}

BLOCK = 600
_NONE = type(None)


@dataclasses.dataclass
class Lists:
    """A list of objects per record: how many it has (-1: there is no list), and all of them.

    ``skipped`` counts the entries that were left out: nulls, empty objects and whatever else is
    not an object. ``is_odd`` is set if there was nothing but entries of that last kind.
    """

    counts: np.ndarray[Any, Any]
    items: Level
    skipped: int = 0
    is_odd: bool = False

    def owners(self) -> pa.Array:
        """Return for each object the position of the record that it belongs to."""
        return pa.array(np.repeat(np.arange(len(self.counts)), np.maximum(self.counts, 0)))

    def split(self, values: list[Any]) -> list[list[Any] | None]:
        """Return values, one per object, as a list per record."""
        ends = np.cumsum(np.maximum(self.counts, 0)).tolist()
        starts = [0, *ends]
        return [
            None if count < 0 else values[start:end]
            for count, start, end in zip(self.counts.tolist(), starts, ends, strict=False)
        ]

    def take(self, rows: np.ndarray[Any, Any]) -> Lists:
        """Return the lists at some positions."""
        counts = np.maximum(self.counts, 0)
        starts, wanted = (np.cumsum(counts) - counts)[rows], counts[rows]
        shifts = np.repeat(starts - (np.cumsum(wanted) - wanted), wanted)
        items = self.items.take(shifts + np.arange(len(shifts)))
        return Lists(self.counts[rows], items, self.skipped, self.is_odd)


class ColumnBlock:
    """Objects that follow each other: ``count`` of them, as a column for each of their keys."""

    def __init__(self, count: int, columns: dict[str, Values | ColumnBlock | Lists]) -> None:
        self.count = count
        self.columns = columns

    def get(self, key: str) -> Values:
        """Return the value of a key for each object, None where it is missing."""
        column = self.columns.get(key)
        if isinstance(column, Lists):
            return column.split([{}] * len(column.items))
        return pa.nulls(self.count) if column is None or isinstance(column, ColumnBlock) else column

    def inner(self, key: str) -> tuple[ColumnBlock, list[Any] | None]:
        """Return the objects at a key, and what is there instead of objects, if anything."""
        column = self.columns.get(key)
        if isinstance(column, ColumnBlock):
            return column, None
        values = as_list(self.get(key))
        odd = None
        if not set(map(type, values)) <= {dict, _NONE}:
            odd = [None if type(v) is dict else v for v in values]
        return run_of_dicts([v if type(v) is dict else {} for v in values]), odd

    def lists(self, key: str) -> Lists:
        """Return the lists of objects at a key."""
        column = self.columns.get(key)
        return column if isinstance(column, Lists) else _object_lists(as_list(self.get(key)))


class Level:
    """The objects at one path, one per record: runs, of which only some rows may be wanted."""

    def __init__(
        self, runs: Sequence[ColumnBlock], rows: np.ndarray[Any, Any] | None = None
    ) -> None:
        self._runs = runs
        self._rows = rows

    def __len__(self) -> int:
        return sum(run.count for run in self._runs) if self._rows is None else len(self._rows)

    def take(self, rows: np.ndarray[Any, Any]) -> Level:
        """Return the level of the objects at some positions."""
        return Level(self._runs, rows if self._rows is None else self._rows[rows])

    def key_names(self) -> list[str]:
        """Return the keys that any of the objects has, sorted.

        So the order of columns does not depend on the order of records.
        """
        return sorted(set().union(*(run.columns for run in self._runs)))

    def get(self, key: str) -> Values:
        """Return the value of a key for each object, None where it is missing."""
        return self._taken(_concatenated([run.get(key) for run in self._runs]))

    def inner(self, key: str) -> tuple[Level, Values | None]:
        """Return the objects at a key, and what is there instead of objects, if anything."""
        found = [run.inner(key) for run in self._runs]
        level = Level([run for run, _ in found], self._rows)
        if all(odd is None for _, odd in found):
            return level, None
        return level, self._taken([v for run, odd in found for v in odd or [None] * run.count])

    def lists(self, key: str) -> Lists | None:
        """Return the lists of objects at a key; None if there are only entries of other kinds."""
        found = [run.lists(key) for run in self._runs]
        if any(lists.is_odd for lists in found) and not any(len(lists.items) for lists in found):
            return None
        counts = np.concatenate([np.empty(0, np.intp), *(lists.counts for lists in found)])
        runs = [run for lists in found for run in lists.items._runs]
        lists = Lists(counts, Level(runs), sum(lists.skipped for lists in found))
        return lists if self._rows is None else lists.take(self._rows)

    def _taken(self, values: Values) -> Values:
        if self._rows is None:
            return values
        if isinstance(values, pa.Array):
            return values.take(pa.array(self._rows))
        return [values[row] for row in self._rows.tolist()]


def runs_of(objects: Sequence[Any]) -> list[ColumnBlock]:
    """Return the runs of some objects, each a dict or a generated struct.

    >>> [run.get("a") for run in runs_of([{"a": 1}, {"a": "x"}])]
    [[1, 'x']]
    """
    runs: list[ColumnBlock] = []
    for kind, same in itertools.groupby(objects, type):
        of_kind = list(same)
        for start in range(0, len(of_kind), BLOCK):
            block = of_kind[start : start + BLOCK]
            runs.append(run_of_dicts(block) if kind is dict else _run_of_structs(kind, block))
    return runs


def run_of_dicts(dicts: Sequence[dict[str, Any]]) -> ColumnBlock:
    """Return the run of some dicts."""
    keys = dict.fromkeys(itertools.chain.from_iterable(dicts))
    return ColumnBlock(
        len(dicts), {key: _values([each.get(key) for each in dicts]) for key in keys}
    )


def _run_of_structs(kind: Any, objects: Sequence[Any]) -> ColumnBlock:
    columns: dict[str, Values | ColumnBlock | Lists] = {}
    rows = zip(*map(astuple, objects), strict=True)
    for key, values in zip(kind.__struct_encode_fields__, rows, strict=True):
        if key in kind.objects:
            blank = kind.objects[key]()
            columns[key] = _run_of_structs(kind.objects[key], [v or blank for v in values])
        elif key in kind.lists:
            columns[key] = _struct_lists(kind.lists[key], values)
        elif key not in kind.undeclared:
            columns[key] = _values(values)
        elif any(value is not msgspec.UNSET for value in values):
            columns[key] = _values([None if v is msgspec.UNSET else v for v in values])
    return ColumnBlock(len(objects), columns)


def _struct_lists(kind: Any, lists: Sequence[list[Any] | None]) -> Lists:
    counts = np.array([-1 if each is None else len(each) for each in lists], np.intp)
    items = list(itertools.chain.from_iterable(filter(None, lists)))
    if None in items or kind() in items:
        return _object_lists(lists)
    return Lists(counts, Level(runs_of(items)))


def _object_lists(values: Sequence[Any]) -> Lists:
    """Return the lists among some values, without the entries that are not objects."""
    lists = [v if isinstance(v, list) else None for v in values]
    entries = list(itertools.chain.from_iterable(filter(None, lists)))
    kept = [v and [entry for entry in v if _is_object(entry)] for v in lists]
    items = list(itertools.chain.from_iterable(filter(None, kept)))
    odd = sum(v is not None and not isinstance(v, list) for v in values)
    is_odd = not items and (odd > 0 or not all(map(_is_nothing, entries)))
    counts = np.array([-1 if each is None else len(each) for each in kept], np.intp)
    return Lists(counts, Level(runs_of(items)), odd + len(entries) - len(items), is_odd)


def _is_object(entry: Any) -> bool:
    return isinstance(entry, (dict, msgspec.Struct)) and not _is_nothing(entry)


def _is_nothing(entry: Any) -> bool:
    if isinstance(entry, (dict, msgspec.Struct)):
        return bool(entry == type(entry)())
    return entry is None


def _values(values: Sequence[Any]) -> Values:
    first = next((v for v in values if v is not None), None)
    if first is None:
        return pa.nulls(len(values))
    kind = type(first)
    # Arrow refuses what is not text or not a flag, but takes numbers of one type for the other.
    if kind in (str, bool) or (kind in (int, float) and set(map(type, values)) <= {kind, _NONE}):
        try:
            return pa.array(values, ARROW_TYPES[kind])
        except (pa.ArrowTypeError, pa.ArrowInvalid, OverflowError):
            pass  # of several types, or whole numbers beyond 64 bits
    return list(values)


def as_list(values: Values) -> list[Any]:
    """Return values as a list."""
    return values.to_pylist() if isinstance(values, pa.Array) else values


def _concatenated(parts: Sequence[Values]) -> Values:
    arrays = [part for part in parts if isinstance(part, pa.Array)]
    kinds = {array.type for array in arrays if not pa.types.is_null(array.type)}
    if len(arrays) < len(parts) or len(kinds) > 1:
        return list(itertools.chain.from_iterable(map(as_list, parts)))
    if not kinds:
        return pa.nulls(sum(map(len, arrays)))
    [kind] = kinds
    return pa.concat_arrays([a if a.type == kind else pa.nulls(len(a), kind) for a in arrays])
