"""Proxies and certificates from environment variables, checked before the first request."""

from __future__ import annotations

import functools
import os
import ssl
import urllib.request
from pathlib import Path

import httpx

from ..errors import ConfigurationError

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")


def new_client(timeout: float) -> httpx.AsyncClient:
    """Return a client that uses the proxies and certificates of the environment.

    ``timeout`` is in seconds, per step. Raises ConfigurationError naming the variable that
    cannot be used.
    """
    context = _trust()
    try:
        return httpx.AsyncClient(timeout=timeout, verify=context)
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        failure = _proxy_error(error)
    raise failure  # not chained: the address of a proxy may have a password in it


def proxy_hint(url: httpx.URL) -> str:
    """Return a sentence that names the proxy variable that a request to ``url`` goes by."""
    if urllib.request.proxy_bypass(url.host):
        return ""
    name = _variable(f"{url.scheme}_proxy") or _variable("all_proxy")
    return f" The request goes through the proxy in {name}." if name else ""


def certificate_hint() -> str:
    """Return what to do if the server's certificate is not trusted."""
    name = next((n for n in _CERTIFICATES[:2] if os.environ.get(n)), None)
    used = f"{name} is set to {os.environ[name]!r}." if name else ""
    return (
        f" Its certificate is not trusted. {used} Behind a company proxy, set SSL_CERT_FILE to the "
        "file with the company's certificates."
    ).replace("  ", " ")


@functools.cache
def _trust() -> ssl.SSLContext:
    """Load the trusted certificates, once: that costs more CPU than 30 requests."""
    folder = os.environ.get("SSL_CERT_DIR")
    if folder and not os.environ.get("SSL_CERT_FILE") and not Path(folder).is_dir():
        raise ConfigurationError(_unusable("SSL_CERT_DIR", "the folder does not exist"))
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # ssl.SSLError is one
        # The certificates fail before the key log is opened.
        known = [name for name in _CERTIFICATES if os.environ.get(name)]
        why = error.strerror or str(error)
        if isinstance(error, ssl.SSLError):
            why = "it is not a file of certificates in PEM format"
        names = [n for n in known if error.filename in {None, os.environ[n]}] or known
        text = _unusable(names[0], why) if names else f"The certificates cannot be read: {why}."
    raise ConfigurationError(text)


def _unusable(name: str, why: str) -> str:
    what = "a file to write TLS keys to" if name == "SSLKEYLOGFILE" else "your certificates"
    return (
        f"The environment variable {name} is set to {os.environ[name]!r}, which cannot be used: "
        f"{why}. Set it to {what}, or remove it."
    )


def _proxy_error(error: Exception) -> ConfigurationError:
    """Return the error for a proxy variable; it never shows the address."""
    for name in _PROXIES:
        variable = _variable(name)
        if variable is None:
            continue
        try:
            scheme = httpx.Proxy(os.environ[variable].strip()).url.scheme
        except (ValueError, httpx.InvalidURL):
            scheme = ""
        if scheme in {"socks5", "socks5h"} and isinstance(error, ImportError):
            return ConfigurationError(
                f"The proxy in the environment variable {variable} speaks SOCKS, which needs a "
                "further package: pip install 'httpx[socks]'."
            )
        if scheme not in {"http", "https", "socks5", "socks5h"}:
            return ConfigurationError(
                f"The environment variable {variable} is not a valid proxy address. Set it to "
                "http://host:port or socks5://host:port, or remove it."
            )
    return ConfigurationError(
        "The proxy settings of this computer cannot be used: check the environment variables "
        f"{', '.join(_PROXIES)} and NO_PROXY."
    )


def _variable(name: str) -> str | None:
    """Return the name under which a variable is set, in lower or upper case."""
    return next((n for n in (name.lower(), name.upper()) if os.environ.get(n)), None)
