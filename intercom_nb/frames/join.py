"""Joins of a result with the records of another entity."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from .. import catalog
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .cells import one_column
from .read.columns import STRING

_EXACT = 2**53


def join(
    frame: pd.DataFrame, entity: str, other: pd.DataFrame, on: str | None, prefix: str | None
) -> pd.DataFrame:
    """Join the records of another entity, as further columns."""
    if "id" not in other:
        raise InvalidParameterError(f"The frame of {entity} has no column id to join by.")
    data = catalog.entities().get(entity)
    singular = data.link_name or data.singular if data else catalog.singular(entity)
    column = on or _link(frame, entity, singular)
    if column not in frame:
        raise UnknownNameError(
            f"This result has no column {column!r}.{did_you_mean(column, map(str, frame.columns))}"
        )
    start = f"{singular}." if prefix is None else prefix
    renamed = other.rename(columns={name: f"{start}{name}" for name in other.columns})
    clash = sorted(set(map(str, renamed.columns)) & set(map(str, frame.columns)) - {column})
    if clash:
        raise InvalidParameterError(
            f"Both frames would have {', '.join(clash[:3])}: pass another prefix=, such as "
            f"prefix='{singular}_'."
        )
    return _merged(frame, column, renamed, f"{start}id")


def _merged(frame: pd.DataFrame, column: str, other: pd.DataFrame, other_id: str) -> pd.DataFrame:
    key = "__key__"
    ids = one_column(frame, column).reset_index(drop=True).explode()
    left = frame.iloc[ids.index].assign(**{key: _texts(ids)})
    right = other.assign(**{key: _texts(one_column(other, other_id))}).drop_duplicates(key)
    if column == other_id:  # the link is the other's id already
        right = right.drop(columns=other_id)
    # A missing id leads nowhere, not to records whose id is missing.
    right = right[right[key].notna()]
    joined = left.merge(right, on=key, how="left").drop(columns=key)
    if len(left) == len(frame) or not isinstance(frame.index, pd.RangeIndex):
        joined.index = left.index  # a merge numbers the rows; further rows of a list need that
    return joined


def _texts(ids: pd.Series[Any]) -> Any:
    return pd.array([_text(value) for value in ids], dtype=STRING)


def _text(value: Any) -> str | None:
    """Return an id as the API has it: a whole number as its digits; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | np.integer):
        return str(int(value))
    # pandas makes whole numbers floats beside missing ones; above 2**53 their digits are lost.
    if isinstance(value, float | np.floating | Decimal) and abs(float(value)) < _EXACT:
        return str(int(value)) if value == int(value) else None
    return None


def _link(frame: pd.DataFrame, entity: str, singular: str) -> str:
    data = catalog.entities().get(entity)
    linked_by = data.linked_by if data else ()
    named = (entity, f"{singular}_id", *linked_by, f"{singular}.id")
    found = next((name for name in named if name in frame.columns), None)
    if found is None:
        raise UnknownNameError(
            f"This result has no column that leads to {entity} (it would be one of "
            f"{', '.join(named)}). Pass it as on=."
        )
    return found
