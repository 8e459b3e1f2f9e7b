"""End models of a dataset: modeled tables with the names and columns of dbt_intercom."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import pandas as pd

from ...errors import UnknownNameError, did_you_mean
from .model_sql import MODELS, SOURCES

Columns = Mapping[str, Mapping[str, str]]


def model_views(query: str) -> Callable[[Columns], dict[str, str]]:
    """Return a function: columns of the tables -> the SELECT of each model that a query reads.

    The columns are mapped to their names in SQL, by table. Models that others read come first. A
    column or table that is missing, or a value that does not fit its type, is null.
    """
    wanted = {name for name in MODELS if name in query.casefold()}
    for name in reversed(MODELS):
        wanted |= {*MODELS[name].sources} & {*MODELS} if name in wanted else set()
    return lambda tables: {n: _select(n, tables) for n in _possible(tables) if n in wanted}


def _possible(tables: Collection[str]) -> list[str]:
    """Return the models whose required tables exist."""
    return [name for name, model in MODELS.items() if {*model.required} <= {*tables}]


def missing_tables(name: str, tables: Collection[str]) -> list[str]:
    """Return the tables that a model reads and the dataset lacks."""
    model = MODELS[name]
    found = [t for t in (*model.required, *model.sources) if t in SOURCES and t not in tables]
    for source in model.sources:
        found += missing_tables(source, tables) if source in MODELS else []
    return list(dict.fromkeys(found))


def _select(name: str, tables: Columns) -> str:
    model = MODELS[name]
    sources = [t for t in model.sources if t in SOURCES]
    staged = ",\n".join(f"{t} as ({_stage(t, tables.get(t))})" for t in sources)
    body = model.sql.strip()
    if body.startswith("with "):
        return f"with {staged},\n{body.removeprefix('with ')}"
    return f"with {staged}\n{body}"


def _stage(table: str, columns: Mapping[str, str] | None) -> str:
    """Return the SELECT of a table's declared columns; without rows for a missing table."""
    known = columns or {}
    cells = []
    for column, kind in SOURCES[table].items():
        quoted = known.get(column, "").replace('"', '""')
        value = f'try_cast("{quoted}" as {kind})' if column in known else f"null::{kind}"
        alias = column.replace(".", "_")
        cells.append(f'{value} as "{alias}"')
    source = f' from main."{table}"' if columns is not None else " where false"
    return f"select {', '.join(cells)}{source}"


class EndModels(Mapping[str, pd.DataFrame]):
    """The end models of a dataset, by name; each is computed when it is read.

    >>> ds.models()["intercom__conversation_metrics"]  # doctest: +SKIP
    """

    def __init__(
        self,
        tables: Callable[[], list[str]],
        sql: Callable[[str], pd.DataFrame],
        write: Callable[[str, Path], None],
    ) -> None:
        self._tables = tables
        self._sql = sql
        self._write = write

    def __iter__(self) -> Iterator[str]:
        return iter(_possible(self._tables()))

    def __len__(self) -> int:
        return len(_possible(self._tables()))

    def __getitem__(self, name: str) -> pd.DataFrame:
        self._check(name)
        return self._sql(f"select * from {name} order by 1, 2, 3")  # noqa: S608 - a known name

    def __contains__(self, name: object) -> bool:
        return name in _possible(self._tables())

    @property
    def columns(self) -> pd.DataFrame:
        """Every column (``model``, ``column``, ``dtype``, ``description``).

        >>> ds.models().columns.query("column == 'first_team_id'")  # doctest: +SKIP
        """
        rows = [
            (name, column, str(dtype), MODELS[name].columns[str(column)])
            for name in self
            for column, dtype in self._sql(f"select * from {name} limit 0").dtypes.items()  # noqa: S608
        ]
        return pd.DataFrame(rows, columns=["model", "column", "dtype", "description"], dtype=str)

    @property
    def notes(self) -> list[str]:
        """Models that cannot be built and columns left empty, for want of tables."""
        tables = self._tables()
        found = []
        for name, model in MODELS.items():
            needed = [t for t in model.required if t not in tables]
            optional = [t for t in missing_tables(name, tables) if t not in needed]
            if needed:
                found.append(f"{name} is missing: extract {_how(needed)}.")
            elif optional:
                found.append(f"{name}: columns from {', '.join(optional)} are empty.")
        return found

    def to_parquet(self, folder: str | os.PathLike[str]) -> list[Path]:
        """Write each model to ``<folder>/<model>.parquet``, replacing files of these names.

        Returns the paths.

        >>> ds.models().to_parquet("models/")  # doctest: +SKIP
        """
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        paths = []
        for name in self:
            path = target / f"{name}.parquet"
            unfinished = path.with_suffix(".parquet.tmp")
            try:
                self._write(f"select * from {name}", unfinished)  # noqa: S608 - a known name
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
            paths.append(path)
        return paths

    def __repr__(self) -> str:
        lines = [f"{name}: {MODELS[name].row}" for name in self]
        return "\n".join(["<End models>", *lines, *self.notes])

    def _check(self, name: str) -> None:
        if name not in MODELS:
            raise UnknownNameError(f"{name!r} is not a valid model.{did_you_mean(name, MODELS)}")
        if name not in self:
            missing = [t for t in MODELS[name].required if t not in self._tables()]
            raise UnknownNameError(f"{name} needs more tables: extract {_how(missing)}.")


def _how(tables: list[str]) -> str:
    """Return what to extract for some tables, such as "conversations with with_parts=True"."""
    entities = {
        "conversation_parts": "conversations with with_parts=True",
        "contact_companies": "contacts",
    }
    return ", ".join(dict.fromkeys(entities.get(table, table) for table in tables))
