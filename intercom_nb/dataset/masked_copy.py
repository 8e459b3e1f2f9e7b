"""Masked copy of a dataset's tables, written batch by batch."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .. import catalog
from ..errors import InvalidParameterError
from ..frames.masking import Masker, not_masked
from .damage import damage_named
from .schema import to_pandas

_ROWS = 20_000  # in memory at once


def write_masked(
    tables: Mapping[str, Sequence[Path]], home: Path, folder: Path, masker: Masker
) -> pd.DataFrame:
    """Write ``<folder>/<table>.parquet`` for each table, replacing files of these names.

    A failure leaves the folder as it was: the files are moved into it when all are written.

    Returns the columns in which a text stayed as it was: table, column. Raises
    InvalidParameterError for a folder inside the dataset itself.
    """
    if folder.resolve().is_relative_to(home.resolve()):
        raise InvalidParameterError(f"{folder} is inside the dataset. Use a folder outside.")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # Inside the folder, since a move between file systems could fail in the middle.
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as unfinished:
            left = _write_all(tables, Path(unfinished), masker)
            for file in Path(unfinished).iterdir():
                file.replace(folder / file.name)
    except BaseException:
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return pd.DataFrame(left, columns=["table", "column"], dtype=str)


def _write_all(
    tables: Mapping[str, Sequence[Path]], folder: Path, masker: Masker
) -> list[tuple[str, str]]:
    return [
        (table, column)
        for table, files in tables.items()
        for column in _write(table, files, folder / f"{table}.parquet", masker)
    ]


def _write(table: str, files: Sequence[Path], file: Path, masker: Masker) -> list[str]:
    """Write a masked table and return its columns in which a text stayed as it was."""
    # Rows of a child table are of unknown kind, whose names count as personal.
    entities = catalog.entities()
    record = entities[table].singular if table in entities else None
    with damage_named(files[0]):
        schema = pq.read_schema(files[0]).remove_metadata()
    left: set[str] = set()
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for part in _parts(files):
            plain = to_pandas(part)
            masked = masker.frame(plain, record)
            left |= set(not_masked(plain, masked))
            writer.write_table(pa.Table.from_pandas(masked, schema=schema, preserve_index=False))
    return [name for name in schema.names if name in left]


def _parts(files: Sequence[Path]) -> Iterator[pa.Table]:
    for path in files:
        with damage_named(path):
            for batch in pq.ParquetFile(path).iter_batches(_ROWS):
                yield pa.Table.from_batches([batch])
