"""Executor factory: credentials and options -> the executor that runs the operations."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import httpx

from ..catalog.model import DEFAULT_VERSION
from ..credentials import ORGANIZATION_ID, REGION, setting
from ..errors import ConfigurationError
from ..models import AirbyteAuthConfig, IntercomAuthConfig, RetryPolicy
from ..secret import Secret
from ..transport.client import BearerAuth, Transport
from ..transport.limits import Limits
from ..transport.urls import check_base_url
from .direct import DirectExecutor
from .hosted.auth import TokenAuth, Tokens
from .hosted.executor import HostedExecutor, HostedService, Tenant
from .hosted.protocol import DEFAULT_API_URL, GENERATIONS, Generation
from .regions import region_url

DEFAULT_WORKSPACE = "default"
_DIRECT_TIMEOUT = 60.0  # seconds
_HOSTED_TIMEOUT = 300.0  # seconds: a hosted call waits for Airbyte and for Intercom


@dataclasses.dataclass(frozen=True)
class Options:
    """Address, version and bounds of requests; None is the default of the mode."""

    region: str | None = None
    version: str | None = None
    base_url: str | None = None
    generation: int | None = None
    airbyte_api_url: str | None = None
    airbyte_auth_url: str | None = None
    timeout: float | None = None
    http: httpx.AsyncClient | httpx.AsyncBaseTransport | None = None
    retry: RetryPolicy | None = None
    deadline: float | None = None
    max_response_mb: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.http, httpx.AsyncClient | httpx.AsyncBaseTransport | None):
            raise ConfigurationError(
                "http must be an httpx.AsyncClient or an async httpx transport, "
                f"not {type(self.http).__name__}."
            )
        if not isinstance(self.retry, RetryPolicy | None):
            raise ConfigurationError(
                f"retry must be a RetryPolicy, not {type(self.retry).__name__}."
            )

    def limits(self, timeout: float) -> Limits:
        """Return the bounds of a request; ``timeout`` (s) is the mode's default.

        Raises ConfigurationError for a bound that is not above 0.
        """
        given = {"timeout": self.timeout, "deadline": self.deadline}
        given["max_response_mb"] = self.max_response_mb
        chosen = {name: value for name, value in given.items() if value is not None}
        for name, value in chosen.items():
            if isinstance(value, (bool, str)) or not hasattr(value, "__float__") or not value > 0:
                raise ConfigurationError(f"{name} must be a number above 0, not {value!r}.")
        return Limits(**{"timeout": timeout, **chosen})


def choose_executor(
    auth_config: IntercomAuthConfig | AirbyteAuthConfig | None,
    hosted: Mapping[str, Any],
    options: Options,
) -> DirectExecutor | HostedExecutor:
    """Return the executor for the credential: an access token, or an Airbyte client.

    ``hosted`` has the arguments of AirbyteAuthConfig. Raises ConfigurationError without a
    credential, and for arguments of both modes.
    """
    given = [name for name, value in hosted.items() if value is not None]
    if isinstance(auth_config, IntercomAuthConfig) and not given:
        return direct_executor(auth_config, options)
    if isinstance(auth_config, AirbyteAuthConfig) and not given:
        return hosted_executor(auth_config, options)
    if auth_config is None and given:
        return hosted_executor(AirbyteAuthConfig(**hosted), options)
    if given:
        raise ConfigurationError(
            f"auth_config and {', '.join(given)}: pass an access token or an Airbyte client, not "
            "both. To create a hosted connector from a token: IntercomConnector.create_hosted(...)."
        )
    raise ConfigurationError(
        "IntercomConnector needs auth_config=IntercomAuthConfig(access_token=...), or "
        "airbyte_client_id=, airbyte_client_secret= and workspace_name= for hosted mode; "
        "intercom_nb.connect() finds a credential, connect('demo') needs none."
    )


def direct_executor(auth: IntercomAuthConfig, options: Options) -> DirectExecutor:
    """Return the executor for an access token."""
    _refuse(options, "direct", ("generation", "airbyte_api_url", "airbyte_auth_url"))
    if options.region is not None:
        region_url(options.region)  # an unknown one is refused beside a base_url too
    transport = Transport(
        options.base_url or region_url(options.region or _region_from_settings(auth.access_token)),
        BearerAuth(auth.access_token),
        http=options.http,
        limits=options.limits(_DIRECT_TIMEOUT),
        retry=options.retry,
    )
    source = auth.access_token.source
    return DirectExecutor(transport, options.version or DEFAULT_VERSION, source)


def hosted_executor(auth: AirbyteAuthConfig, options: Options) -> HostedExecutor:
    """Return the executor for an Airbyte client."""
    _refuse(options, "hosted", ("region", "version", "base_url"))
    generation = choose_generation(auth, options.generation)
    api_url = check_base_url(options.airbyte_api_url or DEFAULT_API_URL, "airbyte_api_url")
    # Generation 2 has one host; generation 1 gets the token from another one.
    own_auth_url = api_url if generation.number == 2 else generation.auth_url
    auth_url = check_base_url(options.airbyte_auth_url or own_auth_url, "airbyte_auth_url")

    def transport(url: str, how: httpx.Auth) -> Transport:
        return Transport(
            url,
            how,
            http=options.http,
            limits=options.limits(_HOSTED_TIMEOUT),
            retry=options.retry,
        )

    def bearer(token: Secret) -> Transport:
        return transport(api_url, BearerAuth(token))

    tokens = Tokens(
        transport(auth_url, httpx.Auth()),
        generation,
        auth.airbyte_client_id,
        auth.airbyte_client_secret,
    )
    tenant = Tenant(
        auth.external_user_id or auth.workspace_name or DEFAULT_WORKSPACE,
        auth.organization_id or _organization_from_settings(auth.airbyte_client_secret),
    )
    service = HostedService(
        transport(api_url, TokenAuth(tokens)), tokens, generation, tenant, bearer
    )
    return HostedExecutor(service, auth.connector_id)


def choose_generation(auth: AirbyteAuthConfig, requested: int | None) -> Generation:
    """Return the generation of the hosted API: the requested one, or the one the arguments fit.

    Generation 1 calls ``external_user_id`` what generation 2 calls ``workspace_name``; only 2 has
    organizations. Raises ConfigurationError for another number.

    >>> auth = AirbyteAuthConfig("demo-client", "demo-secret", external_user_id="demo")
    >>> choose_generation(auth, None).number, choose_generation(auth, 2).number
    (1, 2)
    """
    if requested is None:
        first = auth.external_user_id is not None and auth.organization_id is None
        return GENERATIONS[1 if first else 2]
    if requested not in GENERATIONS or isinstance(requested, bool):
        raise ConfigurationError(f"generation must be 1 or 2, not {requested!r}.")
    if requested == 1 and auth.organization_id is not None:
        raise ConfigurationError("organization_id needs generation 2 of the hosted API.")
    return GENERATIONS[requested]


def _refuse(options: Options, mode: str, names: tuple[str, ...]) -> None:
    given = [name for name in names if getattr(options, name) is not None]
    if given:
        other = "hosted" if mode == "direct" else "direct"
        raise ConfigurationError(
            f"{', '.join(given)}: only for {other} execution, but the other arguments are for "
            f"{mode} execution. Pass those of one mode."
        )


def _region_from_settings(token: Secret) -> str:
    found = setting(REGION, token)
    return found[0] if found else "us"


def _organization_from_settings(client: Secret) -> str | None:
    found = setting(ORGANIZATION_ID, client)
    return found[0].strip() if found else None
