"""Records -> a tidy DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..catalog.model import RecordColumns
from .children import Children
from .columns import as_received, typed_array
from .flatten import Column, flatten
from .info import KEY, ResultInfo


def build_frame(
    records: Sequence[Mapping[str, Any]],
    declared: RecordColumns,
    record: str,
    info: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Build a frame of one row per record.

    Columns are named by the API's own paths: the declared ones in their order, always all of
    them, then what else the records hold. Lists of objects become child tables
    (``df.intercom.children(name)``) and a compact column of their ids. ``record`` names one
    record (``"conversation"``) and so the key in the child tables. A column whose values do not
    fit its declared type stays as it came and is named in ``attrs["intercom"]["as_received"]``.
    """
    flat = flatten(records, declared)
    arrays: dict[str, Any] = {}
    odd: list[str] = []
    for name, column in flat.columns.items():
        arrays[name], fits = _array(column)
        if not fits and column.declared:
            odd.append(name)
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(len(records)), copy=False)
    ids = [None if r.get("id") is None else str(r["id"]) for r in records]
    children = {
        name: Children(name, f"{record}_id", ids, lists.values, lists.columns)
        for name, lists in flat.lists.items()
    }
    items = {**(info or {}), "children": sorted(children)}
    if odd:
        items["as_received"] = odd
    frame.attrs[KEY] = ResultInfo(items, children)
    return frame


def _array(column: Column) -> tuple[Any, bool]:
    if column.kind is None or column.kind == "attributes":
        return as_received(column.values), True
    return typed_array(column.values, column.kind)
