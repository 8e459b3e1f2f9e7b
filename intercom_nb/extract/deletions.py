"""Deletions that the API lists, applied to a dataset without reading its records again.

The list only saves requests; the counts are the proof. If listed records are still counted, or some
deletion is not listed, reconciliation reads the interval again, and what that finds is kept.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from typing import Any

import msgspec

from ..calls.paginate import pages
from ..catalog.model import Operation
from ..dataset.compaction.compact import find_current
from ..dataset.state import Interval, Tombstone
from ..dataset.store import EntityStore
from ..errors import BadRequestError, NotFoundError, PagingError, PermissionDeniedError
from ..executors.base import Executor
from ..frames import decode_repaired
from ..frames.read.timestamps import seconds_of

# The server lacks the list, denies it to this token, or repeats a page of it without end.
_UNAVAILABLE = (BadRequestError, NotFoundError, PagingError, PermissionDeniedError)


class _Deletion(msgspec.Struct):
    id: Any = None
    deleted_at: Any = None

    @property
    def time(self) -> float:
        """Unix seconds; NaN, which compares as out of order, if the entry has no time."""
        seconds = seconds_of(self.deleted_at)
        return math.nan if seconds is None else seconds


_DELETION = msgspec.json.Decoder(_Deletion)


def _parse(raw: msgspec.Raw) -> _Deletion | None:
    """Parse an entry of the list; None if it names no record."""
    try:
        one = decode_repaired(raw, _DELETION.decode)[0]
    except msgspec.DecodeError:
        return None
    return None if one.id is None else one


@dataclasses.dataclass
class Deletions:
    """Ids in a list of deletions, and the time of the newest one; -inf if there is none."""

    ids: set[str] = dataclasses.field(default_factory=set)
    newest: float = -math.inf


async def list_deletions(
    executor: Executor, operation: Operation | None, since: float
) -> Deletions:
    """Read a list of deletions back to ``since`` (unix seconds); empty without such a list.

    The newest come first, so reading stops at the first page that is older. The API does not
    promise that order: a list in another order is read to its end.
    """
    found = Deletions()
    if operation is None:
        return found
    params: dict[str, Any] = {"order": "desc", "per_page": operation.max_page_size}
    last, is_ordered = math.inf, True
    # If the server refuses, the counts find every deletion, as in versions without the list.
    with contextlib.suppress(*_UNAVAILABLE):
        async with contextlib.aclosing(pages(executor, operation, params)) as following:
            async for page in following:
                for raw in page.records:
                    one = _parse(raw)
                    if one is None:
                        continue
                    found.ids.add(str(one.id))
                    found.newest = max(found.newest, one.time)
                    is_ordered, last = is_ordered and one.time <= last, one.time
                if is_ordered and last < since:
                    break
    return found


def apply_deletions(store: EntityStore, ids: set[str]) -> None:
    """Commit a tombstone of the records that the dataset holds; later reads override it."""
    times = find_current(store, ids) if ids else {}
    if not times:
        return
    state, slices = store.state, dict(store.state.slices)
    for key, one in slices.items():
        deleted = one.deleted + _count_within(one.interval, times)
        slices[key] = msgspec.structs.replace(one, deleted=deleted)
    verified = [
        msgspec.structs.replace(v, counted=v.counted - _count_within(v.interval, times))
        if v.counted is not None
        else v
        for v in state.verified
    ]
    tombstones = [*state.tombstones, Tombstone(store.next_sequence, sorted(times))]
    store.update(slices=slices, verified=verified, tombstones=tombstones)


def _count_within(interval: Interval, times: dict[str, int | None]) -> int:
    """Count the records that a search of an interval certainly found."""
    if interval.field != "created_at":
        return 0
    return sum(
        at is not None and interval.start <= at < interval.end and key.endswith(interval.suffix)
        for key, at in times.items()
    )
