"""Style of the charts: colorblind-safe colors, titles, labels, axes."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation, blended_transform_factory

MOST_ROWS = 12
"""Number of groups that a chart shows; its subtitle counts the others."""

PALE = 0.35
"""Opacity of groups that rest on few observations."""


@dataclasses.dataclass(frozen=True)
class Colors:
    """Colors of one look. Data colors stand out on both a white and a dark page."""

    page: str
    ink: str
    quiet: str
    line: str
    series: tuple[str, ...] = (*("#2f7fb8", "#d2691e", "#0f9d77", "#b5629b", "#a8870b", "#7a7fd0"),)

    @property
    def main(self) -> str:
        """Color of the first series."""
        return self.series[0]

    @property
    def warm(self) -> str:
        """Color that contrasts with the first."""
        return self.series[1]


LIGHT = Colors(page="#ffffff", ink="#1f2430", quiet="#5a6270", line="#d9dde3")
DARK = Colors(page="#16191f", ink="#eceff4", quiet="#a3acb9", line="#3a414d")


class Chart(Figure):
    """A figure that a notebook displays as the value of a cell, whatever the backend."""

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.savefig(file, format="png", dpi=120, facecolor=self.get_facecolor())
        return file.getvalue()


@contextlib.contextmanager
def look(*, dark: bool) -> Iterator[Colors]:
    """Set matplotlib's look while one chart is drawn."""
    colors = DARK if dark else LIGHT
    settings: Any = {
        "figure.facecolor": colors.page,
        "axes.facecolor": colors.page,
        "axes.edgecolor": colors.line,
        "axes.labelcolor": colors.quiet,
        "axes.labelsize": 9,
        "axes.grid": True,
        "axes.axisbelow": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "font.family": ["DejaVu Sans"],
        "font.size": 9,
        "grid.color": colors.line,
        "grid.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "legend.labelcolor": colors.ink,
        "text.color": colors.ink,
        # A customer may call a tag "$x$" or "\\frac": it is text, not a formula.
        "text.parse_math": False,
        "text.usetex": False,
        "xtick.color": colors.quiet,
        "ytick.color": colors.quiet,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
    }
    with rc_context(settings):
        yield colors


def rows_of(frame: pd.DataFrame, chart: Mapping[str, Any]) -> int:
    """Return the number of horizontal rows of a chart, for its height."""
    if chart["kind"] == "matrix":
        return matrix_rows(frame, chart)
    if chart["kind"] in {"pareto", "ranking", "movers"}:
        return min(len(frame), MOST_ROWS)
    if chart["kind"] == "cohorts":
        return int(frame["cohort"].nunique()) if len(frame) else 1
    grouped = chart.get("by") not in (None, "day", "week", "month", "hour", "weekday")
    if chart["kind"] == "shares" and grouped and chart.get("split"):
        return 2 * min(int(frame[chart["by"]].nunique()), MOST_ROWS)
    if chart["kind"] in {"waits", "shares", "automation", "spread"} and grouped:
        return min(len(frame), MOST_ROWS)
    return 3 if chart.get("by") is None and chart["kind"] in {"waits", "shares"} else 9


def matrix_rows(frame: pd.DataFrame, chart: Mapping[str, Any]) -> int:
    """Return the number of rows of a chart of two dimensions."""
    first, second = chart["by"]
    if any(name in _CALENDAR for name in (first, second)):
        return 9
    return min(int(frame[first].nunique()), MOST_ROWS)


def percent_axis(axis: Axis) -> None:
    """Format an axis of shares with the precision of its steps: 2.5 % is not 2 %."""
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.3g}%"))


def new_axes(rows: int) -> Axes:
    """Create a figure as wide as a notebook and as high as its rows need."""
    height = 1.5 + 0.32 * max(2, min(rows, 30))
    figure = Chart(figsize=(8, height), layout="constrained")
    return figure.add_subplot()


def figure_of(axes: Axes) -> Figure:
    """Return the figure of axes."""
    figure = axes.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def description_of(about: Mapping[str, Any], subtitle: str) -> str:
    """Return what a chart shows, for which period and in which time zone."""
    return f"{subtitle}  ·  {about['period_text'] or 'all data'}  ·  {about['zone']}"


