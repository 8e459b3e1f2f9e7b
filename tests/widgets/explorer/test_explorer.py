"""The explorer from the other end of its messages: run, cancel, errors, rows, history."""

from __future__ import annotations

import asyncio
import json
import threading
import time

import httpx
import ipywidgets
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.demo import DemoTransport
from intercom_nb.widgets import Explorer

from ..conftest import Front, demo_connector, shared_demo

pytestmark = pytest.mark.slow


def test_run_returns_the_frame_of_the_call_when_it_is_pressed(explorer: Explorer, front: Front):
    assert explorer.df.empty
    assert front.run("contacts", "list", limit="30")["text"].startswith("30 rows in ")
    same = demo_connector().sync.contacts.list(limit=30)
    pd.testing.assert_frame_equal(explorer.df, same)
    assert front.result["total"] == same.attrs["intercom"]["total_count"]
    assert front.result["notes"][0].startswith("Showing the first 30 of ")
    assert "await c.contacts.list(limit=30)" in explorer.code
    assert repr(explorer) == "<Explorer: contacts.list(limit=30), 30 rows>"


def test_run_fetches_everything_with_progress_when_the_limit_is_empty(
    explorer: Explorer, front: Front
):
    front.run("contacts", "list", limit="")
    assert len(explorer.df) == explorer.df.attrs["intercom"]["total_count"]
    assert front.result["notes"] == []
    progress = front.wait("progress")
    assert progress["total"] == len(explorer.df)
    assert 0 < progress["records"] <= progress["total"]


def test_search_returns_matching_rows_when_filters_are_given(explorer: Explorer, front: Front):
    rows = [
        {"id": "a", "field": "state", "op": "eq", "value": "open"},
        {"id": "b", "field": "created_at", "op": "gt", "value": "2026-10-01"},
    ]
    front.run("conversations", "search", query={"join": "AND", "groups": [{"rows": rows}]})
    same = demo_connector().sync.conversations.search(
        state="open", created_at__gt="2026-10-01", limit=20
    )
    pd.testing.assert_frame_equal(explorer.df, same)


def test_login_options_come_after_the_form_when_there_is_a_connector(front: Front):
    front.say("hello")
    front.wait("offer")
    kinds = [message["kind"] for message in front.heard]
    assert kinds.index("connection") < kinds.index("saved") < kinds.index("offer")


def test_login_options_come_first_when_there_is_no_connector():
    front = Front(inb.explore())
    front.say("hello")
    front.wait("connection")
    assert front.heard[0]["kind"] == "offer"


def test_run_sends_nothing_when_fields_are_not_valid():
    sent = []
    transport = httpx.MockTransport(lambda request: sent.append(request))
    front = Front(inb.explore(demo_connector(transport)))
    outcome = front.run("contacts", "list", values={"per_page": "999"}, limit="many")
    assert outcome["status"] == "refused"
    assert outcome["errors"] == {
        "per_page": "must be a whole number from 1 to 150, not 999.",
        "limit": "must be 1 or more, or blank for all.",
    }
    assert front.run("contacts", "get")["errors"] == {
        "id": "is required: an id (text or whole number)."
    }
    assert sent == []


def test_request_is_stopped_within_half_a_second_when_cancel_is_pressed(front: Front):
    stopped = threading.Event()
    started = threading.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        started.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stopped.set()
            raise
        raise AssertionError("was not cancelled")

    front = Front(inb.explore(demo_connector(httpx.MockTransport(slow))))
    front.say("run", entity="contacts", action="list", limit="")
    front.wait("run", status="running")
    assert started.wait(5)
    clicked = time.monotonic()
    front.say("cancel")
    front.wait("run", status="cancelled", timeout=0.5)
    assert stopped.wait(0.5 - (time.monotonic() - clicked))
    # And it can be asked again.
    front.say("run", entity="contacts", action="list", limit="")
    front.wait("run", after=len(front.heard) - 1, status="running")
    front.say("cancel")


