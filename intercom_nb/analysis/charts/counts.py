"""Charts of counts: over time, backlog, rankings, and changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ..formatting import change, percent
from .theme import MOST_ROWS, PALE, Colors, dates, label, legend, wrap

_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")


def count_line(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw a count over time; partial steps are hollow."""
    by, value = chart["by"], chart["value"]
    axes.plot(frame[by], frame[value], color=colors.main, linewidth=2)
    cut = frame[~frame["complete"]]
    axes.plot(
        cut[by], cut[value], "o", color=colors.main, markerfacecolor=colors.page, markersize=6
    )
    dates(axes, frame[by], by)
    _whole_numbers(axes)
    return f"new conversations per {by}{f' (hollow: partial {by})' if len(cut) else ''}"


def backlog(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw what is open as a line, opened as bars above zero and closed below."""
    by = chart["by"]
    width = {"day": 0.8, "week": 5.5, "month": 22}[by]
    middle = frame[by] + pd.Timedelta(days={"day": 0, "week": 3, "month": 14}[by])
    axes.bar(middle, frame["opened"], width=width, color=colors.warm, alpha=0.85, label="opened")
    known = frame.astype({"closed": "float64", "open": "float64"})
    axes.bar(
        middle, -known["closed"], width=width, color=colors.series[2], alpha=0.85, label="closed"
    )
    axes.plot(
        middle,
        known["open"],
        color=colors.main,
        linewidth=2.4,
        label=f"open at {by} end",
    )
    axes.axhline(0, color=colors.quiet, linewidth=0.8)
    dates(axes, frame[by], by)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
    legend(axes, 3)
    return f"conversations per {by}; closed shown below zero"


def pareto(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the largest tags or topics, with the running share of all conversations."""
    shown = frame.head(MOST_ROWS).iloc[::-1]
    _bars(axes, shown, "name", "conversations", colors)
    for position, row in enumerate(shown.itertuples(index=False)):
        text = f"{row.conversations:,}  ·  running: {percent(float(row.running))}"  # type: ignore[arg-type]
        _beside(axes, text, float(row.conversations), position)  # type: ignore[arg-type]
    axes.set_xlim(right=float(frame["conversations"].max()) * 1.3)
    left = len(frame) - len(shown)
    return f"conversations per {chart['of'].removesuffix('s')}{_not_shown(left)}"


def ranking(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the top of a ranking."""
    shown = frame.head(MOST_ROWS).iloc[::-1]
    _bars(axes, shown, chart["name"], chart["value"], colors)
    for position, value in enumerate(shown[chart["value"]]):
        _beside(axes, f"{value:,}", value, position)
    axes.set_xlim(right=float(frame[chart["value"]].max()) * 1.12)
    return f"{chart['value']} per {chart['name']}{_not_shown(len(frame) - len(shown))}"


def reasons(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw how often each reason for a difference occurs."""
    counts = frame["reason"].value_counts().rename("numbers").reset_index()
    shown = counts.head(MOST_ROWS).iloc[::-1]
    _bars(axes, shown, "reason", "numbers", colors)
    for position, value in enumerate(shown["numbers"]):
        _beside(axes, f"{value:,}", value, position)
    return f"numbers by reason{_not_shown(len(counts) - len(shown))}"


def spread(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw a count's median and 90th percentile, one row per group."""
    by, rows = chart["by"], frame[frame["measured"] > 0]
    shown = rows.head(MOST_ROWS).iloc[::-1]
    positions = range(len(shown))
    axes.hlines(
        positions, shown["median"], shown["p90"], color=colors.main, alpha=0.45, linewidth=3
    )
    axes.plot(
        shown["p90"], positions, "|", color=colors.main, markersize=11, label="90th percentile"
    )
    axes.plot(shown["median"], positions, "o", color=colors.warm, markersize=9, label="median")
    texts = ["all"] if by is None else [label(name) for name in shown[by]]
    axes.set_yticks(list(positions), texts, color=colors.ink)
    axes.set_xlim(left=0)
    axes.grid(axis="y", visible=False)
    legend(axes, 2)
    return f"{chart['what']}{_not_shown(len(rows) - len(shown))}"


def movers(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the z-score of each change; colors say better, worse or neutral."""
    shown = frame.head(MOST_ROWS).iloc[::-1]
    positions = range(len(shown))
    kinds = [_kind(row) for _, row in shown.iterrows()]
    palette = {"better": colors.series[2], "worse": colors.warm, "neutral": colors.main}
    for kind, color in palette.items():
        mine = [position for position, one in zip(positions, kinds, strict=True) if one == kind]
        if mine:
            values = shown["strength"].iloc[mine]
            pale = [1.0 if s else PALE for s in shown["significant"].iloc[mine]]
            for position, value, alpha in zip(mine, values, pale, strict=True):
                axes.barh(position, value, color=color, height=0.6, alpha=alpha)
            axes.barh(mine[0], 0, color=color, label=kind)
    axes.axvline(0, color=colors.quiet, linewidth=0.8)
    named = shown.assign(name=shown["name"].map(label))
    axes.set_yticks(list(positions), [wrap(change(row), 56) for _, row in named.iterrows()])
    axes.tick_params(axis="y", labelcolor=colors.ink)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("z-score (pale: within chance, given the number of comparisons)")
    legend(axes, 3)
    return "strength of each change"


def _kind(row: pd.Series) -> str:
    """Return whether a change is better, worse or, for volumes, neither."""
    if row["measure"] == "conversations" or row["change"] == 0:
        return "neutral"
    good = (row["change"] > 0) == (row["measure"] == "csat")
    return "better" if good else "worse"


def _bars(axes: Axes, shown: pd.DataFrame, name: str, value: str, colors: Colors) -> None:
    positions = range(len(shown))
    axes.barh(positions, shown[value], color=colors.main, height=0.65)
    axes.set_yticks(list(positions), [label(n) for n in shown[name]], color=colors.ink)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(_THOUSANDS)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _beside(axes: Axes, text: str, value: float, position: int) -> None:
    at: Any = {"xytext": (5, 0), "textcoords": "offset points"}
    axes.annotate(text, (value, position), va="center", fontsize=8.5, **at)


def _whole_numbers(axes: Axes) -> None:
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(_THOUSANDS)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))


def _not_shown(left: int) -> str:
    return f"; {left} smaller not shown" if left else ""
