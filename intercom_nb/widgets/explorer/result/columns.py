"""Initial columns of a table, and their widths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .cells import cell_text, column_kind

# The columns people look for first; the others are a click away.
_FIRST: dict[str, tuple[str, ...]] = {
    "contacts": (
        "name", "email", "role", "location.country", "created_at", "last_seen_at", "tags",
        "companies", "custom_attributes.plan", "owner_id", "external_id", "id",
    ),
    "conversations": (
        "created_at", "state", "title", "source.author.name", "source.type",
        "statistics.time_to_admin_reply", "statistics.count_conversation_parts",
        "conversation_rating.rating", "team_assignee_id", "tags", "id",
    ),
    "companies": (
        "name", "plan.name", "monthly_spend", "user_count", "industry", "website", "created_at",
        "last_request_at", "company_id", "id",
    ),
    "internal_articles": ("title", "body", "author_id", "created_at", "updated_at", "id"),
    "notes": ("created_at", "body", "author.name", "contact.id", "id"),
}  # fmt: skip
_MOST = 12
_LOOKED_AT = 60
_CHARACTER, _PADDING = 7.4, 26


def first_columns(frame: pd.DataFrame, entity: str) -> list[str]:
    """Choose the initial columns: the known ones, else the first ones with values."""
    filled = [str(name) for name in frame if _has_values(frame[name])]
    known = [name for name in _FIRST.get(entity, ()) if name in filled]
    if len(known) >= min(4, len(filled)):
        return known
    plain = [n for n in filled if n != "type" and not n.endswith((".type", ".url", ".has_more"))]
    return sorted(plain, key=lambda n: n == "id")[:_MOST] or [str(n) for n in frame][:_MOST]


def describe_columns(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Describe every column for the table: name, kind, dtype, width in px, has values."""
    return [
        {
            "name": str(name),
            "kind": column_kind(frame[name]),
            "dtype": str(frame[name].dtype),
            "width": _width(str(name), frame[name]),
            "filled": _has_values(frame[name]),
        }
        for name in frame
    ]


def _has_values(series: pd.Series[Any]) -> bool:
    if series.dtype == object:
        return any(cell_text(value) for value in series.array)
    return bool(series.notna().any())


def _width(name: str, series: pd.Series[Any]) -> int:
    longest = _usual_length([cell_text(v) or "" for v in series.array[:_LOOKED_AT]])
    head = len(name.rpartition(".")[2]) + 3
    wanted = max(longest, min(head, 28)) * _CHARACTER + _PADDING
    return int(min(max(wanted, 72), 300))


def _usual_length(texts: Sequence[str]) -> int:
    """Return the 90th percentile of the texts' lengths."""
    lengths = sorted(map(len, texts))
    return lengths[int(len(lengths) * 0.9)] if lengths else 0
