"""Declared columns of records: their kinds, and the lists of objects among them."""

from __future__ import annotations

from typing import Literal

import msgspec

ColumnKind = Literal[
    "id", "string", "integer", "number", "boolean", "time", "ids", "strings", "attributes", "json"
]


class ListColumn(msgspec.Struct, frozen=True):
    """A list of objects inside a record: its path, and the columns of its child table.

    ``complete_by`` names the operation that lists in full what the API cuts short.
    """

    list: str
    columns: dict[str, ColumnKind | ListColumn]
    complete_by: str | None = None


RecordColumns = dict[str, ColumnKind | ListColumn]


def with_new(columns: RecordColumns, new: RecordColumns) -> RecordColumns:
    """Add columns; a list that is already declared gets the new ones of its child table."""
    added = dict(columns)
    for name, kind in new.items():
        old = columns.get(name)
        if isinstance(old, ListColumn) and isinstance(kind, ListColumn):
            kind = msgspec.structs.replace(old, columns=with_new(old.columns, kind.columns))
        added[name] = kind
    return added
