"""Sending: again only where that is safe, as often and as late as told, and never elsewhere."""

from __future__ import annotations

import asyncio
import email.utils
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from scripted_server import TOKEN, Reply, ScriptedServer

from intercom_nb import IntercomAuthConfig, IntercomConnector, catalog, errors
from intercom_nb.demo import TOKEN as DEMO_TOKEN
from intercom_nb.demo import DemoWorkspace, serve
from intercom_nb.executors.direct import DirectExecutor
from intercom_nb.executors.pagination import read_page
from intercom_nb.models import RetryPolicy
from intercom_nb.secret import Secret
from intercom_nb.transport.client import BearerAuth, Transport
from intercom_nb.transport.protocol import Request, Response
from intercom_nb.transport.rate_limiter import RateLimiter

START = 1_790_812_800.0
READ = Request("GET", "/contacts", retry_safe=True)
WRITE = Request("POST", "/contacts", body={"email": "a@b.example"}, retry_safe=False)
DELETE = Request("DELETE", "/contacts/1", retry_safe=True)
OK = httpx.Response(200, json={"data": []})


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = START
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Setup:
    """A transport over a script, in a time of its own."""

    def __init__(
        self, answers: list[Reply] | Callable[[httpx.Request], Reply], **policy: Any
    ) -> None:
        self.script = ScriptedServer(answers)
        self.time = Time()
        self.transport = Transport(
            "https://intercom.test/base",
            BearerAuth(Secret(TOKEN)),
            http=httpx.MockTransport(self.script),
            rate_limiter=RateLimiter(clock=self.time, sleep=self.time.sleep),
            retry=RetryPolicy(**policy),
            clock=self.time,
            sleep=self.time.sleep,
        )

    async def send(self, request: Request) -> Response:
        return await self.transport.send(request, "asked", lambda response: response)

    @property
    def sent(self) -> int:
        return len(self.script.requests)


async def test_request_has_only_the_expected_headers_when_it_is_sent() -> None:
    s = Setup([OK])
    request = Request("GET", "/x%2Fy", (("a", "1 2"),), headers={"Intercom-Version": "2.15"})
    await s.send(request)
    sent = s.script.requests[0]
    assert sent.url.host == "intercom.test"
    assert sent.url.raw_path == b"/base/x%2Fy?a=1+2"
    assert sent.headers["authorization"] == f"Bearer {TOKEN}"
    assert sent.headers["intercom-version"] == "2.15"
    assert sent.headers["accept"] == "application/json"
    assert sent.headers["user-agent"].startswith("intercom-nb/")
    assert "content-type" not in sent.headers
    assert sent.content == b""


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_read_is_repeated_when_the_server_fails(status: int) -> None:
    s = Setup([httpx.Response(status), httpx.Response(status), OK])
    assert (await s.send(READ)).status == 200
    assert s.sent == 3
    assert len(s.time.slept) == 2


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_write_is_sent_once_when_it_is_not_retry_safe(status: int) -> None:
    s = Setup([httpx.Response(status), OK])
    with pytest.raises(errors.APIError, match="may have taken effect"):
        await s.send(WRITE)
    assert s.sent == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 402, 403, 404, 409, 422, 501])
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
async def test_request_is_not_repeated_when_the_error_is_final(
    status: int, request_: Request
) -> None:
    headers = {"location": "https://elsewhere.test/contacts"} if status < 400 else {}
    s = Setup([httpx.Response(status, headers=headers), OK])
    with pytest.raises(errors.APIError) as caught:
        await s.send(request_)
    assert caught.value.status == status
    assert s.sent == 1
    assert {r.url.host for r in s.script.requests} == {"intercom.test"}


def every_httpx_error() -> list[type[Exception]]:
    found = [v for v in vars(httpx).values() if isinstance(v, type) and issubclass(v, Exception)]
    made = [kind for kind in found if not kind.__subclasses__() or kind is httpx.InvalidURL]
    return sorted(set(made) - {httpx.CookieConflict, httpx.HTTPStatusError}, key=str)
    # CookieConflict is raised by reading a cookie jar, HTTPStatusError by raise_for_status.


NOTHING_SENT = {httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout}
HOPELESS = {
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    httpx.TooManyRedirects,
    httpx.StreamConsumed,
    httpx.StreamClosed,
    httpx.ResponseNotRead,
    httpx.RequestNotRead,
}


def make(kind: type[Exception]) -> Exception:
    if kind in {
        httpx.StreamConsumed,
        httpx.StreamClosed,
        httpx.ResponseNotRead,
        httpx.RequestNotRead,
    }:
        return kind()
    return kind("it broke")


