"""JSON of records -> columns of values, by structs that are made from the declared columns.

The generic reader (``flatten``) says what the columns are; this one gives the same, from structs
instead of dicts, at every depth. What is not declared is learned from the records that have it, and
what does not fit its declaration (text where an object is declared) is taken as it comes from then
on. Records that are too different from each other for that are read as dicts.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from types import GenericAlias
from typing import Any

import msgspec
from msgspec.structs import astuple

from ..catalog.model import ListColumn, RecordColumns
from .flatten import Column, Flat, Lists, Reader, label_of, take_all

# Somebody whose records differ that much is better served by dicts.
_MOST_LEARNED = 512
_MOST_SHAPES = 256
# So few that the collector does not begin to look at what is gone in a moment.
_AT_ONCE = 256
_UNSET: Any = msgspec.UNSET
_Tree = dict[str, Any]  # by key: a tree, a _List of trees, or None for a value of any kind


def read_records(raws: Sequence[msgspec.Raw], declared: RecordColumns) -> list[Any]:
    """Decode raw records for ``build_frame``: to structs, or to dicts where those do not fit.

    Raises msgspec.DecodeError for what is no JSON object.
    """
    content = b"[%b]" % b",".join(raws)
    key = msgspec.json.encode(declared)
    shape = _shapes.get(key) or _first_shape(declared)
    while shape is not None:
        try:
            records: list[Any] = shape.decode(content)
        except msgspec.ValidationError:
            shape = shape.fitted(msgspec.json.decode(content, type=list[dict[str, Any]]))
        else:
            if len(_shapes) >= _MOST_SHAPES:
                _shapes.clear()
            _shapes[key] = shape
            return records
    return msgspec.json.decode(content, type=list[dict[str, Any]])


def record_id(record: Any) -> Any:
    """Give the id of a record that ``read_records`` gave; None where it has none."""
    return record.get("id") if isinstance(record, Mapping) else _known(record.id)


def as_dicts(records: Any) -> Any:
    """Give structs, and lists of them, as the JSON objects that they were decoded from."""
    return msgspec.json.decode(msgspec.json.encode(records))


def flatten_structs(records: Sequence[Any], declared: RecordColumns) -> Flat:
    """Give the columns of records of one struct, as ``flatten`` does of dicts."""
    return take_all(_StructReader(records), declared)


class _Shape:
    """What records look like: what is declared, what was learned, and what does not fit."""

    def __init__(
        self, tree: _Tree, learned: Mapping[str, frozenset[str]], loose: frozenset[str]
    ) -> None:
        self._tree = tree
        self.learned = learned
        self.loose = loose
        self._root = _Node(tree, self)
        kind: Any = GenericAlias(list, (self._root.struct,))
        self.decode = msgspec.json.Decoder(kind).decode

    def fitted(self, records: Sequence[Mapping[str, Any]]) -> _Shape | None:
        """Give the shape that these records fit too; None when there is none."""
        odds = _Odds()
        for record in records:
            odds.look(self._root, record)
        count = len(self.loose) + sum(map(len, (*self.learned.values(), *odds.new.values())))
        if not (odds.new or odds.loose) or count > _MOST_LEARNED:
            return None
        learned = {
            path: self.learned.get(path, frozenset()) | odds.new.get(path, set())
            for path in {**self.learned, **odds.new}
        }
        return _Shape(self._tree, learned, self.loose | odds.loose)


class _Node:
    """One object of a record: its struct, the objects inside of it, its label in a list."""

    def __init__(self, tree: _Tree, shape: _Shape, path: str = "") -> None:
        self.inner: dict[str, _Node] = {}
        self.lists: dict[str, _Node] = {}
        for key, sub in tree.items():
            at = _join(path, key)
            if isinstance(sub, _List) and at not in shape.loose:
                self.lists[key] = _Node(sub, shape, at)
            elif isinstance(sub, dict) and at not in shape.loose:
                self.inner[key] = _Node(sub, shape, at)
        self.learned = sorted({"id", *shape.learned.get(path, ())} - set(tree))
        self.keys = dict.fromkeys([*tree, *self.learned])
        names = {key: "id" if key == "id" else f"v{at}" for at, key in enumerate(self.keys)}
        fields = [
            (name, self._type(key), None if key in tree else _UNSET) for key, name in names.items()
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
        self.label = _getter(names.get(label), label in self.learned)

    def _type(self, key: str) -> Any:
        if key in self.inner:
            return self.inner[key].struct | None
        # All empty tuples are one, and the collector lets go of tuples of such structs.
        if key in self.lists:
            return GenericAlias(tuple, (self.lists[key].struct, ...)) | None
        return Any


def _getter(name: str | None, learned: bool) -> Callable[[Any], Any]:
    if name is None:
        return lambda struct: None
    get = operator.attrgetter(name)
    return (lambda struct: _known(get(struct))) if learned else get


def _known(value: Any) -> Any:
    return None if value is _UNSET else value


class _Odds:
    """What of some records does not fit a node: keys that are new, paths that are no objects."""

    def __init__(self) -> None:
        self.new: dict[str, set[str]] = {}
        self.loose: set[str] = set()

    def look(self, node: _Node, record: Mapping[str, Any], path: str = "") -> None:
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

    def _look_at_all(self, node: _Node, values: Any, at: str) -> None:
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            self.loose.add(at)
        elif at not in self.loose:
            for value in values:
                self.look(node, value, at)


class _Columns:
    """The values of each key of an object, and of the objects inside of it, record by record."""

    def __init__(self, node: _Node) -> None:
        self.node = node
        self.values: dict[str, list[Any]] = {key: [] for key in node.keys}
        self.inner = {key: _Columns(inner) for key, inner in node.inner.items()}
        self.labels: dict[str, list[Any]] = {key: [] for key in node.lists}
        self.not_text: set[str] = set()

    def take(self, structs: Sequence[Any]) -> None:
        """Add some records' objects; None is an empty one."""
        if not any(structs):
            self._take_nothing(structs)
            return
        if None in structs:
            empty = self.node.empty
            structs = [empty if struct is None else struct for struct in structs]
        rows = map(astuple, structs)
        for (key, column), values in zip(self.values.items(), zip(*rows, strict=True), strict=True):
            if key in self.inner:
                self.inner[key].take(values)
                continue
            column += values
            if key in self.labels:
                labels, are_text = _labels(self.node.lists[key], values)
                self.labels[key] += labels
                if not are_text:
                    self.not_text.add(key)

    def _take_nothing(self, structs: Sequence[Any]) -> None:
        for key, column in self.values.items():
            column += [_UNSET] * len(structs) if key in self.node.learned else structs
        for inner in self.inner.values():
            inner.take(structs)
        for labels in self.labels.values():
            labels += structs


