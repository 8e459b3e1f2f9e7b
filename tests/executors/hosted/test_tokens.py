"""The application token: fetched once, shared, renewed in time and once after a 401."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from intercom_nb import IntercomConnector
from intercom_nb.errors import AuthenticationError, IntercomError, UnsupportedError
from intercom_nb.executors.hosted.auth import Tokens
from intercom_nb.executors.hosted.protocol import GENERATIONS
from intercom_nb.models import RetryPolicy
from intercom_nb.secret import Secret
from intercom_nb.transport.client import Transport

from .conftest import Hosted

pytestmark = pytest.mark.slow

TOKEN_PATHS = {1: "/api/v1/applications/token", 2: "/api/v1/account/applications/token"}


def _tokens(handler: Any, clock: Any) -> Tokens:
    transport = Transport(
        "https://auth.test",
        httpx.Auth(),
        http=httpx.MockTransport(handler),
        retry=RetryPolicy(attempts=1),
    )
    return Tokens(transport, GENERATIONS[2], Secret("id"), Secret("secret"), clock=clock)


@pytest.mark.parametrize("generation", [1, 2])
async def test_calls_share_one_token_when_they_are_concurrent(
    hosted: Hosted, generation: int
) -> None:
    c = hosted.connector(generation)
    frames = await asyncio.gather(*(c.teams.list() for _ in range(50)))
    assert [len(frame) for frame in frames] == [6] * 50
    assert hosted.count(TOKEN_PATHS[generation]) == 1
    lookup = "connectors_for_user" if generation == 1 else "/integrations/connectors"
    assert hosted.count(lookup) == 1


def test_token_request_has_the_documented_body_when_the_first_call_is_made(hosted: Hosted) -> None:
    hosted.connector().sync.teams.list()
    end = TOKEN_PATHS[2]
    assert hosted.body(end) == {"client_id": "demo-client", "client_secret": "demo-secret"}
    assert "authorization" not in hosted.headers(end)


@pytest.mark.parametrize(("answer", "life"), [({"expires_in": 300}, 300), ({}, 900)])
async def test_token_is_renewed_when_it_expires_within_a_minute(
    answer: dict[str, Any], life: int
) -> None:
    now, made = [1000.0], []

    def handler(request: httpx.Request) -> httpx.Response:
        made.append(request)
        return httpx.Response(200, json={"access_token": f"token-{len(made)}", **answer})

    tokens = _tokens(handler, lambda: now[0])
    assert (await tokens.current()).reveal() == "token-1"
    now[0] += life - 61
    assert (await tokens.current()).reveal() == "token-1"
    now[0] += 1
    assert (await tokens.current()).reveal() == "token-2"


def test_call_is_repeated_with_a_new_token_when_it_is_refused_with_401(hosted: Hosted) -> None:
    c = hosted.connector()
    c.sync.teams.list()
    hosted.workspace.airbyte.tokens.revoke_all()
    assert len(c.sync.teams.list()) == 6
    assert hosted.count(TOKEN_PATHS[2]) == 2
    assert hosted.count("/execute") == 3


async def test_token_renewal_is_shared_when_many_calls_are_refused(hosted: Hosted) -> None:
    c = hosted.connector()
    await c.teams.list()
    hosted.workspace.airbyte.tokens.revoke_all()
    assert len(await asyncio.gather(*(c.teams.list() for _ in range(50)))) == 50
    assert hosted.count(TOKEN_PATHS[2]) == 2


def test_call_raises_when_it_is_refused_with_401_twice(hosted: Hosted) -> None:
    c = hosted.connector()
    c.sync.teams.list()
    hosted.workspace.inject(
        status=401, body=b'{"detail": "no"}', times=9, path_prefix="/api/v1/integ"
    )
    with pytest.raises(AuthenticationError, match="the server responded with 401: no"):
        c.sync.teams.list()
    assert hosted.count("/execute") == 3


def test_connector_is_not_looked_up_when_the_secret_is_wrong(hosted: Hosted) -> None:
    c = IntercomConnector(
        workspace_name="demo",
        airbyte_client_id="demo-client",
        airbyte_client_secret="wrong",
        airbyte_api_url="https://hosted.test",
        http=hosted.connector()._executor.service.api._http,
    )
    with pytest.raises(AuthenticationError, match=r"application token.*401"):
        c.sync.teams.list()
    assert hosted.paths() == [f"POST {TOKEN_PATHS[2]}"] * len(hosted.paths())


async def test_waiting_calls_raise_their_own_errors_when_the_token_request_fails() -> None:
    asked = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(403, json={"detail": "no subscription"})

    tokens = _tokens(handler, lambda: 0.0)
    results = await asyncio.gather(*(tokens.current() for _ in range(5)), return_exceptions=True)
    assert len(asked) == 1
    assert all(isinstance(r, IntercomError) for r in results)
    assert len({id(r) for r in results}) == 5


async def test_token_reaches_the_other_calls_when_one_is_cancelled() -> None:
    answer_now = asyncio.Event()

    async def handler(request: httpx.Request) -> httpx.Response:
        await answer_now.wait()
        return httpx.Response(200, json={"access_token": "token"})

    tokens = _tokens(handler, lambda: 0.0)
    first, second = (asyncio.ensure_future(tokens.current()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    answer_now.set()
    assert (await second).reveal() == "token"


@pytest.mark.parametrize("key", ["access_token", "token"])
async def test_token_is_read_when_the_response_uses_either_name(key: str) -> None:
    tokens = _tokens(lambda request: httpx.Response(200, json={key: "abc"}), lambda: 0.0)
    assert (await tokens.current()).reveal() == "abc"


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{}", b'{"access_token": ""}', b'{"access_token": 5}', b"<html>"),
        b'{"access_token": "made-up\\nin-two-lines"}',
    ],
)
async def test_token_request_raises_when_the_response_has_no_token(content: bytes) -> None:
    tokens = _tokens(lambda request: httpx.Response(200, content=content), lambda: 0.0)
    with pytest.raises(IntercomError, match="application token: the response"):
        await tokens.current()


@pytest.mark.parametrize("generation", [1, 2])
async def test_token_request_names_the_server_when_the_route_is_missing(generation: int) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"detail": "Not Found"})

    c = IntercomConnector(
        connector_id="some-id",
        generation=generation,
        airbyte_client_id="a",
        airbyte_client_secret="b",
        http=httpx.MockTransport(handler),
    )
    with pytest.raises(UnsupportedError, match=f"generation={3 - generation}") as caught:
        await c.teams.list()
    assert TOKEN_PATHS[generation] in str(caught.value)


async def test_token_is_requested_from_another_host_when_the_generation_is_the_first(
    hosted: Hosted,
) -> None:
    hosts = []

    def handler(request: httpx.Request) -> httpx.Response:
        hosts.append((request.url.host, request.url.path.rpartition("/")[2]))
        if request.url.path.endswith("/token"):
            return httpx.Response(200, json={"access_token": "t"})
        assert request.headers["authorization"] == "Bearer t"
        if request.url.path.endswith("/connectors_for_user"):
            assert dict(request.url.params)["external_user_id"] == "ada"
            return httpx.Response(200, json={"connectors": [{"id": "c-1", "name": "x"}]})
        assert json.loads(request.content) == {"entity": "teams", "action": "list", "params": {}}
        return httpx.Response(200, json={"result": [], "connector_metadata": None})

    c = IntercomConnector(
        external_user_id="ada",
        airbyte_client_id="a",
        airbyte_client_secret="b",
        http=httpx.MockTransport(handler),
    )
    assert len(await c.teams.list()) == 0
    assert hosts == [
        ("cloud.airbyte.com", "token"),
        ("api.airbyte.ai", "connectors_for_user"),
        ("api.airbyte.ai", "execute"),
    ]
