"""Checks of request bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intercom_nb.demo.api.errors import ApiError, invalid
from intercom_nb.demo.data.organization import Record

_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "date": (int,),
    "number": (int, float),
    "flag": (bool,),
    "object": (dict,),
    "list": (list,),
    # The official examples send ids both as numbers and as text.
    "id": (str, int),
}
_ATTRIBUTE_TYPES = {
    "string": "text",
    "integer": "integer",
    "float": "number",
    "boolean": "flag",
    "date": "date",
}
_LATEST = 10**11  # a later date must be in milliseconds


def has_type(value: Any, kind: str) -> bool:
    """Return whether a JSON value has a type; booleans do not count as numbers.

    >>> has_type(True, "integer"), has_type("5", "id")
    (False, True)
    """
    if isinstance(value, bool):
        return kind == "flag"
    if kind == "id_number":
        return isinstance(value, int) or (isinstance(value, str) and value.isdecimal())
    if kind == "date":
        return isinstance(value, int) and 0 <= value < _LATEST
    return isinstance(value, _TYPES[kind])


def pick_fields(body: Record, known: Mapping[str, str]) -> Record:
    """Return the known fields of a body; a `?` behind a type allows null.

    A value of type `id_number`, sent as a number or as text, becomes a number.

    >>> pick_fields({"name": "Zoë", "other": 1}, {"name": "text?"})
    {'name': 'Zoë'}
    """
    taken = {}
    for name, kind in known.items():
        if name not in body:
            continue
        value = body[name]
        if (value is None and kind.endswith("?")) or has_type(value, kind.rstrip("?")):
            taken[name] = int(value) if kind == "id_number?" and value is not None else value
        else:
            raise invalid(f"{name} must be of type {kind.rstrip('?')}", name)
    return taken


def require_fields(body: Record, *names: str) -> None:
    """Raise an error if a body lacks one of these fields."""
    for name in names:
        if body.get(name) in (None, ""):
            raise ApiError(400, "parameter_not_found", f"{name} is required", name)


def merge_attributes(
    current: Mapping[str, Any], changes: Mapping[str, Any] | None, known: Mapping[str, str] | None
) -> Record:
    """Return custom attributes after a change; null removes one.

    `known` maps the existing attributes to their types; with None, a new name adds an attribute.

    >>> merge_attributes({"a": 1}, {"a": None, "b": 2}, None)
    {'b': 2}
    """
    merged = dict(current)
    for name, value in (changes or {}).items():
        if known is not None:
            _check_attribute(name, value, known)
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


def _check_attribute(name: str, value: Any, known: Mapping[str, str]) -> None:
    if name not in known:
        raise invalid(f"Custom attribute '{name}' does not exist", name)
    if value is not None and not has_type(value, _ATTRIBUTE_TYPES[known[name]]):
        raise invalid(f"Custom attribute '{name}' must be of type {known[name]}", name)
