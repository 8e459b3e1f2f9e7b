"""Parquet file of a table, with compression chosen per column."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ...frames.read.arrow_types import POOL
from .staging import SINK_BYTES

# Columns with fewer bytes stay uncompressed: starting zstd costs more CPU than encoding them.
_MIN_COMPRESSED_BYTES = 1_000
# Rows that show how often the values of a column repeat.
_SAMPLE_ROWS = 500
_MIN_ENCODED_SHARE = 1 / 16


class ParquetPart:
    """A Parquet file that is written in pieces, by one thread at a time."""

    def __init__(self, path: Path, schema: pa.Schema, compression: CompressionChooser) -> None:
        self.path = path
        self._schema = schema
        self._compression = compression
        self._open: tuple[pq.ParquetWriter, pa.NativeFile] | None = None

    @property
    def size(self) -> int:
        """Bytes written so far, while the file is open."""
        return 0 if self._open is None else int(self._open[1].tell())

    def write(self, tables: Sequence[pa.Table], last: bool) -> None:
        """Write rows, if there are any; ``last`` closes the file."""
        if tables:
            rows = pa.concat_tables(tables)
            writer, _ = self._open = self._open or self._create(rows)
            writer.write_table(rows)
        if last and self._open is not None:
            for each in self._open:
                each.close()
            self._open = None

    def _create(self, rows: pa.Table) -> tuple[pq.ParquetWriter, pa.NativeFile]:
        sink = pa.output_stream(self.path, compression=None, buffer_size=SINK_BYTES)
        # Arrow's own copy of the schema adds nothing to Parquet's here, and is a tenth of a small
        # file.
        codecs = self._compression.codecs(rows)
        options = {"store_schema": False, "memory_pool": POOL}
        return pq.ParquetWriter(sink, self._schema, compression=codecs, **options), sink

    def abandon(self) -> None:
        """Close an unfinished file; the earlier error is the one that counts."""
        for each in self._open or ():
            with contextlib.suppress(OSError, pa.ArrowException):
                each.close()


class CompressionChooser:
    """Chooses the columns of a table that are worth compressing.

    Dictionary encoding already shrinks repeated values. The share of bytes that is left after it is
    estimated from the first rows with values, and never below a sixteenth, so that large columns
    are always compressed.
    """

    def __init__(self) -> None:
        self._shares: dict[str, float] = {}

    def codecs(self, rows: pa.Table) -> dict[str, str]:
        """Return the codec of each column to compress, by its path in Parquet."""
        worth = [
            field
            for field, column in zip(rows.schema, rows.columns, strict=True)
            if column.null_count < len(column) and self._is_worth_it(field.name, column)
        ]
        return {
            f"{f.name}.list.element" if pa.types.is_list(f.type) else f.name: "zstd" for f in worth
        }

    def _is_worth_it(self, name: str, column: pa.ChunkedArray) -> bool:
        size = column.nbytes
        if size < _MIN_COMPRESSED_BYTES:
            return False
        if name not in self._shares:
            self._shares[name] = _encoded_share(column)
        return bool(size * self._shares[name] >= _MIN_COMPRESSED_BYTES)


def _encoded_share(column: pa.ChunkedArray) -> float:
    """Estimate the share of a column's bytes after dictionary encoding, from a sample."""
    values = column.slice(0, _SAMPLE_ROWS)
    if pa.types.is_list(column.type):
        values = pc.list_flatten(values)
    values = values.drop_null()
    different = pc.count_distinct(values).as_py() / len(values) if len(values) else 1.0
    return max(float(different), _MIN_ENCODED_SHARE)
