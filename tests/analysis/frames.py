"""Small conversations, as c.conversations.list() gives them, with what a test is about."""

from __future__ import annotations

from typing import Any

import pandas as pd

from intercom_nb.catalog import record_columns
from intercom_nb.frames import build_frame

HOUR = 3_600


def seconds(time: str) -> int:
    return int(pd.Timestamp(time, tz="UTC").timestamp())


def conversation(created: str, **values: Any) -> dict[str, Any]:
    """A record of the API; ``statistics`` is its statistics object (None: there is none)."""
    statistics = values.pop("statistics", {})
    if statistics is not None:
        statistics = {
            "type": "conversation_statistics",
            "count_conversation_parts": 3,
            **statistics,
        }
    return {
        "type": "conversation",
        "created_at": seconds(created),
        "updated_at": seconds(created),
        "state": "open",
        "source": {"type": "email", "delivered_as": "customer_initiated"},
        "statistics": statistics,
        **values,
    }


def frame(*records: dict[str, Any]) -> pd.DataFrame:
    numbered = [{"id": str(i), **record} for i, record in enumerate(records)]
    columns = record_columns("conversation_list_item")
    return build_frame(numbered, columns, "conversation", {"entity": "conversations"})


def contacts(*records: dict[str, Any]) -> pd.DataFrame:
    return build_frame(list(records), record_columns("contact"), "contact", {"entity": "contacts"})
