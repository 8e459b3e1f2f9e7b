"""The thin part around httpx: send, wait, send again where that is safe."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import dataclasses
import functools
import ssl
import time
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from importlib import metadata
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import httpx
import msgspec

from .. import errors
from ..credentials import Secret
from ..runtime.retry import Retrier, RetryPolicy
from . import protocol
from .client_pool import Clients
from .protocol import Request, Response
from .rate_limiter import RateLimiter

_T = TypeVar("_T")

# Broken connections and cut answers may go well the next time; what we or a proxy got wrong not.
_MAY_PASS = (httpx.TransportError, httpx.DecodingError)
_WILL_NOT_PASS = (httpx.UnsupportedProtocol, httpx.ProxyError, httpx.LocalProtocolError)
# An answer under a success status that is not JSON may be a gateway's hiccup; not for ever.
_UNREADABLE_ATTEMPTS = 3
_SHORTEST_SECRET = 8  # the demo's "demo" is a word that messages may have


on_send: contextvars.ContextVar[Callable[[], None] | None] = contextvars.ContextVar(
    "on_send", default=None
)
"""Called when a request of this context is about to leave, after it got its permit."""


class BearerAuth(httpx.Auth):
    """Put the token on a request at the last moment, so that no frame of ours holds it."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header."""
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


_NO_AUTH = httpx.Auth()
"""Puts nothing on a request, and keeps httpx from looking for a credential elsewhere."""


class Transport:
    """Send requests to one host and read their answers.

    Args:
        base_url: Where the API is; https, or http on this machine.
        auth: Puts the credential on each request.
        http: An ``httpx.AsyncClient`` or an httpx transport to use instead of clients of our own.
        timeout: Seconds to wait for the server, per step (connect, write, read).
        rate_limiter: Keeps the rate.
        retry: When and how often to send again.
        clock, sleep: Unix seconds, and how to wait; tests pass their own.
    """

    def __init__(
        self,
        base_url: str,
        auth: httpx.Auth,
        *,
        http: httpx.AsyncClient | httpx.AsyncBaseTransport | None = None,
        timeout: float = 60.0,
        rate_limiter: RateLimiter | None = None,
        retry: RetryPolicy | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.base_url = protocol.check_base_url(base_url)
        self.rate_limiter = rate_limiter or RateLimiter(clock=clock, sleep=sleep)
        self.retry = retry or RetryPolicy()
        self._auth = auth
        self._timeout = timeout
        self._http = http
        self._given: httpx.AsyncClient | None = None
        if isinstance(http, httpx.AsyncClient):
            self._given = http
        elif http is not None:
            self._given = httpx.AsyncClient(transport=http, timeout=timeout)
        self._clients = Clients(self._new_client)
        self._clock = clock
        self._sleep = sleep
        self._retrier = Retrier(self.retry, sleep, _sent_note)

    def __repr__(self) -> str:
        return f"Transport({self.base_url!r})"

    async def send(self, request: Request, asked: str, read: Callable[[Response], _T]) -> _T:
        """Send a request until it has an answer, and give what ``read`` makes of it.

        ``asked`` names the request in errors; ``read`` may raise InvalidResponseError, after
        which a retry-safe request is sent again. Raises the error tree of ``errors``.
        """
        url = protocol.address(self.base_url, request)
        failure: _Failure | None = None
        in_doubt = False  # whether an earlier attempt may have been carried out

        async def attempt(number: int) -> _T:
            nonlocal failure, in_doubt
            response, failure = await self._once(request, url, asked)
            if in_doubt and response is not None and _is_gone(request, response):
                response = Response(200, response.headers, b"")
            if response is not None and _is_answer(request, response):
                try:
                    return read(response)
                except errors.InvalidResponseError as error:
                    error = _with_outcome(error, request)
                    failure = _Failure(error, number < _UNREADABLE_ATTEMPTS and request.retry_safe)
            elif response is not None:
                failure = self._refused(request, response, asked)
            assert failure is not None
            in_doubt = in_doubt or failure.in_doubt
            # Raised here and not where httpx failed: a chained httpx exception would bring
            # frames along whose variables have the credential.
            raise failure.error

        return await self._retrier.run(attempt, lambda _: failure is not None and failure.repeat)

    async def get_public(self, url: str, asked: str) -> Response:
        """Get what a redirect leads to, without the credential; tried three times.

        Raises InvalidResponseError where it leads elsewhere than to https or this machine.
        """
        protocol.check_public_url(url, asked)

        async def attempt(_: int) -> Response:
            response, error = await self._once_public(url, asked)
            if response is None or response.status >= 300:
                raise error or protocol.choose_error(cast(Response, response), asked)
            return response

        policy = dataclasses.replace(self.retry, attempts=min(3, self.retry.attempts))
        return await Retrier(policy, self._sleep).run(attempt)

    async def _once_public(
        self, url: str, asked: str
    ) -> tuple[Response, None] | tuple[None, errors.IntercomError]:
        try:
            async with self._client() as client:
                answer = await client.get(url, auth=_NO_AUTH, follow_redirects=False)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            host = urlsplit(url).hostname or url
            return None, _no_answer(Request("GET", "", retry_safe=True), error, asked, host).error
        headers = {k.lower(): v for k, v in answer.headers.items()}
        return Response(answer.status_code, headers, answer.content), None

    def _refused(self, request: Request, response: Response, asked: str) -> _Failure:
        error = protocol.choose_error(
            response, asked, retry_safe=request.retry_safe, service=request.service
        )
        if response.status in {429, 503}:
            error.retry_after = protocol.retry_after(response, self.rate_limiter.server_time())
        repeat = protocol.should_repeat(request, error)
        return _Failure(error, repeat, in_doubt=response.status != 429)

    async def _once(
        self, request: Request, url: httpx.URL, asked: str
    ) -> tuple[Response, None] | tuple[None, _Failure]:
        async with self.rate_limiter.acquire() as sent_at:
            if hook := on_send.get():
                hook()
            try:
                async with self._client() as client:
                    answer = await client.request(
                        request.method,
                        url,
                        content=None if request.body is None else _encoded(request.body),
                        headers=_headers(request),
                        auth=self._auth,
                        follow_redirects=False,
                    )
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                return None, _no_answer(request, error, asked, self.base_url)
            headers = {k.lower(): v for k, v in answer.headers.items()}
            content = answer.content
            if answer.status_code >= 300:
                content = _without_secrets(content, answer.request, request.body)
            response = Response(answer.status_code, headers, content)
            refused, rate = response.status == 429, protocol.read_rate_limit(headers)
            self.rate_limiter.observe(rate, sent_at, headers.get("date"), served=not refused)
            if refused:
                told = protocol.retry_after(response, self.rate_limiter.server_time())
                self.rate_limiter.pause(told, sent_at)
        return response, None

    def _client(self) -> contextlib.AbstractAsyncContextManager[httpx.AsyncClient]:
        """Lend the client of httpx that sends one request."""
        if self._given is None:
            return self._clients.lend()
        if self._given.is_closed:
            raise errors.ConfigurationError("The httpx client that was given is closed.")
        return contextlib.nullcontext(self._given)

    def _new_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(timeout=self._timeout, verify=_trust())

    async def aclose(self) -> None:
        """Close the connections that this transport opened; a client that was given stays open."""
        await self._clients.aclose()
        if self._http is not None and self._http is not self._given:
            await self._http.aclose()


@dataclasses.dataclass(frozen=True)
class _Failure:
    error: errors.IntercomError
    repeat: bool
    in_doubt: bool = True


def _is_answer(request: Request, response: Response) -> bool:
    return response.status < 300 or (request.redirects and response.status in {301, 302, 303, 307})


def _with_outcome(
    error: errors.InvalidResponseError, request: Request
) -> errors.InvalidResponseError:
    """Mark an unreadable response to a write: the server may have carried the write out."""
    if request.retry_safe or error.outcome_unknown:
        return error
    marked = errors.InvalidResponseError(
        f"{error} {protocol.OUTCOME_UNKNOWN}", status=error.status, request_id=error.request_id
    )
    marked.outcome_unknown = True
    return marked


def _is_gone(request: Request, response: Response) -> bool:
    """Tell a deletion that was sent again and finds nothing left to delete: it is done."""
    return request.method == "DELETE" and response.status == 404


@functools.cache
def _trust() -> ssl.SSLContext:
    """Read the trusted certificates once for all: it costs more CPU than 30 requests."""
    return httpx.create_ssl_context()


@functools.cache
def _user_agent() -> str:
    return f"intercom-nb/{metadata.version('intercom-nb')}"


def _encoded(body: Any) -> bytes:
    return msgspec.json.encode(body, enc_hook=_reveal)


def _reveal(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value).__name__)  # what msgspec takes for "no JSON for this"


