"""Records on their way to a frame: their JSON goes in page by page, typed columns come out.

A page becomes structs (``shapes``) and these, at once, columns. The generic reader (``flatten``)
says what the columns are, and reads what is not declared; records that no shape fits are left to it
altogether.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa
from msgspec.structs import astuple

from ..catalog.model import ColumnKind, ListColumn, RecordColumns
from .columns import TEXT
from .flatten import Column, Flat, Lists, Reader, flatten, label_of, take_all
from .shapes import UNSET, Node, known, remember, shape_of

# So few that they are still in the processor's cache when they are read again.
_AT_ONCE = 256
# Each time all that came before is read anew.
_MOST_RESHAPES = 16
# Arrow takes its time to begin an array.
_IN_ONE_ARRAY = 2048
# What values of a kind may be in an Arrow array; more whole numbers as such only for ids.
_TYPES: dict[str | None, pa.DataType] = {
    "id": TEXT,
    "string": TEXT,
    "integer": pa.int64(),
    "time": pa.int64(),
    "boolean": pa.bool_(),
}


class Records:
    """The records of one result.

    >>> import msgspec
    >>> records = Records({"id": "id"})
    >>> records.add([msgspec.Raw(b'{"id":"1","name":"Ada"}')])
    ['1']
    >>> list(records.flat()[0].columns)
    ['id', 'name']
    """

    def __init__(self, declared: RecordColumns) -> None:
        self.declared = declared
        self.ids: list[Any] = []
        # Kept to read anew: what does not fit stays as it came, to the order of its keys.
        self._raws: list[msgspec.Raw] = []
        self._shape = shape_of(declared)
        self._columns = None if self._shape is None else _Columns(self._shape.root)
        self._reshapes = 0

    @property
    def generic(self) -> bool:
        """Whether the records are read as dicts, since no shape fits them."""
        return self._columns is None

    def add(self, raws: Sequence[msgspec.Raw]) -> list[Any]:
        """Take the JSON of some records; gives their ids, None where there is none.

        Raises msgspec.DecodeError, and takes none of them, for what is no JSON object.
        """
        ids = self._read(raws)
        self._raws += raws
        self.ids += ids
        return ids

    def _read(self, raws: Sequence[msgspec.Raw]) -> list[Any]:
        content = b"[%b]" % b",".join(raws)
        while self._shape is not None and self._columns is not None:
            try:
                structs = self._shape.decode(content)
            except msgspec.ValidationError:
                self._reshape(_decoded(content))
            else:
                self._columns.take_all(structs)
                return [known(struct.id) for struct in structs]
        return [row.get("id") for row in _decoded(content)]

    def _reshape(self, odd: Sequence[dict[str, Any]]) -> None:
        """Take on a shape that some records more fit too, or none at all."""
        assert self._shape is not None
        self._reshapes += 1
        self._shape = self._shape.fitted(odd) if self._reshapes <= _MOST_RESHAPES else None
        remember(self.declared, self._shape)
        if self._shape is None:
            self._columns = None
            return
        self._columns = _Columns(self._shape.root)
        for start in range(0, len(self._raws), _AT_ONCE):
            self._read(self._raws[start : start + _AT_ONCE])

    def dicts(self, rows: Sequence[int] | None = None) -> list[dict[str, Any]]:
        """Give the records, or those at some places, as dicts."""
        raws = self._raws if rows is None else [self._raws[row] for row in rows]
        return _decoded(b"[%b]" % b",".join(raws))

    def flat(self, rows: Sequence[int] | None = None) -> tuple[Flat, list[Any]]:
        """Give the columns and lists of the records, or of those at some places, and their ids."""
        ids = self.ids if rows is None else [self.ids[row] for row in rows]
        if self._columns is None:
            return flatten(self.dicts(rows), self.declared), ids
        columns = self._columns if rows is None else self._columns.at(rows)
        return take_all(_ColumnReader(columns, len(ids)), self.declared), ids


def flat_of(objects: Sequence[Any], declared: RecordColumns) -> tuple[Flat, list[Any]]:
    """Give the columns and lists, and the ids, of dicts or of the structs of a list."""
    if not objects or isinstance(objects[0], Mapping):
        return flatten(objects, declared), [one.get("id") for one in objects]
    columns = _Columns(type(objects[0]).node)
    columns.take_all(objects)
    ids = [known(one.id) for one in objects]
    return take_all(_ColumnReader(columns, len(ids)), declared), ids


def as_dicts(structs: Any) -> Any:
    """Give structs, and lists of them, as the JSON objects that they were decoded from."""
    return msgspec.json.decode(msgspec.json.encode(structs))


def _decoded(content: bytes) -> list[dict[str, Any]]:
    return msgspec.json.decode(content, type=list[dict[str, Any]])


class _Values:
    """The values of one key: in Arrow arrays as long as all are of one type, else as they are."""

    def __init__(self, kind: str | None) -> None:
        self._type = _TYPES.get(kind)
        self._may_be_number = kind == "id"
        self._arrays: list[pa.Array] = []
        self._empty = 0  # so many rows came before the first that has a value
        self._values: list[Any] = []  # where there is a type: those that are in no array yet

    def add(self, values: Sequence[Any]) -> None:
        """Add values of some records more."""
        self._values += values
        if self._type is not None and len(self._values) >= _IN_ONE_ARRAY:
            self._pack()

    def _pack(self) -> None:
        values = self._values
        if values[0] is None and values[-1] is None and values.count(None) == len(values):
            if self._arrays:
                self._arrays.append(pa.nulls(len(values), self._type))
            else:
                self._empty += len(values)
        else:
            array = self._array(values)
            if array is None:
                self._values = [*self._packed().to_pylist(), *values]
                self._type, self._arrays = None, []
                return
            self._may_be_number = False
            self._arrays.append(array)
        self._values = []

    def _array(self, values: list[Any]) -> pa.Array | None:
        if self._may_be_number and set(map(type, values)) <= {int, type(None)}:
            self._type = pa.int64()
        try:
            return pa.array(values, self._type)
        except (TypeError, ValueError, OverflowError):
            return None

    def _packed(self) -> pa.Array:
        arrays = self._arrays
        if self._empty or not arrays:
            arrays = [pa.nulls(self._empty, self._type), *arrays]
        return arrays[0] if len(arrays) == 1 else pa.concat_arrays(arrays)

    def all(self) -> Any:
        """Give all values: an Arrow array, or a list."""
        if self._type is not None and self._values:
            self._pack()
        return self._values if self._type is None else self._packed()

    def list(self) -> Any:
        """Give all values as a list."""
        found = self.all()
        return found.to_pylist() if isinstance(found, pa.Array) else found

    def at(self, rows: Sequence[int]) -> _Values:
        """Give the values of some records."""
        made = _Values(None)
        found = self.all()
        if isinstance(found, pa.Array):
            made._type, made._arrays = self._type, [found.take(pa.array(rows, pa.int64()))]
        else:
            made._values = [found[row] for row in rows]
        return made


class _Columns:
    """The values of each key of an object, and of the objects inside of it, record by record."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.values = {k: _Values(node.kinds.get(k)) for k in node.keys if k not in node.inner}
        self.inner = {key: _Columns(inner) for key, inner in node.inner.items()}
        self.labels: dict[str, list[Any]] = {key: [] for key in node.lists}
        self.not_text: set[str] = set()

    def take_all(self, structs: Sequence[Any]) -> None:
        """Add any number of records."""
        for start in range(0, len(structs), _AT_ONCE):
            self.take(structs[start : start + _AT_ONCE])

    def take(self, structs: Sequence[Any]) -> None:
        """Add some records' objects; None is an empty one."""
        if None in structs:
            if not any(structs):
                self._take_nothing(structs)
                return
            empty = self.node.empty
            structs = [empty if struct is None else struct for struct in structs]
        columns = zip(*map(astuple, structs), strict=True)
        for key, values in zip(self.node.keys, columns, strict=True):
            if key in self.inner:
                self.inner[key].take(values)
                continue
            self.values[key].add(values)
            if key in self.labels:
                labels, are_text = _labels(self.node.lists[key], values)
                self.labels[key] += labels
                if not are_text:
                    self.not_text.add(key)

    def _take_nothing(self, nones: Sequence[Any]) -> None:
        for key, column in self.values.items():
            column.add([UNSET] * len(nones) if key in self.node.learned else nones)
        for inner in self.inner.values():
            inner._take_nothing(nones)
        for labels in self.labels.values():
            labels += nones

    def at(self, rows: Sequence[int]) -> _Columns:
        """Give the columns of some records."""
        made = _Columns(self.node)
        made.values = {key: values.at(rows) for key, values in self.values.items()}
        made.inner = {key: inner.at(rows) for key, inner in self.inner.items()}
        made.labels = {key: [found[row] for row in rows] for key, found in self.labels.items()}
        made.not_text = self.not_text
        return made


