"""Columns built from generated structs, a few records at a time.

A record's objects live for one batch only: a batch fits the processor's cache, and its memory is
used again by the next one. That halves the cost of decoding many records at once.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import astuple

from .level import ColumnBlock, Level, Lists, block_of
from .values import values_of


class BlockBuilder:
    """Collects structs of one generated type (see ``shape.py``) as columns."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        self.count = 0
        self._absent = 0  # nulls at the end of what was added
        self._blank = kind()
        self._columns = {key: self._column(key) for key in kind.__struct_encode_fields__}
        self._extend = [
            column.extend_nullable if isinstance(column, BlockBuilder) else column.extend
            for column in self._columns.values()
        ]

    def _column(self, key: str) -> BlockBuilder | _DictBuilder | _ListBuilder | list[Any]:
        if key in self.kind.objects:
            return BlockBuilder(self.kind.objects[key])
        if key in self.kind.lists:
            return _ListBuilder(self.kind.lists[key])
        return _DictBuilder() if key in self.kind.dicts else []

    def extend(self, objects: Sequence[Any]) -> None:
        """Add objects."""
        self.count += len(objects)
        rows = zip(*map(astuple, objects), strict=True)
        for extend, values in zip(self._extend, rows, strict=False):  # no rows of no objects
            extend(values)

    def extend_nullable(self, objects: Sequence[Any]) -> None:
        """Add objects; None stands for an empty one."""
        if not self._absent and all(objects):
            self.extend(objects)
        elif any(objects):
            nulls = itertools.repeat(self._blank, self._absent)
            self._absent = 0
            self.extend([*nulls, *[each or self._blank for each in objects]])
        else:
            self._absent += len(objects)

    def block(self) -> ColumnBlock:
        """Return the columns, of which undeclared ones only if an object has them."""
        if not self.count:
            return ColumnBlock(self._absent, {})
        self.extend([self._blank] * self._absent)
        columns: dict[str, Any] = {}
        for key, column in self._columns.items():
            if not isinstance(column, list):
                columns[key] = column.block()
            elif key not in self.kind.unset or msgspec.UNSET not in column:
                columns[key] = values_of(column)
            elif key not in self.kind.undeclared or column.count(msgspec.UNSET) < self.count:
                columns[key] = values_of([None if v is msgspec.UNSET else v for v in column])
        return ColumnBlock(self.count, columns)


class _ListBuilder:
    """Collects lists of structs."""

    def __init__(self, kind: Any) -> None:
        self._counts: list[int] = []
        self._items = BlockBuilder(kind)
        self._blank = kind()
        self._skipped = 0

    def extend(self, lists: Sequence[list[Any] | None]) -> None:
        """Add lists, without the entries that are null or empty."""
        items = list(itertools.chain.from_iterable(filter(None, lists)))
        if not all(items) or self._blank in items:
            lists = [each and [e for e in each if e and e != self._blank] for each in lists]
            self._skipped += len(items)
            items = list(itertools.chain.from_iterable(filter(None, lists)))
            self._skipped -= len(items)
        self._counts += [len(each) if each or each == [] else -1 for each in lists]
        self._items.extend(items)

    def block(self) -> Lists:
        """Return the lists."""
        counts = np.array(self._counts, np.intp)
        return Lists(counts, Level([self._items.block()]), self._skipped)


class _DictBuilder:
    """Collects objects whose keys no struct can have."""

    def __init__(self) -> None:
        self._dicts: list[dict[str, Any]] = []

    def extend(self, dicts: Sequence[dict[str, Any] | None]) -> None:
        """Add dicts; None stands for an empty one."""
        self._dicts += [each or {} for each in dicts]

    def block(self) -> ColumnBlock:
        """Return the columns of the dicts."""
        return block_of(self._dicts)
