"""Charts of two dimensions: hours of the week, cohorts by age, and any two groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from .. import formatting
from ..groups import FREQUENCIES, WEEKDAYS
from .theme import MOST_ROWS, Colors, dates, figure_of, label, legend, percent_axis

# Even steps of lightness for all kinds of color vision (Nuñez et al., PLOS ONE 13(7), 2018).
_MAP = "cividis"


def week(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the conversations of an average week, hour by hour."""
    grid = frame.pivot(index="weekday", columns="hour", values="per_week").to_numpy()
    image = axes.imshow(grid, aspect="auto", cmap=_MAP, vmin=0)
    axes.set_yticks(range(7), WEEKDAYS, color=colors.ink)
    axes.set_xticks(range(0, 24, 3), [f"{h}:00" for h in range(0, 24, 3)])
    _bare(axes)
    bar = figure_of(axes).colorbar(image, ax=axes, shrink=0.9, pad=0.02)
    bar.outline.set_visible(False)
    bar.set_label("conversations per week", color=colors.quiet)
    return "new conversations in an average week, by weekday and hour"


def cohorts(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the share of each cohort that wrote, by age, with the shares in the cells."""
    wide = frame.pivot(index="cohort", columns="age", values="share")
    sizes = frame.drop_duplicates("cohort").set_index("cohort")["contacts"]
    grid = wide.to_numpy(dtype="float64")
    image = axes.imshow(np.ma.masked_invalid(grid), aspect="auto", cmap=_MAP, vmin=0)
    month = chart["every"] == "month"
    days = [f"{d:%b %Y}" if month else f"{d.day} {d:%b %Y}" for d in wide.index]
    texts = [f"{day}  ({sizes[d]:,})" for day, d in zip(days, wide.index, strict=True)]
    axes.set_yticks(range(len(wide)), texts, color=colors.ink)
    axes.set_xticks(range(wide.shape[1]))
    axes.set_xlabel(f"{chart['every']}s since joining")
    _bare(axes)
    if wide.shape[1] <= 14:
        top = float(np.nanmax(grid)) or 1.0
        for (row, column), share in np.ndenumerate(grid):
            if not np.isnan(share):
                dark_cell = share < 0.55 * top
                axes.text(
                    column,
                    row,
                    f"{share:.0%}",
                    ha="center",
                    va="center",
                    fontsize=7.5,
                    color="#ffffff" if dark_cell else "#111111",
                )
    else:
        bar = figure_of(axes).colorbar(image, ax=axes, shrink=0.9, pad=0.02)
        percent_axis(bar.ax.yaxis)
    return "share of each cohort's contacts that wrote (number of contacts in parentheses)"


def matrix(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw one value by two dimensions: lines over time, else a grid with the values in it."""
    value, count = chart["value"], chart.get("n", "conversations")
    calendar = [name for name in chart["by"] if name in FREQUENCIES]
    if frame[value].isna().all():
        axes.set_axis_off()
        return "nothing measured"
    if "only" in chart:
        frame = frame[frame[chart["only"][0]] == chart["only"][1]]
    if len(calendar) == 1 and not chart.get("is_grid"):
        (other,) = (name for name in chart["by"] if name != calendar[0])
        _lines(axes, frame, calendar[0], other, chart)
        dates(axes, frame[calendar[0]].drop_duplicates(), calendar[0])
        legend(axes, 3)
        return f"{chart['what']} per {calendar[0]}, the {MOST_LINES} largest"
    first, second = chart["by"]
    rows, columns = (_largest(frame, name, count) for name in (first, second))
    chosen = frame[frame[first].isin(rows) & frame[second].isin(columns)]
    wide = (
        chosen.groupby([first, second])[value].agg("sum" if "unit" in chart else "mean").unstack()
    )
    wide = wide.reindex(index=rows, columns=columns).astype("float64")
    axes.imshow(np.ma.masked_invalid(wide.to_numpy()), aspect="auto", cmap=_MAP, vmin=0)
    axes.set_yticks(range(len(rows)), [_text(r, first) for r in rows], color=colors.ink)
    names = [label(_text(c, second), 14) for c in columns]
    axes.set_xticks(range(len(columns)), names, rotation=30, ha="right")
    _bare(axes)
    middle = float(np.nanmax(wide.to_numpy())) * 0.55
    for (row, column), number in np.ndenumerate(wide.to_numpy()):
        if not np.isnan(number):
            color = "#ffffff" if number < middle else "#111111"
            text = _value_text(number, chart)
            axes.text(column, row, text, ha="center", va="center", fontsize=7.5, color=color)
    return str(chart["what"])


MOST_LINES = 6
"""Lines of a chart: as many as the theme has colors."""


def _lines(
    axes: Axes, frame: pd.DataFrame, time: str, other: str, chart: Mapping[str, Any]
) -> None:
    value = chart["value"]
    for key in _largest(frame, other, chart.get("n", "conversations"))[:MOST_LINES]:
        part = frame[frame[other] == key].sort_values(time)
        axes.plot(part[time], part[value], linewidth=1.8, label=_text(key, other))
    axes.set_ylim(bottom=0)
    if value == "median":
        axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: formatting.duration(v)))
    elif "unit" not in chart:
        percent_axis(axes.yaxis)


def _largest(frame: pd.DataFrame, name: str, count: str) -> list[Any]:
    """Return the largest groups of one dimension; clock times in their order."""
    if name in {"hour", "weekday", "age", *FREQUENCIES}:
        return sorted(frame[name].unique())
    sizes = frame.groupby(name, sort=False)[count].sum()
    return list(sizes.sort_values(ascending=False, kind="stable").head(MOST_ROWS).index)


def _text(key: Any, name: str) -> str:
    if name == "weekday":
        return WEEKDAYS[int(key)]
    if name in FREQUENCIES:
        return f"{key:%b %Y}" if name == "month" else formatting.day(key)
    text: str = f"{key}:00" if name == "hour" else label(key)
    return text


def _value_text(number: float, chart: Mapping[str, Any]) -> str:
    if "unit" in chart:
        return formatting.number(number)
    is_time = chart["value"] == "median"
    return formatting.duration(number) if is_time else formatting.percent(number)


def _bare(axes: Axes) -> None:
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
