"""Scripted server: returns the responses that a test lists, and records the requests."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from intercom_nb import IntercomAuthConfig, IntercomConnector, connect
from intercom_nb.demo import DemoTransport, DemoWorkspace
from intercom_nb.demo.data.organization import Organization
from intercom_nb.demo.data.people import People
from intercom_nb.models import RetryPolicy

TOKEN = "dG9rOnNlY3JldC1vZi10aGUtdGVzdA"
NO_WAIT = RetryPolicy(attempts=3, first_wait=0, max_wait=0)
"""Retry without waiting."""

Reply = httpx.Response | Exception | dict[str, Any]


class ScriptedServer:
    """Return responses in order (repeating the last), or whatever a function returns."""

    def __init__(self, responses: Iterable[Reply] | Callable[[httpx.Request], Reply]) -> None:
        self._next = responses if callable(responses) else _in_order(list(responses))
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self._next(request)
        if isinstance(reply, Exception):
            raise reply
        return reply if isinstance(reply, httpx.Response) else httpx.Response(200, json=reply)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(r.content) for r in self.requests]

    def connector(self, **options: Any) -> IntercomConnector:
        options.setdefault("retry", NO_WAIT)
        return IntercomConnector(
            auth_config=IntercomAuthConfig(TOKEN),
            base_url="https://intercom.test",
            http=httpx.MockTransport(self),
            **options,
        )


def _in_order(responses: list[Reply]) -> Callable[[httpx.Request], Reply]:
    def respond(request: httpx.Request) -> Reply:
        found = responses.pop(0) if len(responses) > 1 else responses[0]
        if isinstance(found, httpx.Response):  # a response object can be read once only
            return httpx.Response(found.status_code, headers=found.headers, content=found.content)
        return found

    return respond


def contact_page(ids: Iterable[Any], next_: Any = None, **more: Any) -> dict[str, Any]:
    """Build a page of contacts as ``GET /contacts`` returns it."""
    cursor = {"page": 2, "starting_after": next_} if isinstance(next_, str) else next_
    rows = [{"type": "contact", "id": i} for i in ids]
    return {"type": "list", "data": rows, "pages": {"type": "pages", "next": cursor}, **more}


@functools.cache
def demo_workspace() -> DemoWorkspace:
    """Return the demo workspace shared by all tests that only read."""
    return DemoWorkspace(rate_limit=None)


def writable_demo() -> DemoWorkspace:
    """Copy that workspace without building it again: writes replace records, they change none."""
    shared, copy = demo_workspace().store, DemoWorkspace(rate_limit=None)
    people = {name: dict(value) for name, value in vars(shared.people).items()}
    lists = {name: value.copy() for name, value in vars(shared.organization).items()}
    copy.store.people = People(**people)
    copy.store.organization = Organization(**lists)
    copy.store.stories = shared.stories
    copy.store.conversations = dict(shared.conversations)
    return copy


def demo_connector(workspace: DemoWorkspace | None = None, **options: Any) -> IntercomConnector:
    """Return a connector to that workspace, or to another one."""
    transport = DemoTransport(workspace or demo_workspace())
    return connect("demo", http=transport, **options)
