"""Exports of DataFrames: CSV, Excel, Parquet and text for the clipboard."""

from __future__ import annotations

import io
import re

import pandas as pd

from .cells import cell_text, column_kind, flat_table
from .formulas import defused, encodable
from .parquet import is_list_of_text, unique_labels
from .workbook import Sheet, workbook

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "tsv": "text/tab-separated-values",
}
# Spreadsheets of many countries separate columns by semicolons, others by what their user chose.
_SEPARATOR = re.compile("[;|\t]")
# A line end has its field quoted, and no text has a carriage return here (see defused).
_MARK = "\r\n"


def export(frame: pd.DataFrame, kind: str) -> bytes:
    r"""Write a frame as ``csv``, ``tsv`` (for the clipboard), ``xlsx`` or ``parquet``.

    In the text formats and in Excel, text that a spreadsheet would run as a formula is preceded by
    an apostrophe. Raises ConfigurationError when the extra for the format is not installed, or
    when Excel has too few rows.

    >>> export(pd.DataFrame({"name": ["=1+1"]}), "csv")
    b"name\n'=1+1\n"
    """
    if kind == "parquet":
        return _parquet(frame)
    if kind == "xlsx":
        return workbook([Sheet("Sheet1", frame)])
    safe = harmless(frame)
    safe = safe.map(lambda v: _marked(v) if isinstance(v, str) else v)
    safe.columns = safe.columns.map(_marked)
    separator = "\t" if kind == "tsv" else ","
    text: str = safe.to_csv(index=False, sep=separator, lineterminator="\n")
    return text.replace(_MARK, "").encode()


def _marked(text: str) -> str:
    return _SEPARATOR.sub(rf"{_MARK}\g<0>", text)


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table of the frame in which no text starts a formula and lists are text."""
    table = flat_table(frame)
    columns = {}
    for position in range(len(table.columns)):
        series = table.iloc[:, position]
        if column_kind(series) in {"text", "list"}:
            texts = [None if t is None else defused(t) for t in map(cell_text, series.array)]
            series = pd.Series(texts, dtype=object)
        columns[position] = series
    safe = pd.DataFrame(columns, index=table.index)
    safe.columns = pd.Index([defused(label) for label in table.columns], dtype=object)
    return safe


def _parquet(frame: pd.DataFrame) -> bytes:
    table = flat_table(frame)
    columns = {}
    for position, label in enumerate(unique_labels(table.columns)):
        series = table.iloc[:, position]
        if series.dtype == object and not all(map(is_list_of_text, series.array)):
            texts = map(cell_text, series.array)
            series = pd.Series([None if t is None else encodable(t) for t in texts], dtype=object)
        columns[label] = series
    file = io.BytesIO()
    pd.DataFrame(columns, index=table.index).to_parquet(file, index=False)
    return file.getvalue()
