"""The files of a table: Parquet once they are in it, Arrow's own format while they wait for that.

What waits is written once and read two or three times, by column, and then is gone: Arrow's format
takes a fraction of the CPU that Parquet's encodings take for it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..store import File

ROWS_AT_ONCE = 20_000
# Arrow's own pool keeps, for each thread, as much again as is in use; this one gives it back.
POOL = pa.system_memory_pool()
_SUFFIX = ".arrow"
# So many bytes come before the schema in a file of Arrow's format.
_MAGIC = 8


def write_waiting(rows: pa.Table, folder: Path, name: str, declared: Collection[str]) -> Path:
    """Write rows to a file that waits to be merged, and give its path.

    A column without a value has no type here, unless it is declared: that of the others counts.
    """
    for at, column in enumerate(rows.columns):
        title = rows.column_names[at]
        if column.null_count == len(rows) and title not in declared:
            rows = rows.set_column(at, title, pa.nulls(len(rows)))
    path = folder / f"{name}{_SUFFIX}"
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(path, rows.schema, options=options) as file:
        file.write_table(rows, max_chunksize=ROWS_AT_ONCE)
    return path


class Files:
    """Reads the files of tables in a folder.

    Equal schemas are one object: of thousands of files few differ, and one can take 30 kB.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._schemas: dict[Hashable, pa.Schema] = {}

    def schema(self, file: File) -> pa.Schema:
        """Give the columns of a file and their types."""
        path = self._root / file.path
        if path.suffix != _SUFFIX:
            found = pq.read_schema(path).remove_metadata()
            return self._schemas.setdefault(found, found)
        with pa.OSFile(str(path)) as opened:
            return self._waiting_schema(opened)

    def batches(self, file: File, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Give the rows of a file bit by bit; those of ``columns`` that it has, all where None."""
        path = self._root / file.path
        if path.suffix != _SUFFIX:
            parquet = pq.ParquetFile(path)
            wanted = _among(columns, parquet.schema_arrow.names)
            yield from parquet.iter_batches(ROWS_AT_ONCE, columns=wanted)
            return
        with pa.OSFile(str(path)) as opened:
            names = self._waiting_schema(opened).names
            fields = [names.index(name) for name in _among(columns, names)]
            options = pa.ipc.IpcReadOptions(included_fields=fields)
            reader = pa.ipc.open_file(opened, options=options, memory_pool=POOL)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)

    def _waiting_schema(self, opened: pa.OSFile) -> pa.Schema:
        opened.seek(_MAGIC)
        message = pa.ipc.read_message(opened)
        key = message.metadata.to_pybytes()
        if key not in self._schemas:
            self._schemas[key] = pa.ipc.read_schema(message)
        return self._schemas[key]


def _among(columns: Sequence[str] | None, names: Sequence[str]) -> list[str]:
    return [name for name in names if columns is None or name in columns]
