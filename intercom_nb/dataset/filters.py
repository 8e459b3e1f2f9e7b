"""``where=`` of a dataset: ``field__op`` filters, as an expression of Arrow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..catalog.timestamps import unix_seconds
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean

_TEXT = {
    "contains": pc.match_substring,
    "startswith": pc.starts_with,
    "endswith": pc.ends_with,
}
_OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", *_TEXT)


def expression(table: str, schema: pa.Schema, where: Mapping[str, Any]) -> Any:
    """Turn filters into an expression; None for no filter.

    Raises UnknownNameError for a column that the table lacks, and InvalidParameterError for a
    value that does not fit its column.
    """
    whole = None
    for key, value in where.items():
        one = _compared(table, schema, key, value)
        whole = one if whole is None else whole & one
    return whole


def _compared(table: str, schema: pa.Schema, key: str, value: Any) -> Any:
    column, sign = _split(table, schema, key)
    field, kind = pc.field(column), schema.field(column).type
    if value is None and sign in {"eq", "ne"}:
        return field.is_null() if sign == "eq" else field.is_valid()
    if pa.types.is_list(kind):
        raise InvalidParameterError(
            f"where: {column} of {table} holds lists. Ask the table of that list, or use sql() "
            "with list_contains(...)."
        )
    if sign in {"in", "nin"}:
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise InvalidParameterError(f"where: {key} takes a list of values, not {value!r}.")
        among = field.isin(pa.array([_fitting(v, kind, column) for v in value], kind))
        return among if sign == "in" else ~among
    if sign in _TEXT:
        if not pa.types.is_string(kind) or not isinstance(value, str):
            raise InvalidParameterError(f"where: {key} takes a text, for a column of texts.")
        return _TEXT[sign](field, value)
    fitting = pa.scalar(_fitting(value, kind, column), kind)
    return {
        "eq": field.__eq__, "ne": field.__ne__, "gt": field.__gt__,
        "gte": field.__ge__, "lt": field.__lt__, "lte": field.__le__,
    }[sign](fitting)  # fmt: skip


def _split(table: str, schema: pa.Schema, key: str) -> tuple[str, str]:
    name, _, last = key.rpartition("__")
    sign = last if name and last in _OPERATORS else "eq"
    name = name if name and last in _OPERATORS else key
    column = name if name in schema.names else name.replace("__", ".")
    if column not in schema.names:
        raise UnknownNameError(
            f"{table} has no column {column!r}.{did_you_mean(column, schema.names)}"
        )
    return column, sign


def _fitting(value: Any, kind: pa.DataType, column: str) -> Any:
    """Give a value the type of its column; ids are texts, and often written as numbers."""
    value = value.item() if hasattr(value, "item") else value  # numpy's own types
    if pa.types.is_timestamp(kind):
        return int(unix_seconds(value, column) * 1000)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if pa.types.is_string(kind) and isinstance(value, int) and number:
        return str(value)
    fits = {
        pa.types.is_string(kind): isinstance(value, str),
        pa.types.is_boolean(kind): isinstance(value, bool),
        pa.types.is_integer(kind): isinstance(value, int) and number,
        pa.types.is_floating(kind): number,
    }
    if fits.get(True, True):
        return value
    raise InvalidParameterError(f"where: {column} is of type {kind}, which {value!r} is not.")
