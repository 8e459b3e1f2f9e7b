"""History of a session's results: shown again, run again, compared with the current result."""

from __future__ import annotations

from typing import Any

from ..channel import Channel
from .query.code import short_call
from .result.result import Result

_KEPT = 12  # results; 200 conversations take 0.4 MB, 100,000 take 180 MB


class History:
    """The newest results of an explorer, in memory only."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._results: list[Result] = []

    def add(self, result: Result) -> None:
        """Add a result; the oldest one is dropped if there are too many."""
        self._results = [*self._results, result][-_KEPT:]
        self.send()

    def find(self, key: Any) -> Result | None:
        """Return a result by its id, or None if it is no longer kept."""
        return next((result for result in self._results if result.id == key), None)

    def send(self) -> None:
        """Send the list of results, the newest first."""
        rows = [
            {
                "id": result.id,
                "at": result.at.strftime("%H:%M:%S"),
                "question": result.title if result.look else "",
                "label": short_call(result.operation, result.arguments),
                "entity": result.operation.entity,
                "rows": len(result.frame),
                "seconds": round(result.seconds, 3),
            }
            for result in reversed(self._results)
        ]
        self._channel.send("history", runs=rows)
