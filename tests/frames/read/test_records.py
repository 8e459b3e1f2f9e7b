"""Records decoded by generated types give the frame that they give as dicts."""

from __future__ import annotations

import json
import pickle

import msgspec
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intercom_nb import catalog
from intercom_nb.catalog.declared_columns import ListColumn, RecordColumns
from intercom_nb.frames import KEY, Records, build_frame, decode_repaired, frame_of, ids_of
from intercom_nb.frames.read import level, records, shape

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
TAG = st.fixed_dictionaries(
    {}, optional={"id": st.text(max_size=2) | VALUES, "name": VALUES, "new": VALUES}
)
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "id": st.text(max_size=3) | st.integers(),
        "created_at": st.integers(0, 2**40) | VALUES,
        "tags": st.fixed_dictionaries({"tags": st.lists(TAG, max_size=2) | VALUES}),
        "custom_attributes": st.dictionaries(st.sampled_from(["a", "id"]), VALUES),
        "statistics": st.dictionaries(st.sampled_from(["count_reopens", "new"]), VALUES),
        "admin_assignee_id": st.integers(0, 9) | st.none() | VALUES,
    },
)
RECORDS = st.lists(LIKELY | st.dictionaries(KEYS, VALUES, max_size=6), max_size=5)
COLUMNS = {
    "id": "id",
    "created_at": "time",
    "open": "boolean",
    "admin_assignee_id": "id",
    "source.body": "string",
    "source.author.name": "string",
    "statistics.count_reopens": "integer",
    "statistics.ratio": "number",
    "custom_attributes": "attributes",
    "tags": ListColumn("tags.tags", {"id": "id", "name": "string", "applied_by.id": "id"}),
    "tags.total_count": "integer",
    "links": ListColumn("links", {"title": "string"}),
}


@pytest.fixture(autouse=True)
def by_generated_types(monkeypatch):
    """Decode all records by generated types, however few, with none known before."""
    monkeypatch.setattr(shape, "_shapes", {})
    monkeypatch.setattr(records, "_WORTHWHILE", 0)
    monkeypatch.setattr(records, "_BATCH", 2)
    monkeypatch.setattr(level, "BLOCK", 3)


def check(raws: list[bytes], declared: RecordColumns = COLUMNS, page: int = 150) -> Records:
    """Compare the frames, child tables too, and those of some rows of them in another order."""
    records = Records(declared)
    for start in range(0, len(raws), page):
        records.add([msgspec.Raw(raw) for raw in raws[start : start + page]])
    rows = [msgspec.json.decode(raw) for raw in raws]
    same(build_frame(rows, declared, "record"), frame_of(records, "record"))
    some = list(range(len(rows)))[1::-1]
    expected = build_frame([rows[row] for row in some], declared, "record")
    same(expected, frame_of(records, "record", rows=some))
    return records


def same(expected: pd.DataFrame, found: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(expected, found)
    assert expected.attrs == found.attrs
    for name in expected.columns if len(expected) < 100 else ():
        assert list(map(repr, expected[name])) == list(map(repr, found[name])), name
    for name, children in expected.attrs[KEY].children.items():
        table = found.attrs[KEY].children[name]
        same(children.frame(), table.frame())
        same(children.frame(), pickle.loads(pickle.dumps(table)).frame())


@pytest.mark.parametrize("record", ["conversation_list_item", "contact"])
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=RECORDS, page=st.integers(1, 3))
def test_records_return_the_frame_of_their_dicts_when_columns_are_declared(record, records, page):
    check([msgspec.json.encode(r) for r in records], catalog.record_columns(record), page)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(records=RECORDS, page=st.integers(1, 3))
def test_records_return_the_frame_of_their_dicts_when_types_are_mixed(records, page):
    check([msgspec.json.encode(r) for r in records], page=page)


