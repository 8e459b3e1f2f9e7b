"""Profiles of columns for their heads: distribution, missing share, top values, over all rows."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from .....analysis.formatting import percent
from .....frames.cells import column_kind
from ..display import Display, noun
from ..grouping import UNITS, Grouping, grouping_of
from ..text_index import text_array

_TOP = 5


def profile(frame: pd.DataFrame, column: str, display: Display) -> dict[str, Any]:
    """Return a column's distribution: ``missing`` as text, ``distinct``, and ``bars``.

    A bar is [label, number of rows, conditions]. Numbers and times have ordered bins, other kinds
    their most frequent values.
    """
    series = frame[column]
    dimension = grouping_of(frame, column, display)
    if dimension.unit or dimension.edges:
        found = _binned(series, dimension)
        missing = len(series) - sum(n for _, n in found)
        distinct = None
    else:
        counts, missing = count_values(series)
        distinct = len(counts)
        found = largest(counts, distinct if dimension.kind == "number" else _TOP)
        if dimension.kind == "number":
            found = sorted(found)
    bars = [[dimension.label(key), n, dimension.pairs(key)] for key, n in found]
    share = missing / len(series) if len(series) else 0.0
    return {
        "column": column,
        "label": noun(column),
        "kind": dimension.kind,
        "missing": percent(share) if missing else "",
        "distinct": distinct,
        "bars": bars,
    }


def _binned(series: pd.Series[Any], dimension: Grouping) -> list[tuple[Any, int]]:
    present = series.dropna()
    if dimension.edges:
        counts = _counts_from(np.array(dimension.edges), present.to_numpy(dtype="float64"))
        return list(zip(dimension.edges, counts, strict=True))
    if present.empty:
        return []
    zone = dimension.display.zone
    ends = [t.tz_convert(zone).tz_localize(None) for t in (present.min(), present.max())]
    spans = pd.period_range(ends[0], ends[1], freq=UNITS[dimension.unit])
    starts = pd.DatetimeIndex([*spans.start_time, (spans[-1] + 1).start_time])
    edges = starts.tz_localize(
        zone, ambiguous=np.ones(len(starts), bool), nonexistent="shift_forward"
    )
    bounds = edges.tz_convert("UTC").tz_localize(None).to_numpy(dtype="datetime64[s]")
    seconds = present.to_numpy(dtype="datetime64[s]").astype("int64")
    counts = _counts_from(bounds[:-1].astype("int64"), seconds)
    return list(zip(starts[:-1], counts, strict=True))


def _counts_from(starts: np.ndarray[Any, Any], values: np.ndarray[Any, Any]) -> list[int]:
    """Return how many values each bin has, by its start; ``np.histogram`` sorts all values."""
    bins = np.searchsorted(starts, values, side="right")
    counts: list[int] = np.bincount(bins, minlength=len(starts) + 1)[1:].tolist()
    return counts


def largest(counts: pa.StructArray, top: int) -> list[tuple[Any, int]]:
    """Return the most frequent values with their counts, equal ones by their text."""
    sizes = counts.field("counts").to_numpy()
    if len(sizes) > top:  # only those that can be among them become Python values
        least = np.partition(sizes, -top)[-top]
        above = np.flatnonzero(sizes > least)
        equal = np.flatnonzero(sizes == least)[: 1_000 + top]
        counts = counts.take(pa.array(np.concatenate([above, equal])))
    pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
    return sorted(pairs, key=lambda pair: (-pair[1], str(pair[0])))[:top]


def count_values(series: pd.Series[Any]) -> tuple[pa.StructArray, int]:
    """Count the values of a column, of a list each entry, and the rows without any."""
    kind = column_kind(series)
    if kind == "list":
        lists = [value for value in series.tolist() if isinstance(value, list)]
        array: Any = _entries(lists)
        missing = len(series) - sum(map(bool, lists))
    elif kind in {"number", "flag"}:
        array = pa.array(series.array, from_pandas=True)
        missing = int(series.isna().sum())
    else:
        array = text_array(series)
        blank = pc.fill_null(pc.equal(array, ""), True)
        missing = int(pc.sum(blank).as_py() or 0)
        array = array.filter(pc.invert(blank))
    return pc.value_counts(array.drop_null()), missing


def _entries(lists: list[list[Any]]) -> pa.Array:
    """Return the entries of all lists as text, each once per list."""
    distinct: Any = map(set, lists)
    try:
        entries = pa.array(list(itertools.chain.from_iterable(distinct)), pa.large_string())
        if not entries.null_count:
            return entries
    except (TypeError, pa.ArrowInvalid):
        pass
    distinct = (set(map(str, each)) for each in lists)  # not only text
    return pa.array(list(itertools.chain.from_iterable(distinct)), pa.large_string())
