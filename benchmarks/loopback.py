"""Small HTTP/1.1 server on localhost, in a separate process that ends with its parent."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import math
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

HOST = "127.0.0.1"
_REASONS = {200: "OK", 400: "Bad Request", 404: "Not Found", 429: "Too Many Requests"}


@dataclasses.dataclass(frozen=True)
class CallPlan:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


@dataclasses.dataclass
class Answer:
    """What to answer, and what may go wrong on the way.

    ``delay`` is in seconds, infinite for no answer at all; with ``cut`` the connection is reset
    after so many bytes of the body.
    """

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    kind: str = "application/json"
    delay: float = 0.0
    cut: int | None = None

    def wire(self) -> bytes:
        """Return the bytes to send."""
        head = f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Told')}\r\n"
        head += f"Content-Type: {self.kind}\r\nContent-Length: {len(self.body)}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        return head.encode() + b"\r\n" + self.body[: self.cut]


class _Connection(asyncio.Protocol):
    """Reads one request after another and answers it."""

    def __init__(self, answer: Callable[[CallPlan], Answer]) -> None:
        self._answer = answer
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        _, named, after = head.lower().partition(b"content-length:")
        length = int(after.partition(b"\r\n")[0]) if named else 0
        if len(rest) < length:
            return
        self._buffer = rest[length:]
        method, target, _ = head.partition(b"\r\n")[0].decode().split(" ")
        path, _, query = target.partition("?")
        call = CallPlan(method, unquote(path), dict(parse_qsl(query)), rest[:length])
        answer = self._answer(call)
        if answer.delay <= 0:
            self._send(answer)
        elif math.isfinite(answer.delay):
            asyncio.get_running_loop().call_later(answer.delay, self._send, answer)

    def _send(self, answer: Answer) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer.wire())
            if answer.cut is not None:
                self._transport.close()


def serve(answer: Callable[[CallPlan], Answer], seconds: float = 3_600.0) -> None:
    """Answer on a free port, which is printed, until standard input ends or time is over."""
    asyncio.run(_serve(answer, seconds))


async def _serve(answer: Callable[[CallPlan], Answer], seconds: float) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), over.set)
    server = await loop.create_server(lambda: _Connection(answer), HOST, 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        pass
    server.close()


class Server:
    """Runs a module of this package that serves, as a process; ``url`` is where.

    The module is given the options as JSON.
    """

    def __init__(self, module: str, **options: Any) -> None:
        self._command = [sys.executable, "-m", f"benchmarks.{module}", json.dumps(options)]

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.url = f"http://{HOST}:{int(self._process.stdout.readline())}"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
