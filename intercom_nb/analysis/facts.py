"""The columns that a metric needs, of the rows that it is about, in the types it counts on."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from .. import catalog
from ..catalog.model import ColumnKind, ListColumn
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from ..frames.read.columns import STRING
from .periods import Period, check_zone, period_of
from .sources import as_table

CREATED = "created_at"
STATISTICS = "statistics.count_conversation_parts"
"""Filled for every conversation that has statistics at all."""


@dataclasses.dataclass(frozen=True)
class Facts:
    """What was read: one row per conversation (or contact) with the columns asked for."""

    frame: pd.DataFrame
    zone: str
    period: Period | None

    def __len__(self) -> int:
        return len(self.frame)

    def __getitem__(self, column: str) -> pd.Series:
        return self.frame[column]

    def where(self, wanted: pd.Series) -> Facts:
        """Give the same for some of the rows."""
        return dataclasses.replace(self, frame=self.frame[wanted.to_numpy(dtype=bool)])

    @property
    def local(self) -> pd.Series:
        """When each was created, on the clock of the zone."""
        local: pd.Series = self.frame[CREATED].dt.tz_convert(self.zone)
        return local


def read(
    source: Any,
    needs: Iterable[str],
    *,
    optional: Iterable[str] = (),
    zone: str = "UTC",
    period: Any = None,
    table: str = "conversations",
    time: str | None = CREATED,
) -> Facts:
    """Read the needed columns of the rows whose ``time`` lies in the period (None: of all rows).

    ``time=None`` is for tables without one, which have no period. A column that is ``optional`` and
    not there is read as missing in every row. Raises
    UnknownNameError for a needed one, and InvalidParameterError for a wrong zone or period.
    """
    check_zone(zone)
    span = None if period is None else period_of(period, zone)
    source_table = as_table(source, table)
    there = set(source_table.columns)
    wanted = list(dict.fromkeys([*([time] if time else []), *needs, *optional]))
    missing = [name for name in wanted if name not in there]
    _refuse(sorted(set(missing) - set(optional)), there, table)
    present = [name for name in wanted if name in there]
    kinds = {name: kind_of(name, table) for name in wanted}
    parts = []
    for part in source_table.parts(present):
        typed = pd.DataFrame({name: typed_column(part[name], kinds[name]) for name in present})
        parts.append(typed[span.contains(typed[time]).to_numpy()] if span and time else typed)
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=present)
    for name in missing:
        frame[name] = typed_column(pd.Series([None] * len(frame), dtype=object), kinds[name])
    frame.attrs.clear()
    return Facts(frame, zone, span)


def kind_of(column: str, table: str = "conversations") -> ColumnKind:
    """Find the kind of a column in the catalog; text for one that is not declared."""
    record = {"conversations": "conversation", "contacts": "contact", "companies": "company"}
    declared = catalog.record_columns(record.get(table)).get(column)
    if isinstance(declared, ListColumn):
        return "ids"
    if declared is None:
        return "string"
    return declared


def typed_column(values: pd.Series, kind: ColumnKind) -> pd.Series:
    """Bring a column into the one type of its kind, whatever library it came from.

    time -> datetime64[s, UTC]; integer, number -> float64; boolean -> boolean; ids, strings ->
    object (lists of text); anything else -> text.
    """
    if kind == "time":
        unit: Any = "s" if pd.api.types.is_numeric_dtype(values.dtype) else None
        if not pd.api.types.is_datetime64_any_dtype(values.dtype) and unit is None:
            values = values.astype(object)
        return pd.to_datetime(values, utc=True, unit=unit).astype("datetime64[s, UTC]")
    if kind in {"integer", "number"}:
        return pd.to_numeric(values).astype("Float64").astype("float64")
    if kind == "boolean":
        return values.astype("boolean")
    if kind in {"ids", "strings"}:
        return pd.Series([_list(v) for v in values], index=values.index, dtype=object)
    return values.astype(STRING)


def _list(value: Any) -> list[str] | None:
    if value is None or isinstance(value, float) or value is pd.NA:
        return None
    if isinstance(value, str):
        raise InvalidParameterError(
            "A column of lists came as text: dask.dataframe.from_pandas turns lists into text. "
            "Read the dataset's Parquet files, or set dask.config.set("
            "{'dataframe.convert-string': False}) before from_pandas."
        )
    return [str(item) for item in value]


def _refuse(missing: Sequence[str], there: set[str], table: str) -> None:
    if missing:
        hint = did_you_mean(missing[0], there)
        raise UnknownNameError(
            f"The table has no column {', '.join(map(repr, missing))}, which this needs.{hint} "
            f"Pass {table} as list() or search() returns them, with all their columns."
        )
