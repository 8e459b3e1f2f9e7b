"""The rate governor: keeps all concurrent requests of a connector under the server's limit.

It learns the window from the headers of each answer. What was sent and not yet answered counts
as spent, so that many requests at once approach the limit and do not exceed it.
Source: developers.intercom.com, "Rate limiting".
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from .wire import MAX_WAIT, RateLimit


class Governor:
    """Hand out permission to send, under the window that the headers describe.

    ``clock`` gives unix seconds, ``sleep`` waits; tests pass their own.
    """

    def __init__(
        self,
        *,
        concurrency: int = 80,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.concurrency = concurrency
        self.in_flight = 0
        self._clock = clock
        self._sleep = sleep
        self._slots: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._window: RateLimit | None = None
        self._not_before = 0.0

    @property
    def rate(self) -> RateLimit | None:
        """The newest window, or None before the first answer that tells one."""
        return self._window

    @contextlib.asynccontextmanager
    async def permit(self) -> AsyncIterator[None]:
        """Wait until one more request may be sent, and count it while it is under way."""
        async with self._slots_of_this_loop():
            while (pause := self._pause()) > 0:
                await self._sleep(pause)
            self.in_flight += 1
            try:
                yield
            finally:
                self.in_flight -= 1

    def learn(self, seen: RateLimit | None) -> None:
        """Take in what an answer says of the window; answers may arrive out of order."""
        if seen is None:
            return
        known = self._window
        if known is not None and known.reset_at is not None and seen.reset_at is not None:
            if seen.reset_at < known.reset_at:
                return
            if seen.reset_at == known.reset_at and None not in (known.remaining, seen.remaining):
                lower = min(known.remaining or 0, seen.remaining or 0)
                seen = RateLimit(seen.limit, lower, seen.reset_at)
        self._window = seen

    def hold(self, seconds: float) -> None:
        """Let nobody send for so long: the server said that it is too much."""
        self._not_before = max(self._not_before, self._clock() + min(seconds, MAX_WAIT))

    def _pause(self) -> float:
        """Give the seconds to wait before looking again; 0 when a request may go now."""
        now = self._clock()
        if now < self._not_before:
            return self._not_before - now + _jitter()
        window = self._window
        if window is None or window.remaining is None or window.reset_at is None:
            return 0.0
        wait = window.reset_at - now
        if wait <= 0:  # a new window, of which no answer has told yet
            fits = window.limit is None or window.limit > self.in_flight
            return 0.0 if fits else _jitter()
        if wait > MAX_WAIT or window.remaining > self.in_flight:
            return 0.0
        return wait + _jitter()

    def _slots_of_this_loop(self) -> asyncio.Semaphore:
        # A semaphore belongs to one loop; the portal has a new one after a fork.
        loop = asyncio.get_running_loop()
        if self._slots is None or self._loop is not loop:
            self._slots, self._loop = asyncio.Semaphore(self.concurrency), loop
            self.in_flight = 0
        return self._slots


def _jitter() -> float:
    return random.uniform(0.01, 0.2)
