"""Requests and responses of the demo workspace, independent of any HTTP library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from intercom_nb.demo.settings import DEMO_BASE_URL


@dataclass(frozen=True, slots=True)
class DemoRequest:
    """Describe one HTTP request to the demo workspace.

    `query` is a list of pairs or a mapping of lists; header names are lower-case. `base_url` is
    the address that the caller used: links in responses start with it.

    >>> DemoRequest("GET", "/contacts", [("per_page", "5")]).param("per_page")
    '5'
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] | Mapping[str, Sequence[str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base_url: str = DEMO_BASE_URL

    def pairs(self) -> list[tuple[str, str]]:
        """Return the query as a list of pairs."""
        if isinstance(self.query, Mapping):
            return [(name, value) for name, values in self.query.items() for value in values]
        return list(self.query)

    def param(self, name: str) -> str | None:
        """Return the last value of a query parameter, or None."""
        values = [value for key, value in self.pairs() if key == name]
        return values[-1] if values else None


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """Hold one HTTP response of the demo workspace.

    >>> DemoResponse(200, {"content-type": "application/json"}, b"{}").status
    200
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
