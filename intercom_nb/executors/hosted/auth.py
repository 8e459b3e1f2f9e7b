"""Application token of hosted execution: fetched once, shared, renewed in time."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable

import httpx

from ...errors import APIError
from ...runtime.concurrency import SingleFlight
from ...secret import Secret
from ...transport.client import Transport
from ...transport.protocol import Response
from . import protocol
from .protocol import Generation, Token

_RENEW_BEFORE = 60.0  # seconds: longer than a request waits for its turn


class Tokens:
    """Cache the application token of a client.

    It is renewed a minute before it expires, or when the service rejects it; concurrent callers
    share one request (single-flight).
    """

    def __init__(
        self,
        transport: Transport,
        generation: Generation,
        client_id: Secret,
        client_secret: Secret,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._transport = transport
        self._generation = generation
        self._client = (client_id, client_secret)
        self._clock = clock
        self._token: Token | None = None
        self._fetching: SingleFlight[Token] = SingleFlight()

    def __repr__(self) -> str:
        if "_generation" not in vars(self):
            return "Tokens(not initialized)"
        return f"Tokens({self._transport.base_url!r}, generation {self._generation.number})"

    @property
    def base_url(self) -> str:
        """The address of the service that issues the tokens."""
        return self._transport.base_url

    @property
    def source(self) -> str:
        """The source of the client."""
        return self._client[1].source

    @property
    def secret(self) -> Secret | None:
        """The newest token, or None before the first."""
        return None if self._token is None else self._token.secret

    @property
    def secrets(self) -> Iterable[Secret]:
        """The client's id and secret, and its token."""
        return (*self._client, self.secret) if self.secret is not None else self._client

    async def current(self) -> Secret:
        """Return a token that is valid for another minute at least."""
        token = self._token
        if token is None or token.expires_at - _RENEW_BEFORE <= self._clock():
            token = await self._fetching.run(self._fetch)
        return token.secret

    async def renew(self, refused: Secret) -> None:
        """Fetch a new token, unless the rejected one has been replaced already."""
        if self.secret == refused:
            await self._fetching.run(self._fetch)

    async def _fetch(self) -> Token:
        client_id, client_secret = self._client
        body = {"client_id": client_id, "client_secret": client_secret}
        request = protocol.request("POST", self._generation.auth_path, body=body)
        label = "application token"

        def read(response: Response) -> Token:
            return protocol.read_token(response, label, self._clock())

        try:
            self._token = await self._transport.send(request, label, read)
        except APIError as error:
            where = self._transport.base_url
            raise protocol.route_error(error, self._generation, where, request.path) from None
        return self._token

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()


class TokenAuth(httpx.Auth):
    """Adds the newest application token to a request, at the last moment."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    @property
    def secrets(self) -> Iterable[Secret]:
        """The secrets of the client, to mask in errors."""
        return self._tokens.secrets

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header."""
        if self._tokens.secret is not None:
            request.headers["Authorization"] = f"Bearer {self._tokens.secret.reveal()}"
        yield request
