"""Conditions on a frame's rows: one list drives the table, the charts, the code and the SQL."""

from __future__ import annotations

import dataclasses
import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....analysis.metrics.sla import target_seconds
from ....catalog.timestamps import is_whole_day, unix_seconds
from ....errors import InvalidParameterError
from ....frames.cells import cell_text, column_kind, column_texts
from .display import Display, is_seconds, noun
from .grouping import CLOCKS, clock_text

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_BETWEEN = re.compile(r" & (?=[<>])")
_COMPARISON = re.compile(r"(<=|>=|!=|=|<|>)\s*(.*)", re.DOTALL)
_MINUTES = re.compile(r"(?<=[\d ])m$")
_PART = re.compile(r"[\d.]+\s*[a-z]+\s*")
_BLANK = ("empty", "not empty")
TYPED = "text"
"""Operator of a condition that is what a person typed into a column's filter."""

Given = tuple[str, str, Any]
"""A condition as a script sends it: column, operator, value."""


@dataclasses.dataclass(frozen=True)
class RowCondition:
    """A condition on one column of a kind.

    ``op`` is ``in``, ``not in``, ``<``, ``<=``, ``>``, ``>=``, ``contains``, ``empty``,
    ``not empty``, ``weekday`` or ``hour`` (values: the number from 0, the time zone).
    """

    column: str
    kind: str
    op: str
    values: tuple[Any, ...] = ()

    def mask(self, frame: pd.DataFrame) -> Any:
        """Return which rows match, as an array of bool.

        Missing values match only ``empty``, and ``not in`` of texts and lists.
        """
        series = frame[self.column]
        if self.op in _BLANK:
            blank = _blank(series, self.kind)
            return blank if self.op == "empty" else ~blank
        if self.op == "contains":
            wanted = str(self.values[0]).lower()
            return _flags(wanted in (text or "").lower() for text in column_texts(series))
        if self.op in _COMPARE:
            left = series.astype("Float64") if self.kind == "number" else series
            if self.kind in {"text", "list", "flag"}:
                texts = pd.Series(column_texts(series), dtype=object).fillna("").str.lower()
                return _COMPARE[self.op](texts, str(self.values[0]).lower()).to_numpy(dtype=bool)
            return _COMPARE[self.op](left, self.values[0]).fillna(value=False).to_numpy(dtype=bool)
        if self.op in CLOCKS:
            local = series.dt.tz_convert(self.values[1]).dt
            return getattr(local, CLOCKS[self.op][0]).eq(self.values[0]).to_numpy(dtype=bool)
        found = self._found(series)
        if self.op == "in":
            return found
        return ~found if self.kind in {"text", "list"} else ~found & ~_blank(series, self.kind)

    def _found(self, series: pd.Series[Any]) -> Any:
        if self.kind == "list":
            wanted = set(self.values)
            return _flags(
                isinstance(value, list) and not wanted.isdisjoint(map(str, value))
                for value in series.array
            )
        if self.kind == "text" and series.dtype == object:
            series = pd.Series(column_texts(series), dtype=object)
        return series.isin(self.values).fillna(value=False).to_numpy(dtype=bool)

    def code(self, frame: str = "df") -> str:
        """Write the condition as a pandas expression."""
        column = f"{frame}[{self.column!r}]"
        if self.op in _BLANK:
            if self.kind == "list":
                filled = f"{column}.str.len().gt(0)"
                return filled if self.op == "not empty" else f"~{filled}"
            missing = f"{column}.isna()"
            if self.kind == "text":
                missing = f'({missing} | {column}.eq(""))'
            return missing if self.op == "empty" else f"~{missing}"
        if self.op == "contains":
            text = column if self.kind == "text" else f'{column}.astype("string")'
            value = repr(self.values[0])
            return f"{text}.str.contains({value}, case=False, regex=False, na=False)"
        if self.op in _COMPARE:
            text = f'{column}.astype("string").str.lower()'
            left = text if self.kind in {"text", "list", "flag"} else column
            return f"({left} {self.op} {_literal(self.values[0])})"
        if self.op in CLOCKS:
            number, zone = self.values
            return f"{column}.dt.tz_convert({zone!r}).dt.{CLOCKS[self.op][0]}.eq({number})"
        inside = ", ".join(map(_literal, self.values))
        if self.kind == "list":
            found = f"{column}.map(lambda ids: not {{{inside}}}.isdisjoint(ids or []))"
        elif len(self.values) == 1:
            found = f"{column}.eq({inside}).fillna(False)"
        else:
            found = f"{column}.isin([{inside}])"
        if self.op == "in":
            return found
        return f"~{found}" if self.kind in {"text", "list"} else f"(~{found} & {column}.notna())"

    def sql(self) -> str:
        """Write the condition as SQL for DuckDB."""
        column = '"' + self.column.replace('"', '""') + '"'
        if self.op in _BLANK:
            blank = {
                "list": f"coalesce(len({column}), 0) = 0",
                "text": f"coalesce({column}, '') = ''",
            }.get(self.kind, f"{column} is null")
            return blank if self.op == "empty" else f"not ({blank})"
        if self.op == "contains":
            return f"contains(lower({column}::varchar), {_sql_literal(self.values[0].lower())})"
        if self.op in _COMPARE:
            left = f"lower({column}::varchar)" if self.kind in {"text", "list", "flag"} else column
            return f"{left} {self.op} {_sql_literal(self.values[0])}"
        if self.op in CLOCKS:
            number, zone = self.values
            local = f"{column} at time zone {_sql_literal(zone)}"
            if self.op == "hour":
                return f"hour({local}) = {number}"
            return f"isodow({local}) = {number + 1}"  # 1 is Monday
        inside = ", ".join(map(_sql_literal, self.values))
        found = (
            f"list_has_any({column}, [{inside}])"
            if self.kind == "list"
            else f"{column} in ({inside})"
        )
        if self.op == "in":
            return found
        return f"not coalesce({found}, {str(self.kind not in {'text', 'list'}).lower()})"