def titles(axes: Axes, about: Mapping[str, Any], subtitle: str, colors: Colors) -> None:
    """Write the finding above the chart and, below it, what is shown."""
    small = label(description_of(about, subtitle), 110)
    finding = wrap(label(about["finding"], 240), 84)
    head: dict[str, Any] = {"fontsize": 11, "fontweight": "bold", "color": colors.ink}
    figure = figure_of(axes)
    if isinstance(figure, Chart):
        figure.suptitle(finding, x=_LEFT, ha="left", **head)
        text = axes.set_title(small, loc="left", fontsize=9, color=colors.quiet)
        # At the left edge of the figure, since the axes start only after their labels.
        text.set_x(_LEFT)
        above = ScaledTranslation(0, 8 / 72, figure.dpi_scale_trans)
        text.set_transform(blended_transform_factory(figure.transFigure, axes.transAxes) + above)
    else:  # axes in a figure of the caller
        axes.set_title(f"{finding}\n{small}", loc="left", fontsize=9, color=colors.ink)


_LEFT = 0.01  # share of the figure's width in front of its texts
_CALENDAR = ("day", "week", "month")


def wrap(text: str, width: int) -> str:
    """Return a text in lines of this width; a number and its unit stay on one line."""
    return textwrap.fill(re.sub(r"(\d) (d|h|min|s)\b", "\\1\u00a0\\2", text), width)


def legend(axes: Axes, columns: int) -> None:
    """Explain the colors below the chart."""
    figure = figure_of(axes)
    if isinstance(figure, Chart):
        figure.legend(*axes.get_legend_handles_labels(), ncols=columns, loc="outside lower center")
    else:
        axes.legend(ncols=columns)


def label(text: object, width: int = 34) -> str:
    """Return a name that fits a chart: one line, not too long, only characters of the font.

    Emoji, which the font lacks, are left out; other missing characters become an empty box.

    >>> label("Key Accounts " + chr(0x1F525))
    'Key Accounts'
    >>> label("Customer Support in Northern Europe (7700032)")  # one of two: the id stays
    'Customer Support in Nor… (7700032)'
    """
    line = " ".join(str(text).split())
    known = _glyphs()
    signs = [s if ord(s) in known else _replacement(s) for s in line]
    shown = "".join(signs).strip() or "\u25af"
    if len(shown) <= width:
        return shown
    end = re.search(r" \(\S+\)$", shown)
    tail = end[0] if end and len(end[0]) < width - 4 else ""
    return shown[: width - 1 - len(tail)].rstrip() + "\u2026" + tail


def _replacement(sign: str) -> str:
    # Symbols, marks and invisible characters.
    return "" if unicodedata.category(sign)[0] in "SMC" else "\u25af"


@functools.cache
def _glyphs() -> frozenset[int]:
    fonts = [
        font_manager.get_font(font_manager.findfont(f"DejaVu Sans:weight={weight}"))
        for weight in ("normal", "bold")
    ]
    return frozenset(set(fonts[0].get_charmap()) & set(fonts[1].get_charmap()))


def date_texts(steps: pd.Series, every: str) -> list[str]:
    """Return short dates, with the year only at its first date."""
    form = "%b" if every == "month" else "{day} %b"
    texts, year = [], None
    for date in steps:
        text = date.strftime(form).replace("{day}", str(date.day))
        texts.append(text if date.year == year else f"{text}\n{date.year}")
        year = date.year
    return texts


def dates(axes: Axes, steps: pd.Series, every: str) -> None:
    """Label a time axis with few, short dates."""
    many = max(1, -(-len(steps) // 8))
    shown = steps.iloc[::many]
    axes.set_xticks(list(shown), date_texts(shown, every))
    axes.grid(axis="x", visible=False)


def to_svg(figure: Figure, salt: str) -> str:
    """Return a light figure as an inline SVG that takes the colors of the page around it.

    ``salt`` keeps the ids of several in one page apart, and makes the text reproducible.
    """
    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    for name in ("page", "ink", "quiet", "line"):
        text = text.replace(getattr(LIGHT, name), f"var(--{name})")
    return text
