"""Extraction under other conditions: failing requests, a single core, another HTTP client."""

from __future__ import annotations

import importlib.util
import os
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from .clients import AIOHTTP, ONE_CORE
from .job import Line, run
from .loopback import Server

# Lists are few requests, so how many fail is a matter of chance.
_TURNS = {"extract": 9, "extract parts": 3}
_FAR = 0.25  # seconds of latency
_FAILURES: dict[str, dict[str, Any]] = {
    "undisturbed": {},
    "2% answered 429": {"failing": [429, 0.02]},
    "5% answered 503": {"failing": [503, 0.05]},
}
# Of a task: records for the first table and for the second one.
_ROWS = {"extract": (20_000, 50_000), "extract parts": (2_000, 2_000)}
_FEW = {"extract": (300, 300), "extract parts": (20, 20)}


def report(*, tiny: bool = False) -> str:
    """Measure both tables; return them as Markdown."""
    rows = _FEW if tiny else _ROWS
    turns = dict.fromkeys(rows, 1) if tiny else _TURNS
    failing = {task: _disturbed(task, far, turns[task]) for task, (far, _) in rows.items()}
    others = {task: _elsewhere(task, near, min(turns.values())) for task, (_, near) in rows.items()}
    return "\n\n".join([
        f"At {_FAR * 1_000:.0f} ms and the real rate window, which every response reports: "
        "seconds, and in parentheses the ratio to the undisturbed run.",
        _table(failing, with_cpu=False),
        "Without latency and rate limit, the server a process of its own: seconds, the ratio to "
        f"the default, and CPU per record.{_left_out()}",
        _table(others, with_cpu=True),
        f"Medians of {min(turns.values())} alternating runs; of {turns['extract']} for `extract` "
        "with failures.",
    ])  # fmt: skip


def _disturbed(task: str, rows: int, turns: int) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {name: [] for name in _FAILURES}
    for turn in range(turns):
        for name, options in _FAILURES.items():
            with Server("paged", rows=rows, latency=_FAR, seed=turn, **options) as server:
                found[name].append(run(server.url, task, "intercom_nb", rows, _FAR))
    return found


def _elsewhere(task: str, rows: int, turns: int) -> dict[str, list[Line]]:
    ways = {"default": "intercom_nb"}
    if hasattr(os, "sched_setaffinity"):
        ways["one core"] = ONE_CORE
    if _has_aiohttp():
        ways["`http=AiohttpTransport()`"] = AIOHTTP
    found: dict[str, list[Line]] = {name: [] for name in ways}
    with Server("paged", rows=rows, limit=None) as server:
        for _ in range(turns):
            for name, who in ways.items():
                found[name].append(run(server.url, task, who, rows, 0.0))
    return found


def _has_aiohttp() -> bool:
    return importlib.util.find_spec("httpx_aiohttp") is not None


def _left_out() -> str:
    return "" if _has_aiohttp() else " The package httpx-aiohttp is not installed, so not measured."


def _table(tasks: Mapping[str, Mapping[str, Sequence[Line]]], *, with_cpu: bool) -> str:
    heads = ["job", *next(iter(tasks.values()))]
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for task, found in tasks.items():
        first, *_ = found.values()
        cells = [_cell(runs, first, with_cpu=with_cpu) for runs in found.values()]
        lines.append(f"| {task}, {first[0].rows:,} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(runs: Sequence[Line], first: Sequence[Line], *, with_cpu: bool) -> str:
    text = f"{statistics.median(x.seconds for x in runs):.1f} s"
    if runs is not first:
        pairs = zip(runs, first, strict=True)
        text += f" ({statistics.median(x.seconds / y.seconds for x, y in pairs):.2f})"
    if with_cpu:
        text += f", {statistics.median(x.cpu / x.rows for x in runs) * 1e6:,.0f} us"
    return text
