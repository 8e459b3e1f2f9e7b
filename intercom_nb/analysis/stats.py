"""Intervals, exact tests and quantiles that the metrics share."""

from __future__ import annotations

import functools
import statistics
from typing import Any

import numpy as np
import pandas as pd

Z95 = 1.959963984540054
"""The normal quantile of a two-sided 95% interval."""

QUANTILES = {"median": 0.5, "p75": 0.75, "p90": 0.9}
"""Columns of durations. Waits are skewed: a mean says little of the usual or the longest ones."""

ENOUGH = 20
"""Observations from which on a group is named in a finding; smaller groups are drawn paler."""


def wilson(hits: pd.Series, total: pd.Series) -> pd.DataFrame:
    """Return share, low and high: a proportion with its Wilson score interval.

    95%, two-sided, without continuity correction. Unlike the textbook interval it stays inside
    0 and 1 and is right for few ratings and shares near 100%. NaN if the total is 0.

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
    low = (middle - half).clip(lower=0.0).mask(share == 0, 0.0)
    high = (middle + half).clip(upper=1.0).mask(share == 1, 1.0)
    return pd.DataFrame({"share": share, "low": low, "high": high})


def spread(groups: Any) -> pd.DataFrame:
    """Return measured (a count), median, p75 and p90 of a grouped column, ignoring missing values.

    Quantiles between two values are interpolated linearly, as Excel, SQL and NumPy do.
    """
    quantiles = {name: groups.quantile(q) for name, q in QUANTILES.items()}
    return pd.DataFrame({"measured": groups.count(), **quantiles})


def fisher_exact(hits: tuple[int, int], totals: tuple[int, int]) -> float:
    """Return the two-sided p-value of Fisher's exact test: two shares differ by chance.

    >>> round(fisher_exact((8, 2), (10, 10)), 4)
    0.023
    """
    (a, c), (n, m) = hits, totals
    drawn = a + c
    support = np.arange(max(0, drawn - m), min(drawn, n) + 1)
    logs = _log_choose(n, support) + _log_choose(m, drawn - support)
    return _two_sided(logs, int(np.searchsorted(support, a)))


def binomial_test(hits: int, total: int, share: float) -> float:
    """Return the two-sided p-value of the exact binomial test.

    Two Poisson counts are compared by it: given their sum, the first is binomial with the share
    of its time (Przyborowski and Wilenski, 1940).

    >>> round(binomial_test(8, 10, 0.5), 4)
    0.1094
    """
    support = np.arange(total + 1)
    logs = _log_choose(total, support)
    logs = logs + support * np.log(share) + (total - support) * np.log1p(-share)
    return _two_sided(logs, hits)


def median_test(before: np.ndarray, after: np.ndarray) -> float:
    """Return the p-value of Mood's median test, made exact by Fisher's test.

    It compares how many values of each sample lie above the common median.

    >>> round(median_test(np.arange(10.0), np.arange(10.0) + 6), 4)
    0.023
    """
    middle = float(np.median(np.concatenate([before, after])))
    above = (int((before > middle).sum()), int((after > middle).sum()))
    return fisher_exact(above, (len(before), len(after)))


def benjamini_hochberg(p_values: np.ndarray) -> np.ndarray:
    """Return q-values: p-values adjusted for the number of tests (Benjamini and Hochberg, 1995).

    Calling all with q <= 0.05 a change keeps the expected share of false ones at 5%.

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.5])).round(3).tolist()
    [0.03, 0.06, 0.5]
    """
    count = len(p_values)
    order = np.argsort(p_values)
    scaled = p_values[order] * count / np.arange(1, count + 1)
    q_values = np.empty(count)
    q_values[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q_values


def z_score(p_value: float) -> float:
    """Return the size of a normal z-score that has a two-sided p-value.

    >>> round(z_score(0.05), 2)
    1.96
    """
    return -statistics.NormalDist().inv_cdf(max(p_value, 1e-300) / 2)


def rate_interval(counts: pd.Series, days: float) -> pd.DataFrame:
    """Return low and high: the 95% interval of a Poisson rate a day (Byar's approximation).

    >>> rate_interval(pd.Series([0, 10]), 1.0).round(2).values.tolist()
    [[0.0, 3.67], [4.79, 18.39]]
    """
    n = counts.astype("float64")
    low = n.where(n > 0) * (1 - 1 / (9 * n.where(n > 0)) - Z95 / (3 * np.sqrt(n.where(n > 0)))) ** 3
    more = n + 1
    high = more * (1 - 1 / (9 * more) + Z95 / (3 * np.sqrt(more))) ** 3
    return pd.DataFrame({"low": low.fillna(0.0) / days, "high": high / days})


def median_interval(values: np.ndarray) -> tuple[float, float]:
    """Return the exact 95% interval of a median from order statistics.

    How many values lie below the median is binomial with a half (Conover, 1999). Of 5 values and
    fewer, the smallest and the largest, which cover it less often.

    >>> median_interval(np.arange(100.0))
    (39.0, 60.0)
    """
    ordered, count = np.sort(values), len(values)
    chances = np.exp(_log_choose(count, np.arange(count + 1)) - count * np.log(2))
    outside = int(np.searchsorted(np.cumsum(chances), 0.025, side="right"))
    low = max(outside - 1, 0)
    return float(ordered[low]), float(ordered[-1 - low])


def difference_interval(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return low and high of ``after - before`` from the intervals of both (MOVER).

    Both have the columns value, low and high. Source: Zou and Donner, "Construction of confidence
    limits about effect measures", Statistics in Medicine 27 (2008); for shares it is Newcombe's
    interval.
    """
    change = after["value"] - before["value"]
    down = np.hypot(after["value"] - after["low"], before["high"] - before["value"])
    up = np.hypot(after["high"] - after["value"], before["value"] - before["low"])
    return pd.DataFrame({"low": change - down, "high": change + up})


def largest(frame: pd.DataFrame, column: str) -> Any:
    """Return the row with the largest value of a column; the first of several."""
    return frame.iloc[int(np.nanargmax(frame[column].to_numpy("float64")))]


def smallest(frame: pd.DataFrame, column: str) -> Any:
    """Return the row with the smallest value of a column; the first of several."""
    return frame.iloc[int(np.nanargmin(frame[column].to_numpy("float64")))]


def extreme(
    frame: pd.DataFrame, column: str, count: str, *, low: bool = False
) -> tuple[Any, str] | None:
    """Return the row that a finding names, and "" or the condition under which it is extreme.

    Rows that rest on few observations are not named: they are accidents, and may name a person.
    None if fewer than two rows remain.
    """
    measured = frame[frame[column].notna()]
    least = ENOUGH if (measured[count] >= ENOUGH).any() else 5
    known = measured[measured[count] >= least]
    if len(known) < 2:
        return None
    find = smallest if low else largest
    row = find(known, column)
    is_extreme = row[column] == find(measured, column)[column]
    return row, "" if is_extreme else f"with at least {least}"


def _two_sided(logs: np.ndarray, position: int) -> float:
    """Add up the probabilities of all outcomes that are no more likely than the observed one."""
    weights = np.exp(logs - logs.max())
    # As in R: outcomes that are equally likely but for rounding count as equally likely.
    extreme_ones = weights <= weights[position] * (1 + 1e-7)
    return float(min(1.0, weights[extreme_ones].sum() / weights.sum()))


def _log_choose(total: int, chosen: np.ndarray) -> np.ndarray:
    logs = _log_factorials(max(total, 1))
    result: np.ndarray = logs[total] - logs[chosen] - logs[total - chosen]
    return result


@functools.lru_cache(maxsize=64)
def _log_factorials(most: int) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, most + 1)))])
