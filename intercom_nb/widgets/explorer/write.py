"""Writes of the explorer: run one, and show what changed by reading the record before and after."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ... import catalog
from ...catalog.model import Operation
from ...connector.connector import IntercomConnector
from ...errors import IntercomError
from ...frames.cells import cell_text
from .query.form_schema import find_operation

_MOST_FIELDS = 40  # of a new contact of the demo, 28 have values; of a ticket, 34
_DONE = {"create": "created", "update": "updated", "delete": "deleted", "archive": "archived"}


@dataclasses.dataclass(frozen=True)
class WriteOutcome:
    """The response to a write; the record before and after it, None if it could not be read."""

    frame: pd.DataFrame
    before: pd.DataFrame | None
    after: pd.DataFrame | None


def write_label(operation: Operation) -> str:
    """Return the text of the button that sends a write.

    >>> write_label(catalog.operation("contacts", "create"))
    'Create contact'
    >>> write_label(catalog.operation("contacts", "attach_tag"))
    'Attach tag'
    """
    action = operation.action.replace("_", " ").capitalize()
    return action if " " in action else f"{action} {_singular(operation.entity)}"


def _singular(entity: str) -> str:
    name = entity.replace("_", " ")
    return f"{name[:-3]}y" if name.endswith("ies") else name.removesuffix("s")


async def run_write(
    connector: IntercomConnector, operation: Operation, arguments: Mapping[str, Any]
) -> WriteOutcome:
    """Run a write. If the record cannot be read before or after, it is written nevertheless."""
    key = record_key(connector.mode, operation, arguments)
    before = await _read(connector, operation.entity, key)
    namespace = getattr(connector, operation.entity)
    frame = await getattr(namespace, operation.action)(**arguments)
    deletes = operation.action.startswith("delete")
    after = None if deletes else await _read(connector, operation.entity, key)
    return WriteOutcome(frame, before, after)


def record_key(
    mode: str, operation: Operation, arguments: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the arguments of the entity's ``get`` for the record being written, or None.

    >>> record_key("direct", catalog.operation("contacts", "archive"), {"contact_id": "7"})
    {'id': '7'}
    """
    if "get" not in catalog.actions(operation.entity):
        return None
    get = find_operation(mode, operation.entity, "get")
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
        return None  # not found or not allowed: shown as unknown
    return frame if len(frame) == 1 else None


def describe_change(
    operation: Operation, arguments: Mapping[str, Any], outcome: WriteOutcome
) -> tuple[str, dict[str, Any]]:
    """Describe a write in one line, and list the fields that changed as [name, before, after].

    ``kind`` is ``changed``, ``created``, ``deleted`` or ``response`` (the record could not be
    read, so the response is all there is). ``more`` counts the fields beyond the first 40.
    """
    kind, rows = _changed_fields(operation, outcome)
    rows.sort(key=lambda row: row[0].split(".")[0] not in arguments)  # requested changes first
    change = {
        "kind": kind,
        "fields": rows[:_MOST_FIELDS],
        "more": max(0, len(rows) - _MOST_FIELDS),
    }
    return _describe(operation, arguments, outcome.frame), change


def _describe(operation: Operation, arguments: Mapping[str, Any], frame: pd.DataFrame) -> str:
    """Write one line, such as ``Contact created (6ae…): name is now Ada.``."""
    done = _DONE.get(operation.action)
    singular = _singular(operation.entity).capitalize()
    text = f"{singular} {done}" if done else f"Done: {write_label(operation).lower()}"
    if "id" in frame and len(frame):
        text += f" ({', '.join(map(str, frame['id']))})"
    now = [
        f"{name} is now {cell_text(frame[name].iloc[0]) or 'empty'}"
        for name in arguments
        if name in frame and name != "id" and len(frame) == 1
    ]
    return f"{text}: {', '.join(now)}." if now else f"{text}."


def _changed_fields(
    operation: Operation, outcome: WriteOutcome
) -> tuple[str, list[tuple[str, str | None, str | None]]]:
    before, after = _texts(outcome.before), _texts(outcome.after)
    response = _texts(outcome.frame)
    if operation.action.startswith("delete"):
        known = before or response
        return "deleted", [(name, text, None) for name, text in known.items() if text]
    if before and after:
        names = [*before, *(name for name in after if name not in before)]
        pairs = [(name, before.get(name), after.get(name)) for name in names]
        return "changed", [row for row in pairs if row[1] != row[2]]
    kind = "created" if operation.action.startswith("create") else "response"
    return kind, [(name, None, text) for name, text in response.items() if text]


def _texts(frame: pd.DataFrame | None) -> dict[str, str | None]:
    if frame is None or not len(frame):
        return {}
    return {str(name): cell_text(frame[name].iloc[0]) for name in frame}
