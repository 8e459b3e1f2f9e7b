"""Compaction: merge pending slices into the tables, one row per id, one file per month.

Inputs are the files of the tables and the pending slices, in the order in which they were read.
Later reads override earlier ones (see ``supersede``), and tombstones remove records from whatever
was read before them. Rows stream from old files to new ones, so memory does not grow with the
tables.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from ...runtime.free_memory import release_free_memory
from ..schema import (
    MONTH,
    exceeds_float,
    first_columns,
    number_clashes,
    record_label,
    unified,
)
from ..state import Commit, Interval, Slice, TableFile
from ..store import EntityStore
from ..tables import to_tables
from .month_writer import MergeOutput, TableWriter, month_of
from .staging import TableFiles
from .supersede import MergeInput, find_dropped, merge_inputs, read_keys, to_seconds


class StoppedError(Exception):
    """The caller of a compaction no longer waits for its result."""


def compact(
    store: EntityStore,
    record: str,
    *,
    by_month: bool,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Commit:
    """Write the new files of an entity's tables to the staging folder; the commit applies them.

    ``record`` names the record type in the catalog.

    Raises StoppedError soon after ``is_stopped`` returns True.
    """
    release_free_memory()  # reading has ended, so its memory is free now
    entity, state = store.entity, store.state
    inputs = merge_inputs(state)
    ended = {f.path for s in inputs for f in s.files}
    # A list that was read as a whole replaces everything before it.
    whole = max((s.sequence for s in inputs if s.interval and not s.interval.field), default=0)
    inputs = [s for s in inputs if s.sequence >= whole]
    files = TableFiles(store.folder.path)
    find_dropped(files, entity, inputs, state.tombstones)
    kept: list[TableFile] = []
    tables = {f.table for s in inputs for f in s.files}
    if not any(len(s.dropped) or (s.interval and s.files) for s in inputs):
        tables, kept = set(), [f for s in inputs for f in s.files]  # no file has to be opened
    with MergeOutput(store, by_month) as output:
        merger = _TableMerger(files, (entity, record), inputs, output, is_stopped)
        for table in sorted(tables):
            kept += merger.merge(table)
        if not any(f.table == entity for f in [*kept, *output.files]):
            merger.write_empty()
    ended -= {f.path for f in kept}
    written = sorted([*kept, *output.files], key=lambda file: file.table)
    fields = {""} if whole else {"", "created_at"}
    slices = {k: _merged(s) for k, s in state.slices.items() if s.interval.field in fields}
    return Commit(
        sequence=store.next_sequence,
        moves=output.moves,
        removes=sorted(ended),
        state=msgspec.structs.replace(
            state,
            slices=slices,
            verified=[] if whole else state.verified,
            files=written,
            covered=[],
            tombstones=[],
        ),
    )


def find_current(store: EntityStore, ids: Collection[str]) -> dict[str, int | None]:
    """Return which of these ids a compaction would keep now, with their creation (unix seconds)."""
    entity, state = store.entity, store.state
    files, wanted = TableFiles(store.folder.path), pa.array(sorted(ids), pa.string())
    inputs = merge_inputs(state)
    found: list[tuple[MergeInput, str, int | None]] = []
    for source in inputs:
        for there, times in read_keys(files, entity, source):
            mask = pc.is_in(there, value_set=wanted)
            created = pa.nulls(len(there), pa.int64()) if times is None else to_seconds(times)
            columns = (column.filter(mask).to_pylist() for column in (there, created))
            found += [(source, key, at) for key, at in zip(*columns, strict=True)]
    if found:
        find_dropped(files, entity, inputs, state.tombstones)
    dropped = {source.sequence: set(source.dropped.to_pylist()) for source, _, _ in found}
    return {key: at for source, key, at in found if key not in dropped[source.sequence]}


def _merged(one: Slice) -> Slice:
    return msgspec.structs.replace(one, files=[], is_pending=False)


class _TableMerger:
    """Merges the tables of an entity, one after the other."""

    def __init__(
        self,
        files: TableFiles,
        names: tuple[str, str],
        inputs: Sequence[MergeInput],
        output: MergeOutput,
        is_stopped: Callable[[], bool],
    ) -> None:
        self._files = files
        self._entity, self._record = names
        self._inputs = inputs
        self._output = output
        self._order = first_columns(self._entity, self._record)
        self._is_stopped = is_stopped

    def merge(self, table: str) -> list[TableFile]:
        """Rewrite the months of a table that change; return the files that stay as they are."""
        key = "id" if table == self._entity else f"{record_label(self._record)}_id"
        files = [(s, f) for s in self._inputs for f in s.files if f.table == table]
        schemas = {f.path: self._files.schema(f) for _, f in files}
        schema = self._table_schema(table, [f for _, f in files])
        stale = {
            f.path for s, f in files if s.interval is None and not schemas[f.path].equals(schema)
        }
        rewritten = self._months_to_write(files, key, stale)
        kept = [f for s, f in files if s.interval is None and month_of(f) not in rewritten]
        files = [(s, f) for s, f in files if f not in kept]
        with TableWriter(self._output, table, schema) as writer:
            for source, file in sorted(files, key=_by_time):
                for batch in self._files.batches(file):
                    if self._is_stopped():
                        raise StoppedError
                    rows = _without(batch, key, source.dropped)
                    writer.add(rows, month_of(file) if source.interval is None else None)
        return kept

    def write_empty(self) -> None:
        """Write the entity's table without rows, so that its columns are known."""
        rows = to_tables([], self._entity, self._record)[self._entity].drop_columns([MONTH])
        schema = unified([rows.schema], self._order(self._entity))
        with TableWriter(self._output, self._entity, schema) as writer:
            writer.add_empty()

    def _table_schema(self, table: str, files: Sequence[TableFile]) -> pa.Schema:
        different = list(dict.fromkeys(map(self._files.valued_schema, files)))
        clashes = number_clashes(different)
        inexact = {
            name
            for file in (files if clashes else [])
            for batch in self._files.batches(file, sorted(clashes))
            for name in batch.schema.names
            if exceeds_float(batch[name])
        }
        schema = _with_types(unified(different, self._order(table), inexact))
        if MONTH in schema.names:
            schema = schema.remove(schema.get_field_index(MONTH))
        return schema

    def _months_to_write(
        self, files: Sequence[tuple[MergeInput, TableFile]], key: str, stale: Collection[str]
    ) -> set[str | None]:
        """Find the months whose files must be rewritten.

        Those are the months of pending rows, of ``stale`` files and of dropped rows.
        """
        there = [(s, f) for s, f in files if s.interval is None]
        months = {month_of(f) for _, f in there if f.path in stale}
        missing = {month_of(f) for _, f in there} - months
        for source, file in files if missing else []:
            if source.interval is not None:
                for batch in self._files.batches(file, [MONTH]):
                    months.update(pc.unique(batch[MONTH]).to_pylist())
        for source, file in there:
            if month_of(file) not in months and self._has_dropped(source, file, key):
                months.add(month_of(file))
        return months

    def _has_dropped(self, source: MergeInput, file: TableFile, key: str) -> bool:
        return len(source.dropped) > 0 and any(
            pc.any(pc.is_in(batch[key], value_set=source.dropped)).as_py()
            for batch in self._files.batches(file, [key])
        )


def _by_time(one: tuple[MergeInput, TableFile]) -> tuple[bool, Interval, str]:
    source, file = one
    return source.interval is not None, source.interval or Interval(0, 0), file.path


def _without(batch: pa.RecordBatch, key: str, dropped: pa.Array) -> pa.RecordBatch:
    if not len(dropped):
        return batch
    is_dropped = pc.is_in(batch[key], value_set=dropped)
    return batch.filter(pc.invert(is_dropped)) if pc.any(is_dropped).as_py() else batch


def _with_types(schema: pa.Schema) -> pa.Schema:
    """Make text of columns that hold no value in any file."""
    return pa.schema([f.with_type(pa.string()) if pa.types.is_null(f.type) else f for f in schema])
