"""A list of values -> one typed array.

Values are kept exactly: where one does not fit its declared type, the column stays as it came
and the result says so, rather than guessing or dropping.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...catalog.model import ColumnKind

_NONE = type(None)
_LEAST, _MOST = -(2**63), 2**63 - 1
_LAST_SECOND = 253_402_300_799  # of the year 9999

STRING: Any = "str" if int(pd.__version__.split(".")[0]) >= 3 else "string"
"""The dtype of text: pandas 3's default, and its nullable text before that."""

TEXT = pa.large_string()
"""The Arrow type of text in pandas."""
_INSTANT = pa.timestamp("s", tz="UTC")
_DTYPES: dict[pa.DataType, Any] = {
    TEXT: pd.api.types.pandas_dtype(STRING),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    _INSTANT: pd.DatetimeTZDtype("s", "UTC"),
}


def typed_array(values: Any, kind: ColumnKind) -> tuple[Any, bool]:
    """Turn values into an array of the kind's dtype; False when they had to stay as they came.

    Values are a sequence or an Arrow array.

    Dtypes: id, string, json -> text; integer -> Int64; number -> float64; boolean -> boolean;
    time (unix seconds or ISO text) -> datetime64[s, UTC]; ids, strings -> object (lists).
    """
    try:
        if kind in _LISTS:
            return _list_array(values, kind), True
        array = arrow_array(values, kind)
    except (TypeError, ValueError, OverflowError):
        return as_received(values), False
    if array.type == pa.float64():
        return array.to_numpy(zero_copy_only=False, writable=True), True
    made = _DTYPES[array.type].__from_arrow__(array)
    return made.copy() if array.type == _INSTANT else made, True  # Arrow's own memory is read-only


def arrow_array(values: Any, kind: ColumnKind) -> pa.Array:
    """Turn values, a sequence or an Arrow array, into an Arrow array of a kind that is no list.

    Raises TypeError, ValueError or OverflowError where a value does not fit the kind.
    """
    if isinstance(values, pa.Array):
        return _from_arrow(values, kind)
    if not values or (values[0] is values[-1] is None and values.count(None) == len(values)):
        return pa.nulls(len(values), _TYPES[kind])
    return _ARRAYS[kind](values)


def _from_arrow(values: pa.Array, kind: ColumnKind) -> pa.Array:
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), _TYPES[kind])
    if not _types_in(values) <= _PYTHON[kind]:
        return _ARRAYS[kind](values.to_pylist())
    if kind == "time":
        return _instants(values)
    return values.cast(_TYPES[kind])  # refuses whole numbers that a float does not hold


def inferred_kind(name: str, values: Any) -> ColumnKind | None:
    """Find the kind of an undeclared column from its name and its values; None when mixed.

    Numbers may still be too large for their kind.
    """
    kinds = _types_in(values)
    last = name.rsplit(".", 1)[-1]
    if kinds <= {int, str} and (last == "id" or last.endswith("_id")):
        return "id"
    if kinds == {int}:
        if last.endswith("_at"):  # Intercom's own rule for names of times
            return "time"
        return "integer"
    if kinds == {bool}:
        return "boolean"
    if kinds and kinds <= {int, float}:
        return "number"
    if kinds <= {str}:
        return "string"
    if kinds == {list}:
        return "ids" if last.endswith("_ids") else "strings"
    return "json" if dict in kinds else None


def _types_in(values: Any) -> set[type]:
    """Give the types that values have, None apart."""
    if isinstance(values, pa.Array):
        return _OF_ARROW[values.type.id]
    return set(map(type, values)) - {_NONE}


def as_received(values: Any) -> Any:
    """Keep values as they are, in an object array."""
    if isinstance(values, pa.Array):
        values = values.to_pylist()
    return np.fromiter(values, dtype=object, count=len(values))


def _text(values: Sequence[Any]) -> pa.Array:
    try:
        return pa.array(values, TEXT)
    except pa.ArrowTypeError:  # something else than text: ids come as whole numbers too
        kinds = set(map(type, values))
    if kinds <= {int, _NONE} and _in_64_bits(values):
        return pa.array(values, pa.int64()).cast(TEXT)
    if not kinds <= {str, int, _NONE}:
        raise TypeError
    return pa.array([None if v is None else str(v) for v in values], TEXT)


