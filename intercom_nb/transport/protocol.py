"""HTTP protocol of the API as data: requests, responses, URLs, rate headers.

No network: everything is a function of a status, headers, a body and the time.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import email.utils
import re
import struct
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import httpx
import msgspec
import pyarrow as pa

from .. import errors
from ..catalog.model import Operation, Parameter

# Intercom's windows last 10 seconds and its clock may differ from ours: a wait beyond a minute
# (seconds) is a misread header.
MAX_WAIT = 60.0
Service = Literal["intercom", "airbyte"]
UNREADABLE = (msgspec.DecodeError, RecursionError)
"""Errors of decoding JSON; the second for JSON that is nested too deep."""
# Without the right one, some responses are 406.
_ACCEPT = {
    "binary": {"Accept": "application/octet-stream"},
    "text": {"Accept": "text/plain"},
    "redirect": {"Accept": "*/*"},
}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# A whole URL, a path, a query, or a name below the present path. Programs read everything else
# differently: "@host", ":port", "//host\\", "http:host", or with blanks in it.
_PLAIN_LINK = re.compile(
    r"(?:https?://[^/]|//?(?!/)|\?|[\w-]+(?:[/?]|\Z))[^\s\\\x00-\x1f\x7f]*\Z", re.I
)


@dataclasses.dataclass(frozen=True)
class Request:
    """One HTTP request, before a credential is put on it.

    ``body`` may hold Secrets, which are revealed when it is sent. ``retry_safe``: sending it twice
    does no harm. ``redirects``: a redirect is a success. ``service`` is the one it goes to.
    ``refused_undone``: after a 429, nothing was done.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: dict[str, Any] | None = None
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    retry_safe: bool = False
    redirects: bool = False
    service: Service = "intercom"
    refused_undone: bool = True


@dataclasses.dataclass(frozen=True)
class Response:
    """One HTTP response; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    content: bytes = dataclasses.field(repr=False)

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, which its support asks for."""
        return self.headers.get("x-request-id")


@dataclasses.dataclass(frozen=True)
class RateLimit:
    """State of the server's rate window, from its headers; ``reset_at`` is in Unix seconds."""

    limit: int | None
    remaining: int | None
    reset_at: float | None


def check_base_url(url: str, name: str = "base_url") -> str:
    """Return a base URL without its last slash; https, or http to this machine only.

    Raises ConfigurationError, which calls it ``name``.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except (ValueError, AttributeError):
        raise errors.ConfigurationError(
            f"{name}: {url!r} is not a valid URL. Use one like https://host/path."
        ) from None
    if parts.username or parts.password:
        raise errors.ConfigurationError(f"{name} must not have a user name or password in it.")
    if not host or parts.query or parts.fragment:
        raise errors.ConfigurationError(
            f"{name}: {url!r} is not a valid base URL. Use one like https://host/path."
        )
    if parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK):
        return url.rstrip("/")
    raise errors.ConfigurationError(
        f"{name}: {url!r} must start with https:// (http:// only to 127.0.0.1 or localhost), "
        "so that the token cannot be read on the way."
    )


def build_request(operation: Operation, params: Mapping[str, Any], version: str) -> Request:
    """Build the request of an operation from checked parameters."""
    path = operation.path
    query: list[tuple[str, str]] = []
    body: dict[str, Any] = {}
    for param in operation.params:
        if param.name not in params:
            continue
        value = params[param.name]
        if param.place == "path":
            path = path.replace(f"{{{param.wire_name}}}", quote(str(value), safe=""))
        elif param.place == "query":
            query += _query_pairs(param.wire_name, value)
        else:
            _put(body, param.wire_name, _as_sent(param, value))
    has_body = any(p.place == "body" for p in operation.params)
    return Request(
        method=operation.method,
        path=path,
        query=tuple(query),
        body=body if has_body else None,
        headers={"Intercom-Version": version, **_ACCEPT.get(operation.response, {})},
        retry_safe=operation.retry_safe,
        redirects=operation.response == "redirect",
    )


def address(base_url: str, request: Request) -> httpx.URL:
    """Return the URL that a request is sent to, as httpx reads it.

    Raises RequestValidationError when that is not below the base URL: the credential must not
    go there.
    """
    base = httpx.URL(base_url)
    try:
        url = httpx.URL(base_url + request.path)
    except httpx.InvalidURL:
        url = httpx.URL()
    if request.query:
        url = url.copy_with(params=httpx.QueryParams(request.query))
    if _origin(url) != _origin(base) or not _is_below(url, base):
        raise errors.RequestValidationError(
            f"The path {request.path!r} leads away from {base_url}: nothing was sent."
        )
    return url


def resolve(link: str, asked: httpx.URL) -> str:
    """Return the absolute URL of a link in the response to a request to ``asked``.

    A link that is not plainly one, or that leads back, is returned as it is: ``follow`` refuses it.

    >>> resolve("?page=2", httpx.URL("https://api.intercom.io/tags?page=1"))
    'https://api.intercom.io/tags?page=2'
    """
    if not _PLAIN_LINK.match(link):
        return link
    try:
        url = asked.join(link).copy_with(fragment=None)
    except httpx.InvalidURL:
        return link
    return link if url == asked else str(url)


def follow(url: str, base_url: str, version: str) -> Request:
    """Build the request for the next page from the URL in a response.

    Raises PagingError when that is not below the base URL, which alone may see the token.
    """
    try:
        here, there = httpx.URL(base_url), httpx.URL(url)
    except httpx.InvalidURL:
        here, there = httpx.URL(base_url), httpx.URL()
    shown = repr(re.split(r"[?#]", url)[0][:80])
    if not there.scheme or not _PLAIN_LINK.match(url):
        raise errors.PagingError(
            f"The next page should be at {shown}, which is not a valid URL of a further page: the "
            "token is not sent there."
        )
    if _origin(there) != _origin(here):
        raise errors.PagingError(
            f"The next page should be at {there.scheme}://{there.netloc.decode()}, which is "
            f"not {base_url}: the token is not sent there."
        )
    if not _is_below(there, here):
        raise errors.PagingError(f"The next page should be at {shown}, outside the API.")
    path, _, query = there.raw_path.decode().partition("?")
    return Request(
        method="GET",
        path=path.removeprefix(here.raw_path.decode().rstrip("/")),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers={"Intercom-Version": version},
        retry_safe=True,
    )


def _origin(url: httpx.URL) -> tuple[str, bytes, int | None, bytes]:
    """Return what decides who gets a request, user name included: it must be the base URL's."""
    return url.scheme, url.raw_host, url.port, url.userinfo


