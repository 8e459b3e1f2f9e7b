"""Summaries of a result: a measure by one or two dimensions, as a table, a chart and code."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

import pandas as pd

from .....analysis import summary
from .....analysis.facts import COLUMNS
from .....analysis.formatting import duration, percent, plural
from .....analysis.metrics.summary import MEASURES as METRICS
from .....errors import InvalidParameterError
from .....frames.cells import cell_text, column_kind, is_missing
from ..display import Display, is_seconds, noun
from ..grouping import CLOCKS, UNITS, Grouping, grouping_of, nice_step

_MOST_GROUPS = 20  # bars of a chart
_MOST_SERIES = 6  # lines or rows of a second dimension
_MOST_ROWS = 500  # of the table
_PAIR = 2  # steps of time to compare
_TICKS = 5  # at most about five lines on an axis of 240 px: one every 48 px
_COLUMN_MEASURES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "median": (".median()", lambda groups: groups.median()),
    "p90": (".quantile(0.9)", lambda groups: groups.quantile(0.9)),
    "mean": (".mean()", lambda groups: groups.mean()),
    "sum": (".sum()", lambda groups: groups.sum()),
}
# End of a metric's name -> the measure that counts what it is of, and what that is.
_BASES = {
    "ai_agent_csat": ("ai_agent_rated", "ratings"),
    "csat": ("rated", "ratings"),
    "mean_rating": ("rated", "ratings"),
    "first_reply": ("replied", "conversations with a reply"),
    "time_to_close": ("closed", "closed conversations"),
    "ai_agent_participation": ("new", "conversations with a customer message"),
    "ai_agent_resolution_rate": ("ai_agent", "conversations with the AI agent"),
    "ai_agent_escalation_rate": ("ai_agent", "conversations with the AI agent"),
}
_METRIC_COLUMNS = {column: name for name, column in COLUMNS.items()}


@dataclasses.dataclass(frozen=True)
class Measure:
    """What is computed: ``count``, ``share``, ``median`` ... of a column, or a metric's name."""

    name: str
    column: str = ""

    @property
    def is_metric(self) -> bool:
        """Whether ``analysis.summary`` computes it."""
        return self.name in METRICS

    @property
    def unit(self) -> str:
        """The unit of the values: ``s``, ``%`` or an empty text."""
        if self.is_metric:
            if self.name.endswith(("first_reply", "time_to_close")):
                return "s"
            is_share = self.name.endswith(("_share", "participation", "_rate"))
            return "%" if is_share or "csat" in self.name else ""
        if self.name == "share":
            return "%"
        return "s" if is_seconds(self.column) else ""

    @property
    def base(self) -> tuple[str, str] | None:
        """The measure that counts what a metric is of, and what that is; None for a count."""
        if not self.is_metric:
            return None
        return next((base for end, base in _BASES.items() if self.name.endswith(end)), None)

    def format(self, value: Any) -> str:
        """Return a value as text."""
        if is_missing(value):
            return "–"
        if self.unit == "s":
            return duration(float(value))
        if self.unit == "%":
            return percent(float(value))
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"

    def title(self, entity: str) -> str:
        """Return what a chart of the measure shows: "Conversations", "Median first reply time"."""
        records = entity.replace("_", " ")
        if self.name == "count":
            return records.capitalize()
        if self.name == "share":
            return f"Share of {records}"
        label = "90th percentile" if self.name == "p90" else self.name
        if not self.is_metric:
            return f"{label.capitalize()} {'of ' if self.name == 'p90' else ''}{noun(self.column)}"
        words = self.name.replace("_", " ").replace("csat", "CSAT").replace("ai agent", "AI agent")
        return words[0].upper() + words[1:]


@dataclasses.dataclass(frozen=True)
class Summary:
    """A table with a column of keys for each dimension and the column ``value``.

    ``counts`` has the number of observations behind each value, if that is not the value itself.
    """

    measure: Measure
    dimensions: list[Grouping]
    table: pd.DataFrame
    code: str
    counts: pd.Series[Any] | None = None

    def text(self, row: Any, value: Any) -> str:
        """Return the value of a row of the table as text, with its count: "45% (n=11)"."""
        shown = self.measure.format(value)
        if self.counts is None or is_missing(value):
            return shown
        return f"{shown} (n={int(self.counts[row]):,})"


