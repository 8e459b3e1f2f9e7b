"""Types that clash between pages, slices and runs: every value stays exact."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dataset.harness import conversation, write_dataset

pytestmark = pytest.mark.slow

KINDS: dict[str, Any] = {
    "null": None,
    "true": True,
    "int": 7,
    "negative": -7,
    "2**53": 2**53,
    "2**53 + 1": 2**53 + 1,
    "2**63": 2**63,
    "2**70": 2**70,
    "fraction": 0.1,
    "whole float": 3.0,
    "large float": 1e300,
    "text": "seven",
    "digits": "7",
    "no text": "",
    "no list": [],
    "texts": ["a", "b"],
    "numbers": [1, 2.5],
    "object": {"a": 1},
}
LAYOUTS = {
    "one page": [[0, 1]],
    "two slices": [[0], [1]],
    "two runs": [[0], None, [1]],
    "a merge of three": [[0], None, [1], None, [0]],
}


def read_back(stored: Any, sent: Any) -> Any:
    """Return what a stored value says of the value that was sent."""
    if isinstance(stored, list):
        items = sent if isinstance(sent, list) else [sent] * len(stored)
        return [read_back(s, i) for s, i in zip(stored, items, strict=True)]
    if isinstance(stored, str) and not isinstance(sent, str):
        found = json.loads(stored)
        # A list that became text later holds texts, as lists of a dataset do.
        return read_back(found, sent) if isinstance(sent, list) and found != sent else found
    return stored


@pytest.mark.parametrize("layout", LAYOUTS)
def test_column_keeps_exact_values_when_two_types_meet_in_it(tmp_path: Path, layout: str) -> None:
    pairs = list(itertools.product(KINDS, KINDS))
    records = [
        conversation(at, {" / ".join(pair): KINDS[pair[at]] for pair in pairs}) for at in (0, 1)
    ]
    chosen = [None if rows is None else [records[row] for row in rows] for rows in LAYOUTS[layout]]
    table = write_dataset(tmp_path / "d", chosen).arrow("conversations")
    rows = {row["id"]: row for row in table.to_pylist()}
    wrong = [
        (pair, at, rows[str(at)][f"custom_attributes.{' / '.join(pair)}"])
        for pair in pairs
        for at in (0, 1)
        if read_back(rows[str(at)][f"custom_attributes.{' / '.join(pair)}"], KINDS[pair[at]])
        != KINDS[pair[at]]
    ]
    assert wrong == []


def test_column_has_the_same_type_when_types_meet_in_a_page_or_in_a_merge(
    tmp_path: Path,
) -> None:
    pairs = list(itertools.product(KINDS, KINDS))
    records = [
        conversation(at, {" / ".join(pair): KINDS[pair[at]] for pair in pairs}) for at in (0, 1)
    ]
    schemas = {}
    for layout, batches in LAYOUTS.items():
        chosen = [None if rows is None else [records[row] for row in rows] for rows in batches]
        schemas[layout] = write_dataset(tmp_path / layout, chosen).arrow("conversations").schema
    assert schemas["two slices"] == schemas["two runs"] == schemas["a merge of three"]
    different = [
        f.name
        for f, g in zip(schemas["one page"], schemas["two slices"], strict=True)
        if f.type != g.type
    ]
    assert different == []


NUMBERS = st.one_of(
    st.integers(-(2**80), 2**80),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53) - 2, -(2**53) + 2),
    st.integers(2**53 - 2, 2**53 + 2),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=6), st.integers(0, 5))
def test_column_keeps_exact_numbers_when_they_are_split_over_runs(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float], cut: int
) -> None:
    records = [conversation(at, {"n": number}) for at, number in enumerate(numbers)]
    batches = [b if b else None for b in (records[:cut], None, records[cut:])]
    table = write_dataset(tmp_path_factory.mktemp("d") / "d", batches).arrow("conversations")
    kind = table.schema.field("custom_attributes.n").type
    assert kind in (pa.int64(), pa.float64(), pa.string())
    found = {row["id"]: row["custom_attributes.n"] for row in table.to_pylist()}
    assert {int(k): read_back(v, 0) for k, v in found.items()} == dict(enumerate(numbers))
