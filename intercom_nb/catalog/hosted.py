"""Differences of hosted execution: actions, parameters, the context store.

``hosted.json`` is their only description.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .data_types import CONTEXT_STORE_SEARCH, hosted_data
from .declared_columns import RecordColumns
from .model import Operation

_GROUPS = ("and", "or")
_SEMANTIC: dict[str, tuple[type, ...]] = {
    "prompt": (str,),
    "field": (str,),
    "filter": (Mapping,),
    "context_size": (int,),
    "min_similarity": (int, float),
    "dedup": (bool,),
}
_SEMANTIC_VALUES = {
    "prompt": "text",
    "field": "the name of a field",
    "filter": "a condition {operator: {field: value}}",
    "context_size": "a whole number",
    "min_similarity": "a number from 0 to 1",
    "dedup": "True or False",
}


def hosted_operation(operation: Operation) -> Operation | None:
    """Return an operation as hosted execution runs it, or None if it does not exist there.

    >>> from intercom_nb import catalog
    >>> hosted_operation(catalog.operation("companies", "list")).optional[:2]
    ('per_page', 'starting_after')
    """
    if operation.where:  # already a hosted one
        return operation
    data, where = hosted_data(), " in hosted mode"
    if operation.hosted_only:
        envelope = tuple(p for p in data.envelope if p.name in {"skip_truncation", "intent"})
        return msgspec.structs.replace(operation, params=operation.params + envelope, where=where)
    names = data.operations.get(operation.entity, {}).get(operation.action)
    if names is None:
        return None
    known = {p.name: p for p in (*operation.params, *data.extra.get(operation.name, ()))}
    params = tuple(
        msgspec.structs.replace(known[name.rstrip("?")], required=not name.endswith("?"))
        for name in names
    )
    return msgspec.structs.replace(
        operation,
        params=params + data.envelope,
        paging=data.paging.get(operation.name, operation.paging),
        where=where,
    )


def kept_columns(
    columns: RecordColumns, operation: Operation, params: Mapping[str, Any]
) -> RecordColumns:
    """Return the declared columns that ``select_fields``, ``exclude_fields`` or ``fields`` keep.

    >>> from intercom_nb import catalog
    >>> operation = hosted_operation(catalog.operation("teams", "list"))
    >>> list(kept_columns({"id": "id", "name": "string"}, operation, {"select_fields": ["id"]}))
    ['id']
    """
    if operation.hosted_only:
        given = params.get("fields", ())
        wanted = [f if isinstance(f, str) else ".".join(map(str, f)) for f in given]
        unwanted: Sequence[str] = ()
    else:
        wanted, unwanted = params.get("select_fields", ()), params.get("exclude_fields", ())
    if wanted:
        return {
            path: kind
            for path, kind in columns.items()
            if any(_is_inside(path, w) or _is_inside(w, path) for w in wanted)
        }
    return {p: kind for p, kind in columns.items() if not any(_is_inside(p, u) for u in unwanted)}


def _is_inside(path: str, other: str) -> bool:
    return path == other or path.startswith(f"{other}.")


def check_filter(entity: str, condition: Any) -> None:
    """Check a condition of a context store search.

    Raises UnknownNameError for an unknown operator or field, InvalidParameterError for an invalid
    shape.

    >>> check_filter("contacts", {"and": [{"eq": {"role": "lead"}}, {"gt": {"created_at": 0}}]})
    """
    if not isinstance(condition, Mapping) or not condition:
        raise _invalid_shape(entity, condition)
    operators = hosted_data().context_store.operators
    for operator, value in condition.items():
        if operator == "not":
            check_filter(entity, value)
        elif operator in _GROUPS:
            if not isinstance(value, (list, tuple)) or not value:
                raise _invalid_shape(entity, condition)
            for part in value:
                check_filter(entity, part)
        elif operator not in operators:
            known = (*operators, *_GROUPS, "not")
            raise UnknownNameError(
                f"{entity}.{CONTEXT_STORE_SEARCH} has no operator {operator!r}."
                f"{did_you_mean(operator, known)}"
            )
        elif not isinstance(value, Mapping) or not value:
            raise _invalid_shape(entity, condition)
        else:
            for field in value:
                check_field(entity, str(field))


def check_semantic(entity: str, semantic: Mapping[str, Any]) -> None:
    """Check the ``semantic`` object of a context store search.

    Raises UnknownNameError for an unknown key, InvalidParameterError for an invalid value.

    >>> check_semantic("conversations", {"prompt": "cannot sign in", "min_similarity": 0.5})
    """
    for key, value in semantic.items():
        if key not in _SEMANTIC:
            raise UnknownNameError(f"semantic has no key {key!r}.{did_you_mean(key, _SEMANTIC)}")
        if isinstance(value, bool) != (key == "dedup") or not isinstance(value, _SEMANTIC[key]):
            raise InvalidParameterError(
                f"{entity}.{CONTEXT_STORE_SEARCH}: {key} of semantic must be "
                f"{_SEMANTIC_VALUES[key]}, not {value!r}."
            )
    if not semantic.get("prompt"):
        raise InvalidParameterError(
            f"{entity}.{CONTEXT_STORE_SEARCH}: semantic requires a prompt, such as "
            "{'prompt': 'cannot sign in'}."
        )
    if "filter" in semantic:
        check_filter(entity, semantic["filter"])


def check_field(entity: str, path: str) -> None:
    """Raise UnknownNameError for an unknown field; dots address nested keys."""
    known = hosted_data().context_store.fields[entity]
    top = path.split(".")[0].removesuffix("[]")
    if top not in known:
        raise UnknownNameError(
            f"{entity}.{CONTEXT_STORE_SEARCH} has no field {path!r}.{did_you_mean(top, known)}"
        )


def _invalid_shape(entity: str, condition: Any) -> InvalidParameterError:
    return InvalidParameterError(
        f"{entity}.{CONTEXT_STORE_SEARCH}: a condition is {{operator: {{field: value}}}}, like "
        f"{{'eq': {{'state': 'open'}}}}, or a list of them under 'and' or 'or', not {condition!r}."
    )
