"""Bodies that are sent as a form: lists become files of JSON, other values fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def form_fields(body: Mapping[str, Any] | None, encode: Callable[[Any], bytes]) -> dict[str, Any]:
    """Return the fields of multipart/form-data, as httpx takes them.

    >>> form_fields({"part_number": 2}, repr)
    {'part_number': (None, '2')}
    """
    return {
        name: (f"{name}.json", encode(value), "application/json")
        if isinstance(value, list)
        else (None, str(value))
        for name, value in (body or {}).items()
    }
