"""The JSON of records -> one Arrow array of objects, typed as far as it can be.

Arrow's reader goes from bytes to columns without a Python object for each value. It has no type for
values that differ from record to record: these are put into quotes (``quoting``) and come out as
JSON, of type ``JSON``. Where it guessed wrong (``guesses``), the records are read again, and it is
told what they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.json

from ...catalog.model import RecordColumns
from .declared import ITEM, Objects, Path, declared_tree, is_declared, json_paths
from .guesses import Hints, mismatches, with_json, wrong_guesses
from .quoting import JSON, Quoter, is_quotable

_MOST_BYTES = 2**31 - 2
_MOST_READS = 5
_MOST_HINTS = 512
_MOST_KNOWN = 256
_NULL = msgspec.Raw(b"null")


@dataclasses.dataclass
class _Known:
    """What is declared of records, and what was found out of them, so that each is read once."""

    tree: Objects | None
    hints: Hints


_known: dict[bytes, _Known] = {}


def parse(raws: Sequence[msgspec.Raw], declared: RecordColumns) -> pa.StructArray | None:
    """Read records into an array of objects; None where Arrow cannot read them exactly.

    >>> parse([msgspec.Raw(b'{"id":"1","open":true}')], {"open": "boolean"}).type.names
    ['id', 'open']
    """
    known = _known_of(declared)
    tree, hints = known.tree, known.hints
    if tree is None:
        return None
    for _ in range(_MOST_READS):
        absent: set[Path] = set()
        try:
            found = _read(raws, hints)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, UnicodeDecodeError):
            found, guesses = None, dict.fromkeys(mismatches(_dicts(raws), hints), JSON)
            if not guesses:
                return None
        else:
            guesses, absent = wrong_guesses(found, tree), _absent(found, tree, hints)
        if not all(map(is_quotable, guesses)):
            return None
        news = {path: kind for path, kind in guesses.items() if kind is not None}
        if found is not None and not news and not absent:
            if len(known.hints) < _MOST_HINTS:
                known.hints = known.hints | hints
            return with_json(found, guesses, raws)
        hints = {path: kind for path, kind in hints.items() if path not in absent} | news
    return None


def _known_of(declared: RecordColumns) -> _Known:
    key = msgspec.json.encode(declared)
    if key not in _known:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        tree = declared_tree(declared)
        _known[key] = _Known(tree, dict.fromkeys(json_paths(tree), JSON))
    return _known[key]


def _read(raws: Sequence[msgspec.Raw], hints: Hints) -> pa.StructArray:
    schema = _schema(hints)
    if not raws:
        return pa.array([], pa.struct(schema))
    quoted = [path for path, kind in hints.items() if kind == JSON]
    content = b"\n".join(map(Quoter(quoted), raws) if quoted else raws)
    # Arrow ends the process for null in place of a record, and for a number in one block that is a
    # list in another; within a block it says that types differ.
    if _NULL in raws or len(content) > _MOST_BYTES:
        raise pa.ArrowInvalid("not to be read by Arrow")
    table = pyarrow.json.read_json(
        pa.py_buffer(content),
        pyarrow.json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        pyarrow.json.ParseOptions(schema, newlines_in_values=True),
    )
    # Nulls at the start of a list get lost, which this finds.
    table.validate()
    if len(table) != len(raws):
        raise pa.ArrowInvalid(f"{len(table)} records, not {len(raws)}")
    [objects] = table.to_struct_array().chunks
    return objects


def _schema(hints: Hints) -> pa.Schema:
    tree: dict[str | None, Any] = {}
    for path, kind in sorted(hints.items(), key=lambda hint: len(hint[0])):
        *parents, last = path
        node: Any = tree
        for key in parents:
            node = node.setdefault(key, {})
            if not isinstance(node, dict):  # all of it is quoted
                break
        else:
            node[last] = kind
    return pa.schema([(key, _type(inner)) for key, inner in tree.items()])


def _type(tree: Any) -> pa.DataType:
    if not isinstance(tree, dict):
        return tree
    if ITEM in tree:
        return pa.list_(_type(tree[ITEM]))
    return pa.struct([(key, _type(inner)) for key, inner in tree.items()])


def _dicts(raws: Sequence[msgspec.Raw]) -> list[dict[str, Any]]:
    return msgspec.json.decode(b"[%b]" % b",".join(raws), type=list[dict[str, Any]])


def _absent(objects: pa.StructArray, tree: Objects, hints: Iterable[Path]) -> set[Path]:
    """Find the undeclared columns that are there only because of a hint, for all that is known."""
    return {p for p in hints if not is_declared(p, tree) and _is_empty(objects, p)}


def _is_empty(values: pa.Array, path: Path) -> bool:
    for key in path:
        if key is ITEM and pa.types.is_list(values.type):
            values = values.flatten()
        elif key is not ITEM and pa.types.is_struct(values.type) and key in values.type.names:
            values = values.field(values.type.names.index(key))
        else:
            return False
    return bool(values.null_count == len(values))
