"""Where rows come from: pandas, Dask, DuckDB or an extracted dataset, behind one protocol.

A metric asks for the few columns that it needs. Whatever the source, they arrive here column by
column and part by part, so that a source wider and larger than memory is read without its message
bodies ever being loaded: what stays is some ten bytes a column and row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import pandas as pd

from ..errors import InvalidParameterError


class Table(Protocol):
    """Rows of one table, read part by part."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that there are."""

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give these columns of all rows, in parts."""


def as_table(source: Any, name: str = "conversations") -> Table:
    """Give the table behind a DataFrame, a Dask frame, a DuckDB relation or a dataset.

    ``name`` says which table of a dataset is meant. Raises InvalidParameterError for anything
    else.
    """
    if isinstance(source, pd.DataFrame):
        return PandasTable(source)
    home = type(source).__module__.split(".")[0]
    if home in {"dask", "dask_expr"} and hasattr(source, "map_partitions"):
        return DaskTable(source)
    if home in {"duckdb", "_duckdb"} and hasattr(source, "project"):
        return DuckTable(source)
    if callable(getattr(source, "pandas", None)) and callable(getattr(source, "sql", None)):
        return DatasetTable(source, name)
    raise InvalidParameterError(
        f"A {type(source).__name__} is no table. Give a DataFrame as c.conversations.list() or "
        "search() returns it, a Dask DataFrame, a DuckDB relation or an extracted dataset."
    )


class PandasTable:
    """A DataFrame in memory."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that there are."""
        return list(self._frame.columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give these columns of all rows, in one part."""
        yield self._frame[list(columns)]


class DaskTable:
    """A Dask DataFrame: only the wanted columns are computed, one partition after the other."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that there are."""
        return list(self._frame.columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give these columns of all rows, partition by partition."""
        narrow = self._frame[list(columns)]
        for number in range(narrow.npartitions):
            yield narrow.partitions[number].compute()


class DuckTable:
    """A DuckDB relation: the projection is DuckDB's, the rows stream out in batches."""

    def __init__(self, relation: Any) -> None:
        self._relation = relation

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that there are."""
        return list(self._relation.columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give these columns of all rows, in batches."""
        import pyarrow as pa

        quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
        batches = pa.RecordBatchReader.from_stream(self._relation.project(quoted))
        for batch in batches:
            yield batch.to_pandas()


class DatasetTable:
    """A table of an extracted dataset: only the wanted columns are read from its files."""

    def __init__(self, dataset: Any, name: str) -> None:
        self._dataset = dataset
        self._name = name

    @property
    def columns(self) -> Sequence[str]:
        """The names of the columns that there are."""
        name = self._name.replace('"', '""')
        query = f'select * from "{name}" limit 0'  # noqa: S608 - quoted
        return list(self._dataset.sql(query).columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Give these columns of all rows, in one part."""
        yield self._dataset.pandas(self._name, columns=list(columns))
