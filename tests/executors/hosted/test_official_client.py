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


@pytest.fixture(scope="module")
def python() -> Path:
    return python_with(f"airbyte-agent-sdk=={VERSION}")


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(workspace=DemoWorkspace(rate_limit=None)) as server:
        yield server


def _run(python: Path, server: DemoServer, workspace: str, **more: str) -> Any:
    environment = {
        **os.environ,
        "SDK_DEV_ADP_API_HOST": server.url,
        "AIRBYTE_CLIENT_ID": CLIENT_ID,
        "AIRBYTE_CLIENT_SECRET": CLIENT_SECRET,
        "AIRBYTE_TELEMETRY_MODE": "disabled",
        **more,
    }
    return subprocess.run(
        [str(python), "-c", SCRIPT, workspace],
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_it_gets_the_records_that_we_get(python: Path, server: DemoServer, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("workspace", "more", "said"),
    [
        ("nobody", {}, "ConnectorNotFoundError"),
        (WORKSPACE_NAME, {"AIRBYTE_CLIENT_SECRET": "wrong"}, "Authentication"),
    ],
)
def test_it_understands_our_refusals(
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
