"""What the API lists as deleted, taken out of what is held without reading that again.

The list helps, and the count is the proof: where records that it names are still counted, or some
that it does not name are not, the audit reads again, and what that finds is kept.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from typing import Any

import msgspec

from ..calls.paginate import pages
from ..catalog.model import Operation
from ..catalog.timestamps import unix_seconds
from ..dataset.compaction.compact import find_current
from ..dataset.state import EntityState, Interval, Tombstone
from ..dataset.store import DatasetFolder
from ..errors import BadRequestError, NotFoundError, PagingError, PermissionDeniedError
from ..executors.base import Executor

# The server does not have the list, or not for this token, or gives a page of it again and again.
_REFUSED = (BadRequestError, NotFoundError, PagingError, PermissionDeniedError)


class _Deletion(msgspec.Struct):
    id: str | int | None = None
    deleted_at: int | str | None = None

    @property
    def at(self) -> float:
        """When it was; NaN, which is in no order, where that is not told."""
        return math.nan if self.deleted_at is None else unix_seconds(self.deleted_at, "deleted_at")


@dataclasses.dataclass
class Deletions:
    """What a list of deletions names, and the time of the newest; -inf where there is none."""

    ids: set[str] = dataclasses.field(default_factory=set)
    newest: float = -math.inf


async def named(executor: Executor, operation: Operation | None, since: float) -> Deletions:
    """Give what a list of deletions names, of those since a time at least; nothing without a list.

    The newest come first, so reading ends where it is older than that. That order is not promised:
    a list that is in another one is read whole.
    """
    found = Deletions()
    if operation is None:
        return found
    params: dict[str, Any] = {"order": "desc", "per_page": operation.max_page_size}
    last, ordered = math.inf, True
    # Where the server refuses, the count finds everything, as in versions without the list.
    with contextlib.suppress(*_REFUSED):
        async with contextlib.aclosing(pages(executor, operation, params)) as following:
            async for page in following:
                for raw in page.records:
                    one = msgspec.json.decode(raw, type=_Deletion)
                    found.ids.add(str(one.id))
                    found.newest = max(found.newest, one.at)
                    ordered, last = ordered and one.at <= last, one.at
                if ordered and last < since:
                    break
    return found


def without(
    folder: DatasetFolder, entity: str, state: EntityState, ids: set[str]
) -> dict[str, Any]:
    """Give the changes of a state that take records out, where it holds any of them.

    They are to be the next commit: what is read later stays, whatever was removed before.
    """
    times = find_current(folder.path, entity, state, ids) if ids else {}
    if not times:
        return {}
    slices, roots = dict(state.slices), []
    for key, one in slices.items():
        slices[key] = msgspec.structs.replace(one, deleted=one.deleted + _of(one.interval, times))
    for root in state.verified:
        counted = None if root.counted is None else root.counted - _of(root.interval, times)
        roots.append(msgspec.structs.replace(root, counted=counted))
    removed = [*state.tombstones, Tombstone(state.sequence + 1, sorted(times))]
    return {"slices": slices, "verified": roots, "tombstones": removed}


def _of(span: Interval, times: dict[str, int | None]) -> int:
    """Count those that a search of a span certainly found."""
    if span.field != "created_at":
        return 0
    return sum(
        at is not None and span.start <= at < span.end and key.endswith(span.suffix)
        for key, at in times.items()
    )
