"""What a run asked for by its id already, so that it has not to ask again."""

from __future__ import annotations

import dataclasses

from .source import Head, Read


@dataclasses.dataclass
class FetchedCache:
    """Records that were read themselves, and changed last in a time before that.

    From ``start`` on to before ``end``, which the server's clock had reached when reading began:
    whatever changes them later has a later time. A search may know less of a record than that.
    """

    start: int = 0
    end: int = 0
    _times: dict[str, int] = dataclasses.field(default_factory=dict)

    def add(self, one: Read) -> None:
        """Note a record, if it is one of these."""
        at = one.head.updated_at
        if one.itself and isinstance(at, int) and self.start <= at < self.end:
            self._times[str(one.head.id)] = at

    def has(self, head: Head) -> bool:
        """Tell whether a record was read as a search found it, or newer."""
        at, known = head.updated_at, self._times.get(str(head.id))
        return known is not None and isinstance(at, int) and at <= known
