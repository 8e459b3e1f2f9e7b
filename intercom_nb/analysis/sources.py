"""Sources of rows: pandas, Dask, DuckDB or an extracted dataset, behind one protocol.

A metric reads the few columns that it needs, part by part, so a source wider and larger than memory
is read without ever loading its message bodies: some ten bytes a column and row stay in memory.
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
        """Names of the columns."""

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield these columns of all rows, in parts."""


def as_table(source: Any, name: str = "conversations") -> Table:
    """Return the table behind a DataFrame, a Dask frame, a DuckDB relation or a dataset.

    ``name`` is the table of a dataset. Raises InvalidParameterError for any other source.
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
        f"A {type(source).__name__} is not a table. Pass a DataFrame from c.conversations.list() "
        "or search(), a Dask DataFrame, a DuckDB relation or an extracted dataset."
    )


class PandasTable:
    """A DataFrame in memory."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""
        return list(self._frame.columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield these columns of all rows, in one part."""
        yield self._frame[list(columns)]


class DaskTable:
    """A Dask DataFrame: only the requested columns are computed, one partition at a time."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""
        return list(self._frame.columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield these columns of all rows, partition by partition."""
        narrow = self._frame[list(columns)]
        for number in range(narrow.npartitions):
            yield narrow.partitions[number].compute()


class DuckTable:
    """A DuckDB relation: DuckDB projects the columns and streams the rows in batches."""

    def __init__(self, relation: Any) -> None:
        self._relation = relation

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""
        return list(self._relation.columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield these columns of all rows, in batches."""
        import pyarrow as pa

        quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
        batches = pa.RecordBatchReader.from_stream(self._relation.project(quoted))
        for batch in batches:
            yield batch.to_pandas()


class DatasetTable:
    """A table of an extracted dataset: only the requested columns are read from its files."""

    def __init__(self, dataset: Any, name: str) -> None:
        self._dataset = dataset
        self._name = name

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""
        name = self._name.replace('"', '""')
        query = f'select * from "{name}" limit 0'  # noqa: S608 - quoted
        return list(self._dataset.sql(query).columns)

    def parts(self, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield these columns of all rows, in one part."""
        yield self._dataset.pandas(self._name, columns=list(columns))


def table_of(source: Any, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame | None:
    """Return a child table of a dataset or of a result; None if the source does not have it.

    ``name`` is the list of the conversation, such as ``conversation_parts`` or ``topics``.
    """
    tables = getattr(source, "tables", None)
    if isinstance(tables, list | tuple):
        flat = name.replace(".", "_")
        for table in (flat, f"conversation_{flat}"):
            if table in tables:
                found: pd.DataFrame = source.pandas(table, columns=columns)
                return found
        return None
    info = source.attrs.get("intercom") if isinstance(source, pd.DataFrame) else None
    children = getattr(info, "children", {})
    if name not in children:
        return None
    ids = set(source["id"].dropna()) if "id" in source else None
    table_frame: pd.DataFrame = children[name].frame(ids)
    return table_frame if columns is None else table_frame[list(columns)]