def summarize(
    frame: pd.DataFrame, measure: Measure, by: Sequence[tuple[str, str]], display: Display
) -> Summary:
    """Compute a measure by one or two (column, unit) pairs; the unit of a time may be empty.

    Raises InvalidParameterError for an unknown measure or column.
    """
    for column in [*(name for name, _ in by), *filter(None, [measure.column])]:
        if column not in frame:
            raise InvalidParameterError(f"This result does not have the column {column!r}.")
    dimensions = [grouping_of(frame, column, display, unit) for column, unit in by]
    if measure.is_metric:
        return _metric(frame, measure, dimensions, display)
    if measure.name not in {"count", "share", *_COLUMN_MEASURES}:
        raise InvalidParameterError(f"{measure.name!r} is not a valid measure.")
    if measure.name in _COLUMN_MEASURES and not measure.column:
        raise InvalidParameterError(f"Choose a column of numbers for the {measure.name}.")
    keys = ["by"] if len(dimensions) == 1 else ["by", "by2"]
    names = [*{d.column for d in dimensions}, *filter(None, [measure.column])]
    rows = frame[list(dict.fromkeys(names))]
    for dimension in dimensions:
        if dimension.kind == "list":
            rows = rows.explode(dimension.column, ignore_index=True)
    rows = rows.assign(**{k: d.keys(rows) for k, d in zip(keys, dimensions, strict=True)})
    groups = rows.groupby(keys, dropna=False, observed=True)
    if measure.name in _COLUMN_MEASURES:
        values = _COLUMN_MEASURES[measure.name][1](groups[measure.column])
    else:
        values = groups.size() / (len(frame) or 1) if measure.name == "share" else groups.size()
    table = values.rename("value").reset_index()
    return Summary(measure, dimensions, table, _code(measure, dimensions, keys))


def _code(measure: Measure, dimensions: Sequence[Grouping], keys: Sequence[str]) -> str:
    names = dict.fromkeys([*(d.column for d in dimensions), *filter(None, [measure.column])])
    lines = [f"rows = df[{list(names)!r}]"]
    lists = [dimension.column for dimension in dimensions if dimension.kind == "list"]
    lines += [f"rows = rows.explode({column!r}, ignore_index=True)" for column in lists]
    made = ", ".join(f"{k}={d.code()}" for k, d in zip(keys, dimensions, strict=True))
    lines.append(f"rows = rows.assign({made})")
    groups = f"rows.groupby({list(keys)!r}, dropna=False)"
    if measure.name in _COLUMN_MEASURES:
        values = f"{groups}[{measure.column!r}]{_COLUMN_MEASURES[measure.name][0]}"
    else:
        values = f"({groups}.size() / len(df))" if measure.name == "share" else f"{groups}.size()"
    lines.append(f'table = {values}.rename("value").reset_index()')
    return "\n".join(lines)


def _metric(
    frame: pd.DataFrame, measure: Measure, dimensions: Sequence[Grouping], display: Display
) -> Summary:
    by = [_metric_dimension(dimension) for dimension in dimensions]
    names = metric_names(display)
    measures = [measure.name, *(measure.base or ())[:1]]
    found = summary(frame, by, measures=measures, zone=display.zone, names=names)
    table = pd.DataFrame(index=found.index)
    for key, name in zip(("by", "by2"), by, strict=False):
        ids = f"{name.rstrip('s')}_id"
        values = found[ids if ids in found else name]
        table[key] = values.where(values.ne("(none)"), None)
    table["value"] = found[measure.name]
    counts = found[measures[1]] if measure.base else None
    return Summary(measure, list(dimensions), table, _metric_code(measure, by, display), counts)


def metric_names(display: Display) -> dict[str, dict[str, str]]:
    """Return the names that are shown as the metrics expect them."""
    kinds = {"team": "teams", "teammate": "admins", "tag": "tags", "topic": "topics"}
    return {kind: display.names.get(entity, {}) for kind, entity in kinds.items()}


def _metric_code(measure: Measure, by: Sequence[str], display: Display) -> str:
    arguments = f"df, {by!r}, measures=[{measure.name!r}], zone={display.zone!r}"
    lines = ["from intercom_nb import analysis", ""]
    if {"team", "teammate", "tag"} & set(by) and display.names:  # a frame of its own has none
        lines.append("names = analysis.names(c)")
        arguments += ", names=names"
    return "\n".join([*lines, f"table = analysis.summary({arguments})"])


