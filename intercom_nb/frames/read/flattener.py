"""Nested records -> columns of values by their paths, and the lists of objects beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from ...catalog.declared_columns import ColumnKind, ListColumn, RecordColumns
from .arrow_types import TEXT
from .columns import Values, arrow_array, as_list, inferred_kind, types_in
from .level import Level, Lists, blocks_of

LABELS = ("id", "name", "url", "type")
"""Keys whose value can represent an object of a list, the best first."""

# Ids of whom a record is assigned to, and the values that stand for nobody; 0 from 2.16 on.
_ASSIGNEES = frozenset({"admin_assignee_id", "team_assignee_id"})
_NOBODY = (0, "0", "")


@dataclasses.dataclass
class Column:
    """One column: a value per record, and its kind (None: kept as received)."""

    values: Values
    kind: ColumnKind | None
    declared: bool = True


@dataclasses.dataclass
class ChildList:
    """The lists of objects of one column, and the columns that are declared for the objects."""

    lists: Lists
    columns: RecordColumns


@dataclasses.dataclass
class Flat:
    """All columns and all child lists of some records: ``count`` of them."""

    count: int
    columns: dict[str, Column] = dataclasses.field(default_factory=dict)
    lists: dict[str, ChildList] = dataclasses.field(default_factory=dict)

    def ids(self) -> pa.Array:
        """Return the id of each record as text, or null."""
        column = self.columns.get("id")
        if column is None:
            return pa.nulls(self.count, TEXT)
        array = arrow_array(column.values, "id").array
        if array is None:  # something else in place of an id
            values = as_list(column.values)
            return pa.array([None if v is None else str(v) for v in values], TEXT)
        return array


def flatten(level: Level, declared: RecordColumns) -> Flat:
    """Return the columns and lists of some objects.

    The declared columns come first, in their order, then whatever else the objects hold.

    >>> flat = flatten(Level(blocks_of([{"id": "1", "tags": [{"id": "a"}]}])), {"id": "id"})
    >>> list(flat.columns), list(flat.lists)
    (['id', 'tags'], ['tags'])
    """
    flattener = _Flattener(level)
    for path, kind in declared.items():
        if isinstance(kind, ListColumn):
            flattener.add_list(path, kind)
        elif kind == "attributes":
            flattener.add_attributes(path)
        else:
            flattener.add_column(path, kind)
    flattener.add_undeclared()
    return flattener.flat


class _Flattener:
    """Reads values by path, level by level, and remembers which keys were read."""

    def __init__(self, level: Level) -> None:
        self.flat = Flat(len(level))
        self._levels = {"": level}
        self._read: dict[str, set[str]] = {"": set()}
        self._odd: dict[str, Values] = {}

    def add_column(self, path: str, kind: ColumnKind) -> None:
        """Add a declared column."""
        level, key = self._level_of(path)
        values = level.get(key)
        if key in _ASSIGNEES:
            values = _without_nobody(values)
        self.flat.columns[path] = Column(values, kind)

    def _level_of(self, path: str) -> tuple[Level, str]:
        """Return the level that the value at a path is in, and its key there."""
        parent, _, key = path.rpartition(".")
        level = self._level(parent)
        self._read[parent].add(key)
        return level, key

    def _level(self, path: str) -> Level:
        if path not in self._levels:
            self._add_level(path, *self._level_of(path))
        return self._levels[path]

    def _add_level(self, path: str, outer: Level, key: str) -> None:
        self._levels[path], odd = outer.inner(key)
        self._read[path] = set()
        if odd is not None:  # an object was declared and something else came: both are kept
            self._odd[path] = odd

    def add_list(self, path: str, kind: ListColumn) -> None:
        """Add a declared list of objects."""
        level, key = self._level_of(kind.list)
        if kind.list != path:
            self._read[path].add("type")  # "tag.list": says no more than the column's name
        bare = self._odd.pop(path, None)
        if bare is not None:  # the bare list instead of an object around it
            both = zip(as_list(level.get(key)), bare, strict=True)
            level, key = Level(blocks_of([{"": b if v is None else v} for v, b in both])), ""
        self._add_lists(path, level, key, kind.columns, declared=True)

    def _add_lists(
        self, path: str, level: Level, key: str, columns: RecordColumns, *, declared: bool
    ) -> None:
        lists = level.lists(key)
        if lists is None:
            self.flat.columns[path] = Column(level.get(key), "json", declared)
            return
        label = label_of(columns or lists.items.key_names())
        labels = lists.items.get(label)
        # Ids that are text stay as they are.
        are_ids = label == "id" and types_in(labels) != {str}
        self.flat.lists[path] = ChildList(lists, columns)
        kind: ColumnKind = "ids" if are_ids else "strings"
        self.flat.columns[path] = Column(lists.grouped(labels), kind, declared)

    def add_attributes(self, path: str) -> None:
        """Add each key of an object of custom attributes as a column."""
        level = self._level(path)
        for key in level.key_names():
            self._read[path].add(key)
            self._add_values(f"{path}.{key}", level, key)

    def _add_values(self, path: str, level: Level, key: str) -> None:
        """Add an undeclared column: of lists of objects, or of the values as they are."""
        values = level.get(key)
        if types_in(values) == {list} and any(dict in map(type, v) for v in values if v):
            self._add_lists(path, level, key, {}, declared=False)
        else:
            self.flat.columns[path] = Column(values, inferred_kind(path, values), declared=False)

    def add_undeclared(self) -> None:
        """Add what the records hold beyond the declared columns, however deep."""
        pending = list(self._levels)
        while pending:
            prefix = pending.pop()
            level = self._levels[prefix]
            for key in level.key_names():
                if key not in self._read[prefix]:
                    path = self._free_name(prefix, key)
                    if types_in(level.get(key)) == {dict}:
                        self._add_level(path, level, key)
                        pending.append(path)
                    else:
                        self._add_values(path, level, key)
        for path, values in self._odd.items():
            self.flat.columns[path] = Column(values, inferred_kind(path, values), declared=False)

    def _free_name(self, prefix: str, key: str) -> str:
        """Name an undeclared key; one with dots in it may look like the path of another."""
        path = f"{prefix}.{key}" if prefix else key
        while path in self.flat.columns or path in self._levels:
            path = f"{path}'"
        return path


def label_of(keys: Collection[str]) -> str:
    """Choose the key that represents an object in the parent's compact column."""
    return next((key for key in LABELS[:-1] if key in keys), LABELS[-1])


def _without_nobody(values: Values) -> Values:
    if not isinstance(values, pa.Array):
        return [None if type(v) in (int, float, str) and v in _NOBODY else v for v in values]
    nobody = [v for v in _NOBODY if (values.type == TEXT) is isinstance(v, str)]
    if values.type not in {TEXT, pa.int64(), pa.float64()}:
        return values
    is_nobody = pc.is_in(values, pa.array(nobody, values.type))
    return pc.if_else(is_nobody, pa.scalar(None, values.type), values)
