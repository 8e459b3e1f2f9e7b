"""What was read, into the tables: one row per id, the newest; one schema; one file per month.

Sources are what is in the tables already and the slices that wait, in the order in which they were
read. A later slice of ``created_at`` replaces all that earlier ones had in its span (what is gone
from there was deleted); a later slice of ``updated_at`` replaces the records that it holds; what
was removed goes from all that was read before. Rows stream from the old files to the new ones, so
memory does not grow with the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ...extract.intervals import Interval
from ...runtime.memory import release_free_memory
from ..schema import MONTH, first_columns, record_label, to_tables, unified
from ..store import Commit, EntityState, File, Folder, Slice
from .month_writer import Output, TableWriter, month_of
from .staging import Files
from .supersede import Source, find_dropped, keys, seconds, sources_of


class StoppedError(Exception):
    """Nobody waits for the end of a merge any more."""


def merge(
    folder: Folder,
    entity: str,
    record: str,
    state: EntityState,
    partitioned: bool,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Commit:
    """Write the new files of an entity's tables, staged; the entry commits them.

    Raises StoppedError soon after ``is_stopped`` says so.
    """
    release_free_memory()  # what reading took is free now
    sources = sources_of(state)
    ended = {f.path for s in sources for f in s.files}
    # A list that was read as a whole replaces all that there was.
    whole = max((s.sequence for s in sources if s.span and not s.span.field), default=0)
    sources = [s for s in sources if s.sequence >= whole]
    files = Files(folder.path)
    find_dropped(files, entity, sources, state.removed)
    kept: list[File] = []
    with Output(folder, entity, state.sequence + 1, partitioned) as output:
        merging = _Merging(files, entity, record, sources, output, is_stopped)
        for table in sorted({f.table for s in sources for f in s.files}):
            kept += merging.table(table)
        if not any(f.table == entity for f in [*kept, *output.files]):
            merging.empty()
    ended -= {f.path for f in kept}
    fields = {""} if whole else {"", "created_at"}
    slices = {k: _settled(s) for k, s in state.slices.items() if s.span.field in fields}
    return Commit(
        sequence=state.sequence + 1,
        moves=output.moves,
        removes=sorted(ended),
        state=msgspec.structs.replace(
            state,
            slices=slices,
            roots=[] if whole else state.roots,
            files=[*kept, *output.files],
            covered=[],
            removed=[],
        ),
    )


def held(
    root: Path, entity: str, state: EntityState, ids: Collection[str]
) -> dict[str, int | None]:
    """Give which of some ids a merge would keep now, and when these were created (unix seconds)."""
    files, wanted = Files(root), pa.array(sorted(ids), pa.string())
    sources = sources_of(state)
    found: list[tuple[Source, str, int | None]] = []
    for source in sources:
        for there, times in keys(files, entity, source):
            mask = pc.is_in(there, value_set=wanted)
            created = pa.nulls(len(there), pa.int64()) if times is None else seconds(times)
            columns = (column.filter(mask).to_pylist() for column in (there, created))
            found += [(source, key, at) for key, at in zip(*columns, strict=True)]
    if found:
        find_dropped(files, entity, sources, state.removed)
    dropped = {source.sequence: set(source.dropped.to_pylist()) for source, _, _ in found}
    return {key: at for source, key, at in found if key not in dropped[source.sequence]}


def _settled(one: Slice) -> Slice:
    return msgspec.structs.replace(one, files=[], waits=False)


class _Merging:
    """Merges the tables of an entity, one after the other."""

    def __init__(
        self,
        files: Files,
        entity: str,
        record: str,
        sources: Sequence[Source],
        output: Output,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._files = files
        self._entity, self._record = entity, record
        self._sources = sources
        self._output = output
        self._order = first_columns(entity, record)
        self._is_stopped = is_stopped

    def table(self, table: str) -> list[File]:
        """Write one table anew where something changes; give the files that stay as they are."""
        key = "id" if table == self._entity else f"{record_label(self._record)}_id"
        files = [(s, f) for s in self._sources for f in s.files if f.table == table]
        schemas = {f.path: self._files.schema(f) for _, f in files}
        schema = _typed(unified(dict.fromkeys(schemas.values()), self._order(table)))
        if MONTH in schema.names:
            schema = schema.remove(schema.get_field_index(MONTH))
        stale = {f.path for s, f in files if s.span is None and not schemas[f.path].equals(schema)}
        rewritten = self._months_to_write(files, key, stale)
        kept = [f for s, f in files if s.span is None and month_of(f) not in rewritten]
        files = [(s, f) for s, f in files if f not in kept]
        with TableWriter(self._output, table, schema) as writer:
            for source, file in sorted(files, key=_by_time):
                for batch in self._files.batches(file):
                    if self._is_stopped():
                        raise StoppedError
                    rows = _without(batch, key, source.dropped)
                    writer.add(rows, month_of(file) if source.span is None else None)
        return kept

    def empty(self) -> None:
        """Write the entity's table without rows, so that its columns are known."""
        rows = to_tables([], self._entity, self._record)[self._entity].drop_columns([MONTH])
        schema = unified([rows.schema], self._order(self._entity))
        with TableWriter(self._output, self._entity, schema) as writer:
            writer.add_none()

    def _months_to_write(
        self, files: Sequence[tuple[Source, File]], key: str, stale: Collection[str]
    ) -> set[str | None]:
        """Find the months in which files that are in the table already have to be written anew.

        Those are the ones for which rows wait, and those with ``stale`` files or dropped rows.
        """
        there = [(s, f) for s, f in files if s.span is None]
        months = {month_of(f) for _, f in there if f.path in stale}
        missing = {month_of(f) for _, f in there} - months
        for source, file in files if missing else []:
            if source.span is not None:
                for batch in self._files.batches(file, [MONTH]):
                    months.update(pc.unique(batch[MONTH]).to_pylist())
        for source, file in there:
            if month_of(file) not in months and self._has_dropped(source, file, key):
                months.add(month_of(file))
        return months

    def _has_dropped(self, source: Source, file: File, key: str) -> bool:
        return len(source.dropped) > 0 and any(
            pc.any(pc.is_in(batch[key], value_set=source.dropped)).as_py()
            for batch in self._files.batches(file, [key])
        )


def _by_time(one: tuple[Source, File]) -> tuple[bool, Interval, str]:
    source, file = one
    return source.span is not None, source.span or Interval(0, 0), file.path


def _without(batch: pa.RecordBatch, key: str, dropped: pa.Array) -> pa.RecordBatch:
    if not len(dropped):
        return batch
    gone = pc.is_in(batch[key], value_set=dropped)
    return batch.filter(pc.invert(gone)) if pc.any(gone).as_py() else batch


def _typed(schema: pa.Schema) -> pa.Schema:
    """Make text of the columns in which no value came from anywhere."""
    return pa.schema([f.with_type(pa.string()) if pa.types.is_null(f.type) else f for f in schema])
