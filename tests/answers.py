"""An Intercom that answers what a test scripts, and remembers what it was asked."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx

from intercom_nb import IntercomAuthConfig, IntercomConnector, connect
from intercom_nb.demo import DemoTransport, DemoWorkspace
from intercom_nb.runtime.retry import RetryPolicy

TOKEN = "dG9rOnNlY3JldC1vZi10aGUtdGVzdA"
AT_ONCE = RetryPolicy(attempts=3, first_wait=0, max_wait=0)
"""Retries that do not wait."""

Answer = httpx.Response | Exception | dict[str, Any]


class Script:
    """Answers in the given order (the last one again and again), or what a function says."""

    def __init__(self, answers: Iterable[Answer] | Callable[[httpx.Request], Answer]) -> None:
        self._next = answers if callable(answers) else _in_order(list(answers))
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._next(request)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(r.content) for r in self.requests]

    def connector(self, **options: Any) -> IntercomConnector:
        options.setdefault("retry", AT_ONCE)
        return IntercomConnector(
            auth_config=IntercomAuthConfig(TOKEN),
            base_url="https://intercom.test",
            http=httpx.MockTransport(self),
            **options,
        )


def _in_order(answers: list[Answer]) -> Callable[[httpx.Request], Answer]:
    def answer(request: httpx.Request) -> Answer:
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, httpx.Response):  # one response object answers one request
            return httpx.Response(found.status_code, headers=found.headers, content=found.content)
        return found

    return answer


def contact_page(ids: Iterable[Any], next_: Any = None, **more: Any) -> dict[str, Any]:
    """A page of contacts as ``GET /contacts`` answers it."""
    cursor = {"page": 2, "starting_after": next_} if isinstance(next_, str) else next_
    rows = [{"type": "contact", "id": i} for i in ids]
    return {"type": "list", "data": rows, "pages": {"type": "pages", "next": cursor}, **more}


@functools.cache
def demo_workspace() -> DemoWorkspace:
    """A demo workspace for all tests that only read."""
    return DemoWorkspace(rate_limit=None)


def demo_connector(workspace: DemoWorkspace | None = None, **options: Any) -> IntercomConnector:
    """A connector to that workspace, or to another one."""
    transport = DemoTransport(workspace or demo_workspace())
    return connect("demo", http=transport, **options)
