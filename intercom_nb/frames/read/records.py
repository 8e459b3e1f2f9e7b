"""Records on their way to a frame: their JSON goes in page by page, typed columns come out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa

from ...catalog.model import RecordColumns
from ...runtime.memory import paused_gc
from .arrow_reader import ArrowReader
from .flatten import Flat, Reader, take_all
from .parse import parse

# Arrow takes some milliseconds to begin, in which so many records are read as dicts.
_WORTHWHILE = 100


class _Id(msgspec.Struct, gc=False):
    id: Any = None


_ids = msgspec.json.Decoder(list[_Id]).decode


def ids_of(raws: Sequence[msgspec.Raw]) -> list[Any]:
    """Give the ids of records, None where there is none.

    Raises msgspec.DecodeError for what is no JSON object.
    """
    return [record.id for record in _ids(_list(raws))]


class Records:
    """The records of one result.

    >>> records = Records({"id": "id"})
    >>> records.add([msgspec.Raw(b'{"id":"1","name":"Ada"}')])
    >>> list(records.flat().columns)
    ['id', 'name']
    """

    def __init__(self, declared: RecordColumns) -> None:
        self.declared = declared
        self._raws: list[msgspec.Raw] = []

    def __len__(self) -> int:
        return len(self._raws)

    def add(self, raws: Sequence[msgspec.Raw]) -> None:
        """Take the JSON of some records."""
        self._raws += raws

    def raws(self, rows: Sequence[int] | None = None) -> list[msgspec.Raw]:
        """Give the JSON of the records, or of those at some places."""
        return self._raws if rows is None else [self._raws[row] for row in rows]

    def dicts(self, rows: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """Give the records, or those at some places, as dicts."""
        content = _list(self.raws(rows))
        with paused_gc():
            return msgspec.json.decode(content, type=list[dict[str, Any]])

    def is_readable(self, row: int) -> bool:
        """Tell whether all of a record can be read."""
        try:
            self.dicts([row])
        except msgspec.DecodeError:
            return False
        return True

    def flat(self, rows: Sequence[int] | None = None) -> Flat:
        """Give the columns and lists of the records, or of those at some places.

        Raises msgspec.DecodeError for what is no JSON object.
        """
        raws = self.raws(rows)
        objects = parse(raws, self.declared) if len(raws) >= _WORTHWHILE else None
        return flat_of(self.dicts(rows) if objects is None else objects, self.declared)


def flat_of(objects: Sequence[Any] | pa.StructArray, declared: RecordColumns) -> Flat:
    """Give the columns and lists of dicts, or of an Arrow array of objects."""
    reader = ArrowReader(objects) if isinstance(objects, pa.Array) else Reader(objects)
    return take_all(reader, declared)


def _list(raws: Sequence[msgspec.Raw]) -> bytes:
    return b"[%b]" % b",".join(raws)
