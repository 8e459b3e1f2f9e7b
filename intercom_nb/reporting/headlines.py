"""The headline numbers: of the period, of the one before, and in words."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from .. import analysis
from ..analysis import OfficeHours, formatting
from ..analysis.stats import wilson
from .gather import Material


@dataclasses.dataclass(frozen=True)
class Headline:
    """One number with the one of the period before, and which way is good."""

    name: str
    now: float
    before: float
    say: Callable[[float], str]
    better: int = 0  # 1: more is better, -1: less is better, 0: neither
    detail: str = ""

    @property
    def text(self) -> str:
        """The number as it is said."""
        return "none" if math.isnan(self.now) else self.say(self.now)

    @property
    def _both_known(self) -> bool:
        return not (math.isnan(self.now) or math.isnan(self.before))

    @property
    def change(self) -> str:
        """The change against the period before, in words."""
        if not self._both_known:
            return "nothing to compare with"
        if self.say is formatting.percent:
            points = round((self.now - self.before) * 100)
            return (
                "unchanged" if points == 0 else f"{points:+d} points, from {self.say(self.before)}"
            )
        if self.before == 0 or self.now == self.before:
            return "unchanged" if self.now == self.before else f"from {self.say(self.before)}"
        ratio = round((self.now / self.before - 1) * 100)
        return f"{ratio:+d}%, from {self.say(self.before)}"

    @property
    def verdict(self) -> str:
        """``good``, ``bad`` or ``same``."""
        if not self.better or not self._both_known or self.now == self.before:
            return "same"
        return "good" if (self.now > self.before) == (self.better > 0) else "bad"


def headlines(material: Material, office_hours: OfficeHours | None) -> list[Headline]:
    """Measure the headline numbers of the period and of the one before."""
    both = (material.period, material.before)
    df, zone = material.recent, material.zone
    waits: Any = {"zone": zone, "office_hours": office_hours}
    reply = [_one(analysis.first_reply(df, period=p, **waits)) for p in both]
    close = [_one(analysis.time_to_close(df, period=p, **waits)) for p in both]
    csat = [_one(analysis.csat(df, period=p, zone=zone)) for p in both]
    again = [_one(analysis.reopens(df, period=p, zone=zone)) for p in both]
    agent = [_one(analysis.automation(df, by=None, period=p, zone=zone)) for p in both]
    opened = [_end(analysis.backlog(material.all, period=p, zone=zone)) for p in both]
    volume = [float(analysis.volume(df, period=p, zone=zone)["conversations"].sum()) for p in both]
    return [
        Headline("Conversations", volume[0], volume[1], formatting.number),
        Headline(
            "First reply, median", *_pair(reply, "median"), formatting.duration, -1, _p90(reply)
        ),
        Headline(
            "Time to close, median", *_pair(close, "median"), formatting.duration, -1, _p90(close)
        ),
        Headline(
            "Good ratings (CSAT)", *_pair(csat, "share"), formatting.percent, 1, _interval(csat)
        ),
        Headline("Open at the end", opened[0], opened[1], formatting.number, -1),
        Headline("Reopened", *_pair(again, "share"), formatting.percent, -1),
        Headline(
            "AI agent took part",
            *_pair(agent, "participation"),
            formatting.percent,
            0,
            _solved(agent),
        ),
    ]


def sentences(items: list[Headline], material: Material) -> list[str]:
    """Say the headline numbers in whole sentences."""
    by_name = {item.name: item for item in items}
    volume, reply = by_name["Conversations"], by_name["First reply, median"]
    csat, opened = by_name["Good ratings (CSAT)"], by_name["Open at the end"]
    agent = by_name["AI agent took part"]
    now, before = material.period.label, material.before.label
    said = [
        f"{formatting.plural(int(volume.now), 'conversation')} began in {now}, "
        f"against {formatting.number(volume.before)} in {before}."
    ]
    if not math.isnan(reply.now):
        said.append(
            f"Half of the customers had their first reply within {reply.text}, {reply.detail}."
        )
    if not math.isnan(csat.now):
        said.append(f"{csat.text} of the ratings were good ({csat.detail}).")
    if agent.detail:
        said.append(f"The AI agent took part in {agent.text} of all {agent.detail}.")
    said.append(f"{formatting.plural(int(opened.now), 'conversation')} were open at the end of it.")
    return said


def _one(result: pd.DataFrame) -> pd.Series:
    return result.iloc[0] if len(result) else pd.Series(float("nan"), index=result.columns)


def _end(result: pd.DataFrame) -> float:
    return float(result["open"].iloc[-1]) if len(result) else float("nan")


def _pair(rows: list[pd.Series], column: str) -> tuple[float, float]:
    return float(rows[0][column]), float(rows[1][column])


def _p90(rows: list[pd.Series]) -> str:
    return f"9 of 10 within {formatting.duration(float(rows[0]['p90']))}"


def _interval(rows: list[Any]) -> str:
    row = rows[0]
    if pd.isna(row["share"]):
        return "no ratings"
    low, high = formatting.percent(float(row["low"])), formatting.percent(float(row["high"]))
    return f"95% interval {low} to {high}, {formatting.plural(int(row['rated']), 'rating')}"


def _solved(rows: list[Any]) -> str:
    row = rows[0]
    if not row["participated"] > 0:
        return ""
    rate = wilson(pd.Series([row["resolved"]]), pd.Series([row["participated"]]))["share"].iloc[0]
    return f"and resolved {formatting.percent(float(rate))} of those"
