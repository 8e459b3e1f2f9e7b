"""SQL over the tables of a dataset: one SELECT in a sandboxed DuckDB."""

from __future__ import annotations

import contextvars
import dataclasses
import difflib
import itertools
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DatasetError, InvalidParameterError
from ..runtime.thread_pools import thread_pool
from ..runtime.waiting import stop_requested
from .damage import damage_named, find_damage
from .requirements import require
from .schema import to_pandas

Views = Callable[[Mapping[str, Mapping[str, str]]], Mapping[str, str]]
"""From the columns of each table to the SELECT of further views."""


@dataclasses.dataclass(frozen=True)
class QueryLimits:
    """Bounds of a query that an agent wrote."""

    max_rows: int
    max_bytes: int


query_limits: contextvars.ContextVar[QueryLimits | None] = contextvars.ContextVar(
    "query_limits", default=None
)
"""Limits of the queries of this context."""


def run_sql(
    tables: Mapping[str, Sequence[Path]],
    query: str,
    params: Any = None,
    frames: Mapping[str, pd.DataFrame] | None = None,
    views: Views | None = None,
) -> pd.DataFrame:
    """Run one SELECT over Parquet files and DataFrames.

    ``tables`` maps the name of each view to its files, ``frames`` maps the name of each view to a
    DataFrame, ``views`` returns further views; nothing else can be read. Returns a DataFrame with
    the dtypes of a dataset.

    Raises InvalidParameterError if the query is not one valid SELECT, DatasetError if a table
    cannot be read.
    """
    with _connected(tables, frames or {}, views) as connection:
        table = _execute(connection, query, params)
    return to_pandas(_normalize(table), whole_seconds=False)


def check_query(query: Any, params: Any = None) -> None:
    """Raise InvalidParameterError unless the query is text and the parameters a list or dict."""
    if not isinstance(query, str):
        raise InvalidParameterError(f"SQL: the query must be text, not {query!r}.")
    if any("\ud800" <= character <= "\udfff" for character in query):
        raise InvalidParameterError("SQL: the query has half of a surrogate pair.")
    if isinstance(params, (str, bytes)) or not isinstance(params, Collection | None):
        raise InvalidParameterError(
            f"SQL: params must be a list (for ?) or a dict (for $name), not {params!r}."
        )


def write_sql(tables: Mapping[str, Sequence[Path]], query: str, file: Path, views: Views) -> None:
    """Write the rows of a SELECT to a Parquet file, batch by batch; errors as in ``run_sql``."""
    with _connected(tables, {}, views) as connection:
        batches = pa.RecordBatchReader.from_stream(connection.sql(query))
        with pq.ParquetWriter(file, batches.schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch)


@contextmanager
def _connected(
    tables: Mapping[str, Sequence[Path]],
    frames: Mapping[str, pd.DataFrame],
    views: Views | None,
) -> Iterator[Any]:
    """Open a sandboxed connection with these views, and translate its errors."""
    duckdb = require("duckdb", "intercom-nb[data]")
    with duckdb.connect(":memory:") as connection:
        _check_names(tables, frames)
        if limits := query_limits.get():
            connection.execute(f"set memory_limit = '{10 * limits.max_bytes // 1_000_000}MB'")
        for name, frame in frames.items():
            connection.register(name, frame)
        renamed = _create_views(connection, tables)
        try:
            for name, select in (views(renamed) if views else {}).items():
                connection.execute(f"create view {_identifier(name)} as {select}")
            yield connection
        except duckdb.Error as error:
            # For some damaged pages DuckDB raises its base class, without a file name.
            is_of_file = type(error) is duckdb.Error or ".parquet" in str(error)
            if is_of_file and (damaged := find_damage(tables)):
                raise damaged from error
            unknown = isinstance(error, duckdb.CatalogException) and "Table with" in str(error)
            hint = f"\nTables: {', '.join([*renamed, *frames])}." if unknown else ""
            if isinstance(error, duckdb.BinderException):
                hint = _describe_renamed(renamed, str(error))
                hint += _near_attribute(renamed, str(error))
            raise InvalidParameterError(f"SQL: {error}{hint}") from None


