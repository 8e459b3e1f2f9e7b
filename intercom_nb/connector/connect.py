"""``connect()``: a connector from a credential, a stored credential or the word demo."""

from __future__ import annotations

import datetime as dt
import inspect
import os
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from ..credentials import CLIENT_ID, CLIENT_SECRET, find_access_token, secret_setting
from ..errors import ConfigurationError, CredentialError, did_you_mean
from ..models import AirbyteAuthConfig, IntercomAuthConfig, hide_oauth, refuse_oauth
from ..secret import Secret, hidden
from .connector import IntercomConnector

_HOSTED_OPTIONS = ("workspace_name", "external_user_id", "organization_id", "connector_id")
_OPTIONS = tuple(inspect.signature(IntercomConnector).parameters)
_DEMO_DATE = "INTERCOM_NB_DEMO_DATE"  # read when demo.dates is imported


def connect(
    source: str | None = None,
    *,
    mode: str | None = None,
    access_token: str | Secret | None = None,
    airbyte_client_id: str | Secret | None = None,
    airbyte_client_secret: str | Secret | None = None,
    now: str | dt.date | None = None,
    **options: Any,
) -> IntercomConnector:
    """Create a connector: for the demo workspace, or with a given or stored credential.

    Args:
        source: ``"demo"`` for the embedded workspace (no account, no network); ``"intercom"`` or
            None for your own, ``"hosted"`` for your own through Airbyte.
        mode: ``"direct"`` (an access token) or ``"hosted"`` (an Airbyte client); by default, what
            the other arguments imply, then what is found.
        access_token: A token of the workspace.
        airbyte_client_id: An Airbyte client, for hosted execution.
        airbyte_client_secret: Its secret.
        now: The date (UTC) on which the demo's year of records ends, such as ``"2026-11-01"``;
            by default ``INTERCOM_NB_DEMO_DATE``, then today. A process has one: its first
            demo sets it, for the programs that it starts as well. Ages such as ``"7d"`` and
            periods such as ``"last-month"`` still count from today.
        **options: Other arguments of IntercomConnector: workspace_name, region, allow_writes, ...

    A credential that is not passed is looked up: in the environment (``INTERCOM_ACCESS_TOKEN``, or
    ``AIRBYTE_CLIENT_ID`` and ``AIRBYTE_CLIENT_SECRET``), in ``.env`` in the working folder, in
    Google Colab's secrets, in this computer's keyring. Raises CredentialError, with advice, if
    there is none, and ConfigurationError for arguments that are not valid or do not go together.

    >>> connect("demo").mode, connect("demo", mode="hosted").mode
    ('direct', 'hosted')
    """
    access_token = hidden(access_token)
    client = (hidden(airbyte_client_id), hidden(airbyte_client_secret))
    del airbyte_client_id, airbyte_client_secret
    options = hide_oauth(options)
    refuse_oauth(options, options.get("auth_type"))
    _check_names(options)
    if source not in (None, "intercom", "hosted", "demo"):
        del source  # perhaps a token in the wrong place, which no error may show
        raise ConfigurationError(
            "connect() takes 'demo', 'intercom', 'hosted' or nothing as its first argument; "
            "a token goes into access_token=..."
        )
    if source == "hosted":
        mode = mode or "hosted"
    if mode not in (None, "direct", "hosted"):
        raise ConfigurationError(f"mode must be 'direct' or 'hosted', not {mode!r}.")
    if source == "demo":
        if "auth_config" in options:
            raise ConfigurationError("The demo workspace has its own credential: no auth_config.")
        return _demo(mode, _load_demo(now), options)
    if now is not None:
        raise ConfigurationError("now= is the date of the demo: use it with connect('demo').")
    if "auth_config" in options:
        return IntercomConnector(**options)
    wants_hosted = any(client) or any(options.get(name) is not None for name in _HOSTED_OPTIONS)
    if mode is None and access_token is None and not wants_hosted:
        mode = _stored_mode()
    if mode == "hosted" or (mode is None and wants_hosted):
        return _hosted(access_token, client, options)
    token = find_access_token() if access_token is None else access_token
    return IntercomConnector(auth_config=IntercomAuthConfig(token), **options)


