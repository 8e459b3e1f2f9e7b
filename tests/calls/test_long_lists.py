"""Next URLs, the scroll and what goes over to it, and lists inside records that are completed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from scripted_server import ScriptedServer, contact_page

from intercom_nb import catalog
from intercom_nb.calls.paginate import pages
from intercom_nb.errors import BadRequestError, NotFoundError, PagingError

HOST = "https://intercom.test"


def companies(ids: Any, **more: Any) -> dict[str, Any]:
    return {"type": "list", "data": [{"type": "company", "id": str(i)} for i in ids], **more}


def not_found() -> httpx.Response:
    error = {"code": "not_found", "message": "scroll parameter not found"}
    return httpx.Response(404, json={"type": "error.list", "errors": [error]})


def in_pages(count: int, size: int) -> ScriptedServer:
    """Activity logs whose pages are named by whole URLs with a parameter of the server's own."""

    def answer(request: httpx.Request) -> dict[str, Any]:
        page = int(request.url.params.get("page", 1))
        rows = [{"id": str(i)} for i in range(count)][(page - 1) * size : page * size]
        more = page * size < count
        after = f"{HOST}/admins/activity_logs?per_page={size}&page={page + 1}&mark=a%2Fb+c%3D"
        return {"activity_logs": rows, "pages": {"type": "pages", "next": after if more else None}}

    return ScriptedServer(answer)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 12, 13])
def test_list_requests_the_next_url_unchanged_when_pages_are_urls(count: int) -> None:
    script = in_pages(count, size=4)
    logs = script.connector().sync.activity_logs.list(created_at_after="2026-10-01", limit=None)
    assert logs["id"].tolist() == [str(i) for i in range(count)]
    first, *later = script.requests
    assert first.url.params["created_at_after"] == "1790812800"
    for request in later:
        assert request.url.raw_path.endswith(b"&mark=a%2Fb+c%3D")
        assert request.headers["authorization"].startswith("Bearer ")
        assert request.headers["intercom-version"] == "2.15"


def test_list_stops_at_the_limit_when_pages_are_urls() -> None:
    script = in_pages(100, size=4)
    logs = script.connector().sync.activity_logs.list(created_at_after="2026-10-01", limit=6)
    assert len(logs) == 6
    assert len(script.requests) == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/events?page=2",
        "http://intercom.test/events?page=2",
        "https://intercom.test.elsewhere.test/events",
        "//elsewhere.test/events",
    ],
)
def test_list_raises_when_the_next_url_is_on_another_host(url: str) -> None:
    script = ScriptedServer([{"events": [{"id": "1"}], "pages": {"next": url}}])
    with pytest.raises(PagingError, match="token is not sent there") as caught:
        script.connector().sync.data_events.list(user_id="u", limit=None)
    assert len(script.requests) == 1
    assert len(caught.value.partial) == 1


def test_list_resolves_the_next_url_when_it_is_relative() -> None:
    first = {"events": [{"event_name": "a"}], "pages": {"next": "/events?type=user&before=7"}}
    script = ScriptedServer([first, {"events": [{"event_name": "b"}]}])
    events = script.connector().sync.data_events.list(user_id="u")
    assert events["event_name"].tolist() == ["a", "b"]
    assert str(script.requests[1].url) == f"{HOST}/events?type=user&before=7"


def test_list_reads_the_next_page_when_it_is_an_object_in_place_of_a_url() -> None:
    first = {"activity_logs": [{"id": "1"}], "pages": {"next": {"page": 2, "per_page": 1}}}
    script = ScriptedServer([first, {"activity_logs": [{"id": "2"}], "pages": {"next": None}}])
    logs = script.connector().sync.activity_logs.list(created_at_after="2026-10-01")
    assert logs["id"].tolist() == ["1", "2"]
    assert script.requests[1].url.params["page"] == "2"


def test_list_continues_as_a_scroll_when_the_api_cuts_it() -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        if request.url.path == "/companies":
            return companies(range(60), pages={"total_pages": 200}, total_count=12_000)
        page = {"": 0, "a": 1, "b": 2, "c": 3}[request.url.params.get("scroll_param", "")]
        ids = range(page * 4_000, (page + 1) * 4_000) if page < 3 else []
        return companies(ids, scroll_param="abc"[page] if page < 3 else "c", pages=None)

    script = ScriptedServer(answer)
    found = script.connector().sync.companies.list(limit=None)
    assert found["id"].tolist() == [str(i) for i in range(12_000)]
    assert found.intercom.info["via"] == "companies.scroll"
    assert [r.url.path for r in script.requests] == ["/companies"] + ["/companies/scroll"] * 4


def test_list_sends_no_scroll_when_the_limit_is_small() -> None:
    script = ScriptedServer([companies(range(60), pages={"total_pages": 200}, total_count=12_000)])
    assert len(script.connector().sync.companies.list(limit=60)) == 60
    assert [r.url.path for r in script.requests] == ["/companies"]


@pytest.mark.parametrize("count", [0, 1, 100, 200, 250])
def test_scroll_ends_when_a_page_is_empty(count: int) -> None:
    ids = list(range(count))

    def answer(request: httpx.Request) -> dict[str, Any]:
        served = sum(r.url.path == "/companies/scroll" for r in script.requests) - 1
        # The parameter stays the same from page to page.
        return companies(ids[served * 100 : (served + 1) * 100], scroll_param="same", pages=None)

    script = ScriptedServer(answer)
    assert len(script.connector().sync.companies.scroll(limit=None)) == count


