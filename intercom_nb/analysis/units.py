"""Units of the columns of metrics: seconds, shares, or plain numbers."""

from __future__ import annotations

from typing import Literal

import pandas as pd

Unit = Literal["seconds", "share"]

_QUANTILES = ("median", "p75", "p90")
_SECONDS = {
    "first_reply": _QUANTILES,
    "time_to_close": _QUANTILES,
    "ticket_states": _QUANTILES,
    "sla": ("target_seconds",),
    "summary": (
        *("median_first_reply", "p75_first_reply", "p90_first_reply"),
        *("median_time_to_close", "p75_time_to_close", "p90_time_to_close"),
    ),
}
_SHARES = frozenset(
    {"share", "low", "high", "running", "participation", "csat", "complete_share"}
    | {"csat_low", "csat_high", "ai_agent_csat"}
)


def unit_of(metric: str, column: str) -> Unit | None:
    """Return the unit of a metric's column; None for counts and other plain numbers.

    >>> unit_of("first_reply", "median"), unit_of("thread_length", "median")
    ('seconds', None)
    """
    if column in _SECONDS.get(metric, ()):
        return "seconds"
    if column in _SHARES or column.endswith(("_share", "_rate", "_participation")):
        return "share"
    return None


def units_of(result: pd.DataFrame, metric: str) -> dict[str, Unit]:
    """Return the unit of each column that has one."""
    found = {str(name): unit_of(metric, str(name)) for name in result.columns}
    return {name: unit for name, unit in found.items() if unit is not None}
