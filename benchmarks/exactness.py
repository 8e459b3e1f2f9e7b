"""Values of records that a DataFrame lacks or has otherwise, counted one by one.

Compared are the values outside of lists, by their path; not the name of a list's own type, as in
``{"type": "tag.list", "tags": [...]}``. A time may be a datetime, and a number may be text, as long
as no digit differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from .truth import Row, as_text, whole_seconds


def differing(records: list[Row], frame: pd.DataFrame) -> dict[str, int]:
    """Return how many values the records have, and how many are missing or changed in a frame."""
    columns = {name: frame[name].tolist() for name in frame.columns}
    found = {"values": 0, "missing": 0, "changed": 0}
    for row, record in enumerate(records):
        for path, raw in _values(record):
            value = columns[path][row] if path in columns else None
            found["values"] += 1
            if value is None or value is pd.NA or value is pd.NaT or value != value:
                found["missing"] += 1
            elif not _same(raw, value):
                found["changed"] += 1
    return found


def _values(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _values(inner, f"{path}.{key}" if path else key)
    elif not (value is None or isinstance(value, list) or _names_a_list(path, value)):
        yield path, value


def _names_a_list(path: str, value: Any) -> bool:
    return path.endswith(".type") and isinstance(value, str) and value.endswith("list")


def _same(raw: Any, value: Any) -> bool:
    if isinstance(value, dt.datetime):
        return whole_seconds(raw) == int(value.timestamp())
    return as_text(raw) == as_text(value)
