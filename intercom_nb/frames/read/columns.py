"""Values of one key: Arrow arrays of them, and pandas arrays of a declared kind.

Values of several types stay a list; ``clashes.py`` reads those that do not fit their kind.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...catalog.declared_columns import ColumnKind
from .arrow_types import ARROW_TYPES, INSTANT, POOL, TEXT
from .timestamps import LAST_SECOND

Values: TypeAlias = "pa.Array | list[Any]"
"""One value per object: an Arrow array if all are of one plain type or lists of it, else a list."""

_PLAIN: dict[type, pa.DataType | None] = {
    str: TEXT,
    bool: pa.bool_(),
    int: None,
    float: None,
}
_NONE = type(None)

# The text of pandas 3, by its own name: what "str" means depends on pandas' options.
STRING: Any = (
    pd.StringDtype(na_value=np.nan) if int(pd.__version__.split(".")[0]) >= 3 else "string"
)
"""The dtype of text: pandas 3's default, and its nullable text before that."""

_DTYPES: dict[pa.DataType, Any] = {
    TEXT: pd.api.types.pandas_dtype(STRING),
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    INSTANT: pd.DatetimeTZDtype("s", "UTC"),
}


def values_of(values: list[Any]) -> Values:
    """Return values as an array if all of them have one plain type.

    >>> values_of([1, "x"])
    [1, 'x']
    """
    first = next((v for v in values if v is not None), None)
    if first is None:
        return pa.nulls(len(values))
    kind = type(first)
    if kind in _PLAIN:
        try:
            # Arrow refuses what is not text or not a flag; told a type of numbers, it would take
            # one type for the other, so it has to find the type itself.
            array = pa.array(values, _PLAIN[kind], memory_pool=POOL)
        except (pa.ArrowTypeError, pa.ArrowInvalid, OverflowError):
            return values  # of several types, or whole numbers beyond 64 bits
        if array.type != pa.float64() or set(map(type, values)) <= {float, _NONE}:
            return array
    return values


def as_list(values: Values) -> list[Any]:
    """Return values as a list."""
    if isinstance(values, pa.ListArray):  # in a fraction of the time of its own method
        return split(values.flatten().to_pylist(), values.value_lengths().fill_null(-1).to_numpy())
    return values.to_pylist() if isinstance(values, pa.Array) else values


def split(values: list[Any], counts: np.ndarray[Any, Any]) -> list[list[Any] | None]:
    """Split values into a list for each count; None for a negative one."""
    ends = np.cumsum(np.maximum(counts, 0)).tolist()
    pairs = zip(counts.tolist(), ends, strict=True)
    return [None if count < 0 else values[end - count : end] for count, end in pairs]


def concatenated(parts: Sequence[Values]) -> Values:
    """Return the values of all parts, one part after the other."""
    arrays = [part for part in parts if isinstance(part, pa.Array)]
    kinds = {array.type for array in arrays if not pa.types.is_null(array.type)}
    if len(arrays) < len(parts) or len(kinds) > 1:
        return list(itertools.chain.from_iterable(map(as_list, parts)))
    if not kinds:
        return pa.nulls(sum(map(len, arrays)))
    [kind] = kinds
    return pa.concat_arrays([a if a.type == kind else pa.nulls(len(a), kind) for a in arrays], POOL)


@dataclasses.dataclass(frozen=True, slots=True)
class Converted:
    """Values in the type of a kind (None: no type holds them all), and how many did not fit it."""

    array: pa.Array | None
    odd: int = 0


def typed_array(values: Values, kind: ColumnKind) -> tuple[Any, int]:
    """Return values as an array of the kind's dtype, and how many of them did not fit it.

    Dtypes: id, string, json -> text; integer -> Int64, or float64 if any has a fraction; number
    -> float64; boolean -> boolean; time -> datetime64[s, UTC]; ids, strings -> object (lists).
    Values that no dtype holds together stay as received, with dtype object.
    """
    if kind in _LISTS:
        lists = _LISTS[kind](as_list(values))
        return as_received(values if lists is None else lists), int(lists is None)
    converted = arrow_array(values, kind)
    array = converted.array
    if array is None:
        return as_received(values), converted.odd
    if array.type == pa.float64():
        return array.to_numpy(zero_copy_only=False, writable=True), converted.odd
    made = _DTYPES[array.type].__from_arrow__(array)
    # Arrow's own memory is read-only.
    return made.copy() if array.type == INSTANT else made, converted.odd


