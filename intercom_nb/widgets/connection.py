"""What a connector is connected to, in words and in code, without its credential."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..connector import IntercomConnector
from ..demo.settings import DEMO_BASE_URL
from ..executors.direct import REGIONS


@dataclasses.dataclass(frozen=True)
class Connection:
    """Where a connector asks, and what it may."""

    mode: str
    base_url: str
    writes: bool
    tenant: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @classmethod
    def of(cls, connector: IntercomConnector) -> Connection:
        """Read it from a connector."""
        names = ("workspace_name", "external_user_id", "organization_id")
        known = connector.details
        tenant = {name: known[name] for name in names if known.get(name)}
        return cls(connector.mode, connector.base_url, connector.allow_writes, tenant)

    @property
    def region(self) -> str | None:
        """The region whose API is asked, or None for another address."""
        return next((name for name, url in REGIONS.items() if url == self.base_url), None)

    def words(self, workspace: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Describe it for the status line, with what the server says of the workspace."""
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

    def code(self, *, writes: bool) -> list[str]:
        """Write the lines that make such a connector; a credential is found, never written."""
        options = ["allow_writes=True"] if writes else []
        if self.base_url == DEMO_BASE_URL:
            options.insert(0, '"demo"')
            if self.mode == "hosted":
                options.insert(1, 'mode="hosted"')
            return [f"c = inb.connect({', '.join(options)})"]
        if self.mode == "hosted":
            whose = [f"{name}={value!r}" for name, value in self.tenant.items()]
            options = ['"hosted"', *whose, *options]
            return [f"c = inb.connect({', '.join(options)})"]
        if self.region is None:
            options.append(f"base_url={self.base_url!r}")
        elif self.region != "us":
            options.append(f"region={self.region!r}")
        hint = "  # INTERCOM_ACCESS_TOKEN from the environment or .env"
        return [f"c = inb.connect({', '.join(options)}){hint}"]
