"""Exports of DataFrames: CSV, Excel, Parquet and text for the clipboard."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from .cells import cell_text, column_kind
from .formulas import defused
from .workbook import Sheet, workbook

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "tsv": "text/tab-separated-values",
}
# A line end has its field quoted, and no text has a carriage return here (see defused).
_QUOTED_SEMICOLON = "\r\n;"


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
    # Spreadsheets of many countries separate columns by semicolons.
    safe = safe.map(lambda v: v.replace(";", _QUOTED_SEMICOLON) if isinstance(v, str) else v)
    safe.columns = [str(name).replace(";", _QUOTED_SEMICOLON) for name in safe.columns]
    separator = "\t" if kind == "tsv" else ","
    text: str = safe.to_csv(index=False, sep=separator, lineterminator="\n")
    return text.replace(_QUOTED_SEMICOLON, ";").encode()


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy in which no text starts a formula and lists are text."""
    columns = {}
    for name in frame:
        series = frame[name]
        if column_kind(series) in {"text", "list"}:
            texts = [None if t is None else defused(t) for t in map(cell_text, series.array)]
            series = pd.Series(texts, index=frame.index, dtype=object)
        columns[defused(str(name))] = series
    return pd.DataFrame(columns, index=frame.index)


def _parquet(frame: pd.DataFrame) -> bytes:
    ready: dict[str, Any] = {}
    for name in frame:
        series = frame[name]
        if series.dtype == object and not all(_is_list_of_text(v) for v in series.array):
            series = pd.Series(
                [cell_text(v) for v in series.array], index=frame.index, dtype=object
            )
        ready[str(name)] = series
    file = io.BytesIO()
    pd.DataFrame(ready, index=frame.index).to_parquet(file, index=False)
    return file.getvalue()


def _is_list_of_text(value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value))
