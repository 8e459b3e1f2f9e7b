"""Signatures and docstrings of operations."""

from __future__ import annotations

import inspect
import keyword
from typing import Any

from .hints import hint_after_name
from .model import Operation, Parameter
from .validation import options_of, positional_names

_ANNOTATIONS: dict[str, Any] = {
    "id": str,
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "object": dict,
    "time": "str | datetime | int",
    "date": "str | date",
    "secret": str,
    "object|array<object>": "dict | list[dict]",
}


def python_name(param: Parameter) -> str:
    """Return the Python name of a parameter: a keyword such as ``from`` gets an underscore.

    >>> from intercom_nb import catalog
    >>> python_name(catalog.operation("conversations", "create").params[0])
    'from_'
    """
    return f"{param.name}_" if keyword.iskeyword(param.name) else param.name


def is_required(param: Parameter) -> bool:
    """Return whether a call must pass the parameter; a query may be given as filters instead."""
    return param.required and param.name != "query"


def signature(operation: Operation) -> inspect.Signature:
    """Build the signature of an operation's method.

    >>> from intercom_nb import catalog
    >>> str(signature(catalog.operation("teams", "get")))
    '(id: str)'
    """
    order = {name: position for position, name in enumerate(positional_names(operation))}
    params = sorted(operation.params, key=lambda p: (order.get(p.name, 99), not p.required))
    shown = [_argument(p, positional=p.name in order) for p in params if p.name.isidentifier()]
    shown += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option.default)
        for name, option in options_of(operation).items()
    ]
    if operation.is_search:
        shown.append(inspect.Parameter("filters", inspect.Parameter.VAR_KEYWORD))
    return inspect.Signature(shown)


def _argument(param: Parameter, *, positional: bool) -> inspect.Parameter:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD if positional else inspect.Parameter.KEYWORD_ONLY
    default = inspect.Parameter.empty if is_required(param) else None
    annotation = list if param.type.startswith("array") else _ANNOTATIONS.get(param.type, Any)
    return inspect.Parameter(python_name(param), kind, default=default, annotation=annotation)


def docstring(operation: Operation) -> str:
    """Build the docstring of an operation's method."""
    arguments = [f"    {describe_parameter(p)}" for p in operation.params]
    arguments += [f"    {name}: {o.doc}" for name, o in options_of(operation).items()]
    if operation.is_search:
        arguments += ["    **filters: field__op=value, such as state='open', created_at__gt='7d'."]
    lines = [operation.description]
    lines += ["", "Args:", *arguments] if arguments else []
    if operation.one_of:
        groups = "; ".join(", ".join(group) for group in operation.one_of)
        lines += ["", f"Pass at least one of: {groups}."]
    lines += ["", f"Returns:\n    {_returns(operation)}"]
    if operation.writes:
        lines += ["", "Changes the workspace: requires allow_writes=True."]
    lines += ["", f"Source: {_source(operation)}"]
    return "\n".join(lines)


def _returns(operation: Operation) -> str:
    if operation.response == "text":
        return "Text (a str); save() writes it to a file."
    if operation.returns_file:
        return "Bytes; save() writes them to a file."
    shape = "one row per record" if operation.records is not None else "one row"
    return f"A DataFrame, {shape}; attrs['intercom'] has its metadata."


def _source(operation: Operation) -> str:
    if operation.where or operation.hosted_only:
        return "docs.airbyte.com, the Intercom connector"
    since = f", since version {operation.since}" if operation.since else ""
    return f"developers.intercom.com, {operation.method} {operation.path}{since}"


def describe_parameter(param: Parameter) -> str:
    """Return name, valid values, need and meaning of a parameter in one line."""
    need = "required" if param.required else "optional"
    if param.required_when:
        conditions = (f"{k} is {', '.join(map(str, v))}" for k, v in param.required_when.items())
        need += f", required if {' or '.join(conditions)}"
    if param.since:
        need += f", since version {param.since}"
    return f"{param.name} ({hint_after_name(param)}; {need}): {param.description}"
