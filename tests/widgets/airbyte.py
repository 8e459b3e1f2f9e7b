"""The demo's hosted service on a socket, new for each test over records that all share."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer, serve
from intercom_nb.demo.airbyte_api import AirbyteService

from .conftest import shared_demo

SECRETS = {"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET}
CREATE = {**SECRETS, "access_token": TOKEN}
START = "2026-01-01T00:00:00Z"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    workspace = shared_demo().workspace
    services, airbyte = workspace.services, workspace.airbyte
    workspace.airbyte = AirbyteService(workspace.store, services[-1].answer, time.time)
    workspace.services = [workspace.airbyte, services[-1]]
    workspace.requests.clear()
    workspace.faults.clear()
    with serve(workspace=workspace) as running:
        yield running
    workspace.faults.clear()
    workspace.services, workspace.airbyte = services, airbyte


def asked(server: DemoServer) -> list[tuple[str, str, Any]]:
    """What was sent: method, path and query, body."""
    return [
        (r.method, f"{r.path}?{sorted(r.query)}", json.loads(r.body) if r.body else None)
        for r in server.workspace.requests
    ]
