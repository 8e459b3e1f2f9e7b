"""What was read, into the tables: one row per id, the newest; one schema; one file per month.

Sources are what is in the tables already and the slices that wait, in the order in which they were
read. A later slice of ``created_at`` replaces all that earlier ones had in its span (what is gone
from there was deleted); a later slice of ``updated_at`` replaces the records that it holds; what
was removed goes from all that was read before. Rows stream from the old files to the new ones, so
memory does not grow with the tables.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .folder import EntityState, Entry, File, Folder, Removed, Slice
from .spans import Span
from .tables import MONTH, conformed, first_columns, record_label, to_tables, unified
from .waiting import batches, schema_of

_BUFFER_BYTES = 48_000_000
_FILE_BYTES = 256_000_000
# A column of a file with less is not compressed: to begin takes more CPU than all of its encoding.
_WORTH_COMPRESSING = 2_000
_NO_MONTH = "__HIVE_DEFAULT_PARTITION__"


@dataclasses.dataclass
class _Source:
    """Some files that were written together; ``dropped`` are ids that a later source replaces."""

    sequence: int
    span: Span | None
    files: list[File]
    dropped: set[str] = dataclasses.field(default_factory=set)


def merge(folder: Folder, entity: str, record: str, state: EntityState, partitioned: bool) -> Entry:
    """Write the new files of an entity's tables, staged; the entry commits them."""
    sources = _sources(state)
    key = f"{record_label(record)}_id"
    ended = {f.path for s in sources for f in s.files}
    # A list that was read as a whole replaces all that there was.
    whole = max((s.sequence for s in sources if s.span and not s.span.field), default=0)
    sources = [s for s in sources if s.sequence >= whole]
    _find_dropped(folder.path, entity, sources, state.removed)
    writer = _Writer(folder, entity, state.sequence + 1, partitioned)
    order = first_columns(entity, record)
    kept: list[File] = []
    for table in sorted({f.table for s in sources for f in s.files}):
        column = "id" if table == entity else key
        kept += _merge_table(folder.path, table, sources, column, order, writer)
    if not any(f.table == entity for f in [*kept, *writer.files]):
        writer.empty(entity, record)
    ended -= {f.path for f in kept}
    fields = {""} if whole else {"", "created_at"}
    slices = {k: _settled(s) for k, s in state.slices.items() if s.span.field in fields}
    return Entry(
        sequence=state.sequence + 1,
        moves=writer.moves,
        removes=sorted(ended),
        state=msgspec.structs.replace(
            state,
            slices=slices,
            roots=[] if whole else state.roots,
            files=[*kept, *writer.files],
            covered=[],
            removed=[],
        ),
    )


def held(
    root: Path, entity: str, state: EntityState, ids: Collection[str]
) -> dict[str, int | None]:
    """Give which of some ids a merge would keep now, and when these were created (unix seconds)."""
    wanted = pa.array(sorted(ids), pa.string())
    sources = _sources(state)
    found: list[tuple[_Source, str, int | None]] = []
    for source in sources:
        for keys, times in _keys(root, entity, source):
            there = pc.is_in(keys, value_set=wanted)
            seconds = pa.nulls(len(keys), pa.int64()) if times is None else _seconds(times)
            columns = (column.filter(there).to_pylist() for column in (keys, seconds))
            found += [(source, key, at) for key, at in zip(*columns, strict=True)]
    if found:
        _find_dropped(root, entity, sources, state.removed)
    return {key: at for source, key, at in found if key not in source.dropped}


def _sources(state: EntityState) -> list[_Source]:
    pending = [s for s in state.slices.values() if s.waits]
    base = _Source(0, None, state.files)
    return [base, *(_Source(s.sequence, s.span, s.files) for s in pending)]


def _settled(one: Slice) -> Slice:
    return msgspec.structs.replace(one, files=[], waits=False)


