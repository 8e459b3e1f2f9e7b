"""What somebody types -> the value that it says: on a line, in a form, for a query."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from .model import Parameter

_NUMBERS = frozenset({"integer", "float", "number"})
_FLAGS = {"true": True, "false": False}
# What stands in quotes may hold a comma.
_ITEM = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^,]+))\s*(?:,|$)""")
_BRACKETS = {"[": "]", "(": ")"}


def typed_value(text: str, kind: str | None = None, *, quoted: bool = False) -> Any:
    """Read one value by its type, or by its looks where ``kind`` is None.

    ``null`` is None. A number is what JSON takes for one, so ``007`` and ``+353`` are text. What
    is in quotes is neither null nor, by its looks, anything but text. What cannot be of its type
    stays text, for the check of the operation to refuse.

    >>> typed_value("5"), typed_value("5", quoted=True), typed_value("5", "string")
    (5, '5', '5')
    """
    if text == "null" and not quoted:
        return None
    by_looks = kind is None and not quoted
    if kind == "boolean" or by_looks:
        flag = _FLAGS.get(text.strip().lower())
        if flag is not None:
            return flag
    return _number(text) if kind in _NUMBERS or by_looks else text


def typed_values(text: str, kind: str | None = None) -> list[Any]:
    """Read values with commas between them, as ``typed_value`` reads one; brackets may be around.

    >>> typed_values("[pro, 'free, for now', 3]")
    ['pro', 'free, for now', 3]
    """
    inner = text.strip()
    if inner and _BRACKETS.get(inner[0]) == inner[-1]:
        inner = inner[1:-1]
    values = []
    for item in _ITEM.finditer(inner):
        quoted = item[1] if item[1] is not None else item[2]
        if quoted is not None:
            values.append(typed_value(quoted, kind, quoted=True))
        elif item[3].strip():
            values.append(typed_value(item[3].strip(), kind))
    return values


def typed_parameter(
    param: Parameter,
    text: str,
    *,
    quoted: bool = False,
    between: str = ",",
    decode: Callable[[str], Any] = msgspec.json.decode,
) -> Any:
    """Read a parameter's value: objects and lists as JSON, lists also by what is ``between``.

    ``null`` is None where the parameter may be null. Raises what ``decode`` raises for text that
    is no JSON.

    >>> from intercom_nb import catalog
    >>> params = {p.name: p for p in catalog.operation("contacts", "update").params}
    >>> typed_parameter(params["custom_attributes"], '{"plan": "pro"}')
    {'plan': 'pro'}
    """
    if text == "null" and param.nullable and not quoted:
        return None
    kind, begins = param.type, text.lstrip()[:1]
    if kind.startswith("array") and kind != "array<object>" and begins != "[":
        return [part.strip() for part in text.split(between) if part.strip()]
    if kind == "object" and param.name == "sort" and begins != "{":
        return text.strip()
    if kind.startswith(("array", "object")) or kind == "any":
        return decode(text)
    return text if kind == "string" else typed_value(text.strip(), kind, quoted=True)


def _number(text: str) -> Any:
    try:
        return msgspec.json.decode(text, type=int | float)
    except msgspec.DecodeError:
        return text
