"""Progress bars: an output of a notebook's cell, or text on a stream that may end."""

from __future__ import annotations

import contextlib
import html
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from ..shell import is_notebook, running_shell

_REDRAW = 0.2  # seconds: a front end that draws more often gets slow
_STYLE = "display:flex;flex-wrap:wrap;gap:2px 10px;align-items:center"


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


class NotebookBars:
    """Progress bars as one HTML output of the running cell, which is empty again at the end.

    They are published from the portal's thread; the context of the call, which its task inherits,
    tells the kernel to which cell they belong.
    """

    def __init__(self, shell: Any, unit: str, started: float) -> None:
        self._publish = shell.display_pub.publish
        self._unit = unit
        self._started = self._next = started
        self._id: str | None = None
        self._rows: dict[str, str] = {}

    def draw(self, label: str, count: int, total: int | None, note: str = "") -> None:
        """Draw a bar at ``count`` of ``total`` (None: unknown), at most five times per second."""
        now = time.monotonic()
        seconds = now - self._started
        self._rows[label] = _bar(label, count, total, f"{self._unit}, {seconds:.0f} s", note)
        if now >= self._next:
            self._next = now + _REDRAW
            self._show("".join(self._rows.values()))

    def close(self, label: str) -> None:
        """End a bar: what is done needs no line."""
        self._rows.pop(label, None)

    def close_all(self) -> None:
        """Leave nothing behind."""
        if self._id is not None:
            self._show("")

    def _show(self, text: str) -> None:
        is_new, self._id = self._id is None, self._id or uuid.uuid4().hex
        data = {"text/html": text, "text/plain": ""} if text else {}
        self._publish(data, transient={"display_id": self._id}, update=not is_new)


def _bar(label: str, count: int, total: int | None, unit: str, note: str) -> str:
    of = "" if total is None else f" of {total:,}"
    state = "" if total is None else f' value="{min(count, total)}" max="{max(total, 1)}"'
    text = f"{count:,}{of}{unit}{f', {note}' if note else ''}"
    return (
        f'<div style="{_STYLE}"><span>{html.escape(label)}</span>'
        f'<progress{state} aria-label="{html.escape(label)}"></progress>'
        f"<span>{html.escape(text)}</span></div>"
    )


class TerminalBars:
    """Progress bars on a stream, one a label. A stream that cannot be written ends the bars only.

    ``options`` go to tqdm.
    """

    def __init__(self, stream: Any, started: float, **options: Any) -> None:
        self._started = started
        self._options = {**options, "file": _QuietStream(stream)}
        self._bars: dict[str, Any] = {}

    def draw(self, label: str, count: int, total: int | None, note: str = "") -> None:
        """Draw a bar at ``count`` of ``total`` (None: unknown), with a note behind it."""
        if label not in self._bars:
            from tqdm import tqdm

            self._bars[label] = tqdm(desc=label, **self._options)
            self._bars[label].start_t -= time.monotonic() - self._started
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
