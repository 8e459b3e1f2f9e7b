"""Lists are followed to their end, to their limit, or to an error that keeps what arrived."""

from __future__ import annotations

import json
import warnings
from typing import Any
from urllib.parse import parse_qs, quote_plus

import httpx
import pandas as pd
import pytest
from scripted_server import ScriptedServer, contact_page, demo_connector, demo_workspace

from intercom_nb import catalog
from intercom_nb.connector.connector import TruncatedWarning
from intercom_nb.errors import (
    IntercomError,
    InvalidParameterError,
    InvalidResponseError,
    PagingError,
    ServerError,
)
from intercom_nb.executors.pagination import next_params

ROLE = {"role": "lead"}


class Pages:
    """A server with so many records, which pages them as the API does in each of its styles."""

    def __init__(self, count: int, style: str, key: str = "data", total: bool = True) -> None:
        self.ids = [str(i) for i in range(count)]
        self.style, self.key, self.total = style, key, total
        self.asked: list[tuple[int, int]] = []

    def __call__(self, request: httpx.Request) -> dict[str, Any]:
        query = {k: v[0] for k, v in parse_qs(request.url.query.decode()).items()}
        if self.style == "cursor_body":
            query = json.loads(request.content)["pagination"]
        size = int(query["per_page"])
        start = (int(query.get("page", 1)) - 1) * size + int(query.get("starting_after", 0))
        self.asked.append((start, size))
        end = min(start + size, len(self.ids))
        pages: dict[str, Any] = {"type": "pages", "per_page": size}
        if self.style == "page_number":
            pages["total_pages"] = -(-len(self.ids) // size)
        elif end < len(self.ids):
            pages["next"] = {"page": 2, "starting_after": str(end)}
        answer = {"type": "list", self.key: [{"id": i} for i in self.ids[start:end]]}
        return answer | {"pages": pages, "total_count": len(self.ids)}


STYLES = [
    ("contacts", "list", "cursor_query", "data", {}),
    ("conversations", "list", "cursor_query", "conversations", {}),
    ("contacts", "search", "cursor_body", "data", ROLE),
    ("conversations", "search", "cursor_body", "conversations", {"state": "open"}),
    ("companies", "list", "page_number", "data", {}),
    ("internal_articles", "list", "page_number", "data", {}),
    ("notes", "list", "page_number", "data", {"contact_id": "1"}),
]
every_style = pytest.mark.parametrize(
    ("entity", "action", "style", "key", "given"), STYLES, ids=[f"{s[0]}.{s[1]}" for s in STYLES]
)


@every_style
@pytest.mark.parametrize(
    ("count", "requests"), [(0, 1), (1, 1), (5, 1), (6, 2), (10, 2), (11, 3), (23, 5)]
)
def test_list_returns_every_record_when_the_limit_is_none(  # noqa: PLR0913 - the shape of the case
    entity: str, action: str, style: str, key: str, given: Any, count: int, requests: int
) -> None:
    server = Pages(count, style, key)
    script = ScriptedServer(server)
    ask = getattr(getattr(script.connector().sync, entity), action)
    frame = ask(**given, per_page=5, limit=None)
    assert frame["id"].tolist() == server.ids
    assert len(script.requests) == requests
    info = frame.attrs["intercom"]
    assert (info["requests"], info["truncated"]) == (requests, False)
    assert (info["next_cursor"], info["total_count"]) == (None, count)


@every_style
def test_list_requests_the_largest_page_size_when_none_is_given(
    entity: str, action: str, style: str, key: str, given: Any
) -> None:
    largest = catalog.operation(entity, action).max_page_size
    assert largest is not None
    server = Pages(largest + 1, style, key)
    script = ScriptedServer(server)
    ask = getattr(getattr(script.connector().sync, entity), action)
    assert len(ask(**given, limit=None)) == largest + 1
    assert server.asked == [(0, largest), (largest, largest)]
    server.asked.clear()
    assert len(ask(**given, limit=3)) == 3
    assert server.asked == [(0, 3)]


@pytest.mark.parametrize(
    ("limit", "requests", "truncated", "cursor"),
    [
        (3, 1, True, None),  # inside a page: the cursor would skip the rest of it
        (5, 1, True, "5"),
        (7, 2, True, None),
        (10, 2, True, "10"),
        (12, 3, False, None),
        (13, 3, False, None),
        (None, 3, False, None),
    ],
)
def test_list_returns_at_most_the_limit_when_one_is_given(
    limit: int | None, requests: int, truncated: bool, cursor: str | None
) -> None:
    script = ScriptedServer(Pages(12, "cursor_query"))
    frame = script.connector().sync.contacts.list(per_page=5, limit=limit)
    assert len(frame) == min(limit or 12, 12)
    assert len(script.requests) == requests
    info = frame.attrs["intercom"]
    assert (info["truncated"], info["next_cursor"]) == (truncated, cursor)
    assert info["limit"] == limit


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "10", float("nan"), []], ids=repr)
def test_limit_is_refused_when_it_is_not_a_positive_whole_number(limit: Any) -> None:
    script = ScriptedServer([contact_page([])])
    with pytest.raises(InvalidParameterError, match="limit must be 1 or more, or None"):
        script.connector().sync.contacts.list(limit=limit)
    assert script.requests == []


