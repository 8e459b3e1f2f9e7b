"""Objects turned into columns: the values of one key for all records at once."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from .columns import Values, as_list, concatenated, split, values_of

BLOCK = 600
"""Records in a block of columns: each block and column costs some microseconds."""

_NONE = type(None)


@dataclasses.dataclass
class Lists:
    """A list of objects per record: how many it has (-1: not a list), and all of them.

    ``counts`` are of type intp: np.repeat refuses wider ones than an index (32 bits in Pyodide).
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

    def grouped(self, values: Values) -> Values:
        """Return values, one per object, as a list per record."""
        if not isinstance(values, pa.Array):
            return split(values, self.counts)
        offsets = np.cumsum([0, *np.maximum(self.counts, 0)])
        is_null = np.append(self.counts < 0, False)
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32(), mask=is_null), values)

    def values(self) -> list[list[Any] | None]:
        """Return the lists as values; an empty object stands for each entry that was left out."""
        lists = split(self.items.dicts(), self.counts)
        if self.skipped:
            next(each for each in lists if each is not None).extend([{}] * self.skipped)
        return lists

    def take(self, rows: np.ndarray[Any, Any]) -> Lists:
        """Return the lists at some positions."""
        counts = np.maximum(self.counts, 0)
        starts, wanted = (np.cumsum(counts) - counts)[rows], counts[rows]
        shifts = np.repeat(starts - (np.cumsum(wanted) - wanted), wanted)
        items = self.items.take(shifts + np.arange(len(shifts)))
        return Lists(self.counts[rows], items, self.skipped, self.is_odd)


class ColumnBlock:
    """Objects that follow each other: ``count`` of them, as a column for each of their keys."""

    def __init__(self, count: int, columns: Mapping[str, Values | ColumnBlock | Lists]) -> None:
        self.count = count
        self.columns = columns

    def get(self, key: str) -> Values:
        """Return the value of a key for each object, None where it is missing."""
        column = self.columns.get(key)
        if isinstance(column, Lists):
            return column.values()
        return pa.nulls(self.count) if column is None or isinstance(column, ColumnBlock) else column

    def dicts(self) -> list[dict[str, Any]]:
        """Return the objects, each with all keys of the block."""
        columns = [
            column.dicts() if isinstance(column, ColumnBlock) else as_list(self.get(key))
            for key, column in self.columns.items()
        ]
        if not columns:
            return [{} for _ in range(self.count)]
        return [dict(zip(self.columns, row, strict=True)) for row in zip(*columns, strict=True)]

    def inner(self, key: str) -> tuple[ColumnBlock, list[Any] | None]:
        """Return the objects at a key, and what is there instead of objects, if anything."""
        column = self.columns.get(key)
        if column is None:
            return ColumnBlock(self.count, {}), None
        if isinstance(column, ColumnBlock):
            return column, None
        values = as_list(self.get(key))
        odd = None
        if not set(map(type, values)) <= {dict, _NONE}:
            odd = [None if type(v) is dict else v for v in values]
        return block_of([v if type(v) is dict else {} for v in values]), odd

    def lists(self, key: str) -> Lists:
        """Return the lists of objects at a key."""
        column = self.columns.get(key)
        if column is None:
            return Lists(np.full(self.count, -1, np.intp), Level([]))
        return column if isinstance(column, Lists) else _object_lists(as_list(self.get(key)))


class Level:
    """The objects at one path, one per record: blocks, of which only some rows may be wanted."""

    def __init__(
        self, blocks: Sequence[ColumnBlock], rows: np.ndarray[Any, Any] | None = None
    ) -> None:
        self._blocks = blocks
        self._rows = rows

    def __len__(self) -> int:
        return sum(block.count for block in self._blocks) if self._rows is None else len(self._rows)

    def take(self, rows: np.ndarray[Any, Any]) -> Level:
        """Return the level of the objects at some positions."""
        return Level(self._blocks, rows if self._rows is None else self._rows[rows])

    def dicts(self) -> list[dict[str, Any]]:
        """Return all objects of the blocks."""
        return [each for block in self._blocks for each in block.dicts()]

    def key_names(self) -> list[str]:
        """Return the keys that any of the objects has, sorted.

        So the order of columns does not depend on the order of records.
        """
        return sorted(set().union(*(block.columns for block in self._blocks)))

    def get(self, key: str) -> Values:
        """Return the value of a key for each object, None where it is missing."""
        return self._taken(concatenated([block.get(key) for block in self._blocks]))

    def inner(self, key: str) -> tuple[Level, Values | None]:
        """Return the objects at a key, and what is there instead of objects, if anything."""
        found = [block.inner(key) for block in self._blocks]
        level = Level([block for block, _ in found], self._rows)
        if all(odd is None for _, odd in found):
            return level, None
        return level, self._taken([v for block, odd in found for v in odd or [None] * block.count])

    def lists(self, key: str) -> Lists | None:
        """Return the lists of objects at a key; None if there are only entries of other kinds."""
        found = [block.lists(key) for block in self._blocks]
        if any(lists.is_odd for lists in found) and not any(len(lists.items) for lists in found):
            return None
        counts = np.concatenate([np.empty(0, np.intp), *(lists.counts for lists in found)])
        blocks = [block for lists in found for block in lists.items._blocks]
        lists = Lists(counts, Level(blocks), sum(lists.skipped for lists in found))
        return lists if self._rows is None else lists.take(self._rows)

    def _taken(self, values: Values) -> Values:
        if self._rows is None:
            return values
        if isinstance(values, pa.Array):
            return values.take(pa.array(self._rows))
        return [values[row] for row in self._rows.tolist()]


def blocks_of(dicts: Sequence[dict[str, Any]]) -> list[ColumnBlock]:
    """Return the blocks of some dicts.

    >>> [block.get("a") for block in blocks_of([{"a": 1}, {"a": "x"}])]
    [[1, 'x']]
    """
    return [block_of(dicts[start : start + BLOCK]) for start in range(0, len(dicts), BLOCK)]


def block_of(dicts: Sequence[dict[str, Any]]) -> ColumnBlock:
    """Return the block of some dicts."""
    keys = dict.fromkeys(itertools.chain.from_iterable(dicts))
    columns = {k: values_of(list(map(dict.get, dicts, itertools.repeat(k)))) for k in keys}
    return ColumnBlock(len(dicts), columns)


def _object_lists(values: Sequence[Any]) -> Lists:
    """Return the lists among some values, without the entries that are not objects."""
    lists = [v if isinstance(v, list) else None for v in values]
    entries = list(itertools.chain.from_iterable(filter(None, lists)))
    kept = [v and [entry for entry in v if entry and isinstance(entry, dict)] for v in lists]
    items = list(itertools.chain.from_iterable(filter(None, kept)))
    odd = sum(v is not None and not isinstance(v, list) for v in values)
    is_odd = not items and (odd > 0 or any(e is not None and e != {} for e in entries))
    counts = np.array([-1 if each is None else len(each) for each in kept], np.intp)
    return Lists(counts, Level(blocks_of(items)), odd + len(entries) - len(items), is_odd)
