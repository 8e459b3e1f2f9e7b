"""The ways to run an operation, behind one protocol."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from ..catalog.model import Operation
from ..transport.wire import RateLimit


@dataclasses.dataclass(frozen=True, slots=True)
class Page:
    """One answer: its records as raw JSON, and how to get the page after it.

    ``next`` has the parameters to change for the following page, None on the last one.
    """

    records: list[msgspec.Raw]
    next: Mapping[str, Any] | None = None
    total_count: int | None = None


class Executor(Protocol):
    """Something that can run an operation: one call, one page."""

    mode: str
    """``direct`` or ``hosted``, as results say it."""

    @property
    def rate_limit(self) -> RateLimit | None:
        """The state of the server's rate window, if it told one."""

    def refuse(self, operation: Operation) -> None:
        """Raise UnsupportedError when this mode cannot run the operation."""

    async def page(self, operation: Operation, params: Mapping[str, Any]) -> Page:
        """Run the operation once with checked parameters."""

    async def aclose(self) -> None:
        """Close what is open."""
