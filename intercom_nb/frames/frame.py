"""DataFrames of records, and their metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..runtime.memory import paused_gc
from .children import Children
from .read.columns import as_received, typed_array
from .read.flattener import Column, Flat
from .read.records import Records

KEY = "intercom"
"""The key of a result's metadata in ``DataFrame.attrs``."""


class ResultInfo(dict[str, Any]):
    """Metadata of a result: a plain, JSON-serializable dict that carries the child lists along.

    The lists are an attribute and not an item: pandas copies and compares ``attrs`` on every
    step and writes them into Parquet files as JSON, where they have no business.
    """

    children: Mapping[str, Children]

    def __init__(self, items: Mapping[str, Any], children: Mapping[str, Children]) -> None:
        super().__init__(items)
        self.children = children

    def __copy__(self) -> ResultInfo:
        return ResultInfo(self, self.children)

    def __deepcopy__(self, memo: dict[int, Any]) -> ResultInfo:
        # Nothing changes a result's info, so frames derived from it may share it.
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return ResultInfo, (dict(self), self.children)


def frame_of(
    records: Records,
    record: str,
    info: Mapping[str, Any] | None = None,
    rows: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Build the frame that ``build_frame`` builds, of records that came as JSON.

    With ``rows``, of those at these positions only.
    """
    items = dict(info or {})
    if records.repaired:
        items["replaced_characters"] = records.repaired
    return frame_of_flat(records.flat(rows), record, items)


def frame_of_flat(flat: Flat, record: str, info: Mapping[str, Any]) -> pd.DataFrame:
    """Build the frame of columns: their types, child tables and metadata."""
    arrays: dict[str, Any] = {}
    odd = {name: child.lists.skipped for name, child in flat.lists.items() if child.lists.skipped}
    with paused_gc():
        for name, column in flat.columns.items():
            arrays[name], misfits = _array(column)
            if misfits and column.declared:
                odd[name] = odd.get(name, 0) + misfits
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(flat.count), copy=False)
    ids = flat.ids() if flat.lists else None
    children = {
        name: Children(name, f"{record}_id", ids, child, frame_of_flat)
        for name, child in flat.lists.items()
    }
    items = {**info, "children": sorted(children)}
    if odd:
        items |= {"as_received": [n for n in arrays if n in odd], "odd_values": odd}
    frame.attrs[KEY] = ResultInfo(items, children)
    return frame


def _array(column: Column) -> tuple[Any, int]:
    if column.kind is None or column.kind == "attributes":
        return as_received(column.values), 0
    return typed_array(column.values, column.kind)
