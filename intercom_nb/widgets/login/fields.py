"""What is typed into the login form, and what is wrong with it, field by field."""

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
    Secret,
    check_token,
    secret_setting,
    setting,
)
from ...errors import ConfigurationError, CredentialError
from ...executors.direct import REGIONS, region_url
from ...executors.hosted.protocol import DEFAULT_API_URL
from ...models import IntercomReplicationConfig
from ...transport.protocol import check_base_url
from ..connection import Connection
from ..form import FORM

SETTINGS = {
    "access_token": ACCESS_TOKEN,
    "airbyte_client_id": CLIENT_ID,
    "airbyte_client_secret": CLIENT_SECRET,
}
"""The secret boxes, and the settings that stand in for them where they are left empty."""

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
    """The form without its secrets: text as it was typed, empty where nothing was."""

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
        """Whether a hosted connector is to be created."""
        return self.mode == "hosted" and self.task == "create"

    @property
    def secrets(self) -> list[str]:
        """The names of the secret boxes that this mode has."""
        if self.mode == "token":
            return ["access_token"]
        if self.mode != "hosted":
            return []
        return [*(n for n in SETTINGS if n != "access_token"), *["access_token"] * self.creates]

    @property
    def hosted(self) -> dict[str, str]:
        """Whose hosted connector it is, as IntercomConnector takes it."""
        names = [self.tenant]
        if self.tenant == "workspace_name":
            names.append("organization_id")
        if not self.creates:
            names.append("connector_id")
        return {name: text for name in names if (text := getattr(self, name))}

    @property
    def _is_named_by_id(self) -> bool:
        # The generation, which the tenant's name tells, is then the second.
        return bool(self.connector_id) and self.tenant == "workspace_name" and not self.creates

    def connection(self, wrong: Mapping[str, str]) -> Connection:
        """Give where this leads; for what is wrong or missing a placeholder stands in."""
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
        """Say what is wrong, and what would be right, by the names of the fields."""
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
                "The workspace name and the external user id are two names for one thing: give one."
            )
        elif not getattr(self, self.tenant) and not self._is_named_by_id:
            found[self.tenant] = (
                "Give the workspace name, or the external user id: whose connector it is."
            )
        if self.creates:
            found["start_date"] = _date_problem(self.start_date, now)
        return found


def placeholder(name: str) -> str:
    """Give what stands for a value that is not there yet.

    >>> placeholder("workspace_name")
    '<workspace name>'
    """
    return f"<{_NAMES.get(name, name.replace('_', ' '))}>"


def read_secret(secrets: Mapping[str, Any], name: str) -> Secret:
    """Give a typed credential, or for an empty box the one that is there already.

    Raises CredentialError saying what is wrong with it, never repeating it.
    """
    what, given = _NAMES[name], secrets.get(name)
    if isinstance(given, Secret) and given.reveal().strip():
        return check_token(given, what=what)
    found = secret_setting(SETTINGS[name])
    if found is None:
        raise CredentialError(f"The {what} is empty: paste it here.")
    return check_token(found, what=what)


def secret_problems(names: list[str], secrets: Mapping[str, Any]) -> dict[str, str]:
    """Say what is wrong with the credentials, by the names of their boxes."""
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
    """Tell an Intercom token in one of Airbyte's boxes by how it begins."""
    given = secrets.get(name)
    if name == "access_token" or not isinstance(given, Secret):
        return {}
    if not given.reveal().strip().startswith(_TOKEN_START):
        return {}
    return {name: f"That is an Intercom access token, not the {_NAMES[name]}."}


def default_start(now: dt.datetime) -> str:
    """Give the start date that the form begins with: midnight a year ago, UTC.

    >>> default_start(dt.datetime(2026, 11, 24, 17, tzinfo=dt.UTC))
    '2025-11-24T00:00:00Z'
    """
    return IntercomReplicationConfig(now.date() - dt.timedelta(days=365)).start_date


def _text_problem(name: str, text: str) -> str | None:
    if text.startswith(_TOKEN_START):
        return "That looks like an Intercom access token: it belongs into its own box."
    if _CONTROL.search(text):
        return "There is a control character in it, perhaps from copying: type it by hand."
    if text.startswith("<") and text.endswith(">"):
        return "That is still the placeholder."
    if name == "connector_id" and not re.fullmatch(r"[\w.-]+", text):
        return "A connector id has letters, digits and hyphens only; the connector's name is no id."
    return None


def _id_problem(text: str) -> str | None:
    try:
        uuid.UUID(text)
    except ValueError:
        return (
            "Give the organization's id, like 6f1d2a0c-3b7e-4c55-9a41-0d3a5e8f7c21, not its name."
        )
    return None


def _date_problem(text: str, now: dt.datetime) -> str | None:
    if not text:
        return "Give the start date in UTC, like 2026-01-01T00:00:00Z, or choose a day."
    if text.startswith(_TOKEN_START):
        return _text_problem("start_date", text)
    try:
        start = dt.datetime.fromisoformat(IntercomReplicationConfig(text).start_date)
    except ConfigurationError as error:
        return str(error).replace("start_date must be", "The start date must be")
    if start > now:
        return "The start date is in the future: Airbyte copies what came after it, so: nothing."
    return None


def _address_problem(text: str) -> str | None:
    if not text:
        return None
    try:
        check_base_url(text, "The address")
    except ConfigurationError as error:
        return str(error).replace("The address:", "The address")
    return None


def _region_problem(text: str) -> str | None:
    try:
        region_url(text)
    except ConfigurationError as error:
        return str(error)
    return None


def found_region(token: Secret | None) -> tuple[str, str]:
    """Give the region to begin with, and what is wrong with the one that is set up, if any."""
    found = setting(REGION, token)
    if found is None:
        return "us", ""
    problem = _region_problem(found[0])
    if problem is None:
        return found[0].strip().lower(), ""
    return "us", f"{problem} (from {found[1]})"
