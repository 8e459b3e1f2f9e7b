"""Lists of objects become child tables, which know their parents."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scripted_server import demo_connector, demo_workspace

from intercom_nb import catalog
from intercom_nb.errors import UnknownNameError
from intercom_nb.frames import build_frame

PART = {
    "type": "conversation_part",
    "id": "p1",
    "body": "<p>hi 🎉</p>",
    "author": {"type": "admin", "id": 7, "name": "Ada"},
    "attachments": [{"type": "upload", "name": "a.png", "filesize": 5}],
    "created_at": 1790812800,
}


def conversation(*records: dict[str, Any]) -> pd.DataFrame:
    return build_frame(
        records, catalog.record_columns("conversation"), "conversation", {"entity": "x"}
    )


def parts(*items: Any) -> dict[str, Any]:
    return {"conversation_parts": {"conversation_parts": list(items), "total_count": len(items)}}


TWO = (
    {"id": "1", **parts(PART, {**PART, "id": "p2", "attachments": []})},
    {"id": 2, **parts({**PART, "id": "p3"})},
)


def test_children_has_the_id_of_the_parent_when_a_list_holds_objects() -> None:
    table = conversation(*TWO).intercom.children("conversation_parts")
    assert table.columns[0] == "conversation_id"
    assert table["conversation_id"].tolist() == ["1", "1", "2"]
    assert table["id"].tolist() == ["p1", "p2", "p3"]
    assert table["author.id"].tolist() == ["7", "7", "7"]
    assert table["created_at"][0] == pd.Timestamp("2026-10-01", tz="UTC")


def test_children_are_nested_tables_when_their_objects_hold_lists() -> None:
    table = conversation(*TWO).intercom.children("conversation_parts")
    assert table["attachments"].tolist() == [["a.png"], [], ["a.png"]]
    files = table.intercom.children("attachments")
    assert files["conversation_part_id"].tolist() == ["p1", "p3"]
    assert files["filesize"].tolist() == [5, 5]


def test_children_match_the_remaining_rows_when_the_frame_is_filtered() -> None:
    frame = conversation(*TWO)
    assert frame.head(1).intercom.children("conversation_parts")["id"].tolist() == ["p1", "p2"]
    assert frame[frame["id"] == "2"].intercom.children("conversation_parts")["id"].tolist() == [
        "p3"
    ]
    assert frame.iloc[:0].intercom.children("conversation_parts").empty
    turned = frame.sort_values("id", ascending=False)
    assert set(turned.intercom.children("conversation_parts")["id"]) == {"p1", "p2", "p3"}


@pytest.mark.parametrize(
    "container",
    [None, {}, {"tags": None}, {"tags": []}, [], {"type": "tag.list"}, "absent"],
    ids=repr,
)
def test_children_is_empty_when_the_container_is_empty(container: Any) -> None:
    record = {"id": "1"} if container == "absent" else {"id": "1", "tags": container}
    table = conversation(record).intercom.children("tags")
    assert table.empty
    assert table.columns[0] == "conversation_id"
    assert {"id", "name", "applied_at"} <= set(table.columns)
    assert str(table["applied_at"].dtype) == "datetime64[s, UTC]"


@pytest.mark.parametrize(
    "wrap", [lambda tags: tags, lambda tags: {"type": "tag.list", "tags": tags}]
)
def test_list_is_read_when_it_is_bare_or_in_a_container(wrap: Any) -> None:
    frame = conversation({"id": "1", "tags": wrap([{"id": 5, "name": "bug"}])})
    assert frame["tags"].tolist() == [["5"]]
    assert frame.intercom.children("tags")["name"].tolist() == ["bug"]


def test_list_is_read_when_a_page_mixes_bare_and_wrapped_ones() -> None:
    frame = conversation(
        {"id": "1", "tags": [{"id": "a"}]},
        {"id": "2", "tags": {"tags": [{"id": "b"}]}},
        {"id": "3", "tags": None},
    )
    assert frame["tags"].tolist() == [["a"], ["b"], None]
    table = frame.intercom.children("tags")
    assert table[["conversation_id", "id"]].to_numpy().tolist() == [["1", "a"], ["2", "b"]]


@pytest.mark.parametrize(
    ("odd", "kept"),
    [
        ("text", '"text"'),
        (5, "5"),
        (["a", "b"], '["a","b"]'),
        ({"tags": "x"}, '"x"'),
    ],
)
def test_frame_keeps_a_value_as_json_when_it_is_not_a_list_of_objects(odd: Any, kept: str) -> None:
    frame = conversation({"id": "1", "tags": odd}, {"id": "2"})
    assert frame["tags"].tolist()[0] == kept
    assert "tags" not in frame.attrs["intercom"]["children"]


@pytest.mark.parametrize("odd", [[None], [{}], ["b"], [5, None, [1]], [[{"id": "x"}]]], ids=repr)
@pytest.mark.parametrize("name", ["tags", "custom_attributes.tags", "new"])
def test_children_skip_and_count_odd_entries_when_others_are_objects(name: str, odd: Any) -> None:
    def record(key: str, *items: Any) -> dict[str, Any]:
        *parents, last = name.split(".")
        holder = {last: list(items)}
        return {"id": key, **({parents[0]: holder} if parents else holder)}

    good = {"id": "a", "name": "bug"}
    frame = conversation(record("1", good, *odd, {**good, "id": "b"}), record("2", good))
    assert frame[name].tolist() == [["a", "b"], ["a"]]
    table = frame.intercom.children(name)
    assert table[["conversation_id", "id"]].to_numpy().tolist() == [
        ["1", "a"],
        ["1", "b"],
        ["2", "a"],
    ]
    assert table["name"].tolist() == ["bug"] * 3
    assert name in frame.attrs["intercom"]["as_received"]
    assert frame.attrs["intercom"]["odd_values"] == {name: len(odd)}


@pytest.mark.parametrize("odd", ["text", 5, {"tags": "x"}, ["a", "b"]], ids=repr)
def test_children_keep_their_table_when_one_record_has_no_list(odd: Any) -> None:
    frame = conversation({"id": "1", "tags": odd}, {"id": "2", "tags": {"tags": [{"id": 5}]}})
    assert frame["tags"].tolist()[1] == ["5"]
    assert frame.intercom.children("tags")["conversation_id"].tolist() == ["2"]
    assert "tags" in frame.attrs["intercom"]["odd_values"]


def test_children_have_unknown_fields_when_objects_hold_them() -> None:
    frame = conversation(
        {"id": "1", **parts({**PART, "new": {"er": [1, 2]}, "conversation_id": "own"})}
    )
    table = frame.intercom.children("conversation_parts")
    assert table["new.er"].tolist() == [[1, 2]]
    assert table["conversation_id"].tolist() == ["1"]


def test_children_suggests_the_nearest_name_when_the_list_is_unknown() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean tags"):
        conversation({"id": "1"}).intercom.children("tgs")


def test_accessor_raises_when_the_frame_is_not_a_result() -> None:
    with pytest.raises(AttributeError, match="not a result of intercom_nb, or it lost its attrs"):
        _ = pd.DataFrame({"id": [1]}).intercom.info


@pytest.mark.parametrize(
    "step",
    [
        lambda f: f.head(1),
        lambda f: f[["id", "tags"]],
        lambda f: f.loc[f["id"] == "1"],
        lambda f: f.copy(),
        lambda f: copy.deepcopy(f),
        lambda f: pickle.loads(pickle.dumps(f)),
        lambda f: f.sort_values("id"),
        lambda f: f.assign(more=1),
        lambda f: f.reset_index(drop=True),
        lambda f: pd.concat([f.head(1), f.tail(1)]),
        lambda f: f.rename(columns={"title": "t"}),
    ],
    ids=range(11),
)
def test_attrs_are_kept_when_pandas_derives_a_frame(step: Any) -> None:
    frame = conversation(*TWO)
    derived = step(frame)
    assert derived.attrs["intercom"]["entity"] == "x"
    wanted = set(derived["id"])
    assert set(derived.intercom.children("conversation_parts")["conversation_id"]) == wanted


def test_attrs_have_no_records_when_they_are_written_as_json() -> None:
    frame = conversation(*TWO)
    text = json.dumps(frame.attrs)
    assert "<p>" not in text
    assert "conversation_parts" in frame.attrs["intercom"]["children"]
    info = frame.intercom.info
    info["entity"] = "changed"
    assert frame.attrs["intercom"]["entity"] == "x"


def test_result_keeps_ids_times_and_attrs_when_pandas_writes_parquet(tmp_path: Path) -> None:
    frame = demo_connector().sync.conversations.list(limit=20)
    frame.to_parquet(tmp_path / "c.parquet")
    again = pd.read_parquet(tmp_path / "c.parquet")
    assert again["id"].tolist() == frame["id"].tolist()
    assert again["created_at"].tolist() == frame["created_at"].tolist()
    assert again.attrs["intercom"]["entity"] == "conversations"
    with pytest.raises(UnknownNameError, match="not stored in files"):
        again.intercom.children("tags")


def test_children_returns_every_part_when_a_demo_conversation_is_read() -> None:
    known = demo_workspace().store
    c = demo_connector()
    some = c.sync.conversations.list(limit=3)["id"].tolist()
    for id_ in some:
        frame = c.sync.conversations.get(id_)
        assert len(frame) == 1
        table = frame.intercom.children("conversation_parts")
        assert len(table) == frame["statistics.count_conversation_parts"].iloc[0]
        assert set(table["conversation_id"]) == {id_}
        assert table["id"].is_unique
    assert known is demo_workspace().store
