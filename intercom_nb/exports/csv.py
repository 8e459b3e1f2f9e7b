"""Downloaded exports -> one DataFrame."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from typing import Any

import pandas as pd

from ..errors import JobFailedError
from ..frames.read.columns import STRING

# What an archive may unpack to: far beyond any export, and what a machine can hold.
_MOST = 4 * 2**30


def unpack_csv(content: bytes) -> pd.DataFrame:
    """Read a CSV export: as it is, gzipped, or several in a zip archive.

    Columns keep the export's names; ``*_id`` is text, ``*_at`` in unix seconds or ISO text becomes
    datetime64[s, UTC], whole numbers Int64, flags boolean. With several files in an archive, the
    column ``file`` says which one a row is from. Raises JobFailedError for anything else.
    """
    frames = [
        _read(text).assign(**({"file": name} if many else {}))
        for name, text, many in _texts(content)
        if text.strip()
    ]
    if not frames:
        return pd.DataFrame()
    whole = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    return whole.apply(_typed).copy()


def _texts(content: bytes) -> list[tuple[str, bytes, bool]]:
    try:
        if content[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
                return [("", _bounded(file), False)]
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = [n for n in archive.namelist() if n.lower().endswith(".csv")]
                return [(n, _bounded(archive.open(n)), len(names) > 1) for n in names]
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise JobFailedError(f"The download cannot be unpacked: {error}.") from None
    return [("", content, False)]


def _bounded(file: Any) -> bytes:
    content: bytes = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise JobFailedError(
            "The download unpacks to more than 4 GiB: export shorter stretches of time."
        )
    return content


def _read(content: bytes) -> pd.DataFrame:
    try:
        return pd.read_csv(io.BytesIO(content), dtype=STRING, keep_default_na=False, na_values=[""])
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise JobFailedError(f"The download is no CSV: {error}.") from None


def _typed(column: pd.Series[Any]) -> pd.Series[Any]:
    name, known = str(column.name), column.dropna()
    if name == "file" or name.endswith("id") or known.empty:
        return column
    if name.endswith(("_at", "_time")):
        return _times(column, known)
    if known.isin(["true", "false"]).all():
        return column.map({"true": True, "false": False}).astype("boolean")
    if known.str.fullmatch(r"-?(0|[1-9]\d{0,17})").all():
        return column.astype("Int64")
    if known.str.fullmatch(r"-?\d+\.\d+").all():
        return column.astype("Float64")
    return column


def _times(column: pd.Series[Any], known: pd.Series[Any]) -> pd.Series[Any]:
    if known.str.fullmatch(r"\d{9,11}").all():
        seconds = pd.to_numeric(column).astype("Int64")
        return pd.to_datetime(seconds, unit="s", utc=True).dt.as_unit("s")
    instants = pd.to_datetime(column, utc=True, errors="coerce", format="ISO8601")
    return instants if instants.notna().sum() == len(known) else column
