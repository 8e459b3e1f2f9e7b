"""Values that do not all have the type of their kind.

Values are read one by one and kept exactly. What does not fit its declared kind widens the column
(whole numbers to numbers) or becomes missing (times); if neither is possible, the column stays as
received. Such values are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa

from ...catalog.declared_columns import ColumnKind
from .arrow_types import INSTANT, POOL, TEXT
from .timestamps import LAST_SECOND, seconds_of

_NONE = type(None)
_LEAST, _MOST = -(2**63), 2**63 - 1
_EXACT = 2**53  # floats beyond it may have lost digits

_Result: TypeAlias = tuple[pa.Array | None, int]


def convert(values: Sequence[Any], kind: ColumnKind) -> _Result:
    """Return values in the Arrow type of a kind, and how many did not fit it.

    No array if no type holds them all.

    >>> convert(["1", 2.5], "integer")[1]
    1
    """
    try:
        return _CONVERTERS[kind](values)
    except (TypeError, ValueError, OverflowError):
        fitting = (*_FITTING[kind], _NONE)
        return None, sum(type(v) not in fitting for v in values) or 1


def _text(values: Sequence[Any]) -> _Result:
    try:
        return pa.array(values, TEXT, memory_pool=POOL), 0
    except pa.ArrowTypeError:  # something else than text: ids come as whole numbers too
        kinds = set(map(type, values))
    if kinds <= {int, _NONE} and all(v is None or _LEAST <= v <= _MOST for v in values):
        return pa.array(values, pa.int64(), memory_pool=POOL).cast(TEXT), 0
    if not kinds <= {str, int, _NONE}:
        raise TypeError
    return pa.array([None if v is None else str(v) for v in values], TEXT, memory_pool=POOL), 0


def _id(values: Sequence[Any]) -> _Result:
    return pa.array([None if v is None else id_text(v) for v in values], TEXT), 0


def id_text(value: Any) -> str:
    """Return an id as text: 7.0 is the id 7; raises TypeError for any other type."""
    if type(value) is float and value.is_integer() and abs(value) <= _EXACT:
        value = int(value)
    if type(value) not in (str, int):
        raise TypeError
    return str(value)


def _json(values: Sequence[Any]) -> _Result:
    texts = [None if v is None else msgspec.json.encode(v).decode() for v in values]
    return pa.array(texts, TEXT, memory_pool=POOL), 0


def _integer(values: Sequence[Any]) -> _Result:
    # Arrow takes floats for whole numbers, so types are looked at first.
    if set(map(type, values)) <= {int, _NONE}:
        return pa.array(values, pa.int64(), memory_pool=POOL), 0
    numbers = [_number_of(v) for v in values]
    fractions = sum(type(v) is float for v in numbers)
    # Arrow refuses whole numbers that a float does not hold.
    return pa.array(numbers, pa.float64() if fractions else pa.int64(), memory_pool=POOL), fractions


def _number_of(value: Any) -> int | float | None:
    if value is None or type(value) is int:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    raise TypeError


def _number(values: Sequence[Any]) -> _Result:
    raise TypeError  # not numbers, or a whole one that a float does not hold


def _boolean(values: Sequence[Any]) -> _Result:
    return pa.array(values, pa.bool_(), memory_pool=POOL), 0  # refuses all else


def _time(values: Sequence[Any]) -> _Result:
    # Nearly all are seconds: a call for each would take as long as the rest of the column.
    found = [
        v if v is None or (type(v) is int and 0 <= v <= LAST_SECOND) else seconds_of(v)
        for v in values
    ]
    odd = sum(v not in (None, "") for v, s in zip(values, found, strict=True) if s is None)
    return pa.array(found, pa.int64(), memory_pool=POOL).cast(INSTANT), odd


_FITTING: dict[str, tuple[type, ...]] = {
    "id": (str, int),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}
_CONVERTERS: dict[str, Callable[[Sequence[Any]], _Result]] = {
    "id": _id,
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "time": _time,
    "json": _json,
}
