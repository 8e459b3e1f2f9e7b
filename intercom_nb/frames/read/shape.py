"""Struct types generated from the declared keys of records and from those that were seen.

A generated type lists every known key of an object, so msgspec decodes a record without a dict for
each object. The types fix the shape (objects and lists of objects); values are of any type.
A record of another shape is refused, and then learned from.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from types import GenericAlias
from typing import Any, TypeAlias, cast

import msgspec

from ...catalog.declared_columns import ListColumn, RecordColumns

# msgspec refuses these characters in the keys of a struct; custom attributes have them.
_NO_FIELD = re.compile(r'[\\"\x00-\x1f]')
# Objects with more undeclared keys than this are likely to differ from record to record.
_MOST_KEYS = 256
_MOST_SHAPES = 256


class Objects(dict[str, Any]):
    """The keys of an object, each with its Node; ``undeclared`` are those that were only seen."""

    def __init__(self) -> None:
        super().__init__()
        self.undeclared: set[str] = set()


Node: TypeAlias = Objects | list[Objects] | type[dict[str, Any]] | None
"""Value at a key: objects, a list of objects, objects of any keys (dict), or any value (None)."""


class Shape:
    """The shape of one kind of record, which grows with what is seen."""

    def __init__(self, declared: RecordColumns) -> None:
        self._tree: Node = _declared_tree(declared)
        self.decoder: msgspec.json.Decoder[list[Any]] | None = None
        """Decodes a list of records; None before anything was learned."""

    def learn(self, records: Sequence[dict[str, Any]]) -> msgspec.json.Decoder[list[Any]]:
        """Extend the shape to hold these records too, and return the new decoder."""
        self._tree = _extended(self._tree, records)
        record = _struct(self._tree) if isinstance(self._tree, Objects) else dict[str, Any]
        self.decoder = msgspec.json.Decoder(GenericAlias(list, (record,)))
        return self.decoder


_shapes: dict[bytes, Shape] = {}


def shape_of(declared: RecordColumns) -> Shape:
    """Return the shape of records with these columns: one for the process."""
    key = msgspec.json.encode(declared)
    if key not in _shapes:
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        _shapes[key] = Shape(declared)
    return _shapes[key]


def _declared_tree(declared: RecordColumns) -> Objects:
    tree = Objects()
    for path, kind in declared.items():
        if isinstance(kind, ListColumn):
            _put(tree, kind.list.split("."), [_declared_tree(kind.columns)])
            if kind.list != path:
                _put(tree, [*path.split("."), "type"], None)
        else:
            _put(tree, path.split("."), Objects() if kind == "attributes" else None)
    return tree


def _put(tree: Objects, path: list[str], node: Node) -> None:
    key, *rest = path
    if rest:
        inner = tree.setdefault(key, Objects())
        if isinstance(inner, Objects):
            _put(inner, rest, node)
            return
        node = None
    # Declared as two things, such as a value and an object: any value holds both.
    tree[key] = node if tree.get(key, node) == node else None


def _extended(node: Node, values: Iterable[Any]) -> Node:
    """Return a node for values that may be of another shape."""
    present = [value for value in values if value is not None]
    if isinstance(node, Objects):
        return _extended_objects(node, present) if _are(dict, present) else None
    if node is dict:
        return dict if _are(dict, present) else None
    if not isinstance(node, list) or not _are(list, present):
        return None
    items = _extended(node[0], itertools.chain.from_iterable(present))
    return [items] if isinstance(items, Objects) else None


def _extended_objects(node: Objects, objects: list[dict[str, Any]]) -> Node:
    by_key: dict[str, list[Any]] = {}
    for each in objects:
        for key, value in each.items():
            by_key.setdefault(key, []).append(value)
    found = Objects()
    found.undeclared = node.undeclared | (by_key.keys() - node.keys())
    if len(found.undeclared) > _MOST_KEYS or any(map(_NO_FIELD.search, found.undeclared)):
        return dict
    for key in itertools.chain(node, sorted(by_key.keys() - node.keys())):
        found[key] = _extended(node.get(key), by_key.get(key, ()))
    return found


def _are(kind: type, values: Iterable[Any]) -> bool:
    return set(map(type, values)) <= {kind}


def _struct(tree: Objects, missing: Any = None) -> type[msgspec.Struct]:
    """Return a struct type that knows which keys hold ``objects``, ``lists`` and ``dicts``.

    A declared key that an object lacks has the value ``missing``, an undeclared one UNSET;
    ``blank`` lacks all. ``types`` are the Arrow types that the values of a key had so far.
    """
    names = {f"f{at}": key for at, key in enumerate(tree)}
    objects: dict[str, type[msgspec.Struct]] = {}
    lists: dict[str, type[msgspec.Struct]] = {}
    fields: list[tuple[str, Any, Any]] = []
    for name, key in names.items():
        node = tree[key]
        kind: Any = Any
        if isinstance(node, Objects):
            objects[key] = _struct(node)
            kind = objects[key] | None
        elif isinstance(node, list):
            # Nulls among the objects of a list are common enough to be decoded at once.
            # An empty one differs from one whose values are null.
            lists[key] = _struct(node[0], msgspec.UNSET)
            # Tuples: the garbage collector stops looking at those without cycles.
            kind = GenericAlias(tuple, (lists[key] | None, ...)) | None
        elif node is dict:
            kind = dict[str, Any] | None
        fields.append((name, kind, msgspec.UNSET if key in tree.undeclared else missing))
    undeclared = frozenset(tree.undeclared)
    unset = undeclared if missing is None else frozenset(tree)
    struct: Any = msgspec.defstruct(
        "Object",
        fields,
        rename=names,
        namespace={
            "objects": objects,
            "lists": lists,
            "dicts": {key for key, node in tree.items() if node is dict},
            "undeclared": undeclared,
            "unset": unset,
            "types": {},
        },
        forbid_unknown_fields=True,
        gc=False,  # no cycles: the collector has nothing to look for
    )
    struct.blank = struct()
    return cast(type[msgspec.Struct], struct)
