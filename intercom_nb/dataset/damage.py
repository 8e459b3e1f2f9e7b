"""Damaged and missing data files: which one, and how to heal it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DatasetError

# What Arrow raises for a file that is missing, cut or damaged.
_READ_ERRORS = (OSError, pa.ArrowException)


class DamagedFileError(DatasetError):
    """A data file of a dataset is missing, cut or damaged."""

    def __init__(self, path: Path, cause: BaseException) -> None:
        reason = "is missing" if isinstance(cause, FileNotFoundError) else "is damaged"
        detail = str(cause).splitlines()[0] if str(cause) else type(cause).__name__
        remedy = "" if isinstance(cause, FileNotFoundError) else "Delete the file. "
        super().__init__(
            f"{path} {reason} ({detail}). {remedy}Run extract() with the same folder and options: "
            "it reads the records of that file again."
        )
        self.path = path


@contextlib.contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Raise DamagedFileError in place of what reading the file raises."""
    try:
        yield
    except _READ_ERRORS as error:
        raise DamagedFileError(path, error) from error


@contextlib.contextmanager
def damage_located(paths: Sequence[Path]) -> Iterator[None]:
    """Raise DamagedFileError, naming the file, if an error comes from one of several files."""
    try:
        yield
    except _READ_ERRORS as error:
        if damaged := find_damage({"": paths}):
            raise damaged from error
        raise


def find_damage(tables: Mapping[str, Sequence[Path]]) -> DamagedFileError | None:
    """Read files to their end, and return the error of the first one that cannot be read."""
    for paths in tables.values():
        for path in paths:
            try:
                check_file(path, whole=True)
            except DamagedFileError as error:
                return error
    return None


def check_file(path: Path, *, whole: bool) -> None:
    """Read a Parquet file's footer, or all of it; raises DamagedFileError if that fails."""
    with damage_named(path), pq.ParquetFile(path) as parquet:
        if whole:
            for _ in parquet.iter_batches():
                pass
