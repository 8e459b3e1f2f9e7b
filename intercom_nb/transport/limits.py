"""Bounds of one request: time and size."""

from __future__ import annotations

import dataclasses

# The deadline of a request, as a multiple of the timeout of one step (connect, write, read).
_STEPS_IN_DEADLINE = 5
MAX_RESPONSE_MB = 250.0
"""The largest response, decompressed, in MB: 150 conversations with 500 long parts take 60 MB."""


@dataclasses.dataclass(frozen=True)
class Limits:
    """Bounds of one request.

    ``timeout`` is seconds per step (connect, write, read), ``deadline`` seconds in all (None: five
    times the timeout), ``max_response_mb`` the largest response, decompressed.
    """

    timeout: float = 60.0
    deadline: float | None = None
    max_response_mb: float = MAX_RESPONSE_MB

    @property
    def seconds(self) -> float:
        """The deadline in seconds."""
        return _STEPS_IN_DEADLINE * self.timeout if self.deadline is None else self.deadline
