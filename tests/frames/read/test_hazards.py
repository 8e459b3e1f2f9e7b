"""Frames of records with odd values equal what plain Python makes of their JSON."""

from __future__ import annotations

import copy
import functools
import json
import random
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import truth
from benchmarks.odd_values import spoil, vary
from benchmarks.records import Templates
from intercom_nb import catalog
from intercom_nb.frames import Records, frame_of

pytestmark = pytest.mark.slow
RECORDS = {"conversations": "conversation", "contacts": "contact"}


@functools.cache
def templates(entity: str) -> list[dict[str, Any]]:
    return Templates().search(entity, 200)


@pytest.mark.parametrize("entity", RECORDS)
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 300))
def test_frame_equals_plain_python_when_records_have_odd_values(entity, seed, rows):
    rng = random.Random(seed)
    records = [copy.deepcopy(rng.choice(templates(entity))) for _ in range(rows)]
    for number, record in enumerate(records):
        record["id"] = str(number)
        vary(entity, record, rng, number / rows)
        spoil(entity, record, rng)
    check(entity, records)


def check(entity: str, records: list[dict[str, Any]]) -> None:
    found = Records(catalog.record_columns(RECORDS[entity]))
    for start in range(0, len(records), 150):
        page = [json.dumps(record).encode() for record in records[start : start + 150]]
        found.add([msgspec.Raw(raw) for raw in page])
    frame = frame_of(found, RECORDS[entity])
    expected = truth.expected(entity, records)
    kinds = truth.declared()[RECORDS[entity]]
    assert rows_of(frame, kinds) == expected.pop(entity)
    for name, children in frame.attrs["intercom"].children.items():
        table = truth.table_name(RECORDS[entity], name)
        assert rows_of(children.frame(), kinds[name]["columns"]) == expected.pop(table, [])
    assert not expected


def rows_of(frame: pd.DataFrame, kinds: dict[str, Any]) -> list[truth.Row]:
    """Return the rows of a frame as plain Python, without what is missing."""
    rows: list[truth.Row] = [{} for _ in range(len(frame))]
    for name in frame.columns:
        values = frame[name].tolist()
        for row, value in zip(rows, values, strict=True):
            if not (
                value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
            ):
                row[name] = list(value) if isinstance(value, (tuple, np.ndarray)) else value
    return [truth.plain_row(row, kinds) for row in rows]
