"""The demo's list of deleted conversations, over a socket, against the server's own records."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks import truth
from intercom_nb import IntercomAuthConfig, IntercomConnector
from intercom_nb.demo import TOKEN, DemoServer, DemoWorkspace

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    """Serve a workspace of its own, at any rate."""
    with DemoServer(workspace=DemoWorkspace(rate_limit=None)) as running:
        yield running


@pytest.fixture(params=["2.15", "2.16", "Preview"])
async def c(server, request):
    """Connect to it, with a version without the list and with two that have it."""
    options: dict[str, Any] = {"version": request.param, "allow_writes": True}
    auth = IntercomAuthConfig(TOKEN)
    async with IntercomConnector(auth_config=auth, base_url=server.url, **options) as connector:
        yield connector


def asked(workspace: DemoWorkspace) -> Counter[str]:
    """Count the requests so far by what they are for, and forget them."""
    kinds: Counter[str] = Counter()
    for one in workspace.requests:
        kind = one.path.removeprefix("/conversations/")
        if kind == "search":
            body = json.loads(one.body)
            counts = body["pagination"]["per_page"] == 1
            kind = "count" if counts else f"read by {body['sort']['field']}"
        kinds["get" if kind.isdigit() else kind] += 1
    workspace.requests.clear()
    return kinds


def records(server: DemoServer, ids: list[str], version: str) -> list[dict[str, Any]]:
    """Ask the server for conversations, without the package."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Intercom-Version": version}
    with httpx.Client(base_url=server.url, headers=headers) as client:
        return [client.get(f"/conversations/{key}").json() for key in ids]


async def test_extract_equals_the_records_of_the_server_when_some_were_deleted(server, c, tmp_path):
    options: dict[str, Any] = {"since": "2026-10-10", "with_parts": True, "progress": False}
    first = await c.extract("conversations", tmp_path / "ds", **options)
    ids = sorted(first.pandas("conversations", ["id"])["id"])
    for key in (gone := [*ids[2:90:9], *ids[-2:]]):
        await c.conversations.delete(key)
    asked(server.workspace)
    await c.extract("conversations", tmp_path / "ds", **options)
    kinds = asked(server.workspace)
    if c.details["version"] == "2.15":
        assert kinds["deleted"] == 0
        assert kinds["read by created_at"] > 1
    else:  # what was created since, and just before the newest change, is read, and nothing else
        assert (kinds["deleted"], kinds["read by created_at"]) == (1, 1)
        assert kinds["get"] < 5
    await c.extract("conversations", tmp_path / "fresh", **options)
    assert contents(tmp_path / "ds") == contents(tmp_path / "fresh")
    left = records(server, sorted(set(ids) - set(gone)), c.details["version"])
    assert truth.differences("conversations", left, tmp_path / "ds") == []


def contents(folder: Path) -> dict[str, str]:
    """Hash the tables that a folder holds, by name."""
    tables = truth.held(folder, "conversations")
    return {table: truth.content_hash(rows) for table, rows in tables.items()}