@pytest.mark.parametrize(
    "raws",
    [
        [b'{"id":"2","id":"3","source":{"body":"a"},"source":{}}'],
        [b'{"id":"1"}', b'{"id":"2","brand new":{"x":1}}', b'{"id":"3","source":{"y":null}}'],
        [b'{"tags":{"tags":[{"id":1}]}}', b'{"tags":[{"id":"a"}]}', b'{"tags":{"tags":"x"}}'],
        [
            b'{"tags":{"tags":[{"id":1,"new":{"a":1}}]}}',
            b'{"tags":{"tags":[{"name":"x","new":{"b":null}}]}}',
            b'{"tags":[{"id":"a"}]}',
        ],
        [b'{"tags":{"tags":[{"id":"a"},{},null]}}', b"{}", b"{}", b'{"tags":5}'],
        [b'{"id":"1","tags":{"tags":[{"id":"a"}]}}', b'{"tags":{"tags":[{"id":"b","new":1}]}}'],
        [b'{"tags":{"tags":[]}}', b'{"tags":{"tags":null}}', b'{"tags":[]}'],
        [b'{"tags":{"tags":[]},"links":[]}', b'{"tags":{"tags":null}}', b'{"links":[]}'],
        [b'{"tags":{"tags":[]},"links":[]}', b'{"tags":{"tags":[null]},"links":[null]}'],
        [b'{"tags":{"tags":[{"name":null},{},{"new":null},{"applied_by":null}]}}'],
        [b'{"id":1}', b'{"id":"a"}', b'{"id":null}'],
        [b'{"tags":{"tags":[{"id":1},{"id":"a"}]}}', b'{"tags":{"tags":[{"id":2}]}}'],
        [b'{"tags":{"tags":[{"id":1}]}}', b'{"tags":{"tags":[{"id":1.5}]}}'],
        [b'{"id":null}', b'{"id":5}', b'{"id":18446744073709551616}'],
        [b'{"created_at":1}', b'{"created_at":300000000000}'],
        [b'{"created_at":1}', b'{"created_at":"2026-01-01T00:00:00Z"}'],
        [b'{"created_at":1}', b'{"created_at":1.5}', b'{"created_at":true}'],
        [b'{"open":true}', b'{"open":1}'],
        [b'{"statistics":{"count_reopens":1}}', b'{"statistics":{"count_reopens":1e30}}'],
        [b'{"custom_attributes":{"a":1}}', b'{"custom_attributes":{"a":"x","id":2}}'],
        [b'{"custom_attributes":{"a":1}}', b'{"custom_attributes":[1]}'],
        [
            b'{"links":[{"title":"a"}],"source":{"body":"\\u00e9\\ud83d\\ude00\\u0000"}}',
            b'{"source":"text"}',
        ],
        [b"{}", b"{}"],
        [],
    ],
)
def test_records_return_the_frame_of_their_dicts_when_they_are_odd(raws):
    check(raws)


def test_values_stay_exact_when_a_late_one_does_not_fit():
    raws = [msgspec.json.encode({"id": str(n), "open": n % 2 == 0}) for n in range(2_500)]
    check([*raws, b'{"id":7,"open":"yes"}'])
    check([b"{}"] * 2_500 + [b'{"id":7}', b'{"id":"7"}'])


@pytest.mark.parametrize(
    "attribute",
    [
        b'"2026-01-31"',
        b'"2026-01-31T10:00:00Z"',
        b"9007199254740993",
        b"[1, 2.5]",
        b"[null, 1]",
        b'{"x":1}',
        b'[{"x":1}]',
        b'[["2026-01-31"]]',
        b"1.0",
        b"null",
    ],
)
@pytest.mark.parametrize("other", [b"null", b"1.5", b'"text"', b"[null]", b"{}"])
def test_values_stay_exact_when_types_clash(attribute, other):
    """Also where such an attribute was seen before, and now is nowhere or always null."""
    for key in (b"a", b"some_id"):
        raws = [b'{"custom_attributes":{"%b":%b}}' % (key, value) for value in (attribute, other)]
        check(raws)
        check([b'{"%b":%b,"tags":{"tags":[{"%b":%b}]}}' % (key, other, key, attribute), b"{}"])
        check([b'{"custom_attributes":{"b":1}}', b'{"custom_attributes":{"%b":null}}' % key])
        check([b'{"custom_attributes":{"b":1}}'])


@pytest.mark.parametrize("space", ["", " ", "\n  "])
def test_frame_is_the_same_when_the_json_has_spaces(space):
    row = '{"id":"1","created_at":5,"tags":{"tags":[{"id":"a"}]},"source":{"body":"b\\n"},"n":[1]}'
    spaced = row.replace(":", f":{space}").replace(",", f",{space}").replace("{", f"{{{space}")
    check([spaced.encode(), row.encode(), spaced.encode()])


def test_frame_has_all_columns_when_records_all_differ():
    check([msgspec.json.encode({"id": str(n), f"key {n}": n}) for n in range(600)])


@pytest.mark.parametrize("bad", [b"5", b"null", b"[]", b'{"title":"\\x"}', b"[" * 5_000])
def test_records_raise_and_add_nothing_when_one_is_not_an_object(bad):
    records = Records(COLUMNS)
    for learned in range(2):
        with pytest.raises(msgspec.DecodeError):
            records.add([msgspec.Raw(b'{"id":"2"}'), msgspec.Raw(bad)])
        assert len(records) == learned
        records.add([msgspec.Raw(b'{"id":7}')])


@pytest.mark.parametrize("bad", [b"5", b"null", b'{"id":"3"', b"[]"])
def test_ids_of_raises_when_a_record_is_not_an_object(bad):
    assert ids_of([msgspec.Raw(b'{"id":"2"}'), msgspec.Raw(b"{}")]) == ["2", None]
    with pytest.raises(msgspec.DecodeError):
        ids_of([msgspec.Raw(b'{"id":"2"}'), msgspec.Raw(bad)])


