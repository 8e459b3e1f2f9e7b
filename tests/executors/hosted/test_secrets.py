"""Secrets and tokens of hosted execution show up nowhere."""

from __future__ import annotations

import contextlib
import json
import logging
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from secret_scan import shown_by_error

from intercom_nb import IntercomConnector, connect
from intercom_nb.errors import IntercomError
from intercom_nb.models import AirbyteAuthConfig, IntercomAuthConfig, IntercomReplicationConfig

from .conftest import NO_WAIT

pytestmark = pytest.mark.slow


# Behind functions, since a traceback shows the variables of the test as well.
def _client_secret() -> str:
    return "c2VjcmV0" + "LW9mLXRoZS1jbGllbnQ"


def _application() -> str:
    return "YXBwbGljYXRpb24" + "tdG9rZW4tb2YtdGhlLXRlc3Q"


def _scoped() -> str:
    return "c2NvcGVkLXRva2Vu" + "LW9mLXRoZS10ZXN0"


def _intercom() -> str:
    return "aW50ZXJjb20tdG9rZW4" + "tb2YtdGhlLXRlc3Q"


SECRETS = (_client_secret, _application, _scoped, _intercom)


def _service(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path.endswith("/scoped-token"):
        return httpx.Response(200, json={"token": _scoped()})
    if path.endswith("/token"):
        return httpx.Response(200, json={"access_token": _application()})
    return httpx.Response(500, json={"detail": "It broke"})


def _connector(answer: Callable[..., httpx.Response] = _service, **more: Any) -> IntercomConnector:
    return IntercomConnector(
        airbyte_client_id="client",
        airbyte_client_secret=_client_secret(),
        http=httpx.MockTransport(answer),
        retry=NO_WAIT,
        **{"connector_id": "c-1", **more},
    )


async def _create(answer: Callable[..., httpx.Response]) -> Any:
    return await IntercomConnector.create_hosted(
        workspace_name="w",
        airbyte_client_id="client",
        airbyte_client_secret=_client_secret(),
        auth_config=IntercomAuthConfig(_intercom()),
        replication_config=IntercomReplicationConfig("2026-01-01T00:00:00Z"),
        http=httpx.MockTransport(answer),
        retry=NO_WAIT,
    )


def _broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("gone", request=request)


def _no_token(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"secret_of_a_new_kind": _application()})


def _refused(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/token"):
        return httpx.Response(200, json={"access_token": _application()})
    return httpx.Response(401, json={"detail": "no"})


FAILURES: list[Callable[[], Any]] = [
    lambda: _connector().teams.list(),
    lambda: _connector(_broken).teams.list(),
    lambda: _connector(_no_token).teams.list(),
    lambda: _connector(_refused).teams.list(),
    lambda: _connector(connector_id=None).teams.list(),
    lambda: _create(_service),
    lambda: _create(_broken),
    lambda: _create(_no_token),
    lambda: _create(_refused),
    lambda: IntercomConnector.create_hosted(
        auth_config=IntercomAuthConfig(_intercom()),
        replication_config=IntercomReplicationConfig("2026-01-01T00:00:00Z"),
        airbyte_client_secret=_client_secret(),
        refresh_token=_scoped(),
    ),
]


@pytest.mark.parametrize("fail", FAILURES)
async def test_error_shows_no_secret_when_a_call_fails(
    fail: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    try:
        await fail()
    except IntercomError as error:
        shown = _everything(error) + caplog.text
    else:
        raise AssertionError("nothing failed")
    for secret in SECRETS:
        assert secret() not in shown


def _everything(error: BaseException) -> str:
    return "\n".join(shown_by_error(error))


@pytest.mark.parametrize(
    "make",
    [
        lambda: connect("demo", mode="hosted", airbyte_client_secret=_client_secret(), region="eu"),
        lambda: connect(mode="hosted", airbyte_client_secret=_client_secret()),
        lambda: connect(airbyte_client_id="a b", airbyte_client_secret=_client_secret()),
        lambda: connect(airbyte_client_id="a", airbyte_client_secret=f'"{_client_secret()}"'),
        lambda: connect(client_secret=_client_secret(), refresh_token=_scoped()),
        lambda: _connector(region="eu"),
        lambda: _connector(auth_config=IntercomAuthConfig(_intercom())),
        lambda: _connector(generation=7),
        lambda: AirbyteAuthConfig("a b", _client_secret()),
        lambda: AirbyteAuthConfig("a", f"{_client_secret()} {_client_secret()}"),
        lambda: AirbyteAuthConfig("a", _client_secret(), refresh_token=_scoped()),
        lambda: IntercomAuthConfig(f"'{_intercom()}'"),
        lambda: IntercomAuthConfig(client_secret=_client_secret()),
    ],
)
def test_error_shows_no_secret_when_the_arguments_are_refused(make: Callable[[], Any]) -> None:
    try:
        make()
    except IntercomError as error:
        shown = _everything(error)
    else:
        raise AssertionError("nothing was refused")
    for secret in SECRETS:
        assert secret() not in shown


def test_secrets_are_in_no_repr_or_frame_when_a_call_succeeded() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return _service(request)
        return httpx.Response(200, json={"result": [{"id": "1"}]})

    c = _connector(answer)
    frame = c.sync.teams.list()
    executor = c._executor
    shown = [repr(x) for x in (c, c.sync, c.hosted, executor, executor.service, c.whoami())]
    shown += [repr(executor.service.tokens), repr(vars(executor.service.tokens))]
    shown.append(json.dumps(frame.attrs["intercom"]))
    shown.append(repr(AirbyteAuthConfig("a", _client_secret())))
    for secret in SECRETS:
        assert secret() not in " ".join(shown)


def test_config_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(AirbyteAuthConfig("a", _client_secret()))


def test_client_secret_is_sent_only_to_the_token_route_when_a_call_is_made() -> None:
    seen: list[tuple[str, str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(
            (request.url.path, request.content.decode(), request.headers.get("authorization", ""))
        )
        return _service(request)

    with contextlib.suppress(IntercomError):
        _connector(answer).sync.teams.list()
    assert [p for p, body, _ in seen if _client_secret() in body] == [
        "/api/v1/account/applications/token"
    ]
    assert all(auth in {"", f"Bearer {_application()}"} for _, _, auth in seen)


def test_error_masks_the_secret_when_the_service_repeats_it() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(422, json={"detail": request.content.decode()})

    with pytest.raises(IntercomError) as caught:
        _connector(answer).sync.contacts.list(limit=1)
    shown = _everything(caught.value)
    assert '"client_secret":"***"' in shown
    assert _client_secret() not in shown
