"""Arguments of a call: options, positions, and parameters checked before anything is sent."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any

from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from . import truncated_lists
from .coerce import coerce_parameter
from .hints import hint_after_name
from .model import Operation, Parameter

DEFAULT_LIMIT = 1_000


@dataclasses.dataclass(frozen=True)
class CallOption:
    """An argument of a call that is not a parameter of the API."""

    default: Any
    type: str
    doc: str
    applies_to: Callable[[Operation], bool]


OPTIONS = {
    "limit": CallOption(
        DEFAULT_LIMIT,
        "int | None",
        f"Maximum records (default {DEFAULT_LIMIT:,}; None = all).",
        lambda operation: operation.is_paged,
    ),
    "progress": CallOption(
        None,
        "ProgressCallback | bool | None",
        "Show a progress bar: None = only for long calls, True = always, False = never; "
        "or a function that is called with a Progress after each page.",
        lambda operation: operation.is_paged,
    ),
    "validate": CallOption(
        True,
        "bool",
        "Check a query in the API's own form; False sends it unchanged.",
        lambda operation: operation.is_search,
    ),
    "complete": CallOption(
        False,
        "bool",
        "Fetch in full the lists inside records that the API cuts at 10 items.",
        lambda operation: bool(truncated_lists(operation)),
    ),
    "follow_merged": CallOption(
        False,
        "bool",
        "Return the contact that a merged one became (a 410 of version 2.16), not an error.",
        lambda operation: operation.name in {"contacts.get", "contacts.get_by_external_id"},
    ),
    "dry_run": CallOption(
        False,
        "bool",
        "Return the request (method, url, body) without sending it.",
        lambda operation: operation.writes,
    ),
}
"""Options by argument name, in the order of the signature."""


def options_of(operation: Operation) -> dict[str, CallOption]:
    """Return the options that a call of the operation has, by name.

    >>> from intercom_nb import catalog
    >>> list(options_of(catalog.operation("contacts", "list")))
    ['limit', 'progress', 'complete']
    """
    return {name: option for name, option in OPTIONS.items() if option.applies_to(operation)}


def positional_names(operation: Operation) -> tuple[str, ...]:
    """Return the names of the parameters that may be passed by position, in order.

    These are the query of a search; otherwise the path parameters, then the id of the attached
    record.

    >>> from intercom_nb import catalog
    >>> positional_names(catalog.operation("contacts", "attach_tag"))
    ('contact_id', 'id')
    """
    if operation.is_search:
        return ("query",)
    names = {p.wire_name: p.name for p in operation.params if p.location == "path"}
    in_path = tuple(names[wire] for wire in re.findall(r"{(\w+)}", operation.path))
    attached = tuple(p.name for p in operation.params if p.location == "body" and p.name == "id")
    return in_path + (attached if in_path else ())


def check_params(operation: Operation, params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the parameters by catalog name, converted to the types that the API takes.

    None clears a nullable field and is left out otherwise. Raises UnknownNameError for an unknown
    parameter, InvalidParameterError for an invalid value or a missing required parameter.

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
            raise _unknown_parameter(operation, name, known)
        if value is not None:
            checked[name] = coerce_parameter(known[name], value, f"{operation.name}: {name}")
        elif known[name].nullable:
            checked[name] = None
    checked |= {
        p.name: p.default for p in operation.params if p.always and checked.get(p.name) is None
    }
    _check_required(operation, checked)
    return checked


def _check_required(operation: Operation, checked: Mapping[str, Any]) -> None:
    missing = [
        p
        for p in operation.params
        if checked.get(p.name) is None and (p.required or _is_required_now(p, checked))
    ]
    if missing:
        names = "; ".join(f"{p.name} ({hint_after_name(p)})" for p in missing)
        raise InvalidParameterError(f"{operation.name} requires {names}.")
    for group in operation.one_of:
        if all(checked.get(name) is None for name in group):
            raise InvalidParameterError(f"{operation.name} requires one of {', '.join(group)}.")


def _is_required_now(param: Parameter, checked: Mapping[str, Any]) -> bool:
    return any(checked.get(name) in values for name, values in param.required_when.items())


def _by_catalog_name(operation: Operation, params: Mapping[str, Any]) -> dict[str, Any]:
    """Accept the API's own spellings too: ``team_id`` for ``id``, ``pagination`` as an object."""
    wires = {p.wire: p.name for p in operation.params if p.wire}
    names = {p.name for p in operation.params}
    only_path = [p.name for p in operation.params if p.location == "path"]
    given: dict[str, Any] = {}
    for name, value in params.items():
        nested = {w: n for w, n in wires.items() if w.startswith(f"{name}.")}
        if name not in names and nested and isinstance(value, Mapping):
            for key, part in value.items():
                given[nested.get(f"{name}.{key}", f"{name}.{key}")] = part
        elif name == "id" and "id" not in names and len(only_path) == 1:
            given[only_path[0]] = value
        else:
            given[name if name in names else wires.get(name, name)] = value
    return given


def _unknown_parameter(
    operation: Operation, name: str, known: Mapping[str, Parameter]
) -> UnknownNameError:
    if not known:
        return UnknownNameError(f"{operation.name} takes no parameters; remove {name!r}.")
    options = options_of(operation)
    hint = did_you_mean(name, [*known, *options])
    if name in options:
        hint = f" Pass {name}= as an argument of its own, outside params."
    return UnknownNameError(f"{operation.name} has no parameter {name!r}{operation.where}.{hint}")
