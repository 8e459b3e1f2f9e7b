"""Execute and raw queries are checked as the short form is."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from scripted_server import ScriptedServer, contact_page

from intercom_nb.errors import InvalidParameterError, UnknownNameError

SECONDS = 1_790_812_800  # 2026-10-01


def leaf(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


@pytest.fixture
def server() -> ScriptedServer:
    return ScriptedServer(lambda _: contact_page(["1"]))


@pytest.mark.parametrize(
    "params",
    [
        {"role": "lead", "created_at__gt": "2026-10-01"},
        {"query": {"role": "lead", "created_at__gt": "2026-10-01"}},
        {"query": {"role": "lead"}, "created_at__gt": "2026-10-01"},
    ],
)
def test_execute_sends_the_query_of_search_when_given_filters(
    server: ScriptedServer, params: dict[str, Any]
) -> None:
    c = server.connector().sync
    c.execute("contacts", "search", params)
    c.contacts.search(role="lead", created_at__gt="2026-10-01")
    assert server.bodies[0]["query"] == server.bodies[1]["query"]


def test_execute_filters_by_exact_time_when_the_server_matches_whole_days() -> None:
    rows = [{"type": "contact", "id": str(i), "created_at": SECONDS + i} for i in (-9, 9)]
    server = ScriptedServer([{"type": "list", "data": rows, "pages": {}}])
    frame = server.connector().sync.execute("contacts", "search", {"created_at__gt": "2026-10-01"})
    assert frame["id"].tolist() == ["9"]


@pytest.mark.parametrize("value", ["2026-10-01", "2026-10-01T00:00:00Z"])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_raw_query_sends_seconds_when_a_date_is_text(
    server: ScriptedServer, value: str, depth: int
) -> None:
    raw = leaf("created_at", ">", value)
    for _ in range(depth):
        raw = {"operator": "AND", "value": [raw]}
    server.connector().sync.contacts.search(raw)
    sent = server.bodies[0]["query"]
    for _ in range(depth):
        sent = sent["value"][0]
    assert sent == leaf("created_at", ">", SECONDS)


WRONG = [
    (leaf("created_at", ">", "soon"), InvalidParameterError),
    (leaf("created_at", "~", SECONDS), InvalidParameterError),
    (leaf("role", ">", "lead"), InvalidParameterError),
    (leaf("role", "=", "led"), InvalidParameterError),
    (leaf("roles", "=", "lead"), UnknownNameError),
    (leaf("role", "IN", "lead"), InvalidParameterError),
]


@pytest.mark.parametrize(("raw", "error"), WRONG)
@pytest.mark.parametrize("is_nested", [False, True])
@pytest.mark.parametrize("by_method", [False, True])
def test_raw_query_is_refused_when_a_filter_is_wrong(
    server: ScriptedServer, raw: dict[str, Any], error: type, is_nested: bool, by_method: bool
) -> None:
    query = {"operator": "OR", "value": [leaf("role", "=", "user"), raw]} if is_nested else raw
    c = server.connector().sync
    call = c.contacts.search if by_method else partial(c.execute, "contacts", "search")
    with pytest.raises(error):
        call(query if by_method else {"query": query})
    assert not server.requests


@pytest.mark.parametrize("raw", [raw for raw, _ in WRONG] + [{"field": "x", "operator": "??"}])
def test_raw_query_is_sent_unchanged_when_validation_is_off(
    server: ScriptedServer, raw: dict[str, Any]
) -> None:
    c = server.connector().sync
    c.contacts.search(raw, validate=False)
    c.execute("contacts", "search", {"query": raw, "validate": False})
    assert [body["query"] for body in server.bodies] == [raw, raw]
