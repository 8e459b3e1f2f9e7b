"""Progress of a call, and the progress bar."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Callable, Iterator
from typing import Any

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
    with progress_bars(progress, " records", delay=_DELAY, leave=False) as bars:
        yield lambda now: bars.draw(label, now.records, now.total)


class ProgressBars:
    """Progress bars on a stream, one a label. A stream that cannot be written ends the bars only.

    ``options`` go to tqdm.
    """

    def __init__(self, stream: Any, **options: Any) -> None:
        self._options = {**options, "file": _QuietStream(stream)}
        self._bars: dict[str, Any] = {}

    def draw(self, label: str, count: int, total: int | None, note: str = "") -> None:
        """Draw a bar at ``count`` of ``total`` (None: unknown), with a note behind it."""
        if label not in self._bars:
            # The plain bar, in notebooks too: bars are written from the portal's thread, where
            # the widget of tqdm.auto has no cell to appear in.
            from tqdm import tqdm

            self._bars[label] = tqdm(desc=label, **self._options)
        bar = self._bars[label]
        bar.total = total
        if note:
            bar.set_postfix_str(note, refresh=False)
        bar.update(count - bar.n)

    def close(self, label: str) -> None:
        """Draw the last state of a bar and end it."""
        bar = self._bars.get(label)
        if bar is not None:
            bar.refresh()
            bar.close()

    def close_all(self) -> None:
        """End all bars."""
        for bar in self._bars.values():
            bar.close()


class _HiddenBars(ProgressBars):
    """Bars that are not drawn."""

    def __init__(self) -> None:
        super().__init__(None)

    def draw(self, label: str, count: int, total: int | None, note: str = "") -> None:
        """Draw nothing."""


@contextlib.contextmanager
def progress_bars(shown: bool | None, unit: str, **options: Any) -> Iterator[ProgressBars]:
    """Yield progress bars on stderr, drawn if ``shown``, or if None and somebody can see them."""
    visible = _is_watched() if shown is None else shown
    # pythonw and services have no stderr at all.
    if not visible or sys.stderr is None:
        yield _HiddenBars()
        return
    bars = ProgressBars(sys.stderr, unit=unit, **options)
    try:
        yield bars
    finally:
        bars.close_all()


class _QuietStream:
    """A text stream that goes silent at its first error: closed, full, or nobody reads."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._broken = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        self._attempt(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._attempt(self._stream.flush)

    def _attempt(self, step: Callable[[], object]) -> None:
        if self._broken:
            return
        try:
            step()
        except (OSError, ValueError):  # ValueError: I/O on a closed file, or not encodable
            self._broken = True


def _is_watched() -> bool:
    """Return whether this runs in a notebook, or writes to a terminal."""
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        return True
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False
