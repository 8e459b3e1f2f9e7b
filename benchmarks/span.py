"""When the measured conversations began: two years, in unix seconds."""

from __future__ import annotations

NEWEST = 1_760_000_000
OLDEST = NEWEST - 2 * 365 * 86_400
