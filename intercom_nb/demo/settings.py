"""Constants of the demo workspace: dates, credentials, address."""

from __future__ import annotations

import datetime as dt

TOKEN = "demo"  # noqa: S105 - open to everybody
"""Access token of the demo workspace."""

CLIENT_ID = "demo-client"
CLIENT_SECRET = "demo-secret"  # noqa: S105 - open to everybody
EXTERNAL_USER_ID = "demo"
WORKSPACE_NAME = "demo"

DEMO_BASE_URL = "https://demo.intercom-nb.invalid"
"""Base URL of the in-process workspace; `.invalid` never resolves, so nothing can leak to it."""

APP_ID = "demo0nb1"
APP_NAME = "Lanternboard (demo)"
TIME_ZONE = "America/New_York"
REGION = "US"
API_VERSION = "2.15"

MINUTE = 60
HOUR = 3_600
DAY = 86_400


def instant(year: int, month: int, day: int, hour: int = 0) -> int:
    """Return the unix time of a UTC date.

    >>> instant(2026, 11, 1)
    1793491200
    """
    return int(dt.datetime(year, month, day, hour, tzinfo=dt.UTC).timestamp())


# The workspace lives in the year before NOW. A fixed date and not today's, so that the numbers in
# a notebook, a picture or a test stay what they were.
NOW = instant(2026, 11, 1)
START = instant(2025, 11, 1)

# One bad week, Monday to Sunday: twice the usual volume and slow replies.
INCIDENT_START = instant(2026, 6, 8)
INCIDENT_END = instant(2026, 6, 15)

# From this date an AI agent replies first, more often each month.
AGENT_LAUNCH = instant(2026, 2, 2)
