"""Shared HTTP helpers of the hosted API: errors, strict checks of bodies and queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from intercom_nb.demo.messages import DemoRequest, DemoResponse


class HostedError(Exception):
    """End a call with an error response; `detail` is a sentence or a list of problems.

    >>> HostedError(403, "Access denied to this resource").response().status
    403
    """

    def __init__(
        self, status: int, detail: str | list[dict[str, Any]], headers: Mapping[str, str] = {}
    ) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail
        self.headers = dict(headers)

    def response(self) -> DemoResponse:
        """Return the error as a response."""
        return reply({"detail": self.detail}, self.status, self.headers)


def reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> DemoResponse:
    """Return a JSON response."""
    kind = {"Content-Type": "application/json"}
    return DemoResponse(status, {**kind, **(headers or {})}, msgspec.json.encode(body))


def unauthenticated() -> HostedError:
    """Return the error for a missing, wrong or expired token or secret."""
    return HostedError(401, "Invalid authentication credentials")


def denied() -> HostedError:
    """Return the error for a token of the wrong kind, or of another workspace."""
    return HostedError(403, "Access denied to this resource")


def invalid(location: str, name: str, message: str, kind: str) -> HostedError:
    """Return the error for one value that fails validation."""
    return HostedError(422, [{"loc": [location, name], "msg": message, "type": kind}])


def check_body(request: DemoRequest, fields: Mapping[str, type | None]) -> dict[str, Any]:
    """Return the JSON object of a body that has these fields; `?` marks an optional field.

    A type of None accepts any value. Unknown fields raise an error.

    >>> body = DemoRequest("POST", "/", headers={"content-type": "application/json"}, body=b"{}")
    >>> check_body(body, {"name?": str})
    {}
    """
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise invalid("body", "", "Input should be a valid dictionary", "model_attributes_type")
    try:
        body = msgspec.json.decode(request.body, type=dict[str, Any])
    except msgspec.DecodeError:
        raise invalid("body", "", "JSON decode error", "json_invalid") from None
    return check_fields("body", body, fields)


def check_fields(
    location: str, given: dict[str, Any], fields: Mapping[str, type | None]
) -> dict[str, Any]:
    """Return the given values, or raise an error that lists every problem.

    >>> check_fields("query", {"a": "1"}, {"a": str})
    {'a': '1'}
    """
    known = {name.rstrip("?"): kind for name, kind in fields.items()}
    wrong = [
        {"loc": [location, name], "msg": "QueryField required", "type": "missing"}
        for name in fields
        if not name.endswith("?") and name not in given
    ]
    for name, value in given.items():
        if name not in known:
            text = "Extra inputs are not permitted"
            wrong.append({"loc": [location, name], "msg": text, "type": "extra_forbidden"})
        elif not _has_type(value, known[name]) and not (value is None and f"{name}?" in fields):
            expected = _EXPECTED[known[name]]
            wrong.append({"loc": [location, name], "msg": expected[0], "type": expected[1]})
    if wrong:
        raise HostedError(422, wrong)
    return given


_EXPECTED: dict[type | None, tuple[str, str]] = {
    str: ("Input should be a valid string", "string_type"),
    bool: ("Input should be a valid boolean", "bool_type"),
    int: ("Input should be a valid integer", "int_type"),
    dict: ("Input should be a valid dictionary", "dict_type"),
    list: ("Input should be a valid list", "list_type"),
}


def _has_type(value: Any, kind: type | None) -> bool:
    if kind is None:
        return True
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))
