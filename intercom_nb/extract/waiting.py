"""The files of a table: Parquet once they are in it, Arrow's own format while they wait for that.

What waits is written once and read two or three times, by column, and then is gone: Arrow's format
takes a fraction of the CPU that Parquet's encodings take for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_AT_ONCE = 20_000
_SUFFIX = ".arrow"


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


def schema_of(path: Path) -> pa.Schema:
    """Give the columns of a file and their types."""
    if path.suffix != _SUFFIX:
        return pq.read_schema(path).remove_metadata()
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).schema


def batches(path: Path, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Give the rows of a file bit by bit; those of ``columns`` that it has, all where None."""
    names = schema_of(path).names
    wanted = [c for c in names if columns is None or c in columns]
    if path.suffix != _SUFFIX:
        yield from pq.ParquetFile(path).iter_batches(ROWS_AT_ONCE, columns=wanted)
        return
    options = pa.ipc.IpcReadOptions(included_fields=[names.index(c) for c in wanted])
    with pa.OSFile(str(path)) as file:
        reader = pa.ipc.open_file(file, options=options)
        for number in range(reader.num_record_batches):
            yield reader.get_batch(number)
