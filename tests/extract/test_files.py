"""The files of a table: how they are written."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.parquet as pq

from intercom_nb.extract.folder import Folder
from intercom_nb.extract.merge import _Writer


def test_columns_with_much_in_them_are_compressed_and_small_ones_are_not(tmp_path):
    words = [f"word {number % 7}" for number in range(900)]
    rows = pa.table(
        {
            "source.body": words,
            "tags": [[word] for word in words],
            "nothing": pa.nulls(900, pa.string()),
            "read": [True] * 900,
        }
    )
    writer = _Writer(Folder(tmp_path), "conversations", 1, partitioned=False)
    with writer.table("conversations", rows.schema) as table:
        table.add(rows, None)
    [(staged, _)] = writer.moves
    written = pq.ParquetFile(tmp_path / staged)
    group = written.metadata.row_group(0)
    columns = [group.column(at) for at in range(group.num_columns)]
    assert {c.path_in_schema: c.compression for c in columns} == {
        "source.body": "ZSTD",
        "tags.list.element": "ZSTD",
        "nothing": "UNCOMPRESSED",
        "read": "UNCOMPRESSED",
    }
    assert written.read().equals(rows)
