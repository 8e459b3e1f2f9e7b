"""Text table of a metric's result: durations, percentages and dates as people write them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from . import formatting
from .units import unit_of

MISSING = "–"
_HIDDEN = {"id", "p_value"}
# The unit of these columns of ``movers`` depends on the row's measure.
_OF_MEASURE = {"before", "after", "change", "change_low", "change_high"}
_MEASURES = {"median_first_reply": "seconds", "csat": "share"}
_FORMATS = {"seconds": formatting.duration, "share": formatting.percent}


def text_table(result: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the result with every value as text and without its columns of ids."""
    shown = [c for c in result.columns if not c.endswith("_id") and c not in _HIDDEN]
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
        unit = _MEASURES.get(row["measure"])
    return _FORMATS.get(unit or "", _plain)


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
