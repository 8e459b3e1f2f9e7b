"""Cache of the records that a run already fetched by id."""

from __future__ import annotations

import dataclasses

from .record_head import FetchedRecord, RecordHead


@dataclasses.dataclass
class FetchedCache:
    """Records that were fetched by id in this run and last changed in an interval.

    The server's clock had passed its end when reading began, so any later change has a later time.
    What a search returns for such a record is the same or less, and needs no second fetch.
    ``problems`` are records that could not be fetched, with the reason.
    """

    problems: dict[str, str] = dataclasses.field(default_factory=dict)
    _changed: range = range(0)
    _times: dict[str, int] = dataclasses.field(default_factory=dict)

    def set_interval(self, start: int, end: int) -> None:
        """Remember only records that last changed from ``start`` to before ``end``."""
        self._changed = range(start, end)

    def add(self, one: FetchedRecord) -> None:
        """Remember a record if it qualifies."""
        at = one.head.updated_at
        if one.is_by_id and at is not None and at in self._changed:
            self._times[str(one.head.id)] = at

    def has_current(self, head: RecordHead) -> bool:
        """Return whether a record was fetched as a search now returns it, or newer."""
        if head.id in self.problems:
            return True
        at, known = head.updated_at, self._times.get(str(head.id))
        return known is not None and at is not None and at <= known
