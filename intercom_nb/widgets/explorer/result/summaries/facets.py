"""Facets of a result: the values of a few columns, with how many of the rows shown have each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from .....frames.cells import column_kind
from ..frame_view import FrameView
from ..grouping import Grouping, grouping_of
from .profile import count_values, largest

_USUAL = ("state", "source.type", "team_assignee_id", "tags", "topics")
_VALUES = 8
_MOST_VALUES = 30  # of a column that is offered; more are better searched for
_MOST_FACETS = 5


class Facets:
    """The facets of a view's frame. Their values stay the same while filters change the counts."""

    def __init__(self, view: FrameView, columns: Sequence[str]) -> None:
        self._view = view
        self._values = _chosen(view, columns)

    def describe(self) -> list[dict[str, Any]]:
        """Return each facet with its ``bars``: [label, number of rows, conditions, title].

        The rows of a facet match the search and all filters but those on its own column, so that
        the counts say what a click on another value would show.
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
        counts, missing = _counts(kept)
        bars = []
        for value in values:
            title = dimension.title(value)
            label = title if value is None else dimension.label(value)
            count = missing if value is None else counts.get(value, 0)
            bars.append([label, count, dimension.pairs(value), title])
        return bars


def _counts(series: pd.Series[Any]) -> tuple[dict[Any, int], int]:
    counts, missing = count_values(series)
    values, sizes = (counts.field(name).to_pylist() for name in ("values", "counts"))
    return dict(zip(values, sizes, strict=True)), missing


def _chosen(view: FrameView, columns: Sequence[str]) -> list[tuple[Grouping, list[Any]]]:
    """Choose the usual facets of conversations, else columns of few values that repeat."""
    frame = view.frame
    usual = [column for column in _USUAL if column in frame]
    found = []
    for column in usual or columns:
        if column_kind(frame[column]) not in {"text", "list", "flag"}:
            continue
        counts, missing = count_values(frame[column])
        if not len(counts) or (not usual and not 1 < len(counts) <= _MOST_VALUES):
            continue
        values: list[Any] = [value for value, _ in largest(counts, _VALUES)]
        blank = [None] if missing else []
        found.append((grouping_of(frame, column, view.display), values + blank))
    return found[:_MOST_FACETS]
