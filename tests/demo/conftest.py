"""Workspaces for the tests of the demo, and a short way to ask them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import msgspec
import pytest
from scripted_server import demo_workspace, writable_demo

from intercom_nb.demo import TOKEN, DemoRequest, DemoWorkspace

HEADERS = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}


class Answer(NamedTuple):
    status: int
    json: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        assert self.json["type"] == "error.list"
        return self.json["errors"][0]["code"]


class Asker:
    """Ask a workspace without HTTP; query and body are keyword arguments."""

    def __init__(self, workspace: DemoWorkspace) -> None:
        self.workspace = workspace
        self.store = workspace.store

    def __call__(
        self, method: str, path: str, body: Any = None, headers: Any = None, **query: Any
    ) -> Answer:
        raw = (
            body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        )
        pairs = [(name, str(value)) for name, value in query.items()]
        request = DemoRequest(method, path, pairs, HEADERS if headers is None else headers, raw)
        response = self.workspace.handle(request)
        value = msgspec.json.decode(response.body) if response.body else None
        return Answer(response.status, value, dict(response.headers))

    def get(self, path: str, **query: Any) -> Any:
        answer = self("GET", path, **query)
        assert answer.status == 200, answer.json
        return answer.json

    def search(self, entity: str, query: Any, **more: Any) -> Answer:
        return self("POST", f"/{entity}/search", {"query": query, **more})

    def every(self, path: str, key: str, per_page: int = 150) -> list[Any]:
        """Follow the cursors of a list to its end."""
        found: list[Any] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, per_page=per_page, **cursor)
            found += page[key]
            if "next" not in page["pages"]:
                return found
            cursor = {"starting_after": page["pages"]["next"]["starting_after"]}


@pytest.fixture(scope="package")
def shared() -> Asker:
    """Read a whole workspace; nobody may write to it."""
    return Asker(demo_workspace())


@pytest.fixture(scope="package")
def small() -> Asker:
    """Read a workspace cut down to some hundred records; nobody may write to it."""
    return Asker(cut(writable_demo()))


@pytest.fixture
def ask() -> Asker:
    """Give a workspace of its own to a test that writes."""
    return Asker(writable_demo())


def cut(workspace: DemoWorkspace, contacts: int = 12, conversations: int = 45) -> DemoWorkspace:
    """Keep every twelfth contact and every 45th conversation."""
    store = workspace.store
    for records, step in ((store.conversations, conversations), (store.people.contacts, contacts)):
        for number, (key, record) in enumerate(list(records.items())):
            # What is rare stays, since a search for it has to find something.
            agent = record.get("ai_agent") or {}
            rare = record.get("snoozed_until") or agent.get("rating_remark")
            if number % step and not (rare and number % 4 == 0):
                del records[key]
    return workspace
