"""Raw records -> Arrow tables of a dataset: one of the entity, one of each list in its records."""

from __future__ import annotations

import contextlib
import dataclasses
from collections import Counter
from collections.abc import Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from .. import catalog
from ..catalog.declared_columns import ListColumn, RecordColumns
from ..frames import Records
from ..frames.read.columns import Converted, Values, arrow_array, as_list
from ..frames.read.flattener import Column, Flat, flatten
from .schema import ARROW_TYPES, MONTH, json_text, normalize, record_label, singular, table_name

_TEXT_LISTS = pa.list_(pa.string())


def to_tables(
    raws: Sequence[msgspec.Raw], entity: str, record: str, odd_values: Counter[str] | None = None
) -> dict[str, pa.Table]:
    """Build the tables of raw records, by name; a list that is empty everywhere has no table.

    Each table has the column ``month``; the table of a list starts with the parent's id.
    ``odd_values`` counts, by ``table.column``, the list entries that were left out and the values
    that did not fit their declared type.
    """
    odd = Counter[str]() if odd_values is None else odd_values
    label = record_label(record)
    records = Records(catalog.record_columns(record))
    records.add(raws)
    flat = records.flat()
    ids, months = _ids(flat), _months(flat)
    tables = {entity: _table(flat, {}, months, records.declared, _OddValues(entity, odd))}
    parents = _Parents(f"{label}_id", ids, ids, months)
    _add_lists(tables, flat, label, f"{label}_id", parents, odd)
    return tables


@dataclasses.dataclass(frozen=True)
class _OddValues:
    """The counts of odd values, and the table whose columns are read."""

    table: str
    counts: Counter[str]

    def add(self, column: str, count: int) -> None:
        if count:
            self.counts[f"{self.table}.{column}"] += count


@dataclasses.dataclass(frozen=True)
class _Parents:
    """Keys that the rows of a table pass to the tables of their lists.

    ``key`` names the column that holds the parents' ids; ``roots`` are the ids of the records.
    """

    key: str
    ids: pa.Array
    roots: pa.Array
    months: pa.Array


def _add_lists(
    tables: dict[str, pa.Table],
    flat: Flat,
    label: str,
    root: str,
    parents: _Parents,
    odd: Counter[str],
) -> None:
    """Add a table for each list of some records, then for the lists inside those."""
    for name, child in flat.lists.items():
        if not len(child.lists.items):
            continue
        inner = flatten(child.lists.items, child.columns)
        rows = child.lists.owners()
        roots, months = parents.roots.take(rows), parents.months.take(rows)
        keys = {root: roots, parents.key: parents.ids.take(rows)}
        title = table_name(label, name)
        tables[title] = _table(inner, keys, months, child.columns, _OddValues(title, odd))
        if "id" in inner.columns:
            key = singular(name.rpartition(".")[2])
            below = _Parents(f"{key}_id", _ids(inner), roots, months)
            _add_lists(tables, inner, singular(title), root, below, odd)


def _ids(flat: Flat) -> pa.Array:
    return flat.ids().cast(pa.string())


def _months(flat: Flat) -> pa.Array:
    created = flat.columns.get("created_at")
    times = None if created is None else _typed(created).array
    if times is None or not pa.types.is_timestamp(times.type):
        return pa.nulls(flat.count, pa.string())
    return pc.strftime(times.cast(pa.timestamp("s")), "%Y-%m")


def _table(
    flat: Flat,
    keys: dict[str, pa.Array],
    months: pa.Array,
    declared: RecordColumns,
    odd: _OddValues,
) -> pa.Table:
    arrays = dict(keys)
    for name, child in flat.lists.items():
        odd.add(name, child.lists.skipped)
    for name, column in flat.columns.items():
        if name in keys:  # the object repeats the key; ours is the one that joins
            continue
        kind = declared.get(name)
        if isinstance(kind, ListColumn):
            kind = "ids"
        converted = _typed(column)
        array = converted.array
        if column.declared:
            odd.add(name, converted.odd)
        if array is None:
            array = _from_objects(column.values, None if kind is None else ARROW_TYPES.get(kind))
        wanted = normalize(array.type)
        arrays[name] = array if array.type == wanted else array.cast(wanted)
    return pa.table({**arrays, MONTH: months})


def _typed(column: Column) -> Converted:
    """Convert a column to the type of its kind; no array if some value does not fit."""
    if column.kind is None or column.kind in {"attributes", "ids", "strings"}:
        return Converted(None)
    if column.kind == "json" and not column.declared:
        return Converted(None)  # text among objects stays as it is, as when they meet in a merge
    return arrow_array(column.values, column.kind)


def _from_objects(values: Values, declared: pa.DataType | None) -> pa.Array:
    """Convert lists and mixed values to lists of text, or to text."""
    if isinstance(values, pa.ListArray) and values.type.value_type != pa.float64():
        return values.cast(_TEXT_LISTS)
    values = as_list(values)
    kinds = set(map(type, values)) - {type(None)}
    if kinds <= {list}:
        if not kinds and declared is not None and not pa.types.is_list(declared):
            return pa.nulls(len(values), declared)
        with contextlib.suppress(pa.ArrowTypeError):  # something else than text in a list
            return pa.array(values, type=_TEXT_LISTS)
        lists = [None if v is None else [json_text(i) for i in v] for v in values]
        return pa.array(lists, type=_TEXT_LISTS)
    return pa.array([json_text(v) for v in values], type=pa.string())
