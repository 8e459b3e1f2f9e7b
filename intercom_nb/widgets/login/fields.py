"""Fields of the login form, and their validation."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Mapping
from typing import Any, Self

from ...credentials import (
    ACCESS_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    REGION,
    check_token,
    secret_setting,
    setting,
)
from ...errors import ConfigurationError, CredentialError
from ...executors.hosted.protocol import DEFAULT_API_URL
from ...executors.regions import REGIONS, region_url
from ...models import IntercomReplicationConfig
from ...secret import Secret
from ...transport.urls import check_base_url
from ..connection import Connection
from ..form import FORM

SETTINGS = {
    "access_token": ACCESS_TOKEN,
    "airbyte_client_id": CLIENT_ID,
    "airbyte_client_secret": CLIENT_SECRET,
}
"""The secret boxes, and the settings used if they are left empty."""

_NAMES = {
    "access_token": "access token",
    "airbyte_client_id": "Airbyte client id",
    "airbyte_client_secret": "Airbyte client secret",
    "workspace_name": "workspace name",
    "external_user_id": "external user id",
}
_TOKEN_START = "dG9r"  # noqa: S105 - how Intercom's access tokens begin: "tok" in base64
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ue000-\uf8ff]")


@dataclasses.dataclass(frozen=True)
class Fields:
    """The form without its secrets: text as typed, possibly empty."""

    mode: str = "demo"
    task: str = "use"
    writes: bool = False
    region: str = "us"
    workspace_name: str = ""
    external_user_id: str = ""
    organization_id: str = ""
    connector_id: str = ""
    name: str = ""
    start_date: str = ""
    address: str = ""
    tenant: str = "workspace_name"

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """Read them from a message of the form."""
        given = content.get("fields") or {}
        own = {f.name for f in dataclasses.fields(cls)} - {"mode", "task", "writes", "tenant"}
        texts = {name: str(given[name] or "").strip() for name in own & set(given)}
        first = texts.get("external_user_id") or "workspace_name" not in given
        return cls(
            mode=str(content.get("mode")),
            task=str(content.get("task") or "use"),
            writes=content.get("writes") is True,
            tenant="external_user_id" if "external_user_id" in given and first else cls.tenant,
            **texts,
        )

    @property
    def creates(self) -> bool:
        """Whether to create a hosted connector."""
        return self.mode == "hosted" and self.task == "create"

    @property
    def secrets(self) -> list[str]:
        """The names of this mode's secret boxes."""
        if self.mode == "token":
            return ["access_token"]
        if self.mode != "hosted":
            return []
        return [*(n for n in SETTINGS if n != "access_token"), *["access_token"] * self.creates]

    @property
    def hosted(self) -> dict[str, str]:
        """The owner of the hosted connector, as arguments of IntercomConnector."""
        names = [self.tenant]
        if self.tenant == "workspace_name":
            names.append("organization_id")
        if not self.creates:
            names.append("connector_id")
        return {name: text for name in names if (text := getattr(self, name))}

    @property
    def _is_named_by_id(self) -> bool:
        # The second API needs no owner if the connector's id is known.
        return bool(self.connector_id) and self.tenant == "workspace_name" and not self.creates

    def connection(self, wrong: Mapping[str, str]) -> Connection:
        """Return the connection; placeholders replace invalid or missing values."""
        address = "" if "address" in wrong else self.address
        if self.mode != "hosted":
            region = REGIONS["us"] if "region" in wrong else region_url(self.region)
            return Connection("direct", address or region, self.writes)
        hosted = {**self.hosted, **{n: placeholder(n) for n in self.hosted if n in wrong}}
        if self.tenant in wrong:
            hosted = {self.tenant: placeholder(self.tenant), **hosted}
        auth_url = address or None
        return Connection("hosted", address or DEFAULT_API_URL, self.writes, hosted, auth_url)

    def problems(self, now: dt.datetime) -> dict[str, str]:
        """Return error messages by field."""
        found: dict[str, str | None] = {}
        if self.mode == "token":
            found["region"] = _region_problem(self.region)
        if self.mode == "hosted":
            found |= self._hosted_problems(now)
        if self.mode in {"token", "hosted"}:
            found["address"] = _address_problem(self.address)
        return {name: text for name, text in found.items() if text}

    def _hosted_problems(self, now: dt.datetime) -> dict[str, str | None]:
        found = {
            name: _text_problem(name, text)
            for name, text in {**self.hosted, "name": self.name}.items()
        }
        if "organization_id" in self.hosted:
            found["organization_id"] = found["organization_id"] or _id_problem(self.organization_id)
        if self.workspace_name and self.external_user_id:
            found[self.tenant] = (
                "Enter either the workspace name or the external user id, not both."
            )
        elif not getattr(self, self.tenant) and not self._is_named_by_id:
            found[self.tenant] = "Enter the workspace name or the external user id."
        if self.creates:
            found["start_date"] = _date_problem(self.start_date, now)
        return found


