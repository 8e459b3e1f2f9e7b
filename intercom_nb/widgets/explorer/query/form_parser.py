"""Form parser: the content of a query form -> the arguments of a call, or errors by field."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .... import catalog
from ....calls.plan import plan_call
from ....catalog.coerce import parse_parameter, parse_value, parse_values
from ....catalog.filters import build_query
from ....catalog.hints import hint_of
from ....catalog.model import Operation, Parameter
from ....catalog.search_fields import SearchFields
from ....catalog.timestamps import unix_seconds
from ....catalog.validation import check_params
from ....errors import IntercomError, InvalidParameterError, RequestValidationError
from .form_schema import builds_query

WHOLE = "*"
"""The key of an error that belongs to no single field."""


@dataclasses.dataclass
class ParsedForm:
    """The arguments that a form stands for, the errors by field, and notes for the user."""

    values: dict[str, Any] = dataclasses.field(default_factory=dict)
    errors: dict[str, str] = dataclasses.field(default_factory=dict)
    notes: list[str] = dataclasses.field(default_factory=list)


def parse_form(operation: Operation, form: Mapping[str, Any]) -> ParsedForm:
    """Parse a form: ``values`` and ``nulls`` by parameter name, the builder's ``query``, ``limit``.

    Fields are checked one by one, so that every error is shown at once and at its field.
    """
    parsed = ParsedForm()
    given = form.get("values") or {}
    nulls = form.get("nulls") or ()
    for param in operation.params:
        if param.nullable and param.name in nulls:
            parsed.values[param.name] = None
        elif param.name == "query" and builds_query(operation):
            _parse_query(operation, form.get("query") or {}, parsed)
        else:
            _parse_param(operation, param, given.get(param.name), parsed)
    if operation.paging.style != "none":
        try:
            parsed.values["limit"] = parse_limit(form.get("limit"))
        except InvalidParameterError as error:
            parsed.errors["limit"] = _strip(error, "limit ")
    if not parsed.errors:
        _check_together(operation, parsed)
    return parsed


def _check_together(operation: Operation, parsed: ParsedForm) -> None:
    """Check what depends on several fields, such as that one of two is required."""
    try:
        plan_call(operation, (), parsed.values)
    except RequestValidationError as error:
        parsed.errors[WHOLE] = str(error)


def _parse_param(operation: Operation, param: Parameter, given: Any, parsed: ParsedForm) -> None:
    if given is None or (isinstance(given, str) and not given.strip()):
        if param.required:
            parsed.errors[param.name] = f"is required: {hint_of(param)}."
        return
    try:
        value = _decode(param, given)
        if param.name != "sort" or not builds_query(operation):
            alone = msgspec.structs.replace(
                operation,
                params=(msgspec.structs.replace(param, required=False, required_when={}),),
                one_of=(),
            )
            checked = check_params(alone, {param.name: value})[param.name]
            # A time stays as typed: an age like 7d must mean the same in the code.
            value = value if param.type == "time" and not value.isdecimal() else checked
    except msgspec.DecodeError as error:
        parsed.errors[param.name] = f"is not valid JSON: {error}."
    except RequestValidationError as error:
        parsed.errors[param.name] = _strip(error, f"{operation.name}: {param.name} ")
    else:
        parsed.values[param.name] = value


def _decode(param: Parameter, given: Any) -> Any:
    if not isinstance(given, str) or param.enum:
        return given
    # Null has a checkbox beside the field, so the field's content is always text.
    return parse_parameter(param, given, quoted=True, separator="\n")


def parse_limit(given: Any) -> int | None:
    """Parse a limit, None for all; raises InvalidParameterError for an invalid one."""
    text = str(given).strip() if given is not None else ""
    if not text:
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise InvalidParameterError("limit must be 1 or more, or blank for all.")


def _parse_query(operation: Operation, query: Mapping[str, Any], parsed: ParsedForm) -> None:
    fields = catalog.search_fields(operation.entity)
    assert fields is not None
    conditions: dict[str, tuple[str, Any, Any]] = {}
    groups = [g for g in query.get("groups") or [] if g.get("rows")]
    for group in groups:
        for row in group["rows"]:
            condition = _parse_condition(operation.entity, fields, row, parsed)
            if condition is not None:
                conditions[str(row.get("id"))] = condition
    if any(name.startswith("query.") for name in parsed.errors):
        return
    if not conditions:
        parsed.errors["query"] = "needs a filter. To get all records, use Browse (list)."
        return
    parsed.values["query"] = _combine(groups, str(query.get("join")), conditions, parsed)


def _parse_condition(
    entity: str, fields: SearchFields, row: Mapping[str, Any], parsed: ParsedForm
) -> tuple[str, Any, Any] | None:
    """Return (field__op, value, the same in the API's query language), or record the error."""
    key = f"query.{row.get('id')}"
    name, op = str(row.get("field") or ""), str(row.get("op") or "eq")
    known = fields.fields.get(name)
    if "." not in name and "__" in name:
        parsed.errors[key] = "has two underscores in its name, which filters do not support."
        return None
    if not name:
        parsed.errors[key] = "needs a field."
        return None
    kind = known.type if known else _attribute_type(row.get("type"))
    argument = name if op == "eq" else f"{name}__{op}"
    try:
        value = _typed(kind, op, row.get("value"))
        if kind == "date" and known is None and not name.endswith("_at"):
            value = _seconds(value, name)  # the name alone does not show that it is a time
        built = build_query(entity, fields, {argument: value}).query
    except IntercomError as error:
        parsed.errors[key] = _strip(error, f"{entity}.search: {name} ", f"{entity}.search: ")
        return None
    return argument, value, built


def _attribute_type(kind: Any) -> str | None:
    """Return a custom attribute's type in the workspace, None if that is unknown."""
    return kind if kind in {"string", "integer", "float", "boolean", "date"} else None


def _seconds(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_seconds(part, name) for part in value]
    return math.floor(unix_seconds(value, name))


def _typed(kind: str | None, op: str, given: Any) -> Any:
    if not isinstance(given, str):
        return given
    return parse_values(given, kind) if op in {"in", "nin"} else parse_value(given.strip(), kind)


def _combine(
    groups: Sequence[Mapping[str, Any]],
    join: str,
    conditions: Mapping[str, tuple[str, Any, Any]],
    parsed: ParsedForm,
) -> dict[str, Any]:
    """Combine the conditions: as plain filters if all must hold, else in the API's language."""
    parts = [
        (str(group.get("join")), [conditions[str(row.get("id"))] for row in group["rows"]])
        for group in groups
    ]
    keys = [key for _, rows in parts for key, _, _ in rows]
    one_or_all = all(len(rows) == 1 or how != "OR" for how, rows in parts)
    if one_or_all and (join != "OR" or len(parts) == 1) and len(set(keys)) == len(keys):
        return {key: value for _, rows in parts for key, value, _ in rows}
    if any(op in key for key in keys for op in ("__gt", "__lt")):
        parsed.notes.append(
            "With 'any of the following', Intercom's own rules for times apply: bounds are "
            "included, and contacts match by whole days."
        )
    built = [_group(how, [raw for _, _, raw in rows]) for how, rows in parts]
    return _group(join, built)


def _group(join: str, members: list[dict[str, Any]]) -> dict[str, Any]:
    if len(members) == 1:
        return members[0]
    return {"operator": "OR" if join == "OR" else "AND", "value": members}


def _strip(error: IntercomError, *prefixes: str) -> str:
    text = str(error)
    for prefix in prefixes:
        text = text.removeprefix(prefix)
    return text
