"""Type coercion: typed text to Python values, Python values to the API's types."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from ..errors import InvalidParameterError, did_you_mean
from ..secret import Secret, hidden
from .hints import hint_of
from .model import Parameter
from .timestamps import unix_seconds

_T = TypeVar("_T")
_NUMBERS = frozenset({"integer", "float", "number"})
_FLAGS = {"true": True, "false": False}
# An item in quotes may contain a comma.
_ITEM = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([^,]+))\s*(?:,|$)""")
_BRACKETS = {"[": "]", "(": ")"}


def parse_value(text: str, kind: str | None = None, *, quoted: bool = False) -> Any:
    """Parse one value by its type, or by its appearance if ``kind`` is None.

    ``null`` is None. Numbers follow JSON, so ``007`` and ``+353`` stay text. Quoted text is never
    null and, without a type, always text. Text that does not fit its type is returned unchanged,
    for the operation's check to refuse.

    >>> parse_value("5"), parse_value("5", quoted=True), parse_value("5", "string")
    (5, '5', '5')
    """
    if text == "null" and not quoted:
        return None
    untyped = kind is None and not quoted
    if kind == "boolean" or untyped:
        flag = _FLAGS.get(text.strip().lower())
        if flag is not None:
            return flag
    return _parse_number(text) if kind in _NUMBERS or untyped else text


def parse_values(text: str, kind: str | None = None) -> list[Any]:
    """Parse comma-separated values, optionally in brackets, each as ``parse_value`` does.

    >>> parse_values("[pro, 'free, for now', 3]")
    ['pro', 'free, for now', 3]
    """
    inner = text.strip()
    if inner and _BRACKETS.get(inner[0]) == inner[-1]:
        inner = inner[1:-1]
    values = []
    for item in _ITEM.finditer(inner):
        quoted = item[1] if item[1] is not None else item[2]
        if quoted is not None:
            values.append(parse_value(quoted, kind, quoted=True))
        elif item[3].strip():
            values.append(parse_value(item[3].strip(), kind))
    return values


def parse_parameter(
    param: Parameter,
    text: str,
    *,
    quoted: bool = False,
    separator: str = ",",
    decode: Callable[[str], Any] = msgspec.json.decode,
) -> Any:
    """Parse a parameter's value: objects and lists as JSON, lists also as separated text.

    ``null`` is None if the parameter is nullable. Raises what ``decode`` raises for invalid JSON.

    >>> from intercom_nb import catalog
    >>> params = {p.name: p for p in catalog.operation("contacts", "update").params}
    >>> parse_parameter(params["custom_attributes"], '{"plan": "pro"}')
    {'plan': 'pro'}
    """
    if text == "null" and param.nullable and not quoted:
        return None
    kind, begins = param.type, text.lstrip()[:1]
    if kind.startswith("array") and kind != "array<object>" and begins != "[":
        return [part.strip() for part in text.split(separator) if part.strip()]
    if kind == "object" and param.name == "sort" and begins != "{":
        return text.strip()
    if kind.startswith(("array", "object")) or kind == "any":
        return decode(text)
    return text if kind == "string" else parse_value(text.strip(), kind, quoted=True)


def _parse_number(text: str) -> Any:
    try:
        return msgspec.json.decode(text, type=int | float)
    except msgspec.DecodeError:
        return text


def split_field(key: str, operators: Iterable[str], known: Collection[str] = ()) -> tuple[str, str]:
    """Split ``field__op`` into the field, spelled with dots, and the operator's name.

    Without one of ``operators`` at the end, the operator is ``eq``. A field in ``known`` stays as
    it is.

    >>> split_field("source__type__in", ["in", "gt"])
    ('source.type', 'in')
    """
    name, _, last = key.rpartition("__")
    if not name or last not in operators:
        name, last = key, "eq"
    # A key with dots is already spelled as in the API; its underscores belong to the name.
    return (name if "." in name or name in known else name.replace("__", ".")), last


def coerce(kind: str, value: Any, what: str) -> Any:
    """Convert a Python value to the type that the API takes; ``what`` names it in errors.

    Raises TypeError or ValueError for a value of another type, and InvalidParameterError for an
    invalid time.

    >>> coerce("id", 7, "id"), coerce("array<integer>", [1.0, "2"], "ids")
    ('7', [1, 2])
    """
    if kind.startswith("array"):
        item = kind.removeprefix("array").strip("<>") or "any"
        return _encodable([coerce(item, v, what) for v in _items(value, what)])
    return _COERCIONS[kind](value, what)


