"""The columns that a metric needs, of the rows that it is about, in the types it counts on."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .. import catalog
from ..catalog.declared_columns import ColumnKind, ListColumn
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from ..frames.read.columns import STRING
from . import formatting
from .coverage import Coverage, coverage_of
from .periods import Period, check_zone, period_of
from .sources import as_table

CREATED = "created_at"
STATISTICS = "statistics.count_conversation_parts"
"""Present in every conversation that has statistics."""

# Everyday name of a dimension -> column of the API.
COLUMNS = {
    "team": "team_assignee_id",
    "teammate": "admin_assignee_id",
    "channel": "source.type",
    "priority": "priority",
    "state": "state",
    "tag": "tags",
    "topic": "topics",
    "fin_state": "ai_agent.resolution_state",
}
TIMES = ("day", "week", "month", "hour", "weekday")
"""Dimensions of when a conversation was created."""

# Unix seconds of the year 5138; larger numbers are milliseconds.
_MILLISECONDS_FROM = 1e11
# Customers choose one of five faces; imports and other scales leave other numbers.
_RATINGS = (1, 2, 3, 4, 5)
_RATED = frozenset({"conversation_rating.rating", "ai_agent.rating"})


@dataclasses.dataclass(frozen=True)
class Facts:
    """One row per conversation, with the requested columns.

    ``period`` is the part of the requested period that the data covers; ``notes`` are
    caveats for the reader; ``odd`` are those about values that cannot be right. ``latest`` is the
    last time of creation in the data, also outside the period.
    """

    frame: pd.DataFrame
    zone: str
    period: Period | None
    coverage: Coverage
    notes: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    latest: pd.Timestamp | None = None

    def __len__(self) -> int:
        return len(self.frame)

    def __getitem__(self, column: str) -> pd.Series:
        return self.frame[column]

    def where(self, wanted: pd.Series) -> Facts:
        """Return the facts of some of the rows."""
        return dataclasses.replace(self, frame=self.frame[wanted.to_numpy(dtype=bool)])

    def noted(self, *notes: str) -> Facts:
        """Return the same facts with further notes."""
        return dataclasses.replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))

    @property
    def local(self) -> pd.Series:
        """When each was created, on the clock of the zone."""
        local: pd.Series = self.frame[CREATED].dt.tz_convert(self.zone)
        return local

    @property
    def edges(self) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """Local times between which the data is complete; None without rows or a period."""
        if self.period is not None:
            pair = (self.period.start, self.period.end)
            start, end = (t.tz_convert(self.zone).tz_localize(None) for t in pair)
            return start, end
        if not len(self):
            return None
        days = self.local.dt.tz_localize(None).dt.normalize()
        return days.min(), days.max() + pd.Timedelta(days=1)


def read(
    source: Any,
    needs: Iterable[str],
    *,
    optional: Iterable[str] = (),
    zone: str = "UTC",
    period: Any = None,
) -> Facts:
    """Read the needed columns of the conversations created in a period (None: of all).

    An ``optional`` column that does not exist is missing in every row. Conversations without a time
    of creation, or with one in the future, are left out, with a note. Raises UnknownNameError for a
    needed column, and InvalidParameterError for a wrong zone or period.
    """
    check_zone(zone)
    requested = None if period is None else period_of(period, zone)
    frame, created, odd = _rows(source, [CREATED, *needs], optional, requested)
    coverage = coverage_of(source)
    is_future = coverage.is_future(created).to_numpy()
    odd += tuple(_future_note(int(is_future.sum())))
    covered, notes = requested, list(coverage.notes)
    if requested is None:
        frame = frame[~is_future].reset_index(drop=True)
    else:
        coverage = coverage.seen_in(created[~is_future], requested)
        covered, notes = coverage.clip(requested)
        frame = frame[covered.contains(frame[CREATED]).to_numpy()].reset_index(drop=True)
    frame.attrs = dict(coverage.to_attrs().items())
    latest = created[~is_future].max()
    return Facts(frame, zone, covered, coverage, (*odd, *notes), odd, latest)


def _rows(
    source: Any, needs: Sequence[str], optional: Iterable[str], period: Period | None
) -> tuple[pd.DataFrame, pd.Series, tuple[str, ...]]:
    """Return the dated rows of a period, the times of all dated ones, and notes about values."""
    parts, created = [], []
    odd: Counter[_Odd] = Counter()
    undated = 0
    for part, found in _typed_parts(source, needs, optional, "conversations"):
        odd.update(found)
        times = part[CREATED]
        created.append(times.dropna())
        undated += int(times.isna().sum())
        inside = times.notna() if period is None else period.contains(times)
        parts.append(part[inside.to_numpy()])
    # Unreadable times are among those without one.
    others = {key: count for key, count in odd.items() if key[0] != CREATED}
    notes = (*_undated_note(undated, "conversation"), *_odd_notes(others, "conversations"))
    return pd.concat(parts, ignore_index=True), pd.concat(created, ignore_index=True), notes


def dated(frame: pd.DataFrame, noun: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the rows that have a time of creation, and a note about the others."""
    known = frame[CREATED].notna()
    note = tuple(_undated_note(int((~known).sum()), noun))
    return frame[known.to_numpy()].reset_index(drop=True), note


