"""Search filters: ``field__op`` keywords to the API's query language.

Times are exact: the API matches a contact's times by calendar day in the workspace's time zone,
and ``>`` and ``<`` on a conversation include the bound. So a query asks for slightly more where
it must, and a ``ResidualFilter`` removes the surplus from the response.
Source: developers.intercom.com, "Search contacts" and "Search conversations".
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .coerce import coerce, is_bool, split_field
from .search_fields import SearchField, SearchFields
from .timestamps import is_whole_day, unix_seconds

OPERATORS = {
    "eq": "=",
    "ne": "!=",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "in": "IN",
    "nin": "NIN",
    "contains": "~",
    "startswith": "^",
    "endswith": "$",
}
_DAY = 86_400
# A local day has up to 25 hours, so two instants this far apart never fall on the same day.
_MORE_THAN_A_DAY = 25 * 3600
_GROUP = ("AND", "OR")
_SIGNS = frozenset(OPERATORS.values()) | {"!~"}
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


@dataclasses.dataclass(frozen=True)
class ResidualFilter:
    """Residual filter: conditions that the server evaluates only roughly, applied to its records.

    A record matches if it meets all ``conditions`` (path, sign, value) and, in each group of
    ``any_of``, at least one filter.
    """

    conditions: tuple[tuple[str, str, Any], ...] = ()
    any_of: tuple[tuple[ResidualFilter, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions or self.any_of)

    def matches(self, record: Mapping[str, Any]) -> bool:
        """Return whether a record meets all conditions; a missing value is never > or <."""
        return all(_holds(record, *condition) for condition in self.conditions) and all(
            any(residual.matches(record) for residual in group) for group in self.any_of
        )


def _holds(record: Mapping[str, Any], path: str, sign: str, bound: Any) -> bool:
    value: Any = record
    for key in _keys(path):
        value = value.get(key) if isinstance(value, Mapping) else None
    if sign in _COMPARE:
        return isinstance(value, (int, float)) and _COMPARE[sign](value, bound)
    among = bound if isinstance(bound, list) else [bound]
    return (_folded(value) in map(_folded, among)) == (sign in {"=", "IN"})


def _folded(value: Any) -> Any:
    # As the server compares: ids may be text or numbers, and case is ignored.
    return value if value is None or isinstance(value, bool) else str(value).casefold()


@dataclasses.dataclass(frozen=True)
class Query:
    """A query in the API's language, and the residual filter for its records, if any."""

    query: dict[str, Any]
    residual: ResidualFilter | None = None


def is_raw_query(value: Mapping[str, Any]) -> bool:
    """Return whether a dict is a query in the API's own language, not ``field__op`` filters."""
    return not {"field", "operator", "value"}.isdisjoint(value)


def build_query(entity: str, limits: SearchFields, filters: Mapping[str, Any]) -> Query:
    """Build a query from ``field__op`` filters, combined with AND.

    Write the dots of a field as ``__`` (keywords) or as dots (dict keys). Raises UnknownNameError
    for an unknown field, InvalidParameterError for an invalid operator or value.

    >>> from intercom_nb.catalog import search_fields
    >>> build_query("contacts", search_fields("contacts"), {"role": "lead"}).query
    {'field': 'role', 'operator': '=', 'value': 'lead'}
    """
    if not filters:
        raise InvalidParameterError(
            f"{entity}.search requires a filter, such as created_at__gt='7d'. "
            f"For all records, use {entity}.list(limit=None)."
        )
    sent: list[dict[str, Any]] = []
    residual: list[tuple[str, str, float]] = []
    for key, value in filters.items():
        condition = Condition.make(entity, limits, *split_key(key), value)
        sent += condition.sent()
        residual += condition.residual()
    query = group_filters("AND", sent, limits.max_filters)
    return Query(query, ResidualFilter(tuple(residual)) if residual else None)


