"""Time span of the measured conversations: two years, in Unix seconds."""

from __future__ import annotations

NEWEST = 1_760_000_000
OLDEST = NEWEST - 2 * 365 * 86_400