@pytest.mark.parametrize("kind", every_httpx_error(), ids=lambda k: k.__name__)
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
async def test_request_is_repeated_only_when_the_httpx_error_makes_it_safe(
    kind: type[Exception], request_: Request
) -> None:
    s = Setup([make(kind)], attempts=3)
    with pytest.raises(errors.ConnectionFailedError) as caught:
        await s.send(request_)
    again = kind not in HOPELESS and (request_ is READ or kind in NOTHING_SENT)
    assert s.sent == (3 if again else 1)
    timeout = issubclass(kind, httpx.TimeoutException)
    assert isinstance(caught.value, errors.RequestTimeoutError) is timeout
    text = str(caught.value)
    assert text.startswith("asked: no response from https://intercom.test/base")
    in_doubt = request_ is WRITE and kind not in NOTHING_SENT
    assert ("may have taken effect" in text) is in_doubt
    # A chained error of httpx would bring along frames that hold the credential.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_write_is_not_repeated_when_aiohttp_lost_its_connection() -> None:
    lost = type(
        "ServerDisconnectedError", (Exception,), {"__module__": "aiohttp.client_exceptions"}
    )
    failure = httpx.ConnectTimeout("Server disconnected")  # what httpx-aiohttp makes of it
    failure.__cause__ = lost()
    s = Setup([failure], attempts=3)
    with pytest.raises(errors.RequestTimeoutError, match="may have taken effect"):
        await s.send(WRITE)
    assert s.sent == 1


@pytest.mark.parametrize("attempts", [1, 2, 5])
@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(429), httpx.ReadError("x")])
async def test_error_names_the_attempts_when_all_have_failed(attempts: int, answer: Reply) -> None:
    s = Setup([answer], attempts=attempts)
    with pytest.raises(errors.IntercomError) as caught:
        await s.send(READ)
    assert s.sent == attempts
    assert len(s.time.slept) >= attempts - 1
    notes = getattr(caught.value, "__notes__", [])
    assert notes == ([f"The request was sent {attempts} times."] if attempts > 1 else [])


async def test_waits_double_up_to_the_maximum_when_attempts_fail() -> None:
    s = Setup([httpx.Response(500)], attempts=8, first_wait=1, max_wait=10)
    with pytest.raises(errors.ServerError):
        await s.send(READ)
    for wait, full in zip(s.time.slept, [1, 2, 4, 8, 10, 10, 10], strict=True):
        assert full / 2 <= wait <= full


WINDOW = {"x-ratelimit-limit": "1666", "x-ratelimit-remaining": "0"}


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"retry-after": "7"}, 7, 8),
        ({"retry-after": email.utils.formatdate(START + 7, usegmt=True)}, 7, 8),
        ({"x-ratelimit-reset": str(int(START) + 7), **WINDOW}, 7, 8),
        ({"retry-after": "90"}, 90, 91),
        ({}, 0.2, 2),
    ],
    ids=["seconds", "date", "reset", "over-a-minute", "nothing"],
)
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
async def test_request_waits_as_the_server_asks_when_it_is_refused_with_429(
    headers: dict[str, str], least: float, most: float, request_: Request
) -> None:
    s = Setup([httpx.Response(429, headers=headers), OK])
    assert (await s.send(request_)).status == 200
    assert s.sent == 2
    assert least <= s.time.now - START <= most
    assert len(s.time.slept) <= 3  # no busy waiting


@pytest.mark.parametrize("status", [429, 503])
async def test_request_raises_at_once_when_the_server_asks_for_more_than_max_retry_after(
    status: int,
) -> None:
    s = Setup([httpx.Response(status, headers={"retry-after": "3600"}), OK])
    with pytest.raises(errors.APIError) as caught:
        await s.send(READ)
    assert s.sent == 1
    assert caught.value.retry_after == 3600
    assert "asks to wait 3,600 s, which is longer than 120 s" in caught.value.__notes__[0]


async def test_requests_wait_when_the_server_asks_another_one_to_wait() -> None:
    sent_at: list[float] = []

    def answer(_: httpx.Request) -> Reply:
        sent_at.append(s.time.now)
        return httpx.Response(429, headers={"retry-after": "5"}) if len(sent_at) == 1 else OK

    s = Setup(answer)
    first = asyncio.create_task(s.send(READ))
    await asyncio.wait([first], timeout=0)
    for _ in range(2):
        await asyncio.sleep(0)
    await asyncio.gather(first, *(s.send(READ) for _ in range(20)))
    assert len(sent_at) == 22
    assert min(sent_at[1:]) >= START + 5
    assert len(s.time.slept) < 40


async def test_delete_succeeds_when_its_response_was_lost_and_the_record_is_gone() -> None:
    for lost in (httpx.ReadTimeout("slow"), httpx.Response(502)):
        s = Setup([lost, httpx.Response(404)])
        answer = await s.send(DELETE)
        assert (answer.status, answer.content) == (200, b"")
        assert s.sent == 2


async def test_delete_raises_when_the_record_does_not_exist() -> None:
    for before in ([], [httpx.Response(429)], [httpx.ConnectError("refused")]):
        s = Setup([*before, httpx.Response(404)])
        with pytest.raises(errors.NotFoundError):
            await s.send(DELETE)


