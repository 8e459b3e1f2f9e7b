"""Record head: the id and times of a raw record, read leniently."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import msgspec

from ..catalog.timestamps import unix_seconds
from ..errors import InvalidParameterError

# Larger numbers are milliseconds: as seconds they lie after the year 5000.
_MAX_SECONDS = 95_617_584_000


class RecordHead(msgspec.Struct):
    """Id and times of a record, in unix seconds; None if missing or not readable as a time."""

    id: str | None
    created_at: int | None
    updated_at: int | None


class _RawHead(msgspec.Struct):
    # Some servers send times as floats or text, so nothing is refused here.
    id: Any = None
    created_at: Any = None
    updated_at: Any = None


_decode = msgspec.json.Decoder(_RawHead).decode


def parse_head(raw: msgspec.Raw) -> RecordHead | None:
    """Parse the head of a raw record; None if it is not a JSON object.

    >>> parse_head(msgspec.Raw(b'{"id": 7, "created_at": 1726000000.0}'))
    RecordHead(id='7', created_at=1726000000, updated_at=None)
    """
    try:
        head = _decode(raw)
    except msgspec.ValidationError:
        return None
    key = None if head.id is None else str(head.id)
    return RecordHead(key, parse_seconds(head.created_at), parse_seconds(head.updated_at))


def parse_seconds(value: Any) -> int | None:
    """Convert a time in seconds, milliseconds or ISO 8601 text to whole unix seconds, else None.

    >>> parse_seconds(1726000000), parse_seconds(1726000000500), parse_seconds("2024-09-10")
    (1726000000, 1726000000, 1725926400)
    >>> parse_seconds("soon") is parse_seconds(None) is None
    True
    """
    if type(value) is int and 0 <= value < _MAX_SECONDS:  # nearly all of them
        return value
    number = _to_number(value)
    if number is None or not math.isfinite(number):
        return None
    if abs(number) > _MAX_SECONDS:
        number /= 1000
    return int(number) if abs(number) <= _MAX_SECONDS else None


def _to_number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
    except ValueError:  # text, perhaps ISO 8601
        pass
    try:
        # Only dates have hyphens; "7d" is a valid age elsewhere, but not in a record.
        return unix_seconds(value, "time") if "-" in str(value) else None
    except InvalidParameterError:
        return None


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
    is_by_id: bool = False
    problem: str = ""
