"""How far an extraction is: for a bar, a widget, or a function of one's own."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..catalog.model import Operation
from ..executors.base import Executor, Page
from ..runtime.progress import ProgressBars


@dataclasses.dataclass(frozen=True)
class ExtractProgress:
    """How far an entity is: what is done now, rows so far, how many there are (None: unknown).

    ``rate`` is requests per second since the start, ``allowed`` what the server allows.
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


Report = Callable[[ExtractProgress], None]


class CountingExecutor:
    """An executor that counts what is asked of it."""

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
    """Adds up rows and reports them."""

    def __init__(self, entity: str, executor: CountingExecutor, report: Report | None) -> None:
        self._entity = entity
        self._executor = executor
        self._report = report
        self._began = time.monotonic()
        self.stage = "counting"
        self.rows = 0
        self.total: int | None = None

    def add(self, rows: int) -> None:
        """Count rows that arrived, and report."""
        self.rows += rows
        self.show()

    def enter(self, stage: str) -> None:
        """Begin a stage: counting, reading, changes, checking, writing, done."""
        self.stage = stage
        self.show()

    def show(self) -> None:
        """Report where things are."""
        if self._report is None:
            return
        window = self._executor.rate_limit
        self._report(
            ExtractProgress(
                entity=self._entity,
                stage=self.stage,
                rows=self.rows,
                total=self.total,
                requests=self._executor.requests,
                seconds=time.monotonic() - self._began,
                allowed=None if window is None or window.limit is None else window.limit / 10,
            )
        )


def draw(bars: ProgressBars, now: ExtractProgress) -> None:
    """Draw the progress of an entity as its bar."""
    allowed = "" if now.allowed is None else f" of {now.allowed:,.0f}"
    note = f"{now.stage}, {now.rate:,.0f}{allowed} requests/s"
    bars.draw(now.entity, now.rows, now.total, note)
    if now.stage == "done":
        bars.close(now.entity)
