"""Context store: the copy of the records that the hosted service searches."""

from __future__ import annotations

import base64
import binascii
import json
import operator
import re
from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from intercom_nb.demo.airbyte.execute import select
from intercom_nb.demo.airbyte.http import HostedError, check_fields, invalid
from intercom_nb.demo.api import serializers
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.store import Store

DEFAULT_LIMIT = 1_000
ENTITIES = ("contacts", "conversations", "companies", "teams", "conversation_parts")
_PART_FIELDS = (
    *("type", "id", "part_type", "body", "created_at", "updated_at", "notified_at"),
    *("assigned_to", "author", "attachments", "external_id", "redacted"),
)
_PARAMS = {"query?": dict, "limit?": int, "cursor?": str, "fields?": list, "semantic?": dict}
# Text that a semantic search reads, by entity.
_TEXT_FIELDS = {"conversations": "source.body", "conversation_parts": "body"}
_SEMANTIC = {
    "prompt": str,
    "field?": str,
    "filter?": dict,
    "context_size?": int,
    "min_similarity?": None,
    "dedup?": bool,
}
_WORD = re.compile(r"\w+")


def records_of(store: Store, entity: str) -> list[Record]:
    """Return the copied records of an entity."""
    if entity == "contacts":
        return [serializers.contact(store, record) for record in store.people.contacts.values()]
    if entity == "conversations":
        return [serializers.conversation(store, record) for record in store.conversations.values()]
    if entity == "companies":
        found = [serializers.company(store, record) for record in store.people.companies.values()]
        # The copy is made from the list endpoint, which omits companies without contacts.
        return [record for record in found if record["user_count"]]
    if entity == "teams":
        return list(store.organization.teams.values())
    if entity == "conversation_parts":
        cache = store.search_results  # a write clears it
        if entity not in cache:
            cache[entity] = [part for key in store.conversations for part in _parts(store, key)]
        return cache[entity]
    raise HostedError(400, f"{entity} is not in the context store")


def _parts(store: Store, key: str) -> list[Record]:
    conversation, parts = store.conversations[key], store.parts(key)
    shared = {
        "conversation_id": key,
        "conversation_created_at": conversation["created_at"],
        "conversation_updated_at": conversation["updated_at"],
        "conversation_total_parts": len(parts),
    }
    return [{name: part[name] for name in _PART_FIELDS} | shared for part in parts]


def search(store: Store, entity: str, params: Record) -> tuple[list[Record], Record]:
    """Return the matching records and the `meta` object of a search."""
    check_fields("params", params, _PARAMS)
    if "query" not in params and "semantic" not in params:
        raise invalid("params", "query", "Field required", "missing")
    query = check_fields("query", params.get("query", {}), {"filter?": dict, "sort?": list})
    limit = params.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= DEFAULT_LIMIT:
        raise invalid("params", "limit", "Input should be from 1 to 1000", "value_error")
    condition = query.get("filter")
    found = [r for r in records_of(store, entity) if condition is None or is_match(condition, r)]
    if "semantic" in params:
        found = _most_similar(found, entity, params["semantic"])
    for order in reversed(query.get("sort") or []):
        found = _sorted(found, order)
    start = _position(params.get("cursor"))
    page = found[start : start + limit]
    if "fields" in params:
        paths = [p if isinstance(p, str) else ".".join(p) for p in params["fields"]]
        page = [select(record, paths) for record in page]
    more = start + limit < len(found)
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else None
    return page, {"has_more": more, "cursor": cursor, "took_ms": 3}


def _most_similar(records: list[Record], entity: str, semantic: Record) -> list[Record]:
    """Sort records by the share of the prompt's words that they contain.

    The service compares embeddings; shared words stand in for them here.
    """
    check_fields("semantic", semantic, _SEMANTIC)
    if entity not in _TEXT_FIELDS:
        raise invalid("params", "semantic", f"{entity} has no semantic search", "value_error")
    words = set(_words(semantic["prompt"]))
    least, condition = semantic.get("min_similarity") or 0, semantic.get("filter")
    scored = []
    for record in records:
        text = " ".join(map(str, _values(record, _TEXT_FIELDS[entity])))
        score = len(words & set(_words(text))) / max(len(words), 1)
        if score > 0 and score >= least and (condition is None or is_match(condition, record)):
            scored.append((score, record))
    return [record for _, record in sorted(scored, key=lambda pair: -pair[0])]


