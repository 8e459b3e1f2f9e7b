"""Part of a connector that methods of several operations use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..catalog.model import Operation
from ..transport.protocol import Request


class OperationRunner(Protocol):
    """A connector, as methods that are made of several operations need it."""

    dry_run: bool

    def resolve_operation(self, operation: Operation) -> Operation:
        """Return the operation with its parameters in the connector's mode."""

    def build_request(self, operation: Operation, arguments: Mapping[str, Any]) -> Request:
        """Build the request of a call; raise what the call would raise before it is sent."""

    def check_allowed(self, operation: Operation) -> None:
        """Raise WritesNotAllowedError for a write if the connector is read-only."""

    async def run_operation(
        self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """Run an operation as a call of its method does."""
