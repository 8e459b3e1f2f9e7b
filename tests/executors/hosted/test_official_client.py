"""The vendor's own client executes against the demo's socket, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from environments import python_with

from intercom_nb import connect
from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, WORKSPACE_NAME, DemoServer, DemoWorkspace

pytestmark = pytest.mark.slow

VERSION = "0.1.380"
# Its dependencies are pinned more tightly than ours, so that it gets an environment of its own.
SCRIPT = """
import asyncio, json, sys
from airbyte_agent_sdk import connect

def plain(value):
    return value.model_dump() if hasattr(value, "model_dump") else str(value)

def data(result):
    return getattr(result, "data", result)

async def main():
    async with connect("intercom", workspace_name=sys.argv[1]) as intercom:
        page = await intercom.execute("contacts", "list", params={"per_page": 5})
        rows = await intercom.execute("conversations", "list", params={"per_page": 2})
        key = {"id": data(rows)[0]["id"]}
        one = await intercom.execute("conversations", "get", params=key)
        query = {"query": {"filter": {"eq": {"role": "lead"}}}, "limit": 3}
        found = await intercom.execute("contacts", "context_store_search", params=query)
    told = {"contacts": data(page), "conversation": data(one), "found": data(found)}
    told["meta"] = page.meta
    print(json.dumps(told, default=plain))

asyncio.run(main())
"""
WORKFLOWS = """
import asyncio, dataclasses, json, sys
from airbyte_agent_sdk import Workspace

async def main():
    async with Workspace(workspace_name=sys.argv[1]) as workspace:
        before = await workspace.list_automations()
        made = await workspace.create_workflow("From the SDK", tasks=[{"prompt": "x"}])
        renamed = await workspace.update_workflow(made.id, name="Renamed")
        given = {"cron_expression": "0 2 * * *", "timezone": "Asia/Tokyo"}
        automation = await workspace.create_automation(made.id, **given)
        changed = await workspace.update_automation(made.id, automation.id, enabled=False)
        assert await workspace.get_automation(made.id, automation.id) == changed
        await workspace.delete_automation(made.id, automation.id)
        spare = await workspace.create_workflow("Spare")
        await workspace.delete_workflow(spare.id)
        found = [before, [renamed, await workspace.get_workflow(made.id)], [changed]]
    print(json.dumps([[dataclasses.asdict(one) for one in group] for group in found]))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def python() -> Path:
    return python_with(f"airbyte-agent-sdk=={VERSION}")


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(workspace=DemoWorkspace(rate_limit=None)) as server:
        yield server


def _run(
    python: Path, server: DemoServer, workspace: str, script: str = SCRIPT, **more: str
) -> Any:
    environment = {
        **os.environ,
        "SDK_DEV_ADP_API_HOST": server.url,
        "AIRBYTE_CLIENT_ID": CLIENT_ID,
        "AIRBYTE_CLIENT_SECRET": CLIENT_SECRET,
        "AIRBYTE_TELEMETRY_MODE": "disabled",
        **more,
    }
    return subprocess.run(
        [str(python), "-c", script, workspace],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_official_client_returns_the_same_records_when_it_calls_the_demo(
    python: Path, server: DemoServer, tmp_path: Path
) -> None:
    done = _run(python, server, WORKSPACE_NAME, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    c = connect("demo").sync
    assert [r["id"] for r in told["contacts"]] == c.contacts.list(limit=5)["id"].tolist()
    assert told["meta"]["next_page"]
    expected = c.conversations.get(told["conversation"]["id"])
    assert told["conversation"]["source"]["body"] == expected["source.body"].iloc[0]
    parts = told["conversation"]["conversation_parts"]["conversation_parts"]
    ours = expected.intercom.children("conversation_parts")
    assert [str(p["id"]) for p in parts] == ours["id"].tolist()
    found = told["found"]
    rows = found["data"] if isinstance(found, dict) else found
    assert len(rows) == 3
    assert {r["role"] for r in rows} == {"lead"}


async def test_workflows_are_listed_when_the_official_client_created_them(
    python: Path, server: DemoServer, tmp_path: Path
) -> None:
    done = _run(python, server, WORKSPACE_NAME, WORKFLOWS, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    before, [renamed, read], [changed] = json.loads(done.stdout.splitlines()[-1])
    assert [a["cron_expression"] for a in before] == ["0 8 * * 1"]
    assert renamed == read
    assert (changed["enabled"], changed["timezone"]) == (False, "Asia/Tokyo")
    async with connect("hosted", **_client(server)) as c:
        listed = await c.hosted.workflows.list()
        automations = await c.hosted.automations.list()
    assert listed["name"].tolist() == ["Weekly summary", "Renamed"]
    assert listed["id"].iloc[-1] == renamed["id"]
    assert automations["id"].tolist() == [a["id"] for a in before]


def _client(server: DemoServer) -> dict[str, str]:
    return {
        "workspace_name": WORKSPACE_NAME,
        "airbyte_client_id": CLIENT_ID,
        "airbyte_client_secret": CLIENT_SECRET,
        "airbyte_api_url": server.url,
        "airbyte_auth_url": server.url,
    }


@pytest.mark.parametrize(
    ("workspace", "more", "said"),
    [
        ("nobody", {}, "ConnectorNotFoundError"),
        (WORKSPACE_NAME, {"AIRBYTE_CLIENT_SECRET": "wrong"}, "Authentication"),
    ],
)
def test_official_client_raises_its_own_error_when_the_demo_refuses(
    python: Path,
    server: DemoServer,
    tmp_path: Path,
    workspace: str,
    more: dict[str, str],
    said: str,
) -> None:
    done = _run(python, server, workspace, HOME=str(tmp_path), **more)
    assert done.returncode != 0
    assert said in done.stderr