def _without_secrets(content: bytes, sent: httpx.Request, body: Any) -> bytes:
    """Take what was sent as a secret out of a refusal: its words go into our errors."""
    bearer = Secret(sent.headers.get("Authorization", "").partition(" ")[2])
    for secret in (bearer, *_secrets(body)):
        if len(secret.reveal()) >= _SHORTEST_SECRET:
            content = content.replace(secret.reveal().encode(), b"***")
    return content


def _secrets(body: Any) -> Iterator[Secret]:
    if isinstance(body, Secret):
        yield body
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from _secrets(value)


def _headers(request: Request) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "User-Agent": _user_agent(),
        **request.headers,
    }
    if request.body is not None:
        headers["Content-Type"] = "application/json"
    return headers


def _sent_note(attempts: int) -> str | None:
    return f"The request was sent {attempts} times." if attempts > 1 else None


def _no_answer(request: Request, error: Exception, asked: str, base_url: str) -> _Failure:
    nothing_sent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout))
    transient = isinstance(error, _MAY_PASS) and not isinstance(error, _WILL_NOT_PASS)
    timed_out = isinstance(error, httpx.TimeoutException)
    kind = errors.RequestTimeoutError if timed_out else errors.ConnectionFailedError
    unknown = not nothing_sent and not request.retry_safe
    why = " in time ({})" if timed_out else ": {}"
    why = why.format((not timed_out and str(error)) or type(error).__name__)
    doubt = f" {protocol.OUTCOME_UNKNOWN}" if unknown else ""
    failed = kind(f"{asked}: no answer from {base_url}{why}.{doubt}")
    failed.is_transient, failed.outcome_unknown = transient, unknown
    return _Failure(
        failed, transient and (nothing_sent or request.retry_safe), in_doubt=not nothing_sent
    )
