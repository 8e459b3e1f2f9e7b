"""A hosted service to test against: the demo workspace, with a clock that the tests turn."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intercom_nb import IntercomConnector, connect
from intercom_nb.demo import DemoTransport, DemoWorkspace
from intercom_nb.demo.airbyte.api import AirbyteService
from intercom_nb.models import RetryPolicy

NO_WAIT = RetryPolicy(attempts=3, first_wait=0, max_wait=0)


class Clock:
    """Unix seconds that stand still until a test moves them."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Hosted:
    """A demo workspace and what was asked of its hosted API.

    All share one set of records, which takes a while to make; the rest is new for each test.
    """

    def __init__(self, workspace: DemoWorkspace) -> None:
        self.clock = Clock()
        self.workspace = workspace
        intercom = workspace.services[-1]
        workspace.airbyte = AirbyteService(workspace.store, intercom.respond, self.clock)
        workspace.services = [workspace.airbyte, intercom]
        workspace.requests.clear()
        workspace.faults.clear()

    def connector(self, generation: int = 2, **options: Any) -> IntercomConnector:
        options.setdefault("retry", NO_WAIT)
        options.setdefault("http", DemoTransport(self.workspace))
        return connect("demo", mode="hosted", generation=generation, **options)

    def paths(self) -> list[str]:
        return [f"{r.method} {r.path}" for r in self.workspace.requests]

    def count(self, end: str) -> int:
        return sum(r.path.endswith(end) for r in self.workspace.requests)

    def body(self, end: str) -> Any:
        """The body of the newest request to a path with this end."""
        found = [r.body for r in self.workspace.requests if r.path.endswith(end)]
        return json.loads(found[-1])

    def headers(self, end: str) -> Any:
        return [r.headers for r in self.workspace.requests if r.path.endswith(end)][-1]


@pytest.fixture(scope="module")
def records() -> DemoWorkspace:
    return DemoWorkspace(rate_limit=None)


@pytest.fixture
def hosted(records: DemoWorkspace) -> Hosted:
    return Hosted(records)
