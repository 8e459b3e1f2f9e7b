"""Plain Python for tests that recompute a report: texts of numbers, exact tests, and intervals."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

Group = Mapping[str, list[Any]]


def percent(share: float) -> str:
    value = 100 * share
    return f"{value:.1f}%" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f}%"


def span(seconds: float) -> str:
    """A length of time in its two largest units."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 86_400:
        hours, minutes = divmod(round(seconds / 60), 60)
        parts = [f"{hours} h"] * (hours > 0) + [f"{minutes} min"] * (minutes > 0)
        return " ".join(parts) if hours < 24 else "1 d"
    days, hours = divmod(round(seconds / 3_600), 24)
    return f"{days} d" + f" {hours} h" * (hours > 0)


def quantile(values: Sequence[float], percents: int) -> float:
    """A percentile, interpolated linearly."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percents - 1]


def interval(hits: int, total: int) -> tuple[float, float]:
    """Wilson's interval as it is defined: the shares that the score test does not reject at 5 %."""
    observed = hits / total

    def is_rejected(share: float) -> bool:
        error = math.sqrt(share * (1 - share) / total)
        return error == 0 or abs(observed - share) > statistics.NormalDist().inv_cdf(0.975) * error

    def edge(outside: float) -> float:
        inside = observed
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if is_rejected(middle) else (middle, outside)
        return inside

    low = 0.0 if hits == 0 else edge(0.0)
    return low, 1.0 if hits == total else edge(1.0)


def grouped(rows: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Rows by their key; a list of keys puts a row into several groups."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        found = key(row)
        for one in found if isinstance(found, list) else [found]:
            groups.setdefault(one, []).append(row)
    return groups


def extreme(
    values: Mapping[Any, float], counts: Mapping[Any, int], *, low: bool = False
) -> tuple[Any, str] | None:
    """The group that is named, and the condition under which it is the highest (or lowest)."""
    sign = -1 if low else 1
    least = 20 if any(n >= 20 for n in counts.values()) else 5
    large = [key for key in values if counts[key] >= least]
    if len(large) < 2:
        return None
    most = max(large, key=lambda key: sign * values[key])
    is_most_of_all = all(sign * values[most] >= sign * value for value in values.values())
    return most, "" if is_most_of_all else f"with at least {least}"


def chances(outcomes: Mapping[int, Fraction], observed: int) -> float:
    """The two-sided p-value: the chance of all outcomes that are no more likely than this one."""
    limit = outcomes[observed] * (1 + Fraction(1, 10**7))
    return float(sum(p for p in outcomes.values() if p <= limit) / sum(outcomes.values()))


def binomial(hits: int, total: int, share: float) -> float:
    exact = Fraction(share)
    outcomes = {
        k: math.comb(total, k) * exact**k * (1 - exact) ** (total - k) for k in range(total + 1)
    }
    return chances(outcomes, hits)


def fisher(before: tuple[int, int], after: tuple[int, int]) -> float:
    """Fisher's exact test of (hits, total) before and after."""
    (a, n), (c, m) = before, after
    drawn = a + c
    outcomes = {
        k: Fraction(math.comb(n, k) * math.comb(m, drawn - k))
        for k in range(max(0, drawn - m), min(drawn, n) + 1)
    }
    return chances(outcomes, a)


def q_values(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg: the smallest rate of false discoveries at which each is called."""
    count = len(p_values)
    return [
        min(other * count / sum(p <= other for p in p_values) for other in p_values if other >= own)
        for own in p_values
    ]
