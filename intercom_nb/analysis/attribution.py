"""Credit: to which teammate a conversation is attributed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..errors import UnsupportedError
from ..frames.read.columns import STRING
from .facts import Facts
from .sources import table_of

PARTS = "conversation_parts"
PARTS_HINT = (
    "Extract the conversations with with_parts=True and pass the dataset, or fetch them with "
    "conversations.get()."
)
_READ = ["conversation_id", "id", "part_type", "body", "created_at", "author.type", "author.id"]
_COLUMNS = {
    "assigned": "admin_assignee_id",
    "closed": "statistics.last_closed_by_id",
    "rated": "conversation_rating.teammate.id",
}
_FROM_PARTS = {"first_reply": "first", "last_reply": "last"}
CREDITS = (*_COLUMNS, *_FROM_PARTS)
"""The teammate who has it now, closed it last, was rated, replied first, or replied last."""

# Changes of state that can come with a message; a comment is one even if it is only an attachment.
_WITH_TEXT = frozenset(
    {"close", "open", "assignment", "snoozed", "assign_and_reopen", "assign_and_unsnooze"}
)


def column_of(credit: str) -> str:
    """Return the column that a credit needs."""
    return _COLUMNS.get(credit, "id")


def credited(facts: Facts, credit: str, source: Any) -> pd.Series:
    """Return the id of the teammate whom each conversation is credited to.

    Raises UnsupportedError if the credit needs messages and the source has none.
    """
    if credit in _COLUMNS:
        ids = facts[_COLUMNS[credit]]
        # Since API version 2.16 the assignee 0 means that nobody is assigned.
        return ids.where(ids != "0")
    replies = _replies(source).sort_values(["created_at", "id"], kind="stable")
    found = replies.groupby("conversation_id")["author.id"]
    chosen = found.first() if _FROM_PARTS[credit] == "first" else found.last()
    ids = facts["id"].astype(object).map(chosen)
    return ids.astype(STRING)


def _replies(source: Any) -> pd.DataFrame:
    """Return the messages of teammates."""
    sent = messages(source)
    if sent is None:
        raise UnsupportedError(
            f"credit='first_reply' and 'last_reply' need the messages. {PARTS_HINT}"
        )
    return sent[sent["author.type"] == "admin"]


def messages(source: Any) -> pd.DataFrame | None:
    """Return the parts that are messages which the customer sees; None without parts.

    These are comments, and changes of state that were sent with a text.
    """
    parts = table_of(source, PARTS, _READ)
    if parts is None:
        return None
    has_text = parts["body"].notna() & (parts["body"].astype(object) != "")
    kind = parts["part_type"]
    return parts[(kind == "comment") | (has_text & kind.isin(_WITH_TEXT))]
