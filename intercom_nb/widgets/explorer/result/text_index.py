"""Text index of a frame: each column's lower-case text in Arrow, for search and sort."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ....frames.cells import column_kind, column_texts, is_missing
from ....frames.plaintext import text_of
from .display import Display

_CONTEXT = 12  # characters of a snippet before the match, which is then in sight
_SNIPPET = 200  # characters of a snippet; its column of 300 px shows 40 of them
_LONG = 32  # bytes a text, from which a regular expression finds words faster
_DAY = 86_400  # seconds
_NAT = np.iinfo("int64").min
# What words can be in the text of these kinds; others are not looked for there.
_ALPHABETS = {
    "number": re.compile(r"[0-9.e+\-]+|inf"),
    "time": re.compile(r"\d{0,4}(-\d{0,2}){0,2}|\d{0,2}(:\d{0,2}){0,2}"),
    "flag": re.compile(r"[aeflrstu]+"),
}


class TextIndex:
    """Searches the rows of a frame. ``messages`` has the text of each row's thread, if fetched."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._kinds: dict[str, str] = {}
        self._texts: dict[tuple[str, bool], pa.Array | None] = {}
        self.messages: dict[int, str] = {}

    def texts(self, column: str, names: Mapping[str, str] | None = None) -> pa.Array | None:
        """Return a column's text in lower case (cached), with the names of ids; None if blank.

        The text of a time is its day.
        """
        key = (column, bool(names))
        if key not in self._texts:
            kind, series = self._kind(column), self._frame[column]
            array = _days(series) if kind == "time" else text_array(series, names)
            if kind in {"text", "list"}:  # the letters of others are lower case
                array = _lower_case(array)
            self._texts[key] = None if array.null_count == len(array) else array
        return self._texts[key]

    def read_columns(self, display: Display) -> Iterator[str]:
        """Read the text of each column that a search looks at, and yield the column's name."""
        for column in map(str, self._frame):
            self.texts(column, display.names_of(column))
            yield column

    def find(self, words: Sequence[str], display: Display) -> Any:
        """Return which rows contain every lower-case word, in any column or message."""
        keep = np.ones(len(self._frame), dtype=bool)
        for word in words:
            keep &= self._find_word(word, display)
        return keep

    def _find_word(self, word: str, display: Display) -> Any:
        found = pa.nulls(len(self._frame), pa.bool_())
        for column in map(str, self._frame):
            matches = self._matches(column, word, display)
            if matches is not None:
                found = pc.or_kleene(found, matches)
        rows = pc.fill_null(found, False).to_numpy(zero_copy_only=False)
        for at, text in self.messages.items():
            rows[at] |= word in lower(text)
        return rows

    def _matches(self, column: str, word: str, display: Display) -> pa.Array | None:
        """Return which rows have a word in a column; None if none can."""
        kind = self._kind(column)
        alphabet = _ALPHABETS.get(kind)
        if alphabet is not None and not alphabet.fullmatch(word):
            return None
        texts = self.texts(column, display.names_of(column))
        if texts is None:
            return None
        found = _contains(texts, word)
        if kind == "time" and (in_clock := _clock_matches(word)).any():
            seconds = _seconds(self._frame[column]).view("int64")
            in_time = pa.array(in_clock[seconds % _DAY], mask=seconds == _NAT)
            found = in_time if found is None else pc.or_kleene(found, in_time)
        return found

    def _kind(self, column: str) -> str:
        if column not in self._kinds:
            self._kinds[column] = column_kind(self._frame[column])
        return self._kinds[column]

    def columns_searched(self) -> list[str]:
        """Return the columns with text, for the code of a search."""
        return [c for c in map(str, self._frame) if self._kind(c) in {"text", "list"}]

    def snippets(
        self, positions: Any, words: Sequence[str], visible: Sequence[str]
    ) -> list[str | None]:
        """Return each row's text around its first match outside of the visible columns, or None."""
        found = [_snippet(self.messages.get(int(at), ""), words) for at in positions]
        for column in self.columns_searched():
            if column not in visible or column.endswith("body"):
                rows = [i for i, snippet in enumerate(found) if snippet is None]
                for i, value in zip(rows, self._frame[column].array[positions[rows]], strict=True):
                    if isinstance(value, str):
                        found[i] = _snippet(text_of(value), words)
        return found

    def order(self, column: str, rows: Any, *, descending: bool) -> Any:
        """Sort row positions by a column's text, ignoring case; whole numbers as numbers."""
        sorted_by = self._sort_keys(column, rows)
        if sorted_by is None:
            return rows
        keys = [("", "descending" if descending else "ascending")]
        order = pc.sort_indices(sorted_by, sort_keys=keys)  # missing values last
        return rows[order.to_numpy()]

    def sort_key_code(self, column: str, rows: Any) -> str | None:
        """Write the pandas expression of what ``order`` sorts a column ``c`` by; None if blank."""
        sorted_by = self._sort_keys(column, rows)
        if sorted_by is None:
            return None
        values = [value for value in self._frame[column].array[rows] if not is_missing(value)]
        if all(isinstance(value, str) for value in values):
            texts = "c"
        elif all(isinstance(v, list) and all(isinstance(i, str) for i in v) for v in values):
            texts = 'c.str.join(", ")'
        else:
            texts = "c.map(cell_text)"
        is_whole = pa.types.is_integer(sorted_by.type)
        return f'{texts}.astype("Int64")' if is_whole else f"{texts}.str.lower()"

    def _sort_keys(self, column: str, rows: Any) -> pa.Array | None:
        """Return the lower-case text of some rows, as numbers if all are whole; None if blank."""
        texts = self.texts(column)
        if texts is None:
            return None
        chosen: pa.Array = texts.take(pa.array(rows))
        if isinstance(chosen, pa.DictionaryArray):
            chosen = chosen.dictionary_decode()
        if pc.all(pc.utf8_is_decimal(chosen), min_count=0).as_py() is not False:
            try:
                return chosen.cast(pa.int64())
            except pa.ArrowInvalid:  # longer than 18 digits, or digits of another script
                pass
        return chosen