def _labels(node: Node, values: Sequence[Any]) -> tuple[list[Any], bool]:
    """Give what stands for each object of each list, ids as text; False where some are not."""
    if not any(values):
        return [None if v is None else [] for v in values], True
    get = node.label
    flat = [get(item) for items in values if items for item in items]
    kinds = set(map(type, flat))
    if int in kinds and kinds <= {int, str} and node.label_is_id:
        flat, kinds = list(map(str, flat)), {str}
    found: list[Any] = []
    at = 0
    for items in values:
        if items:
            found.append(flat[at : at + len(items)])
            at += len(items)
        else:
            found.append(None if items is None else [])
    return found, kinds == {str}


class _ColumnReader(Reader):
    """Reads columns that are there already; of what is not declared, dicts as its base does."""

    def __init__(self, columns: _Columns, count: int) -> None:
        super().__init__([{}] * count)
        self._columns = {"": columns}

    def column(self, path: str, kind: ColumnKind) -> Column:
        """Give a declared column."""
        parent, _, key = path.rpartition(".")
        self._level(parent)
        columns = self._columns.get(parent)
        if columns is None or key not in columns.values:
            return super().column(path, kind)
        self._taken[parent].add(key)
        return Column(columns.values[key].all(), kind)

    def _get(self, prefix: str, key: str) -> Sequence[Any]:
        columns = self._columns.get(prefix)
        if columns is None:
            return super()._get(prefix, key)
        values: list[Any] = columns.values[key].list()
        if key in columns.node.learned:
            return [None if v is UNSET else v for v in values]
        return values

    def _keys(self, prefix: str) -> list[str]:
        columns = self._columns.get(prefix)
        if columns is None:
            return super()._keys(prefix)
        return [key for key in columns.node.learned if _any_set(columns.values[key].list())]

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
        values, labels = self.values(kind.list), columns.labels[key]
        flat.lists[path] = Lists(values, kind.columns)
        if kind.list != path:
            self._taken[path].add("type")
        # Ids that are text by now need not be looked at one by one, nor anything that is no id.
        ids = label_of(kind.columns, ()) == "id" and key in columns.not_text
        if ids:
            get = columns.node.lists[key].label
            labels = [None if items is None else list(map(get, items)) for items in values]
        flat.columns[path] = Column(labels, "ids" if ids else None)


def _any_set(values: Sequence[Any]) -> bool:
    if not values or values[0] is not UNSET or values[-1] is not UNSET:
        return bool(values)
    return values.count(UNSET) < len(values)