def unique_names(names: Iterable[str]) -> dict[str, str]:
    """Map names to names that differ in SQL, which ignores the case of ASCII letters.

    Names that differ by case only all get a number, so that none stands for another silently.

    >>> unique_names(["id", "Depot", "depot"])
    {'id': 'id', 'Depot': 'Depot_1', 'depot': 'depot_2'}
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(_fold(name), []).append(name)
    found = {group[0]: group[0] for group in groups.values() if len(group) == 1}
    taken = set(groups)
    for group in (g for g in groups.values() if len(g) > 1):
        numbers = itertools.count(1)
        for name in group:
            found[name] = next(n for i in numbers if _fold(n := f"{name}_{i}") not in taken)
            taken.add(_fold(found[name]))
    return {name: found[name] for group in groups.values() for name in group}


def _fold(name: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in name)


def _create_views(
    connection: Any, tables: Mapping[str, Sequence[Path]]
) -> dict[str, dict[str, str]]:
    """Create a view for each table, then close the connection to everything else.

    Returns the views with the SQL name of each column.
    """
    allowed: list[str] = []
    columns: dict[str, dict[str, str]] = {}
    for table, view in unique_names(tables).items():
        paths = [path.resolve() for path in tables[table]]
        with damage_named(paths[0]):
            columns[view] = unique_names(pq.read_schema(paths[0]).names)
        patterns = [_literal(_escape_glob(str(path))) for path in paths]
        names = ", ".join(map(_identifier, columns[view].values()))
        try:
            connection.execute(
                f"create view {_identifier(view)} as select * from "  # noqa: S608 - quoted
                f"read_parquet([{', '.join(patterns)}], hive_partitioning = false) as t({names})"
            )
        except require("duckdb", "intercom-nb[data]").Error as error:
            if damaged := find_damage({table: paths}):
                raise damaged from None
            raise DatasetError(f"SQL cannot read the table {table!r}: {error}") from None
        # DuckDB compares both: the pattern when it looks for files, the path when it opens one.
        allowed += {*patterns, *(_literal(str(path)) for path in paths)}
    connection.execute(f"set allowed_paths = [{', '.join(allowed)}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set python_enable_replacements = false")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set lock_configuration = true")
    return columns


def _describe_renamed(columns: Mapping[str, Mapping[str, str]], error: str) -> str:
    """Name the columns that an unknown name may mean, if SQL cannot tell their names apart."""
    renamed = {
        name: sql
        for of_view in columns.values()
        for name, sql in of_view.items()
        if name != sql and name.lower() in error.lower()
    }
    pairs = ", ".join(f"{_identifier(sql)} for {name}" for name, sql in renamed.items())
    return f"\nSQL ignores case, so these columns have other names: {pairs}." if pairs else ""


def _near_attribute(columns: Mapping[str, Mapping[str, str]], error: str) -> str:
    """Name the attribute that an unknown column may mean: DuckDB compares whole names only."""
    missing = re.search(r'column (?:named )?"([^"]+)"|Referenced table "\w+_attributes"', error)
    tails = {sql.partition(".")[2]: sql for view in columns.values() for sql in view.values()}
    if missing is None:
        return ""
    if missing[1] is None:  # select custom_attributes.plan
        return '\nQuote names with dots, such as "custom_attributes.plan".'
    near = difflib.get_close_matches(missing[1].rpartition(".")[2], tails, n=1)
    names = [_identifier(tails[tail]) for tail in near]
    return f"\nDid you mean {names[0]}?" if names and names[0] not in error else ""


def _check_names(tables: Mapping[str, Any], frames: Mapping[str, pd.DataFrame]) -> None:
    """Raise InvalidParameterError for a frame that is none, or has the name of a table."""
    taken = {name.casefold() for name in tables}
    for name, frame in frames.items():
        if not isinstance(frame, pd.DataFrame):
            raise InvalidParameterError(
                f"SQL: {name} must be a DataFrame, not {type(frame).__name__}."
            )
        if name.casefold() in taken:
            raise InvalidParameterError(f"SQL: the dataset already has a table {name!r}.")


def _execute(connection: Any, query: str, params: Any) -> pa.Table:
    """Run one SELECT in a thread; in this one, an interrupt could wait until the query ends."""
    select = require("duckdb", "intercom-nb[data]").StatementType.SELECT
    # Anything else can write: a COPY to one of the tables' own files would be allowed.
    if [statement.type for statement in connection.extract_statements(query)] != [select]:
        raise InvalidParameterError("SQL: write exactly one SELECT statement.")
    limits = query_limits.get()
    with thread_pool(1, "intercom-nb-sql") as pool:
        result = pool.submit(lambda: _fetch(connection.sql(query, params=params), limits))
        stop = stop_requested.get() or threading.Event()
        try:
            while not stop.is_set():
                if wait([result], timeout=0.1).done:
                    return result.result()
            raise InvalidParameterError("SQL: the query was stopped.")
        finally:
            while not result.done():  # stopped, or a KeyboardInterrupt
                connection.interrupt()  # has no effect before the query has started
                wait([result], timeout=0.05)


def _fetch(relation: Any, limits: QueryLimits | None) -> pa.Table:
    """Return all rows; raise InvalidParameterError when there are more than the limits allow."""
    if limits is None:
        return relation.to_arrow_table()
    reader = pa.RecordBatchReader.from_stream(relation)
    batches: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in reader:
        rows, size = rows + len(batch), size + batch.nbytes
        if rows > limits.max_rows or size > limits.max_bytes:
            raise InvalidParameterError(
                f"SQL: the result is larger than {limits.max_rows:,} rows or "
                f"{limits.max_bytes / 1e6:,.0f} MB. Aggregate, or add a limit."
            )
        batches.append(batch)
    return pa.Table.from_batches(batches, reader.schema)


def _normalize(table: pa.Table) -> pa.Table:
    """Convert DuckDB's types to those of a dataset, and number names that come twice, as in a join.

    DuckDB numbers them in the same way, but only for its own DataFrames: id, id_1.
    """
    columns = [_normalize_column(column) for column in table.columns]
    names: list[str] = []
    for name in table.column_names:
        numbered = (f"{name}_{n}" if n else name for n in itertools.count())
        names.append(next(free for free in numbered if free not in names))
    return pa.Table.from_arrays(columns, names=names)


def _normalize_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        try:
            return column.cast(pa.int64())
        except pa.ArrowInvalid:  # more than 64 bits: exact Python integers or decimals
            return column
    if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("s"))
    if pa.types.is_interval(kind):
        return pa.chunked_array([_to_duration(chunk) for chunk in column.chunks], pa.duration("us"))
    return column


def _to_duration(intervals: pa.Array) -> pa.Array:
    """Convert intervals to durations; a month counts as 30 days, as in DuckDB itself."""
    fields = np.dtype([("months", "<i4"), ("days", "<i4"), ("nanoseconds", "<i8")])
    values = np.frombuffer(intervals.buffers()[1], fields)
    values = values[intervals.offset : intervals.offset + len(intervals)]
    days = values["months"].astype("int64") * 30 + values["days"]
    microseconds = days * 86_400_000_000 + values["nanoseconds"] // 1000
    valid = intervals.is_valid().to_numpy(zero_copy_only=False)
    return pa.array(microseconds, pa.duration("us"), mask=~valid)


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escape_glob(path: str) -> str:
    """Escape the signs of a file pattern: read_parquet takes every path for one."""
    return re.sub(r"([*?\[])", r"[\1]", path)
