"""Charts of two dimensions: the week's hours, and cohorts by age."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from ..groups import WEEKDAYS
from .theme import Colors, figure_of

# Even steps of lightness, the same for all kinds of color vision.
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
    """Draw the share of each cohort that wrote, by age, with the numbers in the cells."""
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
        bar.ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    return "share of each cohort's contacts that wrote (contacts in brackets)"


def _bare(axes: Axes) -> None:
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
