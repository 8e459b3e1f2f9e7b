"""Configuration objects of a connector: access, named as in its documentation, and retries."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .credentials import check_token, find_client
from .errors import ConfigurationError, UnsupportedError, did_you_mean
from .secret import Secret, hidden

_OAUTH_WORDS = {
    "auth_code",
    "authorization_code",
    "client_id",
    "client_secret",
    "code",
    "oauth",
    "redirect_url",
    "refresh_token",
    "server_side_oauth_secret_id",
}
_UTC_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class _Config:
    """A frozen dataclass whose repr also works before ``__init__`` has run, as in a debugger."""

    def __repr__(self) -> str:
        fields = getattr(self, "__dataclass_fields__", ())
        known = vars(self)
        shown = ", ".join(f"{name}={known[name]!r}" for name in fields if name in known)
        return f"{type(self).__name__}({shown})"


@dataclasses.dataclass(frozen=True, init=False, repr=False)
class IntercomAuthConfig(_Config):
    """Hold the access token of an Intercom workspace.

    Raises CredentialError when the token is missing, empty, blank or malformed; only Intercom can
    say whether it is valid. Asking for OAuth raises UnsupportedError: this connector does not have
    it, in either mode. Source: the connector's "Authentication" page.

    >>> IntercomAuthConfig(access_token="dG9rOmV4YW1wbGU")
    IntercomAuthConfig(access_token=Secret('***', source='argument'))
    """

    access_token: Secret

    def __init__(self, access_token: str | Secret | None = None, **other: Any) -> None:
        access_token = hidden(access_token)
        names, kind = sorted(other), other.get("auth_type")
        del other  # it may hold secrets, which an error's frames would show
        refuse_oauth(names, kind)
        _refuse_unknown("IntercomAuthConfig", names, ["access_token"])
        token = "" if access_token is None else access_token
        object.__setattr__(self, "access_token", check_token(token))


@dataclasses.dataclass(frozen=True, init=False, repr=False)
class AirbyteAuthConfig(_Config):
    """Hold what hosted execution needs: an Airbyte client, and whose connector it runs.

    Args:
        airbyte_client_id, airbyte_client_secret: The client, from the Airbyte web app; without
            them, ``AIRBYTE_CLIENT_ID`` and ``AIRBYTE_CLIENT_SECRET`` are looked up.
        workspace_name: The workspace whose Intercom connector to use (also ``customer_name``).
        external_user_id: The workspace's name in generation 1 of the hosted API; selects that
            generation.
        organization_id: The organization, if the client belongs to several.
        connector_id: The connector, which is looked up otherwise.

    Raises CredentialError for a missing or malformed client and UnsupportedError for OAuth.

    >>> AirbyteAuthConfig("demo-client", "demo-secret", workspace_name="demo").workspace_name
    'demo'
    """

    airbyte_client_id: Secret
    airbyte_client_secret: Secret
    workspace_name: str | None
    external_user_id: str | None
    organization_id: str | None
    connector_id: str | None

    def __init__(  # noqa: PLR0913 - public keywords
        self,
        airbyte_client_id: str | Secret | None = None,
        airbyte_client_secret: str | Secret | None = None,
        *,
        workspace_name: str | None = None,
        customer_name: str | None = None,
        external_user_id: str | None = None,
        organization_id: str | None = None,
        connector_id: str | None = None,
        **other: Any,
    ) -> None:
        airbyte_client_id, airbyte_client_secret = (
            hidden(airbyte_client_id),
            hidden(airbyte_client_secret),
        )
        names, kind = sorted(other), other.get("auth_type")
        del other
        refuse_oauth(names, kind)
        _refuse_unknown("AirbyteAuthConfig", names, [f.name for f in dataclasses.fields(self)])
        workspace = _one_name(workspace_name=workspace_name, customer_name=customer_name)
        _one_name(workspace_name=workspace, external_user_id=external_user_id)
        client = find_client(airbyte_client_id, airbyte_client_secret)
        object.__setattr__(self, "airbyte_client_id", client[0])
        object.__setattr__(self, "airbyte_client_secret", client[1])
        object.__setattr__(self, "workspace_name", workspace)
        object.__setattr__(self, "external_user_id", _text("external_user_id", external_user_id))
        object.__setattr__(self, "organization_id", _text("organization_id", organization_id))
        object.__setattr__(self, "connector_id", _text("connector_id", connector_id))


@dataclasses.dataclass(frozen=True, init=False, repr=False)
class IntercomReplicationConfig(_Config):
    """Hold the time from which Airbyte copies the workspace's data, for a hosted connector.

    ``start_date`` is text in the form ``YYYY-MM-DDTHH:mm:ssZ``, a ``datetime`` (one without a zone
    is UTC) or a ``date`` (its midnight in UTC), and is stored as text. Raises ConfigurationError
    for anything else, also for fractions of a second, which that form cannot express.

    >>> import datetime as dt
    >>> IntercomReplicationConfig(start_date=dt.datetime(2026, 1, 1, 9, 30)).start_date
    '2026-01-01T09:30:00Z'
    """

    start_date: str

    def __init__(self, start_date: str | dt.datetime | dt.date | None = None) -> None:
        object.__setattr__(self, "start_date", _utc_text(start_date))


@dataclasses.dataclass(frozen=True)
class RetryPolicy:
    """Bound the attempts and the waits between them.

    ``attempts`` counts the first one. Waits double from ``first_wait`` seconds up to ``max_wait``
    seconds, with jitter, unless the server names a time (``Retry-After``). If it asks for more than
    ``max_retry_after`` seconds, the error is raised at once.
    """

    attempts: int = 6
    first_wait: float = 0.25  # short: most failures are isolated, and others may wait for this one
    max_wait: float = 20.0
    max_retry_after: float = 120.0  # Intercom's windows last 10 s, or 60 s on older plans

    def wait(self, attempt: int, retry_after: float | None) -> float:
        """Return the seconds to wait after the given attempt (counted from 1)."""
        if retry_after is not None:
            return retry_after + random.uniform(0.05, 0.25)
        full: float = min(self.first_wait * 2 ** (attempt - 1), self.max_wait)
        return random.uniform(full / 2, full)


def refuse_oauth(names: Iterable[str], auth_type: object = None) -> None:
    """Raise UnsupportedError when these arguments ask for OAuth.

    >>> refuse_oauth(["region", "version"])
    """
    requested = [n for n in names if n in _OAUTH_WORDS or "oauth" in n.lower()]
    if requested or "oauth" in str(auth_type).lower():
        client = " An Airbyte client goes into airbyte_client_id= and airbyte_client_secret=."
        raise UnsupportedError(
            f"OAuth ({', '.join(requested) or auth_type}) is not available for this connector, in "
            "either mode. Use an access token: IntercomAuthConfig(access_token=...), made in "
            "Intercom's Developer Hub under Configure > Authentication."
            + (client if "client_id" in requested else "")
        )


def hide_oauth(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with what belongs to OAuth in Secrets, for ``refuse_oauth`` to reject.

    >>> hide_oauth({"refresh_token": "abc", "region": "eu"})
    {'refresh_token': Secret('***', source='argument'), 'region': 'eu'}
    """
    return {name: hidden(v) if name in _OAUTH_WORDS else v for name, v in options.items()}


