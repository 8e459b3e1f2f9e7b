"""What stands in a form -> the arguments of a call, or what is wrong with which field."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .... import catalog
from ....calls.plan import plan_call
from ....catalog.coerce import typed_parameter, typed_value, typed_values
from ....catalog.filters import build_query
from ....catalog.model import Operation, Parameter, SearchFields
from ....catalog.timestamps import unix_seconds
from ....catalog.validation import check_params
from ....errors import IntercomError, InvalidParameterError, RequestValidationError
from .form_schema import builds_query

WHOLE = "*"
"""The place of an error that belongs to no single field."""


@dataclasses.dataclass
class Arguments:
    """The arguments that a form stands for; ``errors`` says what is wrong, by field."""

    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    errors: dict[str, str] = dataclasses.field(default_factory=dict)
    notes: list[str] = dataclasses.field(default_factory=list)


def read_form(operation: Operation, form: Mapping[str, Any]) -> Arguments:
    """Read a form: ``values`` and ``nulls`` by parameter name, the builder's ``query``, ``limit``.

    Each field is checked by itself, so that every mistake is shown at once, at its place.
    """
    found = Arguments()
    given = form.get("values") or {}
    nulls = form.get("nulls") or ()
    for param in operation.params:
        if param.nullable and param.name in nulls:
            found.values[param.name] = None
        elif param.name == "query" and builds_query(operation):
            _read_query(operation, form.get("query") or {}, found)
        else:
            _read_param(operation, param, given.get(param.name), found)
    if operation.paging.style != "none":
        try:
            found.values["limit"] = read_limit(form.get("limit"))
        except InvalidParameterError as error:
            found.errors["limit"] = _short(error, "limit ")
    if not found.errors:
        _check_together(operation, found)
    return found


def _check_together(operation: Operation, found: Arguments) -> None:
    """Check what only the whole call can tell, such as that one of several is needed."""
    try:
        plan_call(operation, (), found.values)
    except RequestValidationError as error:
        found.errors[WHOLE] = str(error)


def _read_param(operation: Operation, param: Parameter, given: Any, found: Arguments) -> None:
    if given is None or given == "" or (isinstance(given, str) and not given.strip()):
        if param.required:
            found.errors[param.name] = f"is needed: {param.hint}."
        return
    try:
        value = _decoded(param, given)
        if param.name != "sort" or not builds_query(operation):
            alone = msgspec.structs.replace(
                operation,
                params=(msgspec.structs.replace(param, required=False, required_when={}),),
                one_of=(),
            )
            checked = check_params(alone, {param.name: value})[param.name]
            # A time stays as it was written: an age like 7d shall mean the same in the code.
            value = value if param.type == "time" and not value.isdecimal() else checked
    except msgspec.DecodeError as error:
        found.errors[param.name] = f"is not JSON: {error}."
    except RequestValidationError as error:
        found.errors[param.name] = _short(error, f"{operation.name}: {param.name} ")
    else:
        found.values[param.name] = value


def _decoded(param: Parameter, given: Any) -> Any:
    if not isinstance(given, str) or param.enum:
        return given
    # A box beside the field says null: what is in the field is text.
    return typed_parameter(param, given, quoted=True, between="\n")


def read_limit(given: Any) -> int | None:
    """Read a limit, None for all; raises InvalidParameterError for what is none."""
    text = str(given).strip() if given is not None else ""
    if not text:
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise InvalidParameterError("limit must be a whole number from 1, or empty for all.")


def _read_query(operation: Operation, query: Mapping[str, Any], found: Arguments) -> None:
    fields = catalog.search_fields(operation.entity)
    assert fields is not None
    conditions: dict[str, tuple[str, Any, Any]] = {}
    groups = [g for g in query.get("groups") or [] if g.get("rows")]
    for group in groups:
        for row in group["rows"]:
            condition = _condition(operation.entity, fields, row, found)
            if condition is not None:
                conditions[str(row.get("id"))] = condition
    if any(name.startswith("query.") for name in found.errors):
        return
    if not conditions:
        found.errors["query"] = "needs a filter. To get all of them, use the action list."
        return
    found.values["query"] = _joined(groups, str(query.get("join")), conditions, found)


def _condition(
    entity: str, fields: SearchFields, row: Mapping[str, Any], found: Arguments
) -> tuple[str, Any, Any] | None:
    """Give (field__op, value, the same in the API's language), or note what is wrong."""
    place = f"query.{row.get('id')}"
    name, op = str(row.get("field") or ""), str(row.get("op") or "eq")
    known = fields.fields.get(name)
    key = name if op == "eq" else f"{name}__{op}"
    if "." not in name and "__" in name:
        found.errors[place] = "has two underscores in its name, which cannot be asked for here."
        return None
    if not name:
        found.errors[place] = "needs a field."
        return None
    kind = known.type if known else _attribute_kind(row.get("type"))
    try:
        value = _typed(kind, op, row.get("value"))
        if kind == "date" and known is None and not name.endswith("_at"):
            value = _seconds(value, name)  # by the name alone nobody could tell that it is a time
        built = build_query(entity, fields, {key: value}).query
    except IntercomError as error:
        found.errors[place] = _short(error, f"{entity}.search: {name} ", f"{entity}.search: ")
        return None
    return key, value, built


def _attribute_kind(kind: Any) -> str | None:
    """Give the type of a custom attribute as the workspace names it, None where it did not."""
    return kind if kind in {"string", "integer", "float", "boolean", "date"} else None


def _seconds(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_seconds(part, name) for part in value]
    return math.floor(unix_seconds(value, name))


def _typed(kind: str | None, op: str, given: Any) -> Any:
    if not isinstance(given, str):
        return given
    return typed_values(given, kind) if op in {"in", "nin"} else typed_value(given.strip(), kind)


def _joined(
    groups: Sequence[Mapping[str, Any]],
    join: str,
    conditions: Mapping[str, tuple[str, Any, Any]],
    found: Arguments,
) -> dict[str, Any]:
    """Join the conditions: as plain filters where all must hold, else in the API's language."""
    parts = [
        (str(group.get("join")), [conditions[str(row.get("id"))] for row in group["rows"]])
        for group in groups
    ]
    keys = [key for _, rows in parts for key, _, _ in rows]
    one_or_all = all(len(rows) == 1 or how != "OR" for how, rows in parts)
    if one_or_all and (join != "OR" or len(parts) == 1) and len(set(keys)) == len(keys):
        return {key: value for _, rows in parts for key, value, _ in rows}
    if any(op in key for key in keys for op in ("__gt", "__lt")):
        found.notes.append(
            "With 'any of', times are matched as Intercom does it: edges included, and contacts "
            "by whole days."
        )
    built = [_group(how, [raw for _, _, raw in rows]) for how, rows in parts]
    return _group(join, built)


def _group(join: str, members: list[dict[str, Any]]) -> dict[str, Any]:
    if len(members) == 1:
        return members[0]
    return {"operator": "OR" if join == "OR" else "AND", "value": members}


def _short(error: IntercomError, *prefixes: str) -> str:
    text = str(error)
    for prefix in prefixes:
        text = text.removeprefix(prefix)
    return text
