"""Which records of what was read are replaced by what was read later, or were removed since."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ...extract.intervals import Interval
from ..store import EntityState, File, Removed
from .staging import Files

_NONE = pa.array([], pa.string())


@dataclasses.dataclass
class Source:
    """Some files that were written together; ``dropped`` are ids that a later source replaces."""

    sequence: int
    span: Interval | None
    files: list[File]
    dropped: pa.Array = dataclasses.field(default_factory=lambda: _NONE)

    @property
    def is_changes(self) -> bool:
        """Whether it has what changed in a time, not all that was created in one."""
        return self.span is not None and self.span.field == "updated_at"


def sources_of(state: EntityState) -> list[Source]:
    """Give what is in the tables, which has no span, and what waits to be merged."""
    pending = [s for s in state.slices.values() if s.waits]
    base = Source(0, None, state.files)
    return [base, *(Source(s.sequence, s.span, s.files) for s in pending)]


def keys(files: Files, entity: str, source: Source) -> Iterator[tuple[pa.Array, pa.Array | None]]:
    """Give the ids of a source's records, and when these were created where that is known."""
    for file in source.files:
        if file.table != entity:
            continue
        for batch in files.batches(file, ["id", "created_at"]):
            timed = "created_at" in batch.schema.names
            yield batch["id"], batch["created_at"] if timed else None


def find_dropped(
    files: Files, entity: str, sources: Sequence[Source], removed: Sequence[Removed]
) -> None:
    """Find, for each source, the ids that a later one replaces, or that were removed later."""
    spans = [s for s in sources if s.span is not None and not s.is_changes]
    newest = {key: one.sequence for one in removed for key in one.ids}
    for source in sources:
        if source.is_changes:
            for ids, _ in keys(files, entity, source):
                for one in ids.to_pylist():
                    newest[one] = max(newest.get(one, 0), source.sequence)
    for source in sources:
        over = [s.span for s in spans if s.sequence > source.sequence and _meet(source, s)]
        updated = [i for i, at in newest.items() if at > source.sequence]
        if not over and not updated:
            continue
        changed, dropped = pa.array(updated, pa.string()), [_NONE]
        for ids, times in keys(files, entity, source):
            gone = pc.is_in(ids, value_set=changed)
            for span in over:
                assert span is not None
                gone = pc.or_(gone, _within(ids, times, span))
            dropped.append(ids.filter(gone))
        source.dropped = pa.concat_arrays(dropped)


def _meet(earlier: Source, later: Source) -> bool:
    a, b = earlier.span, later.span
    if a is None or earlier.is_changes or b is None:
        return True
    suffixes_meet = not a.suffix or not b.suffix or a.suffix == b.suffix
    return a.start < b.end and b.start < a.end and suffixes_meet


def _within(ids: pa.Array, times: pa.Array | None, span: Interval) -> pa.Array:
    if times is None:
        return pa.array([False] * len(ids))
    seconds_ = seconds(times)
    inside = pc.and_(pc.greater_equal(seconds_, span.start), pc.less(seconds_, span.end))
    if span.suffix:
        inside = pc.and_(inside, pc.ends_with(ids, span.suffix))
    return pc.fill_null(inside, False)


def seconds(times: pa.Array) -> pa.Array:
    """Give times as unix seconds."""
    return pc.divide(times.cast(pa.int64()), 1000)
