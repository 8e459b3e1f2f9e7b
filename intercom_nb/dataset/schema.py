"""Records -> the tables of a dataset: one for the entity, one for each list inside its records.

Every table has one schema, whatever single pages hold: types that differ are widened, and text is
what everything fits into.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from .. import catalog
from ..catalog.model import ColumnKind, ListColumn, RecordColumns
from ..frames import Records
from ..frames.read.columns import arrow_array
from ..frames.read.flatten import Column, Flat, objects_in
from ..frames.read.records import flat_of

MONTH = "month"
"""The partition of a row: the month (UTC) in which its record was created."""

_TYPES: dict[ColumnKind, pa.DataType] = {
    "id": pa.string(),
    "string": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    # Parquet knows no seconds.
    "time": pa.timestamp("ms", tz="UTC"),
    "ids": pa.list_(pa.string()),
    "strings": pa.list_(pa.string()),
}


def record_label(record: str) -> str:
    """Give what one record is called, and so its key in other tables: ``conversation``."""
    return record.removesuffix("_list_item")


def to_tables(raws: Sequence[msgspec.Raw], entity: str, record: str) -> dict[str, pa.Table]:
    """Turn raw records into the tables of a dataset, by name; empty lists give no table.

    Each has the column ``month``; a table of a list starts with the key of the record.
    """
    label = record_label(record)
    records = Records(catalog.record_columns(record))
    records.add(raws)
    flat = records.flat()
    ids, months = _ids(flat), _months(flat)
    tables = {entity: _table(flat, {}, months, records.declared)}
    rows = _Rows(f"{label}_id", ids, ids, months)
    _add_lists(tables, flat, label, f"{label}_id", rows)
    return tables


@dataclasses.dataclass(frozen=True)
class _Rows:
    """What the rows of a table give to the tables of their lists: ``key`` names their own ids."""

    key: str
    ids: pa.Array
    roots: pa.Array
    months: pa.Array


def _add_lists(tables: dict[str, pa.Table], flat: Flat, label: str, root: str, rows: _Rows) -> None:
    """Add a table for each list of some records, and for the lists inside of those."""
    for name, lists in flat.lists.items():
        items, parents = objects_in(lists.values)
        if not len(items):
            continue
        inner = flat_of(items, lists.columns)
        roots, months = rows.roots.take(parents), rows.months.take(parents)
        keys = {root: roots, rows.key: rows.ids.take(parents)}
        title = table_name(label, name)
        tables[title] = _table(inner, keys, months, lists.columns)
        if "id" in inner.columns:
            key = singular(name.rpartition(".")[2])
            below = _Rows(f"{key}_id", _ids(inner), roots, months)
            _add_lists(tables, inner, singular(title), root, below)


def table_name(label: str, path: str) -> str:
    """Name the table of a list: ``conversation_parts``, ``conversation_tags``.

    >>> table_name("conversation", "source.attachments")
    'conversation_source_attachments'
    """
    name = re.sub(r"\W+", "_", path)
    return name if name.startswith(f"{label}_") else f"{label}_{name}"


def singular(table: str) -> str:
    """Give what one row of a table is called."""
    return table.removesuffix("s")


def _ids(flat: Flat) -> pa.Array:
    return flat.ids().cast(pa.string())


def _months(flat: Flat) -> pa.Array:
    created = flat.columns.get("created_at")
    times = None if created is None else _typed(created)
    if times is None or not pa.types.is_timestamp(times.type):
        return pa.nulls(flat.count, pa.string())
    return pc.strftime(times.cast(pa.timestamp("s")), "%Y-%m")


def _table(
    flat: Flat, keys: dict[str, pa.Array], months: pa.Array, declared: RecordColumns
) -> pa.Table:
    arrays = dict(keys)
    for name, column in flat.columns.items():
        if name in keys:  # the object has the key itself: ours is the one that joins
            continue
        kind = declared.get(name)
        if isinstance(kind, ListColumn):
            kind = "ids"
        array = _typed(column)
        if array is None:
            array = _from_objects(column.values, None if kind is None else _TYPES.get(kind))
        wanted = _normal(array.type)
        arrays[name] = array if array.type == wanted else array.cast(wanted)
    return pa.table({**arrays, MONTH: months})


def _typed(column: Column) -> pa.Array | None:
    """Give the values of a column in its kind's type; None where that cannot be."""
    if column.kind is None or column.kind in {"attributes", "ids", "strings"}:
        return None
    text = isinstance(column.values, pa.Array) and pa.types.is_string(column.values.type)
    if text and column.kind in {"id", "string"}:
        return column.values
    try:
        return arrow_array(column.values, column.kind)
    except (TypeError, ValueError, OverflowError):
        return None


def _from_objects(values: Any, declared: pa.DataType | None) -> pa.Array:
    """Turn lists and values that were kept as they came into what Parquet can hold."""
    if isinstance(values, pa.Array) and pa.types.is_list(values.type):
        return values.cast(pa.list_(pa.string()))
    if isinstance(values, pa.Array):
        values = values.to_pylist()
    present = [v for v in values if v is not None]
    if all(isinstance(v, list) for v in present):
        if not present and declared is not None and not pa.types.is_list(declared):
            return pa.nulls(len(values), declared)
        lists = [None if v is None else [_text(i) for i in v] for v in values]
        return pa.array(lists, type=pa.list_(pa.string()))
    return pa.array([_text(v) for v in values], type=pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def _normal(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_timestamp(kind):
        return _TYPES["time"]
    return kind


def unified(schemas: Iterable[pa.Schema], first: Sequence[str]) -> pa.Schema:
    """Give the one schema that holds the rows of all; ``first`` are the columns that come first.

    >>> unified([pa.schema({"a": pa.int64()}), pa.schema({"a": pa.string()})], []).field("a").type
    DataType(string)
    """
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = types.get(field.name)
            types[field.name] = field.type if known is None else _wider(known, field.type)
    order = [name for name in first if name in types]
    order += sorted(set(types) - set(order))
    return pa.schema([(name, types[name]) for name in order])


def _wider(a: pa.DataType, b: pa.DataType) -> pa.DataType:
    if a == b or pa.types.is_null(b):
        return a
    if pa.types.is_null(a):
        return b
    return pa.float64() if {a, b} == {pa.int64(), pa.float64()} else pa.string()


def conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a table the columns and types of a schema."""
    there = dict(zip(table.column_names, table.columns, strict=True))
    arrays = [
        _cast(there[name], kind) if name in there else pa.nulls(table.num_rows, kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    if pa.types.is_string(kind) and pa.types.is_list(column.type):
        return pa.chunked_array([pa.array(map(_text, column.to_pylist()), type=kind)])
    if pa.types.is_string(kind) and pa.types.is_timestamp(column.type):
        # As it came: unix seconds.
        return pc.divide(column.cast(pa.int64()), 1000).cast(kind)
    return column.cast(kind)


def first_columns(entity: str, record: str) -> Callable[[str], list[str]]:
    """Give the declared order of the columns of each table of an entity."""
    label = record_label(record)
    orders: dict[str, list[str]] = {}

    def walk(table: str, label: str, keys: list[str], columns: RecordColumns) -> None:
        orders[table] = [*keys, *(k for k in columns if k not in keys)]
        for name, kind in columns.items():
            if isinstance(kind, ListColumn):
                title = table_name(label, name)
                own = [f"{label}_id"] if f"{label}_id" not in keys else []
                walk(title, singular(title), [*keys, *own], kind.columns)

    walk(entity, label, [], catalog.record_columns(record))
    return lambda table: orders.get(table, [f"{label}_id"])
