"""Requests of the first screen: how much there is to read, and the conversations themselves."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from ....connector.connector import IntercomConnector
from ....frames import KEY
from ....runtime.progress import Progress
from .month import LastMonth

_PAGE = 150  # conversations of one request, the most that the API returns
_COUNTS = 3  # requests for the open conversations, now and at the end of the month


@dataclasses.dataclass(frozen=True)
class Recent:
    """The conversations of both months; how many are open now, and were at the month's end."""

    frame: pd.DataFrame
    open_now: float
    open_then: float


async def count_recent(connector: IntercomConnector, month: LastMonth) -> int | None:
    """Count the conversations of both months by one request; None if the API does not say."""
    both = {"created_at__gte": month.before.start, "created_at__lt": month.period.end}
    total = await _count(connector, both)
    return None if math.isnan(total) else int(total)


def requests_for(conversations: int) -> int:
    """Return how many requests it takes to load this number of conversations.

    >>> requests_for(642)
    8
    """
    return max(1, math.ceil(conversations / _PAGE)) + _COUNTS


async def load_recent(
    connector: IntercomConnector, month: LastMonth, report: Callable[[Progress], None]
) -> Recent:
    """Load the conversations of both months, and count the open ones.

    A conversation was open at an instant if it was created before, and is not closed or was closed
    later: the definition of ``analysis.backlog``.
    """
    end = month.period.end
    frame = await connector.conversations.search(
        created_at__gte=month.before.start, created_at__lt=end, limit=None, progress=report
    )
    open_now = await _count(connector, {"state__ne": "closed"})
    still_open = await _count(connector, {"state__ne": "closed", "created_at__lt": end})
    closed_since = await _count(
        connector,
        {"state": "closed", "created_at__lt": end, "statistics.last_close_at__gte": end},
    )
    return Recent(frame, open_now, still_open + closed_since)


async def _count(connector: IntercomConnector, query: Mapping[str, Any]) -> float:
    frame = await connector.conversations.search(query, per_page=1, limit=1, progress=False)
    total = frame.attrs[KEY].get("total_count")
    return float(total) if isinstance(total, int) else math.nan
