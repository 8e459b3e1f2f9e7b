"""Pool of httpx clients, each lent to one request at a time."""

from __future__ import annotations

import asyncio
import collections
import contextlib
from collections.abc import AsyncIterator, Callable

import httpx

_KEPT_IDLE = 5.0  # seconds: httpx's own pools keep an idle connection this long

_Idle = collections.deque[tuple[float, httpx.AsyncClient]]


class Clients:
    """Lend httpx clients, and keep them with their open connections for the next request.

    For each request, a client's connection pool looks at all of its connections, and at every pair
    of idle ones: 160 in one pool take several times the CPU of a whole extraction (1.4 ms a request
    at 42 in flight, 9 to 16 ms at 80). So each client has one request in flight, and with it one
    connection. The rate limiter bounds how many that are.

    Args:
        new: Returns a new client.

    >>> clients = Clients(httpx.AsyncClient)
    >>> async def get(url: str) -> httpx.Response:
    ...     async with clients.lend() as client:
    ...         return await client.get(url)
    """

    def __init__(self, new: Callable[[], httpx.AsyncClient]) -> None:
        self._new = new
        self._idle: _Idle = collections.deque()
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextlib.asynccontextmanager
    async def lend(self) -> AsyncIterator[httpx.AsyncClient]:
        """Yield the client that was used last. A client belongs to the loop that first used it."""
        loop = asyncio.get_running_loop()
        idle = self._idle_of(loop)
        while idle and idle[0][0] < loop.time() - _KEPT_IDLE:
            await idle.popleft()[1].aclose()
        client = idle.pop()[1] if idle else self._new()
        try:
            yield client
        finally:
            if idle is self._idle:
                idle.append((loop.time(), client))
            else:
                await client.aclose()

    async def aclose(self) -> None:
        """Close the connections; one with a request in flight closes after its response."""
        idle = self._idle_of(asyncio.get_running_loop())
        self._idle = collections.deque()
        while idle:
            await idle.pop()[1].aclose()

    def _idle_of(self, loop: asyncio.AbstractEventLoop) -> _Idle:
        if self._loop is not loop:
            self._idle, self._loop = collections.deque(), loop
        return self._idle
