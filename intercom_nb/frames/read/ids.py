"""Ids of records that are still JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from .records import decode_repaired

# How Intercom's records begin. Parsing one for its id alone reads all of it: 4 us, this way 0.7.
_HEAD = re.compile(rb'\s*\{\s*(?:"type"\s*:\s*"\w*"\s*,\s*)?"id"\s*:\s*"([!#-\[\]-~]*)"')


class _Id(msgspec.Struct, gc=False):
    id: Any = None


_IDS = msgspec.json.Decoder(list[_Id])


def ids_of(raws: Sequence[msgspec.Raw]) -> list[Any]:
    """Return the ids of records, None for a record without one.

    Raises msgspec.DecodeError for what is not a JSON object.
    """
    heads = list(map(_HEAD.match, raws))
    if all(heads) and all(bytes(raw).endswith(b"}") for raw in raws):
        return [head[1].decode() for head in heads if head]
    records, _ = decode_repaired(b"[%b]" % b",".join(raws), _IDS.decode)
    return [record.id for record in records]
