"""Benchmark of the explorer's work in the kernel: 100,000 rows are searched, sorted and profiled.

Run ``python -m benchmarks.explorer [ROWS]``. It prints seconds for the first and for a later time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from intercom_nb.widgets.explorer.result.frame_result import FrameResult
from intercom_nb.widgets.explorer.result.summaries.profile import profile

_ROWS = 100_000
_COLUMNS = 80  # a wide conversations result
_GOALS = {"search": 0.5, "sort": 0.4, "first rows": 0.5, "column profiles": 0.5}


def make_frame(rows: int, columns: int = _COLUMNS) -> pd.DataFrame:
    """Build a frame like a conversations result: texts, times, numbers, flags, lists, ids."""
    numbers = np.random.default_rng(7)
    words = np.array(["invoice", "refund", "login", "export", "webhook", "board", "card", "team"])
    body = [" ".join(row) for row in words[numbers.integers(0, len(words), (rows, 12))]]
    starts = pd.to_datetime(
        1_750_000_000 + numbers.integers(0, 31_000_000, rows), unit="s", utc=True
    )
    data: dict[str, Any] = {
        "id": np.arange(rows).astype(str),
        "created_at": starts.astype("datetime64[s, UTC]"),
        "state": np.array(["open", "closed", "snoozed"])[numbers.integers(0, 3, rows)],
        "team_assignee_id": np.array(["1", "2", None], dtype=object)[numbers.integers(0, 3, rows)],
        "tags": [["a", "b"] if n else [] for n in numbers.integers(0, 2, rows)],
        "source.body": body,
    }
    makers: list[Callable[[], Any]] = [
        lambda: pd.array(numbers.integers(0, 90_000, rows), dtype="Int64"),
        lambda: words[numbers.integers(0, len(words), rows)],
        lambda: pd.array(numbers.integers(0, 2, rows).astype(bool), dtype="boolean"),
        lambda: starts.astype("datetime64[s, UTC]"),
    ]
    for i in range(columns - len(data)):
        data[f"field_{i}"] = makers[i % len(makers)]()
    return pd.DataFrame(data).astype({"team_assignee_id": "str"})


def seconds(work: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(rows: int = _ROWS) -> None:
    """Print the measures beside their goals."""
    frame = make_frame(rows)
    opened: list[FrameResult] = []

    def first_rows() -> None:
        result = FrameResult(frame, "conversations")
        result.describe()
        result.query("rows", {"start": 0, "stop": 60})
        opened.append(result)

    took = {"first rows": [seconds(first_rows), seconds(first_rows)]}
    result = opened[0]
    arranged = {
        "search": {"search": "refund 4321", "conditions": []},
        "sort": {"conditions": [], "sort": [["source.body", True]]},
    }
    for name, query in arranged.items():
        took[name] = [seconds(lambda q=query: result.arrange(q)) for _ in range(2)]  # type: ignore[misc]
    display = result.view.display
    took["column profiles"] = [
        seconds(lambda: [profile(frame, str(name), display) for name in frame]) for _ in range(2)
    ]
    print(f"{len(frame):,} rows, {frame.shape[1]} columns: seconds, first and later")
    for name, goal in _GOALS.items():
        first, later = took[name]
        print(f"{name:<18} {first:6.2f} {later:6.2f}   goal {goal:.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS)
