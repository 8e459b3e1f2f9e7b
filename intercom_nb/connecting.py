"""``connect()``: from nothing, a credential or the word demo to a connector."""

from __future__ import annotations

from typing import Any

from .connector import IntercomConnector
from .credentials import check_token, find_access_token
from .errors import ConfigurationError
from .models import IntercomAuthConfig


def connect(
    source: str | None = None, *, access_token: str | None = None, **options: Any
) -> IntercomConnector:
    """Make a connector: to the demo workspace, by a given token, or by one that it finds.

    Args:
        source: ``"demo"`` for the embedded workspace (no account, no network), else None.
        access_token: A token; without one, the environment variable ``INTERCOM_ACCESS_TOKEN``
            and then ``.env`` in the working folder are looked at, now.
        **options: What IntercomConnector takes besides: region, version, allow_writes, ...

    Raises CredentialError, which says how to give a credential, when there is none.

    >>> connect("demo").mode
    'direct'
    """
    if source == "demo":
        return _demo(**options)
    if source not in (None, "intercom"):
        raise ConfigurationError(
            f"connect({source!r}): give 'demo', or nothing to use your own workspace."
        )
    token = find_access_token() if access_token is None else check_token(access_token)
    return IntercomConnector(auth_config=IntercomAuthConfig(token), **options)


def _demo(**options: Any) -> IntercomConnector:
    from . import demo

    options.setdefault("base_url", demo.DEMO_BASE_URL)
    options.setdefault("http", demo.DemoTransport())
    token = check_token(demo.TOKEN, source="the demo workspace")
    return IntercomConnector(auth_config=IntercomAuthConfig(token), **options)
