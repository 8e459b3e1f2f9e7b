"""Values that no column type fits, put into quotes: text that is their JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from types import GenericAlias
from typing import Any

import msgspec
import pyarrow as pa
from msgspec.structs import astuple

from .declared import ITEM, Path

JSON = pa.large_binary()
"""The type of values that were put into quotes: each is the JSON of the value."""

# What the keys of msgspec's structs cannot hold, and what people call their attributes can.
_NO_FIELD = re.compile(r'[\\"\x00-\x1f]')


def is_quotable(path: Path) -> bool:
    """Tell whether ``Quoter`` and ``json_at`` can find a value."""
    return not any(_NO_FIELD.search(key) for key in path if key is not ITEM)


class Quoter:
    r"""Puts the values at some paths of records into quotes.

    >>> Quoter([("any",)])(msgspec.Raw(b'{"id":"1","any":[1,"a"]}'))
    b'{"id":"1","any":"[1,\\"a\\"]"}'
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._quotes = _quotes_of(paths)
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


def json_at(path: Path) -> Callable[[msgspec.Raw], bytes | None]:
    """Give what reads the JSON at a path of objects; None for null, and where there is nothing."""
    quotes = _quotes_of([path])
    decode = msgspec.json.Decoder(_struct_of(quotes)).decode

    def read(raw: msgspec.Raw) -> bytes | None:
        pieces: list[tuple[bytes, bytes]] = []
        _add_pieces(decode(raw), quotes, pieces)
        return pieces[0][1] if pieces else None

    return read


def _quotes_of(paths: Iterable[Path]) -> dict[str, Any]:
    """Give the keys whose values are to be quoted: True, or those of the objects inside."""
    found: dict[str, Any] = {}
    for path in sorted(paths, key=len):
        *parents, last = (key for key in path if key is not ITEM)
        node: Any = found
        for key in parents:
            node = node.setdefault(key, {})
            if node is True:  # all of it is quoted
                break
        else:
            node[last] = True
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
