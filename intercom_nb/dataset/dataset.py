"""A dataset: tables as Parquet files, for SQL, pandas, Arrow, Polars and Dask."""

from __future__ import annotations

import dataclasses
import html
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import (
    DatasetError,
    InvalidParameterError,
    UnknownNameError,
    UnsupportedError,
    did_you_mean,
)
from ..frames.read.columns import STRING
from .filters import expression
from .schema import MONTH
from .store import File, Folder

if TYPE_CHECKING:
    import dask.dataframe as dd
    import polars as pl

_DTYPES: dict[pa.DataType, Any] = {
    pa.int64(): pd.Int64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(na_value=float("nan")) if STRING == "str" else pd.StringDtype(),
}


class Dataset:
    """The tables that were extracted into a folder.

    >>> ds = open_dataset("acme/")  # doctest: +SKIP
    >>> ds.sql("select state, count(*) as n from conversations group by state")  # doctest: +SKIP
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._folder = Folder(path)
        if not self._folder.exists():
            raise DatasetError(f"There is no dataset in {os.fspath(path)}: extract one first.")

    @property
    def path(self) -> Path:
        """The folder."""
        return self._folder.path

    def __repr__(self) -> str:
        rows = ", ".join(f"{t} {self._rows(f):,}" for t, f in self._files().items())
        return f"<Dataset {self.path}: {rows or 'nothing yet'}>"

    @property
    def tables(self) -> list[str]:
        """The names of the tables."""
        return list(self._files())

    @property
    def audit(self) -> pd.DataFrame:
        """What was counted and what arrived, one row per slice.

        ``state``: complete, differs (after reading again; look at counted and arrived), or not
        counted (the API does not say how many there are). ``gone`` were deleted before their
        parts could be read, ``deleted`` were taken out later, because the API's list of deletions
        names them, ``cut_parts`` have more parts than the API gives (500).
        """
        rows = []
        for entity in self._folder.entities():
            for one in self._folder.state(entity).slices.values():
                row = {
                    "entity": entity,
                    "start": pd.Timestamp(one.span.start, unit="s", tz="UTC"),
                    "end": pd.Timestamp(one.span.end, unit="s", tz="UTC"),
                    "suffix": one.span.suffix,
                }
                for name in _AUDITED:
                    row[name] = getattr(one, name)
                row["read_at"] = pd.Timestamp(one.read_at, unit="s", tz="UTC").floor("s")
                rows.append(row)
        columns = ["entity", "start", "end", "suffix", *_AUDITED, "read_at"]
        frame = pd.DataFrame(rows, columns=columns).astype({"counted": "Int64"})
        return frame.sort_values(["entity", "start", "suffix"], ignore_index=True)

    def pandas(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Give a table as a DataFrame, with the dtypes of a result.

        ``where`` takes filters like a search: ``{"state": "open", "id__in": [1, 2]}``, with the
        operators ``eq ne gt gte lt lte in nin contains startswith endswith``; None is "missing".

        >>> open_dataset("acme/").pandas("conversations", ["id", "state"])  # doctest: +SKIP
        """
        return to_pandas(self.arrow(table, columns, where))

    def arrow(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> pa.Table:
        """Give a table as a ``pyarrow.Table``; see ``pandas`` for the arguments."""
        import pyarrow.dataset as pads

        files = self._paths(table)
        schema = pq.read_schema(files[0]).remove_metadata()
        _check_columns(table, columns or (), schema.names)
        chosen = pads.dataset(files, schema=schema, format="parquet")
        return chosen.to_table(
            columns=list(columns) if columns is not None else None,
            filter=expression(table, schema, where or {}),
        )

    def polars(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> pl.DataFrame:
        """Give a table as a Polars DataFrame (to be installed); arguments as of ``pandas``.

        >>> open_dataset("acme/").polars("tags")  # doctest: +SKIP
        """
        polars = _needed("polars", "polars")
        frame: pl.DataFrame = polars.from_arrow(self.arrow(table, columns, where))
        return frame

    def dask(self, table: str, columns: Sequence[str] | None = None) -> dd.DataFrame:
        """Give a table as a Dask DataFrame, one partition or more per file (extra: ``dask``).

        >>> open_dataset("acme/").dask("conversations").state.value_counts()  # doctest: +SKIP
        """
        dask = _needed("dask.dataframe", "intercom-nb[dask]")
        paths = self._paths(table)
        chosen = list(columns) if columns is not None else None
        empty = pq.read_schema(paths[0]).empty_table()
        _check_columns(table, chosen or (), empty.schema.names)
        meta = to_pandas(empty if chosen is None else empty.select(chosen))
        groups = [(str(p), g) for p in paths for g in range(pq.ParquetFile(p).num_row_groups)]
        # Dask would turn every column of lists into text.
        with _needed("dask", "intercom-nb[dask]").config.set({"dataframe.convert-string": False}):
            frame: dd.DataFrame = dask.from_map(_row_group, groups, columns=chosen, meta=meta)
        return frame

    def sql(self, query: str, params: Any = None) -> pd.DataFrame:
        """Run SQL (DuckDB) over the tables, and give a DataFrame.

        Every table is a view of its name; names with dots are written in double quotes. One
        SELECT is run, which can read the files of the tables and nothing else: not of the machine,
        not of the network, no variables. Raises InvalidParameterError for everything else.

        >>> open_dataset("acme/").sql("select count(*) from conversations")  # doctest: +SKIP
        """
        duckdb = _needed("duckdb", "intercom-nb[data]")
        with duckdb.connect(":memory:") as connection:
            self._show_tables_only(connection)
            try:
                kinds = [statement.type for statement in connection.extract_statements(query)]
                # Anything else can write: a COPY to one of the tables' own files would be allowed.
                if kinds != [duckdb.StatementType.SELECT]:
                    raise InvalidParameterError("SQL: give one query, a SELECT, and nothing else.")
                table = _answer(connection, query, params)
            except duckdb.Error as error:
                unknown = isinstance(error, duckdb.CatalogException) and "Table with" in str(error)
                hint = f"\nThe tables are: {', '.join(self.tables)}." if unknown else ""
                raise InvalidParameterError(f"SQL: {error}{hint}") from None
        return to_pandas(_plain(table))

    def _show_tables_only(self, connection: Any) -> None:
        """Make the views of a DuckDB connection, and shut it off from all else."""
        allowed = []
        for table in self.tables:
            files = [_quoted(path.resolve()) for path in self._paths(table)]
            name = table.replace('"', '""')
            try:
                connection.execute(
                    f'create view "{name}" as select * from '  # noqa: S608 - quoted
                    f"read_parquet([{', '.join(files)}], hive_partitioning = false)"
                )
            except _needed("duckdb", "intercom-nb[data]").Error as error:
                # Damaged, or a name that another table has in other letters of case.
                raise DatasetError(f"{self.path}: SQL cannot read {table!r}: {error}") from None
            allowed += files
        connection.execute(f"set allowed_paths = [{', '.join(allowed)}]")
        connection.execute("set enable_external_access = false")
        connection.execute("set python_enable_replacements = false")
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("set lock_configuration = true")

    def describe(self) -> Description:
        """Say what there is: tables, rows, bytes, time span, columns."""
        rows, columns = [], {}
        for table, files in self._files().items():
            paths = [self.path / f.path for f in files]
            columns[table] = pq.read_schema(paths[0]).names
            first, last = _time_span(paths)
            rows.append(
                {
                    "table": table,
                    "rows": self._rows(files),
                    "bytes": sum(p.stat().st_size for p in paths),
                    "files": len(files),
                    "columns": len(columns[table]),
                    "first": first,
                    "last": last,
                }
            )
        names = ["table", "rows", "bytes", "files", "columns", "first", "last"]
        return Description(str(self.path), pd.DataFrame(rows, columns=names), columns)

    def _files(self) -> dict[str, list[File]]:
        tables: dict[str, list[File]] = {}
        for entity in self._folder.entities():
            for file in self._folder.state(entity).files:
                tables.setdefault(file.table, []).append(file)
        return tables

    def _paths(self, table: str) -> list[Path]:
        files = self._files()
        if table not in files:
            unfinished = [e for e in self._folder.entities() if e not in files]
            hint = (
                f" The extraction of {', '.join(unfinished)} is not finished: run it again."
                if unfinished
                else ""
            )
            raise UnknownNameError(
                f"The dataset has no table {table!r}.{did_you_mean(table, files)}{hint}"
            )
        return [self.path / f.path for f in files[table]]

    @staticmethod
    def _rows(files: Sequence[File]) -> int:
        return sum(f.rows for f in files)


_AUDITED = (
    "counted", "arrived", "kept", "gone", "deleted", "cut_parts", "requests", "attempts", "state",
)  # fmt: skip


def open_dataset(path: str | os.PathLike[str]) -> Dataset:
    """Open the dataset in a folder; raises DatasetError when there is none that can be read."""
    return Dataset(path)


@dataclasses.dataclass(frozen=True)
class Description:
    """What a dataset holds; ``frame`` has one row per table, ``columns`` the names in each."""

    path: str
    frame: pd.DataFrame
    columns: Mapping[str, list[str]]

    def __repr__(self) -> str:
        return f"{self.path}\n{self._shown().to_string(index=False)}"

    def _repr_html_(self) -> str:
        rows = self._shown()
        left = " style='text-align:left'"
        head = "".join(
            f"<th{left if i == 0 else ''}>{html.escape(c)}</th>" for i, c in enumerate(rows.columns)
        )
        body = "".join(
            f"<tr><td{left}>{_with_columns(row[0], self.columns.get(row[0], []))}</td>"
            + "".join(f"<td>{html.escape(str(value))}</td>" for value in row[1:])
            + "</tr>"
            for row in rows.itertuples(index=False)
        )
        total = f"{self.frame['rows'].sum():,} rows, {_size(int(self.frame['bytes'].sum()))}"
        caption = f"<caption{left}><b>{html.escape(self.path)}</b>: {total}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _shown(self) -> pd.DataFrame:
        return self.frame.assign(
            rows=self.frame["rows"].map("{:,}".format),
            bytes=self.frame["bytes"].map(_size),
            first=self.frame["first"].map(_day),
            last=self.frame["last"].map(_day),
        )


def to_pandas(table: pa.Table) -> pd.DataFrame:
    """Give an Arrow table as a DataFrame with the dtypes of a result."""
    frame: pd.DataFrame = table.to_pandas(types_mapper=_DTYPES.get, ignore_metadata=True)
    times = {f.name: "datetime64[s, UTC]" for f in table.schema if pa.types.is_timestamp(f.type)}
    return frame.astype(times)


def _answer(connection: Any, query: str, params: Any) -> pa.Table:
    """Run a query on a thread: on this one, an interrupt may wait until the query is done."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(lambda: connection.sql(query, params=params).to_arrow_table())
        try:
            return answer.result()
        except KeyboardInterrupt:
            while not answer.done():
                connection.interrupt()  # does nothing before the query has begun
                wait([answer], timeout=0.05)
            raise


def _plain(table: pa.Table) -> pa.Table:
    """Give what DuckDB answers the types that a dataset has."""
    narrow = {pa.int32(), pa.int16(), pa.int8(), pa.uint64(), pa.uint32()}
    fields = []
    for field in table.schema:
        kind = field.type
        if kind in narrow:
            kind = pa.int64()
        elif pa.types.is_decimal(kind):
            kind = pa.float64()
        elif pa.types.is_timestamp(kind) and kind.tz is not None:
            kind = pa.timestamp("ms", tz="UTC")
        fields.append(pa.field(field.name, kind))
    return table.cast(pa.schema(fields), safe=False)


def _row_group(group: tuple[str, int], columns: list[str] | None = None) -> pd.DataFrame:
    path, number = group
    return to_pandas(pq.ParquetFile(path).read_row_group(number, columns=columns))


def _check_columns(table: str, columns: Sequence[str], known: Sequence[str]) -> None:
    for name in columns:
        if name not in known:
            raise UnknownNameError(f"{table} has no column {name!r}.{did_you_mean(name, known)}")


def _time_span(paths: Sequence[Path]) -> tuple[Any, Any]:
    """Read the first and last creation from the files' statistics; NaT where there are none."""
    ends = []
    for path in paths:
        parquet = pq.ParquetFile(path)
        if "created_at" not in parquet.schema_arrow.names:
            return pd.NaT, pd.NaT
        at = parquet.schema_arrow.names.index("created_at")
        for group in range(parquet.num_row_groups):
            # Columns of lists are one leaf each, so places are the same in both schemas.
            known = parquet.metadata.row_group(group).column(at).statistics
            if known is not None and known.has_min_max:
                ends += [pd.Timestamp(known.min), pd.Timestamp(known.max)]
    return (min(ends), max(ends)) if ends else (pd.NaT, pd.NaT)


def _with_columns(table: str, columns: Sequence[str]) -> str:
    names = "<br>".join(html.escape(name) for name in columns)
    return f"<details><summary>{html.escape(table)}</summary><code>{names}</code></details>"


def _quoted(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _day(at: Any) -> str:
    return "" if pd.isna(at) else at.strftime("%Y-%m-%d")


def _needed(module: str, package: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise UnsupportedError(f"This needs {module}: pip install '{package}'.") from None


__all__ = ["MONTH", "Dataset", "Description", "open_dataset", "to_pandas"]
