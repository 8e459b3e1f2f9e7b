"""Bodies of requests as bytes, and the secrets in them, which are revealed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from ..secret import Secret
from .protocol import Request


def content_of(request: Request) -> dict[str, Any]:
    """Return the body of a request as arguments of httpx."""
    if request.is_form:
        return {"files": form_fields(request.body, _encoded)}
    return {"content": _encoded(request.body)}


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
