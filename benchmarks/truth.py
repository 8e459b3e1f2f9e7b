"""Expected contents of a dataset, computed from a server's JSON in plain Python.

Written apart from the package's frames and tables: of the package it reads the declared columns
alone, as the data that they are. Rows are compared as dicts of column -> value without those that
are empty; values of undeclared columns (custom attributes) as text, since their type is that of
the whole table.

Odd values follow the documented rules: times in milliseconds, with a fraction or as ISO 8601 text
become whole seconds, and anything else is missing; empty entries of lists are left out; the
assignee 0 is nobody; half a surrogate pair becomes U+FFFD.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]
Tables = dict[str, list[Row]]
_RECORDS = {
    "contacts": "contact", "conversations": "conversation", "tickets": "ticket",
    "companies": "company",
}  # fmt: skip


_ASSIGNEES = {"admin_assignee_id", "team_assignee_id"}
_MOST_SECONDS = 10**11  # more are milliseconds


@functools.cache
def declared() -> dict[str, dict[str, Any]]:
    """Return the declared columns of every record type."""
    text = (resources.files("intercom_nb.catalog") / "records.json").read_text("utf-8")
    found: dict[str, dict[str, Any]] = json.loads(text)
    return found


def expected(entity: str, records: list[Row]) -> Tables:
    """Return the expected tables of an entity."""
    name = _RECORDS[entity]
    tables: Tables = {entity: []}
    for record in map(_without_halves, records):
        _add(tables, entity, name, record, declared()[name], {})
    return tables


def _add(tables: Tables, table: str, label: str, record: Row, columns: Row, keys: Row) -> None:
    row = dict(keys)
    taken: set[str] = set()
    lists: list[tuple[str, list[Row], Row]] = []
    for path, kind in columns.items():
        if isinstance(kind, dict):
            items = _at(record, kind["list"])
            if items is None and isinstance(_at(record, path), list):
                items = _at(record, path)
            if items is not None:
                items = [item for item in items if item]
            taken |= {kind["list"], path, f"{path}.type"}
            row[path] = _compact(items, kind["columns"])
            lists.append((path, items or [], kind["columns"]))
        elif kind == "attributes":
            taken.add(path)
            for key, value in (_at(record, path) or {}).items():
                row[f"{path}.{key}"] = as_text(value)
        else:
            taken.add(path)
            value = _at(record, path)
            is_nobody = path in _ASSIGNEES and value in (0, "0")
            row.setdefault(path, None if is_nobody else _typed(value, kind))
    row |= _undeclared(record, taken, columns)
    tables.setdefault(table, []).append({k: v for k, v in row.items() if v is not None})
    for path, items, inner in lists:
        title = table_name(label, path)
        own = {f"{label}_id": str(record["id"])} if "id" in record else {}
        for item in items:
            _add(tables, title, title.removesuffix("s"), item, inner, {**keys, **own})


def _without_halves(value: Any) -> Any:
    """Return JSON with U+FFFD for each half of a surrogate pair; whole pairs are one character."""
    if isinstance(value, dict):
        return {_without_halves(k): _without_halves(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_halves(each) for each in value]
    return re.sub("[\ud800-\udfff]", "\ufffd", value) if isinstance(value, str) else value


def table_name(label: str, path: str) -> str:
    """Return the name of the table of a list, from the name of its records."""
    name = re.sub(r"\W+", "_", path)
    return name if name.startswith(f"{label}_") else f"{label}_{name}"


def _at(record: Any, path: str) -> Any:
    for key in path.split("."):
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _compact(items: Any, columns: Row) -> list[Any] | None:
    if items is None:
        return None
    label = next((k for k in ("id", "name", "url") if k in columns), "type")
    return [None if item.get(label) is None else str(item[label]) for item in items]


def _undeclared(record: Row, taken: set[str], columns: Row, prefix: str = "") -> Row:
    found: Row = {}
    for key, value in record.items():
        path = f"{prefix}{key}"
        if path in taken:
            continue
        if isinstance(value, dict):
            found |= _undeclared(value, taken, columns, f"{path}.")
        else:
            found[path] = as_text(value)
    return found


def _typed(value: Any, kind: str) -> Any:
    readers: dict[str, Callable[[Any], Any]] = {
        "id": str, "string": str, "integer": int, "number": float, "boolean": bool,
        "time": whole_seconds, "json": _json, "strings": list, "ids": list,
    }  # fmt: skip
    return None if value is None else readers[kind](value)


def whole_seconds(value: Any) -> int | None:
    """Return a time in whole seconds: of seconds, milliseconds or ISO 8601; None of other text."""
    if isinstance(value, str):
        try:
            return int(dt.datetime.fromisoformat(value).timestamp())
        except ValueError:
            return None
    return int(value // 1000 if value > _MOST_SECONDS else value // 1)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def as_text(value: Any) -> str | None:
    """Return a value as text; a whole number the same whether it is an integer or a float."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _json(value)


