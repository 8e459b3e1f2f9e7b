"""Checking of parameters against the catalog, before anything is sent."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .model import Operation, Parameter
from .timestamps import unix_seconds

_T = TypeVar("_T")


def check_params(operation: Operation, params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give the parameters in the types that the API takes, by their catalog names.

    None clears a field that may be null and is left out otherwise. Raises UnknownNameError for a
    parameter that the operation does not have, InvalidParameterError for a value that cannot be
    right or a required parameter that is missing.

    >>> from intercom_nb.catalog import operation
    >>> check_params(operation("teams", "get"), {"id": 7})
    {'id': '7'}
    """
    if params is not None and not isinstance(params, Mapping):
        raise InvalidParameterError(
            f"{operation.name}: params must be a dict, not {type(params).__name__}."
        )
    known = {p.name: p for p in operation.params}
    checked: dict[str, Any] = {}
    for name, value in _by_catalog_name(operation, params or {}).items():
        if name not in known:
            raise _unknown(operation, name, known)
        if value is not None:
            checked[name] = _checked(operation, known[name], value)
        elif known[name].nullable:
            checked[name] = None
    checked |= {
        p.name: p.default for p in operation.params if p.always and checked.get(p.name) is None
    }
    _check_needs(operation, checked)
    return checked


def _check_needs(operation: Operation, checked: Mapping[str, Any]) -> None:
    """Refuse a call without what it needs: always, in this combination, or one of several."""
    missing = [
        p
        for p in operation.params
        if checked.get(p.name) is None and (p.required or _is_needed_now(p, checked))
    ]
    if missing:
        needs = "; ".join(f"{p.name} ({p.hint})" for p in missing)
        raise InvalidParameterError(f"{operation.name} needs {needs}.")
    for group in operation.one_of:
        if all(checked.get(name) is None for name in group):
            raise InvalidParameterError(f"{operation.name} needs one of {', '.join(group)}.")


def _is_needed_now(param: Parameter, checked: Mapping[str, Any]) -> bool:
    return any(checked.get(name) in values for name, values in param.required_when.items())


def _by_catalog_name(operation: Operation, params: Mapping[str, Any]) -> dict[str, Any]:
    """Accept the API's own spellings too: ``team_id`` for ``id``, ``pagination`` as an object."""
    wires = {p.wire: p.name for p in operation.params if p.wire}
    names = {p.name for p in operation.params}
    only_path = [p.name for p in operation.params if p.place == "path"]
    given: dict[str, Any] = {}
    for name, value in params.items():
        inside = {w: n for w, n in wires.items() if w.startswith(f"{name}.")}
        if name not in names and inside and isinstance(value, Mapping):
            for key, part in value.items():
                given[inside.get(f"{name}.{key}", f"{name}.{key}")] = part
        elif name == "id" and "id" not in names and len(only_path) == 1:
            given[only_path[0]] = value
        else:
            given[name if name in names else wires.get(name, name)] = value
    return given


def _unknown(operation: Operation, name: str, known: Mapping[str, Parameter]) -> UnknownNameError:
    if not known:
        return UnknownNameError(f"{operation.name} takes no parameters, so no {name!r}.")
    return UnknownNameError(
        f"{operation.name} has no parameter {name!r}{operation.where}.{did_you_mean(name, known)}"
    )


def _checked(operation: Operation, param: Parameter, value: Any) -> Any:
    what = f"{operation.name}: {param.name}"
    try:
        result = _converted(param.type, value, what)
    except (TypeError, ValueError):
        raise InvalidParameterError(f"{what} must be {param.hint}, not {value!r}.") from None
    if param.enum and result not in param.enum:
        near = did_you_mean(result, map(str, param.enum)) if isinstance(result, str) else ""
        raise InvalidParameterError(f"{what} must be {param.hint}, not {value!r}.{near}")
    too_small = param.min is not None and isinstance(result, (int, float)) and result < param.min
    too_large = param.max is not None and isinstance(result, (int, float)) and result > param.max
    if too_small or too_large:
        raise InvalidParameterError(f"{what} must be {param.hint}, not {value!r}.")
    if param.max_items is not None and len(result) > param.max_items:
        raise InvalidParameterError(f"{what} takes {param.max_items} items at most.")
    if param.max_length is not None and len(result) > param.max_length:
        raise InvalidParameterError(f"{what} takes {param.max_length} characters at most.")
    return result


def _converted(kind: str, value: Any, what: str) -> Any:
    if kind.startswith("array"):
        item = kind.removeprefix("array").strip("<>") or "any"
        return _sendable([_converted(item, v, what) for v in _items(value, what)])
    return _CONVERTERS[kind](value, what)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise TypeError(what)
    value.encode()  # ValueError for half a character, which cannot be sent
    return str.__str__(value)  # a subclass, like numpy's, is not JSON


def _identifier(value: Any, what: str) -> str:
    if isinstance(value, bool) or (not hasattr(value, "__index__") and not isinstance(value, str)):
        raise TypeError(what)
    text = value.strip() if isinstance(value, str) else str(value.__index__())
    if not text or text in {".", ".."}:  # an empty path segment would ask for something else
        raise ValueError(what)
    return _text(text, what)


def _integer(value: Any, what: str) -> int:
    if isinstance(value, bool):
        raise TypeError(what)
    if isinstance(value, str):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if hasattr(value, "__index__"):  # int, and numpy's whole numbers
        return int(value.__index__())
    raise TypeError(what)


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool):
        raise TypeError(what)
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(what)
    return int(number) if number.is_integer() else number


def _boolean(value: Any, what: str) -> bool:
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if value in (True, False) and type(value).__name__ in {"bool", "bool_"}:
        return bool(value)
    raise TypeError(what)


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(what)
    return _sendable(dict(value))


def _items(value: Any, what: str) -> Iterable[Any]:
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(what)
    return value


def _sendable(value: _T) -> _T:
    msgspec.json.encode(value)  # TypeError for what JSON cannot hold
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


def _any(value: Any, what: str) -> Any:
    return value


_CONVERTERS: dict[str, Callable[[Any, str], Any]] = {
    "id": _identifier,
    "string": _text,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "object": _object,
    "time": _time,
    "date": _date,
    "object|array<object>": _objects,
    "any": _any,
}
