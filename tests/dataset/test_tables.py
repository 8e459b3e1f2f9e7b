"""Tables of a dataset: the same whichever way the records were read."""

from __future__ import annotations

import json

import msgspec
import pyarrow as pa
import pytest

from intercom_nb.dataset.tables import to_tables
from intercom_nb.demo import TOKEN, DemoRequest, DemoWorkspace
from intercom_nb.frames.read import records

ODD = [
    {"id": "1", "created_at": 5, "custom_attributes": {"a": [1, 2], "b": "2026-01-31"}},
    {"id": 2, "created_at": "x", "custom_attributes": {"a": [True], "b": 1, "c": {"d": []}}},
    {"id": None, "tags": {"tags": [{"id": 1}, {"id": "b", "new": [None]}]}, "new": 1.5},
    {"tags": {"tags": []}, "new": 7},
]


def demo_records(path: str, key: str) -> list[dict]:
    headers = {"authorization": f"Bearer {TOKEN}", "intercom-version": "2.15"}
    request = DemoRequest("GET", path, [("per_page", "50")], headers)
    answer = DemoWorkspace(rate_limit=None).handle(request)
    return json.loads(answer.body)[key]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("entity", "record", "path", "key"),
    [
        ("conversations", "conversation_list_item", "/conversations", "conversations"),
        ("contacts", "contact", "/contacts", "data"),
        ("companies", "company", "/companies", "data"),
        ("articles", "article_list_item", "/articles", "data"),
    ],
)
def test_to_tables_returns_equal_tables_when_types_are_learned_or_not(
    monkeypatch, entity, record, path, key
):
    for found in (demo_records(path, key), ODD, []):
        raws = [msgspec.Raw(msgspec.json.encode(one)) for one in found]
        monkeypatch.setattr(records, "_WORTHWHILE", len(raws) + 1)
        expected = to_tables(raws, entity, record)
        monkeypatch.setattr(records, "_WORTHWHILE", 0)
        tables = to_tables(raws, entity, record)
        assert tables.keys() == expected.keys()
        for name, table in expected.items():
            assert tables[name].schema == table.schema, name
            assert tables[name].equals(table), name
        assert expected[entity].num_rows == len(found)


@pytest.mark.parametrize(
    ("labels", "texts"),
    [
        (["a", None, "b"], ["a", None, "b"]),
        ([7, None, 2**53 + 1], ["7", None, "9007199254740993"]),
        ([True, False], ["true", "false"]),
        ([1.5, 2.0], ["1.5", "2"]),
        ([1, "a", True], ["1", "a", "true"]),
        ([None], [None]),
    ],
)
def test_column_of_labels_is_text_when_they_are_of_any_type(labels, texts):
    tags = [{"tags": {"tags": [{"id": one} for one in labels]}}, {"tags": {"tags": []}}, {}]
    raws = [msgspec.Raw(msgspec.json.encode({"id": "1", **one})) for one in tags]
    column = to_tables(raws, "conversations", "conversation")["conversations"]["tags"]
    assert column.type == pa.list_(pa.string())
    assert column.to_pylist() == [texts, [], None]
