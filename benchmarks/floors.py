"""Lower bounds of any client: requests needed, their latency and the rate window."""

from __future__ import annotations

PER_PAGE = 150
WINDOW = 10.0  # seconds
LIMIT = 1_666
"""Requests in a window: a private app's 10,000 a minute."""


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
