"""What Arrow guesses wrong of values whose type it is not told.

It takes text for times, rounds large whole numbers, and makes objects of one type where each has
its own keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from .columns import TEXT
from .flatten import LABELS
from .quoting import JSON, Attributes, Objects, Path, is_nested, json_at

Guesses = dict[Path, pa.DataType | None]
_EXACT = 2**53  # whole numbers below it are floats as well


def wrong_guesses(objects: pa.StructArray, tree: Objects, path: Path = ()) -> Guesses:
    """Find where Arrow took values for what they are not, and what it has to be told.

    None where it need not be told anything: ``with_json`` sets that right.
    """
    found: Guesses = {}
    for at, field in enumerate(objects.type):
        here, told = (*path, field.name), tree.get(field.name)
        nested = is_nested(field.type)
        if nested and (isinstance(tree, Attributes) or (told is None and field.name in tree)):
            found[here] = None  # one value that is an object has no columns of its own
        elif pa.types.is_temporal(field.type):
            found[here] = TEXT
        elif pa.types.is_floating(field.type):
            # Among ids, 1 and 1.0 are two.
            if (told != field.type and field.name in tree) or _is_rounded(objects.field(at)):
                found[here] = None
        elif pa.types.is_struct(field.type):
            inner = told if isinstance(told, Objects) else Objects()
            found |= wrong_guesses(objects.field(at), inner, here)
        elif pa.types.is_list(field.type):
            found |= _of_lists(objects.field(at), told, here)
    return found


def _of_lists(lists: pa.ListArray, told: Any, path: Path) -> Guesses:
    kind = lists.type.value_type
    if pa.types.is_struct(kind):
        items = lists.flatten()
        if items.null_count:
            return {path: None}
        labels = {(*path, f.name): JSON for f in kind if f.name in LABELS and not _is_label(f.type)}
        inner = told[0] if isinstance(told, list) else Objects()
        inside = wrong_guesses(items, inner, path)
        return labels | {at: JSON if kind is None else kind for at, kind in inside.items()}
    exact = pa.types.is_string(kind) or pa.types.is_null(kind) or kind in {pa.int64(), pa.bool_()}
    return {} if exact else {path: None}


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


def _is_label(kind: pa.DataType) -> bool:
    return not (is_nested(kind) or pa.types.is_list(kind) or pa.types.is_floating(kind))


def _is_rounded(numbers: pa.DoubleArray) -> bool:
    most = pc.max(pc.abs(numbers)).as_py()
    return most is not None and most >= _EXACT
