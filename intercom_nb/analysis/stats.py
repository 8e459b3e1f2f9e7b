"""The few statistics that the metrics share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95 % interval."""

QUANTILES = {"median": 0.5, "p75": 0.75, "p90": 0.9}


def wilson(hits: pd.Series, total: pd.Series) -> pd.DataFrame:
    """Give share, low and high: a proportion with its Wilson score interval.

    95 %, two-sided, without continuity correction. Unlike the textbook interval it stays inside
    0 and 1 and is right for few ratings and shares near 100 %. NaN where the total is 0.

    >>> wilson(pd.Series([8]), pd.Series([10])).round(3).iloc[0].tolist()
    [0.8, 0.49, 0.943]
    """
    n = total.astype("float64").where(total > 0)
    share = hits.astype("float64") / n
    middle = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half: pd.Series = (
        Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    )
    # The bounds at no and at all hits are exactly 0 and 1; floating point misses them by a hair.
    low = (middle - half).clip(lower=0.0)
    high = (middle + half).clip(upper=1.0)
    return pd.DataFrame({"share": share, "low": low, "high": high})


def spread(seconds: pd.Series, key: pd.Series) -> pd.DataFrame:
    """Give measured (a count), median, p75 and p90 per key, ignoring missing values.

    Quantiles between two values are interpolated linearly, as Excel, SQL and NumPy do.
    """
    groups = seconds.groupby(key, sort=True)
    quantiles = {name: groups.quantile(q) for name, q in QUANTILES.items()}
    return pd.DataFrame({"measured": groups.count(), **quantiles})


def largest(frame: pd.DataFrame, column: str) -> Any:
    """Give the row with the largest value of a column; the first of several."""
    return frame.iloc[int(np.nanargmax(frame[column].to_numpy("float64")))]


def smallest(frame: pd.DataFrame, column: str) -> Any:
    """Give the row with the smallest value of a column; the first of several."""
    return frame.iloc[int(np.nanargmin(frame[column].to_numpy("float64")))]


def telling(frame: pd.DataFrame, count: str, least: int = 20) -> pd.DataFrame:
    """Give the rows that are worth naming: those that rest on enough conversations, if any.

    Where none does, five have to be enough: one or two are an accident, and may name a person.
    """
    large = frame[frame[count] >= least]
    return large if len(large) else frame[frame[count] >= min(least, 5)]
