"""Record head: the id and times of a raw record, read leniently."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import msgspec

from ..executors.base import Page, RawHead
from ..frames import decode_repaired
from ..frames.read.timestamps import seconds_of


class RecordHead(msgspec.Struct):
    """Id and times of a record, in unix seconds; None if missing or not readable as a time."""

    id: str | None
    created_at: int | None
    updated_at: int | None


_decode = msgspec.json.Decoder(RawHead).decode


def parse_head(raw: msgspec.Raw) -> RecordHead | None:
    """Parse the head of a raw record; None if it is not a JSON object.

    >>> parse_head(msgspec.Raw(b'{"id": 7, "created_at": 1726000000.0}'))
    RecordHead(id='7', created_at=1726000000, updated_at=None)
    """
    try:
        return _read_head(decode_repaired(raw, _decode)[0])
    except msgspec.DecodeError:
        return None


def page_heads(page: Page) -> Iterator[RecordHead | None]:
    """Return the heads of a page's records, as ``parse_head`` does."""
    return map(parse_head, page.records) if page.heads is None else map(_read_head, page.heads)


def _read_head(head: RawHead) -> RecordHead:
    # Some servers send times as floats or text, so nothing is refused here.
    key = None if head.id is None else str(head.id)
    return RecordHead(key, seconds_of(head.created_at), seconds_of(head.updated_at))


@dataclasses.dataclass
class FetchedRecord:
    """A record as it was read: ``raw`` is None if it was deleted before it could be fetched.

    ``problem`` says why the record could not be fetched by id, "" if it could or did not need to
    be. ``is_by_id`` marks one that was fetched by its id, not as a search returns it.
    """

    head: RecordHead
    raw: msgspec.Raw | None
    requests: int = 0
    has_cut_parts: bool = False
    repaired: int = 0
    is_by_id: bool = False
    problem: str = ""
