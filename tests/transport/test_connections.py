"""Connections: kept where that is safe, closed where it is not, and errors as httpx names them."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from intercom_nb.credentials import Secret
from intercom_nb.transport import connections
from intercom_nb.transport.client import BearerAuth, Transport
from intercom_nb.transport.connections import Connections
from intercom_nb.transport.wire import Request

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Reply = bytes | Callable[[Writer], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers the requests of each connection with what a test says, the last again and again."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.open = 0
        self.under_way = self.most_under_way = 0
        self._tasks: list[asyncio.Task[None] | None] = []

    @contextlib.asynccontextmanager
    async def listening(self, **options: Any) -> AsyncIterator[str]:
        """Serve, and give the address."""
        listening = await asyncio.start_server(self._serve, "127.0.0.1", 0, **options)
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
        listening.close()
        tasks = [task for task in self._tasks if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # in which the sockets are closed

    async def _serve(self, reader: Reader, writer: Writer) -> None:
        self._tasks.append(asyncio.current_task())
        self.connections += 1
        self.open += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heads.append(head)
                _, named, length = head.lower().partition(b"content-length: ")
                size = int(length.partition(b"\r\n")[0]) if named else 0
                self.bodies.append(await reader.readexactly(size))
                await self.reply(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client closed
        finally:
            self.open -= 1
            writer.transport.abort()

    async def reply(self, writer: Writer) -> None:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, bytes):
            writer.write(reply)
        else:
            await reply(writer)
        self.under_way -= 1


@contextlib.asynccontextmanager
async def serving(
    *replies: Reply, patience: float = 5.0
) -> AsyncIterator[tuple[Server, httpx.AsyncClient]]:
    server = Server(*replies)
    transport = Connections(ssl.create_default_context)
    async with (
        server.listening() as url,
        httpx.AsyncClient(transport=transport, base_url=url, timeout=patience) as client,
    ):
        yield server, client


async def until(told: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not told():  # noqa: ASYNC110 - of what the other side of a socket knows
            await asyncio.sleep(0.001)


async def close(writer: Writer) -> None:
    writer.close()


async def never(writer: Writer) -> None:
    await asyncio.sleep(60)


def after(seconds: float, *parts: bytes) -> Callable[[Writer], Awaitable[None]]:
    async def reply(writer: Writer) -> None:
        for part in parts:
            await asyncio.sleep(seconds)
            writer.write(part)

    return reply


async def test_a_request_arrives_as_it_was_made() -> None:
    async with serving(OK) as (server, client):
        answer = await client.post("/a%2Fb", params={"q": "1 2"}, content=b"x" * 300_000)
        assert (answer.status_code, answer.content) == (200, b"{}")
        assert server.heads[0].startswith(b"POST /a%2Fb?q=1+2 HTTP/1.1\r\nHost: 127.0.0.1:")
        assert server.bodies == [b"x" * 300_000]


async def test_requests_one_after_another_share_a_connection() -> None:
    async with serving(OK) as (server, client):
        for _ in range(5):
            await client.get("/")
        assert server.connections == 1


async def test_requests_side_by_side_have_each_their_own_connection_and_leave_them() -> None:
    async with serving(after(0.02, OK)) as (server, client):
        for _ in range(2):
            await asyncio.gather(*(client.get("/") for _ in range(20)))
        assert (server.most_under_way, server.connections) == (20, 20)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%b"
CHUNKS = b"5\r\n[1, 2\r\n4\r\n, 3]\r\n0\r\n\r\n"
ZIPPED = gzip.compress(b"[1, 2, 3]")
GZIP = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"


@pytest.mark.parametrize(
    "reply", [CHUNKED % CHUNKS, GZIP % (len(ZIPPED), ZIPPED)], ids=["chunked", "compressed"]
)
async def test_however_an_answer_is_sent_it_is_read_whole(reply: bytes) -> None:
    pieces = [bytes([b]) for b in reply]
    async with serving(reply, after(0, *pieces)) as (server, client):
        for _ in range(2):
            assert (await client.get("/")).json() == [1, 2, 3]
        assert server.connections == 1


async def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    async def reply(writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n[1,")
        await asyncio.sleep(0.01)
        writer.write(b" 2]")
        writer.close()

    async with serving(reply) as (server, client):
        for _ in range(2):
            assert (await client.get("/")).json() == [1, 2]
        assert server.connections == 2


async def test_an_answer_to_head_has_no_body_whatever_its_length_says() -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
    async with serving(reply, OK) as (server, client):
        assert (await client.head("/")).content == b""
        assert (await client.get("/")).content == b"{}"
        assert server.connections == 1


@pytest.mark.parametrize(
    "reply",
    [OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), OK + b"HTTP/1.1 408 Late\r\n\r\n"],
    ids=["said so", "sent more than was asked for"],
)
async def test_a_connection_that_cannot_be_kept_is_closed(reply: bytes) -> None:
    async with serving(reply) as (server, client):
        for _ in range(3):
            assert (await client.get("/")).content == b"{}"
        assert server.connections == 3
        await until(lambda: server.open == 0)


async def test_what_a_server_sends_unasked_ends_the_connection() -> None:
    async def reply(writer: Writer) -> None:
        writer.write(OK)
        asyncio.get_running_loop().call_later(0.01, writer.write, b"HTTP/1.1 408 Late\r\n\r\n")

    async with serving(reply) as (server, client):
        await client.get("/")
        await until(lambda: server.open == 0)
        assert (await client.get("/")).content == b"{}"
        assert server.connections == 2


async def test_a_connection_that_the_server_closed_is_not_used_again() -> None:
    async def reply(writer: Writer) -> None:
        writer.write(OK)
        asyncio.get_running_loop().call_later(0.01, writer.close)

    async with serving(reply) as (server, client):
        for number in range(3):
            await client.get("/")
            await until(lambda n=number: server.connections == n + 1 and server.open == 0)


async def test_a_close_that_the_loop_has_not_seen_yet_is_seen_by_the_next_request() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(5)
    closed = threading.Event()

    def serve() -> None:
        for _ in range(2):
            connected, _ = listening.accept()
            with connected:
                connected.recv(65_536)
                connected.sendall(OK)
            closed.set()

    thread = threading.Thread(target=serve)
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(transport=Connections(ssl.create_default_context)) as client:
        await client.get(url)
        closed.wait(5)
        time.sleep(0.05)  # noqa: ASYNC251 - the loop must not get to know
        assert (await client.get(url)).content == b"{}"
    thread.join(5)
    listening.close()


async def test_a_connection_that_was_idle_for_long_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(after(0.02, OK)) as (server, client):
        await asyncio.gather(*(client.get("/") for _ in range(3)))
        monkeypatch.setattr(connections, "_KEPT_IDLE", 0.0)
        await client.get("/")
        await until(lambda: server.open == 1)
        assert server.connections == 4


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (close, httpx.RemoteProtocolError),
        (b"nonsense\r\n\r\n", httpx.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}", httpx.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
         httpx.DecodingError),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, httpx.RemoteProtocolError),
    ],
    ids=["nothing", "nonsense", "no length", "not compressed", "endless headers"],
)  # fmt: skip
async def test_an_answer_that_is_none_is_an_error(
    reply: Reply, error: type[httpx.RequestError]
) -> None:
    async with serving(reply) as (_, client):
        with pytest.raises(error) as caught:
            await client.get("/")
        assert caught.value.request.url.path == "/"


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
async def test_an_answer_that_breaks_off_is_an_error_and_its_connection_is_gone(
    reset: bool,
) -> None:
    async def reply(writer: Writer) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{")
        await writer.drain()
        await asyncio.sleep(0.01)
        if reset:
            linger = b"\x01\0\0\0\0\0\0\0"
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        else:
            writer.close()

    async with serving(reply, OK) as (server, client):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await client.get("/")
        assert (await client.get("/")).content == b"{}"
        assert server.connections == 2


async def test_silence_is_a_timeout_and_slowness_is_none() -> None:
    slow = after(0.1, *(bytes([b]) for b in OK[-8:]))

    async def reply(writer: Writer) -> None:
        writer.write(OK[:-8])
        await slow(writer)

    async with serving(reply, never, patience=0.4) as (server, client):
        assert (await client.get("/")).content == b"{}"  # which took twice as long
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/")
        await until(lambda: server.connections == 1 and server.open <= 1)


async def test_no_connection_is_an_error() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    async with httpx.AsyncClient(transport=Connections(ssl.create_default_context)) as client:
        with pytest.raises(httpx.ConnectTimeout):  # nobody shakes hands
            await client.get(f"https://127.0.0.1:{port}", timeout=0.1)
        listening.close()
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{port}")
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://{'a' * 70}.test")
        with pytest.raises(httpx.UnsupportedProtocol):
            await client.get("ftp://127.0.0.1/")


async def test_a_header_cannot_smuggle_another_one_in() -> None:
    async with serving(OK) as (server, client):
        with pytest.raises(httpx.LocalProtocolError):
            await client.get("/", headers={"X": "a\r\nY: b"})
        assert (await client.get("/")).content == b"{}"
        assert len(server.heads) == 1


async def test_a_cancelled_request_closes_its_connection_and_no_other() -> None:
    async with serving(after(0.05, OK)) as (server, client):
        cancelled = asyncio.create_task(client.get("/"))
        other = asyncio.create_task(client.get("/"))
        await until(lambda: len(server.heads) == 2)
        cancelled.cancel()
        assert (await other).content == b"{}"
        await client.get("/")
        assert server.connections == 2
        await until(lambda: server.open == 1)


async def test_closing_ends_what_is_under_way_and_all_connections() -> None:
    async with serving(OK, never) as (server, client):
        await client.get("/")
        waiting = [asyncio.create_task(client.get("/")) for _ in range(2)]
        await until(lambda: len(server.heads) == 3)
        await client.aclose()
        for one in waiting:
            with pytest.raises(httpx.TransportError):
                await one


READ = Request("GET", "/teams", repeatable=True)
AUTH = BearerAuth(Secret("a-token-for-the-test"))


async def test_many_requests_have_no_more_connections_than_the_governor_lets_go() -> None:
    server = Server(after(0.005, OK))
    async with server.listening() as url:
        transport = Transport(url, AUTH)
        at_once = transport.governor.concurrency
        await asyncio.gather(*(transport.send(READ, "asked", lambda r: r) for _ in range(60)))
        await transport.aclose()
    assert len(server.heads) == 60
    assert 1 < server.connections <= at_once


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(OK)
    async with server.listening() as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        transport = Transport("http://127.0.0.1:1", AUTH)
        answer = await transport.send(READ, "asked", lambda r: r)
        await transport.aclose()
    assert answer.content == b"{}"
    assert server.heads[0].startswith(b"GET http://127.0.0.1:1/teams HTTP/1.1\r\n")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
async def test_by_https_only_a_trusted_certificate_of_the_host_will_do(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    made = ("-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", certificate)
    subprocess.run(["openssl", "req", "-x509", *names, *made], check=True, capture_output=True)  # noqa: ASYNC221
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = Server(OK)
    trusted = Connections(lambda: ssl.create_default_context(cafile=certificate))
    others = Connections(ssl.create_default_context)
    async with server.listening(ssl=context) as url:
        secure = url.replace("http", "https")
        by_name = secure.replace("127.0.0.1", "localhost")
        async with httpx.AsyncClient(transport=trusted) as client:
            for _ in range(2):
                assert (await client.get(by_name)).content == b"{}"
            with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
                await client.get(secure)
        async with httpx.AsyncClient(transport=others) as client:
            with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
                await client.get(by_name)
    assert len(server.heads) == 2
    assert server.connections == 1
