"""Parquet files of results: written with their metadata, read back unchanged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import InvalidParameterError

_AS_JSON = "intercom_json_columns"
_TIMES = "intercom_time_units"


def write_parquet(frame: pd.DataFrame, path: str | Path) -> Path:
    """Write a result to a Parquet file, attrs included.

    Lists of ids stay lists, so that DuckDB and others read them; what Parquet has no type for
    (mixed values, objects) is kept as JSON text in the file.
    """
    odd = [str(name) for name in frame.columns if _is_odd(frame[name])]
    written = frame.copy(deep=False)
    for name in odd:
        texts = [None if value is None else json.dumps(value) for value in frame[name]]
        written[name] = pd.Series(texts, index=frame.index, dtype=object)
    units = {str(n): d.unit for n, d in frame.dtypes.items() if isinstance(d, pd.DatetimeTZDtype)}
    written.attrs = {**frame.attrs, _AS_JSON: odd, _TIMES: units}
    written.to_parquet(path, engine="pyarrow")
    return Path(path)


def read_parquet(path: str | Path) -> pd.DataFrame:
    """Read a result as it was written by ``df.intercom.to_parquet``.

    Raises InvalidParameterError for a file that is not Parquet.

    >>> import intercom_nb
    >>> teams = intercom_nb.connect("demo").sync.teams.list()
    >>> read_parquet(teams.intercom.to_parquet("teams.parquet")).equals(teams)  # doctest: +SKIP
    True
    """
    try:
        frame = pd.read_parquet(path, engine="pyarrow")
    except (TypeError, ValueError) as error:  # ArrowInvalid is a ValueError
        raise InvalidParameterError(f"{path} is not a readable Parquet file: {error}") from None
    odd, units = frame.attrs.pop(_AS_JSON, []), frame.attrs.pop(_TIMES, {})
    for name in frame.columns:
        if name in units:
            frame[name] = frame[name].dt.as_unit(units[name])
        elif frame[name].dtype == object or name in odd:
            frame[name] = _restored(frame[name], as_json=name in odd)
    return frame


def _restored(column: pd.Series[Any], *, as_json: bool) -> pd.Series[Any]:
    if as_json:
        values = [json.loads(v) if isinstance(v, str) else None for v in column]
    else:
        values = [v.tolist() if hasattr(v, "tolist") else v for v in column]
    made = pd.Series([None] * len(values), index=column.index, dtype=object)
    for position, value in enumerate(values):
        made.iat[position] = value
    return made


def _is_odd(column: pd.Series[Any]) -> bool:
    """Return whether a column has values that Parquet would change or cannot hold."""
    if column.dtype != object:
        return False
    return not all(
        value is None or (isinstance(value, list) and all(isinstance(v, str) for v in value))
        for value in column
    )
