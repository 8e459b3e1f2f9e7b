"""Dates of the demo workspace, fixed when this module is first imported."""

from __future__ import annotations

import datetime as dt
import os
import time

from intercom_nb.demo.settings import DAY


def instant(year: int, month: int, day: int, hour: int = 0) -> int:
    """Return the unix time of a UTC date.

    >>> instant(2026, 11, 1)
    1793491200
    """
    return int(dt.datetime(year, month, day, hour, tzinfo=dt.UTC).timestamp())


DATE_VARIABLE = "INTERCOM_NB_DEMO_DATE"
"""Environment variable that fixes the date of the demo, so that its records stay the same."""


def _read_date(text: str | None) -> int:
    """Return the midnight (UTC) that starts a date, by default today.

    >>> _read_date("2026-11-01")
    1793491200
    """
    if not text:
        return int(time.time()) // DAY * DAY
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    # The rule of summer time in `data/time_zone.py` is valid since 2007.
    if not 2010 <= day.year <= 2090:
        raise ValueError(
            f"{DATE_VARIABLE} must be a date from 2010 to 2090, such as 2026-11-01, not {text!r}. "
            "Without it, the demo's records end today."
        )
    return instant(day.year, day.month, day.day)


def _monday_before(at: int) -> int:
    # 1 January 1970 was a Thursday.
    return at // DAY * DAY - (at // DAY + 3) % 7 * DAY


# The records span the year before NOW. NOW is set once a process, so that all parts of the
# demo agree.
NOW = _read_date(os.environ.get(DATE_VARIABLE))
START = NOW - 365 * DAY

# One bad week, Monday to Sunday, in the fifth month before NOW: twice the usual volume and slow
# replies. In the week of recovery after it, replies are still slower than usual.
INCIDENT_START = _monday_before(NOW - 143 * DAY)
INCIDENT_END = INCIDENT_START + 7 * DAY
RECOVERY_END = INCIDENT_END + 7 * DAY
INCIDENT_MONTH = dt.datetime.fromtimestamp(INCIDENT_START, dt.UTC).strftime("%B %Y")

# From this date, three months after START, an AI agent replies first, more often each month.
AGENT_LAUNCH = _monday_before(NOW - 270 * DAY)
