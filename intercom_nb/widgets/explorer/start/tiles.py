"""Tiles of the first screen: four numbers of the last full month, against the month before."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from ....analysis import csat, first_reply, formatting
from ....analysis.periods import Period
from ....errors import IntercomError
from ....reporting.headlines import Headline
from .load import Recent
from .month import LastMonth

_NAMES = ("New conversations", "Median first reply", "CSAT", "Open now")
_TO_COME = "…"


def tiles_to_come(month: LastMonth) -> list[dict[str, str]]:
    """Return the tiles of a month that is being loaded: as large as they will be."""
    details = ("", "… of … replied to", "… of … ratings are good", _since(month))
    about = {"text": _TO_COME, "change": _TO_COME, "verdict": "same"}
    return [{"name": n, "detail": d, **about} for n, d in zip(_NAMES, details, strict=True)]


def tiles(recent: Recent, month: LastMonth) -> list[dict[str, str]]:
    """Measure the tiles: new conversations, median first reply, CSAT, open now."""
    frame, period, before = recent.frame, month.period, month.before
    now, then = (float(p.contains(frame["created_at"]).sum()) for p in (period, before))
    replies, earlier = (_measure(first_reply, frame, p) for p in (period, before))
    median, median_before = _number(replies, "median"), _number(earlier, "median")
    ratings, rated_before = (_measure(csat, frame, p) for p in (period, before))
    share, share_before = _number(ratings, "share"), _number(rated_before, "share")
    created, reply, rating, backlog = _NAMES
    opened = recent.open_now, recent.open_then
    found = [
        Headline(created, now, then, formatting.number),
        Headline(reply, median, median_before, formatting.duration, -1, _replied(replies)),
        Headline(rating, share, share_before, formatting.percent, 1, _rated(ratings)),
        Headline(backlog, *opened, formatting.number, -1, _since(month)),
    ]
    return [_describe(item) for item in found]


def _describe(item: Headline) -> dict[str, str]:
    return {
        "name": item.name,
        "text": item.text,
        "change": item.change,
        "verdict": item.verdict,
        "detail": item.detail,
    }


def _since(month: LastMonth) -> str:
    return f"compared with the end of {month.period.text}"


def _measure(metric: Any, frame: pd.DataFrame, period: Period) -> Any:
    """Return the only row of a metric, None if the columns for it are missing."""
    try:
        found = metric(frame, period=period, zone=period.zone)
    except IntercomError:
        return None
    return None if found.empty else found.iloc[0]


def _number(row: Any, column: str) -> float:
    return math.nan if row is None else float(row[column])


def _replied(row: Any) -> str:
    if row is None or not row["measured"]:
        return ""
    return f"{int(row['measured']):,} of {int(row['conversations']):,} replied to"


def _rated(row: Any) -> str:
    if row is None or not row["rated"]:
        return ""
    return f"{int(row['positive']):,} of {formatting.plural(int(row['rated']), 'rating')} are good"
