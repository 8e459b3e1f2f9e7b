"""Benchmark of the explorer: a result of 100,000 rows and 80 columns, in kernel and browser."""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from intercom_nb.widgets.explorer.result.frame_result import FrameResult

ROWS = 100_000
ROUNDS = 3
_COLUMNS = 80  # a conversation has 102 declared ones in the demo, of which a third are empty
_WORDS = ("invoice", "refund", "login", "export", "webhook", "board", "Café", "team")
_TEXTS = 4_000  # different messages, each with its row's number; making more takes half a minute


def make_frame(rows: int = ROWS, columns: int = _COLUMNS) -> pd.DataFrame:
    """Build a frame like a list of conversations: the initial columns, then others of each kind.

    One column in six has Python objects: lists of ids, lists of records, attributes of mixed types.
    """
    rng = np.random.default_rng(7)
    made = _Columns(rng, rows)
    data: dict[str, Any] = {
        "id": pd.array([f"{10**9 + i}" for i in range(rows)], dtype="str"),
        "created_at": made.times(missing=0.0),
        "state": made.words(missing=0.0),
        "team_assignee_id": made.words(),
        "statistics.time_to_admin_reply": made.whole_numbers(),
        "source.author.name": made.names(),
        "source.body": made.messages(),
        "tags": made.lists(),
        "statistics.assigned_team_first_response_time": made.record_lists(),
    }
    makers: tuple[Callable[[], Any], ...] = (
        made.words, made.whole_numbers, made.times, made.words, made.flags, made.mixed,
        made.times, made.names, made.whole_numbers, made.floats, made.words, made.lists,
    )  # fmt: skip
    for i in range(columns - len(data)):
        data[f"custom_attributes.field {i}"] = makers[i % len(makers)]()
    return pd.DataFrame(data)


class _Columns:
    """Makes columns with the dtypes of frames, a quarter of their values missing."""

    def __init__(self, rng: np.random.Generator, rows: int) -> None:
        self._rng = rng
        self._rows = rows

    def words(self, missing: float = 0.25) -> Any:
        words = np.array(_WORDS, dtype=object)[self._whole(len(_WORDS))]
        return pd.array(self._without(words, missing), dtype="str")

    def names(self) -> Any:
        return pd.array([f"Customer {n:x}" for n in self._whole(self._rows).tolist()], dtype="str")

    def messages(self) -> Any:
        texts = [" ".join(row) for row in np.array(_WORDS)[self._rng.integers(0, 8, (_TEXTS, 45))]]
        chosen = self._whole(_TEXTS).tolist()
        return pd.array([f"<p>Row {i}: {texts[n]}</p>" for i, n in enumerate(chosen)], dtype="str")

    def whole_numbers(self) -> Any:
        return pd.array(self._without(self._whole(90_000).astype(object)), dtype="Int64")

    def floats(self) -> Any:
        return np.where(self._lacks(0.25), np.nan, self._rng.random(self._rows))

    def times(self, missing: float = 0.25) -> Any:
        seconds = 1_750_000_000 + self._whole(31_000_000)
        found = pd.Series(pd.to_datetime(seconds, unit="s", utc=True).astype("datetime64[s, UTC]"))
        return found.mask(self._lacks(missing)).array

    def flags(self) -> Any:
        return pd.array(self._without(self._whole(2).astype(bool).astype(object)), dtype="boolean")

    def lists(self) -> Any:
        return self._objects([[f"{n}", f"{n + 1}"][: n % 3] for n in self._whole(40).tolist()])

    def record_lists(self) -> Any:
        found = [[{"team_id": n % 9, "response_time": n}][: n % 3] for n in self._some()]
        return self._objects(found)

    def mixed(self) -> Any:
        kinds = (str, int, float, lambda n: f"size {n}", lambda n: n % 2 == 0, lambda _: None)
        return self._objects([kinds[n % len(kinds)](n) for n in self._some()])

    def _some(self) -> list[int]:
        found: list[int] = self._whole(9_000).tolist()
        return found

    def _whole(self, end: int) -> Any:
        return self._rng.integers(0, end, self._rows)

    def _lacks(self, missing: float) -> Any:
        return self._rng.random(self._rows) < missing

    def _without(self, values: Any, missing: float = 0.25) -> Any:
        return np.where(self._lacks(missing), None, values)

    def _objects(self, values: list[Any]) -> Any:
        found = np.empty(len(values), dtype=object)
        found[:] = values
        return found


