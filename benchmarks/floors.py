"""Lower bounds of any client: requests needed, their latency and the rate window."""

from __future__ import annotations

PER_PAGE = 150
WINDOW = 10.0  # seconds
LIMIT = 1_666
"""Requests in a window: an app's 10,000 a minute."""
FAR = 0.25
"""Seconds until a response, of a server far away."""


def requests(task: str, rows: int) -> int:
    """Return the fewest requests that a job needs: one per page and one per conversation."""
    return -(-rows // PER_PAGE) + (rows if task == "extract parts" else 0)


def seconds(task: str, rows: int, latency: float) -> float:
    """Return the seconds that latency and rate limit take alone; 0 if neither applies.

    A cursor is followed page by page. An extraction counts, then reads all at once; the rate is
    felt by more requests than a window lets through, and then spent evenly.
    """
    if task.startswith("decode"):
        return 0.0
    if not task.startswith("extract"):
        return requests(task, rows) * latency
    asked = requests(task, rows)
    return max(asked / (LIMIT / WINDOW) if asked > LIMIT else 0.0, 2 * latency)


def table(rows: int = 200_000) -> str:
    """Return the least time of large jobs as Markdown."""
    lines = [
        f"{rows:,} conversations in pages of {PER_PAGE}; {LIMIT:,} requests in {WINDOW:.0f} s.",
        "",
        f"| task | requests | at the rate limit | one after another, {FAR} s each |",
        "| --- | --- | --- | --- |",
    ]
    for name, task in {"list": "extract", "with messages": "extract parts"}.items():
        asked = requests(task, rows)
        times = (_duration(asked / LIMIT * WINDOW), _duration(asked * FAR))
        lines.append(f"| {name} | {asked:,} | {' | '.join(times)} |")
    return "\n".join(lines)


def _duration(seconds: float) -> str:
    unit, size = next(u for u in (("h", 3600), ("min", 60), ("s", 1)) if seconds >= 2 * u[1])
    return f"{seconds / size:.0f} {unit}"
