"""Dataset: tables as Parquet files, for SQL, pandas, Arrow, Polars and Dask."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ..errors import DatasetError, InvalidParameterError, UnknownNameError, did_you_mean
from ..frames.masking import Masker
from .coverage import covered_intervals
from .damage import damage_located, damage_named
from .filters import build_expression
from .masked_copy import write_masked
from .models.end_models import EndModels, model_views
from .overview import DatasetDescription, describe
from .requirements import require
from .schema import to_pandas
from .sql import check_query, run_sql, write_sql
from .state import TableFile
from .store import DatasetFolder

if TYPE_CHECKING:
    import dask.dataframe as dd
    import polars as pl

_AUDIT_COUNTS = (
    "counted", "arrived", "kept", "gone", "deleted", "cut_parts", "skipped", "repaired", "requests",
    "attempts",
)  # fmt: skip


def open_dataset(path: str | os.PathLike[str]) -> Dataset:
    """Open the dataset in a folder; raises DatasetError if there is none that can be read.

    >>> open_dataset("acme/").tables  # doctest: +SKIP
    """
    return Dataset(path)


class Dataset:
    """Tables that were extracted into a folder.

    >>> ds = open_dataset("acme/")  # doctest: +SKIP
    >>> ds.sql("select state, count(*) as n from conversations group by state")  # doctest: +SKIP
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._folder = DatasetFolder(path)
        if not self._folder.exists():
            raise DatasetError(f"No dataset found in {os.fspath(path)}. Create one with extract().")

    @property
    def path(self) -> Path:
        """The folder of the dataset."""
        return self._folder.path

    def __repr__(self) -> str:
        rows = ", ".join(f"{t} {sum(f.rows for f in fs):,}" for t, fs in self._files().items())
        return f"<Dataset {self.path}: {rows or 'no tables yet'}>"

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return list(self._files())

    @property
    def audit(self) -> pd.DataFrame:
        """Counts of what the API reported and what arrived, one row per slice.

        ``state`` is complete, differs (still different after reading again; compare counted and
        arrived) or not counted (the API does not report how many there are). ``gone`` records
        were deleted before their parts could be read, ``deleted`` ones were removed later because
        the API's list of deletions names them, ``cut_parts`` have more parts than the API returns
        (500), ``skipped`` were entries without a record, such as null,
        ``repaired`` halves of surrogate pairs that became U+FFFD. ``problems`` maps ids of
        records that could not be fetched to the reason ("gone", "403 forbidden").
        ``odd_values`` maps ``table.column`` to the number of list entries that were left out
        (null, empty, not an object) and of values that did not fit their declared type.

        >>> ds.audit.query("state != 'complete'")  # doctest: +SKIP
        """
        rows: list[dict[str, Any]] = []
        for entity in self._folder.entities():
            for one in self._folder.state(entity).slices.values():
                row = {
                    "entity": entity,
                    "start": pd.Timestamp(one.interval.start, unit="s", tz="UTC"),
                    "end": pd.Timestamp(one.interval.end, unit="s", tz="UTC"),
                    "suffix": one.interval.suffix,
                }
                row |= {name: getattr(one, name) for name in _AUDIT_COUNTS}
                row["state"] = one.status
                row["read_at"] = pd.Timestamp(one.read_at, unit="s", tz="UTC").floor("s")
                row["problems"] = dict(one.problems)
                row["odd_values"] = dict(one.odd_values)
                rows.append(row)
        columns = [
            "entity",
            "start",
            "end",
            "suffix",
            *_AUDIT_COUNTS,
            "state",
            "read_at",
            "problems",
            "odd_values",
        ]
        frame = pd.DataFrame(rows, columns=columns).astype({"counted": "Int64"})
        return frame.sort_values(["entity", "start", "suffix"], ignore_index=True)

    @property
    def problems(self) -> pd.DataFrame:
        """Records that could not be fetched by id (``entity``, ``id``, ``problem``).

        Those that are "gone" have no row, although searches still find them. The others have the
        row that a search returned, without parts, or their row of an earlier run. Each run
        requests them again.

        >>> ds.problems["problem"].value_counts()  # doctest: +SKIP
        """
        rows = [
            (entity, key, problem)
            for entity in self._folder.entities()
            for key, problem in sorted(self._folder.state(entity).all_problems().items())
        ]
        return pd.DataFrame(rows, columns=["entity", "id", "problem"], dtype=str)

    @property
    def coverage(self) -> pd.DataFrame:
        """The time for which each entity is complete, one row per entity.

        ``since`` and ``until`` bound the creation of its records: the latest range without a gap
        (NaT in ``since`` means from the beginning; both are NaT for lists of everything).
        ``read_at`` is the time up to which changes are included, NaT before the first run ends.
        ``where`` is the filter as JSON, "{}" if all records were requested.

        >>> ds.coverage.set_index("entity")["since"]  # doctest: +SKIP
        """
        rows = []
        for entity in self._folder.entities():
            state = self._folder.state(entity)
            covered = covered_intervals(state)
            since, until = (covered[-1].start, covered[-1].end) if covered else (None, None)
            if not covered:
                since, until = state.since, state.until
            rows.append(
                {
                    "entity": entity,
                    "since": _to_timestamp(since or None),
                    "until": _to_timestamp(until),
                    "read_at": _to_timestamp(state.watermark and state.finished_at),
                    "where": state.options.where or "{}",
                    "with_parts": state.options.with_parts,
                }
            )
        times = ("since", "until", "read_at")
        frame = pd.DataFrame(rows, columns=["entity", *times, "where", "with_parts"])
        for name in times:  # a column of missing times only would have no time zone
            frame[name] = pd.to_datetime(frame[name], utc=True).astype("datetime64[s, UTC]")
        return frame

    @property
    def time_zone(self) -> str | None:
        """The workspace's time zone ("Europe/Dublin"), None if it is not known."""
        return self._folder.marker().time_zone

    def pandas(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> pd.DataFrame:
        """Read a table as a DataFrame, with the dtypes of a result.

        ``where`` is filters as in a search: ``{"state": "open", "id__in": [1, 2]}``, with the
        operators ``eq ne gt gte lt lte in nin contains startswith endswith``; None means missing.

        Raises UnknownNameError for a table or column that does not exist, InvalidParameterError
        for a filter that does not fit its column.

        >>> open_dataset("acme/").pandas("conversations", ["id", "state"])  # doctest: +SKIP
        """
        return to_pandas(self.arrow(table, columns, where))

    def arrow(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> pa.Table:
        """Read a table as a ``pyarrow.Table``; arguments and errors as in ``pandas``.

        >>> open_dataset("acme/").arrow("conversations").num_rows  # doctest: +SKIP
        """
        import pyarrow.dataset as pads

        files = self._paths(table)
        with damage_named(files[0]):
            schema = pq.read_schema(files[0]).remove_metadata()
        _check_columns(table, columns, schema.names)
        condition = build_expression(table, schema, {} if where is None else where)
        with damage_located(files):
            chosen = pads.dataset(files, schema=schema, format="parquet")
            names = list(columns) if columns is not None else None
            return chosen.to_table(columns=names, filter=condition)

    def polars(
        self,
        table: str,
        columns: Sequence[str] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> pl.DataFrame:
        """Read a table as a Polars DataFrame (install polars); arguments as in ``pandas``.

        >>> open_dataset("acme/").polars("tags")  # doctest: +SKIP
        """
        polars = require("polars", "polars")
        frame: pl.DataFrame = polars.from_arrow(self.arrow(table, columns, where))
        return frame

    def dask(self, table: str, columns: Sequence[str] | None = None) -> dd.DataFrame:
        """Return a table as a Dask DataFrame, one partition per row group (extra: ``dask``).

        >>> open_dataset("acme/").dask("conversations").state.value_counts()  # doctest: +SKIP
        """
        dask = require("dask.dataframe", "intercom-nb[dask]")
        paths = self._paths(table)
        with damage_located(paths):
            empty = pq.read_schema(paths[0]).empty_table()
            counts = [(str(p), pq.ParquetFile(p).num_row_groups) for p in paths]
        _check_columns(table, columns, empty.schema.names)
        chosen = list(columns) if columns is not None else None
        meta = to_pandas(empty if chosen is None else empty.select(chosen))
        groups = [(path, group) for path, count in counts for group in range(count)]
        # Dask would convert every column of lists to text.
        with require("dask", "intercom-nb[dask]").config.set({"dataframe.convert-string": False}):
            frame: dd.DataFrame = dask.from_map(_read_row_group, groups, columns=chosen, meta=meta)
        return frame

    def sql(self, query: str, params: Any = None, **frames: pd.DataFrame) -> pd.DataFrame:
        """Run SQL (DuckDB) over the tables and your own DataFrames, and return a DataFrame.

        Every table is a view, and so are the end models (see ``models``) and every keyword
        argument (``accounts=df``). Write names with
        dots in double quotes. Exactly one SELECT is allowed. It reads these views and nothing
        else: no other file, no network, no Python variables.

        Raises InvalidParameterError for any other or an invalid statement (extra: ``data``).

        >>> ds = open_dataset("acme/")  # doctest: +SKIP
        >>> ds.sql(
        ...     "select plan, count(*) from conversations join accounts using (id) group by plan",
        ...     accounts=accounts,
        ... )  # doctest: +SKIP
        """
        check_query(query, params)
        return run_sql(self._all_paths(), query, params, frames, model_views(query))

    def models(self) -> EndModels:
        """Return the end models that dbt_intercom users know, by name.

        ``intercom__conversation_enhanced``, ``intercom__conversation_metrics``,
        ``intercom__contact_enhanced``, ``intercom__company_enhanced``,
        ``intercom__company_metrics``, ``intercom__admin_metrics`` and
        ``intercom__article_enhanced``, as far as their tables were extracted (extra: ``data``).
        The same names are views in ``sql``. ``columns`` documents them, ``notes`` lists what is
        missing, and ``to_parquet`` writes them.

        >>> ds = open_dataset("acme/")  # doctest: +SKIP
        >>> ds.models()["intercom__admin_metrics"]  # doctest: +SKIP
        >>> ds.sql("select * from intercom__company_metrics")  # doctest: +SKIP
        """
        return EndModels(
            lambda: self.tables,
            self.sql,
            lambda query, file: write_sql(self._all_paths(), query, file, model_views(query)),
        )

    def mask(
        self, folder: str | os.PathLike[str], key: str | None = None, *, texts: bool = False
    ) -> pd.DataFrame:
        """Write a copy of every table with pseudonyms, one Parquet file each, to share it.

        As in ``df.intercom.mask``: names, addresses, phone numbers and places get pseudonyms, the
        same ones with the same ``key``; ids stay, and so does message text unless ``texts`` is set.
        Files of the same names are replaced.

        Returns the columns in which a text stayed as it was: table, column. Read them before you
        share the folder. Raises InvalidParameterError for a folder inside the dataset.

        >>> open_dataset("acme/").mask("acme-masked/", texts=True)  # doctest: +SKIP
        """
        masker = Masker.of(key, texts=texts)
        return write_masked(self._all_paths(), self.path, DatasetFolder(folder).path, masker)

    def describe(self) -> DatasetDescription:
        """Return an overview: rows, bytes, time span and columns of each table.

        >>> open_dataset("acme/").describe()  # doctest: +SKIP
        """
        files = self._files()
        with damage_located([self.path / f.path for of_table in files.values() for f in of_table]):
            return describe(self.path, files)

    def _all_paths(self) -> dict[str, list[Path]]:
        return {t: [self.path / f.path for f in fs] for t, fs in self._files().items()}

    def _files(self) -> dict[str, list[TableFile]]:
        tables: dict[str, list[TableFile]] = {}
        for entity in self._folder.entities():
            for file in self._folder.state(entity).files:
                tables.setdefault(file.table, []).append(file)
        return tables

    def _paths(self, table: Any) -> list[Path]:
        files = self._files()
        if not isinstance(table, str) or table not in files:
            unfinished = [e for e in self._folder.entities() if e not in files]
            hint = (
                f" The extraction of {', '.join(unfinished)} has not finished. Run it again."
                if unfinished
                else ""
            )
            raise UnknownNameError(
                f"The dataset has no table {table!r}.{did_you_mean(table, files)}{hint}"
            )
        return [self.path / f.path for f in files[table]]


def _read_row_group(group: tuple[str, int], columns: list[str] | None = None) -> pd.DataFrame:
    path, number = group
    with damage_named(Path(path)):
        return to_pandas(pq.ParquetFile(path).read_row_group(number, columns=columns))


def _to_timestamp(seconds: float | None) -> Any:
    return pd.NaT if seconds is None else pd.Timestamp(int(seconds), unit="s", tz="UTC")


def _check_columns(table: str, columns: Sequence[str] | None, known: Sequence[str]) -> None:
    if isinstance(columns, str) or not isinstance(columns, Collection | None):
        raise InvalidParameterError(f"columns must be a list of names, not {columns!r}.")
    for name in columns or ():
        if name not in known:
            raise UnknownNameError(f"{table} has no column {name!r}.{did_you_mean(name, known)}")


__all__ = ["Dataset", "open_dataset"]