def parse_condition(given: Given, frame: pd.DataFrame, display: Display) -> list[RowCondition]:
    """Turn a condition as it was typed or clicked into conditions on the values themselves.

    Typed text is text to find, or ``>5``, ``>1h``, ``<=2026-10-01``, ``=open``, ``!=open``,
    ``empty``, ``not empty``, or several of these with ``&`` between them: ``>=5 & <10``. Raises
    InvalidParameterError, naming the column, for an invalid comparison.
    """
    column, op, value = given
    if column not in frame:
        return []
    series = frame[column]
    kind = column_kind(series)
    if op in CLOCKS:
        return [RowCondition(column, kind, op, (int(value), display.zone))]
    if op != TYPED:
        return [RowCondition(column, kind, op, () if op in _BLANK else _clicked(kind, op, value))]
    parts = [part.strip() for part in _BETWEEN.split(str(value)) if part.strip()]
    return [_typed(part, series, kind, display) for part in parts]


def _clicked(kind: str, op: str, value: Any) -> tuple[Any, ...]:
    values = value if isinstance(value, list) else [value]
    if kind == "time":
        return tuple(pd.Timestamp(v).tz_convert("UTC") for v in values)
    if kind == "number":
        return tuple(_plain(float(v)) for v in values)
    if kind == "flag" and op in {"in", "not in"}:
        return tuple(bool(v) for v in values)
    return tuple(map(str, values))


def _typed(text: str, series: pd.Series[Any], kind: str, display: Display) -> RowCondition:
    column = str(series.name)
    if text.lower() in _BLANK:
        return RowCondition(column, kind, text.lower())
    comparison = _COMPARISON.fullmatch(text)
    if comparison is None:
        ids = [key for key, name in display.names_of(column).items() if _is_named(text, key, name)]
        if ids and kind in {"text", "list"}:
            return RowCondition(column, kind, "in", tuple(ids))
        return RowCondition(column, kind, "contains", (text,))
    sign, value = comparison.groups()
    if kind == "number":
        parse = _seconds if is_seconds(column) else _number
        values: tuple[Any, ...] = (parse(value, column),)
    elif kind == "time":
        values = (_instant(value, column, display.zone),)
    elif sign in _COMPARE:
        values = (value.lower(),)
    elif kind == "flag":
        values = (value.lower() in {"true", "yes", "1", "✓"},)
    else:
        values = _spelled(value, series, kind, display)
    return RowCondition(column, kind, {"=": "in", "!=": "not in"}.get(sign, sign), values)


def _spelled(text: str, series: pd.Series[Any], kind: str, display: Display) -> tuple[str, ...]:
    """Return the values of a column that a text means: a name's id, or any case of the text."""
    wanted = text.lower()
    named = [k for k, name in display.names_of(str(series.name)).items() if name.lower() == wanted]
    if named:
        return tuple(named)
    if kind == "list":
        known = {str(v) for value in series.array if isinstance(value, list) for v in value}
    else:
        known = {text for text in column_texts(series) if text is not None}
    return tuple(sorted(v for v in known if v.lower() == wanted)) or (text,)


