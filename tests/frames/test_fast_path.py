"""The fast way from JSON to a frame gives what the generic way gives, for any records."""

from __future__ import annotations

import msgspec
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intercom_nb import catalog
from intercom_nb.frames import KEY, build_frame, read_records

pytestmark = pytest.mark.slow

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["id", "type", "a", "b.c", "tags"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from(
    ["id", "created_at", "tags", "source", "custom_attributes", "company", "statistics", "new"]
)
RECORDS = st.lists(st.dictionaries(KEYS, VALUES, max_size=6), max_size=5)


def same(records, declared):
    raws = [msgspec.Raw(msgspec.json.encode(r)) for r in records]
    rows = [msgspec.json.decode(raw) for raw in raws]
    slow, fast = (
        build_frame(rows, declared, "record"),
        build_frame(read_records(raws, declared), declared, "record"),
    )
    pd.testing.assert_frame_equal(slow, fast)
    assert slow.attrs == fast.attrs
    for name, children in slow.attrs[KEY].children.items():
        pd.testing.assert_frame_equal(children.frame(), fast.attrs[KEY].children[name].frame())


@pytest.mark.parametrize("record", ["conversation", "conversation_list_item", "contact", "ticket"])
@settings(max_examples=12, deadline=None)
@given(records=RECORDS)
def test_any_records_give_the_same_frame_both_ways(record, records):
    same(records, catalog.record_columns(record))


def test_a_new_field_in_the_middle_is_not_lost():
    columns = catalog.record_columns("contact")
    same(
        [{"id": "1"}, {"id": "2", "brand new": {"x": 1}}, {"id": "3", "location": {"y": None}}],
        columns,
    )
