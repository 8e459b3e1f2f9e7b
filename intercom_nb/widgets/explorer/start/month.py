"""The last full month of a workspace, and the month before it."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from ....analysis.periods import Period, period_of
from ....connector.connector import IntercomConnector
from ....demo.settings import DEMO_BASE_URL


@dataclasses.dataclass(frozen=True)
class LastMonth:
    """The last month that is over at ``now``, and the one before it, in the workspace's zone."""

    period: Period
    before: Period
    now: pd.Timestamp

    @classmethod
    def of(cls, connector: IntercomConnector, zone: str) -> LastMonth:
        """Return the last full month of a workspace."""
        now = current_time(connector)
        month = pd.Period(now.tz_convert(zone).tz_localize(None), freq="M") - 1
        period = period_of(str(month), zone)
        return cls(period, period.before(), now)

    def form(self, *, both: bool = False) -> dict[str, Any]:
        """Return the query form of the month's conversations, or those of both months."""
        start = self.before.start if both else self.period.start
        return search_form([("created_at", "gte", start), ("created_at", "lt", self.period.end)])

    def cut(self, recent: pd.DataFrame) -> pd.DataFrame:
        """Return the conversations of the month out of those of both months."""
        return recent[self.period.contains(recent["created_at"])]


def search_form(filters: list[tuple[str, str, Any]], *, sort: str = "") -> dict[str, Any]:
    """Return the query form of a search of conversations by (field, operator, value)."""
    rows = [
        {"id": f"r{at}", "field": field, "op": op, "value": _typed(value)}
        for at, (field, op, value) in enumerate(filters)
    ]
    return {
        "entity": "conversations",
        "action": "search",
        "values": {"sort": sort},
        "nulls": [],
        "query": {"join": "AND", "groups": [{"join": "AND", "rows": rows}]},
        "limit": "",
    }


def _typed(value: Any) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, pd.Timestamp) else str(value)


def is_demo(connector: IntercomConnector) -> bool:
    """Check for the demo workspace, which runs in this process and costs nothing."""
    return connector.base_url == DEMO_BASE_URL


def current_time(connector: IntercomConnector) -> pd.Timestamp:
    """Return the current time; for the demo, the end of its records."""
    if not is_demo(connector):
        return pd.Timestamp.now("UTC")
    from ....demo import dates

    return pd.Timestamp(dates.NOW, unit="s", tz="UTC")
