"""Frames with a column of each kind, and with values that do not fit their column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

TIMES = pd.to_datetime(["2026-01-05", "2026-03-01", None, "2026-01-06"]).tz_localize("UTC")

FRAME = pd.DataFrame(
    {
        "id": ["10", "9", "8", "7"],
        "name": ["Zoë", "ada", None, "<img src=x onerror=alert(1)>"],
        "n": pd.array([3, None, 1, 2], dtype="Int64"),
        "at": TIMES.astype("datetime64[s, UTC]"),
        "tags": [["a", "b"], [], None, ["b"]],
    }
)


def odd_frame(rows: int = 300) -> pd.DataFrame:
    """Make columns as workspaces fill them: mixed types, lists of anything, times far apart."""
    rng = np.random.default_rng(3)
    mixed = ["Size 7", "", "None", 7, 7.0, True, None, 1e22, -0.5, float("nan"), "İstanbul", pd.NA]
    lists = [["a", "B"], [], None, ["b", "b"], [1, 2.5], [None, "x"], [{"k": 1}, {"k": "Ü"}], [[1]]]
    states = ["Open", None, "İ"]
    seconds = pd.Series(pd.to_datetime(rng.integers(-(10**10), 10**10, rows), unit="s", utc=True))
    return pd.DataFrame(
        {
            "mixed": pd.Series([mixed[i] for i in rng.integers(0, len(mixed), rows)], dtype=object),
            "plain": pd.Series([mixed[i] for i in rng.integers(0, 9, rows)], dtype=object),
            "lists": pd.Series([lists[i] for i in rng.integers(0, len(lists), rows)], dtype=object),
            "ids": pd.Series([lists[i] for i in rng.integers(0, 4, rows)], dtype=object),
            "state": pd.array([states[i] for i in rng.integers(0, 3, rows)], dtype="str"),
            "body": pd.array([f"Row {i} (a.b*c|[d]) Ünï? " * 3 for i in range(rows)], dtype="str"),
            "days": pd.Series([dt.date(2026, 1, 1 + i) for i in rng.integers(0, 28, rows)]),
            "at": seconds.astype("datetime64[s, UTC]").mask(rng.random(rows) < 0.2),
            "fine": seconds.astype("datetime64[us, UTC]") + pd.Timedelta(microseconds=7),
            "flag": pd.array(rng.integers(0, 2, rows).astype(bool), dtype="boolean"),
            "n": pd.Series(pd.array(rng.integers(0, 99, rows), dtype="Int64")).mask(
                rng.random(rows) < 0.2
            ),
        }
    )
