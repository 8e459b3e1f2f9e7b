"""Pagination by cursor and by page number."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import NamedTuple, TypeVar
from zlib import crc32

from intercom_nb.demo.api.errors import invalid
from intercom_nb.demo.data.organization import Record

T = TypeVar("T")

# Encodes to "++//", so that a client that does not percent-encode cursors fails.
_MARK = b"\xfb\xef\xff"


class RecordPage(NamedTuple):
    """The records of one page and the `pages` object that goes with them."""

    records: Sequence[Record]
    pages: Record


def cursor_page(
    records: Sequence[Record], per_page: int, cursor: str | None, scope: str
) -> RecordPage:
    """Return the page after a cursor; `scope` ties a cursor to its list or query.

    >>> page = cursor_page([{"id": "a"}, {"id": "b"}], 1, None, "letters")
    >>> page.pages["total_pages"], page.pages["next"]["page"]
    (2, 2)
    """
    start = _position(records, cursor, scope) if cursor else 0
    end = start + per_page
    pages: Record = {
        "type": "pages",
        "page": start // per_page + 1,
        "per_page": per_page,
        "total_pages": -(-len(records) // per_page),
    }
    if end < len(records):
        following = encode_cursor(scope, end, records[end - 1]["id"])
        # As in the API, the key is missing on the last page.
        pages["next"] = {
            "page": pages["page"] + 1,
            "per_page": per_page,
            "starting_after": following,
        }
    return RecordPage(records[start:end], pages)


def numbered_page(records: Sequence[T], page: int, per_page: int) -> tuple[Sequence[T], Record]:
    """Return a numbered page; a page past the end is empty.

    >>> numbered_page("abc", 2, 2)[0]
    'c'
    """
    total = -(-len(records) // per_page)
    following: Record | None = {"page": page + 1, "per_page": per_page} if page < total else None
    pages: Record = {
        "type": "pages",
        "next": following,
        "page": page,
        "per_page": per_page,
        "total_pages": total,
    }
    return records[(page - 1) * per_page : page * per_page], pages


def encode_cursor(scope: str, position: int, last: str) -> str:
    """Return an opaque cursor for a position in a list.

    >>> encode_cursor("x", 10, "id").startswith("++//")
    True
    """
    payload = json.dumps([crc32(scope.encode()), position, last]).encode()
    # Pad with spaces, so that every cursor ends with "=".
    padded = payload + b" " * ((1 - len(payload)) % 3)
    return base64.b64encode(_MARK + padded).decode()


def _position(records: Sequence[Record], cursor: str, scope: str) -> int:
    try:
        raw = base64.b64decode(cursor, validate=True)
        mark, position, last = json.loads(raw.removeprefix(_MARK))
    except (binascii.Error, ValueError, TypeError):
        raise invalid("starting_after is not a valid cursor", "starting_after") from None
    if mark != crc32(scope.encode()) or not isinstance(position, int):
        raise invalid("starting_after does not belong to this list", "starting_after")
    if 0 < position <= len(records) and records[position - 1]["id"] == last:
        return position
    # The list has changed since: continue after the last record sent.
    found = next(
        (position for position, record in enumerate(records) if record["id"] == last), None
    )
    return max(0, position - 1) if found is None else found + 1
