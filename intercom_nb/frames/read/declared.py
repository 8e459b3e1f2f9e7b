"""The objects and lists of objects that declared columns lie in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...catalog.model import ListColumn, RecordColumns

ITEM = None
"""In a path: the step from a list to each of its objects."""

Path = tuple[str | None, ...]
"""The keys that lead from a record to a value."""


class Objects(dict[str, Any]):
    """What is declared of the keys of objects: the kind of a value, Objects, or a list of these."""


class Attributes(Objects):
    """Objects of which each key is a column, whatever its value is."""


def declared_tree(declared: RecordColumns) -> Objects | None:
    """Give the objects that declared columns lie in; None where one is a value and an object.

    >>> declared_tree({"id": "id", "source.body": "string"})
    {'id': 'id', 'source': {'body': 'string'}}
    """
    tree = Objects()
    for path, kind in declared.items():
        leaves: list[tuple[str, Any]] = [(path, Attributes() if kind == "attributes" else kind)]
        if isinstance(kind, ListColumn):
            items = declared_tree(kind.columns)
            leaves = [(kind.list, "json" if items is None else [items])]
            if kind.list != path and f"{path}.type" not in declared:
                leaves.append((f"{path}.type", "string"))
        if not all(_put(tree, leaf.split("."), value) for leaf, value in leaves):
            return None
    return tree


def _put(tree: Objects, path: list[str], value: Any) -> bool:
    *parents, last = path
    node: Any = tree
    for key in parents:
        node = node.setdefault(key, Objects())
        if not isinstance(node, Objects) or isinstance(node, Attributes):
            return False
    return node.setdefault(last, value) is value


def is_declared(path: Path, tree: Any) -> bool:
    """Tell whether what is at a path is declared."""
    for key in path:
        if key is ITEM:
            tree = tree[0] if isinstance(tree, list) else None
        else:
            tree = tree.get(key) if isinstance(tree, Objects) else None
    return tree is not None


def json_paths(tree: Any, path: Path = ()) -> Iterator[Path]:
    """Give the paths of what is declared as JSON."""
    if isinstance(tree, Objects):
        for key, inner in tree.items():
            yield from json_paths(inner, (*path, key))
    elif isinstance(tree, list):
        yield from json_paths(tree[0], (*path, ITEM))
    elif tree == "json":
        yield path
