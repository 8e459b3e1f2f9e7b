"""Rate probe: estimates a limit that no header states, from refusals alone.

Slow start, then a cubic curve, as in TCP's congestion control (RFC 9438, CUBIC): begin at a rate
that few limits are below, double it up to what Intercom promises, and after a refusal stay near
the rate that was served, over a long plateau, slowly past it.
"""

from __future__ import annotations

import collections
import dataclasses

# Requests per second. Few limits are below the first rate.
_FIRST_RATE = 50.0
_LOWEST_RATE = 0.5
# Every app may send 10,000 requests a minute. Source: developers.intercom.com, "Rate limiting".
_PROMISED_RATE = 10_000 / 60
_DOUBLES_IN = 5.0  # seconds of slow start
# The cubic curve starts this share below the known rate and is level after 100 s. With
# these two, tests/transport/test_rate_limiter.py serves 98% of the allowed rate at 0.8% refusals.
_DIP = 0.04
_PLATEAU_AFTER = 100.0
# A refusal is about our pace if refusals last this long (seconds), or if about as much (this
# share) was served as before another refusal.
_LASTS = 1.5
_AS_MUCH = 0.8


class RateProbe:
    """Estimate the allowed rate from served and refused requests.

    ``is_suspended``: requests were refused, and none has been served since.
    """

    def __init__(self) -> None:
        self._ceiling: _Ceiling | None = None
        self._refusals: _Refusals | None = None
        self._served: collections.deque[float] = collections.deque(maxlen=5_000)

    @property
    def is_suspended(self) -> bool:
        """Whether requests were refused, and none has been served since."""
        return self._refusals is not None

    def rate(self, now: float) -> float | None:
        """Return the requests per second to keep to, or None before the first response."""
        return self._ceiling.rate(now) if self._ceiling else None

    def observe_served(self, sent_at: float | None, now: float, window: float) -> None:
        """Count a served request; after refusals, take the new ceiling from them.

        ``window`` is the length of a rate window in seconds.
        """
        self._served.append(now)
        if self._ceiling is None:
            self._ceiling = _Ceiling(_PROMISED_RATE, now, _FIRST_RATE)
        if self._refusals and sent_at is not None and sent_at > self._refusals.last:
            self._ceiling = self._refusals.next_ceiling(self._ceiling, window, now)
            self._refusals = None

    def observe_refused(
        self, sent_at: float, now: float, window: float, *, wait: float, queued: bool
    ) -> None:
        """Count a refusal. ``queued``: requests had to wait for their turn before it."""
        if self._refusals is None:
            served = sum(at > now - window for at in self._served)
            self._refusals = _Refusals(now, now, served, queued, wait >= _LASTS)
        elif sent_at > self._refusals.last:  # not one that was in flight already
            self._refusals.last = now
            self._refusals.lasts |= sent_at - self._refusals.first >= _LASTS


@dataclasses.dataclass
class _Ceiling:
    """The rate to keep to (requests per second), as a function of time.

    ``known`` is what a server served before it refused, or what Intercom promises. ``start``: the
    rate doubles from this one until it comes near. ``refused`` is what was served before a refusal
    that proved nothing yet.
    """

    known: float
    since: float
    start: float | None = None
    refused: float | None = None

    def rate(self, now: float) -> float:
        calm = min(max(now - self.since, 0.0), 10 * _PLATEAU_AFTER)
        cubic = self.known * (1 + _DIP * (calm / _PLATEAU_AFTER - 1) ** 3)
        if self.start is None:
            return cubic
        return float(min(cubic, self.start * 2 ** (calm / _DOUBLES_IN)))


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

    def next_ceiling(self, before: _Ceiling, window: float, now: float) -> _Ceiling:
        """Return the next ceiling."""
        served = self.served / window
        again = self.first - before.since > window / 2 and _is_alike(served, before.refused)
        as_much = again or served >= _AS_MUCH * before.known
        if self.queued and (self.lasts or as_much):
            return _Ceiling(max(served, _LOWEST_RATE), now)
        # Not about our pace, so what was served does not measure what would be.
        start = max(before.rate(self.first) / 2, _LOWEST_RATE)
        return _Ceiling(before.known, now, start, served)


def _is_alike(served: float, before: float | None) -> bool:
    return before is not None and _AS_MUCH * before <= served <= before / _AS_MUCH