def sort_object(value: Any) -> dict[str, str]:
    """Convert ``"created_at"`` or ``"-created_at"`` to the API's sort object.

    >>> sort_object("-created_at")
    {'field': 'created_at', 'order': 'descending'}
    """
    if isinstance(value, str) and value.strip("-"):
        order = "descending" if value.startswith("-") else "ascending"
        return {"field": value.removeprefix("-"), "order": order}
    orders = {"ascending", "descending"}
    if isinstance(value, Mapping) and "field" in value and value.get("order") in {*orders, None}:
        return dict(value)
    raise InvalidParameterError(
        "sort must be a field name ('created_at', or '-created_at' for descending) or "
        f"{{'field': ..., 'order': 'ascending' or 'descending'}}, not {value!r}."
    )


def group_filters(operator: str, filters: list[dict[str, Any]], max_filters: int) -> dict[str, Any]:
    """Combine filters with AND or OR; split a group that is too large into nested groups."""
    if len(filters) == 1:
        return filters[0]
    if len(filters) <= max_filters:
        return {"operator": operator, "value": filters}
    groups = [filters[i : i + max_filters] for i in range(0, len(filters), max_filters)]
    if len(groups) > max_filters:
        raise InvalidParameterError(f"A search takes at most {max_filters**2} filters.")
    return {"operator": operator, "value": [{"operator": operator, "value": g} for g in groups]}


@dataclasses.dataclass(frozen=True)
class Condition:
    """One checked filter: field, operator sign, value in the field's type."""

    field: str
    sign: str
    value: Any
    type: str
    by_day: bool
    record: str

    @classmethod
    def make(cls, entity: str, limits: SearchFields, name: str, sign: str, value: Any) -> Condition:
        """Check a filter; raises UnknownNameError and InvalidParameterError."""
        field = _field(entity, limits, name, value)
        by_day = field.type == "date" and limits.dates == "day"
        what = f"{entity}.search: {name}"
        _check_sign(field.operators or limits.operators[field.type], sign, what)
        record = name if field.record is None else field.record
        typed = _typed(field, sign, value, what)
        if sign in {"!=", "IN", "NIN"} and _has_whole_day(typed):
            raise InvalidParameterError(
                f"{what}: {sign} compares exact times, and {value!r} is a whole day. "
                f"Use its bounds instead: {name}__gte and {name}__lt."
            )
        return cls(name, sign, typed, field.type, by_day, record)

    def sent(self) -> list[dict[str, Any]]:
        """Return the filters for the server, which match the same records or a few more."""
        if self._is_day_match():
            start = self.value
            return [*self._from(start), *self._until(start + _DAY)]
        if self.by_day and self.sign == "=":
            return [self._filter("=", math.floor(self.value))]
        if self.sign in {">", ">="} and self._is_ordered():
            return self._from(self.value)
        if self.sign in {"<", "<="} and self._is_ordered():
            return self._until(self.value)
        return [self._filter(self.sign, self._wire_value())]

    def residual(self) -> list[tuple[str, str, float]]:
        """Return the conditions to apply to the records, if the server's may match more."""
        if not self.record:
            return []
        if self._is_day_match():
            return [(self.record, ">=", self.value), (self.record, "<", self.value + _DAY)]
        if self.by_day and self.sign == "=":
            return [(self.record, ">=", self.value), (self.record, "<=", self.value)]
        if self.sign in _COMPARE and self._is_ordered():
            return [(self.record, self.sign, self.value)]
        return []

    def _is_ordered(self) -> bool:
        return self.type in {"date", "integer", "float"}

    def _is_day_match(self) -> bool:
        return isinstance(self.value, _WholeDay) and self.sign == "="

    def _from(self, bound: float) -> list[dict[str, Any]]:
        margin = _MORE_THAN_A_DAY if self.by_day else int(self.sign != ">")
        low = math.floor(bound) - margin
        if self.type == "date" and bound >= 0:
            low = max(low, 0)  # the API rejects negative seconds
        return [self._filter(">", low)]

    def _until(self, bound: float) -> list[dict[str, Any]]:
        margin = _MORE_THAN_A_DAY if self.by_day else int(self.sign != "<")
        return [self._filter("<", math.ceil(bound) + margin)]

    def _wire_value(self) -> Any:
        if self.type == "date":
            many = isinstance(self.value, list)
            return [math.floor(v) for v in self.value] if many else math.floor(self.value)
        return self.value

    def _filter(self, sign: str, value: Any) -> dict[str, Any]:
        return {"field": self.field, "operator": sign, "value": value}