CURSORS = ["abc", "a/b+c==", "WzE2NzA=\n", "ü 🎉", "a&starting_after=b", "%2B", "a?b#c", "0"]


@pytest.mark.parametrize("cursor", CURSORS, ids=repr)
def test_list_sends_the_cursor_unchanged_when_it_has_special_characters(cursor: str) -> None:
    script = ScriptedServer([contact_page(["1"], cursor), contact_page(["2"])])
    frame = script.connector().sync.contacts.list(limit=None)
    assert frame["id"].tolist() == ["1", "2"]
    assert parse_qs(script.requests[1].url.query.decode())["starting_after"] == [cursor]

    script = ScriptedServer([contact_page(["1"], cursor), contact_page(["2"])])
    script.connector().sync.contacts.search(**ROLE, limit=None)
    assert script.bodies[1]["pagination"]["starting_after"] == cursor
    assert script.bodies[1]["query"] == script.bodies[0]["query"]


@pytest.mark.parametrize(
    "url",
    [
        "https://intercom.test/contacts?per_page=1&starting_after={}",
        "/contacts?starting_after={}&per_page=1",
        "https://elsewhere.test/contacts?starting_after={}",  # the cursor is taken, not the host
    ],
)
@pytest.mark.parametrize("cursor", CURSORS, ids=repr)
def test_list_reads_the_cursor_when_the_next_page_is_a_url(url: str, cursor: str) -> None:
    script = ScriptedServer([contact_page(["1"], {}), contact_page(["2"])])
    first = contact_page(["1"])
    first["pages"]["next"] = url.format(quote_plus(cursor))
    script = ScriptedServer([first, contact_page(["2"])])
    script.connector().sync.contacts.list(limit=None)
    assert [r.url.host for r in script.requests] == ["intercom.test"] * 2
    assert parse_qs(script.requests[1].url.query.decode())["starting_after"] == [cursor]


@pytest.mark.parametrize(
    "pages",
    [None, {}, {"next": None}, {"next": {}}, {"next": {"starting_after": None}}, {"next": ""}],
    ids=repr,
)
@pytest.mark.parametrize("action", ["list", "search"])
def test_list_ends_when_there_is_no_next_page(pages: Any, action: str) -> None:
    page = contact_page(["1"])
    for answer in ({**page, "pages": pages}, {k: v for k, v in page.items() if k != "pages"}):
        script = ScriptedServer([answer])
        ask = getattr(script.connector().sync.contacts, action)
        assert len(ask(limit=None, **(ROLE if action == "search" else {}))) == 1
        assert len(script.requests) == 1


@pytest.mark.parametrize("pages", [None, {}, {"total_pages": None}, "absent"], ids=repr)
def test_list_ends_at_a_short_page_when_no_page_count_is_sent(pages: Any) -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        page = int(request.url.params.get("page", 1))
        rows = [{"id": f"{page}-{i}"} for i in range(2 if page < 3 else 1)]
        return {"data": rows} | ({} if pages == "absent" else {"pages": pages})

    script = ScriptedServer(answer)
    assert len(script.connector().sync.companies.list(per_page=2, limit=None)) == 5
    assert len(script.requests) == 3


