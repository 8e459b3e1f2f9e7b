"""SQL over the results of a session and over a dataset."""

from __future__ import annotations

import asyncio

import pandas as pd

from ..dataset import Dataset
from ..dataset.sql import QueryLimits, query_limits, run_sql
from ..errors import InvalidParameterError
from ..runtime.stoppable import run_stoppable

_MAX_ROWS = 100_000
_MAX_BYTES = 200_000_000
_MAX_SECONDS = 120.0


async def select(
    query: str,
    dataset: Dataset | None,
    results: dict[str, pd.DataFrame],
    seconds: float = _MAX_SECONDS,
) -> pd.DataFrame:
    """Run one SELECT over the tables of a dataset and kept results.

    The query ends when this is cancelled, and after ``seconds``. Raises InvalidParameterError
    then, and for a result of more than 100,000 rows or 200 MB.
    """
    try:
        async with asyncio.timeout(seconds):
            return await run_stoppable(_select, query, dataset, results)
    except TimeoutError:
        raise InvalidParameterError(
            f"SQL: the query took more than {seconds:.0f} s and was stopped. Filter or aggregate."
        ) from None


def _select(query: str, dataset: Dataset | None, results: dict[str, pd.DataFrame]) -> pd.DataFrame:
    query_limits.set(QueryLimits(_MAX_ROWS, _MAX_BYTES))
    return run_sql({}, query, frames=results) if dataset is None else dataset.sql(query, **results)
