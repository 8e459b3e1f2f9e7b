"""Charts of counts: over time, the backlog, rankings, and what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..formatting import change, percent
from ..stats import Z95
from .theme import MOST_ROWS, Colors, dates, label, legend

_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")


def count_line(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw a count over time; steps that the data cuts are hollow."""
    by, value = chart["by"], chart["value"]
    axes.plot(frame[by], frame[value], color=colors.main, linewidth=2)
    cut = frame[~frame["complete"]]
    axes.plot(
        cut[by], cut[value], "o", color=colors.main, markerfacecolor=colors.page, markersize=6
    )
    dates(axes, frame[by], by)
    _whole_numbers(axes)
    return f"new conversations per {by}{' (hollow: not a whole one)' if len(cut) else ''}"


def backlog(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw what is open, with what came and went as bars up and down."""
    by = chart["by"]
    width = {"day": 0.8, "week": 5.5, "month": 22}[by]
    middle = frame[by] + pd.Timedelta(days={"day": 0, "week": 3, "month": 14}[by])
    axes.bar(middle, frame["opened"], width=width, color=colors.warm, alpha=0.85, label="opened")
    axes.bar(
        middle, -frame["closed"], width=width, color=colors.series[2], alpha=0.85, label="closed"
    )
    axes.plot(middle, frame["open"], color=colors.main, linewidth=2.4, label="open at the end")
    axes.axhline(0, color=colors.quiet, linewidth=0.8)
    dates(axes, frame[by], by)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
    legend(axes, 3)
    return f"conversations per {by}; closed ones point down"


def pareto(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the largest tags or topics, with the running share of all conversations beside."""
    shown = frame.head(MOST_ROWS).iloc[::-1]
    _bars(axes, shown, "name", "conversations", colors)
    for place, row in enumerate(shown.itertuples(index=False)):
        text = f"{row.conversations:,}  ·  running: {percent(float(row.running))}"  # type: ignore[arg-type]
        _beside(axes, text, float(row.conversations), place)  # type: ignore[arg-type]
    axes.set_xlim(right=float(frame["conversations"].max()) * 1.3)
    left = len(frame) - len(shown)
    return f"conversations per {chart['of'].removesuffix('s')}{_not_shown(left)}"


def ranking(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the first of a ranking."""
    shown = frame.head(MOST_ROWS).iloc[::-1]
    _bars(axes, shown, chart["name"], chart["value"], colors)
    for place, value in enumerate(shown[chart["value"]]):
        _beside(axes, f"{value:,}", value, place)
    axes.set_xlim(right=float(frame[chart["value"]].max()) * 1.12)
    return f"{chart['value']} per {chart['name']}{_not_shown(len(frame) - len(shown))}"


def movers(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the strength of each change to the left or right, with the change in words."""
    shown = frame.head(MOST_ROWS).iloc[::-1]
    color = [colors.warm if s > 0 else colors.main for s in shown["strength"]]
    places = range(len(shown))
    axes.barh(places, shown["strength"], color=color, height=0.6)
    axes.axvline(0, color=colors.quiet, linewidth=0.8)
    for edge in (-Z95, Z95):
        axes.axvline(edge, color=colors.quiet, linewidth=0.8, linestyle=":")
    axes.set_yticks(list(places), [label(change(row), 50) for _, row in shown.iterrows()])
    axes.tick_params(axis="y", labelcolor=colors.ink)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("strength (beyond the dotted lines: more than chance)")
    return f"against {chart['before']}"


def _bars(axes: Axes, shown: pd.DataFrame, name: str, value: str, colors: Colors) -> None:
    places = range(len(shown))
    axes.barh(places, shown[value], color=colors.main, height=0.65)
    axes.set_yticks(list(places), [label(n) for n in shown[name]], color=colors.ink)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(_THOUSANDS)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _beside(axes: Axes, text: str, value: float, place: int) -> None:
    at: Any = {"xytext": (5, 0), "textcoords": "offset points"}
    axes.annotate(text, (value, place), va="center", fontsize=8.5, **at)


def _whole_numbers(axes: Axes) -> None:
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(_THOUSANDS)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _not_shown(left: int) -> str:
    return f", {left} smaller not shown" if left else ""
