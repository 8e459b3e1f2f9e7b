"""Columns and lists of objects, out of an Arrow array of objects."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from ...catalog.model import RecordColumns
from .columns import inferred_kind, lists_of
from .flatten import Column, Flat, Lists, Reader, label_of
from .guesses import is_nested
from .quoting import JSON, unquoted

_OBJECT = pa.struct([])
_OBJECT_LISTS = pa.list_(_OBJECT)


class ArrowReader(Reader):
    """Reads the arrays that ``parse`` made; what was quoted, as values as its base does."""

    def __init__(self, objects: pa.StructArray) -> None:
        super().__init__([{}] * len(objects))
        self._objects = {"": objects}

    def _get(self, prefix: str, key: str) -> Any:
        objects = self._objects.get(prefix)
        if objects is None:
            return super()._get(prefix, key)
        at = objects.type.get_field_index(key)
        if at < 0:
            return pa.nulls(len(objects))
        values = objects.field(at)
        return unquoted(values) if values.type == JSON else values

    def _keys(self, prefix: str) -> list[str]:
        objects = self._objects.get(prefix)
        return super()._keys(prefix) if objects is None else sorted(objects.type.names)

    def _add_level(self, path: str, values: Any) -> None:
        if not isinstance(values, pa.Array):
            super()._add_level(path, values)
        elif pa.types.is_struct(values.type) or pa.types.is_null(values.type):
            self._objects[path] = _typed(values, _OBJECT)
            self._begin_level(path, self._levels[""])  # only their number matters
        else:
            super()._add_level(path, values.to_pylist())

    def _add_list(
        self,
        flat: Flat,
        path: str,
        values: Any,
        columns: RecordColumns,
        *,
        declared: bool,
    ) -> None:
        if isinstance(values, pa.Array):
            values = _of_object_lists(values)
        if not isinstance(values, pa.Array):
            super()._add_list(flat, path, values, columns, declared=declared)
        elif not is_object_lists(values):
            super()._add_list(flat, path, values.to_pylist(), columns, declared=declared)
        else:
            flat.lists[path] = Lists(values, columns)
            label = label_of(columns or values.type.value_type.names)
            labels = _labels(values, label)
            flat.columns[path] = Column(labels, "ids" if label == "id" else "strings", declared)

    def _take_one(self, flat: Flat, path: str, values: Any) -> bool:
        if not isinstance(values, pa.Array):
            return super()._take_one(flat, path, values)
        if pa.types.is_struct(values.type):
            self._add_level(path, values)
            return True
        if is_object_lists(values) and len(values.flatten()):
            self._add_list(flat, path, values, {}, declared=False)
        else:
            flat.columns[path] = Column(values, inferred_kind(path, values), declared=False)
        return False


def _typed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Give values, as ones of a type where there is none at all."""
    return pa.nulls(len(values), kind) if pa.types.is_null(values.type) else values


def _of_object_lists(values: pa.Array) -> pa.Array:
    """Give lists in which there is nothing as lists of objects, all else as it is."""
    if not pa.types.is_list(values.type):
        return _typed(values, _OBJECT_LISTS)
    if not pa.types.is_null(values.type.value_type) or len(values.values):
        return values
    return _with_items(values, pa.nulls(0, _OBJECT))


def is_object_lists(values: pa.Array) -> bool:
    """Tell whether these are lists of objects."""
    return pa.types.is_list(values.type) and is_nested(values.type)


def _labels(lists: pa.ListArray, label: str) -> Any:
    """Give what stands for each object of each list."""
    items = lists.values
    at = items.type.get_field_index(label)
    found = pa.nulls(len(items)) if at < 0 else items.field(at)
    if found.type == JSON:
        return lists_of(lists, unquoted(found))
    return _with_items(lists, found)


def _with_items(lists: pa.ListArray, items: pa.Array) -> pa.ListArray:
    """Give lists with other items in the places of theirs."""
    # An array of offsets that begins somewhere else is not taken together with a mask.
    offsets = pa.array(lists.offsets.to_numpy())
    return pa.ListArray.from_arrays(offsets, items, mask=lists.is_null())
