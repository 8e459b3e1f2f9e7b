"""Text index of a frame: each column's lower-case text in Arrow, for search and sort."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ....frames.cells import column_kind, column_texts
from ....frames.plaintext import text_of
from .display import Display

_CONTEXT = 60  # characters of a snippet before the match
_SNIPPET = 200
# What words can be in the text of these kinds; others are not looked for there.
_ALPHABETS = {
    "number": re.compile(r"[0-9.e+\-]+|inf"),
    "time": re.compile(r"((19|20)?\d\d|\d)(-\d{0,2}){0,2}|\d{0,2}(:\d{0,2}){1,2}"),
}


class TextIndex:
    """Searches the rows of a frame. ``messages`` has the text of each row's thread, if fetched."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._kinds: dict[str, str] = {}
        self._texts: dict[tuple[str, bool], pa.Array | None] = {}
        self.messages: dict[int, str] = {}

    def texts(self, column: str, names: Mapping[str, str] | None = None) -> pa.Array | None:
        """Return a column's text in lower case (cached), with the names of ids; None if blank."""
        key = (column, bool(names))
        if key not in self._texts:
            array = text_array(self._frame[column], names)
            filled = array.null_count < len(array)
            self._texts[key] = pc.utf8_lower(array) if filled else None
        return self._texts[key]

    def find(self, search: str, display: Display) -> Any:
        """Return which rows contain every word of the search, in any column or message."""
        keep = np.ones(len(self._frame), dtype=bool)
        for word in search.lower().split():
            keep &= self._find_word(word, display)
        return keep

    def _find_word(self, word: str, display: Display) -> Any:
        found = np.zeros(len(self._frame), dtype=bool)
        for column in map(str, self._frame):
            alphabet = _ALPHABETS.get(self._kind(column))
            if alphabet is not None and not alphabet.fullmatch(word):
                continue
            texts = self.texts(column, display.names_of(column))
            if texts is not None:
                matches = pc.match_substring(texts, word).fill_null(False)
                found |= matches.to_numpy(zero_copy_only=False)
        for at, text in self.messages.items():
            found[at] |= word in text.lower()
        return found

    def _kind(self, column: str) -> str:
        if column not in self._kinds:
            self._kinds[column] = column_kind(self._frame[column])
        return self._kinds[column]

    def columns_searched(self) -> list[str]:
        """Return the columns with text, for the code of a search."""
        return [c for c in map(str, self._frame) if self._kind(c) in {"text", "list"}]

    def snippet(self, at: int, words: Sequence[str], visible: Sequence[str]) -> str | None:
        """Return the text around the first match outside of the visible columns, or None."""
        hidden = [c for c in self.columns_searched() if c not in visible or c.endswith("body")]
        for column in ["", *hidden]:
            if column:
                value = self._frame[column].array[at]
                text = text_of(value) if isinstance(value, str) else ""
            else:
                text = self.messages.get(at, "")
            position = next((p for w in words if (p := text.lower().find(w)) >= 0), -1)
            if position >= 0:
                start = max(0, position - _CONTEXT)
                cut = " ".join(text[start : start + _SNIPPET].split())
                return f"…{cut}" if start else cut
        return None

    def order(self, column: str, rows: Any, *, descending: bool) -> Any:
        """Sort row positions by a column's text, ignoring case; whole numbers as numbers."""
        texts = self.texts(column)
        if texts is None:
            return rows
        chosen: pa.Array = texts.take(pa.array(rows))
        if pc.all(pc.utf8_is_decimal(chosen), min_count=0).as_py() is not False:
            try:
                chosen = chosen.cast(pa.int64())
            except pa.ArrowInvalid:  # longer than 18 digits, or digits of another script
                pass
        keys = [("", "descending" if descending else "ascending")]
        order = pc.sort_indices(chosen, sort_keys=keys)  # missing values last
        return rows[order.to_numpy()]


def text_array(series: pd.Series[Any], names: Mapping[str, str] | None = None) -> pa.Array:
    """Return ``cell_text`` of each value of a column as an Arrow array of text."""
    kind = column_kind(series)
    if names:
        texts = [
            None if text is None else f"{text} {_names(names, text)}"
            for text in column_texts(series)
        ]
        return pa.array(texts, pa.large_string())
    if kind in {"number", "flag"} or (kind == "text" and series.dtype != object):
        array = pa.array(series.array, from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        return array.cast(pa.large_string())
    if kind == "time":
        seconds = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[s]")
        return pa.array(seconds).cast(pa.large_string())
    return pa.array(column_texts(series), pa.large_string())


def _names(names: Mapping[str, str], text: str) -> str:
    return ", ".join(names.get(key, "") for key in text.split(", "))
