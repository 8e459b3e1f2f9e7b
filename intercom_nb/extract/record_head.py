"""Record head: the id and times of a raw record, read leniently."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import msgspec

from ..frames import decode_repaired
from ..frames.read.records import RECORD_ID
from ..frames.read.timestamps import seconds_of


class RecordHead(msgspec.Struct):
    """Id and times of a record, in unix seconds; None if missing or not readable as a time."""

    id: str | None
    created_at: int | None
    updated_at: int | None


class _RawHead(msgspec.Struct, gc=False):
    # Some servers send times as floats or text, so nothing is refused here.
    id: Any = None
    created_at: Any = None
    updated_at: Any = None


_decode = msgspec.json.Decoder(_RawHead).decode
# Parsing a conversation for these three alone reads all of it: 4 us, this way 1.
_HEAD = re.compile(
    RECORD_ID + rb'\s*,\s*(?:"title"\s*:\s*(?:null|"[^"\\]*")\s*,\s*)?'
    rb'"created_at"\s*:\s*(\d{1,10})\s*,\s*"updated_at"\s*:\s*(\d{1,10})\s*[,}]'
)


def parse_head(raw: msgspec.Raw) -> RecordHead | None:
    """Parse the head of a raw record; None if it is not a JSON object.

    >>> parse_head(msgspec.Raw(b'{"id": 7, "created_at": 1726000000.0}'))
    RecordHead(id='7', created_at=1726000000, updated_at=None)
    """
    if match := _HEAD.match(raw):
        return RecordHead(match[1].decode(), int(match[2]), int(match[3]))
    try:
        head = decode_repaired(raw, _decode)[0]
    except msgspec.DecodeError:
        return None
    key = None if head.id is None else str(head.id)
    return RecordHead(key, seconds_of(head.created_at), seconds_of(head.updated_at))


@dataclasses.dataclass
class FetchedRecord:
    """A record as it was read: ``raw`` is None if it was deleted before it could be fetched.

    ``problem`` says why the record could not be fetched by id, "" if it could or did not need to
    be. ``is_by_id`` marks one that was fetched by its id, not as a search returns it;
    ``is_settled`` one of these whose next change must have a later time.
    """

    head: RecordHead
    raw: msgspec.Raw | None
    requests: int = 0
    has_cut_parts: bool = False
    repaired: int = 0
    is_by_id: bool = False
    is_settled: bool = False
    problem: str = ""
