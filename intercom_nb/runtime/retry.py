"""Retry with exponential back-off: the one loop that sends or reads again."""

from __future__ import annotations

import asyncio
import operator
from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..errors import IntercomError
from ..models import RetryPolicy

_T = TypeVar("_T")
Sleep = Callable[[float], Awaitable[None]]


def _attempts_note(attempts: int) -> str | None:
    return f"Gave up after {attempts} attempts." if attempts > 1 else None


class Retrier:
    """Repeat an attempt while its errors are transient, with exponential back-off.

    Args:
        policy: How often, and how long to wait.
        sleep: Waits for seconds; tests pass their own.
        note: Returns what to add to the last error, from the number of attempts.

    >>> async def attempt(number: int) -> str:
    ...     return f"attempt {number}"
    >>> asyncio.run(Retrier(RetryPolicy()).run(attempt))
    'attempt 1'
    """

    def __init__(
        self,
        policy: RetryPolicy,
        sleep: Sleep = asyncio.sleep,
        note: Callable[[int], str | None] = _attempts_note,
    ) -> None:
        self.policy = policy
        self._sleep = sleep
        self._note = note

    async def run(
        self,
        attempt: Callable[[int], Awaitable[_T]],
        should_retry: Callable[[IntercomError], bool] = operator.attrgetter("is_transient"),
    ) -> _T:
        """Return what the first successful attempt returns; raise the error of the last one.

        ``attempt`` is called with its number, from 1.
        """
        number = 1
        while True:
            try:
                return await attempt(number)
            except IntercomError as error:
                too_long = (error.retry_after or 0) > self.policy.max_retry_after
                if too_long:
                    error.add_note(
                        f"The server asks to wait {error.retry_after:,.0f} s, which is longer than "
                        f"{self.policy.max_retry_after:,.0f} s (RetryPolicy.max_retry_after)."
                    )
                if too_long or number >= self.policy.attempts or not should_retry(error):
                    if note := self._note(number):
                        error.add_note(note)
                    raise
                wait = self.policy.wait(number, error.retry_after)
            await self._sleep(wait)
            number += 1
