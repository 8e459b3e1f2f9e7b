"""A list of values -> one typed array.

Values are kept exactly: where one does not fit its declared type, the column stays as it came
and the result says so, rather than guessing or dropping.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from ..catalog.model import ColumnKind

_NONE = type(None)
_INT64 = range(-(2**63), 2**63)
_EXACT_FLOAT = 2**53
_LAST_SECOND = 253_402_300_799  # of the year 9999

STRING: Any = "str" if int(pd.__version__.split(".")[0]) >= 3 else "string"
"""The dtype of text: pandas 3's default, and its nullable text before that."""


def typed_array(values: Sequence[Any], kind: ColumnKind) -> tuple[Any, bool]:
    """Turn values into an array of the kind's dtype; False when they had to stay as they came.

    Dtypes: id, string, json -> text; integer -> Int64; number -> float64; boolean -> boolean;
    time (unix seconds or ISO text) -> datetime64[s, UTC]; ids, strings -> object (lists).
    """
    try:
        return _ARRAYS[kind](values), True
    except (TypeError, ValueError, OverflowError):
        return as_received(values), False


def inferred_kind(name: str, values: Sequence[Any]) -> ColumnKind | None:
    """Find the kind of an undeclared column from its name and its values; None when mixed."""
    kinds = set(map(type, values)) - {_NONE}
    last = name.rsplit(".", 1)[-1]
    if kinds <= {int, str} and (last == "id" or last.endswith("_id")):
        return "id"
    if kinds == {int}:
        if last.endswith("_at"):  # Intercom's own rule for names of times
            return "time"
        return "integer" if all(v is None or v in _INT64 for v in values) else None
    if kinds == {bool}:
        return "boolean"
    if kinds and kinds <= {int, float}:
        exact = all(type(v) is not int or abs(v) <= _EXACT_FLOAT for v in values)
        return "number" if exact else None
    if kinds <= {str}:
        return "string"
    if kinds == {list}:
        return "ids" if last.endswith("_ids") else "strings"
    return "json" if dict in kinds else None


def as_received(values: Sequence[Any]) -> Any:
    """Keep values as they are, in an object array."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _text(values: Sequence[Any]) -> Any:
    if set(map(type, values)) <= {str, _NONE}:
        return pd.array(values, dtype=STRING)
    if not set(map(type, values)) <= {str, int, _NONE}:
        raise TypeError
    return pd.array([None if v is None else str(v) for v in values], dtype=STRING)


def _json(values: Sequence[Any]) -> Any:
    texts = [None if v is None else msgspec.json.encode(v).decode() for v in values]
    return pd.array(texts, dtype=STRING)


def _integer(values: Sequence[Any]) -> Any:
    numbers, mask = _numbers_and_mask(values)
    return pd.arrays.IntegerArray(np.array(numbers, dtype="int64"), mask)


def _numbers_and_mask(values: Sequence[Any]) -> tuple[list[int], Any]:
    if not set(map(type, values)) <= {int, _NONE}:
        values = [_whole(v) for v in values]
    mask = np.fromiter((v is None for v in values), dtype=bool, count=len(values))
    return [0 if v is None else v for v in values], mask


def _whole(value: Any) -> int | None:
    if value is None or type(value) is int:
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    raise TypeError


def _number(values: Sequence[Any]) -> Any:
    if not set(map(type, values)) <= {int, float, _NONE}:
        raise TypeError
    if any(type(v) is int and abs(v) > _EXACT_FLOAT for v in values):
        raise OverflowError
    return np.array([np.nan if v is None else v for v in values], dtype="float64")


def _boolean(values: Sequence[Any]) -> Any:
    if not set(map(type, values)) <= {bool, _NONE}:
        raise TypeError
    mask = np.fromiter((v is None for v in values), dtype=bool, count=len(values))
    flags = np.fromiter((bool(v) for v in values), dtype=bool, count=len(values))
    return pd.arrays.BooleanArray(flags, mask)


def _time(values: Sequence[Any]) -> Any:
    if not set(map(type, values)) <= {int, _NONE}:
        values = [_seconds(v) for v in values]
    seconds, mask = _numbers_and_mask(values)
    if any(abs(second) > _LAST_SECOND for second in seconds):
        raise OverflowError
    instants = np.array(seconds, dtype="int64").astype("datetime64[s]")
    instants[mask] = np.datetime64("NaT")
    return pd.DatetimeIndex(instants).tz_localize("UTC").array


def _seconds(value: Any) -> int | None:
    if value is None or value == "":
        return None
    if isinstance(value, str) and not value.isdigit():
        instant = dt.datetime.fromisoformat(value)
        return int((instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)).timestamp())
    return _whole(value)


def _ids(values: Sequence[Any]) -> Any:
    return as_received([None if v is None else [_id(item) for item in _list(v)] for v in values])


def _id(value: Any) -> str | None:
    if value is not None and type(value) not in (str, int):
        raise TypeError
    return None if value is None else str(value)


def _strings(values: Sequence[Any]) -> Any:
    return as_received([None if v is None else _list(v) for v in values])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


_ARRAYS: dict[str, Callable[[Sequence[Any]], Any]] = {
    "id": _text,
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "time": _time,
    "ids": _ids,
    "strings": _strings,
    "json": _json,
}
