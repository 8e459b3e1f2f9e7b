"""Bounds of a request: deadline, size, and what the environment says about the network."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from intercom_nb import IntercomAuthConfig, IntercomConnector, errors
from intercom_nb.models import RetryPolicy
from intercom_nb.secret import Secret
from intercom_nb.transport import environment
from intercom_nb.transport.client import BearerAuth, Transport
from intercom_nb.transport.limits import Limits
from intercom_nb.transport.protocol import Request, Response

READ = Request("GET", "/contacts", retry_safe=True)
WRITE = Request("POST", "/contacts", body={"email": "a@b.example"})
AUTH = BearerAuth(Secret("a-token-for-the-test"))


def transport(answer: Any, **limits: float) -> Transport:
    http = httpx.MockTransport(answer)
    return Transport("https://api.test", AUTH, http=http, limits=Limits(**limits))


class Stream(httpx.AsyncByteStream):
    """A body that comes in chunks, with a pause between them."""

    def __init__(self, chunks: list[bytes], pause: float = 0.0) -> None:
        self.chunks = chunks
        self.pause = pause
        self.sent = 0
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            await asyncio.sleep(self.pause)
            self.sent += len(chunk)
            yield chunk

    async def aclose(self) -> None:
        self.closed = True


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
async def test_request_ends_at_its_deadline_when_the_body_drips(request_: Request) -> None:
    sent: list[Stream] = []

    def answer(_: httpx.Request) -> httpx.Response:
        sent.append(Stream([b"x"] * 10_000, pause=0.01))
        return httpx.Response(200, stream=sent[-1])

    with pytest.raises(errors.RequestTimeoutError, match=r"within 0\.2 s, the deadline") as caught:
        await transport(answer, deadline=0.2).send(request_, "list", lambda r: r)
    assert sent[0].sent < 10_000
    assert len(sent) == 1
    assert sent[0].closed
    assert caught.value.is_transient
    assert caught.value.outcome_unknown is (request_ is WRITE)
    assert caught.value.__context__ is None


BOMB = gzip.compress(b"0" * 40_000_000)


@pytest.mark.slow
@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity"])
async def test_response_is_refused_when_it_is_too_large(encoding: str, request_: Request) -> None:
    body = {"gzip": BOMB, "deflate": zlib.compress(b"0" * 40_000_000), "identity": b"0" * 3_000_000}
    chunks = [body[encoding][i : i + 10_000] for i in range(0, len(body[encoding]), 10_000)]
    stream = Stream(chunks)
    headers = {"content-encoding": encoding}
    bounded = transport(
        lambda _: httpx.Response(200, headers=headers, stream=stream), max_response_mb=2
    )
    with pytest.raises(errors.InvalidResponseError, match="larger than 2 MB") as caught:
        await bounded.send(request_, "list", lambda r: r)
    assert "max_response_mb=" in str(caught.value)
    assert stream.sent < sum(map(len, chunks))
    assert stream.closed
    assert not caught.value.is_transient
    assert caught.value.outcome_unknown is (request_ is WRITE)


async def test_error_body_is_cut_when_it_is_too_large() -> None:
    chunks = [BOMB[i : i + 10_000] for i in range(0, len(BOMB), 10_000)]
    headers = {"content-encoding": "gzip"}
    stream = Stream(chunks)
    answer = transport(lambda _: httpx.Response(422, headers=headers, stream=stream))
    with pytest.raises(errors.BadRequestError, match="422"):
        await answer.send(READ, "list", lambda r: r)
    assert stream.sent < len(BOMB)
    assert stream.closed


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
async def test_response_is_refused_when_its_encoding_was_not_requested(encoding: str) -> None:
    answer = transport(
        lambda _: httpx.Response(
            200, headers={"content-encoding": encoding}, stream=Stream([b"abc"])
        )
    )
    with pytest.raises(errors.ConnectionFailedError, match="was not requested"):
        await answer.send(WRITE, "create", lambda r: r)


async def test_response_arrives_whole_when_it_is_small_enough() -> None:
    content = b"0123456789" * 100_000
    stream = Stream([gzip.compress(content)])
    answer = transport(
        lambda _: httpx.Response(200, headers={"content-encoding": "gzip"}, stream=stream)
    )
    response: Response = await answer.send(READ, "list", lambda r: r)
    assert response.content == content


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)
    environment._trust.cache_clear()
    monkeypatch.setattr(environment, "_trust", environment._trust.__wrapped__)
    return monkeypatch


def connector() -> IntercomConnector:
    return IntercomConnector(
        auth_config=IntercomAuthConfig("a-token-for-the-test"),
        base_url="https://127.0.0.1:9",
        retry=RetryPolicy(attempts=1),
    )


@pytest.mark.parametrize("name", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "http_proxy"])
@pytest.mark.parametrize(
    "value",
    ["socks://user:pass-word@127.0.0.1:7891/", "127.0.0.1:notaport", "ftp://x", "http://[::1"],
)
def test_error_names_the_proxy_variable_when_it_cannot_be_used(
    name: str, value: str, clean_environment: pytest.MonkeyPatch
) -> None:
    clean_environment.setenv(name, value)
    with pytest.raises(errors.ConfigurationError, match=name) as caught:
        connector().sync.tags.list()
    assert "pass-word" not in str(caught.value)
    assert connector().sync.check().status != "ok"


def test_error_names_the_proxy_variable_when_the_proxy_is_unreachable(
    clean_environment: pytest.MonkeyPatch,
) -> None:
    clean_environment.setenv("HTTPS_PROXY", "http://user:pass-word@127.0.0.1:9")
    clean_environment.setenv("NO_PROXY", "")
    client = Transport("https://intercom.invalid", AUTH, retry=RetryPolicy(attempts=1))
    with pytest.raises(errors.ConnectionFailedError, match="HTTPS_PROXY") as caught:
        asyncio.run(client.send(READ, "list", lambda r: r))
    assert "pass-word" not in str(caught.value)


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"])
@pytest.mark.parametrize("kind", ["missing", "empty", "broken", "folder"])
def test_error_names_the_certificate_variable_when_it_cannot_be_used(
    name: str, kind: str, clean_environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "no" / "certificates"
    if kind != "missing":
        place.parent.mkdir()
    if kind == "folder":
        place.mkdir()
    elif kind != "missing":
        place.write_text("" if kind == "empty" else "-----BEGIN CERTIFICATE-----\nabc\n")
    if (name, kind) in {("SSL_CERT_DIR", "folder")} or (
        name == "SSLKEYLOGFILE" and kind in {"empty", "broken"}
    ):
        pytest.skip("that is a valid setting")
    clean_environment.setenv(name, str(place))
    with pytest.raises(errors.ConfigurationError) as caught:
        connector().sync.tags.list()
    assert name in str(caught.value)
    assert str(place) in str(caught.value)


@pytest.mark.timeout(120)  # a text that is read in more than linear time takes longer
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"x-request-id": "\\" * 60_000}, b"{}"),
        ({"x-request-id": "\\u0" * 20_000, "link": "<" + "/" * 60_000}, b"{}"),
        ({"content-type": "%25" * 20_000, "retry-after": "9" * 60_000}, b"no JSON"),
        ({}, b"<!---->" * 2_800 + b"x"),
        ({}, b"<!--" * 5_000),
        ({}, b"<html>" + b"<title" * 3_000 + b"<title>" * 1_000),
    ],
)
async def test_error_is_built_in_linear_time_when_the_response_is_hostile(
    headers: dict[str, str], body: bytes
) -> None:
    answers = transport(lambda _: httpx.Response(410, headers=headers, content=body))
    with pytest.raises(errors.APIError):
        await answers.send(READ, "contacts.list", lambda r: r)
