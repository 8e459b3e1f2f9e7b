"""Charts of the metrics; matplotlib is loaded when the first one is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import UnsupportedError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .theme import Colors


def draw(
    frame: pd.DataFrame, about: Mapping[str, Any], *, ax: Axes | None = None, dark: bool = False
) -> Figure:
    """Draw a metric's result: its finding as the title, what is shown and when below it.

    Raises UnsupportedError if matplotlib is not installed.
    """
    theme = _theme()
    with theme.look(dark=dark) as colors:
        axes, subtitle = _draw(frame, about, ax, colors)
        theme.titles(axes, about, subtitle, colors)
    figure: Figure = theme.figure_of(axes)
    return figure


def svg(frame: pd.DataFrame, about: Mapping[str, Any], salt: str) -> tuple[str, str]:
    """Draw a result as an inline SVG that takes the colors of the page around it.

    ``salt`` keeps the ids of several in one page apart. Returns the SVG, without titles, and a
    description as plain text, which the page must escape. Raises UnsupportedError if matplotlib is
    not installed.
    """
    theme = _theme()
    with theme.look(dark=False) as colors:
        axes, subtitle = _draw(frame, about, None, colors)
        return theme.to_svg(theme.figure_of(axes), salt), theme.description_of(about, subtitle)


def _theme() -> Any:
    """Import matplotlib; raises UnsupportedError if it is not installed."""
    try:
        from . import theme
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise UnsupportedError(
            "Charts need matplotlib: pip install 'intercom-nb[charts]'."
        ) from None
    return theme


def _draw(
    frame: pd.DataFrame, about: Mapping[str, Any], ax: Axes | None, colors: Colors
) -> tuple[Axes, str]:
    """Draw into the axes, or new ones, and return what is shown."""
    from . import counts, grids, shares, theme, waits

    kinds = {
        "automation": shares.automation,
        "backlog": counts.backlog,
        "cohorts": grids.cohorts,
        "count_line": counts.count_line,
        "matrix": grids.matrix,
        "movers": counts.movers,
        "pareto": counts.pareto,
        "ranking": counts.ranking,
        "reasons": counts.reasons,
        "shares": shares.shares,
        "spread": counts.spread,
        "trend": shares.trend,
        "waits": waits.waits,
        "week": grids.week,
    }
    rows = theme.rows_of(frame, about["chart"])
    axes = theme.new_axes(rows) if ax is None else ax
    if about["chart"]["kind"] == "none":
        axes.set_axis_off()
        return axes, "several measures: see the table"
    if len(frame):
        subtitle = kinds[about["chart"]["kind"]](axes, frame, about["chart"], colors)
    else:
        axes.set_axis_off()
        subtitle = "no rows"
    return axes, subtitle