def test_run_replaces_the_read_when_one_is_in_progress(explorer: Explorer, front: Front):
    explorer.connector = demo_connector(DemoTransport(latency=60))
    front.say("run", entity="contacts", action="list", limit="")
    front.wait("run", status="running")
    explorer.connector = demo_connector()
    front.say("run", entity="tags", action="list", limit="")
    front.wait("run", status="done")
    outcomes = [m["status"] for m in front.heard if m["kind"] == "run"]
    assert outcomes == ["running", "cancelled", "running", "done"]
    assert "tags.list" in repr(explorer)


def test_run_waits_for_the_write_when_one_is_in_progress():
    written = threading.Event()
    demo = DemoTransport()

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            await asyncio.to_thread(written.wait, 10)
        return await demo.handle_async_request(request)

    explorer = inb.explore(demo_connector(httpx.MockTransport(slow), allow_writes=True))
    front = Front(explorer)
    name = {"values": {"name": "made by hand"}}
    assert front.run("tags", "create", **name)["status"] == "confirm"
    front.say("run", entity="tags", action="create", limit="20", confirmed=True, **name)
    front.wait("run", status="running")
    front.say("run", entity="tags", action="list", limit="")
    front.ask("save_question", name="", look={})  # the form has handled the second click
    written.set()
    front.wait("result", action="list")
    assert "made by hand" in set(explorer.df["name"])


def test_result_can_be_read_when_another_is_fetched(explorer: Explorer, front: Front):
    front.run("tags", "list")
    explorer.connector = demo_connector(DemoTransport(latency=60))
    front.say("run", entity="contacts", action="list", limit="")
    front.wait("run", after=len(front.heard) - 1, status="running")
    assert front.rows(0, 1)[0]["cells"]
    front.say("cancel")
    front.wait("run", status="cancelled")
    assert "tags.list" in repr(explorer)  # what was shown stays


def test_explorer_keeps_the_last_result_when_a_run_fails(explorer: Explorer, front: Front):
    front.run("tags", "list")
    kept = explorer.df
    outcome = front.run("contacts", "get", values={"id": "no-such-contact"})
    assert outcome["title"] == "contacts.get failed"
    assert "404" in outcome["text"]
    assert explorer.df is kept


def test_explorer_shows_the_partial_result_when_a_run_fails():
    demo = shared_demo()
    answered = []

    async def second_fails(request: httpx.Request) -> httpx.Response:
        answered.append(request)
        if len(answered) == 1:
            return await demo.handle_async_request(request)
        return httpx.Response(403, json={"type": "error.list", "errors": []})

    explorer = inb.explore(demo_connector(httpx.MockTransport(second_fails)))
    front = Front(explorer)
    assert front.run("contacts", "list", limit="")["status"] == "error"
    assert len(explorer.df) == 150
    assert front.result["notes"][0] == "Partial result: 150 rows loaded before the error."


def test_result_keeps_its_columns_when_there_are_no_matches(explorer: Explorer, front: Front):
    rows = [{"id": "a", "field": "email", "op": "eq", "value": "nobody@nowhere.example"}]
    outcome = front.run("contacts", "search", query={"groups": [{"rows": rows}]})
    assert outcome["text"].startswith("0 rows")
    assert front.result["rows"] == 0
    assert {"name", "email", "id"} <= set(front.result["visible"])  # columns stay without rows
    assert front.rows() == []


def test_write_is_refused_when_the_connector_is_read_only(explorer: Explorer, front: Front):
    outcome = front.run("contacts", "create", values={"email": "ada@example.com"})
    assert outcome["title"] == "Nothing was sent"
    assert "allow_writes=True" in outcome["text"]


@pytest.mark.parametrize("first", ["reviewed", None])
def test_write_is_reviewed_again_when_the_form_has_changed(first: str | None):
    explorer = inb.explore(demo_connector(DemoTransport(), allow_writes=True))
    front = Front(explorer)
    if first:
        assert front.run("tags", "create", values={"name": first})["status"] == "confirm"
    shown = front.run("tags", "create", confirmed=True, values={"name": "changed since"})
    assert (shown["status"], shown["body"]) == ("confirm", {"name": "changed since"})
    front.run("tags", "list", limit="")
    assert not {"reviewed", "changed since"} & set(explorer.df["name"])
    # What is reviewed for one workspace is not sent to another.
    front.run("tags", "create", values={"name": "elsewhere"})
    explorer.connector = demo_connector(DemoTransport(), allow_writes=True)
    again = front.run("tags", "create", confirmed=True, values={"name": "elsewhere"})
    assert again["status"] == "confirm"


