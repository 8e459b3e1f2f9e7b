"""Catalog of the Intercom API: entities, operations and their parameters, as data.

``operations.json`` is the only description of entities and operations; validation,
documentation, forms, completion and the agent tool are derived from it. ``records.json`` declares
the fields of each record type, ``new_columns.json`` those of later versions, ``meanings.json``
what they mean, ``search_fields.json`` the searchable ones, ``hosted.json`` the differences of
hosted execution.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from ..errors import UnknownNameError, did_you_mean
from .data_types import CONTEXT_STORE_SEARCH, EntityData, hosted_data
from .declared_columns import ListColumn, RecordColumns, with_new
from .hosted import hosted_operation, kept_columns
from .meanings import meaning
from .model import Action, Operation, order, read_data
from .search_fields import search_fields

__all__ = [
    "actions",
    "entities",
    "hosted_operation",
    "meaning",
    "operation",
    "operations",
    "record_columns",
    "record_entity",
    "record_singular",
    "search_fields",
    "selected_columns",
    "singular",
    "truncated_lists",
]


@functools.cache
def entities() -> dict[str, EntityData]:
    """Return every entity with its actions, in catalog order, hosted-only actions last."""
    found = read_data("operations.json", dict[str, EntityData])
    return {
        entity: msgspec.structs.replace(data, actions={**data.actions, **_hosted_actions(entity)})
        for entity, data in found.items()
    }


def _hosted_actions(entity: str) -> dict[str, Action]:
    """Return the actions of an entity that exist only in hosted execution."""
    store = hosted_data().context_store
    if entity not in store.records:
        return {}
    search = store.actions[CONTEXT_STORE_SEARCH]
    params = tuple(p for p in search.params if p.name != "semantic" or entity in store.semantic)
    search = msgspec.structs.replace(search, params=params, record=store.records[entity])
    return {**store.actions, CONTEXT_STORE_SEARCH: search}


@functools.cache
def _operations() -> dict[tuple[str, str], Operation]:
    return {
        (entity, action): Operation(entity=entity, action=action, **msgspec.structs.asdict(spec))
        for entity, data in entities().items()
        for action, spec in data.actions.items()
    }


def operations() -> list[Operation]:
    """Return all operations in catalog order."""
    return list(_operations().values())


def actions(entity: str) -> list[str]:
    """Return the actions of an entity; raises UnknownNameError for an unknown entity."""
    known = entities()
    if str(entity) not in known:
        raise UnknownNameError(f"Unknown entity {entity!r}.{did_you_mean(entity, known)}")
    return list(known[str(entity)].actions)


def operation(entity: str, action: str) -> Operation:
    """Return one operation.

    Raises UnknownNameError, which suggests the nearest name, if it does not exist.

    >>> operation("contacts", "list").path
    '/contacts'
    """
    known = actions(entity)
    if str(action) not in known:
        raise UnknownNameError(f"{entity} has no action {action!r}.{did_you_mean(action, known)}")
    return _operations()[str(entity), str(action)]


def selected_columns(operation: Operation, params: Mapping[str, Any]) -> RecordColumns:
    """Return the declared columns of an operation's records, without the deselected ones."""
    columns = record_columns(operation.record, operation.version)
    return kept_columns(columns, operation, params) if operation.where else columns


@functools.cache
def record_columns(record: str | None, version: str | None = None) -> RecordColumns:
    """Return the declared columns of a record type; none for None and for an unknown type.

    With a version, its new columns are included: ``channel.current`` of a conversation in 2.16.
    """
    if not record:
        return {}
    columns = read_data("records.json", dict[str, RecordColumns]).get(record, {})
    if version is None:
        return columns
    newer = read_data("new_columns.json", dict[str, dict[str, RecordColumns]])
    for since, records in newer.items():
        if order(since) <= order(version):
            columns = with_new(columns, records.get(record, {}))
    return columns


def truncated_lists(operation: Operation) -> dict[str, ListColumn]:
    """Return the lists inside an operation's records that the API cuts short, by column.

    >>> list(truncated_lists(operation("contacts", "list")))
    ['tags', 'notes', 'companies']
    """
    columns = {} if operation.writes else record_columns(operation.record)
    return {
        name: column
        for name, column in columns.items()
        if isinstance(column, ListColumn) and column.complete_by
    }


@functools.cache
def _owners() -> dict[str, str]:
    return {
        str(spec.record): entity
        for entity, data in reversed(entities().items())  # the first entity with the record owns it
        for action, spec in data.actions.items()
        if spec.record and action in {"list", "search", "get"}
    }


def record_entity(operation: Operation) -> str:
    """Return the entity that an operation's records belong to.

    >>> record_entity(operation("companies", "list_contacts"))
    'contacts'
    """
    return _owners().get(str(operation.record), operation.entity)


def record_singular(operation: Operation) -> str:
    """Return what one record of an operation is called; child tables name their key after it.

    >>> record_singular(operation("conversations", "list"))
    'conversation'
    """
    name = operation.record or entities()[operation.entity].singular
    return name.removesuffix("_list_item")


def singular(plural: str) -> str:
    """Return the singular of an entity's name, or of the name of a list inside a record.

    >>> singular("companies"), singular("conversation_parts")
    ('company', 'conversation_part')
    """
    entity = entities().get(plural)
    return plural.removesuffix("s") if entity is None else entity.singular