async def scrolled(script: ScriptedServer, waits: list[float]) -> list[str]:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    executor = script.connector()._executor
    found: dict[bytes, None] = {}
    scroll = catalog.operation("companies", "scroll")
    async for page in pages(executor, scroll, {}, sleep=sleep):
        found |= dict.fromkeys(bytes(raw) for raw in page.records)
    return list(found)


async def test_scroll_restarts_when_it_has_expired() -> None:
    first, second = companies([1, 2], scroll_param="a"), companies([3], scroll_param="b")
    script = ScriptedServer([first, not_found(), first, second, companies([], scroll_param="b")])
    waits: list[float] = []
    assert len(await scrolled(script, waits)) == 3
    assert waits == [60.0]
    assert "scroll_param" not in script.requests[2].url.params


async def test_scroll_waits_when_another_one_is_open() -> None:
    taken = {"code": "scroll_exists", "message": "scroll already exists for this workspace"}
    refused = httpx.Response(400, json={"errors": [taken]})
    script = ScriptedServer(
        [refused, companies([1], scroll_param="a"), companies([], scroll_param="a")]
    )
    waits: list[float] = []
    assert len(await scrolled(script, waits)) == 1
    assert waits == [60.0]


async def test_scroll_gives_up_when_it_breaks_four_times() -> None:
    waits: list[float] = []
    first = companies([1], scroll_param="a")
    script = ScriptedServer([first, not_found()] * 5)
    with pytest.raises(NotFoundError):
        await scrolled(script, waits)
    assert len(waits) == 3


async def test_scroll_raises_at_once_when_its_first_request_fails() -> None:
    waits: list[float] = []
    bad = httpx.Response(400, json={"errors": [{"code": "client_error", "message": "no"}]})
    with pytest.raises(BadRequestError):
        await scrolled(ScriptedServer([bad]), waits)
    assert waits == []


async def test_scrolls_run_one_after_the_other_when_they_share_an_executor() -> None:
    open_scrolls: list[int] = []

    def answer(request: httpx.Request) -> dict[str, Any]:
        if "scroll_param" not in request.url.params:
            open_scrolls.append(1)
            assert sum(open_scrolls) == 1
            return companies([1], scroll_param="a")
        open_scrolls.append(-1)
        return companies([], scroll_param="a")

    connector = ScriptedServer(answer).connector()
    frames = await asyncio.gather(*(connector.companies.scroll(limit=None) for _ in range(3)))
    assert [len(f) for f in frames] == [1, 1, 1]


def contact_with(number: int, tags: int) -> dict[str, Any]:
    shown = [{"type": "tag", "id": str(t), "url": f"/tags/{t}"} for t in range(min(tags, 10))]
    held = {"type": "list", "data": shown, "total_count": tags, "has_more": tags > 10}
    return {"type": "contact", "id": str(number), "tags": held, "notes": None}


def test_complete_fetches_nested_lists_in_full_when_they_are_cut_at_ten() -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        if request.url.path == "/contacts":
            rows = [contact_with(1, 3), contact_with(2, 25), contact_with(3, 12)]
            return {**contact_page([]), "data": rows}
        tags = {"/contacts/2/tags": 25, "/contacts/3/tags": 12}[request.url.path]
        return {"data": [{"type": "tag", "id": str(t), "name": f"tag {t}"} for t in range(tags)]}

    script = ScriptedServer(answer)
    found = script.connector().sync.contacts.list(complete=True)
    assert found["tags"].map(len).tolist() == [3, 25, 12]
    assert found["tags.has_more"].tolist() == [False, False, False]
    assert len(found.intercom.children("tags")) == 40
    assert found.intercom.info["requests"] == len(script.requests) == 3

    as_sent = script.connector().sync.contacts.list()
    assert as_sent["tags"].map(len).tolist() == [3, 10, 10]


def test_complete_fetches_every_page_when_a_nested_list_has_several() -> None:
    def answer(request: httpx.Request) -> dict[str, Any]:
        if request.url.path == "/contacts/7":
            held = {"data": [{"id": "0"}], "has_more": True, "total_count": 90}
            return {"type": "contact", "id": "7", "notes": held}
        page = int(request.url.params.get("page", 1))
        notes = [{"type": "note", "id": str(i)} for i in range((page - 1) * 60, min(page * 60, 90))]
        return {"data": notes, "pages": {"total_pages": 2}}

    found = ScriptedServer(answer).connector().sync.contacts.get("7", complete=True)
    assert len(found["notes"][0]) == 90


def test_complete_raises_with_the_received_records_when_a_request_fails() -> None:
    def answer(request: httpx.Request) -> httpx.Response | dict[str, Any]:
        if request.url.path == "/contacts":
            return {**contact_page([]), "data": [contact_with(1, 12)]}
        return not_found()

    with pytest.raises(NotFoundError) as caught:
        ScriptedServer(answer).connector().sync.contacts.list(complete=True)
    assert len(caught.value.partial) == 1


@pytest.mark.parametrize("count", [0, 1, 7])
def test_list_sends_one_request_when_it_has_no_pages(count: int) -> None:
    script = ScriptedServer(
        [{"type": "team.list", "teams": [{"id": str(i)} for i in range(count)]}]
    )
    assert len(script.connector().sync.teams.list()) == count
    assert len(script.requests) == 1
