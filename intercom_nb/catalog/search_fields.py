"""Searchable fields of each entity: ``search_fields.json``."""

from __future__ import annotations

from typing import Literal

import msgspec

from .model import read_data


class SearchField(msgspec.Struct, frozen=True):
    """One searchable field; ``record`` is its path in a record, if it differs (empty: none)."""

    type: str
    values: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    record: str | None = None


class SearchFields(msgspec.Struct, frozen=True):
    """The searchable fields of an entity and the limits of a query.

    ``custom`` is the prefix of custom attributes. ``max_list`` is our limit: the API documents
    none for the values of IN.
    """

    dates: Literal["day", "second"]
    max_filters: int
    max_nesting: int
    operators: dict[str, tuple[str, ...]]
    fields: dict[str, SearchField]
    custom: str = "custom_attributes."
    max_list: int = 50


def search_fields(entity: str) -> SearchFields | None:
    """Return the searchable fields of an entity, or None if it has no search."""
    return read_data("search_fields.json", dict[str, SearchFields]).get(entity)