def describe(given: Given, frame: pd.DataFrame, display: Display) -> str:
    """Return a condition as a person reads it: "Billing", "CSAT: 4 to 5"."""
    column, op, value = given
    name = noun(column)
    if op == TYPED:
        return f"{name}: {value}"
    if op in _BLANK:
        return f"{name}: {'blank' if op == 'empty' else 'not blank'}"
    if op in CLOCKS:
        return clock_text(op, int(value))
    values = value if isinstance(value, list) else [value]
    series = frame[column]
    names = display.names_of(column)
    format_value = display.formatter(column, series)
    is_list = column_kind(series) == "list"
    texts = [names.get(str(v)) or (str(v) if is_list else format_value(v)) for v in values]
    shown = ", ".join(str(text) for text in texts)
    if op == "in":
        return shown if names else f"{name}: {shown}"
    return f"{name} {op} {shown}"


def filter_code(conditions: Sequence[RowCondition], words: Sequence[str], columns: Any) -> str:
    """Write the pandas code that keeps the matching rows of ``df``; empty without conditions."""
    parts = [condition.code() for condition in conditions]
    parts += [
        f"texts.apply(lambda c: c.str.contains({word!r}, regex=False)).any(axis=1)"
        for word in words
    ]
    if not parts:
        return ""
    inside = parts[0] if len(parts) == 1 else "\n    " + "\n    & ".join(parts) + "\n"
    code = f"df = df[{inside}]"
    if not words:
        return code
    texts = f'texts = df[{list(columns)!r}].astype("string").fillna("")'
    return f"{texts}.apply(lambda c: c.str.lower())\n{code}"


def filter_sql(
    conditions: Sequence[RowCondition], words: Sequence[str], columns: Any, table: str = "df"
) -> str:
    """Write the query that returns the matching rows; empty without conditions."""
    parts = [condition.sql() for condition in conditions]
    if words:
        names = ", ".join('"' + str(c).replace('"', '""') + '"::varchar' for c in columns)
        texts = f"lower(concat_ws(' ', {names}))"
        parts += [f"contains({texts}, {_sql_literal(word)})" for word in words]
    if not parts:
        return ""
    # Text to show, not to run; values and names in it are quoted.
    return "\n  and ".join([f"select * from {table}\nwhere {parts[0]}", *parts[1:]])  # noqa: S608


def _blank(series: pd.Series[Any], kind: str) -> Any:
    if kind in {"time", "number", "flag"}:
        return series.isna().to_numpy(dtype=bool)
    return _flags(not cell_text(value) for value in series.array)


def _flags(values: Any) -> Any:
    return np.fromiter(values, dtype=bool)


def _is_named(text: str, key: str, name: str) -> bool:
    return text.lower() in name.lower() or text.lower() in key.lower()


def _plain(number: float) -> float | int:
    return int(number) if number.is_integer() else number


def _number(text: str, column: str) -> float | int:
    try:
        return _plain(float(text.replace(",", "")))
    except ValueError:
        raise InvalidParameterError(f"{column}: {text!r} is not a number.") from None


def _seconds(text: str, column: str) -> float | int:
    """Return a length of time: ``90m``, ``1 h 30 min`` as the column shows it, or plain seconds."""
    try:
        return _number(text, column)
    except InvalidParameterError:
        parts = _PART.findall(text.lower())
    if not text or "".join(parts) != text.lower():
        parts = [text]
    named = [_MINUTES.sub("min", part.strip()) for part in parts]
    return _plain(sum(target_seconds(column, part) for part in named))


def _instant(text: str, column: str, zone: str) -> pd.Timestamp:
    """Return an instant; a day without a time is its midnight in the zone that the table shows."""
    if is_whole_day(text):
        unix_seconds(text, column)  # refuses a day that does not exist
        return pd.Timestamp(text.strip(), tz=zone).tz_convert("UTC")
    return pd.Timestamp(unix_seconds(text, column), unit="s", tz="UTC")


def _literal(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f'pd.Timestamp("{value:%Y-%m-%d %H:%M:%S}", tz="UTC")'
    return repr(value)


def _sql_literal(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"timestamptz '{value:%Y-%m-%d %H:%M:%S}+00'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"
