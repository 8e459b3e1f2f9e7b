"""Records become frames: the declared columns always, everything else too, every value exact."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from scripted_server import ScriptedServer

from intercom_nb import catalog
from intercom_nb.catalog.declared_columns import ListColumn
from intercom_nb.frames import build_frame
from intercom_nb.frames.read.columns import STRING

CONTACT = catalog.record_columns("contact")
KINDS = {op.record for op in catalog.operations() if op.record}
DTYPES = {
    "id": STRING,
    "string": STRING,
    "json": STRING,
    "integer": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "time": "datetime64[s, UTC]",
    "ids": "object",
    "strings": "object",
}


def frame_of(*records: dict[str, Any], record: str = "contact") -> pd.DataFrame:
    return build_frame(records, catalog.record_columns(record), record)


@pytest.mark.parametrize("record", sorted(KINDS))
@pytest.mark.parametrize("rows", [[], [{}], [{"id": "1"}], [{"id": None}, {}]], ids=repr)
def test_frame_has_the_declared_columns_when_records_are_empty(
    record: str, rows: list[dict[str, Any]]
) -> None:
    declared = catalog.record_columns(record)
    frame = build_frame(rows, declared, record)
    expected = {
        name: "object" if isinstance(kind, ListColumn) else DTYPES[kind]
        for name, kind in declared.items()
        if kind != "attributes"
    }
    assert list(frame.columns)[: len(expected)] == list(expected)
    assert {n: str(frame[n].dtype) for n in expected} == {n: str(t) for n, t in expected.items()}
    assert len(frame) == len(rows)
    assert isinstance(frame.index, pd.RangeIndex)
    assert "as_received" not in frame.attrs["intercom"]


def test_frame_keeps_types_when_a_record_has_only_nulls() -> None:
    nulls = {name.split(".")[0]: None for name in CONTACT}
    frame = frame_of(nulls, {"id": "1"})
    assert frame.isna().iloc[0].all()
    assert [str(t) for t in frame.dtypes] == [str(t) for t in frame_of().dtypes]


def test_values_have_the_documented_types_when_records_are_regular() -> None:
    frame = frame_of(
        {
            "id": 5,
            "name": "Zoë 🎉 日本",
            "created_at": 1790812800,
            "has_hard_bounced": True,
            "tags": {"data": [{"id": 7}], "total_count": 1, "has_more": False},
            "location": {"country": "Éire"},
            "custom_attributes": {"plan": "pro", "seats": 3, "paid": True, "rate": 1.5},
        },
        {"id": "6"},
    )
    row = frame.iloc[0]
    assert row["id"] == "5"
    assert row["name"] == "Zoë 🎉 日本"
    assert row["created_at"] == pd.Timestamp("2026-10-01", tz="UTC")
    assert row["has_hard_bounced"] is np.True_
    assert row["tags"] == ["7"]
    assert row["tags.total_count"] == 1
    assert row["location.country"] == "Éire"
    assert frame["custom_attributes.plan"].dtype == STRING
    assert frame["custom_attributes.seats"].dtype == "Int64"
    assert frame["custom_attributes.paid"].dtype == "boolean"
    assert frame["custom_attributes.rate"].dtype == "float64"
    assert frame["custom_attributes.seats"].isna().tolist() == [False, True]


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)])
def test_whole_numbers_are_exact_when_a_float_would_round_them(number: int) -> None:
    frame = frame_of({"tags": {"total_count": number}}, {})
    assert frame["tags.total_count"].dtype == "Int64"
    assert int(frame["tags.total_count"][0]) == number
    frame = frame_of({"custom_attributes": {"n": number}}, {})
    assert int(frame["custom_attributes.n"][0]) == number


@pytest.mark.parametrize("number", [2**63, 2**64, 10**30, -(2**63) - 1])
def test_whole_numbers_are_kept_when_they_exceed_64_bits(number: int) -> None:
    frame = frame_of({"tags": {"total_count": number}}, {})
    assert frame["tags.total_count"].tolist() == [number, None]
    assert frame.attrs["intercom"]["as_received"] == ["tags.total_count"]
    assert frame_of({"custom_attributes": {"n": number}})["custom_attributes.n"].tolist() == [
        number
    ]


def test_whole_number_is_not_rounded_when_a_float_cannot_hold_it() -> None:
    exact = build_frame([{"a": 2**53}, {"a": 0.5}], {"a": "number"}, "x")
    assert exact["a"].tolist() == [2.0**53, 0.5]
    frame = build_frame([{"a": 2**53 + 1}, {"a": 0.5}], {"a": "number"}, "x")
    assert frame["a"].tolist() == [2**53 + 1, 0.5]
    assert frame.attrs["intercom"]["as_received"] == ["a"]
    frame = frame_of({"custom_attributes": {"n": 2**53 + 1}}, {"custom_attributes": {"n": 0.5}})
    assert frame["custom_attributes.n"].tolist() == [2**53 + 1, 0.5]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("has_hard_bounced", "yes"),
        ("has_hard_bounced", 1),
        ("name", 5.5),
        ("name", True),
        ("id", True),
        ("id", 1.5),
    ],
)
def test_frame_keeps_and_lists_a_value_when_its_type_is_another(column: str, value: Any) -> None:
    good = {"has_hard_bounced": False, "name": "Ada", "id": "1"}[column]
    frame = frame_of({column: value}, {column: good}, {column: None})
    assert frame[column].tolist() == [value, good, None]
    assert frame.attrs["intercom"]["as_received"] == [column]
    assert frame.attrs["intercom"]["odd_values"] == {column: 1}


NOT_TIMES = ["yesterday", True, {"a": 1}, [1], 10**30, 1e300, math.inf, 10**12 * 5, "2026-13-01"]


@pytest.mark.parametrize("value", NOT_TIMES, ids=repr)
def test_time_is_missing_and_counted_when_its_value_is_not_valid(value: Any) -> None:
    frame = frame_of({"created_at": value}, {"created_at": 1}, {"created_at": None})
    assert str(frame["created_at"].dtype) == "datetime64[s, UTC]"
    assert frame["created_at"].isna().tolist() == [True, False, True]
    assert frame.attrs["intercom"]["as_received"] == ["created_at"]
    assert frame.attrs["intercom"]["odd_values"] == {"created_at": 1}


@pytest.mark.parametrize("integers", [[50, 2**53], [None, -3], ["7", 8.0]], ids=repr)
def test_frame_widens_integers_when_one_value_has_a_fraction(integers: list[Any]) -> None:
    values = [*integers, 49.9]
    frame = frame_of(*({"tags": {"total_count": v}} for v in values), record="contact")
    assert frame["tags.total_count"].dtype == "float64"
    expected = [math.nan if v is None else float(v) for v in values]
    np.testing.assert_array_equal(frame["tags.total_count"].to_numpy(), expected)
    assert frame.attrs["intercom"]["odd_values"] == {"tags.total_count": 1}


@pytest.mark.parametrize("nobody", [0, "0", "", 0.0, None])
@pytest.mark.parametrize("record", ["conversation", "conversation_list_item", "ticket"])
def test_frame_has_no_assignee_when_the_id_is_zero_or_empty(record: str, nobody: Any) -> None:
    keys = ("admin_assignee_id", "team_assignee_id")
    frame = frame_of(*(dict.fromkeys(keys, v) for v in (nobody, 5, "7")), record=record)
    for key in keys:
        assert frame[key].isna().tolist() == [True, False, False]
        assert frame[key].tolist()[1:] == ["5", "7"]


@pytest.mark.parametrize("others", [(), ("abc",), (7, "0")], ids=repr)
def test_frame_has_ids_as_whole_numbers_when_they_come_as_floats(others: tuple[Any, ...]) -> None:
    values = [7700032.0, None, *others]
    expected = ["7700032", None, *map(str, others)]
    frame = frame_of(*({"id": "1", "owner_id": v} for v in values), record="contact")
    assert frame["owner_id"].dtype == STRING
    assert [None if pd.isna(v) else v for v in frame["owner_id"]] == expected
    assert frame.attrs["intercom"].get("odd_values", {}) == {}


@pytest.mark.parametrize("odd", [7.5, 2.0**60, True, [1]], ids=repr)
def test_frame_keeps_ids_as_received_when_one_is_no_id(odd: Any) -> None:
    frame = frame_of({"owner_id": "1"}, {"owner_id": odd}, record="contact")
    assert frame["owner_id"].tolist() == ["1", odd]
    assert frame.attrs["intercom"]["odd_values"] == {"owner_id": 1}


def test_frame_has_lists_of_ids_as_text_when_some_come_as_floats() -> None:
    lists = [[{"id": 1.0}, {"id": "b"}, {"id": 3}], [{"id": 4.0}]]
    frame = frame_of(*({"tags": {"data": items}} for items in lists), record="contact")
    assert frame["tags"].tolist() == [["1", "b", "3"], ["4"]]


@pytest.mark.filterwarnings("ignore:.*infer_string")
@pytest.mark.parametrize("infer_string", [True, False])
def test_text_keeps_its_dtype_when_pandas_infers_none(infer_string: bool) -> None:
    with pd.option_context("future.infer_string", infer_string):
        frame = frame_of({"id": "1", "name": "Ada"})
        assert frame["name"].dtype == STRING
        assert frame["name"].tolist() == ["Ada"]


def test_frame_parses_integers_when_they_are_text() -> None:
    frame = frame_of({"tags": {"total_count": "12"}}, {"tags": {"total_count": 3.0}})
    assert frame["tags.total_count"].tolist() == [12, 3]
    frame = frame_of({"tags": {"total_count": True}})
    assert frame["tags.total_count"].tolist() == [True]


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        (1790812800, "2026-10-01T00:00:00Z"),
        ("1790812800", "2026-10-01T00:00:00Z"),
        ("2026-10-01T02:00:00+02:00", "2026-10-01T00:00:00Z"),
        ("2026-10-01T00:00:00.000Z", "2026-10-01T00:00:00Z"),
        ("2026-10-01", "2026-10-01T00:00:00Z"),
        (0, "1970-01-01T00:00:00Z"),
        (-1, "1969-12-31T23:59:59Z"),
        (253402300799, "9999-12-31T23:59:59Z"),
        (1790812800000, "2026-10-01T00:00:00Z"),
        (1790812800000000, "2026-10-01T00:00:00Z"),
        ("1790812800000", "2026-10-01T00:00:00Z"),
        (1790812800.5, "2026-10-01T00:00:00Z"),
        ("1790812800.5", "2026-10-01T00:00:00Z"),
        (1790812800123.75, "2026-10-01T00:00:00Z"),
        ("2026-10-01 00:00:00 UTC", "2026-10-01T00:00:00Z"),
        ("2026-09-30T19:00:00.999-05:00", "2026-10-01T00:00:00Z"),
    ],
)
def test_times_become_utc_timestamps_when_their_format_is_known(written: Any, instant: str) -> None:
    frame = frame_of({"created_at": written}, {"created_at": None}, {"created_at": ""})
    assert str(frame["created_at"].dtype) == "datetime64[s, UTC]"
    assert frame["created_at"][0].to_pydatetime() == dt.datetime.fromisoformat(instant)
    assert frame["created_at"].isna().tolist() == [False, True, True]


def test_custom_attributes_become_columns_when_names_and_types_are_odd() -> None:
    names = ["a.b", "with space", "🎉", "Größe (m²)", "", "a", "id", "x\ny"]
    frame = frame_of({"custom_attributes": {n: f"value {i}" for i, n in enumerate(names)}})
    for i, name in enumerate(names):
        assert frame[f"custom_attributes.{name}"].tolist() == [f"value {i}"]
    mixed = [1, "two", 3.5, True, None, [1], {"type": "order.list", "instances": [{"id": "1"}]}]
    frame = frame_of(*({"custom_attributes": {"m": v}} for v in mixed))
    kept = frame["custom_attributes.m"].tolist()
    assert [None if pd.isna(v) else json.loads(v) for v in kept] == mixed
    frame = frame_of(*({"custom_attributes": {"m": v}} for v in mixed[:6]))
    assert frame["custom_attributes.m"].tolist() == mixed[:6]


@pytest.mark.parametrize("odd", [None, [], "text", 5, [{"a": 1}]], ids=repr)
def test_custom_attributes_are_kept_when_they_are_not_an_object(odd: Any) -> None:
    frame = frame_of(
        {"id": "1", "custom_attributes": odd}, {"id": "2", "custom_attributes": {"p": 1}}
    )
    assert frame["custom_attributes.p"].tolist() == [pd.NA, 1]
    if odd is not None:
        assert frame["custom_attributes"].tolist()[0] == odd


def test_columns_have_the_same_order_when_rows_are_reversed() -> None:
    rows = [
        {"id": "1", "custom_attributes": {"b": 1}, "zzz": {"y": 1}},
        {"id": "2", "custom_attributes": {"a": 1}, "aaa": 1, "zzz": {"x": 1}},
    ]
    assert list(frame_of(*rows).columns) == list(frame_of(*reversed(rows)).columns)


def test_frame_flattens_unknown_fields_when_they_are_nested() -> None:
    frame = frame_of(
        {
            "id": "1",
            "new_field": "x",
            "new_at": 1790812800,
            "new_id": 5,
            "new_ids": [1, "2"],
            "deep": {"er": {"and": {"deeper": 1, "list": [1, 2]}}},
            "location": {"planet": "Earth"},
            "objects": [{"id": 1, "note": "hi"}],
            "container": {"type": "list", "data": [{"id": "c"}], "total_count": 1},
        },
        {"id": "2"},
    )
    row = frame.iloc[0]
    assert row["new_field"] == "x"
    assert row["new_at"] == pd.Timestamp("2026-10-01", tz="UTC")
    assert row["new_id"] == "5"
    assert row["new_ids"] == ["1", "2"]
    assert row["deep.er.and.deeper"] == 1
    assert row["deep.er.and.list"] == [1, 2]
    assert row["location.planet"] == "Earth"
    assert row["objects"] == ["1"]
    assert frame.intercom.children("objects")["note"].tolist() == ["hi"]
    assert row["container.data"] == ["c"]
    assert row["container.total_count"] == 1
    assert frame.intercom.children("container.data")["id"].tolist() == ["c"]


def test_keys_get_separate_columns_when_a_dotted_key_equals_a_path() -> None:
    frame = frame_of(
        {"a.b": 1, "a": {"b": 2}, "location.country": "x", "location": {"country": "y"}}
    )
    assert (frame["a.b"].tolist(), frame["a.b'"].tolist()) == ([1], [2])
    assert frame["location.country"].tolist() == ["y"]
    assert frame["location.country'"].tolist() == ["x"]


def test_ids_column_has_text_when_its_lists_hold_numbers() -> None:
    frame = build_frame(
        [{"team_ids": [1, "2", None]}, {"team_ids": []}, {"team_ids": None}],
        {"team_ids": "ids"},
        "x",
    )
    assert frame["team_ids"].tolist() == [["1", "2", None], [], None]
    for odd in ([1.5], [True], [{"a": 1}], "1,2", 5):
        frame = build_frame([{"team_ids": odd}, {"team_ids": [1]}], {"team_ids": "ids"}, "x")
        assert frame["team_ids"].tolist() == [odd, [1]]
        assert frame.attrs["intercom"]["as_received"] == ["team_ids"]


@pytest.mark.parametrize(
    "avatar", [None, "https://a.example/x.png", {"type": "avatar", "image_url": "u"}]
)
def test_frame_has_the_avatar_when_it_is_a_url_or_an_object(avatar: Any) -> None:
    frame = frame_of({"id": "1", "avatar": avatar})
    if isinstance(avatar, dict):
        assert frame["avatar.image_url"].tolist() == ["u"]
    elif avatar:
        assert frame["avatar"].tolist() == [avatar]
    assert "avatar.image_url" in frame
    frame = frame_of({"id": "1", "avatar": avatar}, record="admin")
    flat = " ".join(map(str, frame.iloc[0].tolist()))
    assert avatar is None or (avatar if isinstance(avatar, str) else "image_url") in flat


def test_frame_keeps_each_value_when_rows_have_different_shapes() -> None:
    shapes: list[Any] = [{"location": "Dublin"}, {"location": {"country": "x"}}, {"location": 5}]
    frame = frame_of(*shapes)
    assert frame["location"].tolist() == ["Dublin", None, 5]
    assert frame["location.country"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize("value", [math.inf, -math.inf, 1e308, 5e-324, -0.0])
def test_frame_keeps_exact_floats_when_they_are_extreme(value: float) -> None:
    frame = build_frame([{"a": value}], {"a": "number"}, "x")
    assert repr(frame["a"].tolist()[0]) == repr(value)


def test_list_keeps_every_record_when_one_has_half_a_surrogate() -> None:
    page = '{"data":[{"id":"1","name":"Mia \\ud83d"},{"id":"2","name":"Noor"}],"pages":null}'
    server = ScriptedServer([httpx.Response(200, text=page)])
    contacts = server.connector().sync.contacts.list()
    assert contacts["name"].tolist() == ["Mia \ufffd", "Noor"]
    assert contacts.attrs["intercom"]["replaced_characters"] == 1
