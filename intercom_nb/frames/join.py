"""Joins of a result with the records of another entity."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import catalog
from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .frame import KEY
from .read.columns import STRING


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
    joined = _merged(frame, column, renamed, f"{start}id")
    joined.attrs[KEY] = frame.attrs[KEY]
    return joined


def _merged(frame: pd.DataFrame, column: str, other: pd.DataFrame, other_id: str) -> pd.DataFrame:
    key = "__key__"
    left = frame.assign(**{key: frame[column]})
    if frame[column].map(lambda value: isinstance(value, list)).any():
        left = left.explode(key)
    left[key] = _texts(left[key])
    right = other.drop_duplicates(other_id).assign(**{key: _texts(other[other_id])})
    if column == other_id:  # the link is the other's id already
        right = right.drop(columns=other_id)
    # A missing id leads nowhere, not to records whose id is missing.
    right = right[right[key].notna()]
    return left.merge(right, on=key, how="left").drop(columns=key)


def _texts(ids: pd.Series[Any]) -> pd.Series[Any]:
    texts = [None if not isinstance(v, (str, int)) else str(v) for v in ids]
    return pd.Series(pd.array(texts, dtype=STRING), index=ids.index)


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
