"""The charts of the metrics: matplotlib, loaded when the first one is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import UnsupportedError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw(
    frame: pd.DataFrame, about: Mapping[str, Any], *, ax: Axes | None = None, dark: bool = False
) -> Figure:
    """Draw a metric's result: its finding as the title, what is shown and when below it.

    Raises UnsupportedError when matplotlib is not installed.
    """
    try:
        from . import counts, grids, shares, theme, waits
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise UnsupportedError(
            "Charts need matplotlib: pip install 'intercom-nb[charts]'."
        ) from None

    kinds = {
        "automation": shares.automation,
        "backlog": counts.backlog,
        "cohorts": grids.cohorts,
        "count_line": counts.count_line,
        "movers": counts.movers,
        "pareto": counts.pareto,
        "ranking": counts.ranking,
        "shares": shares.shares,
        "trend": shares.trend,
        "waits": waits.waits,
        "week": grids.week,
    }
    with theme.look(dark=dark) as colours:
        rows = theme.rows_of(frame, about["chart"])
        axes = theme.new_axes(rows) if ax is None else ax
        if len(frame):
            subtitle = kinds[about["chart"]["kind"]](axes, frame, about["chart"], colours)
        else:
            axes.set_axis_off()
            subtitle = "no rows"
        theme.titles(axes, about, subtitle, colours)
    return theme.figure_of(axes)


def svg(frame: pd.DataFrame, about: Mapping[str, Any], salt: str) -> str:
    """Draw a result as an inline SVG that takes the colours of the page around it.

    ``salt`` keeps the ids of several in one page apart. Raises UnsupportedError when matplotlib
    is not installed.
    """
    figure = draw(frame, about)
    from .theme import to_svg

    return to_svg(figure, salt)
