"""Progress of an extraction: rows, requests and stages."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..catalog.model import Operation
from ..executors.base import Executor, Page
from ..runtime.progress_bars import Bars

# Intercom counts requests in windows of 10 s (X-RateLimit-Limit is per window).
_WINDOW_SECONDS = 10


@dataclasses.dataclass(frozen=True)
class ExtractProgress:
    """Progress of one entity: current stage, rows so far, their total (None: unknown).

    ``seconds`` is the time since the start, ``allowed`` the server's limit in requests per second.
    """

    entity: str
    stage: str
    rows: int
    total: int | None
    requests: int
    seconds: float
    allowed: float | None

    @property
    def rate(self) -> float:
        """Requests per second since the start."""
        return self.requests / self.seconds if self.seconds > 0 else 0.0


ExtractCallback = Callable[[ExtractProgress], None]


class CountingExecutor:
    """Executor that counts the requests it passes on."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self.requests = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._executor, name)

    async def page(self, operation: Operation, params: Mapping[str, Any]) -> Page:
        """Run the operation once."""
        self.requests += 1
        return await self._executor.page(operation, params)


class ProgressTracker:
    """Counts rows and reports them to a callback."""

    def __init__(
        self, entity: str, executor: CountingExecutor, report: ExtractCallback | None
    ) -> None:
        self._entity = entity
        self._executor = executor
        self._report = report
        self._started = time.monotonic()
        self.stage = "counting"
        self.rows = 0
        self.total: int | None = None

    def add(self, rows: int) -> None:
        """Count rows that arrived, and report."""
        self.rows += rows
        self.report()

    def restart(self, rows: int, total: int | None) -> None:
        """Continue at a number of rows, of this total (None: unknown)."""
        self.rows, self.total = rows, total

    @contextlib.contextmanager
    def uncounted(self) -> Iterator[None]:
        """Report the rows that arrive inside the block, but do not count them after it."""
        rows = self.rows
        yield
        self.rows = rows

    def enter(self, stage: str) -> None:
        """Begin a stage: counting, reading, changes, checking, writing, done."""
        self.stage = stage
        self.report()

    def report(self) -> None:
        """Report the current state."""
        if self._report is None:
            return
        window = self._executor.rate_limit
        limit = None if window is None else window.limit
        self._report(
            ExtractProgress(
                entity=self._entity,
                stage=self.stage,
                rows=self.rows,
                total=self.total,
                requests=self._executor.requests,
                seconds=time.monotonic() - self._started,
                allowed=None if limit is None else limit / _WINDOW_SECONDS,
            )
        )


def draw(bars: Bars, now: ExtractProgress) -> None:
    """Draw the progress of an entity as its bar."""
    allowed = "" if now.allowed is None else f" of {now.allowed:,.0f}"
    note = f"{now.stage}, {now.rate:,.0f}{allowed} requests/s"
    bars.draw(now.entity, now.rows, now.total, note)
    if now.stage == "done":
        bars.close(now.entity)
