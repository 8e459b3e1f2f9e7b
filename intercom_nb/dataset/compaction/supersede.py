"""Superseded records: those that a later read replaced, or that a tombstone removed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ..state import EntityState, Interval, TableFile, Tombstone
from .staging import TableFiles

_NO_IDS = pa.array([], pa.string())


@dataclasses.dataclass
class MergeInput:
    """Files that were written together; ``dropped`` are the ids that something later replaces.

    The files of the tables themselves have no interval.
    """

    sequence: int
    interval: Interval | None
    files: list[TableFile]
    dropped: pa.Array = dataclasses.field(default_factory=lambda: _NO_IDS)

    @property
    def is_changes(self) -> bool:
        """Whether it holds what changed in a time, not everything that was created in one."""
        return self.interval is not None and self.interval.field == "updated_at"


def merge_inputs(state: EntityState) -> list[MergeInput]:
    """Return the inputs of a compaction: the tables, then the pending slices."""
    pending = [s for s in state.slices.values() if s.is_pending]
    tables = MergeInput(0, None, state.files)
    return [tables, *(MergeInput(s.sequence, s.interval, s.files) for s in pending)]


def read_keys(
    files: TableFiles, entity: str, source: MergeInput
) -> Iterator[tuple[pa.Array, pa.Array | None]]:
    """Yield the ids of an input's records and their creation times, None if these are unknown."""
    for file in source.files:
        if file.table != entity:
            continue
        for batch in files.batches(file, ["id", "created_at"]):
            has_times = "created_at" in batch.schema.names
            yield batch["id"], batch["created_at"] if has_times else None


def find_dropped(
    files: TableFiles, entity: str, inputs: Sequence[MergeInput], tombstones: Sequence[Tombstone]
) -> None:
    """Set ``dropped`` of each input: the ids that a later input replaces or a tombstone removes.

    A later slice of ``created_at`` replaces everything in its interval, a later slice of
    ``updated_at`` the records that it holds.
    """
    complete = [s for s in inputs if s.interval is not None and not s.is_changes]
    newest = {key: one.sequence for one in tombstones for key in one.ids}
    for source in inputs:
        if source.is_changes:
            for ids, _ in read_keys(files, entity, source):
                for one in ids.to_pylist():
                    newest[one] = max(newest.get(one, 0), source.sequence)
    for source in inputs:
        later = [s for s in complete if s.sequence > source.sequence]
        over = [s.interval for s in later if s.interval and _overlaps(source, s.interval)]
        updated = [i for i, at in newest.items() if at > source.sequence]
        if not over and not updated:
            continue
        changed, dropped = pa.array(updated, pa.string()), [_NO_IDS]
        for ids, times in read_keys(files, entity, source):
            is_superseded = pc.is_in(ids, value_set=changed)
            for interval in over:
                is_superseded = pc.or_(is_superseded, _within(ids, times, interval))
            dropped.append(ids.filter(is_superseded))
        source.dropped = pa.concat_arrays(dropped)


def _overlaps(earlier: MergeInput, later: Interval) -> bool:
    a = earlier.interval
    if a is None or earlier.is_changes:
        return True
    suffixes_meet = not a.suffix or not later.suffix or a.suffix == later.suffix
    return a.start < later.end and later.start < a.end and suffixes_meet


def _within(ids: pa.Array, times: pa.Array | None, interval: Interval) -> pa.Array:
    if times is None:
        return pa.array([False] * len(ids))
    seconds = to_seconds(times)
    inside = pc.and_(pc.greater_equal(seconds, interval.start), pc.less(seconds, interval.end))
    if interval.suffix:
        inside = pc.and_(inside, pc.ends_with(ids, interval.suffix))
    return pc.fill_null(inside, False)


def to_seconds(times: pa.Array) -> pa.Array:
    """Convert timestamps to unix seconds."""
    return pc.divide(times.cast(pa.int64()), 1000)
