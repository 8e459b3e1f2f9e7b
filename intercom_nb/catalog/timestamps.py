"""Times as people write them, to Unix seconds."""

from __future__ import annotations

import datetime as dt
import math
import re
import time
from typing import Any

from ..errors import InvalidParameterError

_AGE = re.compile(r"(\d+)\s*([smhdw])")
_AGE_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_EXAMPLES = "2026-10-01, 2026-10-01T09:30Z, a datetime, Unix seconds or an age such as 7d"
# The year 5000: larger numbers are milliseconds.
_TOO_LATE = 95_617_584_000


def unix_seconds(value: Any, what: str = "time") -> float:
    """Convert a time to Unix seconds; without a time zone, it is UTC.

    Accepts ISO 8601 text, ``datetime`` (also ``pandas.Timestamp``), ``date`` (its midnight),
    ``numpy.datetime64``, numbers (Unix seconds) and ages: ``"7d"`` is seven days ago (also s, m,
    h, w). Raises InvalidParameterError for anything else.

    >>> unix_seconds("2026-10-01")
    1790812800.0
    """
    if isinstance(value, dt.datetime):
        if value != value:  # pandas' NaT is a datetime too
            raise _unusable(value, what)
        aware = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return _checked(aware.timestamp(), value, what)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=dt.UTC).timestamp()
    if isinstance(value, bool) or str(getattr(value, "dtype", "")) == "bool":  # numpy's, too
        raise _unusable(value, what)
    if isinstance(value, (int, float)):
        return _checked(float(value), value, what)
    if hasattr(value, "__index__"):  # numpy's integers
        return _checked(float(value.__index__()), value, what)
    if hasattr(value, "dtype"):  # numpy.datetime64, whose text is ISO 8601
        value = str(value)
    if isinstance(value, str):
        return _from_text(value.strip(), what)
    raise _unusable(value, what)


def is_whole_day(value: Any) -> bool:
    """Return whether a value is a day without a time."""
    if isinstance(value, str):
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}|\d{8}", value.strip()) is not None
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _from_text(text: str, what: str) -> float:
    age = _AGE.fullmatch(text)
    if age:
        seconds = int(age[1]) * _AGE_SECONDS[age[2]]
        return _checked(float(math.floor(time.time()) - seconds), text, what)
    if re.fullmatch(r"\d{9,}(\.\d+)?", text):
        return _checked(float(text), text, what)
    try:
        return unix_seconds(dt.datetime.fromisoformat(text), what)
    except ValueError:
        raise _unusable(text, what) from None


def _checked(seconds: float, value: Any, what: str) -> float:
    if math.isnan(seconds):
        raise _unusable(value, what)
    if abs(seconds) > _TOO_LATE:
        raise InvalidParameterError(
            f"{what}: {value!r} is too large for Unix seconds. If it is in milliseconds, divide it "
            "by 1,000."
        )
    return seconds


def _unusable(value: Any, what: str) -> InvalidParameterError:
    return InvalidParameterError(f"{what}: {value!r} is not a valid time. Use {_EXAMPLES}.")
