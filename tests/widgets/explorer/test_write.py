"""Writes in the explorer: the exact request before, and what changed after."""

from __future__ import annotations

import json

import httpx
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb.demo import DEMO_BASE_URL, DemoTransport, DemoWorkspace

from ..conftest import Front, demo_connector

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workspace() -> DemoWorkspace:
    return DemoWorkspace(rate_limit=None)


@pytest.fixture
def front(workspace: DemoWorkspace) -> Front:
    return Front(inb.explore(demo_connector(DemoTransport(workspace), allow_writes=True)))


def contact(workspace: DemoWorkspace, place: int) -> dict:
    return list(workspace.store.people.contacts.values())[place]


def test_change_has_values_before_and_after_when_a_record_is_updated(
    front: Front, workspace: DemoWorkspace
) -> None:
    old = dict(contact(workspace, 3))
    values = {"id": old["id"], "name": "<b>Ada</b>", "custom_attributes": '{"plan": "gold"}'}
    done = front.write("contacts", "update", values=values)
    change = done["change"]
    assert change["kind"] == "changed"
    fields = {name: (before, after) for name, before, after in change["fields"]}
    assert fields["name"] == (old["name"], "<b>Ada</b>")
    assert fields["custom_attributes.plan"][1] == "gold"
    assert set(fields) <= {"name", "custom_attributes.plan", "updated_at"}
    assert [name for name, *_ in change["fields"]][-1] == "updated_at"  # what was asked first


def test_change_has_the_new_values_when_a_record_is_created(front: Front) -> None:
    done = front.write("contacts", "create", values={"email": "new@example.com"})
    assert done["change"]["kind"] == "created"
    assert done["change"]["fields"][0] == ("email", None, "new@example.com")
    assert "id" in [name for name, *_ in done["change"]["fields"]]


def test_change_has_the_old_values_when_a_record_is_deleted(
    front: Front, workspace: DemoWorkspace
) -> None:
    old = dict(contact(workspace, 5))
    done = front.write("contacts", "delete", values={"id": old["id"]})
    assert done["change"]["kind"] == "deleted"
    assert ("name", old["name"], None) in done["change"]["fields"]


def test_change_shows_the_record_when_the_response_is_only_a_tag(
    front: Front, workspace: DemoWorkspace
) -> None:
    tag = list(workspace.store.organization.tags)[-1]
    who = next(c for c in workspace.store.people.contacts if tag not in tags_of(workspace, c))
    values = {"contact_id": who, "id": tag}
    done = front.write("contacts", "attach_tag", values=values)
    [row] = [row for row in done["change"]["fields"] if row[0] == "tags"]
    assert tag in row[2].split(", ")
    assert tag not in (row[1] or "").split(", ")


def tags_of(workspace: DemoWorkspace, contact_id: str) -> list[str]:
    return list(workspace.store.people.contact_tags.get(contact_id, ()))


def test_write_is_sent_when_the_record_cannot_be_read(workspace: DemoWorkspace) -> None:
    demo = DemoTransport(workspace)

    async def write_only(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(403, json={"type": "error.list", "errors": []})
        return await demo.handle_async_request(request)

    connector = demo_connector(httpx.MockTransport(write_only), allow_writes=True)
    front = Front(inb.explore(connector))
    values = {"id": contact(workspace, 8)["id"], "name": "Grace"}
    done = front.write("contacts", "update", values=values)
    assert done["change"]["kind"] == "response"
    assert ("name", None, "Grace") in done["change"]["fields"]


def test_field_is_emptied_when_null_is_chosen(front: Front, workspace: DemoWorkspace) -> None:
    who = next(c for c in workspace.store.people.contacts.values() if c["phone"] and c["name"])
    form = {"values": {"id": who["id"], "name": "ignored"}, "nulls": ["phone", "name", "id"]}
    shown = front.run("contacts", "update", **form)
    assert shown["body"] == {"phone": None, "name": None}
    done = front.write("contacts", "update", **form)
    sent = next(r for r in reversed(workspace.requests) if r.method == "PUT")
    assert json.loads(sent.body) == {"phone": None, "name": None}
    assert "name=None" in front.panel.code
    assert {name: after for name, _, after in done["change"]["fields"]}["name"] is None


def test_confirmation_equals_the_sent_request_when_the_mode_is_hosted() -> None:
    workspace = DemoWorkspace(rate_limit=None)
    transport = DemoTransport(workspace)
    connector = inb.connect("demo", mode="hosted", http=transport, allow_writes=True)
    front = Front(inb.explore(connector))
    form = {"values": {"name": "made through Airbyte"}}
    shown = front.run("tags", "create", **form)
    assert shown["method"] == "POST"
    assert shown["body"]["entity"] == "tags"
    assert shown["body"]["action"] == "create"
    assert shown["body"]["params"] == {"name": "made through Airbyte"}
    assert not [r for r in workspace.requests if r.path.endswith("/execute")]
    assert front.write("tags", "create", **form)["status"] == "done"
    [sent] = [r for r in workspace.requests if r.path.endswith("/execute")][:1]
    assert shown["url"] == DEMO_BASE_URL + sent.path
    assert json.loads(sent.body) == shown["body"]


def test_hosted_write_is_refused_when_there_is_no_connector() -> None:
    connector = inb.connect("demo", mode="hosted", workspace_name="nobody", allow_writes=True)
    front = Front(inb.explore(connector))
    outcome = front.run("tags", "create", values={"name": "x"})
    assert outcome["title"] == "Nothing was sent"
    assert "nobody" in outcome["text"]


def test_write_returns_the_frame_when_it_was_sent(front: Front) -> None:
    front.write("tags", "create", values={"name": "kept"})
    assert isinstance(front.panel.df, pd.DataFrame)
    assert front.panel.df["name"].tolist() == ["kept"]
