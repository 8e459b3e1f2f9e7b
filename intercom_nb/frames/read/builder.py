"""Columns of generated structs, a few records at a time.

A record's objects live for one batch only: a batch fits the processor's cache, and its memory is
used again by the next one. Arrow takes some microseconds per call, so one call converts all
columns of a batch that had the same type in the batch before.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
from msgspec.structs import astuple

from .arrow_types import POOL, TEXT
from .columns import values_of
from .level import ColumnBlock, Level, Lists, block_of

_TOGETHER = {TEXT: TEXT, pa.bool_(): pa.bool_(), pa.int64(): None}
"""Types that are converted together, and the type for Arrow; it finds whole numbers itself."""

_Pending: TypeAlias = tuple[dict[str, Any], str, Sequence[Any], dict[str, Any]]
"""Where the column goes, its key and values, and the types that such columns had so far."""


def block_of_structs(objects: Sequence[Any]) -> ColumnBlock:
    """Return the block of some structs of one generated type (see ``shape.py``)."""
    batch = _Batch()
    block = batch.block(type(objects[0]), objects)
    batch.convert()
    return block


class _Batch:
    """The columns of one block, until their values are converted."""

    def __init__(self) -> None:
        self._alike: dict[pa.DataType, list[_Pending]] = {kind: [] for kind in _TOGETHER}
        self._others: list[_Pending] = []

    def block(self, kind: Any, objects: Sequence[Any]) -> ColumnBlock:
        """Return the columns of some objects, of which undeclared ones only if one has them."""
        columns: dict[str, Any] = {}
        rows = zip(*map(astuple, objects), strict=True)
        for key, values in zip(kind.__struct_encode_fields__, rows, strict=False):
            if key in kind.objects:
                columns[key] = self._inner(kind.objects[key], values)
            elif key in kind.lists:
                columns[key] = self._lists(kind.lists[key], values)
            elif key in kind.dicts:  # objects of keys that no struct can have
                columns[key] = block_of([each or {} for each in values])
            elif key not in kind.unset or msgspec.UNSET not in values:
                self._add((columns, key, values, kind.types))
            elif key not in kind.undeclared or values.count(msgspec.UNSET) < len(values):
                present = [None if v is msgspec.UNSET else v for v in values]
                self._add((columns, key, present, kind.types))
        return ColumnBlock(len(objects), columns)

    def _inner(self, kind: Any, objects: Sequence[Any]) -> ColumnBlock:
        """Return the columns of objects; None stands for an empty one."""
        if not any(objects):
            return ColumnBlock(len(objects), {})
        present = objects if all(objects) else [each or kind.blank for each in objects]
        return self.block(kind, present)

    def _lists(self, kind: Any, lists: Sequence[Any]) -> Lists:
        """Return lists of structs, without the entries that are null or empty."""
        items = list(itertools.chain.from_iterable(filter(None, lists)))
        skipped = 0
        if not all(items) or kind.blank in items:
            lists = [each and [e for e in each if e and e != kind.blank] for each in lists]
            kept = list(itertools.chain.from_iterable(filter(None, lists)))
            skipped, items = len(items) - len(kept), kept
        counts = [-1 if each is None or each is msgspec.UNSET else len(each) for each in lists]
        return Lists(np.array(counts, np.intp), Level([self.block(kind, items)]), skipped)

    def _add(self, column: _Pending) -> None:
        _, key, _, types = column
        self._alike.get(types.get(key), self._others).append(column)

    def convert(self) -> None:
        """Convert the values of all columns."""
        for kind, alike in self._alike.items():
            values = list(itertools.chain.from_iterable(column[2] for column in alike))
            try:
                array = pa.array(values, _TOGETHER[kind], memory_pool=POOL)
            except (TypeError, ValueError, OverflowError):
                array = None
            if array is None or array.type != kind:  # some column has another type now
                self._others += alike
                continue
            start = 0
            for columns, key, own, _ in alike:
                columns[key] = array.slice(start, len(own))
                start += len(own)
        for columns, key, own, types in self._others:
            columns[key] = values_of(list(own))
            found = getattr(columns[key], "type", None)
            if found != pa.null():
                types[key] = found if types.get(key, found) == found else None