def test_write_is_sent_once_when_its_request_is_confirmed():
    sent = []
    demo = DemoTransport()

    async def note(request: httpx.Request) -> httpx.Response:
        sent.append((request.method, request.url.path, json.loads(await request.aread())))
        return await demo.handle_async_request(request)

    explorer = inb.explore(demo_connector(httpx.MockTransport(note), allow_writes=True))
    front = Front(explorer)
    form = {"values": {"email": "ada@example.com", "custom_attributes": '{"plan": "pro"}'}}
    shown = front.run("contacts", "create", **form)
    body = {"email": "ada@example.com", "custom_attributes": {"plan": "pro"}}
    assert (shown["status"], shown["method"], shown["body"]) == ("confirm", "POST", body)
    assert shown["url"].endswith("/contacts")
    assert sent == []
    done = front.run("contacts", "create", confirmed=True, **form)
    assert sent == [("POST", "/contacts", body)]
    made = explorer.df["id"][0]
    assert done["text"] == f"Contact created ({made}): email is now ada@example.com."
    # A second click of the same button sends nothing.
    assert front.run("contacts", "create", confirmed=True, **form)["status"] == "confirm"
    # Running it again from the history asks again.
    front.say("rerun", id=front.result["id"])
    front.wait("run", after=len(front.heard) - 2, status="confirm")
    assert len(sent) == 1


def test_rows_come_from_the_whole_frame_when_they_are_searched_and_sorted(
    explorer: Explorer, front: Front
):
    front.run("contacts", "list", limit="")
    frame, result = explorer.df, front.result["id"]
    arranged = front.ask(
        "arrange",
        result=result,
        search="berlin user",
        sort=[["created_at", True]],
        conditions=[
            ["location.city", "text", "=Berlin"],
            ["created_at", "text", ">2026-01-01"],
            ["name", "text", ""],
        ],
    )
    kept = frame["location.city"].eq("Berlin") & frame["created_at"].gt("2026-01-01")
    users = frame[kept & frame["role"].eq("user")]
    expected = users.sort_values("created_at", ascending=False)
    assert 0 < arranged["shown"] == len(expected) < len(frame)
    visible = ["match", *front.result["visible"]]
    first = dict(zip(visible, front.rows(0, 1)[0]["cells"], strict=True))
    assert first["id"] == expected["id"].iloc[0]
    assert len(explorer.df) == len(frame)  # df itself stays whole and in the server's order
    refused = front.ask(
        "arrange", result=result, sort=[], conditions=[["created_at", "text", ">soon"]]
    )
    assert "created_at" in refused["error"]


def test_explorer_returns_rows_and_columns_when_they_are_selected(explorer: Explorer, front: Front):
    front.run("contacts", "list")
    result = front.result["id"]
    front.ask("ask", what="select", result=result, at=3, on=True)
    assert front.ask("ask", what="select", result=result, at=1, on=True)["selected"] == 2
    assert list(explorer.selected["id"]) == list(explorer.df["id"][[1, 3]])
    front.ask("ask", what="columns", result=result, visible=["email", "id", "no such"])
    assert list(explorer.view) == ["email", "id"]
    assert front.rows(1, 2)[0]["on"] is True


