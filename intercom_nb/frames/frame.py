"""DataFrames of records, what they say of themselves, and their child tables."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ..runtime.memory import paused_gc
from .read.arrow_types import TEXT
from .read.columns import as_received, typed_array
from .read.flattener import ChildList, Column, Flat, flatten
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


@dataclasses.dataclass(frozen=True)
class Children:
    """The lists of one column of a result, kept until the table is read.

    ``parent_ids`` is an Arrow array of text.
    """

    name: str
    parent_key: str
    parent_ids: pa.Array
    child: ChildList

    def frame(self, parents: Collection[str] | None = None) -> pd.DataFrame:
        """Build the table: one row per object, the parent's id first.

        With ``parents``, only the rows of those parents.
        """
        items = self.child.lists.items
        keys = self.parent_ids.take(self.child.lists.owners())
        if parents is not None:
            wanted = pc.is_in(keys, value_set=pa.array(sorted(parents), TEXT))
            items = items.take(np.flatnonzero(wanted.to_numpy(zero_copy_only=False)))
            keys = keys.filter(wanted)
        frame = frame_of_flat(flatten(items, self.child.columns), self.record, {})
        if self.parent_key in frame:  # the object has the key itself: ours is the one that joins
            frame = frame.drop(columns=self.parent_key)
        frame.insert(0, self.parent_key, typed_array(keys, "string")[0])
        return frame

    @property
    def record(self) -> str:
        """The singular of the objects: ``tag``."""
        return self.name.rpartition(".")[2].removesuffix("s")


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
        name: Children(name, f"{record}_id", ids, child) for name, child in flat.lists.items()
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
