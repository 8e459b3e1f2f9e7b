"""What the explorer asks by itself: counts and custom attributes, in the background."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pandas as pd

import intercom_nb as inb
from intercom_nb import catalog
from intercom_nb.demo import DemoTransport
from intercom_nb.widgets.explorer.query.form_parser import parse_form
from intercom_nb.widgets.explorer.result.display import short_entities
from intercom_nb.widgets.explorer.workspace_facts import countable, custom_attributes, default_since

from ..conftest import Front, demo_connector, shared_demo


def hello(front: Front, wanted) -> dict:
    """Open the page, and wait until the facts are as wanted."""
    front.say("hello")
    with front._news:

        def found():
            return next((m for m in front.heard if m["kind"] == "facts" and wanted(m)), None)

        assert front._news.wait_for(found, 60), [m for m in front.heard if m["kind"] == "facts"]
        return found()


def test_facts_take_one_request_each_when_the_page_is_opened() -> None:
    asked = []

    async def note(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/conversations/search":  # the first screen's
            asked.append((request.url.path, dict(request.url.params)))
        return await shared_demo().handle_async_request(request)

    front = Front(inb.explore(demo_connector(httpx.MockTransport(note))))
    facts = hello(front, lambda m: len(m["counts"]) == len(countable()))
    store = shared_demo().workspace.store
    assert facts["counts"]["companies"] == len(demo_connector().sync.companies.list())
    assert facts["counts"]["tickets"] == len(store.tickets)
    known = {a["name"]: a["type"] for a in facts["attributes"]["contacts"]}
    assert known["custom_attributes.seats"] == "integer"
    assert known["custom_attributes.trial_ends_at"] == "date"
    assert "custom_attributes.region" not in known  # a company's
    paths = [path for path, _ in asked]
    assert (
        len(paths) == len(set(paths)) == len(countable()) + len(short_entities()) + 2
    )  # attributes, identity
    assert all(
        query["per_page"] == "1"
        for path, query in asked
        if path
        not in {"/me", "/data_attributes", "/tickets/search"} | {f"/{e}" for e in short_entities()}
    )
    before = len(asked)
    front.say("hello")  # another view of it asks nothing again
    front.run("tags", "list")
    assert len(asked) == before + 1


def test_search_starts_at_the_newest_data_when_a_workspace_has_been_quiet() -> None:
    connector = demo_connector()
    page = connector.sync.conversations.list(limit=1)
    newest = page["created_at"].iloc[0]
    since = default_since(page, newest + pd.Timedelta(days=400))
    assert since is not None
    found = connector.sync.conversations.search(created_at__gt=since, limit=None)
    assert page["id"].iloc[0] in set(found["id"])
    assert default_since(page, newest + pd.Timedelta(days=7)) is None  # the last 30 days will do
    assert default_since(page.iloc[:0], newest) is None
    assert default_since(connector.sync.teams.list(), newest) is None


def test_workspace_facts_have_a_hint_when_the_token_may_not_read_one() -> None:
    async def partly(request: httpx.Request) -> httpx.Response:
        if request.url.path in {"/data_attributes", "/companies"}:
            return httpx.Response(403, json={"type": "error.list", "errors": []})
        return await shared_demo().handle_async_request(request)

    front = Front(inb.explore(demo_connector(httpx.MockTransport(partly))))
    facts = hello(front, lambda m: "contacts" in m["counts"] and "companies" in m["hints"])
    assert "companies" not in facts["counts"]
    assert facts["hints"]["companies"] == "No count: this token can't read them (403)."
    assert "Custom attributes are not shown" in facts["hints"]["attributes"]
    assert front.run("tags", "list")["status"] == "done"


def test_form_is_usable_when_counts_are_still_fetched() -> None:
    let_go = threading.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/tags":
            await asyncio.to_thread(let_go.wait, 20)
        return await shared_demo().handle_async_request(request)

    front = Front(inb.explore(demo_connector(httpx.MockTransport(slow))))
    front.say("hello")
    try:
        assert front.run("tags", "list")["status"] == "done"
        assert front.wait("facts")["counts"] == {}
    finally:
        let_go.set()
    assert hello(front, lambda m: "contacts" in m["counts"])


def test_facts_have_no_counts_when_the_mode_is_hosted() -> None:
    transport = DemoTransport(shared_demo().workspace)
    front = Front(inb.explore(inb.connect("demo", mode="hosted", http=transport)))
    before = len(transport.workspace.requests)
    facts = hello(front, lambda m: True)
    front.wait("connection", after=2)
    assert facts["counts"] == {}
    assert "hosted mode" in facts["hints"]["*"]
    executed = [r for r in list(transport.workspace.requests)[before:] if "execute" in r.path]
    assert len(executed) <= 1  # whose it is


def test_custom_attributes_omit_one_when_it_is_archived() -> None:
    frame = pd.DataFrame(
        {
            "model": ["contact", "contact", "conversation", "contact"],
            "name": ["tier", "old", "topic", "email"],
            "data_type": ["string", "string", "string", "string"],
            "options": [["a", "b"], None, None, None],
            "custom": [True, True, True, False],
            "archived": pd.array([False, True, None, False], dtype="boolean"),
        }
    )
    tier = {"name": "custom_attributes.tier", "type": "string", "values": ["a", "b"]}
    topic = {"name": "custom_attributes.topic", "type": "string", "values": []}
    assert custom_attributes(frame) == {"contacts": [tier], "conversations": [topic]}


def test_search_keeps_the_type_when_the_field_is_a_custom_attribute() -> None:
    front = Front(inb.explore(demo_connector()))
    field = {"id": "1", "field": "custom_attributes.customer_number", "op": "eq", "value": "007"}
    form = {"groups": [{"rows": [{**field, "type": "string"}]}]}
    front.run("contacts", "search", query=form)
    assert "'custom_attributes.customer_number': '007'" in front.panel.code
    renewal = {"id": "1", "field": "custom_attributes.renewal", "op": "gt", "value": "2026-10-01"}
    form = {"query": {"groups": [{"rows": [{**renewal, "type": "date"}]}]}, "limit": "5"}
    found = parse_form(catalog.operation("contacts", "search"), form)
    assert found.values["query"] == {"custom_attributes.renewal__gt": 1_790_812_800}
