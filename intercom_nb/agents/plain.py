"""Results as JSON values of a limited length."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import pandas as pd

from .. import catalog
from ..errors import ResultTooLargeError
from ..frames import KEY, ResultInfo

DEFAULT_CAP = 100_000
"""Default limit on the JSON of a result, in characters: about 25,000 tokens."""

META = ("entity", "action", "total_count", "next_cursor", "truncated", "requests")
_PREVIEW = 500  # characters
_DONE = "The change was made. Its response is too long to show; do not repeat the call."


def to_plain(result: Any, max_output_chars: int | None = DEFAULT_CAP) -> Any:
    """Convert a result to JSON values: each DataFrame in it becomes records and meta.

    Raises ResultTooLargeError if its JSON is longer than ``max_output_chars``; of a write, the
    records are left out instead, because an error would make a model repeat it.

    >>> to_plain({"found": pd.DataFrame({"id": ["1"], "name": [None]})})
    {'found': {'records': [{'id': '1'}], 'meta': {'rows': 1}}}
    """
    plain = _plain(result)
    if not max_output_chars:
        return plain
    text = json.dumps(plain, default=str, ensure_ascii=False)
    if len(text) <= max_output_chars:
        return plain
    if isinstance(result, pd.DataFrame) and _is_of_write(result):
        return {"records": _ids(result), "meta": {**plain["meta"], "note": _DONE}}
    raise ResultTooLargeError(
        f"The result has {len(text):,} characters of JSON; the limit is {max_output_chars:,}. "
        "Request less: a smaller per_page, a narrower search, one record by get, or "
        f"select_fields in hosted mode. It starts with: {text[:_PREVIEW]}"
    )


def _is_of_write(frame: pd.DataFrame) -> bool:
    info = frame.attrs.get(KEY, {})
    writes = {(op.entity, op.action) for op in catalog.operations() if op.writes}
    return (info.get("entity"), info.get("action")) in writes and not info.get("dry_run")


def _ids(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return records_of(frame[["id"]]) if "id" in frame.columns else []


def _plain(value: Any) -> Any:
    if isinstance(value, pd.DataFrame):
        return _frame(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _frame(frame: pd.DataFrame) -> dict[str, Any]:
    info = frame.attrs.get(KEY, {})
    meta = {"rows": len(frame), **{name: info[name] for name in META if name in info}}
    found: dict[str, Any] = {"records": records_of(frame), "meta": meta}
    lists = lists_of(frame)
    return {**found, "lists": lists} if lists else found


def lists_of(frame: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the child tables of a single record: a conversation is read for its parts."""
    info = frame.attrs.get(KEY)
    if len(frame) != 1 or not isinstance(info, ResultInfo):
        return {}
    tables = {name: records_of(frame.intercom.children(name)) for name in info.children}
    return {name: rows for name, rows in tables.items() if rows}


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows as objects without empty fields, which would be most of the text.

    Bytes that are not text, such as a recording, become their length.

    >>> records_of(pd.DataFrame({"id": ["1"], "name": [None]}))
    [{'id': '1'}]
    """
    try:
        text = _to_json(frame)
    except (UnicodeDecodeError, OverflowError):  # bytes, at any depth
        text = _to_json(frame.map(_without_bytes))
    rows = msgspec.json.decode(text or "[]", type=list[dict[str, Any]])
    return [{k: v for k, v in row.items() if v is not None and v != []} for row in rows]


def _to_json(frame: pd.DataFrame) -> str:
    return frame.to_json(orient="records", date_format="iso", date_unit="s", default_handler=str)


def _without_bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return f"({len(value):,} bytes)"
    if isinstance(value, dict):
        return {key: _without_bytes(item) for key, item in value.items()}
    if isinstance(value, (list, np.ndarray)):
        return [_without_bytes(item) for item in value]
    return value
