"""Names for the ids of teams, teammates, tags and topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..errors import InvalidParameterError

NONE = "(none)"
"""The group of rows that have no team, teammate, ... at all."""

_ENTITIES = {"team": "teams", "teammate": "admins", "tag": "tags"}


def names(source: Any) -> dict[str, dict[str, str]]:
    """Fetch the names of teams, teammates and tags, to be passed as ``names=`` to the metrics.

    Args:
        source: A connector (three requests), or an extracted dataset that has those tables.

    A dataset without one of the tables has no names of that kind (those of tags are also found in
    ``conversation_tags``).

    Returns ``{"team": {id: name}, "teammate": {...}, "tag": {...}}``; topics come with the
    conversations themselves.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> analysis.names(intercom_nb.connect("demo"))["team"]["8148613"]
    'Billing'
    """
    return {kind: _pairs(_records(source, entity)) for kind, entity in _ENTITIES.items()}


def names_for(by: str, given: Any) -> dict[str, str]:
    """Give the id-to-name mapping for one kind, from whatever ``names=`` was."""
    if given is None:
        return {}
    if isinstance(given, pd.DataFrame):
        return _pairs(given)
    if isinstance(given, Mapping):
        inner = given.get(by, {}) if _is_nested(given) else given
        return _pairs(inner) if isinstance(inner, pd.DataFrame) else dict(inner)
    raise InvalidParameterError(
        "names must be analysis.names(c), a frame with id and name, or a dict of id to name."
    )


def topic_names(conversations: Any) -> dict[str, str]:
    """Find the names of topics in a result's child table, or a dataset's; none elsewhere."""
    if "conversation_topics" in _tables(conversations):
        return _pairs(conversations.pandas("conversation_topics", columns=["id", "name"]))
    if not isinstance(conversations, pd.DataFrame) or "intercom" not in conversations.attrs:
        return {}
    lists = getattr(conversations.attrs["intercom"], "children", {})
    return _pairs(lists["topics"].frame()) if "topics" in lists else {}


def _is_nested(given: Mapping[str, Any]) -> bool:
    return any(isinstance(v, Mapping | pd.DataFrame) for v in given.values())


def _records(source: Any, entity: str) -> pd.DataFrame:
    if hasattr(source, "sync"):
        listed: pd.DataFrame = getattr(source.sync, entity).list()
        return listed
    here = [t for t in (entity, f"conversation_{entity}") if t in _tables(source)]
    if not here:
        return pd.DataFrame({"id": [], "name": []})
    found: pd.DataFrame = source.pandas(here[0], columns=["id", "name"])
    return found


def _tables(source: Any) -> list[str]:
    tables = getattr(source, "tables", [])
    return tables if isinstance(tables, list) else []


def _pairs(frame: pd.DataFrame) -> dict[str, str]:
    if not {"id", "name"} <= set(frame.columns):
        raise InvalidParameterError("A frame of names needs the columns id and name.")
    named = frame.dropna(subset=["id", "name"])
    return dict(zip(named["id"].astype(str), named["name"].astype(str), strict=True))