class _WholeDay(float):
    """The first second of a day that was passed without a time."""


def _has_whole_day(value: Any) -> bool:
    return any(isinstance(v, _WholeDay) for v in (value if isinstance(value, list) else [value]))


def _keys(path: str) -> list[str]:
    # The name of a custom attribute may contain dots.
    return path.split(".", 1 if path.startswith("custom_attributes.") else -1)


def split_key(key: str) -> tuple[str, str]:
    """Split ``field__op`` into the field with dots and the operator's sign."""
    if not isinstance(key, str):
        raise InvalidParameterError(
            f"A filter's name must be text like 'created_at__gt', not {key!r}."
        )
    name, operator = split_field(key, OPERATORS)
    return name, OPERATORS[operator]


def _check_sign(allowed: Iterable[str], sign: str, what: str) -> None:
    signs = set(allowed)
    # >= and <= are rewritten to > and <, which every ordered type has.
    if sign in signs or (sign in {">=", "<="} and ">" in signs):
        return
    names = [
        k for k, v in OPERATORS.items() if v in signs or (k[:2] in {"gt", "lt"} and ">" in signs)
    ]
    raise InvalidParameterError(
        f"{what} does not support {sign!r}. Supported operators: {', '.join(names)}."
    )


def _field(entity: str, limits: SearchFields, name: str, value: Any) -> SearchField:
    if name in limits.fields:
        return limits.fields[name]
    if name.startswith("custom_attributes."):
        return SearchField(type=_attribute_type(name, value, limits))
    if name.startswith(limits.custom):  # records have these under other names
        return SearchField(type=_attribute_type(name, value, limits), record="")
    attribute = limits.custom + name.rpartition(".")[2]
    near = did_you_mean(name, [*limits.fields, attribute])
    own = "" if near else f" For a custom attribute, use {attribute}."
    raise UnknownNameError(f"{entity}.search has no field {name!r}.{near}{own}")


def _attribute_type(name: str, value: Any, limits: SearchFields) -> str:
    """Infer a custom attribute's type from the value it is compared with."""
    first = next(iter(value), None) if isinstance(value, (list, tuple, set)) else value
    if is_bool(first):
        return "boolean"
    if isinstance(first, float):
        return "float" if "float" in limits.operators else "integer"
    if hasattr(first, "__index__"):
        return "date" if name.endswith("_at") else "integer"
    is_date = not isinstance(first, str) or name.endswith("_at")
    return "date" if is_date and first is not None else "string"


def _typed(field: SearchField, sign: str, value: Any, what: str) -> Any:
    if sign in {"IN", "NIN"}:
        if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Iterable):
            raise InvalidParameterError(f"{what}: IN and NIN take a list, not {value!r}.")
        items = [_scalar(field, v, what) for v in value]
        if not items:
            raise InvalidParameterError(f"{what}: the list is empty, so nothing can match.")
        return items
    if isinstance(value, (list, tuple, set)):
        raise InvalidParameterError(f"{what}: for a list, use {what.split(': ')[1]}__in=[...].")
    return _scalar(field, value, what)


_HINTS = {
    "boolean": "True or False",
    "integer": "a whole number",
    "number": "a number",
    "text": "text",
}


