"""Facets of a result: the values of a few columns, with how many of the rows shown have each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .....frames.cells import column_kind
from ..frame_view import FrameView
from ..grouping import Grouping, grouping_of
from .profile import count_values

_USUAL = ("state", "source.type", "team_assignee_id", "tags", "topics")
_VALUES = 8  # of each facet, the most frequent ones
_MOST_VALUES = 30  # of a column that is offered; more are better searched for
_MOST_FACETS = 5  # as many as conversations have usual ones


class Facets:
    """The facets of a view's frame. Their values stay the same while filters change the counts."""

    def __init__(self, view: FrameView, columns: Sequence[str]) -> None:
        self._view = view
        self._values = _chosen(view, columns)

    def describe(self) -> list[dict[str, Any]]:
        """Return each facet with its ``bars``: [label, number of rows, conditions, title].

        The rows of a facet match the search and all filters but those on its own column, so that
        the counts are what a click on another value would show.
        """
        return [
            {
                "column": dimension.column,
                "label": dimension.name,
                "kind": dimension.kind,
                "bars": self._bars(dimension, values),
            }
            for dimension, values in self._values
        ]

    def _bars(self, dimension: Grouping, values: Sequence[Any]) -> list[list[Any]]:
        column = dimension.column
        kept = self._view.frame[column][self._view.kept(apart_from=column)]
        counted = count_values(kept)
        counts = counted.by_value()
        bars = []
        for value in values:
            title = dimension.title(value)
            label = title if value is None else dimension.label(value)
            count = counted.missing if value is None else counts.get(value, 0)
            bars.append([label, count, dimension.pairs(value), title])
        return bars


def _chosen(view: FrameView, columns: Sequence[str]) -> list[tuple[Grouping, list[Any]]]:
    """Choose the usual facets of conversations, else columns of few values that repeat."""
    frame = view.frame
    usual = [column for column in _USUAL if column in frame]
    found = []
    for column in usual or columns:
        if column_kind(frame[column]) not in {"text", "list", "flag"}:
            continue
        counts = count_values(frame[column])
        if not counts.distinct or (not usual and not 1 < counts.distinct <= _MOST_VALUES):
            continue
        values: list[Any] = [value for value, _ in counts.largest(_VALUES)]
        blank = [None] if counts.missing else []
        found.append((grouping_of(frame, column, view.display), values + blank))
    return found[:_MOST_FACETS]