@dataclasses.dataclass(frozen=True, eq=False)
class Measure:
    """What is measured: a target in seconds, and the query that the kernel answers for it."""

    name: str
    target: float | None
    query: Mapping[str, Any] | None = None


def _sort(column: str) -> dict[str, Any]:
    return {"conditions": [], "sort": [[column, True]]}


def _search(text: str) -> dict[str, Any]:
    return {"conditions": [], "search": text}


SORTED = {
    "text": "source.body",
    "time": "created_at",
    "numbers": "statistics.time_to_admin_reply",
    "lists": "tags",
}
OPEN = Measure("open the explorer", 1.5)
FIRST_ROWS = Measure("first rows after the response", 0.5)
SEARCHES = (
    Measure("first search, a word", 0.5, _search("refund")),
    Measure("first search, digits", 0.5, _search("4321")),
)
SORTS = tuple(Measure(f"sort by {kind}", 0.4, _sort(name)) for kind, name in SORTED.items())
PROFILES = Measure("profiles of the initial columns", None)
ALL_PROFILES = Measure("profiles of all columns", 0.5)
MEASURES = (OPEN, FIRST_ROWS, *SEARCHES, *SORTS, PROFILES, ALL_PROFILES)

Took = tuple[float, float]
"""Seconds and CPU seconds."""


def in_kernel(frame: pd.DataFrame, rounds: int) -> dict[Measure, list[Took]]:
    """Measure what the kernel does for each, of a new result in each round."""
    took: dict[Measure, list[Took]] = {}
    for _ in range(rounds):
        result = FrameResult(frame, "conversations")
        took.setdefault(FIRST_ROWS, []).append(_took(lambda: _first_rows(frame)))
        for measure in (*SEARCHES, *SORTS):
            new = FrameResult(frame, "conversations")  # nothing of an earlier search is kept
            took.setdefault(measure, []).append(_took(lambda m=measure, r=new: r.arrange(m.query)))
        for measure, columns in ((PROFILES, result.columns), (ALL_PROFILES, list(frame))):
            query = {"columns": columns}
            took.setdefault(measure, []).append(
                _took(lambda r=result, q=query: r.query("profiles", q))
            )
    return took


def _first_rows(frame: pd.DataFrame) -> None:
    result = FrameResult(frame, "conversations")
    result.describe()
    result.query("rows", {"start": 0, "stop": 60})


def _took(work: Callable[[], Any]) -> Took:
    start = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start[0], time.process_time() - start[1]


def table(
    kernel: Mapping[Measure, Sequence[Took]],
    browser: Mapping[Measure, Sequence[float]],
    rows: int = ROWS,
) -> str:
    """Return the measures beside their targets, as Markdown."""
    lines = [
        f"| {rows:,} rows, {_COLUMNS} columns | target | in JupyterLab | in the kernel | its CPU |",
        "| --- | --- | --- | --- | --- |",
    ]
    for measure in MEASURES:
        target = "" if measure.target is None else f"{measure.target} s"
        took = kernel.get(measure, ())
        cells = [browser.get(measure, ()), [t for t, _ in took], [cpu for _, cpu in took]]
        texts = " | ".join(_spread(seconds) for seconds in cells)
        lines.append(f"| {measure.name} | {target} | {texts} |")
    return "\n".join(lines)


def _spread(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    return f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"


def report(rounds: int = ROUNDS, rows: int = ROWS) -> str:
    """Measure in the kernel and in the browser, if there is one; return the table."""
    from . import explorer_page

    browser = explorer_page.measured(rounds, rows)
    kernel = in_kernel(make_frame(rows), rounds)
    note = "" if browser else " No Chromium was found, so JupyterLab was not measured."
    about = f"Medians of {rounds} rounds; in parentheses, the fastest and the slowest.{note}"
    return f"{about}\n\n{table(kernel, browser, rows)}"
