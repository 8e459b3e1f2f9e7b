"""Records -> a tidy DataFrame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from ..catalog.model import RecordColumns
from ..runtime.memory import paused_gc
from .children import Children
from .info import KEY, ResultInfo
from .read.columns import as_received, typed_array
from .read.flatten import Column, Flat
from .read.records import Records, flat_of


def build_frame(
    records: Sequence[Any] | pa.StructArray,
    declared: RecordColumns,
    record: str,
    info: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Build a frame of one row per record, each a dict (or together an Arrow array of structs).

    Columns are named by the API's own paths: the declared ones in their order, always all of
    them, then what else the records hold. Lists of objects become child tables
    (``df.intercom.children(name)``) and a compact column of their ids. ``record`` names one
    record (``"conversation"``) and so the key in the child tables. A column whose values do not
    fit its declared type stays as it came and is named in ``attrs["intercom"]["as_received"]``.
    """
    return _frame(flat_of(records, declared), record, info)


def frame_of(
    records: Records,
    record: str,
    info: Mapping[str, Any] | None = None,
    rows: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Build the frame that ``build_frame`` builds, of records that came as JSON.

    With ``rows``, of those at these places only.
    """
    return _frame(records.flat(rows), record, info)


def _frame(flat: Flat, record: str, info: Mapping[str, Any] | None) -> pd.DataFrame:
    arrays: dict[str, Any] = {}
    odd: list[str] = []
    with paused_gc():
        for name, column in flat.columns.items():
            arrays[name], fits = _array(column)
            if not fits and column.declared:
                odd.append(name)
    frame = pd.DataFrame(arrays, index=pd.RangeIndex(flat.count), copy=False)
    ids = flat.ids() if flat.lists else None
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
