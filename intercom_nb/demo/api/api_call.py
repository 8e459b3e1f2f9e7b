"""API call: path values, query and body of one request, checked when read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from intercom_nb.demo.api.errors import ApiError, invalid
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.messages import DemoRequest
from intercom_nb.demo.settings import API_VERSION
from intercom_nb.demo.store import Store


@dataclass(frozen=True, slots=True)
class ApiCall:
    """Hold what a handler needs: the store, the request, and the values from the path."""

    store: Store
    request: DemoRequest
    path: Mapping[str, str]
    now: float

    def is_version(self, since: str) -> bool:
        """Return whether the request asks for `since` ("2.16" or "Preview") or a later version."""
        order = ("2.16", "Preview", "Unstable")
        version = self.request.headers.get("intercom-version", API_VERSION)
        return version in order[order.index(since) :]

    def text(self, name: str) -> str | None:
        """Return a query parameter, or None if it is missing or empty."""
        return self.request.param(name) or None

    def number(self, name: str, default: int, highest: int) -> int:
        """Return a whole number from the query, from 1 to `highest`."""
        value = self.text(name)
        if value is None:
            return default
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= highest):
            raise invalid(f"{name} must be a whole number from 1 to {highest}", name)
        return int(value)

    def is_set(self, name: str) -> bool:
        """Return a boolean query parameter (default: false)."""
        value = self.text(name)
        if value not in (None, "true", "false", "1", "0"):
            raise invalid(f"{name} must be true or false", name)
        return value in ("true", "1")

    def on_first_page(self, records: Iterable[Record]) -> list[Record]:
        """Return the records of a list that has one page only, or none for a later page."""
        return list(records) if self.number("page", 1, 10_000) == 1 else []

    def json(self) -> Record:
        """Return the JSON object of the body."""
        try:
            value = msgspec.json.decode(self.request.body)
        except (ValueError, RecursionError):
            raise ApiError(400, "bad_request", "the body is not valid JSON") from None
        if not isinstance(value, dict):
            raise ApiError(400, "bad_request", "the body must be a JSON object")
        return value


@dataclass(frozen=True, slots=True)
class FileResponse:
    """Response that is not JSON; with a `location`, a redirect to the file."""

    content: bytes
    content_type: str
    name: str | None = None
    location: str | None = None
    status: int = 200


def empty_response(status: int) -> FileResponse:
    """Return a response without a body."""
    return FileResponse(b"", "application/json; charset=utf-8", status=status)


ApiResult = Any
"""Return type of a handler: a JSON value, a file, or None for an empty body."""
