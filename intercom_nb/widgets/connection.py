"""Description of a connector, as text and as code, without its credential."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from ..catalog.model import DEFAULT_VERSION
from ..connector.connector import IntercomConnector
from ..credentials import ACCESS_TOKEN, REGION, setting
from ..demo.settings import DEMO_BASE_URL
from ..errors import CredentialError
from ..executors.hosted.protocol import DEFAULT_API_URL, GENERATIONS
from ..executors.regions import REGIONS

LINE = 88
"""Longest line of generated code: the default of the formatters black and ruff."""

_FOUND = f"  # {ACCESS_TOKEN} from the environment or .env"


@dataclasses.dataclass(frozen=True)
class Connection:
    """Where a connector sends requests, and what it may do.

    ``tenant`` names the owner and the id of a hosted connector. ``auth_url`` is the token URL of
    hosted execution, None for the default; ``version`` is the API version of direct execution.
    """

    mode: str
    base_url: str
    writes: bool
    tenant: Mapping[str, str] = dataclasses.field(default_factory=dict)
    auth_url: str | None = None
    version: str | None = None

    @classmethod
    def of(cls, connector: IntercomConnector) -> Connection:
        """Build it from a connector."""
        names = ("workspace_name", "external_user_id", "organization_id", "connector_id")
        known = connector.details
        tenant = {name: known[name] for name in names if known.get(name)}
        auth_url = connector.hosted.auth_url if connector.mode == "hosted" else None
        may, version = connector.allow_writes, known.get("version")
        return cls(connector.mode, connector.base_url, may, tenant, auth_url, version)

    @property
    def region(self) -> str | None:
        """The region of the API, None for a custom server."""
        return next((name for name, url in REGIONS.items() if url == self.base_url), None)

    def describe(self, workspace: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Describe it for the status line, with the server's facts about the workspace."""
        known = workspace or {}
        if self.base_url == DEMO_BASE_URL:
            name = "Demo workspace"
        else:
            name = "Intercom through Airbyte" if self.mode == "hosted" else "Intercom"
        region = known.get("region") or (self.region or "").upper() or None
        return {
            "name": known.get("workspace") or name,
            "mode": self.mode,
            "region": region,
            "writes": self.writes,
        }

    def code(self, *, writes: bool, explicit: bool = False) -> list[str]:
        """Write the lines that make such a connector, without a credential.

        ``explicit`` names the region even if the environment sets it.
        """
        options = ["allow_writes=True"] if writes else []
        if self.version not in (None, DEFAULT_VERSION):
            options.append(f"version={self.version!r}")
        if self.base_url == DEMO_BASE_URL:
            options.insert(0, '"demo"')
            if self.mode == "hosted":
                options.insert(1, 'mode="hosted"')
            return [f"c = inb.connect({', '.join(options)})"]
        if self.mode == "hosted":
            options = ['"hosted"', *self.hosted_options(), *options]
        elif self.region is None:
            options.append(f"base_url={self.base_url!r}")
        elif explicit or self.region != _usual_region():
            options.append(f"region={self.region!r}")
        note = _FOUND if self.mode == "direct" else ""
        return format_call("c = inb.connect", options, note)

    def hosted_options(self) -> list[str]:
        """Write the owner of a hosted connector and its custom URLs as arguments."""
        options = [f"{name}={value!r}" for name, value in self.tenant.items()]
        generation = GENERATIONS[1 if "external_user_id" in self.tenant else 2]
        if self.base_url != DEFAULT_API_URL:
            options.append(f"airbyte_api_url={self.base_url!r}")
        usual = self.base_url if generation.number == 2 else generation.auth_url
        if self.auth_url not in (None, usual):
            options.append(f"airbyte_auth_url={self.auth_url!r}")
        return options


def format_call(start: str, arguments: Sequence[str], note: str = "") -> list[str]:
    """Format a call and a comment, over several lines if one would be too long."""
    line = f"{start}({', '.join(arguments)})"
    if len(line) <= LINE:
        return [line + note]
    return [f"{start}(", *(f"    {argument}," for argument in arguments), f"){note}"]


def _usual_region() -> str:
    """Return the region of a connector made without one."""
    try:
        found = setting(REGION)
    except CredentialError:  # an unreadable .env must not keep a result from being shown
        found = None
    return found[0].strip().lower() if found else "us"
