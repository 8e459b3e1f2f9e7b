"""Threads of conversations for the record view: from a connector, a dataset, or a frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ....connector.connector import IntercomConnector
from ....errors import APIError, UnknownNameError
from ....frames import KEY, ResultInfo
from . import detail
from .display import Display

if TYPE_CHECKING:
    from ....dataset import Dataset


@dataclasses.dataclass(frozen=True)
class Thread:
    """A conversation's row, its parts, and its contact's record, if it could be read."""

    row: Mapping[str, Any]
    parts: pd.DataFrame | None
    contact: Mapping[str, Any] | None = None

    @property
    def text(self) -> str:
        """The text of all messages, for the search."""
        return detail.thread_text(self.row, self.parts)

    def describe(self, display: Display) -> dict[str, Any]:
        """Describe the thread for the script."""
        return {
            "thread": detail.thread(self.row, self.parts, display),
            "contact": detail.contact(self.row, self.contact),
        }


async def fetch_thread(connector: IntercomConnector, key: str) -> Thread:
    """Request a conversation with its parts, and its first contact."""
    frame = await connector.conversations.get(key)
    row, parts = detail.first_row(frame), frame.intercom.children("conversation_parts")
    contacts = row.get("contacts")
    if not isinstance(contacts, list) or not contacts:
        return Thread(row, parts)
    try:
        found = await connector.contacts.get(str(contacts[0]))
    except APIError:  # merged, deleted, or not for this token: the message's author stands in
        return Thread(row, parts)
    return Thread(row, parts, detail.first_row(found))


def read_thread(dataset: Dataset, key: str) -> Thread:
    """Read a conversation of a dataset with its parts and its contact, if these were extracted."""
    row = detail.first_row(dataset.pandas("conversations", where={"id": key}))
    parts = _read(dataset, "conversation_parts", {"conversation_id": key})
    contacts = row.get("contacts")
    ids = contacts if isinstance(contacts, list) else []
    found = _read(dataset, "contacts", {"id": str(ids[0])}) if ids else None
    contact = None if found is None or found.empty else detail.first_row(found)
    return Thread(row, parts, contact)


def _read(dataset: Dataset, table: str, where: Mapping[str, Any]) -> pd.DataFrame | None:
    return dataset.pandas(table, where=where) if table in dataset.tables else None


def own_thread(frame: pd.DataFrame, key: str) -> Thread:
    """Return a conversation of a frame, with the parts that came with it."""
    rows = frame[frame["id"].astype(str) == key]
    parts = None
    if isinstance(frame.attrs.get(KEY), ResultInfo):
        try:
            parts = rows.intercom.children("conversation_parts")
        except UnknownNameError:  # a list or a search, which returns no parts
            parts = None
    return Thread(detail.first_row(rows), parts)