def test_list_ends_when_a_page_is_empty() -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        page = int(request.url.params.get("page", 1))
        return {"data": [{"id": "1"}] if page == 1 else [], "pages": {"total_pages": 9}}

    script = ScriptedServer(answer)
    assert len(script.connector().sync.companies.list(per_page=1, limit=None)) == 1
    assert len(script.requests) == 2


@pytest.mark.parametrize("data", [None, []])
def test_list_returns_all_columns_when_it_is_empty(data: Any) -> None:
    frame = ScriptedServer([{"type": "list", "data": data}]).connector().sync.contacts.list()
    assert frame.empty
    assert {"id", "email", "created_at", "location.country", "tags"} <= set(frame.columns)


@pytest.mark.parametrize("period", [1, 2, 3])
@pytest.mark.parametrize("action", ["list", "search"])
def test_list_raises_with_the_received_rows_when_the_cursor_loops(period: int, action: str) -> None:
    served = iter(range(1_000))

    def answer(_: httpx.Request) -> dict[str, Any]:
        n = next(served)
        return contact_page([f"{n % period}"], f"cursor-{n % period}")

    script = ScriptedServer(answer)
    ask = getattr(script.connector().sync.contacts, action)
    with pytest.raises(PagingError, match=f"contacts.{action}: the server") as caught:
        ask(limit=None, **(ROLE if action == "search" else {}))
    assert len(script.requests) <= period + 2
    assert caught.value.partial is not None
    assert len(caught.value.partial) == period


@pytest.mark.parametrize("entity", ["contacts", "companies"])
def test_list_raises_when_the_server_repeats_a_page(entity: str) -> None:
    served = iter(range(1_000))
    same = {"data": [{"id": "1"}, {"id": "2"}]}

    def answer(_: httpx.Request) -> dict[str, Any]:
        return {**same, "pages": {"next": {"starting_after": f"{next(served)}"}}}

    script = ScriptedServer(answer)
    ask = getattr(script.connector().sync, entity)
    with pytest.raises(PagingError, match="the same page twice") as caught:
        ask.list(per_page=2, limit=None)
    assert len(script.requests) == 2
    assert len(caught.value.partial) == 2


@pytest.mark.slow  # without rate headers the rate limiter starts slowly
def test_list_raises_when_the_api_counts_more_records_than_it_lists() -> None:
    most = catalog.operation("companies", "list").paging.max_records
    assert most == 10_000
    size = 50

    def answer(request: httpx.Request) -> dict[str, Any]:
        page = int(request.url.params.get("page", 1))
        rows = [{"id": f"{page}-{i}"} for i in range(size)]
        return {"data": rows, "pages": {"total_pages": most // size}, "total_count": 12_345}

    tagged = {"tag_id": "5", "per_page": size}
    c = ScriptedServer(answer).connector()
    assert len(c.sync.companies.list(**tagged, limit=most)) == most
    with pytest.raises(PagingError, match="at most 10,000 records, and there are more") as caught:
        c.sync.companies.list(**tagged, limit=None)
    assert len(caught.value.partial) >= size


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (httpx.Response(500), ServerError),
        (httpx.Response(200, text="<html>"), InvalidResponseError),
        (httpx.ReadTimeout("slow"), IntercomError),
    ],
)
def test_list_raises_with_the_received_rows_when_a_later_page_fails(
    bad: Any, kind: type[IntercomError]
) -> None:
    script = ScriptedServer([contact_page(["1", "2"], "b"), contact_page(["3"], "c"), bad])
    with pytest.raises(kind) as caught:
        script.connector().sync.contacts.list(limit=None)
    partial = caught.value.partial
    assert isinstance(partial, pd.DataFrame)
    assert partial["id"].tolist() == ["1", "2", "3"]
    assert "3 records received before" in caught.value.__notes__[-1]


def test_list_raises_without_partial_rows_when_the_first_page_fails() -> None:
    with pytest.raises(ServerError) as caught:
        ScriptedServer([httpx.Response(500)]).connector().sync.contacts.list(limit=None)
    assert caught.value.partial is None


