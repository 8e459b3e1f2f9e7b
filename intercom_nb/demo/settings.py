"""Constants of the demo workspace: credentials, address, units of time."""

from __future__ import annotations

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
