"""Parquet files of results: written with their metadata, read back unchanged."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InvalidParameterError
from .cells import is_missing

# Objects that Parquet has a type for, if a column holds no others.
_NATIVE = ({dt.date}, {dt.time}, {Decimal}, {bytes})
_AS_JSON = "intercom_json_columns"
_TIMES = "intercom_time_units"


def write_parquet(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a result to a Parquet file, attrs included.

    Lists of ids stay lists, so that DuckDB and others read them; what Parquet has no type for
    (mixed values, objects) is kept as JSON text in the file. Columns of one name get numbers.
    """
    written = frame.copy(deep=False)
    if len(set(map(str, frame.columns))) < len(frame.columns):
        written.columns = pd.Index(unique_labels(frame.columns))
    odd, units = [], {}
    for position, name in enumerate(written.columns):
        column = written.iloc[:, position]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            units[str(name)] = column.dtype.unit
        elif _is_odd(column):
            odd.append(str(name))
            values: Any = pd.Series([_json(v) for v in column], index=frame.index, dtype=object)
            written.isetitem(position, values)
    written.attrs = {**frame.attrs, _AS_JSON: odd, _TIMES: units}
    written.to_parquet(path, engine="pyarrow")
    return Path(path)


def unique_labels(labels: Iterable[Any]) -> list[str]:
    """Return labels as texts of which each is unique: Parquet has no two columns of one name.

    >>> unique_labels(["id", "name", "id"])
    ['id', 'name', 'id_2']
    """
    texts = [str(label) for label in labels]
    unique: list[str] = []
    for text in texts:
        number, free = 2, text
        while free in unique or (number > 2 and free in texts):
            free, number = f"{text}_{number}", number + 1
        unique.append(free)
    return unique


def read_parquet(path: str | Path) -> pd.DataFrame:
    """Read a result as it was written by ``df.intercom.to_parquet``.

    Raises InvalidParameterError for a file that is not Parquet.

    >>> import intercom_nb
    >>> teams = intercom_nb.connect("demo").sync.teams.list()
    >>> read_parquet(teams.intercom.to_parquet("teams.parquet")).equals(teams)  # doctest: +SKIP
    True
    """
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except (TypeError, ValueError) as error:  # ArrowInvalid is a ValueError
        raise InvalidParameterError(f"{path} is not a readable Parquet file: {error}") from None
    odd, units = frame.attrs.pop(_AS_JSON, []), frame.attrs.pop(_TIMES, {})
    for position, label in enumerate(frame.columns):
        name = str(label)
        column: Any = frame.iloc[:, position]
        if name in units:
            column = column.dt.as_unit(units[name])
        elif column.dtype == object or name in odd:
            column = _restored(column, as_json=name in odd)
        else:
            continue
        frame.isetitem(position, column)
    return frame


def _restored(column: pd.Series[Any], *, as_json: bool) -> pd.Series[Any]:
    if as_json:
        values = [json.loads(v) if isinstance(v, str) else None for v in column]
    else:
        values = [v.tolist() if hasattr(v, "tolist") else v for v in column]
    made = pd.Series([None] * len(values), index=column.index, dtype=object)
    for position, value in enumerate(values):
        made.iat[position] = value
    return made


def _is_odd(column: pd.Series[Any]) -> bool:
    """Return whether a column has values that Parquet would change or cannot hold."""
    if column.dtype != object or all(map(is_list_of_text, column)):
        return False
    return {type(value) for value in column if not is_missing(value)} not in _NATIVE


def is_list_of_text(value: Any) -> bool:
    """Return whether a value is a list of texts, as Parquet holds it, or missing."""
    if isinstance(value, np.ndarray):  # as pandas reads a list from a file
        value = value.tolist()
    return value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value))


def _json(value: Any) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    """Return an object as JSON: an array as a list, a time as ISO text, and others as text."""
    if is_missing(value):
        return None
    if isinstance(value, set | frozenset):
        return list(value)
    if hasattr(value, "tolist"):  # numpy's arrays and numbers
        return value.tolist()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
