"""Rows of a DataFrame to the parameters of one write each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ..catalog.model import Operation
from ..catalog.validation import check_params
from ..errors import InvalidParameterError, RequestValidationError, UnknownNameError, did_you_mean

_EXACT = 2**53  # a float holds every whole number below

Rows = pd.DataFrame | Iterable[Mapping[str, Any]] | Iterable[str]


def rows_of(operation: Operation, rows: Rows) -> list[tuple[Any, dict[str, Any]]]:
    """Return (label, checked parameters) for each row.

    Raises UnknownNameError for a column that is not a parameter, InvalidParameterError, which
    names the row, for an invalid value.

    >>> from intercom_nb import catalog
    >>> update = catalog.operation("contacts", "update")
    >>> rows_of(update, [{"id": "7", "custom_attributes.plan": "pro"}])
    [(0, {'id': '7', 'custom_attributes': {'plan': 'pro'}})]
    """
    frame = as_frame(rows)
    columns = [_column(operation, frame, str(name)) for name in frame.columns]
    checked = []
    for label, values in zip(frame.index, frame.itertuples(index=False, name=None), strict=True):
        given: dict[str, Any] = {}
        for (name, key), value in zip(columns, map(plain_value, values), strict=True):
            if value is None:
                continue
            if key is not None:
                value = {key: value}
            # A new dict: the one in the cell is the caller's, and other rows may share it.
            is_part = isinstance(value, dict) and isinstance(given.get(name), dict)
            given[name] = {**given[name], **value} if is_part else value
        try:
            checked.append((label, check_params(operation, given)))
        except RequestValidationError as error:
            raise type(error)(f"Row {label!r}: {error} Nothing was sent.") from None
    return checked


def as_frame(rows: Rows) -> pd.DataFrame:
    """Return rows as a DataFrame; an entry that is not a dict is an id.

    Raises InvalidParameterError for a single id or dict, and for duplicates in index or columns.
    """
    if isinstance(rows, pd.DataFrame):
        frame = rows
    elif isinstance(rows, (str, bytes, Mapping)) or not isinstance(rows, Iterable):
        # Iterated, a text would be an id per character, and a dict one per key.
        raise InvalidParameterError(
            "Rows must be a DataFrame, a list of dicts or a list of ids, not "
            f"{type(rows).__name__}. Nothing was sent."
        )
    else:
        items = [row if isinstance(row, Mapping) else {"id": row} for row in rows]
        frame = pd.DataFrame(items, dtype=object)
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise InvalidParameterError(f"The rows have the column {twice!r} twice. Nothing was sent.")
    if not frame.index.is_unique:
        raise InvalidParameterError(
            "The index has duplicate labels, so outcomes would be ambiguous: "
            "use df.reset_index(drop=True)."
        )
    return frame


def _column(operation: Operation, frame: pd.DataFrame, name: str) -> tuple[str, str | None]:
    """Return the parameter that a column sets, and the key inside it for a dotted column."""
    types = {p.name: p.type for p in operation.params}
    parent, _, key = name.partition(".")
    if name in types:
        return name, None
    if key and types.get(parent) == "object":
        return parent, key
    wrong = [
        str(c) for c in frame.columns if str(c) not in types and str(c).split(".")[0] not in types
    ]
    raise UnknownNameError(
        f"{operation.name} has no parameter {', '.join(map(repr, wrong or [name]))}."
        f"{did_you_mean(name, types)} Select the columns to send, such as df[['id', 'name']]. "
        "Nothing was sent."
    )


def plain_value(value: Any) -> Any:
    """Return a cell as a Python value, None for an empty cell; times become Unix seconds."""
    if isinstance(value, (list, dict, tuple)):
        return value
    if value is None or value is pd.NaT or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return None
    if isinstance(value, pd.Timestamp):
        aware = value if value.tzinfo else value.tz_localize("UTC")
        return int(aware.timestamp())
    value = value.item() if hasattr(value, "dtype") and not hasattr(value, "__len__") else value
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)  # pandas stores whole numbers as floats beside empty cells
    return value
