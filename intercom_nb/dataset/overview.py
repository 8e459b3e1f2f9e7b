"""Overview of a dataset: rows, bytes, time span and columns of each table."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from ..runtime.html import Cell, html_table
from .state import TableFile


@dataclasses.dataclass(frozen=True)
class DatasetDescription:
    """Contents of a dataset: ``frame`` has one row per table, ``columns`` the names in each."""

    path: str
    frame: pd.DataFrame
    columns: Mapping[str, list[str]]

    def __repr__(self) -> str:
        return f"{self.path}\n{self._formatted().to_string(index=False)}"

    def _repr_html_(self) -> str:
        shown = self._formatted()
        rows: list[list[Cell | str]] = [
            [_with_columns(name, self.columns.get(name, [])), *map(str, values)]
            for name, *values in shown.itertuples(index=False)
        ]
        total = f"{self.frame['rows'].sum():,} rows, {_format_size(int(self.frame['bytes'].sum()))}"
        caption = Cell(f"<b>{html.escape(self.path)}</b>: {total}")
        return html_table(rows, list(shown.columns), caption=caption, left=1)

    def _formatted(self) -> pd.DataFrame:
        return self.frame.assign(
            rows=self.frame["rows"].map("{:,}".format),
            bytes=self.frame["bytes"].map(_format_size),
            first=self.frame["first"].map(_format_day),
            last=self.frame["last"].map(_format_day),
        )


def describe(root: Path, tables: Mapping[str, Sequence[TableFile]]) -> DatasetDescription:
    """Describe the tables of a dataset in the folder ``root``."""
    rows, columns = [], {}
    for table, files in tables.items():
        paths = [root / f.path for f in files]
        columns[table] = pq.read_schema(paths[0]).names
        first, last = _time_range(paths)
        rows.append(
            {
                "table": table,
                "rows": sum(f.rows for f in files),
                "bytes": sum(p.stat().st_size for p in paths),
                "files": len(files),
                "columns": len(columns[table]),
                "first": first,
                "last": last,
            }
        )
    names = ["table", "rows", "bytes", "files", "columns", "first", "last"]
    return DatasetDescription(str(root), pd.DataFrame(rows, columns=names), columns)


def _time_range(paths: Sequence[Path]) -> tuple[Any, Any]:
    """Read the first and last creation from the files' statistics; NaT if there are none."""
    ends = []
    for path in paths:
        parquet = pq.ParquetFile(path)
        if "created_at" not in parquet.schema_arrow.names:
            return pd.NaT, pd.NaT
        at = parquet.schema_arrow.names.index("created_at")
        for group in range(parquet.num_row_groups):
            # A column of lists is one leaf in Parquet, so positions are the same in both schemas.
            known = parquet.metadata.row_group(group).column(at).statistics
            if known is not None and known.has_min_max:
                ends += [pd.Timestamp(known.min), pd.Timestamp(known.max)]
    return (min(ends), max(ends)) if ends else (pd.NaT, pd.NaT)


def _with_columns(table: str, columns: Sequence[str]) -> Cell:
    names = "<br>".join(html.escape(name) for name in columns)
    return Cell(f"<details><summary>{html.escape(table)}</summary><code>{names}</code></details>")


def _format_size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def _format_day(at: Any) -> str:
    return "" if pd.isna(at) else at.strftime("%Y-%m-%d")
