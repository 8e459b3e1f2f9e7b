"""Cells of a table as text, and a frame as a table: its index and labels as plain columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from ..errors import InvalidParameterError

CUT = 240
"""Length at which the table cuts a text; the full text is sent on request."""

_PLAIN = {str, int, float, bool, type(None)}  # whose text is that of ``str``
_FLAT = (str, int, float)
_LINES = {"null": None, "[]": ""}
_ENCODER = msgspec.json.Encoder(enc_hook=str)


def is_missing(value: Any) -> bool:
    """Check whether a value is missing; lists and dicts never are."""
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float) and value != value


def cell_text(value: Any) -> str | None:
    """Return a value as text, None if it is missing.

    >>> cell_text(["a", "b"])
    'a, b'
    """
    if isinstance(value, str):
        return value
    if is_missing(value):
        return None
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, np.ndarray):  # as pandas reads a list from a file
        value = value.tolist()
    if isinstance(value, list):
        if value and isinstance(value[0], dict):
            return _json(value)
        flat = all(isinstance(item, _FLAT) for item in value)
        return ", ".join(map(str, value)) if flat else _json(value)
    if isinstance(value, dict):
        return _json(value)
    return str(value)


def column_texts(series: pd.Series[Any]) -> list[str | None]:
    """Return ``cell_text`` of each value of a column, in a fraction of the time."""
    kind = column_kind(series)
    if kind == "time":
        seconds = series.to_numpy("datetime64[s]")
        texts = np.datetime_as_string(seconds).tolist()
        return [None if text == "NaT" else text.replace("T", " ") for text in texts]
    values = series.tolist()
    types = set(map(type, values))
    if types <= _PLAIN:
        return [None if v is None or v != v else str(v) for v in values]
    if types <= {list, type(None)}:
        try:
            return [None if v is None else ", ".join(v) for v in values]
        except TypeError:  # not only texts
            lines = _ENCODER.encode_lines(values).decode().split("\n")
            return [
                _LINES[line] if line in _LINES else line if line[:2] == "[{" else cell_text(value)
                for line, value in zip(lines, values, strict=False)
            ]
    return [cell_text(value) for value in values]


def flat_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with its index as the first columns, and with a text as each label.

    An unnamed index of whole numbers is left out: it counts rows, also after a filter.

    >>> flat_table(pd.DataFrame({("n", "sum"): [1]}, index=pd.Index(["SE"], name="country")))
      country  n.sum
    0      SE      1
    """
    index = frame.index
    flat = frame.reset_index(drop=True)
    flat.columns = pd.Index([_label(name) for name in frame.columns], dtype=object)
    is_count = index.names == [None] and pd.api.types.is_integer_dtype(index.dtype)
    for number, name in enumerate([] if is_count else index.names):
        unnamed = "index" if index.nlevels == 1 else f"level_{number}"
        label = unnamed if name is None else _label(name)
        flat.insert(number, label, index.get_level_values(number).array, allow_duplicates=True)
    return flat


def _label(name: Any) -> str:
    """Return a label as text; a pivot without values of its own has empty parts."""
    if isinstance(name, tuple):
        return ".".join(str(part) for part in name if part not in {"", None})
    return str(name)


def one_column(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Return the column of a name; raises InvalidParameterError if several have it."""
    found: Any = frame[name]
    if isinstance(found, pd.DataFrame):
        raise InvalidParameterError(
            f"{found.shape[1]} columns have the name {name!r}. Keep one of each: "
            "df.loc[:, ~df.columns.duplicated()]."
        )
    column: pd.Series[Any] = found
    return column


def plain_value(value: Any) -> Any:
    """Return a value as JSON: null if missing, ISO text for a time."""
    if is_missing(value):
        return None
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if hasattr(value, "item"):  # numpy's scalars
        return value.item()
    return value


def column_kind(series: pd.Series[Any]) -> str:
    """Return the kind of a column: time, number, flag, list or text."""
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return "time"
    if pd.api.types.is_bool_dtype(series.dtype):
        return "flag"
    if pd.api.types.is_numeric_dtype(series.dtype):
        return "number"
    if series.dtype == object and any(isinstance(v, list) for v in series.array[:200]):
        return "list"
    return "text"


def _json(value: Any) -> str:
    return _ENCODER.encode(value).decode()
