"""Records -> a tidy DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pandas as pd

from ..catalog.model import RecordColumns
from .children import Children
from .columns import as_received, typed_array
from .fast import flatten_structs, read_records, record_id
from .flatten import Column, Flat, flatten
from .info import KEY, ResultInfo


def build_frame(
    records: Sequence[Any],
    declared: RecordColumns,
    record: str,
    info: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Build a frame of one row per record: a dict, or what ``read_records`` made of its JSON.

    Columns are named by the API's own paths: the declared ones in their order, always all of
    them, then what else the records hold. Lists of objects become child tables
    (``df.intercom.children(name)``) and a compact column of their ids. ``record`` names one
    record (``"conversation"``) and so the key in the child tables. A column whose values do not
    fit its declared type stays as it came and is named in ``attrs["intercom"]["as_received"]``.
    """
    flat, keys = flat_records(records, declared)
    arrays: dict[str, Any] = {}
    odd: list[str] = []
    for name, column in flat.columns.items():
        arrays[name], fits = _array(column)
        if not fits and column.declared:
            odd.append(name)
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(len(keys)), copy=False)
    children = {
        name: Children(name, f"{record}_id", keys, lists.values, lists.columns)
        for name, lists in flat.lists.items()
    }
    items = {**(info or {}), "children": sorted(children)}
    if odd:
        items["as_received"] = odd
    frame.attrs[KEY] = ResultInfo(items, children)
    return frame


def flat_records(records: Sequence[Any], declared: RecordColumns) -> tuple[Flat, list[str | None]]:
    """Give the columns and lists of records, and their ids."""
    kinds = set(map(type, records))
    if len(kinds) > 1 and any(issubclass(kind, msgspec.Struct) for kind in kinds):
        # More was learned while they came: read all anew by what is known now.
        raws = [msgspec.Raw(msgspec.json.encode(r)) for r in records]
        records = read_records(raws, declared)
    ids = [None if key is None else str(key) for key in map(record_id, records)]
    if records and isinstance(records[0], msgspec.Struct):
        return flatten_structs(records, declared), ids
    return flatten(records, declared), ids


def _array(column: Column) -> tuple[Any, bool]:
    if column.kind is None or column.kind == "attributes":
        return as_received(column.values), True
    return typed_array(column.values, column.kind)