def _metric_dimension(dimension: Grouping) -> str:
    if dimension.unit:
        if dimension.column != "created_at" or dimension.unit == "year":
            raise InvalidParameterError(
                "Metrics are dated by created_at: group by its day, week, month, weekday or hour."
            )
        return dimension.unit
    if dimension.edges:
        raise InvalidParameterError(
            f"Metrics cannot be grouped by {dimension.column}. Use a team, tag, state or time."
        )
    return _METRIC_COLUMNS.get(dimension.column, dimension.column)


def options(frame: pd.DataFrame, entity: str, columns: Sequence[str]) -> dict[str, Any]:
    """Return what can be chosen: ``measures``, ``metrics``, ``numbers`` and ``by`` (columns).

    A name that stands for two columns is spelled out: "conversation rating created".
    """
    kinds = {name: column_kind(frame[name]) for name in columns}
    filled = [n for n, kind in kinds.items() if frame[n].notna().any() and not _is_plumbing(n)]
    numbers = [n for n in filled if kinds[n] == "number"]
    by = [n for n in filled if kinds[n] == "time" or _makes_groups(frame[n], kinds[n])]
    by.sort(key=lambda name: {"time": 0, "number": 2}.get(kinds[name], 1))
    is_conversations = entity == "conversations" and "statistics.time_to_admin_reply" in frame
    names = [m for m in METRICS if m != "conversations"] if is_conversations else []
    return {
        "measures": [{"name": m, "label": Measure(m).title(entity)} for m in ("count", "share")],
        "metrics": [{"name": m, "label": Measure(m).title(entity)} for m in names],
        "numbers": _labeled(numbers),
        "by": [{**one, "time": kinds[one["column"]] == "time"} for one in _labeled(by)],
        "units": [*UNITS, *CLOCKS],
    }


def _is_plumbing(column: str) -> bool:
    """Check for a column of the API's own: types, addresses and counts of lists."""
    return column == "type" or column.endswith((".url", ".has_more", ".total_count"))


def _labeled(columns: Sequence[str]) -> list[dict[str, Any]]:
    twice = Counter(noun(name) for name in columns)
    return [
        {"column": n, "label": noun(n) if twice[noun(n)] == 1 or "." not in n else _spelled(n)}
        for n in columns
    ]


def _spelled(column: str) -> str:
    return re.sub(r"_(id|at)$", "", column).replace(".", " ").replace("_", " ")


def _makes_groups(series: pd.Series[Any], kind: str) -> bool:
    """Check that values repeat, and that there is more than one."""
    if kind == "number":
        return True
    texts = {cell_text(v) for v in series.array[:500]} - {None, ""}
    is_constant = len(texts) < 2 and (not texts or str(series.name).endswith(".type"))
    has_repeats = len(texts) <= 45 or len(texts) <= 0.5 * min(len(series), 500)
    return has_repeats and not is_constant


def describe(
    found: Summary, entity: str, part: str = "", incomplete: Set[Any] = frozenset()
) -> dict[str, Any]:
    """Describe a summary for the script: title, chart, table, code, notes.

    Every group has the conditions that select its rows: ``groups`` and ``series`` are lists of
    {label, title, column, pairs}; ``cells`` are [value, text], by group within series. Groups of
    the first dimension that are ``incomplete`` are marked.
    """
    first = found.dimensions[0]
    values, texts = {}, {}
    for at, *keys, value in found.table.itertuples(name=None):
        values[key := tuple(map(_hashable, keys))] = value
        texts[key] = found.text(at, value)
    groups = _groups(found, 0, _MOST_GROUPS)
    series = _groups(found, 1, _MOST_SERIES) if len(found.dimensions) > 1 else []
    form = _form(found.dimensions, len(series))
    if form == "pairs":
        groups = _by_change(groups, series, values)
    cells = [
        [_cell(found.measure, values.get((group, *([one] if series else [])))) for group in groups]
        for one in (series or [None])
    ]
    shown = [value for row in cells for value, _ in row if value is not None]
    notes = [part] if part else []
    if form == "rows" and found.measure.base:
        notes.append(f"n: {found.measure.base[1]}")
        for key, cell in zip(groups, cells[0], strict=True):
            cell[1] = texts.get((key,), cell[1])
    hidden = len(found.table["by"].unique()) - len(groups)
    if hidden > 0:
        notes.append(f"the {len(groups)} largest of {len(groups) + hidden:,} groups")
    if series and (rest := len(found.table["by2"].unique()) - len(series)) > 0:
        notes.append(f"{plural(rest, 'group')} of {found.dimensions[1].name} only in the table")
    if form == "pairs":
        notes.append("the largest change first")
    if not incomplete.isdisjoint(groups):
        notes.append(f"paler: an incomplete {first.unit}")
    return {
        "title": _title(found, entity),
        "form": form,
        "groups": [_describe_group(first, key, incomplete) for key in groups],
        "series": [_describe_group(found.dimensions[1], key) for key in series],
        "cells": cells,
        "ticks": _ticks(shown, found.measure),
        "note": "; ".join(notes),
        "heads": [*(d.name for d in found.dimensions), found.measure.title(entity)],
        "rows": _table_rows(found, incomplete),
        "more_rows": max(0, len(found.table) - _MOST_ROWS),
        "code": found.code,
    }


