"""One Parquet file of a table, and which of its columns are compressed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .staging import POOL

# A column that takes less is not compressed: to begin takes more CPU than all of its encoding.
_WORTH_COMPRESSING = 1_000
_SAMPLE = 500
_LEAST_SHARE = 1 / 16
# Each column of a small file takes some hundred bytes: one call for many of these.
_SINK_BYTES = 65_536


class Part:
    """A file that is written bit by bit, by one thread at a time."""

    def __init__(self, path: Path, schema: pa.Schema, shares: Shares) -> None:
        self.path = path
        self._schema = schema
        self._shares = shares
        self._open: tuple[pq.ParquetWriter, pa.NativeFile] | None = None

    @property
    def size(self) -> int:
        """How many bytes are in the file, while it is open."""
        return 0 if self._open is None else int(self._open[1].tell())

    def write(self, tables: Sequence[pa.Table], last: bool) -> None:
        """Write rows, if there are any, and end the file with the last ones."""
        if tables:
            rows = pa.concat_tables(tables)
            writer, _ = self._open = self._open or self._begin(rows)
            writer.write_table(rows)
        if last and self._open is not None:
            for each in self._open:
                each.close()
            self._open = None

    def _begin(self, rows: pa.Table) -> tuple[pq.ParquetWriter, pa.NativeFile]:
        sink = pa.output_stream(self.path, compression=None, buffer_size=_SINK_BYTES)
        # Arrow's own note of the types says nothing here that Parquet's do not, and is a tenth of
        # a small file.
        codecs = self._shares.compression(rows)
        options = {"store_schema": False, "memory_pool": POOL}
        return pq.ParquetWriter(sink, self._schema, compression=codecs, **options), sink

    def abandon(self) -> None:
        """Close a file that is not ended; what went wrong before is what counts."""
        for each in self._open or ():
            with contextlib.suppress(OSError, pa.ArrowException):
                each.close()


class Shares:
    """What share of its bytes each column of a table takes once it is encoded, about.

    That is known from the first rows with something in them: values that come again take few bytes
    in a dictionary. No less than a sixteenth is assumed, so that much is always compressed.
    """

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def compression(self, rows: pa.Table) -> dict[str, str]:
        """Say how each column is compressed that is worth it, by its path in Parquet."""
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
        if size < _WORTH_COMPRESSING:
            return False
        if name not in self._known:
            self._known[name] = _share(column)
        return bool(size * self._known[name] >= _WORTH_COMPRESSING)


def _share(column: pa.ChunkedArray) -> float:
    values = column.slice(0, _SAMPLE)
    if pa.types.is_list(column.type):
        values = pc.list_flatten(values)
    values = values.drop_null()
    different = pc.count_distinct(values).as_py() / len(values) if len(values) else 1.0
    return max(float(different), _LEAST_SHARE)
