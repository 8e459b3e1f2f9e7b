"""Names of teams, teammates, tags and topics, by id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..errors import InvalidParameterError
from .sources import table_of

NONE = "(none)"
"""Label of the group of rows without a team, teammate, ..."""

_ENTITIES = {"team": "teams", "teammate": "admins", "tag": "tags"}
KINDS = tuple(_ENTITIES)


def names(source: Any) -> dict[str, dict[str, str]]:
    """Return the names of teams, teammates and tags, for ``names=`` of the metrics.

    Args:
        source: A connector or its ``sync`` (three requests), or an extracted dataset with those
            tables.

    If a dataset lacks one of the tables, those names are missing; names of tags are also read from
    ``conversation_tags``.

    Returns ``{"team": {id: name}, "teammate": {...}, "tag": {...}}``. Names of topics are part of
    the conversations.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> analysis.names(intercom_nb.connect("demo"))["team"]["8148613"]
    'Billing'
    """
    if not (_is_connector(source) or isinstance(getattr(source, "tables", None), list)):
        raise InvalidParameterError(
            f"A {type(source).__name__} has no names. Pass a connector, such as c in "
            "c = inb.connect(...), or an extracted dataset."
        )
    return {kind: names_of_kind(source, kind) for kind in KINDS}


def names_of_kind(source: Any, kind: str) -> dict[str, str]:
    """Return the id-to-name mapping of teams, teammates or tags."""
    return _pairs(_records(source, _ENTITIES[kind]))


def names_for(by: str, given: Any) -> dict[str, str]:
    """Return the id-to-name mapping of one kind from the value of ``names=``; names are unique."""
    if given is None:
        return {}
    if isinstance(given, pd.DataFrame):
        return unique(_pairs(given))
    if isinstance(given, Mapping):
        inner = given.get(by, {}) if _is_nested(given) else given
        return unique(_pairs(inner) if isinstance(inner, pd.DataFrame) else inner)
    raise InvalidParameterError(
        "names must be analysis.names(c), a frame with the columns id and name, or a dict of id "
        "to name."
    )


def topic_names(conversations: Any) -> dict[str, str]:
    """Return the names of topics in the child table of a result or dataset; {} otherwise."""
    topics = table_of(conversations, "topics")
    return {} if topics is None else unique(_pairs(topics))


def unique(names: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping with the id in each name that several ids have.

    Groups are sorted, drawn and named by their names, so two teams of one name would become one.

    >>> unique({"1": "Support", "2": "Support", "3": "Sales"})
    {'1': 'Support (1)', '2': 'Support (2)', '3': 'Sales'}
    """
    counts = Counter(names.values())
    return {key: name if counts[name] == 1 else f"{name} ({key})" for key, name in names.items()}


def _is_nested(given: Mapping[str, Any]) -> bool:
    return any(isinstance(v, Mapping | pd.DataFrame) for v in given.values())


def _records(source: Any, entity: str) -> pd.DataFrame:
    if _is_connector(source):
        listed: pd.DataFrame = getattr(getattr(source, "sync", source), entity).list()
        return listed
    found_tables = [t for t in (entity, f"conversation_{entity}") if t in source.tables]
    if not found_tables:
        return pd.DataFrame({"id": [], "name": []})
    found: pd.DataFrame = source.pandas(found_tables[0], columns=["id", "name"])
    return found


def _is_connector(source: Any) -> bool:
    """Return whether a source is a connector or its ``sync``, of which a class is not one."""
    return not isinstance(source, type | pd.DataFrame) and hasattr(source, "execute")


def _pairs(frame: pd.DataFrame) -> dict[str, str]:
    if not {"id", "name"} <= set(frame.columns):
        raise InvalidParameterError("A frame of names must have the columns id and name.")
    named = frame.dropna(subset=["id", "name"])
    return dict(zip(named["id"].astype(str), named["name"].astype(str), strict=True))
