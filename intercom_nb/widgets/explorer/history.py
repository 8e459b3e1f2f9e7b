"""What was asked in this session: shown again, asked again, compared with what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .query.code import short_call
from .result.compare import compare
from .result.result_tabs import Result

if TYPE_CHECKING:
    from .explorer import Explorer

_KEPT = 12


class History:
    """The newest results of an explorer, in memory only."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._results: list[Result] = []

    def add(self, result: Result) -> None:
        """Keep a result, in the place of the oldest when there are many."""
        self._results = [*self._results, result][-_KEPT:]
        self.tell()

    def find(self, key: Any) -> Result | None:
        """Give a result by its id."""
        return next((result for result in self._results if result.id == key), None)

    def restore(self, content: Mapping[str, Any]) -> None:
        """Show an earlier result and what its form held."""
        result = self.find(content.get("id"))
        if result is not None:
            self._explorer.tell("form", form=dict(result.form))
            self._explorer.show(result, again=True)

    def compare(self, content: Mapping[str, Any]) -> None:
        """Say what changed from an earlier result to the one that is shown."""
        earlier, shown = self.find(content.get("id")), self._explorer.result
        if earlier is not None and shown is not None:
            said = compare(earlier.frame, shown.frame)
            self._explorer.tell("answer", token=content.get("token"), **said)

    def tell(self) -> None:
        """List the results, the newest first."""
        rows = [
            {
                "id": result.id,
                "at": result.at.strftime("%H:%M:%S"),
                "label": short_call(result.operation, result.arguments),
                "rows": len(result.frame),
                "seconds": round(result.seconds, 1),
            }
            for result in reversed(self._results)
        ]
        self._explorer.tell("history", runs=rows)