def is_match(condition: Any, record: Record) -> bool:
    """Return whether a record meets a condition.

    >>> is_match({"and": [{"eq": {"state": "open"}}, {"gt": {"n": 1}}]}, {"state": "open", "n": 2})
    True
    """
    if not isinstance(condition, dict) or not condition:
        raise invalid("filter", "", "A condition is {operator: {field: value}}", "value_error")
    return all(_is_operator_match(name, value, record) for name, value in condition.items())


def _is_operator_match(name: str, value: Any, record: Record) -> bool:
    if name == "not":
        return not is_match(value, record)
    if name in ("and", "or"):
        if not isinstance(value, list) or not value:
            raise invalid("filter", name, "Input should be a valid list", "list_type")
        found = [is_match(part, record) for part in value]
        return all(found) if name == "and" else any(found)
    if name != "any" and name not in _OPERATORS:
        raise invalid("filter", name, "Unknown operator", "value_error")
    if not isinstance(value, dict) or not value:
        raise invalid("filter", name, "Input should be a valid dictionary", "dict_type")
    return all(_is_field_match(name, path, wanted, record) for path, wanted in value.items())


def _is_field_match(name: str, path: str, wanted: Any, record: Record) -> bool:
    values = _values(record, path)
    if name == "any":
        items = [item for value in values if isinstance(value, list) for item in value]
        return any(isinstance(item, dict) and is_match(wanted, item) for item in items)
    if name == "neq":
        return wanted not in values
    if name == "eq" and wanted is None:
        return not values
    test = _OPERATORS[name]
    try:
        return any(test(value, wanted) for value in values)
    except TypeError:
        raise invalid("filter", path, "The value does not fit the field", "value_error") from None


def _values(record: Any, path: str) -> list[Any]:
    """Return the values at a path; `[]` after a step means each item of a list."""
    found = [record]
    for step in path.split("."):
        key, each = step.removesuffix("[]"), step.endswith("[]")
        found = [item[key] for item in found if isinstance(item, dict) and key in item]
        if each:
            found = [item for value in found if isinstance(value, list) for item in value]
    return [value for value in found if value is not None]


def _lower(value: Any) -> str:
    return str(value).lower()


def _words(value: Any) -> list[str]:
    return _WORD.findall(_lower(value))


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, wanted: value in wanted,
    "like": lambda value, wanted: wanted in str(value),
    "startswith": lambda value, wanted: _lower(value).startswith(_lower(wanted)),
    "endswith": lambda value, wanted: _lower(value).endswith(_lower(wanted)),
    "contains": lambda value, wanted: _lower(wanted) in _lower(value),
    "fuzzy": lambda value, wanted: all(word in _lower(value) for word in _words(wanted)),
    "keyword": lambda value, wanted: bool(set(_words(wanted)) & set(_words(value))),
    "array_contains": lambda value, wanted: isinstance(value, list) and wanted in value,
}


def _sorted(records: list[Record], order: Any) -> list[Record]:
    if not isinstance(order, dict) or len(order) != 1:
        raise invalid("query", "sort", "A sort is {field: asc or desc}", "value_error")
    ((path, direction),) = order.items()
    if direction not in ("asc", "desc"):
        raise invalid("query", "sort", "A sort is {field: asc or desc}", "value_error")
    sign = 1 if direction == "asc" else -1

    def compare(one: Record, other: Record) -> int:
        first, second = _values(one, path), _values(other, path)
        if not first or not second:  # missing values sort last in both directions
            return len(second) - len(first)
        return sign * (int(first[0] > second[0]) - int(first[0] < second[0]))

    return sorted(records, key=cmp_to_key(compare))


def _position(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        return int(json.loads(base64.b64decode(cursor, validate=True)))
    except (binascii.Error, ValueError, TypeError):
        raise invalid("params", "cursor", "Not a valid cursor", "value_error") from None
