"""Progress of a call, and whether to draw it."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ..shell import is_notebook, running_shell

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


class Bars(Protocol):
    """Progress bars, one a label."""

    def draw(self, label: str, count: int, total: int | None, note: str = "") -> None:
        """Draw a bar at ``count`` of ``total`` (None: unknown), with a note behind it."""

    def close(self, label: str) -> None:
        """Draw the last state of a bar and end it."""


class _HiddenBars:
    """Bars that are not drawn."""

    def draw(self, label: str, count: int, total: int | None, note: str = "") -> None:
        """Draw nothing."""

    def close(self, label: str) -> None:
        """Draw nothing."""


@contextlib.contextmanager
def progress_bars(
    shown: bool | None, unit: str, started: float | None = None, **options: Any
) -> Iterator[Bars]:
    """Yield progress bars, drawn if ``shown``, or if None and somebody can see them.

    In a notebook they are an output of the cell, elsewhere they are written to stderr. ``started``
    is when the work began, on the monotonic clock; ``options`` go to tqdm.
    """
    shell = running_shell()
    notebook = shell is not None and is_notebook(shell)
    visible = _is_watched() if shown is None else shown
    # pythonw and services have no stderr at all.
    if not visible or (sys.stderr is None and not notebook):
        yield _HiddenBars()
        return
    from .progress_bars import NotebookBars, TerminalBars  # few calls draw any

    started = time.monotonic() if started is None else started
    bars: NotebookBars | TerminalBars
    if notebook:
        bars = NotebookBars(shell, unit, started)
    else:
        bars = TerminalBars(sys.stderr, started, unit=unit, **options)
    try:
        yield bars
    finally:
        bars.close_all()


def _is_watched() -> bool:
    """Return whether this runs in a notebook, or writes to a terminal."""
    if running_shell() is not None:
        return True
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False