def test_list_keeps_the_newest_values_when_a_record_is_repeated() -> None:
    first = contact_page(["1", "2"], "b")
    second = contact_page(["2", "3"])
    second["data"][0]["name"] = "newer"
    frame = ScriptedServer([first, second]).connector().sync.contacts.list(limit=None)
    assert frame["id"].tolist() == ["1", "2", "3"]
    assert frame["name"].tolist()[1] == "newer"


def test_list_keeps_every_record_when_ids_are_missing_or_odd() -> None:
    odd: list[Any] = [None, None, {"a": 1}, {"a": 1}, ["x"], ["x"], 1.5]
    script = ScriptedServer([contact_page(odd, "b"), contact_page([])])
    frame = script.connector().sync.contacts.list(limit=None)
    assert len(frame) == len(odd)


def test_list_raises_when_a_record_is_not_an_object() -> None:
    script = ScriptedServer([{"data": ["text"]}])
    with pytest.raises(InvalidResponseError, match=r"contacts\.list: the response has a record"):
        script.connector().sync.contacts.list()


def test_list_warns_at_the_caller_when_the_default_limit_cuts_it() -> None:
    c = ScriptedServer(Pages(2_000, "cursor_query")).connector()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = c.sync.contacts.list()
    assert len(frame) == 1_000
    (warning,) = caught
    assert warning.category is TruncatedWarning
    assert "the first 1,000 of 2,000 records" in str(warning.message)
    assert "limit=None" in str(warning.message)
    assert warning.filename == __file__


async def test_list_warns_at_the_caller_when_it_is_awaited() -> None:
    c = ScriptedServer(Pages(2_000, "cursor_query")).connector()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        await c.contacts.list()
    assert [w.filename for w in caught] == [__file__]


@pytest.mark.parametrize(("count", "limit"), [(2_000, 1_000), (999, None), (1_000, None)])
def test_list_does_not_warn_when_a_limit_is_given_or_nothing_is_cut(
    count: int, limit: int | None
) -> None:
    given = {} if limit is None else {"limit": limit}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ScriptedServer(Pages(count, "cursor_query")).connector().sync.contacts.list(**given)


def test_list_reports_each_page_when_a_progress_callback_is_given() -> None:
    told: list[Any] = []
    c = ScriptedServer(Pages(12, "cursor_query")).connector()
    c.sync.contacts.list(per_page=5, limit=11, progress=told.append)
    assert [(p.records, p.total, p.requests) for p in told] == [
        (5, 11, 1),
        (10, 11, 2),
        (11, 11, 3),
    ]


def test_execute_returns_one_page_and_a_cursor_when_there_are_more() -> None:
    script = ScriptedServer(Pages(12, "cursor_query"))
    frame = script.connector().sync.execute("contacts", "list", {"per_page": 5})
    assert len(frame) == 5
    assert len(script.requests) == 1
    cursor = frame.attrs["intercom"]["next_cursor"]
    rest = script.connector().sync.execute(
        "contacts", "list", {"per_page": 5, "starting_after": cursor}
    )
    assert rest["id"].tolist() == ["5", "6", "7", "8", "9"]


def test_list_returns_one_row_when_the_response_is_the_record_itself() -> None:
    script = ScriptedServer([{"type": "company", "id": "5", "name": "Blue"}])
    frame = script.connector().sync.companies.list(name="Blue")
    assert frame["id"].tolist() == ["5"]


def test_next_params_returns_none_when_fields_are_missing() -> None:
    op = catalog.operation("contacts", "list")
    for pages in (None, [], 5, {"next": [1]}, {"next": 5}, {"next": {"page": 2}}):
        assert next_params(op, {}, {"pages": pages}, 1) is None
    assert next_params(op, {}, {"pages": {"next": {"starting_after": 7}}}, 1) == {
        "starting_after": "7"
    }


@pytest.mark.parametrize("entity", ["contacts", "conversations", "companies", "internal_articles"])
def test_list_returns_each_record_once_when_it_reads_the_whole_demo(entity: str) -> None:
    frame = getattr(demo_connector().sync, entity).list(limit=None)
    assert frame["id"].is_unique
    assert len(frame) == frame.attrs["intercom"]["total_count"]
    if entity == "conversations":
        assert set(frame["id"]) == set(demo_workspace().store.conversations)
