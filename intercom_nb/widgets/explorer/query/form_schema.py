"""Form schema drawn from the catalog: the control of each parameter, the fields of a search."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import msgspec

from .... import catalog
from ....catalog.data_types import GROUPS
from ....catalog.filters import OPERATORS
from ....catalog.hints import hint_of
from ....catalog.model import Operation, Parameter
from ....catalog.search_fields import SearchFields

if TYPE_CHECKING:
    from ....connector.connector import IntercomConnector

_CONTROLS = {
    "id": "text",
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "flag",
    "time": "time",
    "date": "date",
    "array<string>": "list",
    "array<id>": "list",
    "array<integer>": "list",
}
_LONG_TEXT = frozenset({"body"})
_WORDS = {
    "eq": "is",
    "ne": "is not",
    "in": "is one of",
    "nin": "is none of",
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "contains": "contains",
    "startswith": "starts with",
    "endswith": "ends with",
}
_READ_LABELS = {"list": "Browse", "search": "Search", "get": "Get one"}
_TIME_WORDS = {
    "eq": "is on",
    "gt": "is after",
    "gte": "is from",
    "lt": "is before",
    "lte": "is until",
}


@functools.cache
def catalog_forms(mode: str) -> list[dict[str, Any]]:
    """Describe a mode's entities, actions and parameters for the script, group by group."""
    found = []
    entities = catalog.entities().items()
    for name, data in sorted(entities, key=lambda pair: GROUPS.index(pair[1].group)):
        offered = (find_operation(mode, name, action) for action in data.actions)
        known = [op for op in offered if op is not None and not op.is_for_code]
        actions = [_action(operation) for operation in known]
        if actions:
            label = name.replace("_", " ")
            entity = {
                "name": name,
                "label": label,
                "group": data.group.capitalize(),
                "description": data.description,
            }
            extracts = any(operation.reads_all for operation in known)
            found.append({**entity, "extracts": extracts, "actions": actions})
    return found


def offered_forms(connector: IntercomConnector) -> list[dict[str, Any]]:
    """Describe what a connector supports: its mode's actions up to its API version.

    A connector that is read-only offers no writes.
    """
    found = []
    for entity in catalog_forms(connector.mode):
        actions = [
            action
            for action in entity["actions"]
            if _is_offered(connector, entity["name"], action["name"])
        ]
        if actions:
            found.append({**entity, "actions": actions})
    return found


def _is_offered(connector: IntercomConnector, entity: str, action: str) -> bool:
    operation = catalog.operation(entity, action)
    return connector.supports(operation) and (connector.allow_writes or not operation.writes)


def find_operation(mode: str, entity: str, action: str) -> Operation | None:
    """Return an operation as a mode runs it, or None if the mode lacks it."""
    operation = catalog.operation(entity, action)
    if mode == "hosted":
        return catalog.hosted_operation(operation)
    return None if operation.hosted_only else operation


def action_label(operation: Operation) -> str:
    """Return the text of an action's button.

    >>> action_label(catalog.operation("contacts", "list"))
    'Browse'
    """
    usual = None if operation.writes else _READ_LABELS.get(operation.action)
    return usual or operation.action.replace("_", " ").capitalize()


def builds_query(operation: Operation) -> bool:
    """Check whether an operation's ``query`` is built from filters."""
    return (
        operation.paging.style == "cursor_body"
        and catalog.search_fields(operation.entity) is not None
    )


def _action(operation: Operation) -> dict[str, Any]:
    fields = catalog.search_fields(operation.entity) if builds_query(operation) else None
    return {
        "name": operation.action,
        "label": action_label(operation),
        "description": operation.description,
        "writes": operation.writes,
        "paged": operation.paging.style != "none",
        "params": [_param(operation, p) for p in operation.params],
        "search": None if fields is None else _search(fields),
    }


def _param(operation: Operation, param: Parameter) -> dict[str, Any]:
    control = _control(operation, param)
    return {
        "name": param.name,
        "control": control,
        "description": "How results are sorted." if control == "sort" else param.description,
        "hint": "one of the orders listed" if control == "sort" else hint_of(param),
        "required": param.required,
        "nullable": param.nullable,
        "advanced": _is_advanced(operation, param),
        "enum": list(param.enum),
        "min": param.min,
        "max": param.max,
        "default": param.default,
        "example": _example(param),
    }


def _is_advanced(operation: Operation, param: Parameter) -> bool:
    """Check whether a parameter is rarely set: manual paging, and flags of a read."""
    paging = operation.paging
    if param.name in {paging.cursor, paging.page, paging.size} or param.location == "envelope":
        return True
    if param.since:  # absent from the default API version
        return True
    return param.type == "boolean" and not param.required and not operation.writes


def _control(operation: Operation, param: Parameter) -> str:
    if param.enum:
        return "choice"
    if builds_query(operation) and param.name in {"query", "sort"}:
        return param.name
    if param.type == "string" and param.name in _LONG_TEXT:
        return "long"
    return _CONTROLS.get(param.type, "json")


def _example(param: Parameter) -> str:
    if param.example is None:
        return ""
    if isinstance(param.example, str):
        return param.example
    return msgspec.json.encode(param.example).decode()


def _search(fields: SearchFields) -> dict[str, Any]:
    return {
        "fields": [
            {
                "name": name,
                "type": field.type,
                "values": list(field.values),
                "operators": _operators(field.operators or fields.operators[field.type]),
            }
            for name, field in fields.fields.items()
        ],
        "operators": {kind: _operators(signs) for kind, signs in fields.operators.items()},
        "custom": fields.custom,
        "words": _WORDS,
        "timeWords": _TIME_WORDS,
        "maxFilters": fields.max_filters,
    }


def _operators(signs: tuple[str, ...]) -> list[str]:
    ordered = ">" in signs
    return [k for k, v in OPERATORS.items() if v in signs or (ordered and k in {"gte", "lte"})]
