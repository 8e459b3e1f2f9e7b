"""check() and whoami(): what is wrong with a credential, and whose it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from scripted_server import demo_connector

from intercom_nb import IntercomAuthConfig, IntercomConnector, connect
from intercom_nb.connector.identity import status_of
from intercom_nb.errors import CredentialError
from intercom_nb.models import RetryPolicy

from .conftest import Hosted

ONCE = RetryPolicy(attempts=1)
TOKEN = "dG9rOndoby1hbS1pLW9mLXRoZS10ZXN0cw"


def _direct(answer: Callable[[httpx.Request], httpx.Response]) -> IntercomConnector:
    return IntercomConnector(
        auth_config=IntercomAuthConfig(TOKEN), http=httpx.MockTransport(answer), retry=ONCE
    )


def _refusal(status: int, code: str) -> Callable[[httpx.Request], httpx.Response]:
    body = {"type": "error.list", "errors": [{"code": code, "message": "No."}]}
    headers = {"retry-after": "0"}
    return lambda request: httpx.Response(status, headers=headers, json=body)


def _unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


def _late(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("late", request=request)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (_refusal(401, "unauthorized"), "refused"),
        (_refusal(401, "token_not_found"), "refused"),
        (_refusal(401, "token_revoked"), "refused"),
        (_refusal(401, "token_expired"), "expired"),
        (_refusal(401, "missing_authorization"), "missing"),
        (_refusal(403, "token_blocked"), "not allowed"),
        (_refusal(429, "rate_limit_exceeded"), "busy"),
        (_refusal(500, "server_error"), "failed"),
        (_unreachable, "unreachable"),
        (_late, "unreachable"),
        (lambda request: httpx.Response(200, text="<html>Log in</html>"), "unreachable"),
    ],
)
async def test_check_reports_the_problem_when_the_request_fails(answer: Any, status: str) -> None:
    check = await _direct(answer).check()
    assert check.status == status
    assert not check
    assert check.message


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "missing"),
        ("  ", "missing"),
        (None, "missing"),
        ("two words", "malformed"),
        ("<token>", "malformed"),
        ("Bearer abc", "malformed"),
        (5, "malformed"),
    ],
)
def test_config_error_has_the_reason_when_the_token_is_missing_or_malformed(
    token: Any, reason: str
) -> None:
    with pytest.raises(CredentialError) as caught:
        IntercomAuthConfig(access_token=token)
    assert status_of(caught.value) == reason


async def test_check_returns_the_workspace_when_the_token_is_valid() -> None:
    check = await demo_connector().check()
    assert check
    assert check.status == "ok"
    assert check.workspace["workspace"] == "Lanternboard (demo)"


async def test_check_returns_no_workspace_name_when_the_response_has_none() -> None:
    check = await _direct(
        lambda request: httpx.Response(200, json={"id": "1", "app": None})
    ).check()
    assert check
    assert check.workspace["workspace"] is None


class TestHosted:
    @pytest.mark.parametrize("generation", [1, 2])
    async def test_hosted_check_returns_the_workspace_when_the_client_is_valid(
        self, hosted: Hosted, generation: int
    ) -> None:
        check = await hosted.connector(generation).check()
        assert (check.status, check.workspace["workspace"]) == ("ok", "demo")
        assert hosted.body("/execute")["action"] == "list"

    async def test_hosted_check_fails_when_the_secret_is_wrong(self, hosted: Hosted) -> None:
        c = hosted.connector()
        hosted.workspace.inject(status=401, body=b'{"detail": "no"}', path_prefix="/api/v1/account")
        assert (await c.check()).status == "refused"

    async def test_hosted_check_fails_when_the_workspace_has_no_connector(
        self, hosted: Hosted
    ) -> None:
        check = await hosted.connector(workspace_name="nobody").check()
        assert check.status == "not found"
        assert "create_hosted" in check.message

    async def test_hosted_check_fails_when_the_service_is_unreachable(self) -> None:
        c = connect("demo", mode="hosted", http=httpx.MockTransport(_unreachable), retry=ONCE)
        assert (await c.check()).status == "unreachable"


def test_whoami_masks_the_credential_when_it_is_shown() -> None:
    who = demo_connector(allow_writes=True).whoami()
    assert (who.workspace, who.region, who.mode) == ("Lanternboard (demo)", "US", "direct")
    text = repr(who)
    for word in ("Lanternboard (demo)", "US", "direct", "read and write", "the demo workspace"):
        assert word in text
    assert "(***)" in who.credential


def test_whoami_shows_the_connector_id_when_the_mode_is_hosted(hosted: Hosted) -> None:
    who = hosted.connector().whoami()
    assert (who.workspace, who.mode) == ("demo", "hosted")
    assert who.details["connector_id"] in repr(who)
    assert "demo-secret" not in repr(who)


def test_whoami_shows_the_problem_when_the_token_has_expired() -> None:
    who = _direct(_refusal(401, "token_expired")).whoami()
    assert who.workspace is None
    assert "expired" in repr(who)
    assert TOKEN not in repr(who)


def test_whoami_returns_the_workspace_when_a_loop_runs() -> None:
    async def cell() -> str | None:
        return demo_connector().whoami().workspace

    assert asyncio.run(cell()) == "Lanternboard (demo)"
