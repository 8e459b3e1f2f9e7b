"""SQL over the tables of a dataset: one SELECT in a sandboxed DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ..errors import DatasetError, InvalidParameterError
from .requirements import require
from .schema import to_pandas


def run_sql(tables: Mapping[str, Sequence[Path]], query: str, params: Any = None) -> pd.DataFrame:
    """Run one SELECT over Parquet files, and return the result with the dtypes of a dataset.

    ``tables`` maps the name of each view to its files; nothing else can be read.

    Raises InvalidParameterError if the query is not one valid SELECT, DatasetError if a table
    cannot be read.
    """
    duckdb = require("duckdb", "intercom-nb[data]")
    with duckdb.connect(":memory:") as connection:
        _create_views(connection, tables)
        try:
            kinds = [statement.type for statement in connection.extract_statements(query)]
            # Anything else can write: a COPY to one of the tables' own files would be allowed.
            if kinds != [duckdb.StatementType.SELECT]:
                raise InvalidParameterError("SQL: write exactly one SELECT statement.")
            table = _execute(connection, query, params)
        except duckdb.Error as error:
            unknown = isinstance(error, duckdb.CatalogException) and "Table with" in str(error)
            hint = f"\nTables: {', '.join(tables)}." if unknown else ""
            raise InvalidParameterError(f"SQL: {error}{hint}") from None
    return to_pandas(_normalized(table))


def _create_views(connection: Any, tables: Mapping[str, Sequence[Path]]) -> None:
    """Create a view for each table, then close the connection to everything else."""
    allowed = []
    for table, paths in tables.items():
        files = [_literal(path.resolve()) for path in paths]
        name = table.replace('"', '""')
        try:
            connection.execute(
                f'create view "{name}" as select * from '  # noqa: S608 - quoted
                f"read_parquet([{', '.join(files)}], hive_partitioning = false)"
            )
        except require("duckdb", "intercom-nb[data]").Error as error:
            # Damaged, or a name that differs from another table's by case only.
            raise DatasetError(f"SQL cannot read the table {table!r}: {error}") from None
        allowed += files
    connection.execute(f"set allowed_paths = [{', '.join(allowed)}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set python_enable_replacements = false")
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set lock_configuration = true")


def _execute(connection: Any, query: str, params: Any) -> pa.Table:
    """Run a query in a thread; in this one, an interrupt could wait until the query ends."""
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(lambda: connection.sql(query, params=params).to_arrow_table())
        try:
            return result.result()
        except KeyboardInterrupt:
            while not result.done():
                connection.interrupt()  # has no effect before the query has started
                wait([result], timeout=0.05)
            raise


def _normalized(table: pa.Table) -> pa.Table:
    """Convert DuckDB's types to those of a dataset."""
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


def _literal(path: Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
