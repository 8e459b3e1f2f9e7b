"""HTTP/1.1 connections for httpx, made for very many small requests to one host.

httpx's own pool walks all of its connections twice a request and enters some ten cancel scopes for
each: about a millisecond of CPU. Here a request waits for one future, and the loop itself tells of
a connection that was closed; h11 reads and writes the protocol, as it does for httpx.
"""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import select
import socket
import ssl
import sys
from collections.abc import Callable, Mapping

import h11
import httpx

_PORTS = {"http": 80, "https": 443}
# Servers close what is idle for longer; a request that crosses with that is lost.
_KEPT_IDLE = 5.0
_MOST_HEADER_BYTES = 100 * 1024
_NEXT_ADDRESS_AFTER = 0.25  # seconds, where a host has several (RFC 8305)

_Place = tuple[str, str, int]


class Connections(httpx.AsyncBaseTransport):
    """Send httpx's requests, each on a connection that it has to itself, and read answers whole.

    There is no limit to the connections: whoever asks bounds the requests under way. An answer
    may take as long as the read timeout between any two bytes that arrive.

    Args:
        trust: Gives the certificates to trust, where a request goes by https.

    >>> httpx.AsyncClient(transport=Connections(httpx.create_ssl_context))  # doctest: +SKIP
    """

    def __init__(self, trust: Callable[[], ssl.SSLContext]) -> None:
        self._trust = trust
        self._idle: dict[_Place, collections.deque[_Connection]] = {}
        self._open: set[_Connection] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its answer; raises the errors of httpx."""
        url = request.url
        if url.scheme not in _PORTS:
            raise httpx.UnsupportedProtocol(f"{url.scheme!r} is not http or https")
        place = url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]
        timeouts: Mapping[str, float | None] = request.extensions.get("timeout", {})
        body = await request.aread()
        connection = self._kept(place) or await self._connect(place, timeouts.get("connect"))
        try:
            answer = await connection.ask(request, body, timeouts.get("read"))
        except BaseException:
            connection.abort()
            raise
        if connection.begin_again():
            self._idle.setdefault(place, collections.deque()).append(connection)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            content=b"".join(answer.body),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason},
        )

    async def aclose(self) -> None:
        """Close all connections; what is under way fails."""
        for connection in list(self._open):
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # in which the loop closes the sockets

    def _kept(self, place: _Place) -> _Connection | None:
        """Give the connection that was used last, if there is one that is still good."""
        idle = self._idle.get(place)
        if not idle:
            return None
        old = asyncio.get_running_loop().time() - _KEPT_IDLE
        while idle and (idle[0].is_closed or idle[0].heard_at < old):
            idle.popleft().abort()
        while idle:
            connection = idle.pop()
            if connection.is_good():
                return connection
            connection.abort()
        return None

    async def _connect(self, place: _Place, within: float | None) -> _Connection:
        scheme, host, port = place
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(within):
                _, connection = await loop.create_connection(
                    lambda: _Connection(loop, self._open),
                    host,
                    port,
                    ssl=self._trust() if scheme == "https" else None,
                    happy_eyeballs_delay=_NEXT_ADDRESS_AFTER,
                )
        except TimeoutError:
            raise httpx.ConnectTimeout("no connection in time") from None
        except (OSError, UnicodeError) as error:  # UnicodeError: no host can have that name
            raise httpx.ConnectError(str(error)) from None
        return connection


@dataclasses.dataclass(slots=True)
class _Answer:
    status: int = 0
    reason: bytes = b""
    headers: list[tuple[bytes, bytes]] = dataclasses.field(default_factory=list)
    body: list[bytes] = dataclasses.field(default_factory=list)


class _Connection(asyncio.Protocol):
    """One connection, which answers one request after another."""

    _transport: asyncio.Transport

    def __init__(self, loop: asyncio.AbstractEventLoop, opened: set[_Connection]) -> None:
        self._loop = loop
        self._opened = opened
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MOST_HEADER_BYTES)
        self._waiting: asyncio.Future[_Answer] | None = None
        self._answer = _Answer()
        self._timer: asyncio.TimerHandle | None = None
        self.heard_at = loop.time()
        self.is_closed = False

    async def ask(self, request: httpx.Request, body: bytes, patience: float | None) -> _Answer:
        """Send a request and give its answer; nothing may arrive for ``patience`` seconds."""
        self._answer = _Answer()
        waiting: asyncio.Future[_Answer] = self._loop.create_future()
        self._waiting = waiting
        self.heard_at = self._loop.time()
        if patience is not None:
            self._timer = self._loop.call_later(patience, self._check, patience)
        try:
            self._transport.write(self._encoded(request, body))
            return await waiting
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from None
        finally:
            self._waiting = None
            if self._timer is not None:
                self._timer.cancel()

    def begin_again(self) -> bool:
        """Make ready for another request; False where this was the last one."""
        done = self._h11.our_state is h11.DONE and self._h11.their_state is h11.DONE
        if not done or self._h11.trailing_data[0] or self._transport.is_closing():
            self.abort()
            return False
        self._h11.start_next_cycle()
        return True

    def is_good(self) -> bool:
        """Tell whether the server waits for a request: it did not close, and sent nothing."""
        if self._transport.is_closing():
            return False
        return not _has_something(self._transport.get_extra_info("socket"))

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._opened.add(self)

    def data_received(self, data: bytes) -> None:
        self.heard_at = self._loop.time()
        if self._waiting is None:
            self.abort()  # nobody asked
        else:
            self._read(data)

    def eof_received(self) -> None:
        if self._waiting is not None and self._h11.their_state is not h11.SEND_RESPONSE:
            self._read(b"")  # which ends an answer that did not tell its length

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True
        self._opened.discard(self)
        if exc is None:
            self._fail(httpx.RemoteProtocolError("the server closed the connection unasked"))
        else:
            self._fail(httpx.ReadError(str(exc)))

    def _encoded(self, request: httpx.Request, body: bytes) -> bytes:
        head = h11.Request(
            method=request.method.encode(),
            target=request.url.raw_path,
            headers=request.headers.raw,
        )
        events = [head, h11.Data(data=body), h11.EndOfMessage()]
        return b"".join(self._h11.send(event) or b"" for event in events)

    def _read(self, data: bytes) -> None:
        answer = self._answer
        try:
            self._h11.receive_data(data)
            while (event := self._h11.next_event()) is not h11.NEED_DATA:
                if isinstance(event, h11.Response):
                    answer.status, answer.reason = event.status_code, event.reason
                    answer.headers = event.headers.raw_items()
                elif isinstance(event, h11.Data):
                    answer.body.append(event.data)
                elif isinstance(event, h11.EndOfMessage):
                    self._finish()
                    return
        except h11.RemoteProtocolError as error:
            self._fail(httpx.RemoteProtocolError(str(error)))

    def _finish(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_result(self._answer)

    def _fail(self, error: httpx.TransportError) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.done():
            waiting.set_exception(error)

    def _check(self, patience: float) -> None:
        left = self.heard_at + patience - self._loop.time()
        if left > 0:
            self._timer = self._loop.call_later(left, self._check, patience)
        else:
            self._fail(httpx.ReadTimeout("nothing arrived in time"))


def _has_something(connected: socket.socket) -> bool:
    """Tell whether there is something to read, be it only that the other side closed."""
    if sys.platform == "win32":
        return bool(select.select([connected], [], [], 0)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
