"""When to send again, and how long to wait before."""

from __future__ import annotations

import dataclasses
import random


@dataclasses.dataclass(frozen=True)
class RetryPolicy:
    """Say how often a request is sent at most, and how the waits between grow.

    ``attempts`` counts the first one; waits double from ``first_wait`` seconds up to ``max_wait``,
    with jitter, unless the server says how long.
    """

    attempts: int = 5
    first_wait: float = 0.5
    max_wait: float = 20.0

    def wait(self, attempt: int, told: float | None) -> float:
        """Give the seconds to wait after the given attempt (counted from 1)."""
        if told is not None:
            return told + random.uniform(0.05, 0.25)
        full: float = min(self.first_wait * 2 ** (attempt - 1), self.max_wait)
        return random.uniform(full / 2, full)
