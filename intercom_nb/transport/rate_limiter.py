"""The rate governor: keeps all concurrent requests of a connector under the server's limit.

It learns the window from the headers of each answer and spreads what is left of it over the time
that is left, so that the limit is approached and not exceeded. What was sent and not yet answered
counts as spent; what other clients of the same app take is seen in ``remaining`` and left to them.
Waiting happens in one queue, first come first served: its head sleeps until exactly the moment
when it may go, and nobody else is awake.
Source: developers.intercom.com, "Rate limiting".
"""

from __future__ import annotations

import asyncio
import collections
import contextlib
import dataclasses
import email.utils
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from .protocol import MAX_WAIT, RateLimit

# Intercom's windows last so long; corrected by what the headers tell.
_WINDOW = 10.0
# Before the first answers tell how long they take.
_FIRST_CONCURRENCY = 40
_LEAST_CONCURRENCY = 8
# So many seconds' worth of requests may go at once: short calls are not slowed down.
_BURST = 0.25
# Without headers a refusal is all that a server tells. So begin at a rate that few limits are
# below and double it up to what Intercom promises to every app (10,000 calls a minute); once
# refused, stay by the rate that was served: from a little less, over a long level, slowly past it.
_FIRST_RATE = 50.0
_DOUBLES_IN = 5.0
_PROMISED = 10_000 / 60
_SLOWER = 0.04
_LEVEL_AFTER = 100.0
_LEAST_RATE = 0.5
# A refusal is for our pace where it lasts, or where about as much was served as before another.
_LASTS = 1.5
_AS_MUCH = 0.8


@dataclasses.dataclass(frozen=True)
class RateState:
    """What ``c.rate`` shows: the server's window, and what this connector does with it.

    Times are seconds; ``others`` is the rate of requests by other clients of the same app.
    """

    limit: int | None
    remaining: int | None
    resets_in: float | None
    window: float
    in_flight: int
    concurrency: int
    latency: float | None
    sent: int
    refused: int
    waited: float
    others: float

    @property
    def allowed(self) -> float | None:
        """Requests per second that the server allows, or None where it does not say."""
        return None if self.limit is None else self.limit / self.window


