"""Times of records, however they are written, as whole seconds."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

LAST_SECOND = 253_402_300_799
"""The last second of the year 9999."""
# Milliseconds, microseconds and nanoseconds differ from seconds by their size. They are read only
# within these years: any other number of that size is more likely not a time at all.
_PLAUSIBLE = range(631_152_000, 4_102_444_800)  # 1990 to 2099
_UNITS = (10**3, 10**6, 10**9)


def seconds_of(value: Any) -> int | None:
    """Return a time as Unix seconds, rounded down; None if the value is not a time.

    Reads seconds, milliseconds, microseconds and nanoseconds since 1970, as numbers or text, and
    ISO 8601 text, which is UTC unless it says otherwise.

    >>> seconds_of(1_790_812_800_000), seconds_of("2026-10-01T02:00:00+02:00"), seconds_of("soon")
    (1790812800, 1790812800, None)
    """
    if isinstance(value, str):
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            return _of_text(value)
    if type(value) is float and math.isfinite(value):
        value = math.floor(value)
    if type(value) is not int:
        return None
    if abs(value) <= LAST_SECOND:
        return value
    return next((value // unit for unit in _UNITS if value // unit in _PLAUSIBLE), None)


def _of_text(text: str) -> int | None:
    try:
        instant = dt.datetime.fromisoformat(text.strip().removesuffix(" UTC"))
        aware = instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
        return math.floor(aware.timestamp())
    except (ValueError, OverflowError):
        return None
