"""Incomplete periods: steps of time of which a result has only a part of the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ..conditions import RowCondition
from ..grouping import CLOCKS, Grouping

_BOUNDS = {"<", "<=", ">", ">="}


def incomplete_keys(
    frame: pd.DataFrame,
    dimension: Grouping,
    conditions: Sequence[RowCondition],
    info: Mapping[str, Any],
    now: pd.Timestamp,
) -> set[Any]:
    """Return the steps that are not over, that a filter bounds inside, or that the limit cut.

    ``info`` is the frame's metadata. The limit's cut is known only if the rows are in the order of
    the column.
    """
    if not dimension.unit or dimension.unit in CLOCKS:
        return set()
    column = dimension.column
    bounds = [c.values[0] for c in conditions if c.column == column and c.op in _BOUNDS]
    bounds += _query_bounds(info.get("params", {}).get("query"), column)
    inside = [now]
    times = frame[column].dropna()
    is_in_order = times.is_monotonic_increasing or times.is_monotonic_decreasing
    if info.get("truncated") and len(times) and is_in_order:
        inside.append(times.iloc[-1])
    found = set(_steps(dimension, inside))
    for bound, step in zip(bounds, _steps(dimension, bounds), strict=True):
        if bound.tz_convert(dimension.display.zone).tz_localize(None) != step:
            found.add(step)
    return found


def _steps(dimension: Grouping, times: Sequence[pd.Timestamp]) -> list[pd.Timestamp]:
    if not times:
        return []
    series = pd.Series(times, dtype="datetime64[us, UTC]")
    return list(dimension.keys(pd.DataFrame({dimension.column: series})))


def _query_bounds(query: Any, column: str) -> Iterable[pd.Timestamp]:
    """Yield the times that bound a column in a query of the search API."""
    if not isinstance(query, Mapping):
        return
    value = query.get("value")
    if isinstance(value, list) and query.get("operator") == "AND":
        for one in value:
            yield from _query_bounds(one, column)
    is_bound = query.get("field") == column and query.get("operator") in _BOUNDS
    if is_bound and isinstance(value, (int, float)):
        yield pd.Timestamp(value, unit="s", tz="UTC")
