"""Search filters, as people write them, to the API's query language.

Instants mean instants. The API matches a contact's times by calendar day in the workspace's time
zone and takes ``>`` and ``<`` of a conversation to include the edge, so a query asks for a little
more where it must, and the ``ResidualFilter`` that comes with it drops what was not asked for.
Source: developers.intercom.com, "Search contacts" and "Search conversations".
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..errors import InvalidParameterError, UnknownNameError, did_you_mean
from .model import SearchField, SearchFields
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
# A local day has up to 25 hours: that far apart, two instants are never on the same day.
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
    """Conditions that the server can only answer roughly, to be applied to what it sent.

    All of ``conditions`` (path, sign, value) must hold, and of each group of ``any_of`` one.
    """

    conditions: tuple[tuple[str, str, Any], ...] = ()
    any_of: tuple[tuple[ResidualFilter, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.conditions or self.any_of)

    def keeps(self, record: Mapping[str, Any]) -> bool:
        """Tell whether a record meets all conditions; a missing value is never > or <."""
        return all(_holds(record, *condition) for condition in self.conditions) and all(
            any(trim.keeps(record) for trim in group) for group in self.any_of
        )


NO_TRIM = ResidualFilter()


def _holds(record: Mapping[str, Any], path: str, sign: str, bound: Any) -> bool:
    value: Any = record
    for key in _steps(path):
        value = value.get(key) if isinstance(value, Mapping) else None
    if sign in _COMPARE:
        return isinstance(value, (int, float)) and _COMPARE[sign](value, bound)
    among = bound if isinstance(bound, list) else [bound]
    return (_folded(value) in map(_folded, among)) == (sign in {"=", "IN"})


def _folded(value: Any) -> Any:
    # As the server compares: ids are text or numbers, and upper case does not matter.
    return value if value is None or isinstance(value, bool) else str(value).casefold()


@dataclasses.dataclass(frozen=True)
class Query:
    """A query in the API's language, and what is left to do with the answers."""

    query: dict[str, Any]
    trim: ResidualFilter = NO_TRIM


def is_raw_query(value: Mapping[str, Any]) -> bool:
    """Tell a query in the API's own language from a dict of ``field__op`` filters."""
    return not {"field", "operator", "value"}.isdisjoint(value)


def raw_query(value: Mapping[str, Any], limits: SearchFields) -> Query:
    """Check a query in the API's own language; its values are sent as they are.

    Raises InvalidParameterError for an unknown operator, too deep nesting or too many filters.
    """
    _check_raw(value, limits, depth=0)
    return Query(dict(value))


def build_query(entity: str, limits: SearchFields, filters: Mapping[str, Any]) -> Query:
    """Turn ``field__op`` filters, all of which must hold, into a query.

    Dots of a field may be written as ``__`` (keywords) or as dots (dict keys). Raises
    UnknownNameError for a field, InvalidParameterError for an operator or a value that cannot be.

    >>> from intercom_nb.catalog import search_fields
    >>> build_query("contacts", search_fields("contacts"), {"role": "lead"}).query
    {'field': 'role', 'operator': '=', 'value': 'lead'}
    """
    if not filters:
        raise InvalidParameterError(
            f"{entity}.search needs a filter, like created_at__gt='7d'. "
            f"For all of them: {entity}.list(limit=None)."
        )
    sent: list[dict[str, Any]] = []
    trim: list[tuple[str, str, float]] = []
    for key, value in filters.items():
        condition = Condition.make(entity, limits, *split_key(key), value)
        sent += condition.sent()
        trim += condition.trimmed()
    return Query(grouped("AND", sent, limits.max_filters), ResidualFilter(tuple(trim)))


def sort_object(value: Any) -> dict[str, str]:
    """Turn ``"created_at"`` or ``"-created_at"`` into the API's sort object.

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


def grouped(operator: str, filters: list[dict[str, Any]], max_filters: int) -> dict[str, Any]:
    """Join filters by AND or OR; more than fit into one group become groups in a group."""
    if len(filters) == 1:
        return filters[0]
    if len(filters) <= max_filters:
        return {"operator": operator, "value": filters}
    groups = [filters[i : i + max_filters] for i in range(0, len(filters), max_filters)]
    if len(groups) > max_filters:
        raise InvalidParameterError(f"A search takes {max_filters**2} filters at most.")
    return {"operator": operator, "value": [{"operator": operator, "value": g} for g in groups]}


@dataclasses.dataclass(frozen=True)
class Condition:
    """One filter, checked: field, operator sign, value in the type that the field has."""

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
        allowed = field.operators or limits.operators[field.type]
        what = f"{entity}.search: {name}"
        if sign in {">=", "<="} and ">" in allowed:
            pass  # rewritten to > and <, which every ordered type has
        elif sign not in allowed:
            words = [
                k
                for k, v in OPERATORS.items()
                if v in allowed or (k[:2] in {"gt", "lt"} and ">" in allowed)
            ]
            raise InvalidParameterError(
                f"{what} cannot be searched by {sign!r}. It takes: {', '.join(words)}."
            )
        record = name if field.record is None else field.record
        typed = _typed(field, sign, value, what)
        if sign in {"!=", "IN", "NIN"} and _has_whole_day(typed):
            raise InvalidParameterError(
                f"{what}: by {sign} only instants can be asked for, and {value!r} is a whole day. "
                f"Ask for its edges: {name}__gte and {name}__lt."
            )
        return cls(name, sign, typed, field.type, by_day, record)

    def sent(self) -> list[dict[str, Any]]:
        """Give the filters for the server: the same rows, or a few more."""
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

    def trimmed(self) -> list[tuple[str, str, float]]:
        """Give the conditions to apply to the answers, where the server's may be wider."""
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
            low = max(low, 0)  # since 1970: the API takes no negative seconds
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
    """The first second of a day that was given without a time."""