def _scalar(field: SearchField, value: Any, what: str) -> Any:
    if field.type == "date":
        seconds = unix_seconds(value, what)
        return _WholeDay(seconds) if is_whole_day(value) else seconds
    if value is None and field.type == "string":
        return None
    kind = {"float": "number", "string": "text"}.get(field.type, field.type)
    if kind == "integer" and what.split(": ")[1].startswith("custom_attributes."):
        kind = "number"  # the API declares custom numbers without saying whether they are whole
    try:
        typed = coerce(kind, value, what)
    except (TypeError, ValueError, OverflowError):
        raise InvalidParameterError(f"{what} must be {_HINTS[kind]}, not {value!r}.") from None
    if field.values and typed not in field.values:
        near = did_you_mean(typed, field.values)
        raise InvalidParameterError(f"{what}: {value!r} is not a valid value.{near}")
    return typed


def raw_query(entity: str, value: Mapping[str, Any], limits: SearchFields) -> Query:
    """Check a query in the API's own language: fields, operators, values, nesting, group sizes.

    Dates given as text become Unix seconds; everything else is sent unchanged. Raises
    UnknownNameError and InvalidParameterError.

    >>> from intercom_nb.catalog import search_fields
    >>> raw = {"field": "created_at", "operator": ">", "value": "2026-10-01"}
    >>> raw_query("contacts", raw, search_fields("contacts")).query["value"]
    1790812800
    """
    return Query(_checked_node(entity, value, limits, depth=0))


def _checked_node(entity: str, node: Any, limits: SearchFields, depth: int) -> dict[str, Any]:
    shape = set(node) if isinstance(node, Mapping) else set()
    if not {"operator", "value"} <= shape <= {"field", "operator", "value"}:
        raise InvalidParameterError(
            "A query must be {'field', 'operator', 'value'} or {'operator': 'AND' or 'OR', "
            f"'value': [queries]}}, not {node!r}."
        )
    if "field" in node:
        return _checked_leaf(entity, node, limits)
    members = node["value"]
    if str(node["operator"]) not in _GROUP or not isinstance(members, (list, tuple)) or not members:
        raise InvalidParameterError(
            f"A group must be {{'operator': 'AND' or 'OR', 'value': [queries]}}, not {node!r}."
        )
    if depth >= limits.max_nesting:
        raise InvalidParameterError(f"A query takes at most {limits.max_nesting} levels of groups.")
    if len(members) > limits.max_filters:
        raise InvalidParameterError(f"A group takes at most {limits.max_filters} filters.")
    checked = [_checked_node(entity, child, limits, depth + 1) for child in members]
    return {**node, "value": checked}


def _checked_leaf(entity: str, node: Mapping[str, Any], limits: SearchFields) -> dict[str, Any]:
    name, sign, value = node["field"], str(node["operator"]), node["value"]
    if sign not in _SIGNS:
        known = " ".join(sorted(_SIGNS))
        raise InvalidParameterError(
            f"{node['operator']!r} is not a valid operator. Valid operators: {known}."
        )
    if not isinstance(name, str):
        raise InvalidParameterError(f"{entity}.search: a field must be text, not {name!r}.")
    field = _field(entity, limits, name, value)
    signs = {*(field.operators or limits.operators[field.type])}
    _check_sign(signs, sign, f"{entity}.search: {name}")
    _typed(field, sign, value, f"{entity}.search: {name}")  # raises for an invalid value
    if field.type == "date":
        value = [_raw_seconds(v) for v in value] if sign in {"IN", "NIN"} else _raw_seconds(value)
    return {**node, "value": value}


def _raw_seconds(value: Any) -> Any:
    """Return a time as the API takes it: numbers, also as text, stay as they are."""
    is_number = isinstance(value, (int, float)) or (isinstance(value, str) and value.isdecimal())
    return value if is_number else math.floor(unix_seconds(value))
