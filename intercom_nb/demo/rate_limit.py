"""Fixed-window rate limit: a number of calls per 10 s."""

from __future__ import annotations

import time
from collections.abc import Callable

WINDOW = 10
DEFAULT_LIMIT = 1_666
"""Intercom allows a private app 10,000 calls a minute, spread over windows of 10 s."""


class RateWindow:
    """Count calls in fixed windows of 10 s.

    >>> window = RateWindow(1, clock=lambda: 25.0)
    >>> window.acquire(), window.acquire(), window.headers()["X-RateLimit-Reset"]
    (True, False, '30')
    """

    def __init__(self, limit: int | None, clock: Callable[[], float] = time.time) -> None:
        self.limit = limit
        self._clock = clock
        self._window = -1
        self._used = 0

    def acquire(self) -> bool:
        """Count one call; return False if the window has none left."""
        window = int(self._clock() // WINDOW)
        if window != self._window:
            self._window, self._used = window, 0
        if self.limit is not None and self._used >= self.limit:
            return False
        self._used += 1
        return True

    def headers(self) -> dict[str, str]:
        """Return the rate-limit headers of a response."""
        if self.limit is None:
            return {}
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self._used),
            "X-RateLimit-Reset": str((self._window + 1) * WINDOW),
        }
