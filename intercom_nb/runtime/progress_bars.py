"""Progress bars on a stream that may end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


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
