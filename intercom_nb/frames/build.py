"""Frames of records that are dicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..catalog.declared_columns import RecordColumns
from ..runtime.memory import paused_gc
from .frame import frame_of_flat
from .read.flattener import flatten
from .read.level import Level, blocks_of


def build_frame(
    records: Sequence[dict[str, Any]],
    declared: RecordColumns,
    record: str,
    info: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """Build a frame of one row per record, each a dict.

    Columns are named by the API's own paths: the declared ones in their order, always all of
    them, then what else the records hold. Lists of objects become child tables
    (``df.intercom.children(name)``) and a compact column of their ids. ``record`` names one
    record (``"conversation"``) and so the key in the child tables.

    ``attrs["intercom"]["as_received"]`` lists the columns in which a value did not fit its
    declared type, and ``["odd_values"]`` counts them: times that are not times become missing,
    whole numbers with a fraction make their column float64, entries that are not objects are
    left out of child tables, and everything else stays as received.

    >>> frame = build_frame([{"id": 1, "score": 0.5}], {"id": "id", "score": "integer"}, "rating")
    >>> frame.attrs["intercom"]["odd_values"]
    {'score': 1}
    """
    with paused_gc():
        flat = flatten(Level(blocks_of(records)), declared)
    return frame_of_flat(flat, record, info or {})
