"""Records on their way to a frame: JSON in page by page, typed columns out."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from typing import Any

import msgspec

from ...catalog.model import RecordColumns
from ...runtime.memory import paused_gc
from .flattener import Flat, flatten
from .level import BLOCK, ColumnBlock, Level, runs_of
from .repair import decode_repaired
from .shape import shape_of

# Generating the types of a record takes some milliseconds, in which so many are read as dicts.
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
        self._objects: list[Any] = []
        self._runs: list[ColumnBlock] = []

    def __len__(self) -> int:
        return len(self._raws)

    def add(self, raws: Sequence[msgspec.Raw]) -> None:
        """Decode some records.

        Raises msgspec.DecodeError for what is not a JSON object, and then adds none of them.
        """
        with paused_gc():
            objects, repaired = decode_repaired(_joined(raws), self._decode)
            self._objects += objects
            if len(self._objects) >= BLOCK:
                self._runs += runs_of(self._objects)
                self._objects = []
        self.repaired += repaired
        self._raws += raws

    def _decode(self, content: bytes) -> list[Any]:
        if self._shape.decoder is not None:
            # A validation error: another shape, or no objects at all.
            with contextlib.suppress(msgspec.ValidationError):
                found: list[Any] = self._shape.decoder.decode(content)
                return found
        dicts: list[Any] = _DICTS.decode(content)
        if self._shape.decoder is not None or len(dicts) >= _WORTHWHILE:
            return self._shape.learn(dicts).decode(content)
        return dicts

    def dicts(self, rows: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """Return the records, or those at some positions, as dicts."""
        raws = self._raws if rows is None else [self._raws[row] for row in rows]
        with paused_gc():
            return decode_repaired(_joined(raws), _DICTS.decode)[0]

    def flat(self, rows: Sequence[int] | None = None) -> Flat:
        """Return the columns and lists of the records, or of those at some positions."""
        with paused_gc():
            self._runs += runs_of(self._objects)
            self._objects = []
            runs = self._runs if rows is None else self._selected(rows)
            return flatten(Level(runs), self.declared)

    def _selected(self, rows: Sequence[int]) -> list[ColumnBlock]:
        """Return the runs of some records: those whose records are all wanted, the rest anew."""
        ends = itertools.accumulate(run.count for run in self._runs)
        by_start = {
            end - run.count: (run, list(range(end - run.count, end)))
            for run, end in zip(self._runs, ends, strict=True)
        }
        runs: list[ColumnBlock] = []
        pending: list[int] = []
        at = 0
        while at < len(rows):
            run, own_rows = by_start.get(rows[at], (None, []))
            if run is not None and list(rows[at : at + run.count]) == own_rows:
                runs += [*self._again(pending), run]
                at, pending = at + run.count, []
            else:
                pending.append(rows[at])
                at += 1
        return runs + self._again(pending)

    def _again(self, rows: Sequence[int]) -> list[ColumnBlock]:
        content = _joined([self._raws[row] for row in rows])
        return runs_of(decode_repaired(content, self._decode)[0])


class _Id(msgspec.Struct, gc=False):
    id: Any = None


_IDS = msgspec.json.Decoder(list[_Id])


def ids_of(raws: Sequence[msgspec.Raw]) -> list[Any]:
    """Return the ids of records, None where there is none.

    Raises msgspec.DecodeError for what is not a JSON object.
    """
    return [record.id for record in decode_repaired(_joined(raws), _IDS.decode)[0]]


def _joined(raws: Sequence[msgspec.Raw]) -> bytes:
    return b"[%b]" % b",".join(raws)
