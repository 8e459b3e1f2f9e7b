"""Fault matrix: error, number of requests and known outcome for each fault, operation and mode.

A cell of the table is the error's class without "Error", then the number of requests. A question
mark marks a write whose outcome is unknown: such a request is never sent twice.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from scripted_server import NO_WAIT, TOKEN, ScriptedServer, demo_workspace

from intercom_nb import IntercomConnector, connect
from intercom_nb.demo import CLIENT_SECRET, DemoTransport
from intercom_nb.errors import IntercomError

Fault = Callable[[httpx.Request], httpx.Response]

# Reads and writes that may be repeated | creations, which may not.
MATRIX = """
no connection        | ConnectionFailed 3 | ConnectionFailed 3
connection lost      | ConnectionFailed 3 | ConnectionFailed? 1
connection timeout   | RequestTimeout 3   | RequestTimeout 3
read timeout         | RequestTimeout 3   | RequestTimeout? 1
write timeout        | RequestTimeout 3   | RequestTimeout? 1
closed early         | ConnectionFailed 3 | ConnectionFailed? 1
400                  | BadRequest 1       | BadRequest 1
401                  | Authentication 1   | Authentication 1
402                  | PermissionDenied 1 | PermissionDenied 1
403                  | PermissionDenied 1 | PermissionDenied 1
404                  | NotFound 1         | NotFound 1
408                  | BadRequest 3       | BadRequest? 1
409                  | BadRequest 1       | BadRequest 1
410                  | BadRequest 1       | BadRequest 1
415                  | BadRequest 1       | BadRequest 1
422                  | BadRequest 1       | BadRequest 1
429                  | RateLimit 3        | RateLimit 3
500                  | Server 3           | Server? 1
501                  | Server 1           | Server? 1
502                  | Server 3           | Server? 1
503                  | Server 3           | Server? 1
504                  | Server 3           | Server? 1
503 gateway page     | Server 3           | Server? 1
200 empty            | InvalidResponse 3  | InvalidResponse? 1
200 HTML             | InvalidResponse 3  | InvalidResponse? 1
200 cut JSON         | InvalidResponse 3  | InvalidResponse? 1
200 deep JSON        | InvalidResponse 3  | InvalidResponse? 1
200 not UTF-8        | InvalidResponse 3  | InvalidResponse? 1
302 elsewhere        | InvalidResponse 1  | InvalidResponse? 1
"""
EXPECTED = {
    name: cells
    for name, *cells in (
        [cell.strip() for cell in line.split("|")] for line in MATRIX.strip().splitlines()
    )
}
# Cells that differ in hosted mode: by fault, for what may be repeated and for creations.
HOSTED = {
    "401": ["Authentication 2", "Authentication 2"],  # once more, with a new Airbyte token
    "429": ["RateLimit 3", "RateLimit 1"],  # does not say that Airbyte sent nothing to Intercom
}
EXCEPTIONS: dict[str, type[httpx.TransportError]] = {
    "no connection": httpx.ConnectError,
    "connection lost": httpx.ReadError,
    "connection timeout": httpx.ConnectTimeout,
    "read timeout": httpx.ReadTimeout,
    "write timeout": httpx.WriteTimeout,
    "closed early": httpx.RemoteProtocolError,
}
BODIES = {
    "200 empty": b"",
    "200 HTML": b"<html>Sign in</html>",
    "200 cut JSON": b'{"type": "contact", "id": "1',
    "200 deep JSON": b"[" * 100_000,
    "200 not UTF-8": b'{"id": "\xff"}',
    "503 gateway page": b"<html><title>Service unavailable</title></html>",
}
REFUSAL = b'{"type": "error.list", "errors": [{"code": "x", "message": "Not today."}]}'

READS: dict[str, Callable[[Any], Any]] = {
    "list": lambda c: c.contacts.list(),
    "search": lambda c: c.contacts.search(role="user"),
    "get": lambda c: c.contacts.get("1"),
    "execute": lambda c: c.execute("contacts", "list", {"per_page": 5}),
    "update": lambda c: c.contacts.update("1", name="x"),
    "delete": lambda c: c.contacts.delete("1"),
}
CREATIONS: dict[str, Callable[[Any], Any]] = {
    "create": lambda c: c.contacts.create(role="user", email="a@example.com"),
    "add_note": lambda c: c.notes.create(contact_id="1", body="x"),
}
# Airbyte's connector has no search; a deletion's empty body is a success, as Intercom documents it.
MISSING = {("hosted", "search"), ("hosted", "execute"), ("200 empty", "delete")}


def fault(name: str) -> Fault:
    """Return the handler that responds with a fault."""

    def respond(request: httpx.Request) -> httpx.Response:
        if name in EXCEPTIONS:
            raise EXCEPTIONS[name](f"broken: {TOKEN} {CLIENT_SECRET}", request=request)
        body = BODIES.get(name, REFUSAL)
        kind = "text/html" if body.startswith(b"<") else "application/json"
        headers = {"content-type": kind, "location": "https://elsewhere.example/"}
        return httpx.Response(int(name[:3]), headers=headers, content=body, request=request)

    return respond


class HostedFault(DemoTransport):
    """Airbyte's API of the demo, whose requests to Intercom fail."""

    def __init__(self, respond: Fault) -> None:
        super().__init__(demo_workspace())
        self._respond = respond
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("/execute"):
            return await super().handle_async_request(request)
        self.requests.append(request)
        await request.aread()
        return self._respond(request)


def connector(mode: str, respond: Fault) -> tuple[IntercomConnector, list[httpx.Request]]:
    """Return a connector whose requests fail, and the list of them."""
    if mode == "hosted":
        door = HostedFault(respond)
        made = connect("demo", mode="hosted", http=door, retry=NO_WAIT, allow_writes=True)
        return made, door.requests
    server = ScriptedServer(respond)
    return server.connector(allow_writes=True), server.requests


async def outcome(call: Callable[[Any], Any], mode: str, name: str) -> str:
    """Run a call and return the cell of the table; anything but our error fails the test."""
    made, requests = connector(mode, fault(name))
    try:
        result: Awaitable[Any] | Any = call(made.sync if mode == "sync" else made)
        if inspect.isawaitable(result):
            await result
    except IntercomError as error:
        shown = f"{error!s}{error!r}{error.__cause__!r}{vars(error)}"
        if (CLIENT_SECRET if mode == "hosted" else TOKEN) in shown:
            return f"the secret in {shown}"
        mark = "?" if error.outcome_unknown else ""
        return f"{type(error).__name__.removesuffix('Error')}{mark} {len(requests)}"
    finally:
        await made.aclose()
    return f"no error {len(requests)}"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["await", "sync", "hosted"])
async def test_call_raises_the_error_of_the_matrix_when_the_server_has_a_fault(
    mode: str, record_property: Callable[[str, object], None], recwarn: pytest.WarningsRecorder
) -> None:
    tried, wrong = 0, {}
    table = EXPECTED | HOSTED if mode == "hosted" else EXPECTED
    for name, cells in table.items():
        for calls, expected in zip((READS, CREATIONS), cells, strict=True):
            for operation, call in calls.items():
                if {(mode, operation), (name, operation)} & MISSING:
                    continue
                tried += 1
                found = await outcome(call, mode, name)
                if found != expected:
                    wrong[name, operation] = f"{found}, expected {expected}"
    record_property("faults tried", tried)
    print(f"{tried} faults tried in mode {mode}: {len(wrong)} with another outcome")
    assert wrong == {}
