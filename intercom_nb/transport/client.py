"""HTTP client: sends one request, retries it where that is safe, bounds time and size."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import time
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any, TypeVar, cast

import httpx

from .. import errors
from ..models import RetryPolicy
from ..runtime.retry import Retrier
from ..secret import Secret, redact
from . import protocol
from .bodies import content_of, secrets_in
from .client_pool import Clients
from .environment import new_client
from .error_response import mark_outcome_unknown
from .failures import Failure, TooLargeError, no_response, refused, retry_after, too_large
from .limits import Limits
from .log_redaction import redact_logs
from .protocol import Request, Response
from .rate_limiter import RateLimiter
from .urls import check_base_url

_T = TypeVar("_T")

_HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError)
# A success that is not JSON may be a gateway's hiccup, but hardly three times in a row.
_UNREADABLE_ATTEMPTS = 3
_MAX_ERROR_BYTES = 1_000_000
# One chunk of the network (64 kB) grows to at most 66 MB by these; by others, to gigabytes.
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}


on_send: contextvars.ContextVar[Callable[[], None] | None] = contextvars.ContextVar(
    "on_send", default=None
)
"""Called when a request of this context is about to leave, after the rate limiter let it go."""


class BearerAuth(httpx.Auth):
    """Adds the token to a request at the last moment, so that no frame of ours holds it."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    @property
    def secrets(self) -> Iterable[Secret]:
        """The secrets that a request carries, to mask in errors."""
        return (self._token,)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Add the header."""
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class Transport:
    """Send requests to one host and read their responses.

    Args:
        base_url: Address of the API; https, or http on this machine.
        auth: Adds the credential to each request; its ``secrets`` are masked in errors.
        http: An ``httpx.AsyncClient`` or an httpx transport to use instead of own clients.
        limits: Time and size of one request.
        rate_limiter: Delays requests.
        retry: How often and when to retry.
        clock, sleep: Unix seconds, and how to wait; tests pass their own.
    """

    def __init__(  # noqa: PLR0913 - what one connector sets once
        self,
        base_url: str,
        auth: httpx.Auth,
        *,
        http: httpx.AsyncClient | httpx.AsyncBaseTransport | None = None,
        limits: Limits | None = None,
        rate_limiter: RateLimiter | None = None,
        retry: RetryPolicy | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.base_url = check_base_url(base_url)
        self.rate_limiter = rate_limiter or RateLimiter(clock=clock, sleep=sleep)
        self.retry = retry or RetryPolicy()
        self._auth = auth
        self._limits = limits or Limits()
        self._seconds = self._limits.seconds
        self._http = http
        self._given: httpx.AsyncClient | None = None
        if isinstance(http, httpx.AsyncClient):
            self._given = http
        elif http is not None:
            self._given = httpx.AsyncClient(transport=http, timeout=self._limits.timeout)
        self._clients = Clients(functools.partial(new_client, self._limits.timeout))
        self.sleep = sleep
        self._retrier = Retrier(self.retry, sleep, _sent_note)
        redact_logs(self)

    def __repr__(self) -> str:
        return f"Transport({getattr(self, 'base_url', 'not initialized')!r})"

    @property
    def secrets(self) -> Iterable[Secret]:
        """The secrets that requests carry, to mask in errors and logs."""
        return getattr(self._auth, "secrets", ())

    async def send(self, request: Request, label: str, read: Callable[[Response], _T]) -> _T:
        """Send a request until it has a response; return what ``read`` makes of that.

        ``label`` names the request in errors; ``read`` may raise InvalidResponseError, after
        which a retry-safe request is sent again. Raises an IntercomError without secrets in it.
        """
        url = protocol.address(self.base_url, request)
        failure: Failure | None = None
        can_have_effect = False  # whether an earlier attempt may have taken effect

        async def attempt(number: int) -> _T:
            nonlocal failure, can_have_effect
            response, failure = await self._exchange(request, url, label)
            if can_have_effect and response is not None and _is_gone(request, response):
                response = Response(200, response.headers, b"")
            if response is not None and _is_success(request, response):
                try:
                    return read(response)
                except errors.InvalidResponseError as error:
                    if not request.retry_safe:
                        mark_outcome_unknown(error)
                    # Without the frames and causes that hold the body: it may repeat a secret.
                    error.__context__, error.__traceback__ = None, None
                    failure = Failure(error, number < _UNREADABLE_ATTEMPTS and request.retry_safe)
            elif response is not None:
                failure = refused(request, response, label, self.rate_limiter.server_time())
            assert failure is not None
            can_have_effect = can_have_effect or failure.can_have_effect
            # Raised here and not where httpx failed: a chained httpx exception would bring
            # frames along whose variables have the credential.
            response = None
            raise failure.error

        with self.redacting(request.body):
            return await self._retrier.run(
                attempt, lambda _: failure is not None and failure.can_repeat
            )

    @contextlib.contextmanager
    def redacting(self, body: Mapping[str, Any] | None = None) -> Iterator[None]:
        """Mask the secrets of this transport and of a body in errors: servers repeat them."""
        try:
            yield
        except errors.IntercomError as error:
            known = [*self.secrets, *secrets_in(body)]
            error.rewrite(lambda text: redact(text, known))
            raise

    async def _exchange(
        self, request: Request, url: httpx.URL, label: str
    ) -> tuple[Response, None] | tuple[None, Failure]:
        """Send a request when the rate limiter lets it go."""
        async with self.rate_limiter.acquire() as sent_at:
            if hook := on_send.get():
                hook()
            response, failure = await self.request_once(request, url, label, self._auth)
            if response is None:
                return None, cast(Failure, failure)
            rate, served = protocol.read_rate_limit(response.headers), response.status != 429
            date = response.headers.get("date")
            self.rate_limiter.observe(rate, sent_at, date, served=served)
            if not served:
                wait = retry_after(response, self.rate_limiter.server_time())
                self.rate_limiter.pause(wait, sent_at)
        return response, None

    async def request_once(
        self, request: Request, url: httpx.URL, label: str, auth: httpx.Auth
    ) -> tuple[Response, None] | tuple[None, Failure]:
        """Send a request and read its response, whatever its status."""
        body = request.body
        try:
            async with asyncio.timeout(self._seconds), self._client() as client:
                sent = client.build_request(
                    request.method,
                    url,
                    headers=_headers(request),
                    **({} if body is None else content_of(body, is_form=request.is_form)),
                )
                received = await client.send(sent, auth=auth, follow_redirects=False, stream=True)
                try:
                    return await self._read(received), None
                finally:
                    await received.aclose()
        except TooLargeError as error:
            return None, too_large(request, label, error)
        except _HTTPX_ERRORS as error:
            host = self.base_url if request.path else url.host
            proxied = url if self._given is None else None
            return None, no_response(
                request, error, f"{label}: no response from {host}", self._limits, proxied
            )

    async def _read(self, received: httpx.Response) -> Response:
        """Read a response, decompressed, up to the largest size; of an error's body the start."""
        headers = {k.lower(): v for k, v in received.headers.items()}
        status = received.status_code
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding not in _ENCODINGS:
            raise httpx.DecodingError(f"the content encoding {encoding[:40]!r} was not requested")
        is_error = status >= 300
        limit = _MAX_ERROR_BYTES if is_error else self._limits.max_response_mb * 1e6
        chunks, size = [], 0
        try:
            async for chunk in received.aiter_bytes():
                size += len(chunk)
                chunks.append(chunk)
                if size > limit and is_error:
                    break
                if size > limit:
                    raise TooLargeError(status, self._limits.max_response_mb)
        except httpx.DecodingError:
            if not is_error:  # the status of an error says enough
                raise
        return Response(status, headers, chunks[0] if len(chunks) == 1 else b"".join(chunks))

    def _client(self) -> contextlib.AbstractAsyncContextManager[httpx.AsyncClient]:
        """Lend the httpx client that sends one request."""
        if self._given is None:
            return self._clients.lend()
        if self._given.is_closed:
            raise errors.ConfigurationError(
                "The httpx client passed as http= is closed. Pass an open one."
            )
        return contextlib.nullcontext(self._given)

    async def aclose(self) -> None:
        """Close the connections that this transport opened; a given client stays open."""
        await self._clients.aclose()
        if self._http is not None and self._http is not self._given:
            await self._http.aclose()


def _is_success(request: Request, response: Response) -> bool:
    return response.status < 300 or (request.redirects and response.status in {301, 302, 303, 307})


def _is_gone(request: Request, response: Response) -> bool:
    """Return whether a deletion that was sent again finds nothing left to delete: it is done."""
    return request.method == "DELETE" and response.status == 404


@functools.cache
def _user_agent() -> str:
    return f"intercom-nb/{metadata.version('intercom-nb')}"


def _headers(request: Request) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": _user_agent(),
        **request.headers,
    }
    if request.body is not None and not request.is_form:
        headers["Content-Type"] = "application/json"
    return headers


def _sent_note(attempts: int) -> str | None:
    return f"The request was sent {attempts} times." if attempts > 1 else None
