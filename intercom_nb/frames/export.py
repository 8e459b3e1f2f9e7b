"""Exports of DataFrames: CSV, Excel, Parquet and text for the clipboard."""

from __future__ import annotations

import io
import re
from typing import Any

import pandas as pd

from ..errors import ConfigurationError
from .cells import cell_text, column_kind

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "tsv": "text/tab-separated-values",
}
_EXCEL_ROWS = 1_048_575
_EXCEL_CHARACTERS = 32_767
# A spreadsheet takes text that starts with one of these for a formula, and customers choose their
# own names. Source: OWASP, "CSV Injection".
# What stands before the sign is ignored by some: control characters, blanks, byte order marks.
_FORMULA = re.compile(
    r"[\t\r\n]|[\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u2028-\u202f\u2060\ufeff]*"
    r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
)
# A line end has its field quoted, and no text has a carriage return here (see _harmless).
_QUOTED_SEMICOLON = "\r\n;"
_PHONE = re.compile(r"\+\d[\d ]*")


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
    safe = harmless(frame)
    if kind == "xlsx":
        return _excel(safe)
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
            texts = [_harmless(cell_text(value)) for value in series.array]
            series = pd.Series(texts, index=frame.index, dtype=object)
        columns[_harmless(str(name))] = series
    return pd.DataFrame(columns, index=frame.index)


def _harmless(text: str | None) -> str | None:
    if text is None:
        return None
    # A bare carriage return would start a row of its own in a CSV file.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _FORMULA.match(text) or _PHONE.fullmatch(text):
        return text
    return f"'{text}"


def _excel(frame: pd.DataFrame) -> bytes:
    if len(frame) > _EXCEL_ROWS:
        raise ConfigurationError(
            f"Excel has room for {_EXCEL_ROWS:,} rows, and these are {len(frame):,}: use CSV."
        )
    _need("openpyxl", "excel", "Excel files")
    ready = {}
    for name in frame:
        series = frame[name]
        kind = column_kind(series)
        if kind == "time":  # Excel knows no time zones: these are UTC
            series = series.dt.tz_localize(None)
        elif kind in {"text", "list"}:
            series = series.map(_excel_text, na_action="ignore")
        ready[name] = series
    file = io.BytesIO()
    pd.DataFrame(ready, index=frame.index).to_excel(file, index=False, engine="openpyxl")
    return file.getvalue()


def _excel_text(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return str(ILLEGAL_CHARACTERS_RE.sub("", text))[:_EXCEL_CHARACTERS]


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


def _need(module: str, extra: str, what: str) -> None:
    try:
        __import__(module)
    except ImportError:
        raise ConfigurationError(
            f"{what} need the extra {extra}: pip install 'intercom-nb[{extra}]'."
        ) from None