def held(folder: Path, entity: str) -> Tables:
    """Read the tables of an entity as they lie in a dataset's folder, in the form of the truth."""
    label = _RECORDS[entity]
    names = {entity} | {p.name for p in folder.iterdir() if p.name.startswith(f"{label}_")}
    kinds = dict(_kinds(entity))
    return {
        table: [
            plain_row(row, kinds.get(table, {}))
            for path in sorted((folder / table).rglob("*.parquet"))
            for row in pq.ParquetFile(path).read().to_pylist()
        ]
        for table in names
    }


def _kinds(entity: str) -> Iterator[tuple[str, Row]]:
    """Return the declared column types of each table of an entity."""

    def walk(table: str, label: str, columns: Row) -> Iterator[tuple[str, Row]]:
        yield table, columns
        for path, kind in columns.items():
            if isinstance(kind, dict):
                title = table_name(label, path)
                yield from walk(title, title.removesuffix("s"), kind["columns"])

    return walk(entity, _RECORDS[entity], declared()[_RECORDS[entity]])


def plain_row(row: Row, kinds: Row) -> Row:
    """Return a row of a table in the form of the truth, without what is missing."""
    found = {}
    for name, value in row.items():
        if value is None:
            continue
        if isinstance(value, dt.datetime):
            value = int(value.timestamp())
        kind = kinds.get(name)
        if kind == "json":
            value = _json(json.loads(value))
        elif kind is None and not name.endswith("_id"):
            value = _undone(value)
        found[name] = value
    return found


def _undone(value: Any) -> str | None:
    """Return an undeclared value as text; objects become JSON in the dataset."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        return _json(json.loads(value))
    return as_text(value)


def content_hash(rows: list[Row]) -> str:
    """Return one hash of all rows and columns, independent of row order."""
    lines = sorted(json.dumps(row, sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differences(entity: str, records: list[Row], folder: Path) -> list[str]:
    """Return how a dataset differs from the expected tables; [] if ids and contents are equal."""
    told = []
    true, there = expected(entity, records), held(folder, entity)
    ids, found = {r["id"] for r in true[entity]}, [r["id"] for r in there[entity]]
    if ids != set(found) or len(found) != len(ids):
        told.append(
            f"{entity}: {len(ids - set(found))} of {len(ids)} missing, "
            f"{len(set(found) - ids)} too many, {len(found) - len(set(found))} twice"
        )
    for table in sorted(set(true) | set(there)):
        a, b = true.get(table, []), there.get(table, [])
        if content_hash(a) != content_hash(b):
            told.append(f"{table}: {_first_difference(a, b)}")
    return told


def _first_difference(true: list[Row], there: list[Row]) -> str:
    a, b = Counter(map(_json, true)), Counter(map(_json, there))
    missing, wrong = list((a - b).elements()), list((b - a).elements())
    said = f"{len(missing)} rows are missing, {len(wrong)} should not be there"
    if missing and wrong:
        one, other = json.loads(missing[0]), json.loads(wrong[0])
        columns = {k for k in {**one, **other} if one.get(k) != other.get(k)}
        pairs = {k: (one.get(k), other.get(k)) for k in sorted(columns)[:4]}
        said += f", like {one.get('id')}: {pairs}"
    return said
