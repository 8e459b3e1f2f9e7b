"""Structs that are made from the declared columns, to decode JSON into.

What is not declared is learned from the records that have it, and what does not fit its declaration
(text where an object is declared) is taken as it comes from then on.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from types import GenericAlias
from typing import Any

import msgspec

from ..catalog.model import ListColumn, RecordColumns
from .flatten import label_of

# Somebody whose records differ that much is better served by dicts.
_MOST_LEARNED = 512
_MOST_SHAPES = 256
# A struct can have no such key, and what people call their attributes can.
_NO_FIELD = re.compile(r'[\\"\x00-\x1f]')
_Tree = dict[str, Any]  # by key: a tree, a _List of trees, or the kind of a value
_WHOLE = {"integer", "time"}
UNSET: Any = msgspec.UNSET
"""The value of a key that is not declared, where a record does not have it."""


def shape_of(declared: RecordColumns) -> Shape | None:
    """Give the shape of such records, with all that was learned of them so far.

    None where a declared column is a value and an object at once.
    """
    return _shapes.get(msgspec.json.encode(declared)) or _first_shape(declared)


def remember(declared: RecordColumns, shape: Shape | None) -> None:
    """Keep what was learned for the next records; None is that it was of no use."""
    if shape is None:
        _shapes.pop(msgspec.json.encode(declared), None)
        return
    if len(_shapes) >= _MOST_SHAPES:
        _shapes.clear()
    _shapes[msgspec.json.encode(declared)] = shape


class Shape:
    """What records look like: what is declared, what was learned, and what does not fit."""

    def __init__(
        self, tree: _Tree, learned: Mapping[str, frozenset[str]], loose: frozenset[str]
    ) -> None:
        self._tree = tree
        self.learned = learned
        self.loose = loose
        self.root = Node(tree, self)
        kind: Any = GenericAlias(list, (self.root.struct,))
        self.decode = msgspec.json.Decoder(kind).decode

    def fitted(self, records: Sequence[Mapping[str, Any]]) -> Shape | None:
        """Give the shape that these records fit too; None when there is none."""
        odds = _Odds()
        for record in records:
            odds.look(self.root, record)
        count = len(self.loose) + sum(map(len, (*self.learned.values(), *odds.new.values())))
        if not (odds.new or odds.loose) or count > _MOST_LEARNED:
            return None
        if any(_NO_FIELD.search(key) for keys in odds.new.values() for key in keys):
            return None
        learned = {
            path: self.learned.get(path, frozenset()) | odds.new.get(path, set())
            for path in {**self.learned, **odds.new}
        }
        return Shape(self._tree, learned, self.loose | odds.loose)


class Node:
    """One object of a record: its struct, the objects inside of it, its label in a list."""

    def __init__(self, tree: _Tree, shape: Shape, path: str = "") -> None:
        self.inner: dict[str, Node] = {}
        self.lists: dict[str, Node] = {}
        self.kinds: dict[str, str] = {}
        for key, sub in tree.items():
            at = _join(path, key)
            if isinstance(sub, _List) and at not in shape.loose:
                self.lists[key] = Node(sub, shape, at)
            elif isinstance(sub, dict) and at not in shape.loose:
                self.inner[key] = Node(sub, shape, at)
            elif at not in shape.loose:
                self.kinds[key] = sub
        self.learned = sorted({"id", *shape.learned.get(path, ())} - set(tree))
        self.keys = dict.fromkeys([*tree, *self.learned])
        names = {key: "id" if key == "id" else f"v{at}" for at, key in enumerate(self.keys)}
        fields = [
            (name, self._type(key), None if key in tree else UNSET) for key, name in names.items()
        ]
        struct: Any = msgspec.defstruct(
            "Record",
            fields,
            rename={name: key for key, name in names.items()},
            forbid_unknown_fields=True,
            gc=False,
        )
        struct.node = self
        self.struct = struct
        self.empty = struct()
        label = tree.label if isinstance(tree, _List) else ""
        self.label_is_id = label == "id"
        self.label = _getter(names.get(label), label in self.learned)

    def _type(self, key: str) -> Any:
        if key in self.inner:
            return self.inner[key].struct | None
        # All empty tuples are one, and the collector lets go of tuples of such structs.
        if key in self.lists:
            return GenericAlias(tuple, (self.lists[key].struct, ...)) | None
        return int | None if self.kinds.get(key) in _WHOLE else Any


def _getter(name: str | None, learned: bool) -> Callable[[Any], Any]:
    if name is None:
        return lambda struct: None
    get = operator.attrgetter(name)
    return (lambda struct: known(get(struct))) if learned else get


def known(value: Any) -> Any:
    """Give a value of a struct; None for one that its record does not have."""
    return None if value is UNSET else value


class _Odds:
    """What of some records does not fit a node: new keys, paths of what is declared otherwise."""

    def __init__(self) -> None:
        self.new: dict[str, set[str]] = {}
        self.loose: set[str] = set()

    def look(self, node: Node, record: Mapping[str, Any], path: str = "") -> None:
        """Look at one record, or one object of it."""
        for key, value in record.items():
            at = _join(path, key)
            if key not in node.keys:
                self.new.setdefault(path, set()).add(key)
            elif value is None:
                continue
            elif key in node.inner:
                self._look_at_all(node.inner[key], [value], at)
            elif key in node.lists:
                self._look_at_all(node.lists[key], value, at)
            elif node.kinds.get(key) in _WHOLE and type(value) is not int:
                self.loose.add(at)

    def _look_at_all(self, node: Node, values: Any, at: str) -> None:
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            self.loose.add(at)
        elif at not in self.loose:
            for value in values:
                self.look(node, value, at)


_shapes: dict[bytes, Shape] = {}


class _List(dict[str, Any]):
    """The tree of each object of a list, and what of an object stands for it."""

    label = ""


class _Attributes(dict[str, Any]):
    """The tree of an object of which no key is declared."""


def _first_shape(declared: RecordColumns) -> Shape | None:
    tree = _tree(declared)
    return None if tree is None else Shape(tree, {}, frozenset())


def _tree(declared: RecordColumns) -> _Tree | None:
    """Give the objects that declared columns lie in; None where one is a value and an object."""
    tree: _Tree = {}
    for path, kind in declared.items():
        leaves: list[tuple[str, Any]] = [(path, _Attributes() if kind == "attributes" else kind)]
        if isinstance(kind, ListColumn):
            leaves = [(kind.list, _list_tree(kind.columns))]
            if kind.list != path and f"{path}.type" not in declared:
                leaves.append((f"{path}.type", "string"))
        for leaf, value in leaves:
            node: Any = tree
            *parents, last = leaf.split(".")
            for key in parents:
                node = node.setdefault(key, {})
                if not isinstance(node, dict) or isinstance(node, (_List, _Attributes)):
                    return None
            if last in node:
                return None
            node[last] = value
    return tree if tree else None


def _list_tree(columns: RecordColumns) -> _List | str:
    tree = _tree(columns)
    if tree is None:
        return "json"
    items = _List(tree)
    items.label = label_of(columns, ())
    return items


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
