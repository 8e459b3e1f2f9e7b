"""SQL over the context store: read-only queries on an in-memory SQLite database."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any

from intercom_nb.demo.airbyte.context_store import DEFAULT_LIMIT, ENTITIES, records_of
from intercom_nb.demo.airbyte.http import HostedError, check_fields, invalid
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.store import Store

_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION)
# SQLite calls back after this many steps; a query may run for 400 callbacks, about 2 s.
_STEPS, _CALLBACKS = 100_000, 400


def run_query(store: Store, params: Record) -> Record:
    """Return the rows of a query, with the `meta` object of a search."""
    check_fields("params", params, {"sql": str, "limit?": int})
    limit = params.get("limit", DEFAULT_LIMIT)
    if not 1 <= limit <= DEFAULT_LIMIT:
        raise invalid("params", "limit", "Input should be from 1 to 1000", "value_error")
    sql = params["sql"]
    if re.search(r"\bsemantic_search\s*\(", sql, re.IGNORECASE):
        raise HostedError(400, "semantic_search() is not available in the demo workspace")
    database = sqlite3.connect(":memory:")
    try:
        for entity in ENTITIES:
            if re.search(rf"\b{entity}\b", sql, re.IGNORECASE):
                _load(database, entity, records_of(store, entity))
        rows = _select(database, sql, limit + 1)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise HostedError(400, f"SQL error: {error}") from None
    finally:
        database.close()
    return {"data": rows[:limit], "meta": {"has_more": len(rows) > limit, "took_ms": 3}}


def _load(database: sqlite3.Connection, entity: str, records: list[Record]) -> None:
    """Create a table with a column for each key; objects and lists are JSON text."""
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = ", ".join(f'"{name}"' for name in names)
    database.execute(f"CREATE TABLE {entity} ({columns})")
    marks = ", ".join("?" * len(names))
    rows = ([_cell(record.get(name)) for name in names] for record in records)
    database.executemany(f"INSERT INTO {entity} VALUES ({marks})", rows)  # noqa: S608 - our names


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, list)) else value


def _select(database: sqlite3.Connection, sql: str, count: int) -> list[Record]:
    """Return the first rows of a statement that only reads."""
    calls = iter(range(_CALLBACKS))
    database.set_authorizer(
        lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY
    )
    database.set_progress_handler(lambda: next(calls, None) is None, _STEPS)
    cursor = database.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(count)]