def _find_dropped(
    root: Path, entity: str, sources: list[_Source], removed: Sequence[Removed]
) -> None:
    """Find, for each source, the ids that a later one replaces, or that were removed later."""
    spans = [s for s in sources if s.span is not None and s.span.field != "updated_at"]
    newest = {key: one.sequence for one in removed for key in one.ids}
    for source in sources:
        if source.span is not None and source.span.field == "updated_at":
            for ids, _ in _keys(root, entity, source):
                for one in ids.to_pylist():
                    newest[one] = max(newest.get(one, 0), source.sequence)
    for source in sources:
        over = [s.span for s in spans if s.sequence > source.sequence and _meet(source, s)]
        updated = [i for i, at in newest.items() if at > source.sequence]
        if not over and not updated:
            continue
        changed = pa.array(updated, pa.string())
        for ids, times in _keys(root, entity, source):
            gone = pc.is_in(ids, value_set=changed)
            for span in over:
                assert span is not None
                gone = pc.or_(gone, _within(ids, times, span))
            source.dropped.update(ids.filter(gone).to_pylist())


def _meet(earlier: _Source, later: _Source) -> bool:
    a, b = earlier.span, later.span
    if a is None or a.field == "updated_at" or b is None:
        return True
    suffixes_meet = not a.suffix or not b.suffix or a.suffix == b.suffix
    return a.start < b.end and b.start < a.end and suffixes_meet


def _within(ids: pa.Array, times: pa.Array | None, span: Span) -> pa.Array:
    if times is None:
        return pa.array([False] * len(ids))
    seconds = _seconds(times)
    inside = pc.and_(pc.greater_equal(seconds, span.start), pc.less(seconds, span.end))
    if span.suffix:
        inside = pc.and_(inside, pc.ends_with(ids, span.suffix))
    return pc.fill_null(inside, False)


def _seconds(times: pa.Array) -> pa.Array:
    return pc.divide(times.cast(pa.int64()), 1000)


def _keys(root: Path, entity: str, source: _Source) -> Iterator[tuple[pa.Array, pa.Array | None]]:
    for file in source.files:
        if file.table != entity:
            continue
        for batch in batches(root / file.path, ["id", "created_at"]):
            timed = "created_at" in batch.schema.names
            yield batch["id"], batch["created_at"] if timed else None


def _merge_table(
    root: Path,
    table: str,
    sources: Sequence[_Source],
    key: str,
    order: Callable[[str], list[str]],
    writer: _Writer,
) -> list[File]:
    """Write one table anew where something changes; give the files that stay as they are."""
    files = [(s, f) for s in sources for f in s.files if f.table == table]
    schemas = {f.path: schema_of(root / f.path) for _, f in files}
    schema = _typed(unified(schemas.values(), order(table)))
    if MONTH in schema.names:
        schema = schema.remove(schema.get_field_index(MONTH))
    rewritten = _months_to_write(root, files, key, schemas, schema)
    kept = [f for s, f in files if s.span is None and _month(f) not in rewritten]
    files = [(s, f) for s, f in files if f not in kept]
    files.sort(key=lambda sf: (sf[0].span is not None, sf[0].span or Span(0, 0), sf[1].path))
    with writer.table(table, schema):
        for source, file in files:
            dropped = pa.array(sorted(source.dropped), pa.string())
            for batch in batches(root / file.path):
                rows = pa.Table.from_batches([batch])
                if source.dropped:
                    rows = rows.filter(pc.invert(pc.is_in(rows[key], value_set=dropped)))
                writer.add(rows, _month(file) if source.span is None else None)
    return kept


def _typed(schema: pa.Schema) -> pa.Schema:
    """Make text of the columns in which no value came from anywhere."""
    return pa.schema([f.with_type(pa.string()) if pa.types.is_null(f.type) else f for f in schema])


def _months_to_write(
    root: Path,
    files: Sequence[tuple[_Source, File]],
    key: str,
    schemas: dict[str, pa.Schema],
    schema: pa.Schema,
) -> set[str | None]:
    """Find the months in which files that are in the table already have to be written anew."""
    months: set[str | None] = set()
    for source, file in files:
        if source.span is None:
            if not schemas[file.path].equals(schema) or _has_dropped(root, source, file, key):
                months.add(_month(file))
        else:
            for batch in batches(root / file.path, [MONTH]):
                months.update(pc.unique(batch[MONTH]).to_pylist())
    return months