def _labels(node: _Node, values: Sequence[Any]) -> tuple[list[Any], bool]:
    """Give what stands for each object of each list, and whether that is text throughout."""
    if not any(values):
        return [None if v is None else [] for v in values], True
    get = node.label
    flat = [get(item) for items in values if items for item in items]
    found: list[Any] = []
    at = 0
    for items in values:
        if items:
            found.append(flat[at : at + len(items)])
            at += len(items)
        else:
            found.append(None if items is None else [])
    return found, set(map(type, flat)) == {str}


class _StructReader(Reader):
    """Reads values of structs; of what is not declared, of dicts as its base does."""

    def __init__(self, records: Sequence[Any]) -> None:
        super().__init__(records)
        columns = _Columns(type(records[0]).node)
        for start in range(0, len(records), _AT_ONCE):
            columns.take(records[start : start + _AT_ONCE])
        self._columns = {"": columns}

    def _get(self, prefix: str, key: str) -> Sequence[Any]:
        columns = self._columns.get(prefix)
        if columns is None:
            return super()._get(prefix, key)
        values = columns.values.get(key)
        if values is None:
            return [None] * len(self._levels[prefix])
        if key in columns.node.learned and _UNSET in values:
            return [None if v is _UNSET else v for v in values]
        return values

    def _keys(self, prefix: str) -> list[str]:
        columns = self._columns.get(prefix)
        if columns is None:
            return super()._keys(prefix)
        values = columns.values
        return [key for key in columns.node.learned if values[key].count(_UNSET) < len(values[key])]

    def _level(self, path: str) -> list[Any]:
        if path not in self._levels:
            parent, _, key = path.rpartition(".")
            self._level(parent)
            inner = self._columns[parent].inner.get(key) if parent in self._columns else None
            if inner is not None:
                self._columns[path] = inner
                self._levels[path] = self._levels[""]  # only their number matters
                self._taken[parent].add(key)
                self._taken[path] = set()
        return super()._level(path)

    def take_list(self, flat: Flat, path: str, kind: ListColumn) -> None:
        """Take a declared list of objects."""
        parent, _, key = kind.list.rpartition(".")
        self._level(parent)
        columns = self._columns.get(parent)
        if columns is None or key not in columns.labels:
            super().take_list(flat, path, kind)
            return
        flat.lists[path] = Lists(self.values(kind.list), kind.columns)
        if kind.list != path:
            self._taken[path].add("type")
        # Ids that are text already need not be looked at one by one.
        ids = label_of(kind.columns, ()) == "id" and key in columns.not_text
        flat.columns[path] = Column(columns.labels[key], "ids" if ids else "strings")


_shapes: dict[bytes, _Shape] = {}


class _List(dict[str, Any]):
    """The tree of each object of a list, and what of an object stands for it."""

    label = ""


class _Attributes(dict[str, Any]):
    """The tree of an object of which no key is declared."""


def _first_shape(declared: RecordColumns) -> _Shape | None:
    tree = _tree(declared)
    return None if tree is None else _Shape(tree, {}, frozenset())


def _tree(declared: RecordColumns) -> _Tree | None:
    """Give the objects that declared columns lie in; None where one is a value and an object."""
    tree: _Tree = {}
    for path, kind in declared.items():
        leaves: list[tuple[str, Any]] = [(path, _Attributes() if kind == "attributes" else None)]
        if isinstance(kind, ListColumn):
            items = _list_tree(kind.columns)
            leaves = [(kind.list, items)]
            if kind.list != path:
                leaves.append((f"{path}.type", None))
        for leaf, value in leaves:
            node: Any = tree
            *parents, last = leaf.split(".")
            for key in parents:
                node = node.setdefault(key, {})
                if not isinstance(node, dict) or isinstance(node, (_List, _Attributes)):
                    return None
            if node.get(last) is not None:
                return None
            node[last] = value
    return tree if tree else None


def _list_tree(columns: RecordColumns) -> _List | None:
    tree = _tree(columns)
    if tree is None:
        return None
    items = _List(tree)
    items.label = label_of(columns, ())
    return items


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