def _in_64_bits(values: Sequence[Any]) -> bool:
    return all(v is None or _LEAST <= v <= _MOST for v in values)


def _json(values: Sequence[Any]) -> pa.Array:
    texts = [None if v is None else msgspec.json.encode(v).decode() for v in values]
    return pa.array(texts, TEXT)


def _integer(values: Sequence[Any]) -> pa.Array:
    # Arrow takes floats for whole numbers, so types are looked at first.
    if not set(map(type, values)) <= {int, _NONE}:
        values = [_whole(v) for v in values]
    return pa.array(values, pa.int64())


def _whole(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    raise TypeError


def _number(values: Sequence[Any]) -> pa.Array:
    if not set(map(type, values)) <= {int, float, _NONE}:
        raise TypeError
    return pa.array(values, pa.float64())  # refuses whole numbers that a float does not hold


def _boolean(values: Sequence[Any]) -> pa.Array:
    return pa.array(values, pa.bool_())  # refuses all else


def _time(values: Sequence[Any]) -> pa.Array:
    if not set(map(type, values)) <= {int, _NONE}:
        values = [_seconds(v) for v in values]
    return _instants(pa.array(values, pa.int64()))


def _instants(seconds: pa.Array) -> pa.Array:
    bounds = pc.min_max(seconds).as_py()
    if (bounds["min"] or 0) < -_LAST_SECOND or (bounds["max"] or 0) > _LAST_SECOND:
        raise OverflowError
    return seconds.cast(_INSTANT)


def _seconds(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and not value.isdigit():
        instant = dt.datetime.fromisoformat(value)
        return int((instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).timestamp())
    return _whole(value)


def _list_array(values: Any, kind: ColumnKind) -> Any:
    if not isinstance(values, pa.ListArray):
        return as_received(_LISTS[kind](values))
    items = values.values
    if kind == "ids":
        items = _from_arrow(items, "id")
    return as_received(lists_of(values, items.to_pylist()))


def lists_of(lists: pa.ListArray, items: list[Any]) -> list[list[Any] | None]:
    """Give lists as Python's, ``items`` being all that is in them."""
    edges = lists.offsets.to_numpy()
    if edges[0] == edges[-1]:
        found: list[list[Any] | None] = [[] for _ in range(len(lists))]
    else:
        found = [items[start:end] for start, end in itertools.pairwise(edges.tolist())]
    if lists.null_count:
        for row in np.flatnonzero(lists.is_null().to_numpy(zero_copy_only=False)).tolist():
            found[row] = None
    return found


def _ids(values: Sequence[Any]) -> list[list[str | None] | None]:
    return [
        v if v is None or set(map(type, _list(v))) <= {str} else list(map(_id, v)) for v in values
    ]


def _id(value: Any) -> str | None:
    if value is not None and type(value) not in (str, int):
        raise TypeError
    return None if value is None else str(value)


def _strings(values: Sequence[Any]) -> list[list[Any] | None]:
    return [None if v is None else _list(v) for v in values]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


_TYPES: dict[str, pa.DataType] = {
    "id": TEXT,
    "string": TEXT,
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "time": _INSTANT,
    "json": TEXT,
}
_PYTHON: dict[str, set[type]] = {
    "id": {str, int},
    "string": {str},
    "integer": {int},
    "number": {int, float},
    "boolean": {bool},
    "time": {int},
}
_OF_ARROW: dict[int, set[type]] = {
    pa.null().id: set(),
    pa.string().id: {str},
    TEXT.id: {str},
    pa.int64().id: {int},
    pa.float64().id: {float},
    pa.bool_().id: {bool},
    pa.list_(pa.null()).id: {list},
}
_ARRAYS: dict[str, Callable[[Sequence[Any]], pa.Array]] = {
    "id": _text,
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "time": _time,
    "json": _json,
}
_LISTS: dict[str, Callable[[Sequence[Any]], list[Any]]] = {"ids": _ids, "strings": _strings}
