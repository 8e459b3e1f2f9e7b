"""View of a frame: search, filters and sort order over all rows, and the selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....frames.cells import CUT, cell_text, column_kind
from .conditions import Given, RowCondition, filter_code, filter_sql, parse_condition
from .display import Display
from .text_index import TextIndex, lower


class FrameView:
    """Rows of a frame as the table shows them; the frame itself does not change.

    ``order`` has the positions of the rows shown, in their order.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.order = np.arange(len(frame))
        self.selected: set[int] = set()
        self.display = Display()
        self.index = TextIndex(frame)
        self.words: list[str] = []
        self.conditions: list[RowCondition] = []
        self.sort: list[tuple[str, bool]] = []
        self._found = np.ones(len(frame), bool)

    def arrange(
        self,
        search: str = "",
        conditions: Sequence[Given] = (),
        sort: Sequence[tuple[str, bool]] = (),
    ) -> None:
        """Show the rows that match the search and all conditions, sorted by (column, descending).

        Raises InvalidParameterError, naming the column, for an invalid comparison.
        """
        found = [parse_condition(given, self.frame, self.display) for given in conditions]
        self.conditions = [condition for parsed in found for condition in parsed]
        self.words = lower(search).split()
        self._found = self.index.find(self.words, self.display)
        self.sort = [key for key in sort if key[0] in self.frame]
        order = np.flatnonzero(self.kept())
        for column, descending in reversed(self.sort):
            order = self._sorted(order, column, descending)
        self.order = order

    def kept(self, apart_from: str = "") -> Any:
        """Return which rows match the search and the conditions, apart from one column's."""
        keep = self._found.copy()
        for condition in self.conditions:
            if condition.column != apart_from:
                keep &= condition.mask(self.frame)
        return keep

    @property
    def filter_code(self) -> str:
        """The pandas code that keeps the rows shown; empty if all are."""
        return filter_code(self.conditions, self.words, self.index.columns_searched())

    @property
    def code(self) -> str:
        """The pandas code of the rows shown, in their order; empty if all are, unsorted."""
        # As in the table: one stable sort after the other, the first key last.
        sorts = [self._sort_code(*key) for key in reversed(self.sort)]
        lines = list(filter(None, [self.filter_code, *sorts]))
        if any("cell_text" in line for line in sorts):
            lines.insert(0, "from intercom_nb.frames.cells import cell_text\n")
        return "\n".join(lines)

    def _sort_code(self, column: str, descending: bool) -> str:
        order = ", ascending=False" if descending else ""
        if column_kind(self.frame[column]) in {"text", "list"}:
            key = self.index.sort_key_code(column, self.order)
            if key is None:
                return ""
            order += f", key=lambda c: {key}"
        return f'df = df.sort_values({column!r}{order}, kind="stable")'

    def sql(self, table: str) -> str:
        """Return the SQL query for the rows shown; empty if all are."""
        columns = self.index.columns_searched()
        return filter_sql(self.conditions, self.words, columns, table)

    def rows(self, start: int, stop: int, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return some of the rows as text: position in the frame, whether selected, cells.

        While a search is active, the first cell is the text around its match, None if the match is
        in a visible column.
        """
        positions = self.order[max(0, start) : max(0, stop)]
        cells = [self._cells(name, positions) for name in columns if name in self.frame]
        if self.words:
            cells.insert(0, self.index.snippets(positions, self.words, columns))
        return [
            {"at": int(at), "on": int(at) in self.selected, "cells": [c[i] for c in cells]}
            for i, at in enumerate(positions)
        ]

    def _cells(self, name: str, positions: Any) -> list[Any]:
        series = self.frame[name]
        format_value = self.display.formatter(name, series)
        return [_cell(format_value(v), cell_text(v)) for v in series.array[positions]]

    def select(self, on: bool, at: int | None) -> None:
        """Select or unselect one row, or (None) all rows shown."""
        positions = {int(p) for p in self.order} if at is None else {at}
        self.selected = self.selected | positions if on else self.selected - positions

    @property
    def shown(self) -> pd.DataFrame:
        """The rows shown, in their order, with all columns."""
        return self.frame.iloc[self.order]

    def _sorted(self, order: Any, column: str, descending: bool) -> Any:
        if column_kind(self.frame[column]) in {"text", "list"}:
            return self.index.order(column, order, descending=descending)
        series = self.frame[column].iloc[order].reset_index(drop=True)
        kept = series.sort_values(ascending=not descending, kind="stable", na_position="last")
        return order[kept.index.to_numpy()]


def _cell(text: str | None, raw: str | None) -> Any:
    """Return the text, a list with its beginning if it is too long, or [text, raw value]."""
    if text is None or raw is None:
        return text
    if len(text) > CUT or (text != raw and len(raw) > CUT):
        return [text[:CUT]]
    return text if text == raw else [text, raw]