def _refuse_unknown(owner: str, given: list[str], known: list[str]) -> None:
    if given:
        raise ConfigurationError(f"{owner} has no {given[0]!r}.{did_you_mean(given[0], known)}")


def _one_name(**names: str | None) -> str | None:
    """Return the value of two names for the same thing; raise if their values differ."""
    given = {name: _text(name, value) for name, value in names.items() if value is not None}
    if len(set(given.values())) > 1:
        options = " and ".join(f"{name}={value!r}" for name, value in given.items())
        raise ConfigurationError(f"{options} are the same option: pass only one.")
    return next(iter(given.values()), None)


def _text(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"{name} must be text, not {value!r}.")
    return value.strip()


def _utc_text(value: object) -> str:
    if isinstance(value, str):
        return _checked_utc_text(value.strip())
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        value = dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - UTC, just below
    if not isinstance(value, dt.datetime):
        raise _no_start(value)
    if value.microsecond or getattr(value, "nanosecond", 0):
        raise ConfigurationError(
            f"start_date: {value} has a fraction of a second, which the form "
            "YYYY-MM-DDTHH:mm:ssZ cannot express. Use .replace(microsecond=0)."
        )
    utc = value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _checked_utc_text(text: str) -> str:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _no_start(text) from None
    if not _UTC_SECOND.fullmatch(text):
        meant = _utc_text(moment.replace(microsecond=0))
        raise ConfigurationError(
            f"start_date must be UTC in the form YYYY-MM-DDTHH:mm:ssZ, not {text!r}. "
            f"Did you mean {meant!r}?"
        )
    return text


def _no_start(value: object) -> ConfigurationError:
    return ConfigurationError(
        f"start_date must be UTC in the form YYYY-MM-DDTHH:mm:ssZ, like '2026-01-01T00:00:00Z', or "
        f"a datetime, not {value!r}."
    )