def coerce_parameter(param: Parameter, value: Any, what: str) -> Any:
    """Convert the value of a parameter and check its bounds; ``what`` names it in errors.

    Raises InvalidParameterError for an invalid value.
    """
    try:
        result = coerce(param.type, value, what)
    except (TypeError, ValueError, OverflowError):
        raise _invalid(what, param, value) from None
    if param.enum and result not in param.enum:
        near = did_you_mean(result, map(str, param.enum)) if isinstance(result, str) else ""
        raise _invalid(what, param, value, near)
    if isinstance(result, (int, float)) and not param.accepts(result):
        raise _invalid(what, param, value)
    if param.max_items is not None and len(result) > param.max_items:
        raise InvalidParameterError(f"{what} takes at most {param.max_items} items.")
    if param.max_length is not None and len(result) > param.max_length:
        raise InvalidParameterError(f"{what} takes at most {param.max_length} characters.")
    return result


def _invalid(what: str, param: Parameter, value: Any, near: str = "") -> InvalidParameterError:
    shown = f"a {type(value).__name__}" if param.type == "secret" else repr(value)
    return InvalidParameterError(f"{what} must be {hint_of(param)}, not {shown}.{near}")


def is_bool(value: Any) -> bool:
    """Return whether a value is a boolean of Python or numpy."""
    return type(value).__name__ in {"bool", "bool_"}


def _string(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise TypeError(what)
    value.encode()  # ValueError for a lone surrogate, which cannot be sent
    return str.__str__(value)  # a subclass, like numpy's, is not JSON


def _text(value: Any, what: str) -> str:
    # The API has ids as text; in many frames they are integers.
    is_integer = hasattr(value, "__index__") and not isinstance(value, bool)
    return str(value.__index__()) if is_integer else _string(value, what)


def _identifier(value: Any, what: str) -> str:
    text = _text(value, what).strip()
    if not text or text in {".", ".."}:  # an empty path segment would address something else
        raise ValueError(what)
    return text


def _integer(value: Any, what: str) -> int:
    if is_bool(value):
        raise TypeError(what)
    if isinstance(value, str):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if hasattr(value, "__index__"):  # also numpy's integers
        return int(value.__index__())
    raise TypeError(what)


def _number(value: Any, what: str) -> float:
    if is_bool(value):
        raise TypeError(what)
    if hasattr(value, "__index__"):
        return int(value.__index__())
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(what)
    return int(number) if number.is_integer() else number


def _boolean(value: Any, what: str) -> bool:
    if isinstance(value, str) and value.lower() in _FLAGS:
        return _FLAGS[value.lower()]
    if is_bool(value):
        return bool(value)
    raise TypeError(what)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(what)
    return _encodable(dict(value))


def _items(value: Any, what: str) -> Iterable[Any]:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(what)
    return value


def _encodable(value: _T) -> _T:
    msgspec.json.encode(value)  # TypeError for values that JSON cannot hold
    # ValueError for NaN and infinity, which msgspec would send as null: that erases a value.
    json.dumps(msgspec.to_builtins(value), allow_nan=False)
    return value


def _time(value: Any, what: str) -> int:
    return math.floor(unix_seconds(value, what))


def _date(value: Any, what: str) -> str:
    if isinstance(value, str):
        return dt.date.fromisoformat(value.strip()).isoformat()
    if isinstance(value, dt.date):  # also datetime and pandas.Timestamp
        return value.strftime("%Y-%m-%d")
    raise TypeError(what)


def _objects(value: Any, what: str) -> dict[str, Any] | list[Any]:
    if isinstance(value, Mapping):
        return _object(value, what)
    return [_object(item, what) for item in _items(value, what)]


def _secret(value: Any, what: str) -> Secret:
    secret = hidden(value)
    if not isinstance(secret, Secret) or not secret.reveal():
        raise TypeError(what)
    return secret


def _any(value: Any, what: str) -> Any:
    return value


_COERCIONS: dict[str, Callable[[Any, str], Any]] = {
    "id": _identifier,
    "string": _string,
    "text": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "object": _object,
    "time": _time,
    "date": _date,
    "object|array<object>": _objects,
    "secret": _secret,
    "any": _any,
}
