"""What Arrow cannot tell of values whose type it is not told, and what it guesses wrong.

It takes text for times, rounds large whole numbers, and makes objects of one type where each has
its own keys. Where values are of several types, it gives up.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from .columns import TEXT
from .declared import ITEM, Attributes, Objects, Path
from .flatten import LABELS
from .quoting import JSON, json_at

Hints = dict[Path, pa.DataType]
_EXACT = 2**53  # whole numbers below it are floats as well
_INT64 = range(-(2**63), 2**63)
_ALIKE: tuple[set[type], ...] = ({str}, {bool}, {int, float})


def is_nested(kind: pa.DataType) -> bool:
    """Tell whether values of a type are objects, or lists of objects."""
    return bool(pa.types.is_struct(kind.value_type if pa.types.is_list(kind) else kind))


def wrong_guesses(
    objects: pa.StructArray, tree: Objects, path: Path = ()
) -> dict[Path, pa.DataType | None]:
    """Find where Arrow took values for what they are not, and what it has to be told.

    None where it need not be told anything: ``with_json`` sets that right.
    """
    found: dict[Path, pa.DataType | None] = {}
    for at, field in enumerate(objects.type):
        here, told = (*path, field.name), tree.get(field.name)
        if is_nested(field.type) and (isinstance(tree, Attributes) or not _fits(field.type, told)):
            found[here] = None  # one value that is an object has no columns of its own
        elif pa.types.is_temporal(field.type):
            found[here] = TEXT
        elif pa.types.is_floating(field.type):
            # Among whole numbers and ids, 1 and 1.0 are two.
            if not (told is None or told == "number") or _is_rounded(objects.field(at)):
                found[here] = None
        elif pa.types.is_struct(field.type):
            inner = told if isinstance(told, Objects) else Objects()
            found |= wrong_guesses(objects.field(at), inner, here)
        elif pa.types.is_list(field.type):
            found |= _of_lists(objects.field(at), told, here)
    return found


def _fits(kind: pa.DataType, told: Any) -> bool:
    return told is None or isinstance(told, list if pa.types.is_list(kind) else Objects)


def _of_lists(lists: pa.ListArray, told: Any, path: Path) -> dict[Path, pa.DataType | None]:
    kind, here = lists.type.value_type, (*path, ITEM)
    if pa.types.is_struct(kind):
        items = lists.flatten()
        if items.null_count:
            return {path: None}
        inside = wrong_guesses(items, told[0] if told else Objects(), here)
        inside |= {(*here, f.name): None for f in kind if f.name in LABELS and _is_odd(f.type)}
        return {at: JSON if kind is None else kind for at, kind in inside.items()}
    exact = pa.types.is_string(kind) or pa.types.is_null(kind) or kind in {pa.int64(), pa.bool_()}
    return {} if exact else {path: None}


def _is_odd(label: pa.DataType) -> bool:
    return is_nested(label) or pa.types.is_list(label) or pa.types.is_floating(label)


def _is_rounded(numbers: pa.DoubleArray) -> bool:
    most = pc.max(pc.abs(numbers)).as_py()
    return most is not None and most >= _EXACT


def with_json(
    objects: pa.StructArray, paths: Iterable[Path], raws: Sequence[msgspec.Raw]
) -> pa.StructArray:
    """Put the JSON of values, out of the records themselves, in place of what Arrow made of them.

    No path may lead through a list.
    """
    for path in paths:
        values = objects
        for key in path:
            values = values.field(values.type.get_field_index(key))
        read = json_at(path)
        there = values.is_valid().to_numpy(zero_copy_only=False)
        texts = [read(raw) if valid else None for raw, valid in zip(raws, there, strict=True)]
        objects = _replaced(objects, path, pa.array(texts, JSON))
    return objects


def _replaced(objects: pa.StructArray, path: Path, values: pa.Array) -> pa.StructArray:
    names = objects.type.names
    arrays = [objects.field(at) for at in range(len(names))]
    at = names.index(path[0])
    arrays[at] = values if len(path) == 1 else _replaced(arrays[at], path[1:], values)
    return pa.StructArray.from_arrays(arrays, names, mask=objects.is_null())


def mismatches(objects: Iterable[Mapping[str, Any]], hints: Hints, path: Path = ()) -> set[Path]:
    """Find the paths whose values are not all of one type, or not of the type in the hints."""
    by_key: dict[str, list[Any]] = {}
    for each in objects:
        for key, value in each.items():
            if value is not None:
                by_key.setdefault(key, []).append(value)
    found: set[Path] = set()
    for key, values in by_key.items():
        at = (*path, key)
        if hints.get(at) != JSON:
            found |= _mismatches_at(at, values, hints)
    return found


def _mismatches_at(path: Path, values: Sequence[Any], hints: Hints) -> set[Path]:
    kinds = set(map(type, values))
    if path in hints:  # text, since JSON fits everything
        return set() if kinds == {str} else {path}
    if kinds == {dict}:
        return mismatches(values, hints, path)
    if kinds == {list}:
        items = list(itertools.chain.from_iterable(values))
        kinds = set(map(type, items))
        if kinds <= {dict}:
            return mismatches(items, hints, (*path, ITEM))
        return set() if kinds in ({str}, {bool}, {int}) and _in_range(items) else {path}
    return set() if any(kinds <= alike for alike in _ALIKE) and _in_range(values) else {path}


def _in_range(values: Sequence[Any]) -> bool:
    return all(v in _INT64 for v in values if type(v) is int)
