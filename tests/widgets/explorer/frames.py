"""A frame with a column of each kind."""

from __future__ import annotations

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
