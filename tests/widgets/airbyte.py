"""The demo's hosted service on a socket, new for each test over records that all share."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer, DemoWorkspace, serve
from intercom_nb.demo.airbyte.api import AirbyteService

from .conftest import shared_demo

SECRETS = {"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET}
CREATE = {**SECRETS, "access_token": TOKEN}
START = "2026-01-01T00:00:00Z"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    # One of its own around the shared records: what other tests still ask is not in its log.
    shared, workspace = shared_demo().workspace, DemoWorkspace()
    intercom = shared.services[-1]
    workspace.store = shared.store
    workspace.airbyte = AirbyteService(shared.store, intercom.respond, time.time)
    workspace.services = [workspace.airbyte, intercom]
    with serve(workspace=workspace) as running:
        yield running


def asked(server: DemoServer) -> list[tuple[str, str, Any]]:
    """What was sent: method, path and query, body."""
    return [
        (r.method, f"{r.path}?{sorted(r.query)}", json.loads(r.body) if r.body else None)
        for r in server.workspace.requests
    ]
