"""View of a frame: search, filters and sort order over all rows, and the selection."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ....catalog.timestamps import unix_seconds
from ....errors import InvalidParameterError
from ....frames.cells import CUT, cell_text, column_kind, column_texts
from .display import Display

_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_BETWEEN = re.compile(r" & (?=[<>])")
_COMPARISON = re.compile(r"(<=|>=|!=|=|<|>)\s*(.*)", re.DOTALL)


class FrameView:
    """Rows of a frame as the table shows them; the frame itself does not change.

    ``order`` has the positions of the rows shown, in their order.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.order = np.arange(len(frame))
        self.selected: set[int] = set()
        self.display = Display()
        self._texts: dict[tuple[str, bool], list[str]] = {}

    def arrange(
        self,
        search: str = "",
        filters: Mapping[str, str] | None = None,
        sort: Sequence[tuple[str, bool]] = (),
    ) -> None:
        """Show the rows that match the text and the filters, sorted by (column, descending).

        A filter is text to find, or ``>5``, ``<=2026-10-01``, ``=open``, ``!=open``, ``empty``,
        ``not empty``, or several of these with ``&`` between them: ``>=5 & <10``.

        Raises InvalidParameterError, naming the column, for an invalid comparison.
        """
        keep = self._containing(search)
        for column, text in (filters or {}).items():
            for part in _BETWEEN.split(text) if column in self.frame else ():
                if part.strip():
                    keep &= self._matching(column, part.strip())
        order = np.flatnonzero(keep)
        for column, descending in reversed(sort):
            if column in self.frame:
                order = self._sorted(order, column, descending)
        self.order = order

    def rows(self, start: int, stop: int, columns: Sequence[str]) -> list[dict[str, Any]]:
        """Return some of the rows as text: position in the frame, whether selected, cells."""
        positions = self.order[max(0, start) : max(0, stop)]
        cells = [self._cells(name, positions) for name in columns if name in self.frame]
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

    def _containing(self, search: str) -> Any:
        keep = np.ones(len(self.frame), dtype=bool)
        for word in search.lower().split():
            found = np.zeros(len(self.frame), dtype=bool)
            for column in self.frame:
                texts = self._text(str(column))
                if texts:
                    found |= np.fromiter((word in t for t in texts), bool, len(texts))
            keep &= found
        return keep

    def _text(self, column: str) -> list[str]:
        """Return a column in lower case (cached); empty if it has no values."""
        names = self.display.names_of(column)
        key = (column, bool(names))
        if key not in self._texts:
            texts = column_texts(self.frame[column])
            if names:
                format_value = self.display.formatter(column, self.frame[column])
                shown = map(format_value, self.frame[column].array)
                texts = [
                    f"{text} {name}" if text else text
                    for text, name in zip(texts, shown, strict=True)
                ]
            filled = any(texts)
            self._texts[key] = [t.lower() if t else "" for t in texts] if filled else []
        return self._texts[key]

    def _matching(self, column: str, text: str) -> Any:
        series = self.frame[column]
        if text.lower() in {"empty", "not empty"}:
            blank = np.array([not cell_text(v) for v in series.array], dtype=bool)
            return blank if text.lower() == "empty" else ~blank
        comparison = _COMPARISON.fullmatch(text)
        if comparison is None:
            texts = self._text(column)
            if not texts:
                return np.zeros(len(self.frame), dtype=bool)
            return np.fromiter((text.lower() in t for t in texts), bool, len(texts))
        return self._comparing(series, *comparison.groups())

    def _comparing(self, series: pd.Series[Any], sign: str, text: str) -> Any:
        name, kind = str(series.name), column_kind(series)
        left: Any = series
        right: Any
        if kind == "number":
            left, right = series.astype("Float64"), _number(text, name)
        elif kind == "time":
            right = pd.Timestamp(unix_seconds(text, name), unit="s", tz="UTC")
        elif kind == "list" and sign in {"=", "!="}:
            item = self._id_of(name, text)
            has = np.array([_has_item(value, item) for value in series.array], dtype=bool)
            return has if sign == "=" else ~has
        else:
            texts = [(t or "").lower() for t in column_texts(series)]
            left, right = pd.Series(texts), self._id_of(name, text)
        compared = _COMPARE[sign](left, right)
        return compared.fillna(value=False).to_numpy(dtype=bool)

    def _id_of(self, column: str, text: str) -> str:
        """Return the id that a name stands for in a column, else the text in lower case."""
        wanted = text.lower()
        names = self.display.names_of(column)
        return next((key for key, name in names.items() if name.lower() == wanted), wanted)

    def _sorted(self, order: Any, column: str, descending: bool) -> Any:
        series = self.frame[column].iloc[order].reset_index(drop=True)
        if column_kind(series) in {"text", "list"}:
            return order[_text_order(column_texts(series), descending)]
        kept = series.sort_values(ascending=not descending, kind="stable", na_position="last")
        return order[kept.index.to_numpy()]


def _text_order(texts: Sequence[str | None], descending: bool) -> Any:
    """Sort texts ignoring case; if all are whole numbers, by number."""
    keys: dict[int, Any] = {i: text.lower() for i, text in enumerate(texts) if text is not None}
    if all(key.isdecimal() for key in keys.values()):
        keys = {i: int(key) for i, key in keys.items()}
    present = sorted(keys, key=keys.__getitem__, reverse=descending)
    missing = [i for i, text in enumerate(texts) if text is None]
    return np.array([*present, *missing], dtype=int)


def _has_item(value: Any, text: str) -> bool:
    return isinstance(value, list) and text in {str(item).lower() for item in value}


def _cell(text: str | None, raw: str | None) -> Any:
    """Return the text, a list with its beginning if it is too long, or [text, raw value]."""
    if text is None or raw is None:
        return text
    if len(text) > CUT or (text != raw and len(raw) > CUT):
        return [text[:CUT]]
    return text if text == raw else [text, raw]


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidParameterError(f"{name}: {text!r} is not a number.") from None
