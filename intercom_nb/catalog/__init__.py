"""What can be asked of Intercom: every operation and its parameters, as data.

``operations.json`` is the one place where an operation is described; checking, documentation,
forms, completion and the agent tool are drawn from it. ``records.json`` has the declared fields
of each kind of record, ``search_fields.json`` what can be searched for, ``hosted.json`` what
hosted execution has besides or instead.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Any, TypeVar

import msgspec

from ..errors import UnknownNameError, did_you_mean
from .hosted import hosted_actions, hosted_operation, kept_columns
from .model import (
    EntityData,
    ListColumn,
    Operation,
    Paging,
    Parameter,
    RecordColumns,
    SearchField,
    SearchFields,
)

__all__ = [
    "EntityData",
    "ListColumn",
    "Operation",
    "Paging",
    "Parameter",
    "RecordColumns",
    "SearchField",
    "SearchFields",
    "actions",
    "entities",
    "hosted_operation",
    "operation",
    "operations",
    "record_columns",
    "record_entity",
    "search_fields",
    "selected_columns",
]

_T = TypeVar("_T")


def _data(name: str, kind: type[_T]) -> _T:
    raw = (resources.files(__package__) / name).read_bytes()
    return msgspec.json.decode(raw, type=kind)


@functools.cache
def entities() -> dict[str, EntityData]:
    """Give every entity with its actions, in the catalog's order, the hosted ones last."""
    found = _data("operations.json", dict[str, EntityData])
    return {
        entity: EntityData(data.description, {**data.actions, **hosted_actions(entity)})
        for entity, data in found.items()
    }


@functools.cache
def _operations() -> dict[tuple[str, str], Operation]:
    return {
        (entity, action): Operation(entity=entity, action=action, **msgspec.structs.asdict(spec))
        for entity, data in entities().items()
        for action, spec in data.actions.items()
    }


def operations() -> list[Operation]:
    """Give all operations, in the catalog's order."""
    return list(_operations().values())


def actions(entity: str) -> list[str]:
    """Give the actions of an entity; an unknown one raises UnknownNameError."""
    known = entities()
    if str(entity) not in known:
        raise UnknownNameError(f"There is no entity {entity!r}.{did_you_mean(entity, known)}")
    return list(known[str(entity)].actions)


def operation(entity: str, action: str) -> Operation:
    """Give one operation.

    Raises UnknownNameError, with the nearest right name, when there is none.

    >>> operation("contacts", "list").path
    '/contacts'
    """
    known = actions(entity)
    if str(action) not in known:
        raise UnknownNameError(f"{entity} has no action {action!r}.{did_you_mean(action, known)}")
    return _operations()[str(entity), str(action)]


@functools.cache
def _records() -> dict[str, RecordColumns]:
    return _data("records.json", dict[str, RecordColumns])


def selected_columns(operation: Operation, params: Mapping[str, Any]) -> RecordColumns:
    """Give the declared columns of an operation's records, less those that it leaves out."""
    return kept_columns(record_columns(operation.record), operation, params)


def record_columns(record: str | None) -> RecordColumns:
    """Give the declared columns of a kind of record; none are declared for None."""
    return _records()[record] if record else {}


@functools.cache
def _owners() -> dict[str, str]:
    return {
        str(spec.record): entity
        for entity, data in reversed(entities().items())  # the first one that has it owns it
        for action, spec in data.actions.items()
        if spec.record and action in {"list", "search", "get"}
    }


def record_entity(operation: Operation) -> str:
    """Give the entity that the records of an operation are of.

    >>> record_entity(operation("companies", "list_contacts"))
    'contacts'
    """
    return _owners().get(str(operation.record), operation.entity)


@functools.cache
def _search_fields() -> dict[str, SearchFields]:
    return _data("search_fields.json", dict[str, SearchFields])


def search_fields(entity: str) -> SearchFields | None:
    """Give what an entity's search understands, or None when it takes no filters."""
    return _search_fields().get(entity)
