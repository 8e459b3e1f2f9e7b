"""Addresses that users and servers name: where a request, and so the token, may go."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import httpx

from .. import errors
from .protocol import Request, is_below, origin

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# A whole URL, a path, a query, or a name below the present path. Programs read everything else
# differently: "@host", ":port", "//host\\", "http:host", or with blanks in it.
_PLAIN_LINK = re.compile(
    r"(?:https?://[^/]|//?(?!/)|\?|[\w-]+(?:[/?]|\Z))[^\s\\\x00-\x1f\x7f]*\Z", re.I
)


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


def resolve(link: str, requested: httpx.URL) -> str:
    """Return the absolute URL of a link in the response to a request to ``requested``.

    A link that is not plainly one, or that leads back, is returned as it is: ``follow`` refuses it.

    >>> resolve("?page=2", httpx.URL("https://api.intercom.io/tags?page=1"))
    'https://api.intercom.io/tags?page=2'
    """
    if not _PLAIN_LINK.match(link):
        return link
    try:
        url = requested.join(link).copy_with(fragment=None)
    except httpx.InvalidURL:
        return link
    return link if url == requested else str(url)


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
    if origin(there) != origin(here):
        raise errors.PagingError(
            f"The next page should be at {there.scheme}://{there.netloc.decode()}, which is "
            f"not {base_url}: the token is not sent there."
        )
    if not is_below(there, here):
        raise errors.PagingError(f"The next page should be at {shown}, outside the API.")
    path, _, query = there.raw_path.decode().partition("?")
    return Request(
        method="GET",
        path=path.removeprefix(here.raw_path.decode().rstrip("/")),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers={"Intercom-Version": version},
        retry_safe=True,
    )


def check_public_url(url: str, label: str) -> None:
    """Raise InvalidResponseError unless a redirect leads to https, or to this machine."""
    try:
        there = httpx.URL(url)
    except httpx.InvalidURL:
        there = httpx.URL()
    safe = there.scheme == "https" or (there.scheme == "http" and there.host in _LOOPBACK)
    if there.host and safe and not there.userinfo:
        return
    raise errors.InvalidResponseError(
        f"{label}: the response leads to {there.scheme or 'no'}://{there.host}, which is "
        "not followed.",
        status=302,
    )
