"""Rate limiter driven by response headers.

Paces all concurrent requests of a connector by GCRA (the generic cell rate algorithm: a token
bucket without a timer). The rate follows from the newest window: what is left of it, spread over
the time that is left, so that the limit is approached and not exceeded. Requests that it does not
count yet are spent too; what other clients of the same app use shows in ``remaining`` and is left
to them. Requests wait in one queue, first come, first served: its head sleeps until the moment it
may go, and nothing else is awake. Source: developers.intercom.com, "Rate limiting".
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import logging
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from .protocol import MAX_WAIT, RateLimit, parse_http_date
from .rate_probe import RateProbe
from .rate_state import RateState

_log = logging.getLogger(__name__)

# Seconds: the length of Intercom's windows, corrected by what the headers report.
_WINDOW = 10.0
# Requests in flight before the first responses show how long they take.
_FIRST_CONCURRENCY = 40
_LOWEST_CONCURRENCY = 8
# Seconds: this much of the rate may go at once, so that short calls are not slowed down.
_BURST = 0.25
# Refusals in a row that are about the limit although much of the window is left, and the share of
# the window that is not much. Chance refusals of 5% of all requests come three in a row once in
# 8,000 requests. (60 of them cost 73 s on 1,000 conversations when each paused everything 1 s.)
_IN_A_ROW = 3
_ALMOST_SPENT = 0.05
_LONG_WAIT = 1.0  # seconds: longer waits are logged
# Weight of a new latency in the moving average (EWMA).
_LATENCY_WEIGHT = 0.1


class RateLimiter:
    """Delay requests so that they stay within the window that the headers describe.

    Args:
        concurrency: The most requests in flight; how many are follows from rate and latency.
        clock: Returns Unix seconds; tests pass their own.
        sleep: Waits for seconds; tests pass their own.
    """

    def __init__(
        self,
        *,
        concurrency: int = 160,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.in_flight = 0
        self._max_concurrency = concurrency
        self._clock = clock
        self._sleep = sleep
        self._turn: asyncio.Lock | None = None
        self._freed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._window: RateLimit | None = None
        self._length = _WINDOW
        self._skew = _ClockSkew()
        self._ours = 0  # responses in the present window
        # When the requests left that the newest window does not count yet.
        self._uncounted: collections.deque[float] = collections.deque()
        self._others = 0.0  # requests per second
        self._paused_until = 0.0
        self._next = 0.0  # GCRA's theoretical arrival time: when a request is due at an even pace
        self._probe: RateProbe | None = None  # of a server whose headers report no window
        self._refused_in_a_row = 0
        self._queued_at = -math.inf
        self._latency: float | None = None
        self._sent = self._refused = 0
        self._waited = 0.0

    @property
    def rate(self) -> RateLimit | None:
        """The newest window, or None before the first response that reports one."""
        return self._window

    @property
    def concurrency(self) -> int:
        """Requests that may be in flight now: allowed rate times latency (Little's law)."""
        if self._probe and self._probe.is_suspended and self._window is None:
            return 1  # one is enough to see whether the server accepts requests again
        if self._latency is None or (allowed := self._allowed()) is None:
            return min(_FIRST_CONCURRENCY, self._max_concurrency)
        needed = math.ceil(allowed * self._latency * 1.5) + 4
        return min(max(needed, _LOWEST_CONCURRENCY), self._max_concurrency)

    @property
    def state(self) -> RateState:
        """The state of the rate limit and the counts of this connector."""
        window = self._current(self._clock())
        reset_at = None if window is None else window.reset_at
        return RateState(
            limit=None if window is None else window.limit,
            remaining=None if window is None else window.remaining,
            resets_in=None if reset_at is None else max(reset_at - self.server_time(), 0.0),
            window=self._length,
            in_flight=self.in_flight,
            concurrency=self.concurrency,
            latency=self._latency,
            sent=self._sent,
            refused=self._refused,
            waited=self._waited,
            others=self._others,
        )

    def server_time(self) -> float:
        """Return the server's time in Unix seconds, as its Date headers show it."""
        return self._clock() + self._skew.seconds

    @contextlib.asynccontextmanager
    async def acquire(self) -> AsyncIterator[float]:
        """Wait until a request may be sent; count it as in flight inside the block.

        Yields the time of sending.
        """
        async with self._turn_of_this_loop():
            await self._wait_for_turn()
            sent_at = self._grant()
        try:
            yield sent_at
        finally:
            self.in_flight -= 1
            self._freed.set()

    def observe(
        self,
        seen: RateLimit | None,
        sent_at: float | None = None,
        date: str | None = None,
        *,
        served: bool = True,
    ) -> None:
        """Update the window from a response; responses may arrive out of order.

        ``sent_at`` is what ``acquire`` yielded, ``date`` the response's Date header. ``served`` is
        False for a refusal (429).
        """
        now = self._clock()
        self._refused_in_a_row = 0 if served else self._refused_in_a_row + 1
        if sent_at is not None:
            took, weight = now - sent_at, _LATENCY_WEIGHT
            known = took if self._latency is None else self._latency
            self._latency = (1 - weight) * known + weight * took
            self._skew.observe(date, sent_at, now)
        if seen is not None:
            self._observe_window(seen, now)
            while sent_at is not None and self._uncounted and self._uncounted[0] <= sent_at:
                self._uncounted.popleft()
        elif self._window is None and served:
            self._probe = self._probe or RateProbe()
            self._probe.observe_served(sent_at, now, self._length)
            self._freed.set()

    def pause(self, retry_after: float | None, sent_at: float | None = None) -> None:
        """Pause all requests after a refusal (429), unless the refusal is an isolated one.

        ``retry_after`` is what the server asks to wait, in seconds; None: 1 s. If no window is
        known either, the rate is lowered when a request is served again, once for all refusals
        until then.
        """
        self._refused += 1
        if sent_at is not None and self._is_isolated():
            return
        now = self._clock()
        wait = min(1.0 if retry_after is None else retry_after, MAX_WAIT)
        self._paused_until = max(self._paused_until, now + wait + _jitter())
        if self._window is None and sent_at is not None:
            queued = now - self._queued_at < 1.0 + (self._latency or 0.0)
            self._probe = self._probe or RateProbe()
            self._probe.observe_refused(sent_at, now, self._length, wait=wait, queued=queued)

    def _is_isolated(self) -> bool:
        """Return whether a refusal is not about the limit, so that only its request waits."""
        window = self._current(self._clock())
        if window is None or window.limit is None or window.remaining is None:
            return False
        if self._refused_in_a_row >= _IN_A_ROW:
            return False
        return window.remaining - self.in_flight > _ALMOST_SPENT * window.limit

    def _allowed(self) -> float | None:
        if self._window is not None and self._window.limit is not None:
            return self._window.limit / self._length
        return self._probe.rate(self._clock()) if self._probe else None

    def _observe_window(self, seen: RateLimit, now: float) -> None:
        known = self._current(now)
        reset_at, before = seen.reset_at, None if known is None else known.reset_at
        if known is not None and before is not None and reset_at is not None:
            if reset_at < before:
                return
            if reset_at == before:
                self._ours += 1
                lower = min(r for r in (known.remaining, seen.remaining, math.inf) if r is not None)
                remaining = None if lower == math.inf else int(lower)
                seen = RateLimit(seen.limit, remaining, reset_at)
            else:
                self._ours = 1
                if 1.0 <= reset_at - before < self._length:  # the shortest so far
                    self._length = reset_at - before
        self._window = seen
        self._observe_others(seen, now)

    def _observe_others(self, window: RateLimit, now: float) -> None:
        """Estimate how fast others send: what is spent, less what we may have spent."""
        if window.limit is None or window.remaining is None or window.reset_at is None:
            return
        elapsed = self._length - (window.reset_at - now - self._skew.seconds)
        if elapsed > 1.0:
            theirs = window.limit - window.remaining - self._ours - self.in_flight
            self._others = max(theirs, 0) / elapsed

    def _current(self, now: float) -> RateLimit | None:
        """Return the present window; if the known one is over, the next one, which is unspent."""
        window = self._window
        if window is None or window.reset_at is None or window.limit is None:
            return window
        over = now + self._skew.seconds - window.reset_at
        if over >= 0:
            ahead = (math.floor(over / self._length) + 1) * self._length
            self._window = window = RateLimit(window.limit, window.limit, window.reset_at + ahead)
            self._ours = 0
        return window

    async def _wait_for_turn(self) -> None:
        while True:
            if self.in_flight >= self.concurrency:
                self._queued_at = self._clock()
                self._freed.clear()
                await self._freed.wait()
            elif (wait := self._seconds_to_wait()) > 0:
                if wait > _LONG_WAIT:
                    _log.info("Waiting %.1f s for the server's rate limit.", wait)
                self._waited += wait
                self._queued_at = self._clock()
                await self._sleep(wait)
            else:
                return

    def _grant(self) -> float:
        now = self._clock()
        self._next = max(self._next, now) + self._interval(now)
        self.in_flight += 1
        self._sent += 1
        self._uncounted.append(now)
        return now

    def _seconds_to_wait(self) -> float:
        """Return the seconds to wait before looking again; 0 if a request may go now."""
        now = self._clock()
        if now < self._paused_until:
            return self._paused_until - now
        interval = self._interval(now)
        if math.isinf(interval):  # nothing is left of this window
            assert self._window is not None
            return float(self._window.reset_at or 0) - now - self._skew.seconds + _jitter()
        early = self._next - now - _BURST
        return early if early > 0 and interval > 0 else 0.0

    def _interval(self, now: float) -> float:
        """Return the seconds between requests that spend the window evenly; infinite if spent."""
        window = self._current(now)
        if window is None:
            rate = self._probe.rate(now) if self._probe else None
            return 1 / rate if rate else 0.0
        if window.remaining is None or window.reset_at is None:
            return 0.0
        left = window.reset_at - now - self._skew.seconds
        if not 0 < left <= MAX_WAIT:  # no such window: a misread header
            return 0.0
        free = window.remaining - min(len(self._uncounted), self.in_flight)
        # Others get what they are used to, and we at least half of what there is.
        share = max(free - self._others * (left + (self._latency or 0.0)), free / 2)
        return left / share if share >= 0.5 else math.inf

    def _turn_of_this_loop(self) -> asyncio.Lock:
        # Locks belong to one loop; the portal has a new one after a fork.
        loop = asyncio.get_running_loop()
        if self._turn is None or self._loop is not loop:
            self._turn, self._freed, self._loop = asyncio.Lock(), asyncio.Event(), loop
            self.in_flight = 0
        return self._turn


@dataclasses.dataclass
class _ClockSkew:
    """Seconds that the server's clock is ahead of ours: interval intersection (Marzullo)."""

    least: float = -math.inf
    most: float = math.inf

    @property
    def seconds(self) -> float:
        if self.least <= 0 <= self.most:
            return 0.0
        # The later of the moments at which a window can end: too early would be refused.
        return self.least

    def observe(self, date: str | None, sent_at: float, now: float) -> None:
        """Narrow the bounds by a Date header, which is cut to the second."""
        second = parse_http_date(date)
        if second is None:
            return
        least, most = second - now, second + 1 - sent_at
        self.least, self.most = max(self.least, least), min(self.most, most)
        if self.least > self.most:  # one of the clocks was set
            self.least, self.most = least, most


def _jitter() -> float:
    return random.uniform(0.01, 0.1)