def _is_below(url: httpx.URL, base: httpx.URL) -> bool:
    path, prefix = (u.raw_path.decode().partition("?")[0] for u in (url, base))
    # Decoded: a server may take %2e%2e for "..".
    steps = map(unquote, path.split("/"))
    return ".." not in steps and (path + "/").startswith(prefix.rstrip("/") + "/")


def check_public_url(url: str, asked: str) -> None:
    """Raise InvalidResponseError unless a redirect leads to https, or to this machine."""
    try:
        there = httpx.URL(url)
    except httpx.InvalidURL:
        there = httpx.URL()
    safe = there.scheme == "https" or (there.scheme == "http" and there.host in _LOOPBACK)
    if there.host and safe and not there.userinfo:
        return
    raise errors.InvalidResponseError(
        f"{asked}: the response leads to {there.scheme or 'no'}://{there.host}, which is "
        "not followed.",
        status=302,
    )


def read_rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """Return the rate window from the headers, or None if they report none.

    A limit below 1 cannot be one, so the headers that stand beside it are ignored too.
    """
    limit = _number(headers.get("x-ratelimit-limit"))
    remaining = _number(headers.get("x-ratelimit-remaining"))
    reset_at = _number(headers.get("x-ratelimit-reset"))
    if limit is None and remaining is None and reset_at is None:
        return None
    if limit is not None and limit < 1:
        return None
    return RateLimit(
        limit=None if limit is None else int(limit),
        remaining=None if remaining is None else max(int(remaining), 0),
        reset_at=reset_at,
    )


def retry_after(response: Response, now: float) -> float | None:
    """Return the seconds that the server asks to wait, or None if it does not say.

    ``Retry-After`` (seconds or a date) first. For a 429, then ``X-RateLimit-Reset`` (Unix
    seconds), unless requests remain: such a refusal is not about the window.
    """
    header = response.headers.get("retry-after")
    if header is not None:
        seconds = _number(header)
        if seconds is None:
            date = parse_http_date(header)
            seconds = None if date is None else date - now
        if seconds is not None:
            return min(max(seconds, 0.0), MAX_WAIT)
    rate = read_rate_limit(response.headers)
    if response.status != 429 or rate is None or rate.reset_at is None or rate.remaining:
        return None
    return min(max(rate.reset_at - now, 0.0), MAX_WAIT)


def parse_http_date(text: str | None) -> float | None:
    """Return an HTTP date in Unix seconds, or None if it cannot be one.

    >>> parse_http_date("Sat, 28 Nov 2026 12:00:00 GMT")
    1795867200.0
    >>> parse_http_date("Fri, 01 Jan 99999 00:00:00 GMT")
    """
    try:
        parts = email.utils.parsedate_tz(text) if text else None
        return None if parts is None else float(email.utils.mktime_tz(parts))
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def should_repeat(request: Request, error: errors.APIError) -> bool:
    """Return whether the same request may be sent again after this error."""
    if error.status == 429 and request.refused_undone:  # refused before anything was done
        return True
    return request.retry_safe and error.is_transient


def is_utf8(content: bytes) -> bool:
    r"""Return whether bytes are UTF-8, without decoding them.

    >>> is_utf8("Zoë".encode()), is_utf8(b"Zo\xeb")
    (True, False)
    """
    if content.isascii():
        return True
    ends = pa.py_buffer(struct.pack("=qq", 0, len(content)))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(content)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _query_pairs(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, bool):
        return [(name, "true" if value else "false")]
    if isinstance(value, list):
        return [(name, str(item)) for item in value]
    return [(name, "" if value is None else str(value))]


def _as_sent(param: Parameter, value: Any) -> Any:
    """Return a value in the form that the API declares for it."""
    if value is None:
        return None
    if param.send_as == "integer" and value.isdecimal():
        return int(value)
    if param.send_as == "iso":
        return dt.datetime.fromtimestamp(value, dt.UTC).isoformat()
    return value


def _put(body: dict[str, Any], dotted: str, value: Any) -> None:
    *parents, last = dotted.split(".")
    for key in parents:
        body = body.setdefault(key, {})
    body[last] = value


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < 1e12 else None  # also no nan
