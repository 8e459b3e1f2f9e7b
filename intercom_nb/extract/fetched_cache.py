"""Cache of the records that a run already fetched by id."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from .record_head import RecordHead


@dataclasses.dataclass
class FetchedCache:
    """Records that were fetched by id and committed in this run, with their times of change.

    Only those whose last change is from a second that the server's clock had passed before the
    fetch: any later change has a later time. What a search returns for such a record is the same
    or less, and needs no second fetch. ``problems`` are records that could not be fetched, with
    the reason.
    """

    clock: Callable[[], float]
    problems: dict[str, str] = dataclasses.field(default_factory=dict)
    _start: int = 0
    _newest: int = 0
    _began: float = 0.0
    _times: dict[str, int] = dataclasses.field(default_factory=dict)

    def begin(self, start: int, newest: int) -> None:
        """Remember records changed from ``start`` on; ``newest`` is a time on the server's clock.

        That time has come already, and since then as much time passes there as here.
        """
        self._start, self._newest, self._began = start, newest, self.clock()

    def settled_now(self) -> range:
        """Return the seconds whose changes are all made by now."""
        return range(self._start, self._newest + int(self.clock() - self._began))

    def add(self, heads: Iterable[RecordHead]) -> None:
        """Remember records, once they are committed."""
        for head in heads:
            if head.updated_at is not None:
                self._times[str(head.id)] = head.updated_at

    def has_current(self, head: RecordHead) -> bool:
        """Return whether a record was fetched as a search now returns it, or newer."""
        at, known = head.updated_at, self._times.get(str(head.id))
        return known is not None and at is not None and at <= known