@pytest.mark.parametrize(
    "record",
    [
        {"type": "contact", "id": "6"}, {"id": "6"}, {"id": ""}, {"name": "x", "id": "6"},
        {"id": 6}, {"id": None}, {"id": 'a"b'}, {"id": "a\\b"}, {"id": "Zoë"}, {"id": {"id": "6"}},
        {"type": "a b", "id": "6"}, {"type": {"id": "5"}, "id": "6"}, {"type": "contact"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\n", "\t: ")])
def test_ids_of_equals_the_parsed_id_when_records_begin_in_any_way(record, separators):
    raws = [json.dumps(each, separators=separators).encode() for each in (record, {"id": "7"})]
    assert ids_of([*map(msgspec.Raw, raws)]) == [record.get("id"), "7"]


@pytest.mark.parametrize(
    ("text", "repaired", "count"),
    [
        (r"Mia \ud83d", "Mia \ufffd", 1),
        (r"\uDE00\ud83d\ude00\ud83d\\", "\ufffd\U0001f600\ufffd\\", 2),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600", 1),
        (r"\\ud83d \udc00 \"", '\\ud83d \ufffd "', 1),
    ],
)
@pytest.mark.parametrize("place", ['{"source":{"body":"%s"}}', '{"custom_attributes":{"%s":1}}'])
def test_records_replace_half_surrogates_when_a_record_has_one(text, repaired, count, place):
    records = Records(COLUMNS)
    raws = [b'{"id":"1","source":{"body":"a"}}', (place % text).encode()]
    records.add(list(map(msgspec.Raw, raws)))
    frame = frame_of(records, "record")
    found = [*frame.columns, *frame["source.body"]]
    assert any(
        isinstance(v, str) and v.removeprefix("custom_attributes.") == repaired for v in found
    )
    assert frame.attrs[KEY]["replaced_characters"] == count
    assert records.dicts([0])[0]["source"] == {"body": "a"}


NUMBERS = ["1e999", "-1E+400", "9" * 5000, "NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(
    ("place", "column", "odd"),
    [
        ('{"id":"2","created_at":%s}', "created_at", 1),
        ('{"id":"2","statistics":{"count_reopens":%s}}', "statistics.count_reopens", 1),
        ('{"id":"2","custom_attributes":{"Infinity \\"NaN":%s}}', 'Infinity "NaN', 0),
    ],
)
def test_records_keep_other_columns_exact_when_a_number_cannot_be_read(number, place, column, odd):
    good = b'{"id":"1","created_at":1,"statistics":{"count_reopens":5}}'
    for _ in range(2):  # the second time with the shape that was learned
        records = Records(COLUMNS)
        records.add([msgspec.Raw(good), msgspec.Raw((place % number).encode())])
        frame = frame_of(records, "record")
        assert frame["id"].tolist() == ["1", "2"]
        assert frame.loc[0, "created_at"].timestamp() == 1
        assert frame.loc[0, "statistics.count_reopens"] == 5
        assert sum(frame.attrs[KEY].get("odd_values", {}).values()) == odd
        name = next(c for c in frame.columns if c.endswith(column))
        assert name == "created_at" or frame.loc[1, name] == number
    assert ids_of([msgspec.Raw((place % number).encode())]) == ["2"]


@pytest.mark.parametrize("content", [b'["' + b'\\"' * 300_000, b"[" + b"9." * 300_000, b"[\\"])
def test_repair_is_refused_when_the_json_cannot_be_repaired(content):
    with pytest.raises(msgspec.DecodeError):
        decode_repaired(content, msgspec.json.decode)


def test_records_keep_a_value_when_it_replaces_an_object():
    check([b'{"source":{"body":1}}', b'{"source":{"body":"a"}}'])
    check([b'{"source":5}', b'{"source":{"body":[1,"a"]}}'])
    check([b'{"source":{"body":1}}', b'{"source":[{"body":"a"},7]}'])


@pytest.mark.parametrize("key", [b"a", b"\\u0061", b'\\"a', b"a.b"])
def test_keys_are_found_when_they_are_escaped(key):
    raws = [
        b'{"custom_attributes":{"%b":1},"source":{"body":"\\"%b\\":1"}}' % (key, key),
        b'{"custom_attributes":{"%b":"1"},"new":[{"%b":1}]}' % (key, key),
        b'{"custom_attributes":{"%b" : {"x":[1,{}]}},"source":{"%b":1}}' % (key, key),
    ]
    check(raws)
    check(raws)


def test_frame_is_writable_when_it_was_built_from_records():
    raws = [
        msgspec.Raw(b'{"id":"1","created_at":1,"open":true,"statistics":{"count_reopens":5}}')
    ] * 2
    records = Records(COLUMNS)
    records.add(raws)
    frame = frame_of(records, "conversation")
    for name in frame.columns:
        frame.loc[0, name] = frame.loc[1, name]
    assert frame.loc[0, "statistics.count_reopens"] == 5
