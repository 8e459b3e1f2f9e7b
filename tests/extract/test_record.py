"""Heads of records, read as leniently as a frame reads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from intercom_nb.extract.record import parse_head, parse_seconds
from intercom_nb.extract.source import has_cut_parts
from tests.extract.workspace import BORN


def raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


@pytest.mark.parametrize(
    "value",
    [BORN, float(BORN), str(BORN), f"{BORN}.0", BORN * 1000, BORN * 1000 + 999, BORN + 0.75,
     "2023-11-14T22:13:20Z", "2023-11-14T22:13:20.500+00:00"],
)  # fmt: skip
def test_seconds_are_the_same_whatever_form_a_time_has(value: Any) -> None:
    assert parse_seconds(value) == BORN


@pytest.mark.parametrize(
    "value", [None, "", "soon", "7d", True, [], {}, "nan", "inf", 10**400, -(10**30), "2023-99-99"]
)
def test_seconds_are_none_when_a_value_is_not_a_time(value: Any) -> None:
    assert parse_seconds(value) is None


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
def test_parts_are_cut_when_an_odd_count_says_so(record: dict[str, Any]) -> None:
    assert has_cut_parts(raw(record))


def test_parts_are_not_cut_when_they_are_a_bare_list() -> None:
    assert not has_cut_parts(raw({"statistics": [], "conversation_parts": [None, {"id": "1"}]}))


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
