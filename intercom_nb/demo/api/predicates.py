"""Search queries, checked and compiled to predicates over records."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from intercom_nb.demo.api.errors import ApiError, invalid
from intercom_nb.demo.api.search_fields import QueryField
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.time_zone import local_day
from intercom_nb.demo.store import Store

MAX_NESTING = 2
MAX_FILTERS = 15

Predicate = Callable[[Store, Record], bool]
# A negative filter matches records without a value too.
_NEGATIVE = {"!=": "=", "NIN": "IN", "!~": "~"}
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "IN": lambda value, wanted: value in wanted,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "~": lambda value, wanted: wanted in value.lower(),
    "^": lambda value, wanted: value.lower().startswith(wanted),
    "$": lambda value, wanted: value.lower().endswith(wanted),
}
_MOST_DIGITS = 11  # a longer date must be in milliseconds


def compile_query(query: Any, fields: Mapping[str, QueryField], depth: int = 1) -> Predicate:
    """Compile a query object to a predicate, or raise the API's error.

    >>> from intercom_nb.demo.api.search_fields import CONTACT_FIELDS
    >>> test = compile_query({"field": "role", "operator": "=", "value": "lead"}, CONTACT_FIELDS)
    >>> test(None, {"role": "lead"})
    True
    """
    if not isinstance(query, dict):
        raise invalid("query must be an object", "query")
    if query.get("operator") in ("AND", "OR"):
        return _group(query, fields, depth)
    return _filter(query, fields)


def _group(query: Record, fields: Mapping[str, QueryField], depth: int) -> Predicate:
    members = query.get("value")
    if depth > MAX_NESTING:
        raise invalid(f"query is nested deeper than {MAX_NESTING} levels", "query")
    if not isinstance(members, list) or not members:
        raise invalid("the value of a group must be a list of filters", "query")
    if len(members) > MAX_FILTERS:
        raise invalid(f"a group takes at most {MAX_FILTERS} filters", "query")
    tests = [compile_query(member, fields, depth + 1) for member in members]
    if query["operator"] == "AND":
        return lambda store, record: all(test(store, record) for test in tests)
    return lambda store, record: any(test(store, record) for test in tests)


def _filter(query: Record, fields: Mapping[str, QueryField]) -> Predicate:
    name, sign = query.get("field"), query.get("operator")
    if not isinstance(name, str) or "value" not in query:
        raise invalid("a filter needs field, operator and value", "query")
    if name not in fields:
        raise ApiError(400, "invalid_field", f"{name} is not a valid search field", name)
    field = fields[name]
    if not isinstance(sign, str) or sign not in field.kind.operators:
        raise invalid(f"operator {sign} is not supported for {name}", name)
    if query["value"] is None:
        return _null(field, sign, name)
    wanted = _wanted(query["value"], field.kind.name, sign, name)
    compare = _comparison(field.kind.name, _NEGATIVE.get(sign, sign))
    expected = sign not in _NEGATIVE

    def is_match(store: Store, record: Record) -> bool:
        found = any(compare(value, wanted) for value in field.read(store, record))
        return found is expected

    return is_match


def _null(field: QueryField, sign: str, name: str) -> Predicate:
    if field.kind.name != "string" or sign not in ("=", "!="):
        raise _wrong_type(name, field.kind.name)
    return lambda store, record: (not field.read(store, record)) is (sign == "=")


def _comparison(kind: str, sign: str) -> Callable[[Any, Any], bool]:
    if kind == "day":
        # Contacts: dates match whole calendar days in the workspace's time zone.
        compare = _OPERATORS[sign]
        return lambda value, wanted: compare(local_day(value), wanted)
    if kind == "second" and sign in "><":
        # Conversations: > and < include the bound, as the API reference says.
        return _OPERATORS[f"{sign}="]
    return _OPERATORS[sign]


def _wanted(value: Any, kind: str, sign: str, name: str) -> Any:
    if sign in ("IN", "NIN"):
        if not isinstance(value, list) or not value:
            raise _wrong_type(name, f"list of {kind}")
        return [_scalar(entry, kind, name) for entry in value]
    checked = _scalar(value, kind, name)
    return checked.lower() if sign in ("~", "!~", "^", "$") else checked


def _scalar(value: Any, kind: str, name: str) -> Any:
    if kind in ("day", "second"):
        seconds = _seconds(value, name)
        return local_day(seconds) if kind == "day" else seconds
    if kind == "word" and isinstance(value, str):
        return value.lower()
    if kind in ("integer", "float"):
        return _number(value, kind, name)
    if not isinstance(value, bool if kind == "boolean" else str):
        raise _wrong_type(name, kind)
    return value


def _number(value: Any, kind: str, name: str) -> float:
    # Like times, numbers arrive as 7, 7.0 or "7", depending on the client.
    if isinstance(value, str) and value.removesuffix(".0").removeprefix("-").isdecimal():
        return int(value.removesuffix(".0"))
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and (kind == "float" or value.is_integer()):
        return value
    raise _wrong_type(name, kind)


def _seconds(value: Any, name: str) -> int:
    # Clients send whole seconds as 1790000000, 1790000000.0 or either of them as text.
    text = str(value).removesuffix(".0")
    is_number = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    digits = is_number and text.isascii() and text.isdigit()
    if digits and len(text) <= _MOST_DIGITS:
        return int(text)
    raise _wrong_type(name, "date (unix seconds)")


def _wrong_type(name: str, kind: str) -> ApiError:
    return ApiError(400, "type_mismatch", f"the value of {name} must be a {kind}", name)


def sort_records(
    store: Store, records: Sequence[Record], sort: Any, fields: Mapping[str, QueryField]
) -> list[Record]:
    """Sort records by a search's `sort`; missing values come last.

    >>> from intercom_nb.demo.api.search_fields import CONTACT_FIELDS
    >>> rows, order = [{"id": "1", "name": "b"}, {"id": "2", "name": "a"}], {"field": "name"}
    >>> [row["id"] for row in sort_records(None, rows, order, CONTACT_FIELDS)]
    ['1', '2']
    """
    if sort is None:
        return list(records)
    if not isinstance(sort, dict) or not isinstance(sort.get("field"), str):
        raise invalid("sort must be an object with field and order", "sort")
    order = sort.get("order", "descending")
    if order not in ("ascending", "descending"):
        raise ApiError(400, "invalid_sort_order", f"{order} is not a valid sort order", "sort")
    field = fields.get(sort["field"])
    if field is None or not field.is_sortable:
        raise ApiError(400, "invalid_field", f"{sort['field']} can't be sorted by", "sort")
    valued = [(field.read(store, record), record) for record in records]
    present = [(values[0], record) for values, record in valued if values]
    present.sort(key=lambda pair: pair[0], reverse=order == "descending")
    return [record for _, record in present] + [record for values, record in valued if not values]
