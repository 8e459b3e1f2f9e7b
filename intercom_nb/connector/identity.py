"""Identity of a connector, and the check of its credential."""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..errors import (
    APIError,
    AuthenticationError,
    ConfigurationError,
    ConnectionFailedError,
    CredentialError,
    IntercomError,
    InvalidResponseError,
    PermissionDeniedError,
    RateLimitError,
)
from ..runtime.html import card

_STATUSES: tuple[tuple[type[IntercomError], str], ...] = (
    (AuthenticationError, "refused"),
    (PermissionDeniedError, "not allowed"),
    (RateLimitError, "busy"),
    (InvalidResponseError, "unreachable"),  # a proxy or a login page responds instead
    (ConnectionFailedError, "unreachable"),
    (APIError, "failed"),
    (ConfigurationError, "not found"),  # no such connector, or an unknown route
)


@dataclasses.dataclass(frozen=True)
class Check:
    """Whether a connector's credential works; true if it does.

    Attributes: ``status`` is ``ok``, ``missing``, ``malformed``, ``refused``, ``expired``,
    ``not allowed``, ``not found``, ``unreachable``, ``busy`` or ``failed``; ``message`` explains
    it; ``workspace`` is the server's description (name, id, region, ...), empty if it has none.
    """

    status: str
    message: str
    workspace: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.status == "ok"


@dataclasses.dataclass(frozen=True)
class Identity:
    """The workspace of a connector, its mode and its credential.

    ``details`` are specific to the mode: the version, or the hosted connector and its organization.
    """

    workspace: str | None
    region: str | None
    mode: str
    base_url: str
    credential: str
    writes: bool
    details: Mapping[str, Any]
    check: Check

    def _lines(self) -> list[tuple[str, str]]:
        state = "" if self.check else f"  ({self.check.status}: {self.check.message})"
        details = ((name.replace("_", " "), str(v)) for name, v in self.details.items() if v)
        return [
            ("workspace", f"{self.workspace or 'unknown'}{state}"),
            ("region", self.region or "unknown"),
            ("mode", self.mode),
            ("address", self.base_url),
            ("credential", self.credential),
            ("access", "read and write" if self.writes else "read-only"),
            *details,
        ]

    def __repr__(self) -> str:
        return "\n".join(f"{name:<18}{value}" for name, value in self._lines())

    def _repr_html_(self) -> str:
        return card(self.workspace or "Unknown workspace", self._lines())


async def run_check(probe: Callable[[], Awaitable[Mapping[str, Any]]]) -> Check:
    """Send a probe and return the outcome as a Check; only IntercomErrors are caught."""
    try:
        workspace = await probe()
    except IntercomError as error:
        return Check(status_of(error), str(error))
    name = workspace.get("workspace")
    return Check("ok", f"The credential works: workspace {name!r}.", workspace)


def status_of(error: IntercomError) -> str:
    """Return the status of a Check for an error.

    >>> status_of(CredentialError("no text in it"))
    'malformed'
    """
    if isinstance(error, CredentialError):
        return error.reason
    if isinstance(error, AuthenticationError):
        if "expired" in str(error.code) or "expired" in str(error).lower():
            return "expired"
        if error.code == "missing_authorization":
            return "missing"
    return next((word for kind, word in _STATUSES if isinstance(error, kind)), "failed")
