"""Streamable HTTP on loopback: one bearer token, no other host."""

from __future__ import annotations

import hmac
import os
import secrets
import socket
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.responses import JSONResponse

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN_VARIABLE = "INTERCOM_NB_MCP_TOKEN"  # noqa: S105 - a variable's name
_SHORTEST = 16  # characters of a token that somebody else chose


class BearerToken:
    """ASGI middleware that responds with 401 unless the request has the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(  # noqa: D102 - ASGI
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        headers = dict(scope.get("headers", ()))
        given = headers.get(b"authorization", b"")
        if scope["type"] == "http" and not hmac.compare_digest(given, self._expected):
            refusal = JSONResponse(
                {"error": "Send the token of this server as Authorization: Bearer ..."},
                status_code=401,
                headers={"WWW-Authenticate": "Bearer"},
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)


def server_token() -> tuple[str, bool]:
    """Return the token of the HTTP server, and whether it was made here.

    It comes from INTERCOM_NB_MCP_TOKEN, or it is random. Raises ConfigurationError when the
    variable holds fewer than 16 characters.
    """
    given = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not given:
        return secrets.token_urlsafe(32), True
    if len(given) < _SHORTEST:
        raise ConfigurationError(
            f"{TOKEN_VARIABLE} is too short: use at least {_SHORTEST} characters, or unset it to "
            "get a random token."
        )
    return given, False


def listen(port: int) -> socket.socket:
    """Return a socket on 127.0.0.1; port 0 takes any free one.

    Raises ConfigurationError when the port is taken or is not a port.
    """
    listening = socket.socket()
    if os.name == "posix":  # elsewhere it would share the port with another program
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise ConfigurationError(
            f"Cannot listen on port {port} ({error}). Choose another one, or 0 for any free port."
        ) from None
    return listening


def serve_http(server: MCPServer[Any], listening: socket.socket, token: str) -> None:
    """Serve on http://127.0.0.1:PORT/mcp until interrupted."""
    app = BearerToken(server.streamable_http_app(host="127.0.0.1"), token)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])