def arrow_array(values: Values, kind: ColumnKind) -> Converted:
    """Return values in the Arrow type of a kind that is not a list."""
    types = types_in(values)
    if not types:
        return Converted(pa.nulls(len(values), ARROW_TYPES[kind]))
    with contextlib.suppress(pa.ArrowInvalid, OverflowError):  # a float does not hold some number
        if kind == "number" and types <= {int, float}:
            if not isinstance(values, pa.Array):
                return Converted(pa.array(values, pa.float64(), memory_pool=POOL))
            return Converted(values.cast(pa.float64()))
    if isinstance(values, pa.Array) and (array := _cast(values, kind)) is not None:
        return Converted(array)
    from .clashes import convert  # few results need it

    return Converted(*convert(as_list(values), kind))


def _cast(values: pa.Array, kind: ColumnKind) -> pa.Array | None:
    """Return an array whose values all fit the kind in its type, None if that takes a look."""
    if kind == "time" and values.type == pa.int64():
        return values.cast(INSTANT) if _are_seconds(values) else None
    if values.type == ARROW_TYPES[kind] and kind != "json":
        return values
    return values.cast(TEXT) if kind == "id" and values.type == pa.int64() else None


def inferred_kind(name: str, values: Values) -> ColumnKind | None:
    """Return the kind of an undeclared column by its name and its values; None if mixed.

    Numbers may still be too large for their kind.
    """
    kinds = types_in(values)
    last = name.rsplit(".", 1)[-1]
    if kinds <= {int, str} and (last == "id" or last.endswith("_id")):
        return "id"
    if kinds == {int}:
        # Intercom's own rule for the names of times.
        return "time" if last.endswith("_at") and _are_seconds(values) else "integer"
    if kinds == {bool}:
        return "boolean"
    if kinds and kinds <= {int, float}:
        return "number"
    if kinds <= {str}:
        return "string"
    if kinds == {list}:
        return "ids" if last.endswith("_ids") else "strings"
    return "json" if dict in kinds else None


def _are_seconds(values: Values) -> bool:
    if isinstance(values, pa.Array):
        bounds = pc.min_max(values).as_py().values()
        return all(abs(bound) <= LAST_SECOND for bound in bounds)
    return all(v is None or abs(v) <= LAST_SECOND for v in values)


def types_in(values: Values) -> set[type]:
    """Return the types that values have, None apart."""
    if isinstance(values, pa.Array):
        return set() if values.null_count == len(values) else {_PYTHON.get(values.type, list)}
    return set(map(type, values)) - {_NONE}


def as_received(values: Values) -> Any:
    """Return values as they are, in an object array."""
    return np.fromiter(as_list(values), dtype=object, count=len(values))


def _ids(values: list[Any]) -> list[Any] | None:
    lists = _lists(values)
    if lists is None:
        return None
    kinds = set(map(type, itertools.chain.from_iterable(filter(None, lists))))
    if kinds <= {str}:
        return lists
    from .clashes import id_text

    with contextlib.suppress(TypeError):
        return [v and [None if i is None else id_text(i) for i in v] for v in lists]
    return None


def _lists(values: list[Any]) -> list[Any] | None:
    return values if set(map(type, values)) <= {list, _NONE} else None


_PYTHON: dict[pa.DataType, type] = {
    TEXT: str,
    pa.int64(): int,
    pa.float64(): float,
    pa.bool_(): bool,
}
_LISTS: dict[str, Callable[[list[Any]], list[Any] | None]] = {"ids": _ids, "strings": _lists}