def test_explorer_returns_the_contents_of_tabs_when_they_are_opened(
    explorer: Explorer, front: Front
):
    front.run("conversations", "list", limit="40")
    asked = {"result": front.result["id"]}
    schema = {c["name"]: c for c in front.ask("ask", what="schema", **asked)["schema"]}
    assert schema["created_at"]["dtype"] == "datetime64[s, UTC]"
    chart = front.ask("ask", what="summary", measure="count", by=[{"column": "state"}], **asked)
    counts = [value for value, _ in chart["cells"][0]]
    bars = dict(zip([group["label"] for group in chart["groups"]], counts, strict=True))
    assert bars == explorer.df["state"].value_counts().to_dict()
    rows = json.loads(front.ask("ask", what="json", **asked)["text"])
    assert [r["id"] for r in rows] == list(explorer.df["id"])
    record = front.ask("ask", what="record", at=0, **asked)
    fields = {field["name"]: field["text"] for field in record["fields"]}
    assert fields["id"] == explorer.df["id"][0]
    thread = front.ask("thread", id=fields["id"])["thread"]
    parts = demo_connector().sync.conversations.get(fields["id"])
    assert len([m for m in thread if m["html"]]) - 1 == int(
        parts.intercom.children("conversation_parts")["body"].notna().sum()
    )


def test_history_restores_result_and_form_when_an_earlier_run_is_chosen(
    explorer: Explorer, front: Front
):
    front.run("tags", "list")
    tags, first = explorer.df, front.result["id"]
    front.run("contacts", "list", limit="7")
    runs = front.heard[-2]["runs"]
    assert [r["label"] for r in runs] == ["contacts.list(limit=7)", "tags.list()"]
    assert [r["question"] for r in runs] == ["", ""]
    front.say("restore", id=first)
    front.wait("form", form={"kind": "run", "entity": "tags", "action": "list", "limit": "20"})
    front.wait("result", after=len(front.heard) - 1, id=first)
    assert explorer.df is tags


def test_page_gets_result_and_history_when_it_is_opened_later(explorer: Explorer, front: Front):
    front.run("tags", "list")
    after = len(front.heard)
    front.say("hello")
    front.wait("result", after=after)
    front.wait("history", after=after)
    connection = front.wait("connection", after=after)
    assert {e["name"] for e in connection["entities"]} >= {"contacts", "conversations"}
    named = front.wait("connection", after=after + 2)["connection"]
    assert (named["mode"], named["writes"]) == ("direct", False)
    assert named["name"] in {"Demo workspace", "Lanternboard (demo)"}  # before and after check()


def test_form_shows_a_failure_when_a_message_is_incomplete(front: Front):
    front.say("run", action="list")
    assert "KeyError" in front.wait("failure")["text"]


def test_explorer_state_has_no_records_when_a_result_is_shown(explorer: Explorer, front: Front):
    front.run("contacts", "list")
    state = json.dumps(ipywidgets.Widget.get_manager_state(widgets=[explorer]))
    assert len(emails := explorer.df["email"].replace("", pd.NA).dropna()) > 5
    assert not [e for e in emails if e in state]


@pytest.mark.parametrize("entity", ["contacts", "companies", "teams"])
def test_visible_columns_hold_values_when_a_list_is_shown(front: Front, entity: str):
    front.run(entity, "list")
    filled = {c["name"] for c in front.result["columns"] if c["filled"]}
    assert 3 <= len(front.result["visible"]) <= 12
    assert set(front.result["visible"]) <= filled


def test_comparison_counts_every_record_when_the_lists_are_long(explorer: Explorer, front: Front):
    front.run("contacts", "list", limit="5")
    earlier = front.result["id"]
    front.run("contacts", "list", limit="150")
    reply = front.ask("compare", id=earlier)
    assert (reply["both"], reply["added"], reply["removed"]) == (5, 145, 0)
    assert len(reply["added_ids"]) == 50


def test_comparison_is_refused_when_the_entities_differ(explorer: Explorer, front: Front):
    front.run("tags", "list")
    earlier = front.result["id"]
    front.run("contacts", "list", limit="5")
    assert "not tags and contacts" in front.ask("compare", id=earlier)["error"]


def test_chart_note_counts_the_loaded_rows_when_a_limit_cut_the_result(
    explorer: Explorer, front: Front
):
    front.run("contacts", "list", limit="30")
    chart = front.ask(
        "ask", what="summary", result=front.result["id"], measure="count", by=[{"column": "role"}]
    )
    total = front.result["total"]
    assert f"only the first 30 of {total:,} are loaded" in chart["note"]
