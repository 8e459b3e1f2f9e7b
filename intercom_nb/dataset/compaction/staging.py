"""Data files: Parquet in the tables, Arrow IPC while rows wait for compaction.

A staged file is written once, read two or three times by column, and deleted. Arrow's format takes
a fraction of the CPU that Parquet's encodings take for that.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ...frames.read.arrow_types import POOL
from ..damage import damage_named
from ..state import TableFile

# Rows per batch; the peak memory of a merge grows with it.
BATCH_ROWS = 20_000
# A column of a small file takes some hundred bytes; this buffer writes many of them in one call.
SINK_BYTES = 65_536
_SUFFIX = ".arrow"
# Bytes before the schema in an Arrow file ("ARROW1" and padding; Arrow columnar format, IPC file).
_MAGIC_BYTES = 8


def write_staged(rows: pa.Table, folder: Path, name: str, declared: Collection[str]) -> Path:
    """Write rows to a file that waits for compaction, and return its path.

    A column without a value gets no type here unless it is declared; other files decide it.
    """
    columns = {
        title: pa.nulls(len(rows))
        if column.null_count == len(rows) and title not in declared
        else column
        for title, column in zip(rows.column_names, rows.columns, strict=True)
    }
    typed, path = pa.table(columns), folder / f"{name}{_SUFFIX}"
    # Columns are small, so Arrow's threads would cost more than they save.
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with (
        pa.output_stream(path, compression=None, buffer_size=SINK_BYTES) as sink,
        pa.ipc.new_file(sink, typed.schema, options=options) as file,
    ):
        file.write_table(typed, max_chunksize=BATCH_ROWS)
    return path


class TableFiles:
    """Reader of the data files in a folder.

    Equal schemas are one object: among thousands of files few differ, and one can take 30 kB.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._schemas: dict[Hashable, pa.Schema] = {}

    def schema(self, file: TableFile) -> pa.Schema:
        """Return the columns of a file and their types."""
        path = self._root / file.path
        with damage_named(path):
            if path.suffix != _SUFFIX:
                found = pq.read_schema(path).remove_metadata()
                return self._schemas.setdefault(found, found)
            with pa.OSFile(str(path)) as opened:
                return self._staged_schema(opened)

    def valued_schema(self, file: TableFile) -> pa.Schema:
        """Return the schema of a file with the type null for columns of text without any value.

        Such a column had no type when it was written; later values decide it.
        """
        schema = self.schema(file)
        if file.path.endswith(_SUFFIX):
            return schema
        metadata = pq.read_metadata(self._root / file.path)
        for name in _empty_columns(metadata):
            at = schema.get_field_index(name)
            if at >= 0 and pa.types.is_string(schema.field(at).type):
                schema = schema.set(at, pa.field(name, pa.null()))
        return schema

    def batches(
        self, file: TableFile, columns: Sequence[str] | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a file in batches, with all columns or those of ``columns`` it has."""
        path = self._root / file.path
        with damage_named(path):
            read = self._staged_batches if path.suffix == _SUFFIX else _parquet_batches
            yield from read(path, columns)

    def _staged_batches(
        self, path: Path, columns: Sequence[str] | None
    ) -> Iterator[pa.RecordBatch]:
        with pa.OSFile(str(path)) as opened:
            names = self._staged_schema(opened).names
            fields = [names.index(name) for name in _known(columns, names)]
            options = pa.ipc.IpcReadOptions(included_fields=fields, use_threads=False)
            reader = pa.ipc.open_file(opened, options=options, memory_pool=POOL)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)

    def _staged_schema(self, opened: pa.OSFile) -> pa.Schema:
        opened.seek(_MAGIC_BYTES)
        message = pa.ipc.read_message(opened)
        key = message.metadata.to_pybytes()
        if key not in self._schemas:
            self._schemas[key] = pa.ipc.read_schema(message)
        return self._schemas[key]


def _parquet_batches(path: Path, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    parquet = pq.ParquetFile(path)
    wanted = _known(columns, parquet.schema_arrow.names)
    yield from parquet.iter_batches(BATCH_ROWS, columns=wanted)


def _empty_columns(metadata: pq.FileMetaData) -> list[str]:
    """Return the columns that hold no value, by the statistics of a Parquet file."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return [
        metadata.schema.column(at).path
        for at in range(metadata.num_columns)
        if all(_is_empty(group.column(at).statistics, group.num_rows) for group in groups)
    ]


def _is_empty(statistics: Any, rows: int) -> bool:
    return bool(statistics and statistics.has_null_count and statistics.null_count == rows)


def _known(columns: Sequence[str] | None, names: Sequence[str]) -> list[str]:
    return [name for name in names if columns is None or name in columns]
