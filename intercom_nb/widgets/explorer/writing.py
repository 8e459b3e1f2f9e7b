"""A write, and what it changed: the record is read before and after, where it can be read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ... import catalog
from ...catalog.model import Operation
from ...connector.connector import IntercomConnector
from ...errors import IntercomError
from .query.form_schema import operation_in
from .result.cells import cell_text

_MOST = 40


@dataclasses.dataclass(frozen=True)
class Written:
    """The answer of a write; the record before and after it, None where it was not read."""

    frame: pd.DataFrame
    before: pd.DataFrame | None
    after: pd.DataFrame | None


async def write(
    connector: IntercomConnector, operation: Operation, arguments: Mapping[str, Any]
) -> Written:
    """Carry a write out; a record that cannot be read does not keep it from being written."""
    key = record_key(connector.mode, operation, arguments)
    before = await _read(connector, operation.entity, key)
    namespace = getattr(connector, operation.entity)
    frame = await getattr(namespace, operation.action)(**arguments)
    deletes = operation.action.startswith("delete")
    after = None if deletes else await _read(connector, operation.entity, key)
    return Written(frame, before, after)


def record_key(
    mode: str, operation: Operation, arguments: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Give what the entity's ``get`` needs to read the record that is written, or None.

    >>> record_key("direct", catalog.operation("contacts", "archive"), {"contact_id": "7"})
    {'id': '7'}
    """
    if "get" not in catalog.actions(operation.entity):
        return None
    get = operation_in(mode, operation.entity, "get")
    if get is None:
        return None
    given = {p.wire_name: arguments[p.name] for p in operation.params if p.name in arguments}
    needed = {p.name: given.get(p.wire_name) for p in get.params if p.required}
    if any(value is None for value in needed.values()):
        return None
    return needed


async def _read(
    connector: IntercomConnector, entity: str, key: dict[str, Any] | None
) -> pd.DataFrame | None:
    if key is None:
        return None
    try:
        frame: pd.DataFrame = await getattr(connector, entity).get(**key)
    except IntercomError:
        return None  # not found, or not allowed: said to be unknown
    return frame if len(frame) == 1 else None


def what_changed(
    operation: Operation, arguments: Mapping[str, Any], written: Written
) -> tuple[str, dict[str, Any]]:
    """Say in a line what a write did, and give its fields: [name, before, after].

    The ``kind`` is ``changed``, ``created``, ``deleted`` or ``answered``, where the record cannot
    be read and the answer is all there is. ``more`` counts the fields beyond the first 40.
    """
    ids = ", ".join(map(str, written.frame["id"])) if "id" in written.frame else ""
    text = f"Done: {operation.action} {operation.entity} {ids}".rstrip()
    kind, rows = _fields(operation, written)
    # What was asked for comes first.
    rows.sort(key=lambda row: row[0].split(".")[0] not in arguments)
    now = [
        f"{name} is now {cell_text(written.frame[name].iloc[0]) or 'empty'}"
        for name in arguments
        if name in written.frame and name != "id" and len(written.frame) == 1
    ]
    said = f"{text}; {', '.join(now)}." if now else f"{text}."
    return said, {"kind": kind, "fields": rows[:_MOST], "more": max(0, len(rows) - _MOST)}


def _fields(
    operation: Operation, written: Written
) -> tuple[str, list[tuple[str, str | None, str | None]]]:
    before, after = _texts(written.before), _texts(written.after)
    answer = _texts(written.frame)
    if operation.action.startswith("delete"):
        return "deleted", [(name, text, None) for name, text in (before or answer).items() if text]
    if before and after:
        names = [*before, *(name for name in after if name not in before)]
        pairs = [(name, before.get(name), after.get(name)) for name in names]
        return "changed", [row for row in pairs if row[1] != row[2]]
    kind = "created" if operation.action.startswith("create") else "answered"
    return kind, [(name, None, text) for name, text in answer.items() if text]


def _texts(frame: pd.DataFrame | None) -> dict[str, str | None]:
    if frame is None or not len(frame):
        return {}
    return {str(name): cell_text(frame[name].iloc[0]) for name in frame}