class RateLimiter:
    """Hand out permission to send, under the window that the headers describe.

    ``concurrency`` is the most requests under way at once; how many are, follows from the allowed
    rate and the time that an answer takes. ``clock`` gives unix seconds, ``sleep`` waits; tests
    pass their own.
    """

    def __init__(
        self,
        *,
        concurrency: int = 160,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.in_flight = 0
        self._most = concurrency
        self._clock = clock
        self._sleep = sleep
        self._turn: asyncio.Lock | None = None
        self._freed = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._window: RateLimit | None = None
        self._length = _WINDOW
        self._skew = _Skew()
        self._ours = 0  # answers of the present window
        self._others = 0.0  # requests a second
        self._not_before = 0.0
        self._next = 0.0  # when a request is due, if they are evenly spread
        self._ceiling: _Ceiling | None = None
        self._refusals: _Refusals | None = None  # until a later request is served
        self._queued_at = -math.inf
        self._served: collections.deque[float] = collections.deque(maxlen=5_000)
        self._latency: float | None = None
        self._sent = self._refused = 0
        self._waited = 0.0

    @property
    def rate(self) -> RateLimit | None:
        """The newest window, or None before the first answer that tells one."""
        return self._window

    @property
    def concurrency(self) -> int:
        """How many requests may be under way now: allowed rate times latency (Little's law)."""
        if self._refusals is not None and self._window is None:
            return 1  # one is enough to see whether the server takes requests again
        if self._latency is None or (allowed := self._allowed()) is None:
            return min(_FIRST_CONCURRENCY, self._most)
        needed = math.ceil(allowed * self._latency * 1.5) + 4
        return min(max(needed, _LEAST_CONCURRENCY), self._most)

    @property
    def state(self) -> RateState:
        """What is known of the rate, and what was done with it."""
        now = self._clock()
        window = self._current(now)
        at = None if window is None or window.reset_at is None else window.reset_at
        return RateState(
            limit=None if window is None else window.limit,
            remaining=None if window is None else window.remaining,
            resets_in=None if at is None else max(at - self.server_time(), 0.0),
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
        """The server's clock, as far as its answers tell how it differs from ours."""
        return self._clock() + self._skew.seconds

    @contextlib.asynccontextmanager
    async def permit(self) -> AsyncIterator[float]:
        """Wait until one more request may be sent, and count it while it is under way.

        Gives the time of sending.
        """
        async with self._turn_of_this_loop():
            await self._wait_for_turn()
            sent_at = self._grant()
        try:
            yield sent_at
        finally:
            self.in_flight -= 1
            self._freed.set()

    def learn(
        self,
        seen: RateLimit | None,
        sent_at: float | None = None,
        date: str | None = None,
        *,
        served: bool = True,
    ) -> None:
        """Take in what an answer says of the window; answers may arrive out of order.

        ``sent_at`` is what ``permit`` gave, ``date`` the answer's Date header; not ``served`` is
        a request that was one too many.
        """
        now = self._clock()
        if sent_at is not None:
            took = now - sent_at
            self._latency = took if self._latency is None else 0.9 * self._latency + 0.1 * took
            self._skew.learn(date, sent_at, now)
        if seen is not None:
            self._learn_window(seen, now)
        elif self._window is None and served:
            self._learn_without_headers(sent_at, now)

    def _learn_without_headers(self, sent_at: float | None, now: float) -> None:
        self._served.append(now)
        if self._ceiling is None:
            self._ceiling = _Ceiling(_PROMISED, now, _FIRST_RATE)
        if self._refusals and sent_at is not None and sent_at > self._refusals.last:
            self._ceiling = self._refusals.lesson(self._ceiling, self._length, now)
            self._refusals = None
            self._freed.set()

    def hold(self, seconds: float | None, sent_at: float | None = None) -> None:
        """Let nobody send for so long: the server refused a request as one too many.

        None where it does not say how long: a second then. Where no window is known either, the
        rate is lowered when a request is served again, once for all refusals until then.
        """
        self._refused += 1
        now = self._clock()
        wait = min(1.0 if seconds is None else seconds, MAX_WAIT)
        self._not_before = max(self._not_before, now + wait + _jitter())
        if self._window is None and sent_at is not None:
            self._count_refusal(sent_at, now, wait)

    def _count_refusal(self, sent_at: float, now: float, wait: float) -> None:
        if self._refusals is None:
            served = sum(at > now - self._length for at in self._served)
            queued = now - self._queued_at < 1.0 + (self._latency or 0.0)
            self._refusals = _Refusals(now, now, served, queued, wait >= _LASTS)
        elif sent_at > self._refusals.last:  # not one that was under way already
            self._refusals.last = now
            self._refusals.lasts |= sent_at - self._refusals.first >= _LASTS

    def _allowed(self) -> float | None:
        if self._window is not None and self._window.limit is not None:
            return self._window.limit / self._length
        return self._ceiling.at(self._clock()) if self._ceiling else None

    def _learn_window(self, seen: RateLimit, now: float) -> None:
        known = self._current(now)
        told, before = seen.reset_at, None if known is None else known.reset_at
        if known is not None and before is not None and told is not None:
            if told < before:
                return
            if told == before:
                self._ours += 1
                lower = min(r for r in (known.remaining, seen.remaining, math.inf) if r is not None)
                remaining = None if lower == math.inf else int(lower)
                seen = RateLimit(seen.limit, remaining, told)
            else:
                self._length = _length(told - before, self._length)
                self._ours = 1
        self._window = seen
        self._learn_others(seen, now)

    def _learn_others(self, window: RateLimit, now: float) -> None:
        """Estimate how fast others send: what is spent, less what we may have spent."""
        if window.limit is None or window.remaining is None or window.reset_at is None:
            return
        elapsed = self._length - (window.reset_at - now - self._skew.seconds)
        if elapsed > 1.0:
            theirs = window.limit - window.remaining - self._ours - self.in_flight
            self._others = max(theirs, 0) / elapsed

    def _current(self, now: float) -> RateLimit | None:
        """Give the present window; when the known one is over, the next that must have begun."""
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
            elif (pause := self._pause()) > 0:
                self._waited += pause
                self._queued_at = self._clock()
                await self._sleep(pause)
            else:
                return

    def _grant(self) -> float:
        now = self._clock()
        self._next = max(self._next, now) + self._interval(now)
        self.in_flight += 1
        self._sent += 1
        return now

    def _pause(self) -> float:
        """Give the seconds to wait before looking again; 0 when a request may go now."""
        now = self._clock()
        if now < self._not_before:
            return self._not_before - now
        interval = self._interval(now)
        if math.isinf(interval):  # nothing is left of this window
            assert self._window is not None
            return float(self._window.reset_at or 0) - now - self._skew.seconds + _jitter()
        early = self._next - now - _BURST
        return early if early > 0 and interval > 0 else 0.0

    def _interval(self, now: float) -> float:
        """Give the seconds between requests that spend the window evenly; infinite when spent."""
        window = self._current(now)
        if window is None or window.remaining is None or window.reset_at is None:
            return 1 / self._ceiling.at(now) if self._ceiling and window is None else 0.0
        left = window.reset_at - now - self._skew.seconds
        if not 0 < left <= MAX_WAIT:  # no such window: a misread header
            return 0.0
        free = window.remaining - self.in_flight
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
class _Ceiling:
    """The rate (requests per second) to keep where no header tells one, by the time since then.

    ``known`` is what a server served when it refused, or what Intercom promises; the rate doubles
    from ``start`` until it comes near, and then follows a cubic curve that is level at ``known``.
    ``refused`` is what was served before a refusal that said nothing yet.
    """

    known: float
    since: float
    start: float | None = None
    refused: float | None = None

    def at(self, now: float) -> float:
        calm = min(max(now - self.since, 0.0), 10 * _LEVEL_AFTER)
        near = self.known * (1 + _SLOWER * (calm / _LEVEL_AFTER - 1) ** 3)
        if self.start is None:
            return near
        return float(min(near, self.start * 2 ** (calm / _DOUBLES_IN)))


@dataclasses.dataclass
class _Refusals:
    """Refusals one after another, without headers: when, and how many were served in a window.

    ``queued``: requests had to wait for their turn. ``lasts``: not over after a moment.
    """

    first: float
    last: float
    served: int
    queued: bool
    lasts: bool

    def lesson(self, before: _Ceiling, length: float, now: float) -> _Ceiling:
        """Give the rate to keep from now on."""
        served = self.served / length
        again = self.first - before.since > length / 2 and _alike(served, before.refused)
        as_much = again or served >= _AS_MUCH * before.known
        if self.queued and (self.lasts or as_much):
            return _Ceiling(max(served, _LEAST_RATE), now)
        # Not for our pace, so that what was served is no measure of what would be.
        start = max(before.at(self.first) / 2, _LEAST_RATE)
        return _Ceiling(before.known, now, start, served)


def _alike(served: float, before: float | None) -> bool:
    return before is not None and _AS_MUCH * before <= served <= before / _AS_MUCH


@dataclasses.dataclass
class _Skew:
    """How far the server's clock is ahead of ours, between two bounds that narrow."""

    least: float = -math.inf
    most: float = math.inf

    @property
    def seconds(self) -> float:
        if self.least <= 0 <= self.most:
            return 0.0
        # The later of the moments at which a window can end: too early would be refused.
        return self.least

    def learn(self, date: str | None, sent_at: float, now: float) -> None:
        """Take in a Date header, which is cut to the second."""
        told = email.utils.parsedate_tz(date) if date else None
        if told is None:
            return
        second = email.utils.mktime_tz(told)
        least, most = second - now, second + 1 - sent_at
        self.least, self.most = max(self.least, least), min(self.most, most)
        if self.least > self.most:  # one of the clocks was set
            self.least, self.most = least, most


def _length(between: float, known: float) -> float:
    """Give the length of a window from the time between two ends: whole seconds, the least seen."""
    return between if 1.0 <= between < known else known


def _jitter() -> float:
    return random.uniform(0.01, 0.1)