def _check_names(options: Mapping[str, Any]) -> None:
    for name in options:
        if name not in _OPTIONS:
            near = did_you_mean(name, ["access_token", "mode", "now", *_OPTIONS])
            raise ConfigurationError(f"connect() has no argument {name!r}.{near}")


def _hosted(
    access_token: object, client: tuple[Secret | None, Secret | None], options: dict[str, Any]
) -> IntercomConnector:
    if access_token is not None:
        raise ConfigurationError(
            "Hosted execution requires an Airbyte client, not an access token. To create a hosted "
            "connector from a token, use IntercomConnector.create_hosted(...)."
        )
    tenant = {name: options.pop(name) for name in _HOSTED_OPTIONS if name in options}
    return IntercomConnector(auth_config=AirbyteAuthConfig(*client, **tenant), **options)


def _stored_mode() -> str:
    """Choose the mode by the credentials on this computer; a token comes first."""
    try:
        find_access_token()
    except CredentialError as error:
        if error.reason != "missing":
            raise
        if secret_setting(CLIENT_ID) is not None and secret_setting(CLIENT_SECRET) is not None:
            return "hosted"
        raise
    return "direct"


def _load_demo(now: str | dt.date | None) -> ModuleType:
    """Import the demo with its date, which the first demo fixes for all of its records."""
    before = os.environ.get(_DEMO_DATE)
    if now is not None and "intercom_nb.demo.dates" not in sys.modules:
        os.environ[_DEMO_DATE] = str(now)
    try:
        from .. import demo

        date = dt.datetime.fromtimestamp(demo.NOW, dt.UTC).date()
    except ValueError as error:  # the date is not valid; the message names the variable
        if now is None:
            raise ConfigurationError(str(error)) from None
        os.environ.pop(_DEMO_DATE)
        os.environ.update({} if before is None else {_DEMO_DATE: before})
        raise ConfigurationError(str(error).replace(_DEMO_DATE, "now")) from None
    if now is not None and str(now) != str(date):
        raise ConfigurationError(
            f"The demo workspace of this process ends on {date}, not on {str(now)!r}. Restart "
            "Python (the kernel), and pass now= to the first connect('demo')."
        )
    return demo


def _demo(mode: str | None, demo: ModuleType, options: dict[str, Any]) -> IntercomConnector:
    connector = _demo_connector(mode, demo, options)
    connector.newest_record = demo.NOW
    return connector


def _demo_connector(
    mode: str | None, demo: ModuleType, options: dict[str, Any]
) -> IntercomConnector:
    source = "the demo workspace"
    options.setdefault("http", demo.DemoTransport())
    hosted = any(options.get(name) is not None for name in (*_HOSTED_OPTIONS, "generation"))
    if mode == "direct" or (mode is None and not hosted):
        options.setdefault("base_url", demo.DEMO_BASE_URL)
        token = Secret(demo.TOKEN, source)
        return IntercomConnector(auth_config=IntercomAuthConfig(token), **options)
    options.setdefault("airbyte_api_url", demo.DEMO_BASE_URL)
    options.setdefault("airbyte_auth_url", options["airbyte_api_url"])
    tenant = {name: options.pop(name) for name in _HOSTED_OPTIONS if name in options}
    if not {"workspace_name", "external_user_id"} & set(tenant):
        first = options.get("generation") == 1
        tenant["external_user_id" if first else "workspace_name"] = demo.WORKSPACE_NAME
    client = (Secret(demo.CLIENT_ID, source), Secret(demo.CLIENT_SECRET, source))
    return IntercomConnector(auth_config=AirbyteAuthConfig(*client, **tenant), **options)
