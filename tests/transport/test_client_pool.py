"""Connections: kept where that is safe, closed where it is not, and what breaks on them."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from intercom_nb import errors
from intercom_nb.models import RetryPolicy
from intercom_nb.secret import Secret
from intercom_nb.transport import client_pool, environment
from intercom_nb.transport.client import BearerAuth, Transport
from intercom_nb.transport.limits import Limits
from intercom_nb.transport.protocol import Request, Response

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Reply = bytes | Callable[[Writer], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
AUTH = BearerAuth(Secret("a-token-for-the-test"))
READ = Request("GET", "/teams", retry_safe=True)
WRITE = Request("POST", "/contacts", body={"email": "a@b.example"}, retry_safe=False)


class Server:
    """Answers the requests of each connection with what a test says, the last again and again."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.heads: list[bytes] = []
        self.connections = 0
        self.open = 0
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
                await reader.readexactly(size)
                await self.reply(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client closed
        finally:
            self.open -= 1
            writer.transport.abort()

    async def reply(self, writer: Writer) -> None:
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, bytes):
            writer.write(reply)
        else:
            await reply(writer)


@contextlib.asynccontextmanager
async def serving(
    *replies: Reply, patience: float = 5.0, attempts: int = 3
) -> AsyncIterator[tuple[Server, Transport]]:
    server = Server(*replies)
    retry = RetryPolicy(attempts=attempts, first_wait=0.001)
    async with server.listening() as url:
        transport = Transport(url, AUTH, limits=Limits(patience), retry=retry)
        yield server, transport
        await transport.aclose()


async def ask(transport: Transport, request: Request = READ) -> bytes:
    def read(response: Response) -> bytes:
        return response.content

    return await transport.send(request, "asked", read)


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


async def test_requests_share_a_connection_when_they_are_sequential() -> None:
    async with serving(OK) as (server, transport):
        for _ in range(5):
            await ask(transport)
        assert server.connections == 1


async def test_requests_have_their_own_clients_when_they_are_concurrent() -> None:
    lender = client_pool.Clients(lambda: httpx.AsyncClient(transport=httpx.AsyncBaseTransport()))
    async with lender.lend() as one, lender.lend() as other:
        assert one is not other
    async with lender.lend() as again:
        assert again in {one, other}
    await lender.aclose()
    assert one.is_closed
    assert other.is_closed


async def test_connections_stay_below_the_concurrency_when_many_requests_are_sent() -> None:
    async with serving(after(0.005, OK)) as (server, transport):
        at_once = [transport.rate_limiter.concurrency]

        async def ask_one() -> None:
            await ask(transport)
            at_once.append(transport.rate_limiter.concurrency)  # grows with the latency

        await asyncio.gather(*(ask_one() for _ in range(60)))
        assert len(server.heads) == 60
        assert 1 < server.connections <= max(at_once)


@pytest.mark.parametrize("request_", [READ, WRITE], ids=["read", "write"])
async def test_connection_is_not_reused_when_the_server_closed_it(
    request_: Request,
) -> None:
    async def reply(writer: Writer) -> None:
        writer.write(OK)
        asyncio.get_running_loop().call_later(0.01, writer.close)

    async with serving(reply, attempts=1) as (server, transport):
        for number in range(3):
            assert await ask(transport, request_) == b"{}"
            await until(lambda n=number: server.connections == n + 1 and server.open == 0)
        assert len(server.heads) == 3


async def test_connection_is_not_reused_when_its_close_is_still_unread() -> None:
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
    transport = Transport(url, AUTH, retry=RetryPolicy(attempts=1))
    await ask(transport, WRITE)
    closed.wait(5)
    time.sleep(0.05)  # noqa: ASYNC251 - the loop must not get to know
    assert await ask(transport, WRITE) == b"{}"
    await transport.aclose()
    thread.join(5)
    listening.close()


