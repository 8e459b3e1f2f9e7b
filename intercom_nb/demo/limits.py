"""The rate limit: a number of calls for each window of ten seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

WINDOW = 10
DEFAULT_LIMIT = 1_666
"""A private app may call 10,000 times a minute, spread over windows of ten seconds."""


class RateWindow:
    """Count calls and say when there were too many.

    >>> window = RateWindow(1, clock=lambda: 25.0)
    >>> window.take(), window.take(), window.headers()["X-RateLimit-Reset"]
    (True, False, '30')
    """

    def __init__(self, limit: int | None, clock: Callable[[], float] = time.time) -> None:
        self.limit = limit
        self._clock = clock
        self._window = -1
        self._used = 0

    def take(self) -> bool:
        """Count one call; return False when the window has none left."""
        window = int(self._clock() // WINDOW)
        if window != self._window:
            self._window, self._used = window, 0
        if self.limit is not None and self._used >= self.limit:
            return False
        self._used += 1
        return True

    def headers(self) -> dict[str, str]:
        """Return the headers that tell a client how much is left."""
        if self.limit is None:
            return {}
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self._used),
            "X-RateLimit-Reset": str((self._window + 1) * WINDOW),
        }