def lower(text: str) -> str:
    """Return a text in lower case as Arrow has it: one character for each, also for "İ"."""
    lowered: str = pc.utf8_lower(pa.scalar(text)).as_py()
    return lowered


def _lower_case(texts: pa.Array) -> pa.Array:
    """Return texts in lower case, as a dictionary if they repeat: a search then matches few."""
    if len(texts[:1_000].unique()) > 100:
        return pc.utf8_lower(texts)
    encoded = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices, pc.utf8_lower(encoded.dictionary))


def _contains(texts: pa.Array, word: str) -> pa.Array | None:
    """Return which texts contain a word, missing where the text is; None if none does."""
    is_dictionary = isinstance(texts, pa.DictionaryArray)
    distinct = texts.dictionary if is_dictionary else texts
    if distinct.nbytes > _LONG * len(distinct) and len(word) < 1_000:  # as patterns may be
        found = pc.match_substring_regex(distinct, re.escape(word))
    else:
        found = pc.match_substring(distinct, word)
    if not pc.any(found).as_py():
        return None
    return found.take(texts.indices) if is_dictionary else found


def _snippet(text: str, words: Sequence[str]) -> str | None:
    """Return the text around the first word that it has, or None."""
    lowered = lower(text)
    position = next((p for w in words if (p := lowered.find(w)) >= 0), -1)
    if position < 0:
        return None
    start = max(0, position - _CONTEXT)
    cut = " ".join(text[start : start + _SNIPPET].split())
    return f"…{cut}" if start else cut


def text_array(series: pd.Series[Any], names: Mapping[str, str] | None = None) -> pa.Array:
    """Return ``cell_text`` of each value of a column as an Arrow array of text."""
    if names:
        texts = text_array(series).dictionary_encode()
        distinct = texts.dictionary.to_pylist()
        named = [f"{text} {_names(names, text)}" for text in distinct]
        return pa.array(named, pa.large_string()).take(texts.indices)
    kind = column_kind(series)
    if kind in {"number", "flag"} or (kind == "text" and series.dtype != object):
        array = pa.array(series.array, from_pandas=True)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        return array.cast(pa.large_string())
    return pa.array(column_texts(series), pa.large_string())


def _names(names: Mapping[str, str], text: str) -> str:
    return ", ".join(names.get(key, "") for key in text.split(", "))


def _seconds(times: pd.Series[Any]) -> Any:
    return times.to_numpy("datetime64[s]")


def _days(times: pd.Series[Any]) -> pa.Array:
    """Return the text of the day of each time; a column has few, and a day 86,400 seconds."""
    seconds = _seconds(times).view("int64")
    codes, days = pd.factorize(seconds // _DAY)
    texts = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    indices = pa.array(codes.astype("int32"), mask=seconds == _NAT)
    return pa.DictionaryArray.from_arrays(indices, pa.array(texts, pa.string()))


@functools.lru_cache(maxsize=1)
def _clock_matches(word: str) -> Any:
    """Return which seconds of a day have a word in their text: 00:00:00 to 23:59:59."""
    return pc.match_substring(_clock_texts(), word).to_numpy(zero_copy_only=False)


@functools.cache
def _clock_texts() -> pa.Array:
    texts = pa.array(np.arange(_DAY).astype("datetime64[s]")).cast(pa.string())
    return pc.utf8_slice_codeunits(texts, start=len("1970-01-01 "))