async def cut(writer: Writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{")
    await asyncio.sleep(0.01)
    writer.close()


async def reset(writer: Writer) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{")
    await writer.drain()
    await asyncio.sleep(0.01)
    linger = b"\x01\0\0\0\0\0\0\0"
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


@pytest.mark.parametrize("broken", [close, cut, reset])
async def test_read_is_repeated_on_another_connection_when_one_breaks(broken: Reply) -> None:
    async with serving(OK, broken, OK) as (server, transport):
        await ask(transport)
        assert await ask(transport) == b"{}"
        assert (len(server.heads), server.connections) == (3, 2)
        await until(lambda: server.open == 1)


@pytest.mark.parametrize("broken", [close, cut, reset])
async def test_write_has_an_unknown_outcome_when_the_connection_breaks(broken: Reply) -> None:
    async with serving(OK, broken, OK) as (server, transport):
        await ask(transport)
        with pytest.raises(errors.ConnectionFailedError, match="may have taken effect"):
            await ask(transport, WRITE)
        assert len(server.heads) == 2
        assert await ask(transport, WRITE) == b"{}"


@pytest.mark.parametrize(
    "reply",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000,
    ],
    ids=["nonsense", "no length", "not compressed", "endless headers"],
)
async def test_read_is_repeated_then_raises_when_the_response_is_not_http(reply: Reply) -> None:
    async with serving(reply) as (server, transport):
        with pytest.raises(errors.ConnectionFailedError):
            await ask(transport)
        assert len(server.heads) == 3


async def test_request_times_out_only_when_the_server_is_silent() -> None:
    slow = after(0.2, *(bytes([b]) for b in OK[-8:]))

    async def reply(writer: Writer) -> None:
        writer.write(OK[:-8])
        await slow(writer)

    async with serving(reply, never, patience=1, attempts=1) as (_, transport):
        assert await ask(transport) == b"{}"  # which took longer
        with pytest.raises(errors.RequestTimeoutError):
            await ask(transport)


async def test_request_raises_when_there_is_no_connection() -> None:
    once = RetryPolicy(attempts=1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        silent = Transport(f"https://127.0.0.1:{port}", AUTH, limits=Limits(0.1), retry=once)
        with pytest.raises(errors.RequestTimeoutError):  # nobody shakes hands
            await ask(silent)
    with pytest.raises(errors.ConnectionFailedError):
        await ask(Transport(f"http://127.0.0.1:{port}", AUTH, retry=once))
    with pytest.raises(errors.ConnectionFailedError):
        await ask(Transport(f"https://{'a' * 70}.test", AUTH, retry=once))


async def test_request_closes_only_its_connection_when_it_is_cancelled() -> None:
    async with serving(after(0.05, OK)) as (server, transport):
        cancelled = asyncio.create_task(ask(transport))
        other = asyncio.create_task(ask(transport))
        await until(lambda: len(server.heads) == 2)
        cancelled.cancel()
        assert await other == b"{}"
        await ask(transport)
        assert server.connections == 2
        await until(lambda: server.open == 1)


async def test_connections_are_closed_when_they_were_idle_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(after(0.02, OK)) as (server, transport):
        await asyncio.gather(*(ask(transport) for _ in range(3)))
        assert server.open == 3
        monkeypatch.setattr(client_pool, "_KEPT_IDLE", 0.0)
        await ask(transport)
        await until(lambda: server.open == 1)


async def test_transport_finishes_running_requests_when_it_is_closed() -> None:
    async with serving(OK, OK, after(0.05, OK), OK) as (server, transport):
        await asyncio.gather(ask(transport), ask(transport))
        waiting = asyncio.create_task(ask(transport))
        await until(lambda: len(server.heads) == 3)
        await transport.aclose()
        await until(lambda: server.open == 1)
        assert await waiting == b"{}"
        await until(lambda: server.open == 0)
        assert await ask(transport) == b"{}"
        await transport.aclose()
        await until(lambda: server.open == 0)


# Nobody can close what belongs to a loop that has ended.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_requests_succeed_when_each_runs_in_a_loop_of_its_own(
    collect_garbage: Callable[[], int],
) -> None:
    ready, done = threading.Event(), threading.Event()
    where: list[str] = []

    async def serve() -> None:
        async with Server(OK).listening() as url:
            where.append(url)
            ready.set()
            await asyncio.to_thread(done.wait, 10)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(5)
    transport = Transport(where[0], AUTH, retry=RetryPolicy(attempts=1))

    async def twice() -> list[bytes]:
        return [await ask(transport) for _ in range(2)]

    for _ in range(3):
        assert asyncio.run(twice()) == [b"{}", b"{}"]
    asyncio.run(transport.aclose())
    done.set()
    thread.join(5)
    collect_garbage()


async def test_request_uses_the_proxy_when_the_environment_names_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Server(OK)
    async with server.listening() as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        transport = Transport("http://127.0.0.1:1", AUTH)
        assert await ask(transport) == b"{}"
        await transport.aclose()
    assert server.heads[0].startswith(b"GET http://127.0.0.1:1/teams HTTP/1.1\r\n")


@pytest.fixture
def certificate(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A key, and a certificate for localhost that signs itself; certificates are read anew."""
    key, made = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    how = ("-newkey", "rsa:2048", "-nodes", "-days", "1", "-keyout", key, "-out", made)
    subprocess.run(["openssl", "req", "-x509", *names, *how], check=True, capture_output=True)
    environment._trust.cache_clear()
    yield key, made
    environment._trust.cache_clear()


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")
async def test_https_request_is_refused_when_the_certificate_is_not_trusted(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, made = certificate
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made, key)
    server = Server(OK)
    once = RetryPolicy(attempts=1)
    async with server.listening(ssl=context) as url:
        secure = url.replace("http", "https")
        by_name = secure.replace("127.0.0.1", "localhost")
        with pytest.raises(errors.ConnectionFailedError, match=r"(?i)certificate"):
            await ask(Transport(by_name, AUTH, retry=once))
        environment._trust.cache_clear()
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
        trusting = Transport(by_name, AUTH, retry=once)
        for _ in range(2):
            assert await ask(trusting) == b"{}"
        await trusting.aclose()
        with pytest.raises(errors.ConnectionFailedError, match=r"(?i)certificate"):
            await ask(Transport(secure, AUTH, retry=once))
    assert (len(server.heads), server.connections) == (2, 1)
