"""Whatever JSON comes, a frame is made of it and no value gets lost."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from intercom_nb import catalog
from intercom_nb.catalog.declared_columns import ListColumn
from intercom_nb.frames import build_frame

pytestmark = pytest.mark.slow

CONTACT = catalog.record_columns("contact")
KEYS = st.sampled_from(
    ["id", "tags", "data", "a", "b", "a.b", "created_at", "x_ids", "custom_attributes", "location"]
) | st.text(max_size=3)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(KEYS, JSON, max_size=5), max_size=3)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in leaves(v)]
    if isinstance(value, (list, tuple, np.ndarray)):
        return [leaf for v in value for leaf in leaves(v)]
    return [] if value is None else [value]


def in_frame(frame: pd.DataFrame) -> set[str]:
    """Every scalar of a frame and of its child tables, in one spelling."""
    found: set[str] = set()
    for name in frame.columns:
        for value in frame[name].tolist():
            for leaf in leaves(value):
                found |= spellings(leaf)
    for name in frame.attrs["intercom"]["children"]:
        found |= in_frame(frame.attrs["intercom"].children[name].frame())
    return found


def spellings(value: Any) -> set[str]:
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return set()
    if isinstance(value, pd.Timestamp):
        return {str(int(value.timestamp()))}
    if isinstance(value, (bool, np.bool_)):
        return {str(bool(value))}
    if isinstance(value, (int, np.integer)):
        return {str(int(value))}
    if isinstance(value, float):
        return {str(int(value)) if value.is_integer() else repr(value)}
    texts = {value}
    try:  # objects that have no columns of their own are kept as JSON
        inner = json.loads(value)
    except (ValueError, RecursionError):
        return texts
    return texts.union(*(spellings(leaf) for leaf in leaves(inner))) if inner != value else texts


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
@example([{"id": [{}]}])
@example([{"id": [{"name": "x"}]}])
def test_frame_loses_no_value_when_nothing_is_declared(records: list[dict[str, Any]]) -> None:
    check(records, {})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RECORDS)
def test_frame_loses_no_value_when_columns_are_declared(records: list[dict[str, Any]]) -> None:
    check(records, CONTACT)


def check(records: list[dict[str, Any]], declared: Any) -> None:
    sent = json.loads(json.dumps(records))
    frame = build_frame(records, declared, "contact")
    assert records == sent, "the records were changed"
    assert len(frame) == len(records)
    json.dumps(frame.attrs)
    found = in_frame(frame)
    lost = [leaf for leaf in leaves(records) if not spellings(leaf) & found]
    allowed = {repr(leaf) for record in records for leaf in droppable(record)}
    allowed |= {repr(leaf) for record in records for leaf in misplaced(record, declared)}
    assert {repr(leaf) for leaf in lost} <= allowed
    # A time is in whole seconds: a fraction is cut, as documented, and not counted.
    uncounted = [leaf for leaf in lost if not (isinstance(leaf, float) and cut(leaf) & found)]
    assert not uncounted or odd_values(frame), "lost without a count"


def cut(leaf: float) -> set[str]:
    return {str(math.floor(leaf))} if math.isfinite(leaf) else set()


def droppable(value: Any) -> list[Any]:
    """What stands in a list and is not an object, so has no row in a child table."""
    if isinstance(value, dict):
        return [leaf for v in value.values() for leaf in droppable(v)]
    if isinstance(value, list):
        inside = [leaf for v in value if isinstance(v, dict) for leaf in droppable(v)]
        return inside + [leaf for v in value if not isinstance(v, dict) for leaf in leaves(v)]
    return []


def misplaced(record: dict[str, Any], declared: Any) -> list[Any]:
    """What stands in place of a declared time or list."""
    found: list[Any] = []
    for path, kind in declared.items():
        if kind == "time" or isinstance(kind, ListColumn):
            value: Any = record
            for key in (path if kind == "time" else kind.list).split("."):
                if isinstance(kind, ListColumn) and not isinstance(value, dict):
                    found += leaves(value)
                value = value.get(key) if isinstance(value, dict) else None
            found += leaves(value) if kind == "time" or not isinstance(value, list) else []
    return found


def odd_values(frame: pd.DataFrame) -> int:
    info = frame.attrs["intercom"]
    inner = sum(odd_values(child.frame()) for child in info.children.values())
    return sum(info.get("odd_values", {}).values()) + inner