def _has_whole_day(value: Any) -> bool:
    return any(isinstance(v, _WholeDay) for v in (value if isinstance(value, list) else [value]))


def _steps(path: str) -> list[str]:
    # What customers call their attributes may have dots in it.
    return path.split(".", 1 if path.startswith("custom_attributes.") else -1)


def split_key(key: str) -> tuple[str, str]:
    """Take ``field__op`` apart: the field with dots, and the sign of the operator."""
    if not isinstance(key, str):
        raise InvalidParameterError(
            f"A filter is named by text like 'created_at__gt', not {key!r}."
        )
    name, _, last = key.rpartition("__")
    if name and last in OPERATORS:
        return _dotted(name), OPERATORS[last]
    return _dotted(key), "="


def _dotted(name: str) -> str:
    # A key with dots is spelled as the API spells it; its underscores are its own.
    return name if "." in name else name.replace("__", ".")


def _field(entity: str, limits: SearchFields, name: str, value: Any) -> SearchField:
    if name in limits.fields:
        return limits.fields[name]
    if name.startswith("custom_attributes."):
        return SearchField(type=_attribute_type(name, value, limits))
    if name.startswith(limits.custom):  # the answers have these by other names
        return SearchField(type=_attribute_type(name, value, limits), record="")
    raise UnknownNameError(
        f"{entity}.search has no field {name!r}.{did_you_mean(name, limits.fields)}"
    )


def _attribute_type(name: str, value: Any, limits: SearchFields) -> str:
    """Guess a custom attribute's type from the value it is compared with."""
    first = next(iter(value), None) if isinstance(value, (list, tuple, set)) else value
    if _is_bool(first):
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
            raise InvalidParameterError(f"{what}: the list is empty, so nothing could match.")
        return items
    if isinstance(value, (list, tuple, set)):
        raise InvalidParameterError(f"{what}: for a list, write {what.split(': ')[1]}__in=[...].")
    return _scalar(field, value, what)


def _scalar(field: SearchField, value: Any, what: str) -> Any:
    if field.type == "date":
        seconds = unix_seconds(value, what)
        return _WholeDay(seconds) if is_whole_day(value) else seconds
    if value is None and field.type == "string":
        return None
    if field.type == "boolean":
        if _is_bool(value):
            return bool(value)
        raise InvalidParameterError(f"{what} must be True or False, not {value!r}.")
    if field.type in {"integer", "float"}:
        return _numeric(field.type, value, what)
    return _text(field, value, what)


def _is_bool(value: Any) -> bool:
    return type(value).__name__ in {"bool", "bool_"}  # Python's and numpy's


def _numeric(kind: str, value: Any, what: str) -> int | float:
    try:
        if isinstance(value, bool):
            raise TypeError
        number = float(value)
        if kind == "integer" and what.split(": ")[1].startswith("custom_attributes."):
            kind = "float"  # the API tells no more of a custom number than that it is one
        if kind == "integer" and not number.is_integer():
            raise ValueError
        return int(value) if number.is_integer() else number
    except (TypeError, ValueError):
        words = "a whole number" if kind == "integer" else "a number"
        raise InvalidParameterError(f"{what} must be {words}, not {value!r}.") from None


def _text(field: SearchField, value: Any, what: str) -> str:
    if hasattr(value, "__index__") and not isinstance(value, bool):
        value = str(value.__index__())  # ids are text to the API, and numbers in many frames
    if not isinstance(value, str):
        raise InvalidParameterError(f"{what} must be text, not {value!r}.")
    if field.values and value not in field.values:
        raise InvalidParameterError(
            f"{what} has no value {value!r}.{did_you_mean(value, field.values)}"
        )
    return value


def _check_raw(node: Any, limits: SearchFields, depth: int) -> None:
    shape = set(node) if isinstance(node, Mapping) else set()
    if not {"operator", "value"} <= shape <= {"field", "operator", "value"}:
        raise InvalidParameterError(
            "A query is {'field', 'operator', 'value'} or {'operator': 'AND' or 'OR', 'value': "
            f"[queries]}}, not {node!r}."
        )
    if "field" in node:
        if str(node["operator"]) not in _SIGNS:
            known = sorted(_SIGNS)
            raise InvalidParameterError(
                f"There is no operator {node['operator']!r}. There is: {' '.join(known)}"
            )
        return
    members = node["value"]
    if str(node["operator"]) not in _GROUP or not isinstance(members, (list, tuple)) or not members:
        raise InvalidParameterError("A group is {'operator': 'AND' or 'OR', 'value': [queries]}.")
    if depth >= limits.max_nesting:
        raise InvalidParameterError(f"A query nests {limits.max_nesting} groups deep at most.")
    if len(members) > limits.max_filters:
        raise InvalidParameterError(f"A group takes {limits.max_filters} filters at most.")
    for child in members:
        _check_raw(child, limits, depth + 1)
