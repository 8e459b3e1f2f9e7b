"""Charts of a result: counts over time, top values, distributions of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....frames.cells import cell_text, column_kind
from .display import Display

_BARS = 15
_STEPS = (("day", "D", 62), ("week", "W", 400), ("month", "M", 3_700), ("year", "Y", 10**9))


def chartable(frame: pd.DataFrame, names: Sequence[str]) -> list[dict[str, str]]:
    """Return the columns that make a chart, the most informative ones first."""
    ranks = {"time": 0, "flag": 1, "list": 1, "text": 1, "number": 2}
    found = []
    for name in names:
        kind = column_kind(frame[name])
        if not _is_identity(frame[name], name, kind):
            found.append({"name": name, "kind": kind})
    return sorted(found, key=lambda c: ranks[c["kind"]])


def bars(frame: pd.DataFrame, name: str, display: Display | None = None) -> dict[str, Any]:
    """Count a column's values: ``title``, ``bars``, ``note``, ``form``.

    A bar is [label, count, filter]; the filter shows the bar's rows in the table.
    """
    kind = column_kind(frame[name])
    if kind == "time":
        return _over_time(frame[name], name)
    if kind == "number":
        return _distribution(frame[name], name)
    return _frequent(frame[name], name, display.names_of(name) if display else {})


def _is_identity(series: pd.Series[Any], name: str, kind: str) -> bool:
    """Check whether a column has hardly any repeated values, so that counts mean nothing."""
    if kind in {"time", "number"}:
        return not series.notna().any()
    texts = {cell_text(v) for v in series.array[:500]} - {None, ""}
    return not texts or (len(texts) > _BARS * 3 and len(texts) > 0.5 * min(len(series), 500))


def _over_time(series: pd.Series[Any], name: str) -> dict[str, Any]:
    times = series.dropna().dt.tz_localize(None)
    if times.empty:
        return _chart(name, [], len(series))
    days = (times.max() - times.min()).days
    word, step = next((w, s) for w, s, most in _STEPS if days <= most)
    periods = times.dt.to_period(step)
    counts = periods.value_counts().sort_index()
    every = pd.period_range(counts.index[0], counts.index[-1], freq=step)
    counts = counts.reindex(every, fill_value=0)
    labels = [p.start_time.strftime("%Y-%m" if step == "M" else "%Y-%m-%d") for p in every]
    labels = [label[:4] for label in labels] if step == "Y" else labels
    title = f"Rows per {word} of {name}"
    pairs = [
        [label, int(count), f">={period.start_time:%Y-%m-%d} & <{(period + 1).start_time:%Y-%m-%d}"]
        for label, count, period in zip(labels, counts, every, strict=True)
    ]
    return _chart(title, pairs, int(series.isna().sum()), form="columns")


def _distribution(series: pd.Series[Any], name: str) -> dict[str, Any]:
    values = series.dropna().astype("float64").to_numpy()
    missing = int(series.isna().sum())
    if not len(values):
        return _chart(name, [], missing)
    # An outlier would squeeze everything else into one bar.
    top = float(np.quantile(values, 0.99)) if len(values) > 50 else float(values.max())
    inside = values[values <= top]
    distinct = np.unique(inside)
    if len(distinct) <= _BARS:
        pairs = [[f"{v:,g}", int((inside == v).sum()), f"={v!s}"] for v in distinct]
    else:
        counts, edges = np.histogram(inside, bins=_BARS)
        pairs = [
            [f"{start:,.4g} to {end:,.4g}", int(n), f">={start!s} & {last}{end!s}"]
            for n, start, end, last in zip(
                counts, edges, edges[1:], [*["<"] * (_BARS - 1), "<="], strict=False
            )
        ]
    above = len(values) - len(inside)
    note = f"median {np.median(values):,.6g}" + (
        f"; {above:,} above {top:,.4g} not shown" if above else ""
    )
    return _chart(f"Distribution of {name}", pairs, missing, note, "columns")


def _frequent(series: pd.Series[Any], name: str, names: Mapping[str, str]) -> dict[str, Any]:
    values: list[Any] = []
    missing = 0
    for value in series.array:
        many = value if isinstance(value, list) else [value]
        texts = [t for t in map(cell_text, many) if t]
        missing += not texts
        values += texts
    counts = pd.Series(values, dtype=object).value_counts()
    most = [(str(label), int(n)) for label, n in counts.head(_BARS).items()]
    pairs = [[names.get(label, label), n, f"={label}"] for label, n in most]
    rest = int(counts.iloc[_BARS:].sum())
    note = f"{len(counts) - _BARS:,} other values: {rest:,} rows" if rest else ""
    return _chart(f"Top values of {name}", pairs, missing, note)


def _chart(
    title: str, pairs: list[list[Any]], missing: int, note: str = "", form: str = "rows"
) -> dict[str, Any]:
    notes = [note] if note else []
    if missing:
        notes.append(f"{missing:,} blank")
    return {"title": title, "bars": pairs, "note": "; ".join(notes), "form": form}