def placeholder(name: str) -> str:
    """Return the placeholder of a missing value.

    >>> placeholder("workspace_name")
    '<workspace name>'
    """
    return f"<{_NAMES.get(name, name.replace('_', ' '))}>"


def read_secret(secrets: Mapping[str, Any], name: str) -> Secret:
    """Return a typed credential, or for an empty box the one found elsewhere.

    Raises CredentialError with the reason, never with the text.
    """
    what, given = _NAMES[name], secrets.get(name)
    if isinstance(given, Secret) and given.reveal().strip():
        return check_token(given, what=what)
    found = secret_setting(SETTINGS[name])
    if found is None:
        raise CredentialError(f"Paste the {what} here.")
    return check_token(found, what=what)


def find_credentials() -> tuple[dict[str, Secret | None], str]:
    """Return the credentials set up on this computer by box, and why some cannot be read.

    The form works without them: a broken keyring or an unreadable ``.env`` is only reported.
    """
    found: dict[str, Secret | None] = {}
    problems: list[str] = []
    for name, key in SETTINGS.items():
        try:
            found[name] = secret_setting(key)
        except CredentialError as error:
            found[name] = None
            problems.append(str(error))
    return found, " ".join(dict.fromkeys(problems))


def secret_problems(names: list[str], secrets: Mapping[str, Any]) -> dict[str, str]:
    """Return error messages of the credentials by box."""
    found: dict[str, str] = {}
    for name in names:
        try:
            read_secret(secrets, name)
        except CredentialError as error:
            found[name] = str(error).replace(f" (from {FORM})", "")
        else:
            found |= _misplaced(name, secrets)
    return found


def _misplaced(name: str, secrets: Mapping[str, Any]) -> dict[str, str]:
    """Detect an Intercom token in one of Airbyte's boxes by its first characters."""
    given = secrets.get(name)
    if name == "access_token" or not isinstance(given, Secret):
        return {}
    if not given.reveal().strip().startswith(_TOKEN_START):
        return {}
    return {name: f"This is an Intercom access token, not the {_NAMES[name]}."}


def default_start_date(now: dt.datetime) -> str:
    """Return the form's default start date: midnight a year ago, UTC.

    >>> default_start_date(dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC))
    '2025-11-24T00:00:00Z'
    """
    return IntercomReplicationConfig(now.date() - dt.timedelta(days=365)).start_date


def _text_problem(name: str, text: str) -> str | None:
    if text.startswith(_TOKEN_START):
        return "This looks like an Intercom access token. Paste it into the token box instead."
    if _CONTROL.search(text):
        return "It contains a control character, perhaps from copying. Type it by hand."
    if text.startswith("<") and text.endswith(">"):
        return "Replace the placeholder with a value."
    if name == "connector_id" and not re.fullmatch(r"[\w.-]+", text):
        return "A connector id has only letters, digits and hyphens. Enter the id, not the name."
    return None


def _id_problem(text: str) -> str | None:
    try:
        uuid.UUID(text)
    except ValueError:
        return "Enter an id such as 6f1d2a0c-3b7e-4c55-9a41-0d3a5e8f7c21, not the name."
    return None


def _date_problem(text: str, now: dt.datetime) -> str | None:
    if not text:
        return "Enter the start date in UTC, such as 2026-01-01T00:00:00Z, or pick a day."
    if text.startswith(_TOKEN_START):
        return _text_problem("start_date", text)
    try:
        start = dt.datetime.fromisoformat(IntercomReplicationConfig(text).start_date)
    except ConfigurationError as error:
        return str(error).replace("start_date must be", "The start date must be")
    if start > now:
        return "The start date is in the future, so Airbyte would copy nothing."
    return None


def _address_problem(text: str) -> str | None:
    if not text:
        return None
    try:
        check_base_url(text, "The server URL")
    except ConfigurationError as error:
        return str(error).replace("The server URL:", "The server URL")
    return None


def _region_problem(text: str) -> str | None:
    try:
        region_url(text)
    except ConfigurationError as error:
        return str(error)
    return None


def default_region(token: Secret | None) -> tuple[str, str]:
    """Return the initial region, and the error of the configured one if it is invalid."""
    try:
        found = setting(REGION, token)
    except CredentialError:  # reported with the credentials
        found = None
    if found is None:
        return "us", ""
    problem = _region_problem(found[0])
    if problem is None:
        return found[0].strip().lower(), ""
    return "us", f"{problem} (from {found[1]})"
