"""Maximum requests per second of a server, measured with the simplest client."""

from __future__ import annotations

import asyncio
import time
from urllib.parse import urlsplit


async def _ask(host: str, port: int, request: bytes, until: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    done = 0
    while time.monotonic() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length))
        done += 1
    writer.close()
    await writer.wait_closed()
    return done


def ceiling(url: str, path: str, *, seconds: float = 1.0, connections: int = 8) -> float:
    """Return the requests per second of a server over a number of connections."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    host, port = parts.hostname, parts.port
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    async def all_of_them() -> int:
        until = time.monotonic() + seconds
        jobs = (_ask(host, port, request, until) for _ in range(connections))
        return sum(await asyncio.gather(*jobs))

    return asyncio.run(all_of_them()) / seconds
