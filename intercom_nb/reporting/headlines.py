"""Headline numbers of a report: now, before, and as sentences."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis import OfficeHours, formatting
from ..analysis.periods import Period
from .gather import Material

# Below this count a change in percent says little: 1 to 3 is +200%.
_LEAST_FOR_PERCENT = 10
_OPEN = "Open"


@dataclasses.dataclass(frozen=True)
class Headline:
    """One number with that of the previous period, and in which direction it is good.

    ``better`` is 1 if more is better, -1 if less is better, 0 if neither.
    """

    name: str
    now: float
    before: float
    write: Callable[[float], str]
    better: int = 0
    detail: str = ""

    @property
    def text(self) -> str:
        """The number with its unit."""
        return "\u2013" if math.isnan(self.now) else self.write(self.now)

    @property
    def change(self) -> str:
        """The change since the previous period, as text."""
        if math.isnan(self.now) or math.isnan(self.before):
            return "nothing to compare with"
        before = f"from {self.write(self.before)}"
        if self.write(self.now) == self.write(self.before):
            return "unchanged"
        if self.write is formatting.percent:
            # Of the rounded shares, which stand beside it: 67%, from 77%, is 10 points.
            difference = round(self.now, 2) - round(self.before, 2)
            return f"{formatting.points(difference)}, {before}" if difference else before
        is_count = self.write is formatting.number
        if self.before == 0 or (is_count and self.before < _LEAST_FOR_PERCENT):
            return before
        change = (self.now / self.before - 1) * 100
        return f"{change:+.{0 if round(change) else 1}f}%, {before}"

    @property
    def verdict(self) -> str:
        """``good``, ``bad`` or ``same``."""
        known = not (math.isnan(self.now) or math.isnan(self.before))
        if not self.better or not known or self.write(self.now) == self.write(self.before):
            return "same"
        return "good" if (self.now > self.before) == (self.better > 0) else "bad"


@dataclasses.dataclass(frozen=True)
class Headlines:
    """The headline numbers of a report, and its sentences."""

    items: list[Headline]
    sentences: list[str]


def headlines(material: Material, office_hours: OfficeHours | None) -> Headlines:
    """Measure the headline numbers of the period and the previous one."""
    df, zone = material.recent, material.zone
    hours: Any = {"zone": zone, "office_hours": office_hours}

    def both(measure: Callable[[Period], pd.DataFrame]) -> list[pd.DataFrame | None]:
        return [measure(p) if p is not None else None for p in (material.period, material.before)]

    volume = both(lambda p: analysis.volume(df, period=p, zone=zone))
    reply = both(lambda p: analysis.first_reply(df, period=p, **hours))
    close = both(lambda p: analysis.time_to_close(df, period=p, **hours))
    csat = both(lambda p: analysis.csat(df, period=p, zone=zone))
    again = both(lambda p: analysis.reopens(df, period=p, zone=zone))
    agent = both(lambda p: analysis.automation(df, by=None, period=p, zone=zone))
    backlog = both(lambda p: analysis.backlog(material.all, period=p, zone=zone))
    counts = [_total(v) for v in volume]
    opened = [_last_open(b) for b in backlog]
    items = [
        Headline("Conversations", counts[0], counts[1], formatting.number),
        Headline(
            "First reply, median",
            *_pair(reply, "median"),
            formatting.duration,
            -1,
            _within(_first(reply[0]), "replied to"),
        ),
        Headline(
            "Time to close, median",
            *_pair(close, "median"),
            formatting.duration,
            -1,
            _within(_first(close[0]), "closed"),
        ),
        Headline(
            "Good ratings (CSAT)",
            *_pair(csat, "share"),
            formatting.percent,
            1,
            _interval(_first(csat[0])),
        ),
        Headline(_open_name(material.period), opened[0], opened[1], formatting.number, -1),
        Headline(
            "Reopened", *_pair(again, "share"), formatting.percent, -1, _reopened(_first(again[0]))
        ),
        Headline(
            "AI agent took part",
            *_pair(agent, "participation"),
            formatting.percent,
            0,
            _resolved(_first(agent[0])),
        ),
    ]
    findings = [table for table in (reply[0], csat[0], agent[0]) if table is not None]
    return Headlines(items, _sentences(items, material, findings))


def _sentences(
    items: list[Headline], material: Material, findings: list[pd.DataFrame]
) -> list[str]:
    by_name = {item.name.split(" at ")[0]: item for item in items}
    volume, opened = by_name["Conversations"], by_name[_OPEN]
    now = material.period.text
    before = material.before
    new = formatting.plural(volume.now, "new conversation")
    sentences = [f"{new} {_inside(material.period)}{_versus(volume, before)}."]
    # A metric without measured conversations has nothing to report.
    sentences += [f"{table.metric.finding}." for table in findings if not _is_empty(table)]
    if not math.isnan(opened.now):
        count = formatting.plural(opened.now, "conversation")
        verb = "was" if opened.now == 1 else "were"
        sentences.append(f"{count} {verb} open at the end of {now}{_versus(opened, before)}.")
    return sentences


def _inside(period: Period) -> str:
    is_day = period.calendar is not None and period.calendar.freqstr == "D"
    return f"{'on' if is_day else 'in'} {period.text}"


def _versus(item: Headline, before: Period | None) -> str:
    if before is None or math.isnan(item.before):
        return ""
    if item.now == item.before:
        return f", as many as {_inside(before)}" if item.name == "Conversations" else ", unchanged"
    way = "up" if item.now > item.before else "down"
    is_volume = item.name == "Conversations"
    of = f" {_inside(before)}" if is_volume else f" at the end of {before.text}"
    return f", {way} from {formatting.number(item.before)}{of}"


def _is_empty(table: pd.DataFrame) -> bool:
    counts = table.metric.counts
    return not any(counts.get(name) for name in ("measured", "rated", "participated"))


def _open_name(period: Period) -> str:
    calendar = period.calendar
    unit = None if calendar is None or not period.is_whole else calendar.freqstr[0]
    ends = {"M": "month end", "Q": "quarter end", "Y": "year end"}
    return f"{_OPEN} at {ends.get(unit or '', 'the end')}"


def _first(result: pd.DataFrame | None) -> Any:
    return None if result is None or result.empty else result.iloc[0]


def _total(result: pd.DataFrame | None) -> float:
    return float("nan") if result is None else float(result["conversations"].sum())


def _last_open(result: pd.DataFrame | None) -> float:
    if result is None or result.empty or pd.isna(result["open"].iloc[-1]):
        return float("nan")
    return float(result["open"].iloc[-1])


def _pair(results: list[pd.DataFrame | None], column: str) -> tuple[float, float]:
    rows = [_first(result) for result in results]
    now, before = (float("nan") if row is None else float(row[column]) for row in rows)
    return now, before


def _within(row: Any, done: str) -> str:
    if row is None or not row["measured"]:
        return ""
    p90 = formatting.duration(float(row["p90"]))
    return f"90% within {p90}; {int(row['measured']):,} of {int(row['conversations']):,} {done}"


def _interval(row: Any) -> str:
    if row is None or pd.isna(row["share"]):
        return "no ratings"
    low, high = formatting.percent(float(row["low"])), formatting.percent(float(row["high"]))
    ratings = f"{int(row['positive']):,} of {formatting.plural(int(row['rated']), 'rating')}"
    return f"{ratings}; 95% interval {low} to {high}"


def _reopened(row: Any) -> str:
    if row is None or not row["measured"]:
        return ""
    return f"{int(row['reopened']):,} of {int(row['measured']):,} closed"


def _resolved(row: Any) -> str:
    if row is None or not row["participated"] > 0:
        return ""
    took_part = f"{int(row['participated']):,} of {int(row['new']):,} with a customer message"
    rate = formatting.percent(float(row["resolution_rate"]))
    return f"{took_part}; resolved {rate} of those ({int(row['resolved']):,})"