def _has_dropped(root: Path, source: _Source, file: File, key: str) -> bool:
    if not source.dropped:
        return False
    dropped = pa.array(sorted(source.dropped), pa.string())
    return any(
        pc.any(pc.is_in(batch[key], value_set=dropped)).as_py()
        for batch in batches(root / file.path, [key])
    )


def _month(file: File) -> str | None:
    folder = file.path.split("/")[-2]
    month = folder.removeprefix(f"{MONTH}=")
    return month if month != folder and month != _NO_MONTH else None


class _Writer:
    """Writes rows to one file per table and month, staged until they are committed."""

    def __init__(self, folder: Folder, entity: str, sequence: int, partitioned: bool) -> None:
        self._folder = folder
        self._stage = folder.stage(entity, f"merge-{sequence}")
        self._sequence = sequence
        self._partitioned = partitioned
        self.moves: list[tuple[str, str]] = []
        self.files: list[File] = []

    def table(self, name: str, schema: pa.Schema) -> _Writer:
        """Begin a table; the ``with`` block ends it."""
        self._name, self._schema = name, schema
        self._buffers: dict[str | None, list[pa.Table]] = {}
        self._bytes = 0
        self._open: dict[str | None, tuple[pq.ParquetWriter, Path]] = {}
        self._rows: dict[str | None, int] = {}
        self._parts = 0
        return self

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            for month in list(self._buffers):
                self._flush(month)
        for month in list(self._open):
            self._close(month)

    def add(self, rows: pa.Table, month: str | None) -> None:
        """Add rows: of one month, or with a column that says the month of each."""
        if MONTH in rows.column_names:
            months = rows[MONTH] if self._partitioned else pa.nulls(len(rows), pa.string())
            rows = conformed(rows, self._schema)
            there = pc.unique(months).to_pylist()
            for one in there:
                same = pc.is_null(months) if one is None else pc.equal(months, one)
                self._buffer(rows.filter(same) if len(there) > 1 else rows, one)
        else:
            self._buffer(conformed(rows, self._schema), month)

    def empty(self, table: str, record: str) -> None:
        """Write a table without rows, so that its columns are known."""
        rows = to_tables([], table, record)[table].drop_columns([MONTH])
        order = first_columns(table, record)
        with self.table(table, unified([rows.schema], order(table))):
            self._buffers[None] = [conformed(rows, self._schema)]

    def _buffer(self, rows: pa.Table, month: str | None) -> None:
        if not len(rows):
            return
        self._buffers.setdefault(month, []).append(rows)
        self._bytes += rows.nbytes
        if self._bytes > _BUFFER_BYTES:
            for each in list(self._buffers):
                self._flush(each)
            self._bytes = 0

    def _flush(self, month: str | None) -> None:
        rows = pa.concat_tables(self._buffers.pop(month))
        if month not in self._open:
            self._begin(month, rows)
        writer, path = self._open[month]
        writer.write_table(rows)
        self._rows[month] = self._rows.get(month, 0) + len(rows)
        if path.stat().st_size > _FILE_BYTES:
            self._close(month)

    def _begin(self, month: str | None, rows: pa.Table) -> None:
        """Begin a file, of which these are the first rows."""
        self._parts += 1
        path = self._stage / f"{self._name}-{self._parts}.parquet"
        writer = pq.ParquetWriter(path, self._schema, compression=_compression(rows))
        self._open[month] = writer, path

    def _close(self, month: str | None) -> None:
        writer, path = self._open.pop(month)
        writer.close()
        at = f"{self._name}/"
        if self._partitioned:
            at += f"{MONTH}={month or _NO_MONTH}/"
        at += f"{self._sequence:06}-{path.stem.rpartition('-')[2]}.parquet"
        self.moves.append((self._folder.relative(path), at))
        self.files.append(File(self._name, at, self._rows.pop(month, 0)))


def _compression(rows: pa.Table) -> dict[str, str]:
    """Say how each column is compressed that is worth it, by its path in Parquet."""
    worth = [
        field
        for field, column in zip(rows.schema, rows.columns, strict=True)
        if column.null_count < len(column) and column.nbytes >= _WORTH_COMPRESSING
    ]
    return {f"{f.name}.list.element" if pa.types.is_list(f.type) else f.name: "zstd" for f in worth}
