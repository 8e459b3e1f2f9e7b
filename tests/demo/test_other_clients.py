"""Clients that others wrote list, search and write on the demo's socket.

Each runs in an environment of its own. Only they can prove that the demo answers any client;
the official Python SDK has a module of its own (`test_official_sdk.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from environments import node_with, python_with

from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer, DemoWorkspace

from .conftest import cut

pytestmark = pytest.mark.slow

SDK_PROGRAM = Path(__file__).with_name("sdk_program.py")
NODE = """
const { IntercomClient } = require("intercom-client");
const client = new IntercomClient({ token: process.argv[1], environment: process.argv[2] });
const most = 1000; // a list that never ends must not hang the test
async function ids(page) {
  const found = [];
  for await (const record of page) {
    found.push(record.id);
    if (found.length >= most) break;
  }
  return found;
}
(async () => {
  const query = { field: "role", operator: "=", value: "lead" };
  const pagination = { per_page: 20 };
  const told = {
    contacts: await ids(await client.contacts.list({ per_page: 20 })),
    conversations: await ids(await client.conversations.list({ per_page: 20 })),
    help_centers: await ids(await client.helpCenters.list()),
    articles: await ids(await client.articles.list()),
    leads: await ids(await client.contacts.search({ query, pagination })),
  };
  const created = await client.contacts.create({ role: "user", email: "node@example.com" });
  told.created = created.id;
  told.note = (await client.notes.create({ contact_id: created.id, body: "Hello" })).body;
  console.log(JSON.stringify(told));
})();
"""

TAP = """
import sys
from tap_intercom.client import IntercomClient
from tap_intercom.discover import discover
from tap_intercom.sync import sync

token, start, url, streams = sys.argv[1:]
make = IntercomClient.__init__

def redirected(self, *given, **named):
    make(self, *given, **named)
    self.base_url = url

IntercomClient.__init__ = redirected
catalog = discover()
for stream in catalog.streams:
    for entry in stream.metadata:
        entry["metadata"]["selected"] = stream.stream in streams.split(",")
sync({"start_date": start, "access_token": token, "user_agent": "test"}, {}, catalog)
"""

AGENT = """
import asyncio, json, sys
from airbyte_agent_intercom import IntercomConnector, connector_model
from airbyte_agent_intercom._vendored.connector_sdk.cloud_utils import client
from airbyte_agent_intercom.models import IntercomAuthConfig

mode, url, token, key, secret = sys.argv[1:]
client.AirbyteCloudClient.AUTH_BASE_URL = client.AirbyteCloudClient.API_BASE_URL = url
connector_model.IntercomConnectorModel.base_url = url

def plain(value):
    return value.model_dump() if hasattr(value, "model_dump") else str(value)

def data(result):
    return getattr(result, "data", result)

async def main():
    if mode == "hosted":
        ours = {"external_user_id": "demo", "airbyte_client_id": key}
        connector = IntercomConnector(**ours, airbyte_client_secret=secret)
    else:
        connector = IntercomConnector(auth_config=IntercomAuthConfig(access_token=token))
    page = await connector.execute("contacts", "list", {"per_page": 5})
    one = await connector.execute("contacts", "get", {"id": plain_id(data(page)[0])})
    tags = await connector.execute("tags", "list", {})
    told = {"contacts": data(page), "one": data(one), "tags": data(tags)}
    print(json.dumps(told, default=plain))

def plain_id(record):
    return record["id"] if isinstance(record, dict) else record.id

asyncio.run(main())
"""

SDK = """
import asyncio, json, sys
from airbyte_agent_sdk import build_connector_tools, connect

def plain(value):
    return value.model_dump() if hasattr(value, "model_dump") else str(value)

async def main():
    async with connect("intercom", workspace_name="demo") as intercom:
        tools = build_connector_tools(intercom)
        told = {"inspect": await tools.inspect_connector()}
        told["outline"] = await tools.read_skill_docs()
        told["section"] = await tools.read_skill_docs(section="contacts")
        told["rows"] = await tools.execute("contacts", "list", {"per_page": 3})
        query = {"query": {"filter": {"eq": {"part_type": "close"}}}, "limit": 4}
        told["parts"] = await tools.execute("conversation_parts", "context_store_search", query)
        sql = {"sql": "select state, count(*) as n from conversations group by state"}
        told["sql"] = await tools.execute("conversations", "context_store_sql_query", sql)
        told["created"] = await tools.execute("tags", "create", {"name": "from a tool"})
    print(json.dumps(told, default=plain))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(workspace=cut(DemoWorkspace(rate_limit=None), 20, 60)) as server:
        yield server


