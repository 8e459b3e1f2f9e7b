"""An event loop whose time passes at once, and a server with Intercom's rate window in it."""

from __future__ import annotations

import asyncio
import dataclasses
import email.utils
import math
import random
import selectors
from collections.abc import Callable, Coroutine
from typing import Any

from intercom_nb.transport.protocol import RateLimit
from intercom_nb.transport.rate_limiter import RateLimiter

EPOCH = 1_790_000_003.7  # in the middle of a window, as most calls are


class _Selector(selectors.DefaultSelector):
    """Instead of waiting, moves the clock on by as much."""

    now = 0.0
    turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.turns += 1
        if timeout is not None and timeout > 0:
            self.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs timers in order without waiting for any of them."""

    def __init__(self) -> None:
        self.virtual = _Selector()
        super().__init__(self.virtual)

    def time(self) -> float:
        return self.virtual.now

    def clock(self) -> float:
        return EPOCH + self.virtual.now


def run(work: Callable[[VirtualLoop], Coroutine[Any, Any, Any]]) -> Any:
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work(loop))
    finally:
        loop.close()


@dataclasses.dataclass
class Server:
    """Counts calls per window of ten seconds, as the API does, and refuses what is too much."""

    clock: Callable[[], float]
    limit: int = 1666
    latency: float = 0.25
    ahead: float = 0.0
    headers: bool = True
    dated: bool = True
    whims: float = 0.0  # the share of calls that is refused for no reason
    window: int = 0
    used: int = 0
    served: int = 0
    per_window: dict[int, int] = dataclasses.field(default_factory=dict)
    refused: int = 0
    most_at_once: int = 0
    at_once: int = 0
    rng: random.Random = dataclasses.field(default_factory=lambda: random.Random(3))

    def now(self) -> float:
        return self.clock() + self.ahead

    def take(self) -> bool:
        window = int(self.now() // 10)
        if window != self.window:
            self.window, self.used = window, 0
        if self.used >= self.limit or self.rng.random() < self.whims:
            return False
        self.used += 1
        return True

    def count(self, served: bool) -> None:
        if not served:
            self.refused += 1
            return
        self.served += 1
        window = int(self.now() // 10)
        self.per_window[window] = self.per_window.get(window, 0) + 1

    def share(self) -> float:
        """Give the share of the allowed calls that were served, first and last window apart."""
        whole = sorted(self.per_window)[1:-1]
        return sum(self.per_window[w] for w in whole) / max(self.limit * len(whole), 1)

    async def call(self, rate_limiter: RateLimiter) -> bool:
        """Make one request through a rate limiter; True when it was served."""
        async with rate_limiter.acquire() as sent_at:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            there = self.latency * self.rng.uniform(0.3, 0.6)
            await asyncio.sleep(there)
            served = self.take()
            told = RateLimit(self.limit, self.limit - self.used, (self.window + 1) * 10.0)
            date = email.utils.formatdate(math.floor(self.now()), usegmt=True)
            await asyncio.sleep(self.latency * self.rng.uniform(0.4, 0.8))
            self.at_once -= 1
            shown, date = told if self.headers else None, date if self.dated else None
            rate_limiter.observe(shown, sent_at, date, served=served)
            self.count(served)
            if not served:
                wait = (told.reset_at or 0) - rate_limiter.server_time() if self.headers else None
                rate_limiter.pause(wait, sent_at)
        return served
