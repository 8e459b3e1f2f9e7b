"""SQL over the results of a session and over a dataset."""

from __future__ import annotations

import pandas as pd

from ..dataset import Dataset
from ..dataset.sql import run_sql


def select(query: str, dataset: Dataset | None, results: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Run one SELECT over the tables of a dataset and kept results."""
    return run_sql({}, query, frames=results) if dataset is None else dataset.sql(query, **results)
