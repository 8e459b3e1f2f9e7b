"""Error responses in Intercom's format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """End a call with an error response.

    >>> ApiError(404, "not_found", "Resource Not Found").body("r-1")["errors"][0]["code"]
    'not_found'
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.headers = headers or {}
        self.status = status
        self.code = code
        self.message = message
        self.field = field

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the error list of the response body."""
        error = {"code": self.code, "message": self.message}
        if self.field is not None:
            error["field"] = self.field
        return {"type": "error.list", "request_id": request_id, "errors": [error]}


def not_found(message: str = "Resource Not Found", code: str = "not_found") -> ApiError:
    """Return the error for a record that does not exist."""
    return ApiError(404, code, message)


def invalid(message: str, field: str | None = None) -> ApiError:
    """Return the error for an invalid parameter."""
    return ApiError(400, "parameter_invalid", message, field)
