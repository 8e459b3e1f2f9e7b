"""Values of one key: an Arrow array if they share a plain type, else a list."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, TypeAlias

import pyarrow as pa

Values: TypeAlias = "pa.Array | list[Any]"
"""One value per object: an Arrow array if all of them are of one plain type, else a list."""

TEXT = pa.large_string()
"""The Arrow type of text in pandas."""

INSTANT = pa.timestamp("s", tz="UTC")
"""The Arrow type of times."""

_ARROW_TYPES: dict[type, pa.DataType | None] = {
    str: TEXT,
    bool: pa.bool_(),
    int: None,
    float: None,
}
_NONE = type(None)


def values_of(values: list[Any]) -> Values:
    """Return values as an array if all of them have one plain type.

    >>> values_of([1, "x"])
    [1, 'x']
    """
    first = next((v for v in values if v is not None), None)
    if first is None:
        return pa.nulls(len(values))
    kind = type(first)
    if kind in _ARROW_TYPES:
        try:
            # Arrow refuses what is not text or not a flag; told a type of numbers, it would take
            # one type for the other, so it has to find the type itself.
            array = pa.array(values, _ARROW_TYPES[kind])
        except (pa.ArrowTypeError, pa.ArrowInvalid, OverflowError):
            return values  # of several types, or whole numbers beyond 64 bits
        if array.type != pa.float64() or set(map(type, values)) <= {float, _NONE}:
            return array
    return values


def as_list(values: Values) -> list[Any]:
    """Return values as a list."""
    return values.to_pylist() if isinstance(values, pa.Array) else values


def concatenated(parts: Sequence[Values]) -> Values:
    """Return the values of all parts, one part after the other."""
    arrays = [part for part in parts if isinstance(part, pa.Array)]
    kinds = {array.type for array in arrays if not pa.types.is_null(array.type)}
    if len(arrays) < len(parts) or len(kinds) > 1:
        return list(itertools.chain.from_iterable(map(as_list, parts)))
    if not kinds:
        return pa.nulls(sum(map(len, arrays)))
    [kind] = kinds
    return pa.concat_arrays([a if a.type == kind else pa.nulls(len(a), kind) for a in arrays])
