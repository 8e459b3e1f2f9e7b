"""HTTP protocol of the API as data: requests, responses, URLs, rate headers.

No network: everything is a function of a status, headers, a body and the time.
"""

from __future__ import annotations

import dataclasses
import email.utils
import functools
import struct
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import quote, unquote

import httpx
import msgspec
import pyarrow as pa

from .. import errors
from ..catalog.model import Operation
from .bodies import body_of

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


@dataclasses.dataclass(frozen=True)
class Request:
    """One HTTP request, before a credential is put on it.

    ``body`` may hold Secrets, which are revealed when it is sent. ``retry_safe``: sending it twice
    does no harm. ``redirects``: a redirect is a success. ``service`` is the one it goes to.
    ``refused_undone``: after a 429, nothing was done. ``is_form``: sent as multipart/form-data.
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
    is_form: bool = False


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


def build_request(operation: Operation, params: Mapping[str, Any], version: str) -> Request:
    """Build the request of an operation from checked parameters."""
    path = operation.path
    query: list[tuple[str, str]] = []
    for param in operation.params:
        if param.name not in params:
            continue
        value = params[param.name]
        if param.location == "path":
            path = path.replace(f"{{{param.wire_name}}}", quote(str(value), safe=""))
        elif param.location == "query":
            query += _query_pairs(param.wire_name, value)
    has_body = any(p.location == "body" for p in operation.params)
    return Request(
        method=operation.method,
        path=path,
        query=tuple(query),
        body=body_of(operation, params) if has_body else None,
        headers={"Intercom-Version": version, **_ACCEPT.get(operation.response, {})},
        retry_safe=operation.retry_safe,
        redirects=operation.response == "redirect",
        is_form=any(p.send_as == "file" for p in operation.params),
    )


def address(base_url: str, request: Request) -> httpx.URL:
    """Return the URL that a request is sent to, as httpx reads it.

    Raises RequestValidationError when that is not below the base URL: the credential must not
    go there.
    """
    base = _base(base_url)
    try:
        url = httpx.URL(base_url + request.path)
    except httpx.InvalidURL:
        url = httpx.URL()
    if request.query:
        url = url.copy_with(params=httpx.QueryParams(request.query))
    if origin(url) != origin(base) or not is_below(url, base):
        raise errors.RequestValidationError(
            f"The path {request.path!r} leads away from {base_url}: nothing was sent."
        )
    return url


_base = functools.cache(httpx.URL)


def origin(url: httpx.URL) -> tuple[str, bytes, int | None, bytes]:
    """Return what decides who gets a request, user name included: it must be the base URL's."""
    return url.scheme, url.raw_host, url.port, url.userinfo


def is_below(url: httpx.URL, base: httpx.URL) -> bool:
    """Return whether the path of a URL is that of the base URL, or below it."""
    path, prefix = (u.raw_path.decode().partition("?")[0] for u in (url, base))
    # Decoded: a server may take %2e%2e for "..".
    steps = map(unquote, path.split("/"))
    return ".." not in steps and (path + "/").startswith(prefix.rstrip("/") + "/")


def read_rate_limit(headers: Mapping[str, str]) -> RateLimit | None:
    """Return the rate window from the headers, or None if they report none.

    A limit below 1 cannot be one, so the headers that stand beside it are ignored too.
    """
    limit = number(headers.get("x-ratelimit-limit"))
    remaining = number(headers.get("x-ratelimit-remaining"))
    reset_at = number(headers.get("x-ratelimit-reset"))
    if limit is None and remaining is None and reset_at is None:
        return None
    if limit is not None and limit < 1:
        return None
    return RateLimit(
        limit=None if limit is None else int(limit),
        remaining=None if remaining is None else max(int(remaining), 0),
        reset_at=reset_at,
    )


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


def number(text: str | None) -> float | None:
    """Return the number in a header, or None if it has none."""
    try:
        number = float(text) if text is not None else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < 1e12 else None  # also no nan
