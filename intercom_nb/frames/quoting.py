"""Values that no column type fits: where they are in records, and their JSON put into quotes."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import GenericAlias
from typing import Any

import msgspec
import pyarrow as pa
from msgspec.structs import astuple

from .columns import TEXT

JSON = pa.large_binary()
"""The type of values that were put into quotes: each is the JSON of the value."""

Path = tuple[str, ...]
"""The keys that lead to a value; a list of objects on the way takes none."""

_INT64 = range(-(2**63), 2**63)
# Which Python types the values of a column type have. What has no type holds one of _ALIKE.
_FITS: dict[pa.DataType, set[type]] = {
    TEXT: {str},
    pa.int64(): {int},
    pa.float64(): {int, float},
    pa.bool_(): {bool},
}
_ALIKE: tuple[set[type], ...] = ({str}, {bool}, {int, float})
# What the keys of msgspec's structs cannot hold, and what people call their attributes can.
_NO_FIELD = re.compile(r'[\\"\x00-\x1f]')


class Objects(dict[str, Any]):
    """What is known of the keys of objects: a column type, None, Objects, or a list of these."""


class Attributes(Objects):
    """Objects of which each key is a column, whatever its value is."""


def is_nested(kind: pa.DataType) -> bool:
    """Tell whether values of a type are objects, or lists of objects."""
    if pa.types.is_list(kind):
        kind = kind.value_type
    return bool(pa.types.is_struct(kind))


def is_quotable(path: Path) -> bool:
    """Tell whether ``Quoter`` and ``json_at`` can find a value."""
    return not any(map(_NO_FIELD.search, path))


class Quoter:
    r"""Puts the values at some paths of records into quotes: each becomes text that is its JSON.

    >>> tree = Objects(id=TEXT, any=JSON)
    >>> Quoter(tree)(msgspec.Raw(b'{"id":"1","any":[1,"a"]}'))
    b'{"id":"1","any":"[1,\\"a\\"]"}'
    """

    def __init__(self, tree: Objects) -> None:
        self._quotes = _quotes_of(tree)
        self._decode = msgspec.json.Decoder(_struct_of(self._quotes)).decode

    def __call__(self, raw: msgspec.Raw) -> bytes:
        """Give a record with its values in quotes."""
        content = bytes(raw)
        pieces: list[tuple[bytes, bytes]] = []
        try:
            _add_pieces(self._decode(raw), self._quotes, pieces)
        except msgspec.ValidationError:
            return _rebuilt(raw, self._quotes)
        for piece, times in Counter(pieces).items() if pieces else ():
            # Inside of text the quotes around the key would be escaped, so this is no text.
            old = b"%b:%b" % piece
            if content.count(old) != times:
                return _rebuilt(raw, self._quotes)
            content = content.replace(old, b"%b:%b" % (piece[0], _text(piece[1])))
        return content

    def __bool__(self) -> bool:
        return bool(self._quotes)


def json_at(path: Path) -> Callable[[msgspec.Raw], bytes | None]:
    """Give what reads the JSON at a path of objects; None for null, and where there is nothing."""
    quotes: dict[str, Any] = {path[-1]: True}
    for key in reversed(path[:-1]):
        quotes = {key: quotes}
    decode = msgspec.json.Decoder(_struct_of(quotes)).decode

    def read(raw: msgspec.Raw) -> bytes | None:
        pieces: list[tuple[bytes, bytes]] = []
        _add_pieces(decode(raw), quotes, pieces)
        return pieces[0][1] if pieces else None

    return read


def _quotes_of(tree: Objects) -> dict[str, Any]:
    """Give the keys whose values are to be quoted: True, or those of the objects inside."""
    found: dict[str, Any] = {}
    for key, kind in tree.items():
        inner = kind[0] if isinstance(kind, list) else kind
        if isinstance(inner, Objects):
            below = _quotes_of(inner)
            if below:
                found[key] = below
        elif inner == JSON:
            found[key] = True
    return found


def _struct_of(quotes: Mapping[str, Any]) -> Any:
    """Give the struct of an object of which only the values to be quoted are looked at."""
    fields: list[tuple[str, Any, Any]] = []
    for at, inner in enumerate(quotes.values()):
        kind: Any = msgspec.Raw
        if inner is not True:
            struct = _struct_of(inner)
            kind = struct | GenericAlias(list, (struct,)) | None
        fields.append((f"v{at}", kind, None))
    names = {f"v{at}": key for at, key in enumerate(quotes)}
    return msgspec.defstruct("Quoted", fields, rename=names, gc=False)


def _add_pieces(struct: Any, quotes: Mapping[str, Any], to: list[tuple[bytes, bytes]]) -> None:
    """Add the JSON of each key whose value is to be quoted, and of the value."""
    for value, (key, inner) in zip(astuple(struct), quotes.items(), strict=True):
        if value is None:
            continue
        if inner is not True:
            for each in value if isinstance(value, list) else (value,):
                _add_pieces(each, inner, to)
        elif (content := bytes(value)) != b"null":
            to.append((msgspec.json.encode(key), content))


def _rebuilt(raw: msgspec.Raw, quotes: Mapping[str, Any]) -> bytes:
    """Give an object, or a list of objects, written anew with values in quotes."""
    start = bytes(raw)[:1]
    if start == b"[":
        items = msgspec.json.decode(raw, type=list[msgspec.Raw])
        return b"[%b]" % b",".join([_rebuilt(item, quotes) for item in items])
    if start != b"{":
        return bytes(raw)
    values = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    for key, inner in quotes.items():
        value = values.get(key)
        if value is not None:
            content = _text(bytes(value)) if inner is True else _rebuilt(value, inner)
            values[key] = msgspec.Raw(content)
    return msgspec.json.encode(values)


def _text(content: bytes) -> bytes:
    return content if content == b"null" else msgspec.json.encode(content.decode())


def unquoted(values: pa.Array) -> list[Any]:
    """Give the values that were quoted."""
    decode = msgspec.json.decode
    return [None if v is None else decode(v) for v in values.to_pylist()]


def mismatches(objects: Iterable[Mapping[str, Any]], tree: Objects, path: Path = ()) -> set[Path]:
    """Find the paths whose values are not all of one type, or not of the type that is known."""
    by_key: dict[str, list[Any]] = {}
    for each in objects:
        for key, value in each.items():
            if value is not None:
                by_key.setdefault(key, []).append(value)
    found: set[Path] = set()
    for key, values in by_key.items():
        if tree.get(key) != JSON:
            found |= _mismatches_at((*path, key), values, tree.get(key))
    return found


def _mismatches_at(path: Path, values: Sequence[Any], kind: Any) -> set[Path]:
    kinds = set(map(type, values))
    if kinds == {dict} and (kind is None or isinstance(kind, Objects)):
        return mismatches(values, kind or Objects(), path)
    if kinds == {list} and (kind is None or isinstance(kind, list)):
        items = list(itertools.chain.from_iterable(values))
        inside = set(map(type, items))
        if inside <= {dict}:
            return mismatches(items, kind[0] if kind else Objects(), path)
        if kind is None and inside in ({str}, {bool}, {int}) and _in_range(items):
            return set()
    elif kind is None:
        if any(kinds <= alike for alike in _ALIKE) and _in_range(values):
            return set()
    elif isinstance(kind, pa.DataType) and kinds <= _FITS[kind] and _in_range(values):
        return set()
    return {path}


def _in_range(values: Sequence[Any]) -> bool:
    return all(v in _INT64 for v in values if type(v) is int)
