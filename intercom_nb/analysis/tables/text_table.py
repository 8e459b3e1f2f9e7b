"""Text table of a metric's result: durations, percentages and dates as people write them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from .. import formatting
from ..units import unit_of

MISSING = "–"
# Their unit depends on the row: movers has a measure, compare_with_intercom a metric.
_OF_MEASURE = {"before", "after", "change", "change_low", "change_high"}
_OF_METRIC = {"ours", "theirs", "difference"}
_UNITS = {
    "median_first_reply": "seconds",
    "csat": "share",
    "first_reply": "seconds",
    "time_to_first_close": "seconds",
    "time_to_last_close": "seconds",
}
_FORMATS = {"seconds": formatting.duration, "share": formatting.percent}


def text_table(result: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the result with every value as text, and without ids beside names."""
    named = {"id"} if "name" in result else set()
    named |= {f"{c}_id" for c in result.columns}
    shown = [c for c in result.columns if c not in named and c != "p_value"]
    rows = [[_text(metric, c, row) for c in shown] for _, row in result.iterrows()]
    return pd.DataFrame(rows, index=result.index, columns=shown, dtype="str")


def _text(metric: str, column: str, row: pd.Series) -> str:
    value = row[column]
    if pd.isna(value):
        return MISSING
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return f"{value:%b %Y}" if column == "month" else formatting.day(value)
    return value if isinstance(value, str) else _format(metric, column, row)(float(value))


def _format(metric: str, column: str, row: pd.Series) -> Callable[[float], str]:
    unit: str | None = unit_of(metric, column)
    if column in _OF_MEASURE:
        unit = _UNITS.get(row["measure"])
    if column in _OF_METRIC:
        unit = _UNITS.get(row["metric"])
    return _FORMATS.get(unit or "", _plain)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
