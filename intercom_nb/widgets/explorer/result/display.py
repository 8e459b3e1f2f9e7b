"""Display text of a result's values: names for ids, durations, thousands, local times."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from .... import catalog
from ....analysis.facts import COLUMNS
from ....analysis.formatting import duration
from ....frames.cells import cell_text, column_kind, is_missing
from ....frames.plaintext import text_of

_SECONDS = re.compile(r"(?:^|[._])(?:time_to_\w+|handling_time|\w*response_time\w*|\w+_seconds)$")

_NOUNS = {
    "time_to_admin_reply": "first reply time",
    "source.author.name": "from",
    "source.body": "first message",
    "count_conversation_parts": "messages and events",
}

Formatter = Callable[[Any], str | None]


@dataclasses.dataclass
class Display:
    """Names by id for each entity (``names``), and the time zone of the times (``zone``)."""

    names: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    zone: str = "UTC"
    is_raw: bool = False

    def formatter(self, column: str, series: pd.Series[Any]) -> Formatter:
        """Return the function that formats the values of a column.

        >>> times = pd.Series([5_580], name="statistics.time_to_admin_reply")
        >>> Display().formatter(str(times.name), times)(5_580)
        '1 h 33 min'
        """
        if self.is_raw:
            return cell_text
        names = self.names_of(column)
        if names:
            return lambda value: _name(names, value)
        kind = column_kind(series)
        if kind == "time":
            return self.time
        if kind == "flag":
            return lambda value: None if is_missing(value) else "✓" if value else "✗"
        if kind == "number":
            return _seconds if is_seconds(column) else _number
        return _preview if column.rpartition(".")[2] == "body" else cell_text

    def time(self, value: Any) -> str | None:
        """Return an instant in the time zone that is shown."""
        if is_missing(value) or not isinstance(value, dt.datetime):
            return cell_text(value)
        local = value.astimezone(ZoneInfo(self.zone))
        return f"{local.day} {local:%b %Y, %H:%M}"

    def names_of(self, column: str) -> dict[str, str]:
        """Return the names by id of the entity that a column links to; empty if unknown."""
        return self.names.get(linked_entity(column) or column, {})


def is_seconds(column: str) -> bool:
    """Check whether a column of numbers is a duration in seconds.

    >>> is_seconds("statistics.time_to_admin_reply"), is_seconds("statistics.count_reopens")
    (True, False)
    """
    return _SECONDS.search(column) is not None


def noun(column: str) -> str:
    """Return what a column's values are called: "team" for ``team_assignee_id``.

    >>> noun("team_assignee_id"), noun("source.type"), noun("statistics.time_to_admin_reply")
    ('team', 'channel', 'first reply time')
    """
    known = next((name for name, path in COLUMNS.items() if path == column), None)
    last = column.rpartition(".")[2]
    named = known or _NOUNS.get(column) or _NOUNS.get(last)
    return named or re.sub(r"_(id|at)$", "", last).replace("_", " ")


@functools.cache
def short_entities() -> tuple[str, ...]:
    """Return the entities that are read whole, so that their ids are shown as names."""
    return tuple(name for name, data in catalog.entities().items() if data.is_short)


def linked_entity(column: str) -> str:
    """Return the entity whose ids a column holds, or an empty text.

    >>> linked_entity("team_assignee_id"), linked_entity("tags"), linked_entity("state")
    ('teams', 'tags', '')
    """
    for entity in short_entities():
        data = catalog.entities()[entity]
        link = data.link_name or data.singular
        if column in {entity, f"{link}_id", *data.linked_by}:
            return entity
    return ""


def _name(names: Mapping[str, str], value: Any) -> str | None:
    if isinstance(value, list):
        return ", ".join(_name(names, item) or "" for item in value)
    text = cell_text(value)
    return None if text is None else names.get(text, text)


def _seconds(value: Any) -> str | None:
    return None if is_missing(value) else duration(float(value))


def _number(value: Any) -> str | None:
    return None if is_missing(value) else f"{value:,}"


def _preview(value: Any) -> str | None:
    text = cell_text(value)
    return None if text is None else " ".join(text_of(text).split())
