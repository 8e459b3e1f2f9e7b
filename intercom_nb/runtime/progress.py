"""Progress of a call."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator

from .progress_bars import Bars, progress_bars

# Seconds: a list that arrives sooner needs no bar.
_DELAY = 2


@dataclasses.dataclass(frozen=True)
class Progress:
    """Progress of a call: records so far, their total (None: unknown), requests sent."""

    records: int
    total: int | None
    requests: int


ProgressCallback = Callable[[Progress], None]


@contextlib.contextmanager
def show_progress(
    label: str, progress: ProgressCallback | bool | None
) -> Iterator[ProgressCallback]:
    """Yield the function to report progress to.

    A callback is used as it is. None shows a bar in notebooks and terminals if the work takes
    longer than 2 s, True shows it everywhere, False never.
    """
    if callable(progress):
        yield progress
        return
    bars: Bars | None = None
    started = time.monotonic()
    with contextlib.ExitStack() as stack:

        def report(now: Progress) -> None:
            nonlocal bars
            if time.monotonic() - started < _DELAY:
                return
            if bars is None:
                late = progress_bars(progress, " records", started, leave=False)
                bars = stack.enter_context(late)
            bars.draw(label, now.records, now.total)

        yield report