def run(command: list[str], folder: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


def test_demo_server_serves_the_node_client_when_it_lists_searches_and_writes(
    server: DemoServer,
) -> None:
    folder = node_with("intercom-client@7.0.3")
    store = server.workspace.store
    before = set(store.people.contacts)
    leads = {key for key, record in store.people.contacts.items() if record["role"] == "lead"}
    found = json.loads(run(["node", "-e", NODE, TOKEN, server.url], folder))
    assert sorted(found["contacts"]) == sorted(before)
    assert sorted(found["conversations"]) == sorted(store.conversations)
    assert found["help_centers"] == ["79"]
    assert found["articles"] == list(store.tables["articles"])
    assert set(found["leads"]) == leads
    assert store.people.contacts[found["created"]]["email"] == "node@example.com"
    assert found["note"] == "<p>Hello</p>"


def test_demo_server_serves_the_singer_tap_when_it_syncs_every_record(server: DemoServer) -> None:
    python = python_with("tap-intercom==2.2.5")
    # Not admins: the tap expects an object as their avatar, the API reference has a text.
    streams = "contacts,conversations,conversation_parts,companies,tags,teams,segments"
    start = "2020-01-01T00:00:00Z"
    output = run([str(python), "-c", TAP, TOKEN, start, server.url, streams])
    messages = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    counts = Counter(m["stream"] for m in messages if m["type"] == "RECORD")
    store = server.workspace.store
    assert counts["conversations"] == len(store.conversations)
    assert counts["contacts"] == len(store.people.contacts)
    assert counts["tags"] == len(store.organization.tags)
    assert counts["conversation_parts"] > counts["conversations"]
    assert set(counts) == set(streams.split(","))


@pytest.mark.parametrize("mode", ["hosted", "direct"])
def test_demo_server_serves_airbyte_agent_intercom_when_it_executes(
    server: DemoServer, mode: str
) -> None:
    python = python_with("airbyte-agent-intercom==0.1.3")
    given = [mode, server.url, TOKEN, CLIENT_ID, CLIENT_SECRET]
    found = json.loads(run([str(python), "-c", AGENT, *given]))
    newest = [record["id"] for record in server.workspace.store.newest_first("contacts")]
    assert [record["id"] for record in found["contacts"]] == newest[:5]
    assert found["one"]["id"] == newest[0]
    assert len(found["tags"]) == len(server.workspace.store.organization.tags)


@pytest.mark.parametrize("mode", ["direct", "hosted"])
def test_demo_server_serves_airbyte_agent_sdk_when_it_runs_every_operation(
    server: DemoServer, mode: str
) -> None:
    python = python_with("airbyte-agent-sdk==0.1.380")
    store = server.workspace.store
    before = (set(store.people.contacts), set(store.conversations), set(store.people.companies))
    newest = [record["id"] for record in store.newest_first("contacts")]
    host = {"SDK_DEV_ADP_API_HOST": server.url, "AIRBYTE_TELEMETRY_MODE": "disabled"}
    given = [mode, server.url, TOKEN, CLIENT_ID, CLIENT_SECRET]
    done = json.loads(run([str(python), str(SDK_PROGRAM), *given], **host))
    ran = done["ran"]
    assert done["left_out"] == []
    listed = [record["id"] for record in ran["contacts.list"]]
    assert listed
    assert listed == newest[: len(listed)]
    assert ran["contacts.update"]["name"] == "Renamed"
    assert ran["companies.update"]["plan"]["name"] == "pro"
    assert ran["internal_articles.update"]["title"] == "New title"
    assert "A note" in ran["notes.create"]["body"]
    # What it created, it deleted.
    assert before == (
        set(store.people.contacts), set(store.conversations), set(store.people.companies),
    )  # fmt: skip


def test_demo_server_serves_airbyte_agent_sdk_when_its_tools_are_called(
    server: DemoServer,
) -> None:
    python = python_with("airbyte-agent-sdk==0.1.380")
    environment = {
        "SDK_DEV_ADP_API_HOST": server.url,
        "AIRBYTE_CLIENT_ID": CLIENT_ID,
        "AIRBYTE_CLIENT_SECRET": CLIENT_SECRET,
        "AIRBYTE_TELEMETRY_MODE": "disabled",
    }
    found: dict[str, Any] = json.loads(run([str(python), "-c", SDK], **environment))
    assert "connector-intercom" in json.dumps(found["inspect"])
    assert "contacts" in found["outline"]
    assert "Context store" in found["outline"]
    assert "list(" in found["section"]
    text = json.dumps(found)
    store = server.workspace.store
    assert all(record["id"] in text for record in store.newest_first("contacts")[:3])
    assert [part["part_type"] for part in found["parts"]["data"]] == ["close"] * 4
    states = Counter(record["state"] for record in store.conversations.values())
    assert {row["state"]: row["n"] for row in found["sql"]["data"]} == states
    assert "from a tool" in {tag["name"] for tag in store.organization.tags.values()}
