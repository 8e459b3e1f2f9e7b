"""Charts of durations: median, p75 and p90, per group or over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from .. import formatting
from ..formatting import duration
from ..groups import WEEKDAYS
from ..stats import ENOUGH
from .theme import MOST_ROWS, PALE, Colors, dates, label, legend

# Seconds that have a round text: 1 s, 10 s, 1 min, 5 min, 15 min, 1 h, ... 30 days.
_TICKS = (1, 10, 60, 300, 900, 3_600, 4 * 3_600, 86_400, 3 * 86_400, 7 * 86_400, 30 * 86_400)
_LINES = {"median": "-", "p75": "--", "p90": ":"}


def waits(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw durations: lines over time, else one row per group from its median to its p90."""
    rows = frame[frame["measured"] > 0]
    if rows.empty:
        axes.set_axis_off()
        return "nothing measured"
    if chart["time"]:
        _over_time(axes, frame, chart["by"], colors)
        return "median, 75th and 90th percentile"
    if chart["by"] in {"hour", "weekday"}:
        _by_clock(axes, rows, chart["by"], colors)
        return "median and 90th percentile, by the start of the conversation"
    return _rows(axes, rows, chart["by"], colors)


def _rows(axes: Axes, rows: pd.DataFrame, by: str | None, colors: Colors) -> str:
    shown = rows.nlargest(MOST_ROWS, "conversations").sort_values("median", ascending=False)
    positions = range(len(shown))
    axes.hlines(
        positions, shown["median"], shown["p90"], color=colors.main, alpha=0.45, linewidth=3
    )
    axes.plot(
        shown["p90"], positions, "|", color=colors.main, markersize=11, label="90th percentile"
    )
    axes.plot(
        shown["p75"], positions, "D", color=colors.main, markersize=5, label="75th percentile"
    )
    axes.plot([], [], "o", color=colors.warm, markersize=9, label="median")
    small = shown["measured"] < ENOUGH
    for position, value, few in zip(positions, shown["median"], small, strict=True):
        alpha = PALE if few else 1.0
        axes.plot(value, position, "o", color=colors.warm, markersize=9, alpha=alpha)
    for position, value in zip(positions, shown["median"], strict=True):
        axes.annotate(
            duration(value),
            (value, position),
            xytext=(-9, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
        )
    texts = ["all"] if by is None else [label(n) for n in shown[by]]
    counts = [f"{t}  ({n:,})" for t, n in zip(texts, shown["measured"], strict=True)]
    axes.set_yticks(list(positions), counts, color=colors.ink)
    axes.set_ylim(-0.6, len(shown) - 0.4)
    axes.grid(axis="y", visible=False)
    _time_axis(axes, "x", shown["median"].min() / 3, shown["p90"].max())
    legend(axes, 3)
    left = len(rows) - len(shown)
    texts = ["number of conversations in parentheses"]
    if by is not None and small.any():
        texts.append(f"pale: fewer than {ENOUGH}")
    if left:
        texts.append(f"{formatting.plural(left, 'smaller group')} not shown")
    return "; ".join(texts)


def _over_time(axes: Axes, frame: pd.DataFrame, by: str, colors: Colors) -> None:
    for name, style in _LINES.items():
        color = colors.warm if name == "median" else colors.main
        text = {"median": "median", "p75": "75th percentile", "p90": "90th percentile"}[name]
        width = 2.2 if name == "median" else 1.4
        axes.plot(frame[by], frame[name], style, color=color, linewidth=width, label=text)
    dates(axes, frame[by], by)
    _time_axis(axes, "y", float(frame["median"].min()), float(frame["p90"].max()))
    legend(axes, 3)


def _by_clock(axes: Axes, rows: pd.DataFrame, by: str, colors: Colors) -> None:
    axes.vlines(rows[by], rows["median"], rows["p90"], color=colors.main, alpha=0.45, linewidth=3)
    axes.plot(rows[by], rows["p90"], "_", color=colors.main, markersize=9, label="90th percentile")
    axes.plot(rows[by], rows["median"], "o", color=colors.warm, markersize=7, label="median")
    ticks = range(0, 24, 3) if by == "hour" else range(7)
    axes.set_xticks(list(ticks), [f"{t}:00" if by == "hour" else WEEKDAYS[t] for t in ticks])
    axes.grid(axis="x", visible=False)
    _time_axis(axes, "y", rows["median"].min(), rows["p90"].max())
    legend(axes, 2)


def _time_axis(axes: Axes, which: str, least: float, most: float) -> None:
    """Set up a logarithmic axis, because durations differ by orders of magnitude."""
    low, high = max(least, 1) * 0.8, max(most, 2) * 1.3
    inside = [t for t in _TICKS if low <= t <= high]
    axis = axes.xaxis if which == "x" else axes.yaxis
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    (axes.set_xlim if which == "x" else axes.set_ylim)(low, high)
    axis.set_ticks(inside, [duration(t) for t in inside])
    axis.set_ticks([], minor=True)
    axis.set_label_text("time (log scale)")
