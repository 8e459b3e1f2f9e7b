"""Schemas of dataset tables: names, declared order, and how types widen when they clash.

Every table has one schema, whatever single pages hold. Types that differ are widened to one that
holds every value exactly; text holds all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .. import catalog
from ..catalog.declared_columns import ColumnKind, ListColumn, RecordColumns
from ..frames.read.columns import STRING

MONTH = "month"
"""The partition of a row: the month (UTC) in which its record was created."""

ARROW_TYPES: dict[ColumnKind, pa.DataType] = {
    "id": pa.string(),
    "string": pa.string(),
    "json": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    # Parquet has no unit of seconds.
    "time": pa.timestamp("ms", tz="UTC"),
    "ids": pa.list_(pa.string()),
    "strings": pa.list_(pa.string()),
}
_PANDAS_TYPES: dict[pa.DataType, Any] = {
    pa.int64(): pd.Int64Dtype(),
    pa.uint64(): pd.UInt64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.api.types.pandas_dtype(STRING),
}
# A float64 has 53 bits for the digits: it holds every whole number up to here, not beyond.
_MAX_EXACT_INTEGER = 2**53


def record_label(record: str) -> str:
    """Return the singular of a record, which names its key in other tables: ``conversation``."""
    return record.removesuffix("_list_item")


def table_name(label: str, path: str) -> str:
    """Name the table of a list: ``conversation_parts``, ``conversation_tags``.

    >>> table_name("conversation", "source.attachments")
    'conversation_source_attachments'
    """
    name = re.sub(r"\W+", "_", path)
    return name if name.startswith(f"{label}_") else f"{label}_{name}"


def singular(table: str) -> str:
    """Return the name of one row of a table."""
    return table.removesuffix("s")


def first_columns(entity: str, record: str) -> Callable[[str], list[str]]:
    """Return a function: table of the entity -> its columns in the declared order."""
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


def normalize(kind: pa.DataType) -> pa.DataType:
    """Return the type that a dataset uses in place of an equivalent one."""
    if pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_timestamp(kind):
        return ARROW_TYPES["time"]
    return kind


def unified(
    schemas: Iterable[pa.Schema], first: Sequence[str], inexact: Collection[str] = ()
) -> pa.Schema:
    """Return the one schema that holds the rows of all; ``first`` are the leading columns.

    ``inexact`` names columns with whole numbers that a float64 cannot hold; where fractions clash
    with these, the column becomes text.

    >>> unified([pa.schema({"a": pa.int64()}), pa.schema({"a": pa.string()})], []).field("a").type
    DataType(string)
    """
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            known = types.get(field.name, field.type)
            types[field.name] = _wider(known, field.type, field.name in inexact)
    order = [name for name in first if name in types]
    order += sorted(set(types) - set(order))
    return pa.schema([(name, types[name]) for name in order])


def _wider(a: pa.DataType, b: pa.DataType, is_inexact: bool) -> pa.DataType:
    if a == b or pa.types.is_null(b):
        return a
    if pa.types.is_null(a):
        return b
    numbers = {a, b} == {pa.int64(), pa.float64()}
    return pa.float64() if numbers and not is_inexact else pa.string()


def number_clashes(schemas: Collection[pa.Schema]) -> set[str]:
    """Return the columns that are whole numbers in one schema and have fractions in another."""
    by_type = {
        kind: {f.name for schema in schemas for f in schema if f.type == kind}
        for kind in (pa.int64(), pa.float64())
    }
    return by_type[pa.int64()] & by_type[pa.float64()]


def exceeds_float(column: pa.Array) -> bool:
    """Return whether a float64 cannot hold some whole number of a column."""
    if not pa.types.is_integer(column.type):
        return False
    ends = pc.min_max(column).as_py()
    low, high = ends["min"] or 0, ends["max"] or 0
    return bool(low < -_MAX_EXACT_INTEGER or high > _MAX_EXACT_INTEGER)


def conformed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with the columns and types of a wider schema, every value exact."""
    there = dict(zip(table.column_names, table.columns, strict=True))
    arrays = [
        _cast(there[name], kind) if name in there else pa.nulls(table.num_rows, kind)
        for name, kind in zip(schema.names, schema.types, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _cast(column: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    if column.type == kind:
        return column
    if column.null_count == len(column):
        return pa.chunked_array([pa.nulls(len(column), kind)])
    if pa.types.is_string(kind) and pa.types.is_timestamp(column.type):
        column = _unix_seconds(column)
    if pa.types.is_string(kind) and not pa.types.is_integer(column.type):
        # By the same function that writes text from JSON, so that the text never depends on when
        # the clash was met.
        return pa.chunked_array([pa.array(map(json_text, column.to_pylist()), type=kind)])
    return column.cast(kind)


def _unix_seconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Convert times back to the numbers that the API sent."""
    milliseconds = column.cast(ARROW_TYPES["time"]).cast(pa.int64())
    seconds = pc.divide(milliseconds, 1000)
    if pc.all(pc.equal(pc.multiply(seconds, 1000), milliseconds)).as_py() is not False:
        return seconds
    return pc.divide(milliseconds.cast(pa.float64()), 1000.0)


def json_text(value: Any) -> str | None:
    """Return a value as text: strings as they are, anything else as JSON, 3.0 as 3."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT_INTEGER:
        value = int(value)
    return msgspec.json.encode(value).decode()


def to_pandas(table: pa.Table, *, whole_seconds: bool = True) -> pd.DataFrame:
    """Convert an Arrow table to a DataFrame with the dtypes of a result.

    Without ``whole_seconds``, times with fractions keep them.
    """
    frame: pd.DataFrame = table.to_pandas(types_mapper=_PANDAS_TYPES.get, ignore_metadata=True)
    times = {
        f.name: "datetime64[s, UTC]"
        for f, column in zip(table.schema, table.columns, strict=True)
        if pa.types.is_timestamp(f.type) and f.type.tz and (whole_seconds or _is_whole(column))
    }
    return frame.astype(times)


def _is_whole(times: pa.ChunkedArray) -> bool:
    """Return whether no time has a fraction of a second."""
    whole = pc.floor_temporal(times, unit="second")
    return pc.all(pc.equal(whole, times)).as_py() is not False