def _undated_note(count: int, noun: str) -> Iterator[str]:
    if count:
        what, verb = formatting.plural(count, noun), "is" if count == 1 else "are"
        yield f"{what} {verb} left out: {CREATED} is missing or could not be read."


def _future_note(count: int) -> Iterator[str]:
    if count:
        what, verb = formatting.plural(count, "conversation"), "is" if count == 1 else "are"
        yield f"{what} {verb} left out: {CREATED} is in the future."


def read_table(
    source: Any, table: str, needs: Iterable[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read the needed columns of another table, typed, and return them with notes.

    Notes are about values that count as missing and about rows that are missing. Raises
    UnknownNameError if a column is missing.
    """
    _check_entity(source, table)
    parts, odd = [], Counter[_Odd]()
    for part, found in _typed_parts(source, list(needs), (), table):
        parts.append(part)
        odd.update(found)
    frame = pd.concat(parts, ignore_index=True)
    frame.attrs = {}
    gaps = (f"{table.capitalize()}: {gap}" for gap in coverage_of(source, table).gaps())
    return frame, (*_odd_notes(odd, table), *gaps)


def _check_entity(source: Any, table: str) -> None:
    """Raise InvalidParameterError for the list of another entity, whose ids match nothing."""
    info = source.attrs.get("intercom", {}) if isinstance(source, pd.DataFrame) else {}
    entity = info.get("record_entity") if isinstance(info, Mapping) else None
    if entity is not None and entity != table and entity in catalog.entities():
        raise InvalidParameterError(
            f"These are {entity}, but {table} are needed. Pass the result of c.{table}.list() or "
            "search()."
        )


def _typed_parts(
    source: Any, needs: Sequence[str], optional: Iterable[str], table: str
) -> Iterator[tuple[pd.DataFrame, dict[_Odd, int]]]:
    """Yield the columns of each part of the rows, typed, and how many values count as missing."""
    source_table = as_table(source, table)
    known = set(source_table.columns)
    wanted = list(dict.fromkeys([*needs, *optional]))
    missing = [name for name in wanted if name not in known]
    _check_present(sorted(set(missing) - set(optional)), known, table)
    present = [name for name in wanted if name in known]
    kinds = {name: kind_of(name, table) for name in wanted}
    parts = 0
    for part in source_table.parts(present):
        parts += 1
        yield _typed_frame(part, wanted, kinds)
    if not parts:
        yield _typed_frame(pd.DataFrame(columns=present), wanted, kinds)


def _typed_frame(
    part: pd.DataFrame, wanted: Sequence[str], kinds: dict[str, ColumnKind]
) -> tuple[pd.DataFrame, dict[_Odd, int]]:
    columns: dict[str, pd.Series] = {}
    odd: dict[_Odd, int] = {}
    for name in wanted:
        empty = pd.Series([None] * len(part), index=part.index, dtype=object)
        values = part.get(name, empty)
        typed = typed_column(values, kinds[name])
        possible = _possible(typed, name)
        read_as = f"could not be read as {_READ_AS.get(kinds[name], 'values')} and"
        odd[name, read_as] = int((values.notna() & typed.isna()).sum())
        odd[name, _range_of(name)] = int((~possible).sum())
        columns[name] = typed if possible.all() else typed.where(possible)
    return pd.DataFrame(columns, index=part.index), odd


def _possible(values: pd.Series, column: str) -> pd.Series:
    """Return which values of a rating or a count can be true, or are missing."""
    if column in _RATED:
        return values.isna() | values.isin(_RATINGS)
    is_number = pd.api.types.is_float_dtype(values.dtype)
    if is_number and column.startswith("statistics.") and not column.startswith(_DURATIONS):
        return values.isna() | (values >= 0)
    return pd.Series(True, index=values.index)


def _range_of(column: str) -> str:
    return "other than 1, 2, 3, 4 and 5" if column in _RATED else "below 0"


def _odd_notes(odd: Mapping[_Odd, int], table: str) -> Iterator[str]:
    for (name, problem), count in odd.items():
        if count:
            values = formatting.plural(count, "value")
            verb = "counts" if count == 1 else "count"
            column = name if table == "conversations" else f"{table}.{name}"
            yield f"{column}: {values} {problem} {verb} as missing."


_Odd = tuple[str, str]
"""A column, and the problem of values in it."""
_DURATIONS = "statistics.time_to_"  # their metrics count those below 0 apart
_READ_AS = {"time": "times", "integer": "numbers", "number": "numbers", "boolean": "flags"}


def kind_of(column: str, table: str = "conversations") -> ColumnKind:
    """Return the kind of a column in the catalog; text for one that is not declared."""
    if column == CREATED:
        return "time"
    declared = catalog.record_columns(_record_of(table)).get(column)
    if isinstance(declared, ListColumn):
        return "ids"
    if declared is None:
        return "string"
    return declared


def _record_of(table: str) -> str | None:
    """Return the record type of an entity's own records; None for other tables."""
    data = catalog.entities().get(table)
    actions = {} if data is None else data.actions
    own = (actions[name].record for name in ("get", "search", "list") if name in actions)
    return next((record for record in own if record), None)


def typed_column(values: pd.Series, kind: ColumnKind) -> pd.Series:
    """Convert a column to the dtype of its kind, whatever library it came from.

    time -> datetime64[s, UTC]; integer, number -> float64; boolean -> boolean; ids, strings ->
    object (lists of text); anything else -> text, or object if it holds lists. A value that does
    not fit becomes missing.
    """
    if kind == "time":
        return _times(values)
    if kind in {"integer", "number"}:
        return pd.to_numeric(values, errors="coerce").astype("Float64").astype("float64")
    if kind == "boolean":
        return _booleans(values)
    if kind in {"ids", "strings"} or _holds_lists(values):
        return pd.Series([_list(v) for v in values], index=values.index, dtype=object)
    return values.astype(STRING)


def _times(values: pd.Series) -> pd.Series:
    """Parse times one by one: datetimes, ISO text, unix seconds or milliseconds."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return pd.to_datetime(values, utc=True).astype("datetime64[s, UTC]")
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64").astype("float64")
    seconds = np.floor(numbers.where(numbers.abs() < _MILLISECONDS_FROM, numbers / 1_000))
    parsed: Any = pd.to_datetime(seconds, unit="s", utc=True, errors="coerce")
    texts = values.astype(object).where(numbers.isna() & values.notna())
    if texts.notna().any():
        written: Any = pd.to_datetime(texts, utc=True, errors="coerce", format="ISO8601")
        parsed = parsed.fillna(written)
    times: pd.Series = parsed.astype("datetime64[s, UTC]")
    return times


def _booleans(values: pd.Series) -> pd.Series:
    if values.dtype == object:
        values = values.where(values.isin([True, False]), None)
    return values.astype("boolean")


def _holds_lists(values: pd.Series) -> bool:
    return values.dtype == object and any(isinstance(v, list | tuple | np.ndarray) for v in values)


def _list(value: Any) -> list[str] | None:
    if value is None or isinstance(value, float) or value is pd.NA:
        return None
    if isinstance(value, str):
        if not value.startswith("["):
            raise InvalidParameterError(
                f"A column of lists holds a single value, {value!r}: the frame was exploded. Pass "
                "the frame before explode(): by='tag' counts a conversation once for each tag."
            )
        raise InvalidParameterError(
            "A column of lists arrived as text, because dask.dataframe.from_pandas turns lists "
            "into text. Read the dataset's Parquet files, or set dask.config.set("
            "{'dataframe.convert-string': False}) before from_pandas."
        )
    if not isinstance(value, list | tuple | np.ndarray):
        return [str(value)]
    return [str(item) for item in value if item is not None]


def _check_present(missing: Sequence[str], known: set[str], table: str) -> None:
    if missing:
        declared = catalog.record_columns(_record_of(table))
        # A name that the API does not have is that of a dimension, misspelled.
        names = known if missing[0] in declared else {*known, *COLUMNS, *TIMES}
        hint = did_you_mean(missing[0], names)
        raise UnknownNameError(
            f"The table has no column {', '.join(map(repr, missing))}, which this needs.{hint} "
            f"Pass {table} as list() or search() returns them, with all their columns."
        )
