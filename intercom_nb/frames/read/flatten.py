"""Nested records -> columns of values by their paths, and the lists of objects beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ...catalog.model import ColumnKind, ListColumn, RecordColumns
from .columns import TEXT, arrow_array, as_received, inferred_kind

LABELS = ("id", "name", "url", "type")
"""What may stand for an object of a list, the best first."""


@dataclasses.dataclass
class Column:
    """One column: its values, one per record, and its kind (None: kept as received).

    The values are a sequence or an Arrow array.
    """

    values: Any
    kind: ColumnKind | None
    declared: bool = True


@dataclasses.dataclass
class Lists:
    """A list of objects per record (None where the record has none), and their columns.

    The lists are a sequence of lists of dicts, or one Arrow array of lists of structs.
    """

    values: Any
    columns: RecordColumns


def objects_in(lists: Any) -> tuple[Any, pa.Array]:
    """Give the objects of all lists together, and for each the number of the list that it is in."""
    if isinstance(lists, pa.Array):
        counts = lists.value_lengths().fill_null(0).to_numpy()
        items = lists.flatten()
    else:
        counts = np.array([len(value) if value else 0 for value in lists], np.int64)
        items = [item for value in lists if value for item in value]
    return items, pa.array(np.repeat(np.arange(len(counts)), counts))


@dataclasses.dataclass
class Flat:
    """All columns and all child lists of some records: ``count`` of them."""

    count: int
    columns: dict[str, Column] = dataclasses.field(default_factory=dict)
    lists: dict[str, Lists] = dataclasses.field(default_factory=dict)

    def ids(self) -> pa.Array:
        """Give the id of each record as text, null where it has none."""
        column = self.columns.get("id")
        if column is None:
            return pa.nulls(self.count, TEXT)
        try:
            return arrow_array(column.values, "id")
        except (TypeError, ValueError, OverflowError):  # something else in place of an id
            values = as_received(column.values)
            return pa.array([None if v is None else str(v) for v in values], TEXT)


def take_all(reader: Reader, declared: RecordColumns) -> Flat:
    """Give the declared columns in their order, then whatever else the records hold."""
    flat = Flat(reader.count)
    for path, kind in declared.items():
        if isinstance(kind, ListColumn):
            reader.take_list(flat, path, kind)
        elif kind == "attributes":
            reader.take_attributes(flat, path)
        else:
            flat.columns[path] = reader.column(path, kind)
    reader.take_undeclared(flat)
    return flat


class Reader:
    """Reads values by path, level by level, and remembers which keys it was asked for."""

    def __init__(self, records: Sequence[Mapping[str, Any]]) -> None:
        self._levels: dict[str, list[Any]] = {"": list(records)}
        self._taken: dict[str, set[str]] = {"": set()}
        self._odd: dict[str, list[Any]] = {}
        self.count = len(records)

    def column(self, path: str, kind: ColumnKind) -> Column:
        """Give a declared column."""
        return Column(self.values(path), kind)

    def values(self, path: str) -> Any:
        """Give the value at a path for each record; None where it is missing."""
        parent, _, key = path.rpartition(".")
        self._level(parent)
        self._taken[parent].add(key)
        return self._get(parent, key)

    def _get(self, prefix: str, key: str) -> Any:
        """Give one key of the object at a path for each record; None where it is missing."""
        return [record.get(key) for record in self._levels[prefix]]

    def _keys(self, prefix: str) -> list[str]:
        """Give the keys of the object at a path, those of all records together."""
        # Sorted, so that the order of columns does not depend on the order of records.
        return sorted(set().union(*self._levels[prefix]))

    def _level(self, path: str) -> list[Any]:
        """Give the object at a path for each record; an empty one where there is none."""
        if path not in self._levels:
            self._add_level(path, self.values(path))
        return self._levels[path]

    def _add_level(self, path: str, values: Any) -> None:
        self._begin_level(path, [v if isinstance(v, dict) else {} for v in values])
        if any(v is not None and not isinstance(v, dict) for v in values):
            # An object was declared and something else came: both are kept.
            self._odd[path] = [None if isinstance(v, dict) else v for v in values]

    def _begin_level(self, path: str, objects: list[Any]) -> None:
        self._levels[path] = objects
        self._taken[path] = set()

    def take_list(self, flat: Flat, path: str, kind: ListColumn) -> None:
        """Take a declared list of objects."""
        values = self.values(kind.list)
        if kind.list != path:
            self._taken[path].add("type")  # "tag.list": says no more than the column's name
        bare = self._odd.pop(path, None)
        if bare is not None:  # the bare list instead of an object around it
            values = [b if v is None else v for v, b in zip(values, bare, strict=True)]
        self._add_list(flat, path, values, kind.columns, declared=True)

    def _add_list(
        self,
        flat: Flat,
        path: str,
        values: Any,
        columns: RecordColumns,
        *,
        declared: bool,
    ) -> None:
        if not all(v is None or _is_object_list(v) for v in values):
            flat.columns[path] = Column(values, "json", declared)
            return
        flat.lists[path] = Lists(values, columns)
        label = label_of(columns or {k for v in values if v for item in v for k in item})
        compact = [None if v is None else [item.get(label) for item in v] for v in values]
        flat.columns[path] = Column(compact, "ids" if label == "id" else "strings", declared)

    def take_attributes(self, flat: Flat, path: str) -> None:
        """Take each key of an object of custom attributes as a column."""
        self._level(path)
        keys = self._keys(path)
        for key in keys:
            values = self._get(path, key)
            name = f"{path}.{key}"
            flat.columns[name] = Column(values, inferred_kind(name, values), declared=False)
        self._taken[path].update(keys)

    def take_undeclared(self, flat: Flat) -> None:
        """Take what the records hold beyond the declared columns, however deep."""
        pending = list(self._levels)
        while pending:
            prefix = pending.pop()
            for key in self._keys(prefix):
                if key not in self._taken[prefix]:
                    path = self._free_name(flat, prefix, key)
                    if self._take_one(flat, path, self._get(prefix, key)):
                        pending.append(path)
        for path, values in self._odd.items():
            flat.columns[path] = Column(values, inferred_kind(path, values), declared=False)

    def _free_name(self, flat: Flat, prefix: str, key: str) -> str:
        """Name an undeclared key; one with dots in it may look like the path of another."""
        path = f"{prefix}.{key}" if prefix else key
        while path in flat.columns or path in self._levels:
            path = f"{path}'"
        return path

    def _take_one(self, flat: Flat, path: str, values: Any) -> bool:
        """Take an undeclared key; True when it is an object whose own keys are to be taken."""
        kinds = set(map(type, values))
        if {dict} <= kinds <= {dict, type(None)}:
            self._add_level(path, values)
            return True
        if list in kinds and any(_is_object_list(v) and v for v in values):
            self._add_list(flat, path, values, {}, declared=False)
        else:
            flat.columns[path] = Column(values, inferred_kind(path, values), declared=False)
        return False


def _is_object_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def label_of(keys: Collection[str]) -> str:
    """Choose what stands for an object in the parent's compact column, of all that it has."""
    return next((key for key in LABELS[:-1] if key in keys), LABELS[-1])
