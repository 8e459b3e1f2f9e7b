"""Filters of ``Dataset.pandas(where=...)``: ``field__op`` -> Arrow expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..catalog.coerce import split_field
from ..catalog.timestamps import unix_seconds
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean

_TEXT_OPERATORS = {
    "contains": pc.match_substring,
    "startswith": pc.starts_with,
    "endswith": pc.ends_with,
}
_OPERATORS = ("eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", *_TEXT_OPERATORS)


def build_expression(table: str, schema: pa.Schema, where: Mapping[str, Any]) -> Any:
    """Build an Arrow expression of all filters; None if there are none.

    Raises UnknownNameError for a column that the table lacks, InvalidParameterError for a value
    that does not fit its column.
    """
    if not isinstance(where, Mapping):
        raise InvalidParameterError(
            f"where must be a dict of filters, such as {{'id': '5'}}, not {where!r}."
        )
    whole = None
    for key, value in where.items():
        try:
            one = _compare(table, schema, key, value)
        except (OverflowError, ValueError):  # of Arrow: beyond 64 bits, or no valid Unicode
            raise InvalidParameterError(
                f"where: {value!r} is not a valid value for {key}."
            ) from None
        whole = one if whole is None else whole & one
    return whole


def _compare(table: str, schema: pa.Schema, key: str, value: Any) -> Any:
    column, operator = _split_key(table, schema, key)
    field, kind = pc.field(column), schema.field(column).type
    if value is None and operator in {"eq", "ne"}:
        return field.is_null() if operator == "eq" else field.is_valid()
    if pa.types.is_list(kind):
        raise InvalidParameterError(
            f"where: {column} of {table} holds lists. Use the table of that list, or sql() with "
            "list_contains(...)."
        )
    if operator in {"in", "nin"}:
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            raise InvalidParameterError(f"where: {key} needs a list of values, not {value!r}.")
        among = field.isin(pa.array([_fit(v, kind, column) for v in value], kind))
        return among if operator == "in" else ~among
    if operator in _TEXT_OPERATORS:
        if not pa.types.is_string(kind) or not isinstance(value, str):
            raise InvalidParameterError(f"where: {key} needs a text value and a text column.")
        return _TEXT_OPERATORS[operator](field, value)
    fitting = pa.scalar(_fit(value, kind, column), kind)
    return {
        "eq": field.__eq__, "ne": field.__ne__, "gt": field.__gt__,
        "gte": field.__ge__, "lt": field.__lt__, "lte": field.__le__,
    }[operator](fitting)  # fmt: skip


def _split_key(table: str, schema: pa.Schema, key: str) -> tuple[str, str]:
    if not isinstance(key, str):
        raise InvalidParameterError(f"where: a filter's name must be text, not {key!r}.")
    column, operator = split_field(key, _OPERATORS, schema.names)
    if column not in schema.names:
        raise UnknownNameError(
            f"{table} has no column {column!r}.{did_you_mean(column, schema.names)}"
        )
    return column, operator


def _fit(value: Any, kind: pa.DataType, column: str) -> Any:
    """Convert a value to the type of its column; ids are text, and often written as numbers."""
    value = value.item() if hasattr(value, "item") else value  # NumPy scalars
    if pa.types.is_timestamp(kind):
        return int(unix_seconds(value, column) * 1000)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if pa.types.is_string(kind) and isinstance(value, int) and is_number:
        return str(value)
    fits = {
        pa.types.is_string(kind): isinstance(value, str),
        pa.types.is_boolean(kind): isinstance(value, bool),
        pa.types.is_integer(kind): isinstance(value, int) and is_number,
        pa.types.is_floating(kind): is_number,
    }
    if fits.get(True, True):
        return value
    raise InvalidParameterError(
        f"where: {column} is of type {kind} and cannot be compared with {value!r}."
    )