def _title(found: Summary, entity: str) -> str:
    title = found.measure.title(entity)
    first, others = found.dimensions[0], found.dimensions[1:]
    if first.unit:
        event = noun(first.column)
        if found.measure.name == "count" and event in {"created", "updated"}:
            title += f" {event}"
        title += f" per {first.unit}"
        if event not in {"created", "updated"}:
            title += f" of {event}"
    else:
        title += f" by {first.name}"
    return title + "".join(f" and {other.name}" for other in others)


def _form(dimensions: Sequence[Grouping], series: int) -> str:
    if len(dimensions) == 1:
        return "columns" if dimensions[0].is_ordered else "rows"
    if series == _PAIR and dimensions[1].unit in UNITS and not dimensions[0].unit:
        return "pairs"
    return "lines" if dimensions[0].unit in UNITS else "heat"


def _by_change(
    groups: Sequence[Any], series: Sequence[Any], values: Mapping[tuple[Any, ...], Any]
) -> list[Any]:
    """Sort the groups by how much they changed between two steps of time."""

    def change(group: Any) -> float:
        before, after = (_number(values.get((group, step))) for step in series)
        return abs(after - before)

    return sorted(groups, key=change, reverse=True)


def _number(value: Any) -> float:
    return 0.0 if value is None or is_missing(value) else float(value)


def _groups(found: Summary, at: int, most: int) -> list[Any]:
    dimension, column = found.dimensions[at], ("by", "by2")[at]
    keys = [_hashable(key) for key in found.table[column].unique()]
    if dimension.is_ordered:
        blank = [None] if None in keys and not dimension.unit else []
        return dimension.every(keys) + blank
    totals = found.table.groupby(column, dropna=False, sort=False)["value"].sum(min_count=0)
    order = totals.sort_values(ascending=False, kind="stable").index
    return [_hashable(key) for key in order[:most]]


def _hashable(key: Any) -> Any:
    return None if is_missing(key) else key


def _cell(measure: Measure, value: Any) -> list[Any]:
    if value is None or is_missing(value):
        return [0 if measure.name in {"count", "share", "sum"} else None, measure.format(None)]
    return [float(value), measure.format(value)]


def _describe_group(
    dimension: Grouping, key: Any, incomplete: Set[Any] = frozenset()
) -> dict[str, Any]:
    return {
        "label": dimension.label(key),
        "title": dimension.title(key),
        "incomplete": key in incomplete,
        "column": dimension.column,
        "pairs": dimension.pairs(key),
    }


def _table_rows(found: Summary, incomplete: Set[Any]) -> list[dict[str, Any]]:
    table = found.table
    if not found.dimensions[0].is_ordered:
        table = table.sort_values("value", ascending=False, kind="stable")
    rows = []
    for row, *keys, value in table.head(_MOST_ROWS).itertuples(name=None):
        groups = [
            _describe_group(dimension, _hashable(key), frozenset() if at else incomplete)
            for at, (dimension, key) in enumerate(zip(found.dimensions, keys, strict=True))
        ]
        rows.append({"groups": groups, "text": found.text(row, value)})
    return rows


def _ticks(values: Sequence[float], measure: Measure) -> list[list[Any]]:
    top = max(values, default=0.0) or 1.0
    step: float = nice_step(top, _TICKS, seconds=measure.unit == "s")
    if not measure.unit and all(float(v).is_integer() for v in values):
        step = max(step, 1.0)
    count = int(-(-top // step))
    return [[i * step, measure.format(round(i * step, 9))] for i in range(count + 1)]


def by_pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the dimensions of a script's query as (column, unit) pairs."""
    return [(str(one["column"]), str(one.get("unit") or "")) for one in query["by"]]