CONTACTS = "contacts", "list"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<!doctype html><html><body>Hello</body></html>", "It is a web page"),
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b'{"type": "list", "data": [{"id": "1"}, {"id"', "is not the expected JSON"),
        (b'{"type": "list"}', "has no 'data' in it"),
        (b"[]", "is not the expected JSON"),
        (b"null", "is not the expected JSON"),
        (b'{"data": {"id": "1"}}', "is not the expected JSON"),
        (b'{"data": [{"id": "\xff"}]}', "is not the expected JSON"),
        pytest.param(  # Python 3.14 reads 100,000 levels
            b'{"data": [' + b'{"a":' * 999_999 + b"1" + b"}" * 999_999 + b"]}",
            "is not the expected JSON",
            id="nested too deeply",
        ),
        (b'\xef\xbb\xbf{"data": []}', "is not the expected JSON"),
    ],
    ids=repr,
)
async def test_read_is_repeated_then_raises_when_the_response_is_unreadable(
    content: bytes, says: str
) -> None:
    operation = catalog.operation(*CONTACTS)
    bad = httpx.Response(200, content=content, headers={"content-type": "text/html"})
    s = Setup([bad])
    executor = DirectExecutor(s.transport)
    with pytest.raises(errors.InvalidResponseError) as caught:
        await executor.page(operation, {})
    assert says in str(caught.value)
    assert s.sent == 3
    s = Setup([bad, bad, httpx.Response(200, json={"data": [{"id": "1"}]})])
    page = await DirectExecutor(s.transport).page(operation, {})
    assert len(page.records) == 1


async def test_write_is_not_repeated_when_the_response_is_unreadable() -> None:
    operation = catalog.operation("contacts", "create")
    s = Setup([httpx.Response(200, text="<html>")])
    with pytest.raises(errors.InvalidResponseError):
        await DirectExecutor(s.transport).page(operation, {"email": "a@b.example"})
    assert s.sent == 1


def test_delete_returns_one_row_when_the_response_is_empty() -> None:
    operation = catalog.operation("tags", "delete")
    for content in (b"", b"{}"):
        page = read_page(operation, {"id": "5"}, Response(200, {}, content))
        assert [bytes(r) for r in page.records] == [b'{"id":"5","deleted":true}']


async def test_read_is_repeated_when_a_compressed_response_is_cut() -> None:
    s = Setup(
        lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"no gzip")
    )
    with pytest.raises(errors.ConnectionFailedError):
        await s.send(READ)
    assert s.sent == 6


async def test_call_is_refused_when_the_given_client_is_closed() -> None:
    http = httpx.AsyncClient(transport=httpx.MockTransport(ScriptedServer([OK])))
    await http.aclose()
    transport = Transport("https://intercom.test", BearerAuth(Secret(TOKEN)), http=http)
    with pytest.raises(errors.ConfigurationError, match="passed as http= is closed"):
        await transport.send(READ, "asked", lambda r: r)


async def test_transport_leaves_the_given_client_open_when_it_is_closed() -> None:
    script = ScriptedServer([OK])
    async with httpx.AsyncClient(transport=httpx.MockTransport(script)) as http:
        transport = Transport("https://intercom.test", BearerAuth(Secret(TOKEN)), http=http)
        await transport.send(READ, "asked", lambda r: r)
        await transport.aclose()
        assert not http.is_closed
        await transport.send(READ, "asked", lambda r: r)
    assert len(script.requests) == 2


async def test_transport_sends_again_when_it_was_closed() -> None:
    closed: list[bool] = []

    class Told(httpx.MockTransport):
        async def aclose(self) -> None:
            closed.append(True)

    script = ScriptedServer([OK])
    transport = Transport("https://intercom.test", BearerAuth(Secret(TOKEN)), http=Told(script))
    await asyncio.gather(*(transport.send(READ, "asked", lambda r: r) for _ in range(3)))
    assert closed == []
    await transport.aclose()
    assert closed == [True]
    await transport.send(READ, "asked", lambda r: r)
    assert len(script.requests) == 4


async def test_transport_refuses_a_redirect_when_the_given_client_would_follow_it() -> None:
    script = ScriptedServer(
        [httpx.Response(302, headers={"location": "https://elsewhere.test/"}), OK]
    )
    transport = httpx.MockTransport(script)
    async with httpx.AsyncClient(transport=transport, follow_redirects=True) as http:
        with pytest.raises(errors.InvalidResponseError, match="Redirects are not followed"):
            await Transport("https://intercom.test", BearerAuth(Secret(TOKEN)), http=http).send(
                READ, "asked", lambda r: r
            )
    assert [r.url.host for r in script.requests] == ["intercom.test"]


def test_request_imports_no_module_when_one_was_sent_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """httpcore imports an optional module with every request: where that is missing it is slow."""
    looked_for: list[str] = []

    class Watch:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> None:
            looked_for.append(name)

    with serve(workspace=DemoWorkspace(rate_limit=None)) as server:
        connector = IntercomConnector(
            auth_config=IntercomAuthConfig(DEMO_TOKEN), base_url=server.url
        )
        connector.sync.teams.list()
        with monkeypatch.context() as patch:
            patch.setattr(sys, "meta_path", [Watch, *sys.meta_path])
            connector.sync.teams.list()
        connector.sync.close()
    assert looked_for == []
