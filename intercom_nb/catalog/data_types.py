"""Types of the data files that describe entities and hosted execution."""

from __future__ import annotations

from functools import partial
from typing import Literal, get_args

import msgspec

from .model import Action, Paging, Parameter, read_data

CONTEXT_STORE_SEARCH = "context_store_search"
CONTEXT_STORE_SQL = "context_store_sql_query"
Group = Literal["people", "conversations", "tickets", "content", "settings"]
GROUPS: tuple[str, ...] = get_args(Group)
"""The groups of entities, in the order that people see."""


class EntityData(msgspec.Struct, frozen=True, kw_only=True):
    """An entity as the data file has it.

    ``group`` is the part of Intercom that it belongs to, in lists for people to choose from.
    ``web_path`` is the path of a record's page in Intercom, ``first_columns`` are those that a
    table starts with. ``linked_by`` names columns of other records that hold ids of this entity,
    besides ``<link_name>_id``; ``link_name`` is the singular if empty. ``has_personal_names``:
    the ``name`` of a record identifies a person or a company, so masking replaces it. ``parts``
    is the list of a record's messages and events, ``detail`` the action that returns a record
    whole, if a search or list returns less. ``matched_by`` names the parameters that identify a
    record, best first. ``is_short``: forms read it whole and show the names instead of the ids.
    """

    description: str
    singular: str
    group: Group
    web_path: str | None = None
    first_columns: tuple[str, ...] = ()
    linked_by: tuple[str, ...] = ()
    link_name: str = ""
    has_personal_names: bool = False
    parts: str | None = None
    detail: str | None = None
    matched_by: tuple[str, ...] = ()
    is_short: bool = False
    actions: dict[str, Action]


class ContextStore(msgspec.Struct, frozen=True):
    """Airbyte's searchable copy of a workspace: its actions, records and fields.

    ``semantic`` names the entities whose texts a search compares by meaning.
    """

    actions: dict[str, Action]
    semantic: tuple[str, ...]
    records: dict[str, str]
    operators: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]


class HostedData(msgspec.Struct, frozen=True):
    """``hosted.json``: parameter names by entity and action; ``?`` marks optional ones."""

    operations: dict[str, dict[str, tuple[str, ...]]]
    extra: dict[str, tuple[Parameter, ...]]
    paging: dict[str, Paging]
    envelope: tuple[Parameter, ...]
    context_store: ContextStore


hosted_data = partial(read_data, "hosted.json", HostedData)
"""Read what differs in hosted execution."""
