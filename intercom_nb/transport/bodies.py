"""Bodies of requests: of parameters, as bytes, and the secrets in them, revealed here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from ..catalog.model import Operation, Parameter
from ..secret import Secret


def body_of(operation: Operation, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of an operation's request, from checked parameters."""
    body: dict[str, Any] = {}
    for param in operation.params:
        if param.location == "body" and param.name in params:
            put_nested(body, param.wire_name, _as_sent(param, params[param.name]))
    return body


def _as_sent(param: Parameter, value: Any) -> Any:
    """Return a value in the form that the API declares for it."""
    if value is None:
        return None
    if param.send_as == "integer" and value.isdecimal():
        return int(value)
    if param.send_as == "iso":
        return dt.datetime.fromtimestamp(value, dt.UTC).isoformat()
    return value


def put_nested(body: dict[str, Any], dotted: str, value: Any) -> None:
    """Insert a value into nested objects; dots separate their keys."""
    *parents, last = dotted.split(".")
    for key in parents:
        body = body.setdefault(key, {})
    body[last] = value


def content_of(body: Mapping[str, Any], *, is_form: bool) -> dict[str, Any]:
    """Return a body as arguments of httpx."""
    return {"files": form_fields(body, _encoded)} if is_form else {"content": _encoded(body)}


def secrets_in(body: Any) -> Iterator[Secret]:
    """Yield the secrets that a body carries, to mask in errors."""
    if isinstance(body, Secret):
        yield body
    elif isinstance(body, Mapping):
        for value in body.values():
            yield from secrets_in(value)


def form_fields(body: Mapping[str, Any] | None, encode: Callable[[Any], bytes]) -> dict[str, Any]:
    """Return the fields of multipart/form-data: lists become files of JSON, other values text.

    >>> form_fields({"part_number": 2}, repr)
    {'part_number': (None, '2')}
    """
    return {
        name: (f"{name}.json", encode(value), "application/json")
        if isinstance(value, list)
        else (None, str(value))
        for name, value in (body or {}).items()
    }


def _encoded(body: Any) -> bytes:
    return msgspec.json.encode(body, enc_hook=_reveal)


def _reveal(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value).__name__)  # msgspec: no JSON for this type
