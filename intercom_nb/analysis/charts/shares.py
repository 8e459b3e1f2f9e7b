"""Charts of shares: with intervals, over time, and of the AI agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ..formatting import percent
from ..groups import WEEKDAYS
from ..stats import ENOUGH
from .theme import MOST_ROWS, PALE, Colors, date_texts, dates, label, legend, percent_axis

_TIMES = ("day", "week", "month")


def shares(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw shares with 95 % intervals: a line over time, else one row per group."""
    value = chart["value"]
    if frame[value].isna().all():
        axes.set_axis_off()
        return "nothing measured"
    split = chart.get("split")
    parts = list(frame.groupby(split, sort=False)) if split else [("", frame)]
    by = chart["by"]
    if by in _TIMES:
        for (name, part), color in zip(parts, colors.series, strict=False):
            _line(axes, part, (by, value), str(name), color)
        dates(axes, parts[0][1][by], by)
        percent_axis(axes.yaxis)
        axes.set_ylim(0, min(1.05, float(frame["high"].max()) * 1.1))
    else:
        _rows(axes, parts, chart, colors)
    if split:
        legend(axes, len(parts))
    return f"{chart['what']}, with 95% interval{_pale_note(frame, chart)}"


def _line(axes: Axes, part: pd.DataFrame, columns: tuple[str, str], name: str, color: str) -> None:
    by, value = columns
    axes.fill_between(part[by], part["low"], part["high"], color=color, alpha=0.2, linewidth=0)
    text = name.replace("_", " ")
    axes.plot(part[by], part[value], "o-", color=color, linewidth=2, markersize=4, label=text)


def _rows(
    axes: Axes, parts: list[tuple[Any, pd.DataFrame]], chart: Mapping[str, Any], colors: Colors
) -> None:
    by = chart["by"]
    first = parts[0][1]
    value = chart["value"]
    shown = first[first[value].notna()].head(MOST_ROWS)
    order = list(shown.sort_values(value).index) if by else list(shown.index)
    positions = {_key(first, i, by): position for position, i in enumerate(order)}
    step = 0.36 if len(parts) > 1 else 0.0
    for number, ((name, part), color) in enumerate(zip(parts, colors.series, strict=False)):
        rows = part[[_key(part, i, by) in positions for i in part.index]]
        rows = rows[rows[value].notna()]
        alphas = [PALE if few else 1.0 for few in _is_small(rows, chart)]
        y = [positions[_key(rows, i, by)] - number * step for i in rows.index]
        axes.hlines(y, rows["low"], rows["high"], color=color, alpha=0.45, linewidth=4)
        axes.plot([], [], "o", color=color, markersize=7, label=str(name).replace("_", " "))
        for share, position, alpha in zip(rows[value], y, alphas, strict=True):
            axes.plot(share, position, "o", color=color, markersize=7, clip_on=False, alpha=alpha)
        for position, share, high in zip(y, rows[value], rows["high"], strict=True):
            axes.annotate(
                percent(share),
                (high, position),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
            )
    axes.set_yticks(list(positions.values()), _texts(first.loc[order], chart), color=colors.ink)
    axes.tick_params(axis="y", pad=7)  # a whole dot fits in at 0 %
    axes.set_ylim(-0.6 - step, len(positions) - 0.4)
    axes.set_xlim(0, min(1.08, 1.12 * max(float(p["high"].max()) for _, p in parts)))
    percent_axis(axes.xaxis)
    axes.grid(axis="y", visible=False)


def _is_small(rows: pd.DataFrame, chart: Mapping[str, Any]) -> list[bool]:
    """Return for each row whether it rests on few observations."""
    counts = rows[chart["n"]] if chart.get("n") else rows["met"] + rows["breach"]
    return list(counts < ENOUGH)


def _pale_note(frame: pd.DataFrame, chart: Mapping[str, Any]) -> str:
    grouped = chart["by"] is not None and chart["by"] not in _TIMES
    return f" (pale: fewer than {ENOUGH})" if grouped and any(_is_small(frame, chart)) else ""


def _key(frame: pd.DataFrame, row: Any, by: str | None) -> Any:
    return frame.loc[row, by] if by else 0


def _texts(rows: pd.DataFrame, chart: Mapping[str, Any]) -> list[str]:
    by = chart["by"]
    names = ["all"] * len(rows) if by is None else [_name(v, by) for v in rows[by]]
    if not chart.get("n"):
        return names
    return [f"{name}  ({n:,})" for name, n in zip(names, rows[chart["n"]], strict=True)]


def _name(value: Any, by: str) -> str:
    if by == "weekday":
        return WEEKDAYS[int(value)]
    return f"{value}:00" if by == "hour" else label(value)


def trend(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw one line per tag or topic, named at its end."""
    by = chart["by"]
    wide = frame.pivot(index=by, columns="id", values="share")
    names = frame.drop_duplicates("id").set_index("id")["name"]
    styles = ("-", "--", ":", "-.")
    ordered = wide.iloc[-1].sort_values(ascending=False).index
    for number, key in enumerate(ordered):
        color = colors.series[number % len(colors.series)]
        style = styles[(number // len(colors.series)) % len(styles)]
        text = label(names[key])
        axes.plot(wide.index, wide[key], style, color=color, linewidth=1.8, label=text)
    dates(axes, wide.index.to_series(), by)
    percent_axis(axes.yaxis)
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return f"share of each {by}'s conversations, the most frequent {chart['of']}"


def automation(axes: Axes, frame: pd.DataFrame, chart: Mapping[str, Any], colors: Colors) -> str:
    """Draw the outcomes of conversations with the AI agent, as shares of all conversations."""
    by = chart["by"]
    layers = {
        "resolved": colors.series[2],
        "handed_over": colors.warm,
        "pending": colors.quiet,
    }
    shown = frame if chart["time"] else frame.head(MOST_ROWS).iloc[::-1]
    # Without the index, by which pandas would sort the rows again.
    shown = shown.reset_index(drop=True)
    total = shown["conversations"].where(shown["conversations"] > 0)
    start = pd.Series(0.0, index=shown.index)
    for name, color in layers.items():
        share = (shown[name] / total).fillna(0)
        if name == "pending" and not share.any():
            continue
        text = name.replace("_", " ")
        if chart["time"]:
            axes.bar(range(len(shown)), share, bottom=start, color=color, label=text, width=0.75)
        else:
            axes.barh(range(len(shown)), share, left=start, color=color, label=text, height=0.65)
        start = start + share
    if chart["time"]:
        many = max(1, -(-len(shown) // 8))
        texts = date_texts(shown[by].iloc[::many], by)
        axes.set_xticks(range(0, len(shown), many), texts)
        percent_axis(axes.yaxis)
        axes.grid(axis="x", visible=False)
    else:
        texts = ["all"] if by is None else [_name(v, by) for v in shown[by]]
        axes.set_yticks(range(len(shown)), texts, color=colors.ink)
        percent_axis(axes.xaxis)
        axes.grid(axis="y", visible=False)
    legend(axes, 3)
    heading = " (the heading counts new ones only)" if chart.get("base") == "new" else ""
    return f"conversations with the AI agent, as a share of all conversations{heading}"
