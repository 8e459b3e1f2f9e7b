"""Executor protocol: one operation, one call, one page."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from ..catalog.model import Operation
from ..transport.protocol import RateLimit, Request, Response
from ..transport.rate_state import RateState


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One page: its records as raw JSON, and how to get the next one.

    ``next`` has the parameters to change for the next page, None on the last one.
    """

    records: list[msgspec.Raw]
    next: Mapping[str, Any] | None = None
    total_count: int | None = None
    request_id: str | None = None
    via: str | None = None
    """The operation that returned the page, if it is not the requested one."""
    ids: Sequence[Any] | None = None
    """The ids of the records, if they have been read already."""
    is_cut: bool = False
    """Whether the server has more records that no page returns."""
    repaired: int = 0
    """Halves of surrogate pairs in the response that were replaced by U+FFFD."""


class Executor(Protocol):
    """Runs an operation: one call, one page."""

    mode: str
    """``direct`` or ``hosted``, as in the attributes of results."""

    @property
    def rate_limit(self) -> RateLimit | None:
        """The server's rate window, or None before a response reports one."""

    @property
    def rate(self) -> RateState:
        """State of the rate limit."""

    @property
    def base_url(self) -> str:
        """The address that operations are sent to."""

    @property
    def credential(self) -> str:
        """Where the credential came from; never the credential itself."""

    @property
    def details(self) -> Mapping[str, Any]:
        """Details of this mode that need no request."""

    def refuse(self, operation: Operation) -> None:
        """Raise UnsupportedError if this mode cannot run the operation."""

    def adapt(self, operation: Operation) -> Operation:
        """Return the operation as this mode runs it; raise UnsupportedError if it cannot."""

    async def probe(self) -> Mapping[str, Any]:
        """Request whose credential it is: workspace, id and region, if reported."""

    def request(self, operation: Operation, params: Mapping[str, Any]) -> Request:
        """Build the request that would be sent, without sending it."""

    async def page(self, operation: Operation, params: Mapping[str, Any]) -> Page:
        """Run the operation once with checked parameters."""

    async def file(self, operation: Operation, params: Mapping[str, Any]) -> Response:
        """Run an operation whose response is a file: text, an export, a recording."""

    def redacting(self) -> contextlib.AbstractContextManager[None]:
        """Mask the credential in errors that are raised inside."""

    async def aclose(self) -> None:
        """Close the connections."""
