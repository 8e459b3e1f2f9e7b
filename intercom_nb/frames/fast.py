"""JSON of records -> columns of values, by structs that are made from the declared columns.

The generic reader (``flatten``) says what the columns are; this one gives the same, with the
objects that are declared decoded to structs instead of dicts. What is not declared is learned from
the first record that has it. Records that do not fit (text where an object is declared) go the
generic way.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from ..catalog.model import ListColumn, RecordColumns
from .flatten import Flat, Reader, flatten, take_all

# Somebody whose records differ that much is better served by dicts.
_MOST_LEARNED = 64
_Tree = dict[str, Any]  # a key's own tree, or None for a value of any kind


def read_json(raws: Sequence[msgspec.Raw], declared: RecordColumns) -> tuple[Flat, list[Any]]:
    """Give the columns of records, as ``flatten`` does of the decoded ones, and their ids."""
    shape = _shape(declared)
    while shape is not None:
        found = _decoded(shape, raws)
        if isinstance(found, list):
            return take_all(_StructReader(found, shape), declared), shape.ids(found)
        shape = shape.extended(msgspec.json.decode(found, type=dict[str, Any]))
        if shape is not None:
            _shapes[id(declared)] = declared, shape
    rows = [msgspec.json.decode(raw, type=dict[str, Any]) for raw in raws]
    return flatten(rows, declared), [row.get("id") for row in rows]


def _decoded(shape: _Shape, raws: Sequence[msgspec.Raw]) -> list[Any] | msgspec.Raw:
    """Decode records, or give the first that does not fit."""
    records: list[Any] = []
    decode, add = shape.decode, records.append
    raw = msgspec.Raw()
    try:
        for raw in raws:
            add(decode(raw))
    except msgspec.ValidationError:
        return raw
    return records


class _Node:
    """One object of a record: its struct, how to get its values, the objects inside of it."""

    def __init__(self, tree: _Tree, learned: Mapping[str, set[str]], path: str = "") -> None:
        self.learned = learned.get(path, set())
        self.tree = tree
        self.inner = {
            key: _Node(sub, learned, f"{path}.{key}" if path else key)
            for key, sub in tree.items()
            if isinstance(sub, dict)
        }
        keys = [*tree, *sorted(self.learned)]
        names = [f"v{number}" for number in range(len(keys))]
        fields = [
            (name, self._type(key), msgspec.UNSET if key in self.learned else None)
            for name, key in zip(names, keys, strict=True)
        ]
        self.struct = msgspec.defstruct(
            "Record",
            fields,
            rename=dict(zip(names, keys, strict=True)),
            forbid_unknown_fields=True,
            gc=False,
        )
        self.empty = self.struct()
        self.getters: dict[str, Callable[[Any], Any]] = {
            key: operator.attrgetter(name) for name, key in zip(names, keys, strict=True)
        }

    def _type(self, key: str) -> Any:
        if key in self.inner:
            return self.inner[key].struct | None
        kind = self.tree.get(key)
        return dict[str, Any] | None if kind is dict else Any

    def unknown(self, record: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
        """Give the (path, key) of what a record has beyond this."""
        for key, value in record.items():
            if key not in self.getters:
                yield path, key
            elif key in self.inner and isinstance(value, dict):
                yield from self.inner[key].unknown(value, f"{path}.{key}" if path else key)


class _Shape:
    """What the records of one kind look like: what is declared, and what was learned."""

    def __init__(self, tree: _Tree, learned: Mapping[str, set[str]]) -> None:
        self._tree = tree
        self._learned = learned
        self.root = _Node(tree, learned)
        self.decode = msgspec.json.Decoder(self.root.struct).decode

    def extended(self, record: Mapping[str, Any]) -> _Shape | None:
        """Give the shape that has what is new in a record too; None when that is not the point."""
        new = list(self.root.unknown(record))
        if not new or len(new) + sum(map(len, self._learned.values())) > _MOST_LEARNED:
            return None
        learned = {path: set(keys) for path, keys in self._learned.items()}
        for path, key in new:
            learned.setdefault(path, set()).add(key)
        return _Shape(self._tree, learned)

    def ids(self, records: Sequence[Any]) -> list[Any]:
        """Give the ids of records."""
        found = self.root.getters.get("id")
        values = [None] * len(records) if found is None else list(map(found, records))
        return [None if v is msgspec.UNSET else v for v in values]


class _StructReader(Reader):
    """Reads values of structs; of what is not declared, of dicts as its base does."""

    def __init__(self, records: Sequence[Any], shape: _Shape) -> None:
        super().__init__(records)
        self._nodes = {"": shape.root}

    def _get(self, prefix: str, key: str) -> list[Any]:
        node, level = self._nodes.get(prefix), self._levels[prefix]
        if node is None:
            return super()._get(prefix, key)
        values = list(map(node.getters[key], level))
        if key in node.learned:
            return [None if v is msgspec.UNSET else v for v in values]
        return values

    def _keys(self, prefix: str) -> list[str]:
        node, level = self._nodes.get(prefix), self._levels[prefix]
        if node is None:
            return super()._keys(prefix)
        unset = msgspec.UNSET
        return sorted(
            key
            for key in node.learned
            if any(value is not unset for value in map(node.getters[key], level))
        )

    def _level(self, path: str) -> list[Any]:
        if path not in self._levels:
            parent, _, key = path.rpartition(".")
            self._level(parent)
            node = self._nodes.get(parent)
            if node is not None and key in node.inner:
                inner = node.inner[key]
                values = self.values(path)
                self._levels[path] = [inner.empty if v is None else v for v in values]
                self._taken[path] = set()
                self._nodes[path] = inner
        return super()._level(path)


_shapes: dict[int, tuple[RecordColumns, _Shape | None]] = {}


def _shape(declared: RecordColumns) -> _Shape | None:
    known = _shapes.get(id(declared))
    if known is None:
        tree = _tree(declared)
        known = declared, None if tree is None else _Shape(tree, {})
        _shapes[id(declared)] = known
    return known[1]


def _tree(declared: RecordColumns) -> _Tree | None:
    """Give the objects that declared columns lie in; None where one is a value and an object."""
    tree: _Tree = {}
    for path, kind in declared.items():
        leaves = [(path, dict if kind == "attributes" else None)]
        if isinstance(kind, ListColumn):
            leaves = [(kind.list, None)]
            if kind.list != path:
                leaves.append((f"{path}.type", None))
        for leaf, value in leaves:
            node: Any = tree
            *parents, last = leaf.split(".")
            for key in parents:
                node = node.setdefault(key, {})
                if not isinstance(node, dict):
                    return None
            if isinstance(node.get(last), dict):
                return None
            node[last] = value
    return tree if tree else None
