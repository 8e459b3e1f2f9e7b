"""Records on their way to a frame: JSON in page by page, typed columns out."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from ...catalog.declared_columns import RecordColumns
from ...runtime.memory import paused_gc
from .builder import block_of_structs
from .flattener import Flat, flatten
from .level import BLOCK, ColumnBlock, Level, blocks_of
from .selection import selected_blocks
from .shape import shape_of

_T = TypeVar("_T")

# Records of one batch, the most that a page has: their objects nearly fit a core's cache.
_BATCH = 150
# Generating the types of a record takes some milliseconds, in which this many are read as dicts.
_WORTHWHILE = 50
_DICTS = msgspec.json.Decoder(list[dict[str, Any]])


class Records:
    """The records of one result, turned into columns as their pages arrive.

    >>> records = Records({"id": "id"})
    >>> records.add([msgspec.Raw(b'{"id":"1","name":"Ada"}')])
    >>> list(records.flat().columns)
    ['id', 'name']
    """

    def __init__(self, declared: RecordColumns) -> None:
        self.declared = declared
        self.repaired = 0
        """Halves of surrogate pairs that were replaced by U+FFFD."""
        self._shape = shape_of(declared)
        self._raws: list[msgspec.Raw] = []
        self._objects: list[Any] = []  # decoded, of one type, and not yet in a block
        self._blocks: list[ColumnBlock] = []

    def __len__(self) -> int:
        return len(self._raws)

    def add(self, raws: Sequence[msgspec.Raw]) -> None:
        """Decode some records.

        Raises msgspec.DecodeError for what is not a JSON object, and then adds none of them.
        """
        with paused_gc():
            decoded = [decode_repaired(_joined(batch), self._decode) for batch in _batches(raws)]
            for objects, repaired in decoded:
                self.repaired += repaired
                self._add_objects(objects)
        self._raws += raws

    def _add_objects(self, objects: list[Any]) -> None:
        if self._objects and type(self._objects[0]) is not type(objects[0]):
            self._close_block()
        self._objects += objects
        if len(self._objects) >= BLOCK:
            self._close_block()

    def _close_block(self) -> None:
        """Turn the objects so far into columns."""
        objects, self._objects = self._objects, []
        if objects:
            is_plain = type(objects[0]) is dict
            self._blocks += blocks_of(objects) if is_plain else [block_of_structs(objects)]

    def _decode(self, content: bytes) -> list[Any]:
        if self._shape.decoder is not None:
            # A validation error: another shape, or no objects at all.
            with contextlib.suppress(msgspec.ValidationError):
                found: list[Any] = self._shape.decoder.decode(content)
                return found
        dicts: list[Any] = _DICTS.decode(content)
        if self._shape.decoder is None:
            if len(dicts) < _WORTHWHILE:
                return dicts
            with contextlib.suppress(msgspec.ValidationError):  # the rest is likely to be alike
                return self._shape.learn(dicts[:_WORTHWHILE]).decode(content)
        return self._shape.learn(dicts).decode(content)

    def dicts(self, rows: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """Return the records, or those at some positions, as dicts."""
        raws = self._raws if rows is None else [self._raws[row] for row in rows]
        with paused_gc():
            return decode_repaired(_joined(raws), _DICTS.decode)[0]

    def flat(self, rows: Sequence[int] | None = None) -> Flat:
        """Return the columns and lists of the records, or of those at some positions."""
        with paused_gc():
            self._close_block()
            blocks = self._blocks
            if rows is not None:
                blocks = selected_blocks(blocks, rows, self._again)
            return flatten(Level(blocks), self.declared)

    def _again(self, rows: Sequence[int]) -> list[ColumnBlock]:
        again = Records(self.declared)
        again.add([self._raws[row] for row in rows])
        again._close_block()
        return again._blocks


def decode_repaired(content: bytes | msgspec.Raw, decode: Callable[[bytes], _T]) -> tuple[_T, int]:
    """Decode JSON, repaired if need be; return the number of replaced characters too.

    Raises msgspec.DecodeError for JSON that is nested too deep, too.
    """
    try:
        try:
            return decode(content), 0
        except msgspec.DecodeError:
            from .repair import repair_json  # few pages need it

            repaired, count = repair_json(bytes(content))
            if repaired == content:
                raise
            return decode(repaired), count
    except RecursionError:
        raise msgspec.DecodeError("JSON is nested too deeply") from None


# How Intercom's records begin. Parsing one for its id alone reads all of it: 4 us, this way 0.7.
RECORD_ID = rb'\s*\{\s*(?:"type"\s*:\s*"\w*"\s*,\s*)?"id"\s*:\s*"([!#-\[\]-~]*)"'
_HEAD = re.compile(RECORD_ID)


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
    return [record.id for record in decode_repaired(_joined(raws), _IDS.decode)[0]]


def _batches(raws: Sequence[msgspec.Raw]) -> Iterator[Sequence[msgspec.Raw]]:
    return (raws[start : start + _BATCH] for start in range(0, len(raws), _BATCH))


def _joined(raws: Sequence[msgspec.Raw]) -> bytes:
    return b"[%b]" % b",".join(raws)
