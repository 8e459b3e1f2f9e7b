"""State of the rate limit, as a person looks at it."""

from __future__ import annotations

import dataclasses

from ..runtime.html import card


@dataclasses.dataclass(frozen=True)
class RateState:
    """State of the rate limit, as ``c.rate`` shows it.

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
        """Requests per second that the server allows, or None if it does not say."""
        return None if self.limit is None else self.limit / self.window

    def _repr_html_(self) -> str:
        allowed = "not known yet" if self.allowed is None else f"{self.allowed:,.1f} requests/s"
        left = "" if self.limit is None else f"{self.remaining or 0:,} of {self.limit:,}"
        rows = [
            ("allowed", allowed),
            ("left in this window", left or "not known yet"),
            ("resets in", "" if self.resets_in is None else f"{self.resets_in:.0f} s"),
            ("in flight", f"{self.in_flight:,} of {self.concurrency:,}"),
            ("sent", f"{self.sent:,} requests"),
            ("refused (429)", f"{self.refused:,} requests"),
            ("waited", f"{self.waited:.1f} s"),
            ("other clients", f"{self.others:.1f} requests/s"),
        ]
        return card("Rate limit", [(name, text) for name, text in rows if text])
