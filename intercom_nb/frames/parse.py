"""The JSON of records -> one Arrow array of objects, typed as far as it can be.

Arrow's reader goes from bytes to columns without a Python object for each value. It has no type for
values that differ from record to record: these are put into quotes (``quoting``) and come out as
JSON, of type ``JSON``. Where it guessed wrong (``guesses``), the records are read again, and it is
told what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.json

from ..catalog.model import ListColumn, RecordColumns
from .columns import TEXT
from .guesses import with_json, wrong_guesses
from .quoting import JSON, Attributes, Objects, Path, Quoter, is_quotable, mismatches

_BLOCK_BYTES = 1 << 26
_MOST_READS = 5
_MOST_HINTS = 512
# What is not here Arrow finds out itself: ids are text or numbers, and lists hold either.
_TYPES: dict[str, pa.DataType] = {
    "string": TEXT,
    "integer": pa.int64(),
    "time": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "json": JSON,
}
# What was found out of records with the same columns, so that they are not read twice each time.
_hints: dict[bytes, dict[Path, pa.DataType]] = {}


def parse(raws: Sequence[msgspec.Raw], declared: RecordColumns) -> pa.StructArray | None:
    """Read records into an array of objects; None where Arrow cannot read them exactly.

    >>> parse([msgspec.Raw(b'{"id":"1","open":true}')], {"open": "boolean"}).type.names
    ['open', 'id']
    """
    tree = declared_tree(declared)
    if tree is None:
        return None
    key = msgspec.json.encode(declared)
    hints = dict(_hints.get(key, {}))
    for _ in range(_MOST_READS):
        told = _with(tree, hints)
        absent: set[Path] = set()
        try:
            found = _read(raws, told)
        except (pa.ArrowInvalid, UnicodeDecodeError):
            found, guesses = None, dict.fromkeys(mismatches(_dicts(raws), told), JSON)
            if not guesses:
                return None
        else:
            guesses, absent = wrong_guesses(found, tree), _absent(found, tree, hints)
        if not all(map(is_quotable, guesses)):
            return None
        news = {path: kind for path, kind in guesses.items() if kind is not None}
        if found is not None and not news and not absent:
            _remember(key, hints)
            return with_json(found, guesses, raws)
        hints = {path: kind for path, kind in hints.items() if path not in absent} | news
    return None


def declared_tree(declared: RecordColumns) -> Objects | None:
    """Give the objects that declared columns lie in; None where one is a value and an object."""
    tree = Objects()
    for path, kind in declared.items():
        leaves: list[tuple[str, Any]] = [(path, Attributes() if kind == "attributes" else None)]
        if isinstance(kind, ListColumn):
            items = declared_tree(kind.columns)
            leaves = [(kind.list, JSON if items is None else [items])]
            if kind.list != path and f"{path}.type" not in declared:
                leaves.append((f"{path}.type", TEXT))
        elif kind in _TYPES:
            leaves = [(path, _TYPES[kind])]
        if not all(_put(tree, leaf.split("."), value) for leaf, value in leaves):
            return None
    return tree


def _put(tree: Objects, path: Sequence[str], value: Any) -> bool:
    *parents, last = path
    node: Any = tree
    for key in parents:
        node = node.setdefault(key, Objects())
        if not isinstance(node, Objects) or isinstance(node, Attributes):
            return False
    return node.setdefault(last, value) is value


def _with(tree: Objects, hints: Mapping[Path, pa.DataType]) -> Objects:
    """Give the tree with other types at some paths."""
    changed = type(tree)(tree)
    inner: dict[str, dict[Path, pa.DataType]] = {}
    for path, kind in hints.items():
        if len(path) == 1:
            changed[path[0]] = kind
        else:
            inner.setdefault(path[0], {})[path[1:]] = kind
    for key, below in inner.items():
        there = changed.get(key)
        if there != JSON:
            changed[key] = _with_below(there, below)
    return changed


def _with_below(there: Any, hints: Mapping[Path, pa.DataType]) -> Any:
    if isinstance(there, list):
        return [_with(there[0], hints)]
    return _with(Objects() if there is None else there, hints)


def _schema(tree: Objects) -> list[pa.Field]:
    return [pa.field(key, _type(kind)) for key, kind in tree.items() if kind is not None]


def _type(kind: Any) -> pa.DataType:
    if isinstance(kind, list):
        return pa.list_(pa.struct(_schema(kind[0])))
    return pa.struct(_schema(kind)) if isinstance(kind, Objects) else kind


def _read(raws: Sequence[msgspec.Raw], tree: Objects) -> pa.StructArray:
    fields = _schema(tree)
    if not raws:
        return pa.array([], pa.struct(fields))
    quoter = Quoter(tree)
    content = b"\n".join(map(quoter, raws) if quoter else raws)
    table = pyarrow.json.read_json(
        pa.py_buffer(content),
        pyarrow.json.ReadOptions(
            use_threads=False,
            block_size=min(len(content) + 1, max(_BLOCK_BYTES, 2 * max(map(len, raws)))),
        ),
        pyarrow.json.ParseOptions(pa.schema(fields), newlines_in_values=True),
    )
    # Nulls at the start of a list get lost, which this finds.
    table.validate()
    if len(table) != len(raws):
        raise pa.ArrowInvalid(f"{len(table)} records, not {len(raws)}")
    return pa.concat_arrays(table.to_struct_array().chunks)


def _dicts(raws: Sequence[msgspec.Raw]) -> list[dict[str, Any]]:
    return msgspec.json.decode(b"[%b]" % b",".join(raws), type=list[dict[str, Any]])


def _absent(objects: pa.StructArray, tree: Objects, hints: Mapping[Path, pa.DataType]) -> set[Path]:
    """Find the undeclared columns that are there only because of a hint, for all that is known."""
    return {path for path in hints if not _is_declared(path, tree) and _is_empty(objects, path)}


def _is_declared(path: Path, tree: Any) -> bool:
    for key in path:
        tree = tree[0] if isinstance(tree, list) else tree
        if not isinstance(tree, Objects) or key not in tree:
            return False
        tree = tree[key]
    return True


def _is_empty(values: pa.Array, path: Path) -> bool:
    for key in path:
        values = values.flatten() if pa.types.is_list(values.type) else values
        at = values.type.get_field_index(key) if pa.types.is_struct(values.type) else -1
        if at < 0:
            return False
        values = values.field(at)
    return bool(values.null_count == len(values))


def _remember(key: bytes, hints: dict[Path, pa.DataType]) -> None:
    known = _hints.setdefault(key, {})
    known |= hints
    if len(known) > _MOST_HINTS or len(_hints) > _MOST_HINTS:
        _hints.clear()
