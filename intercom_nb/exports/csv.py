"""CSV exports as downloaded: plain, gzipped or zipped, to one DataFrame."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from typing import Any

import pandas as pd

from ..errors import JobFailedError
from ..frames.read.columns import STRING

# Far beyond any export, and within what a machine can hold.
_LARGEST = 4 * 2**30
_LONGEST_FIELD = 2**30
_TIMESTAMP = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[+-]\d\d:?\d\d))?"
_DATE = r"\d{4}-\d\d-\d\d"
_UNIX_SECONDS = r"\d{10}"  # from 2001 to 2286; shorter numbers are durations or counts
_UNIX_MILLISECONDS = r"\d{13}"
_INTEGER = r"-?(0|[1-9]\d{0,17})"
# Up to 15 digits, which a float holds exactly.
_NUMBER = r"-?(0|[1-9]\d{0,14})(\.\d+)?([eE][+-]?\d+)?"


def unpack_csv(content: bytes) -> pd.DataFrame:
    r"""Parse a CSV export: plain, gzipped, or several files in a zip archive.

    Columns keep the export's names: ``*_id`` is text; timestamps as ISO text, and Unix seconds in
    ``*_at``, become datetime64[us, UTC]; numbers are Int64 or Float64, flags boolean. With several
    files in an archive, the column ``file`` names a row's file. Raises JobFailedError for anything
    else.

    >>> unpack_csv(b"user_id,score\n7,4.5\n8,5\n")["score"].tolist()
    [4.5, 5.0]
    """
    frames = [
        _parse(text).assign(**({"file": name} if many else {}))
        for name, text, many in _texts(content)
        if text.strip()
    ]
    if not frames:
        return pd.DataFrame()
    whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return whole.apply(_typed).copy()


def _texts(content: bytes) -> list[tuple[str, bytes, bool]]:
    """Return (name, content, whether there are several) of each CSV file."""
    try:
        if content[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                return [("", _bounded(file), False)]
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = [n for n in archive.namelist() if n.lower().endswith(".csv")]
                if not names:
                    found = ", ".join(archive.namelist()[:5]) or "nothing"
                    raise JobFailedError(f"The downloaded archive has no CSV file, only {found}.")
                return [(n, _bounded(archive.open(n)), len(names) > 1) for n in names]
    # RuntimeError: encrypted; NotImplementedError: unknown compression.
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise JobFailedError(f"The download cannot be unpacked: {error}.") from None
    return [("", content, False)]


def _bounded(file: Any) -> bytes:
    content: bytes = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise JobFailedError("The download unpacks to more than 4 GiB: export a shorter period.")
    return content


def _parse(content: bytes) -> pd.DataFrame:
    _refuse_other_formats(content)
    limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        header, *rows = [row for row in csv.reader(text, strict=True) if row]
    except (csv.Error, UnicodeDecodeError) as error:
        raise JobFailedError(f"The download is not valid CSV: {error}.") from None
    finally:
        csv.field_size_limit(limit)
    for number, row in enumerate(rows, 1):
        if len(row) == len(header) + 1 and not row[-1]:
            row.pop()  # some exports end each row with a comma
        if len(row) != len(header):
            raise JobFailedError(
                f"The download is not valid CSV: row {number:,} has {len(row)} fields and the "
                f"header {len(header)}."
            )
    if header and not header[-1] and len(header) > 1:
        header, rows = header[:-1], [row[:-1] for row in rows]
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    arrays = [pd.array([v or None for v in column], dtype=STRING) for column in columns]
    frame = pd.DataFrame(dict(enumerate(arrays)))
    frame.columns = pd.Index(_unique(header))
    return frame


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    made = []
    for name in names:
        seen[name] = seen.get(name, -1) + 1
        made.append(f"{name}.{seen[name]}" if seen[name] else name)
    return made


def _refuse_other_formats(content: bytes) -> None:
    """Raise JobFailedError for a web page or a JSON error in place of the CSV."""
    start = content[:2_000].decode(errors="replace").lstrip("\ufeff \r\n\t")
    if start.startswith(("<", "{", "[")):
        kind = "a web page" if start.startswith("<") else "JSON"
        text = " ".join(re.sub(r"<[^>]*>", " ", start).split())[:200]
        raise JobFailedError(
            f"The download is {kind}, not CSV: {text!r}. The link may have expired; run the export "
            "again."
        )


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    name, known = str(column.name), column.dropna()
    if name == "file" or name.endswith("id") or known.empty:
        return column
    if known.str.fullmatch(_TIMESTAMP).all() or name.endswith("_at"):
        return _times(column, known)
    return _values(column, known)


def _values(column: pd.Series[Any], known: pd.Series[Any]) -> pd.Series[Any]:
    if known.isin(["true", "false"]).all():
        return column.map({"true": True, "false": False}).astype("boolean")
    if known.str.fullmatch(_INTEGER).all():
        return column.astype("Int64")
    if known.str.fullmatch(_NUMBER).all():
        return column.astype("Float64")
    return column


def _times(column: pd.Series[Any], known: pd.Series[Any]) -> pd.Series[Any]:
    """Convert times value by value; a column with anything else keeps its type."""
    forms = "|".join((_TIMESTAMP, _DATE, _UNIX_SECONDS, _UNIX_MILLISECONDS))
    if not known.str.fullmatch(forms).all():
        return _values(column, known)
    is_number = column.str.fullmatch(r"\d+").fillna(False).astype(bool)
    numbers = pd.to_numeric(column.where(is_number)).astype("Float64")
    milliseconds = numbers.where(numbers >= 10**12, numbers * 1_000)
    unix = pd.to_datetime(milliseconds, unit="ms", utc=True)
    iso = column.mask(is_number).str.replace(" UTC", "Z", regex=False)
    times = pd.to_datetime(iso, utc=True, errors="coerce", format="ISO8601")
    times = times.where(~is_number, unix)
    if times.notna().sum() != len(known):  # no such day, such as 2024-02-31
        return column
    whole = (times.dropna().dt.microsecond == 0).all()
    return times.dt.as_unit("s" if whole else "us")
