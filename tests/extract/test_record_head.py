"""Heads of records, read as leniently as a frame reads them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest

from intercom_nb.extract.record_head import RecordHead, parse_head
from intercom_nb.extract.source import has_cut_parts
from tests.extract.harness import Bench
from tests.extract.workspace import BORN


def raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


@pytest.mark.parametrize(
    "value",
    [
        BORN,
        float(BORN),
        str(BORN),
        BORN * 1000,
        BORN * 1000 + 999,
        BORN + 0.75,
        "2023-11-14T22:13:20Z",
        "2023-11-14T22:13:20.500+00:00",
    ],
)
def test_head_has_the_same_time_when_its_format_differs(value: Any) -> None:
    head = parse_head(raw({"id": 7, "created_at": value, "updated_at": [value]}))
    assert head is not None
    assert (head.id, head.created_at, head.updated_at) == ("7", BORN, None)


def answer_bytes(b: Bench, change: Callable[[bytes], bytes]) -> None:
    """Change the bytes of each response."""
    send = b.transport.handle_async_request

    async def send_changed(request: httpx.Request) -> httpx.Response:
        response = await send(request)
        content = change(await response.aread())
        headers = {k: v for k, v in response.headers.items() if k != "content-length"}
        return httpx.Response(response.status_code, headers=headers, content=content)

    b.transport.handle_async_request = send_changed


@pytest.mark.parametrize("with_parts", [False, True])
def test_extract_replaces_half_surrogates_when_records_hold_them(bench, with_parts: bool) -> None:
    b = bench(conversations=30, contacts=0)
    keys = sorted(b.workspace.data["conversations"])[:3]
    for key in keys:
        b.workspace.data["conversations"][key]["title"] = f"{key} HALF!"
    answer_bytes(b, lambda content: content.replace(b"HALF", rb"\ud83d"))
    ds = b.extract(with_parts=with_parts)
    titles = ds.pandas("conversations", ["id", "title"]).set_index("id")["title"]
    assert len(titles) == 30
    assert titles[keys].tolist() == [f"{key} \ufffd!" for key in keys]
    assert ds.audit["repaired"].sum() >= 3


@pytest.mark.slow
@pytest.mark.parametrize("with_parts", [False, True])
@pytest.mark.parametrize("number", ["1e999", "NaN", "9" * 5000])
def test_extraction_is_complete_when_a_number_cannot_be_read(
    bench, number: str, with_parts: bool
) -> None:
    b = bench(conversations=30, contacts=0)
    for one in list(b.workspace.data["conversations"].values())[:3]:
        one["custom_attributes"] = {"plan": "ODD", "odd": "ODD"}
        one["waiting_since"] = "ODD"
    answer_bytes(b, lambda content: content.replace(b'"ODD"', number.encode()))
    ds = b.extract(with_parts=with_parts)
    rows = ds.pandas("conversations")
    assert len(rows) == 30
    assert rows["custom_attributes.odd"].dropna().tolist() == [number] * 3
    assert rows["waiting_since"].isna().sum() >= 3
    assert {"conversations.waiting_since": 3} in list(ds.audit["odd_values"])


@pytest.mark.parametrize(
    "me",
    [
        b"{}",
        b'{"app":7}',
        b'{"app":{"id_code":7,"timezone":["x"]}}',
        b'{"app":{"timezone":NaN}}',
        b'{"app":{"id_code":"a","timezone":"America"}}',
        b'{"app":{"timezone":"../x"}}',
    ],
)
def test_extraction_is_complete_when_the_workspace_is_odd(bench, me: bytes) -> None:
    b = bench(conversations=3, contacts=3)
    answer_bytes(b, lambda content: me if b'"app"' in content else content)
    assert len(b.extract("contacts").pandas("contacts")) == 3


@pytest.mark.slow
def test_extract_skips_null_records_when_a_page_holds_them(bench) -> None:
    b = bench(conversations=30, contacts=0)
    answer = b.workspace.answer

    def odd(method: str, path: str, query: str, body: bytes) -> Any:
        status, headers, content = answer(method, path, query, body)
        if b'"created_at"' in body and "conversations" in content:
            content = {**content, "conversations": [*content["conversations"], None]}
        return status, headers, content

    b.workspace.answer = odd
    ds = b.extract()
    assert len(ds.pandas("conversations")) == 30
    assert ds.audit["skipped"].sum() > 0


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize(
    "record",
    [
        {"type": "conversation", "id": "7", "created_at": BORN, "updated_at": BORN + 1},
        {"type": "conversation", "id": "7", "title": None, "created_at": BORN, "updated_at": 1},
        {"type": "conversation", "id": "7", "title": 'a "b", c', "created_at": 1, "updated_at": 2},
        {"type": "conversation", "id": "7", "title": "ä, b", "created_at": 1, "updated_at": BORN},
        {"type": "conversation", "id": "7", "created_at": BORN * 1000, "updated_at": BORN + 0.5},
        {"type": "conversation", "id": "7", "created_at": None, "updated_at": BORN},
        {"id": "7", "source": {"created_at": 1}, "updated_at": BORN, "created_at": BORN},
    ],
)
def test_head_is_the_same_when_the_record_begins_in_any_way(record: Any, separators: Any) -> None:
    found = parse_head(msgspec.Raw(json.dumps(record, separators=separators).encode()))
    seconds = [record[name] for name in ("created_at", "updated_at")]
    seconds = [None if at is None else int(at // 1000 if at > 1e11 else at) for at in seconds]
    assert found == RecordHead("7", *seconds)


@pytest.mark.parametrize("value", [None, 7, "text", []])
def test_head_is_none_when_an_entry_is_not_a_record(value: Any) -> None:
    assert parse_head(raw(value)) is None


@pytest.mark.parametrize(
    "record",
    [
        {"statistics": {"count_conversation_parts": 501.0}},
        {"statistics": {"count_conversation_parts": "501"}},
        {"conversation_parts": {"total_count": "501", "conversation_parts": []}},
        {"statistics": None, "ticket_parts": {"total_count": 501}},
    ],
)
def test_parts_are_cut_when_an_odd_count_exceeds_the_limit(record: dict[str, Any]) -> None:
    assert has_cut_parts(raw(record))


def test_parts_are_not_cut_when_they_are_a_bare_list() -> None:
    assert not has_cut_parts(raw({"statistics": [], "conversation_parts": [None, {"id": "1"}]}))


@pytest.mark.slow
@pytest.mark.parametrize("change", ["float", "text", "milliseconds", "iso"])
def test_extraction_is_complete_when_times_come_in_another_form(bench, change: str) -> None:
    b = bench(conversations=60, contacts=0)
    truth = b.workspace.truth("conversations")
    answer = b.workspace.answer
    forms: dict[str, Any] = {
        "float": float,
        "text": str,
        "milliseconds": lambda at: at * 1000,
        "iso": lambda at: dt.datetime.fromtimestamp(at, dt.UTC).isoformat(),
    }

    def odd(method: str, path: str, query: str, body: bytes) -> Any:
        status, headers, content = answer(method, path, query, body)
        if isinstance(content, dict) and "conversations" in content:
            records = [
                {**one, "created_at": forms[change](one["created_at"])} if n % 3 == 0 else one
                for n, one in enumerate(content["conversations"])
            ]
            content = {**content, "conversations": records}
        return status, headers, content

    b.workspace.answer = odd
    ds = b.extract()
    assert set(ds.audit["state"]) == {"complete"}
    assert set(ds.pandas("conversations")["id"]) == set(truth)
