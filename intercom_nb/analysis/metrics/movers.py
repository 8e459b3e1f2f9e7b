"""Movers: what changed since the previous period, beyond chance."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError
from .. import formatting
from ..arguments import check_least, is_texts
from ..facts import CREATED, STATISTICS, TIMES, Facts, read
from ..groups import Split
from ..names import NONE, names_for
from ..periods import Period, period_of
from ..result import finish, metric
from ..stats import (
    benjamini_hochberg,
    binomial_test,
    difference_interval,
    fisher_exact,
    median_interval,
    median_test,
    rate_interval,
    wilson,
    z_score,
)
from .durations import CUSTOMER, DELIVERED

_DIMENSIONS = ("team", "channel", "tags", "topics")
_LEAST = 5  # conversations; fewer show chance only
_ALPHA = 0.05  # false discovery rate
_REPLY, _RATING = "statistics.time_to_admin_reply", "conversation_rating.rating"
_COUNTED = {"conversations": "conversations", "median_first_reply": "replies", "csat": "ratings"}
_COLUMNS = [
    *("dimension", "name", "measure", "before", "after", "change", "ratio", "strength"),
    *("n_before", "n_after", "change_low", "change_high", "p_value", "q_value", "significant"),
]


@metric
def movers(  # noqa: PLR0913 - public keywords
    conversations: Any,
    period: Any,
    *,
    versus: Any = None,
    dimensions: str | Sequence[str] = _DIMENSIONS,
    top: int | None = 15,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Find what changed most since the previous period: in volume, reply time and satisfaction.

    Definition: for each team, channel, tag and topic, the conversations created in the period
    against those in the previous period, per day, so that a month of 31 days does not look busier;
    the median first reply (as in ``first_reply``) and the CSAT (as in ``csat``) per team. A period
    that is still running, or that the data covers in part, is compared with an equally long part of
    the previous one. If the data does not reach back that far, nothing is compared.

    ``p_value`` is of an exact test: two Poisson counts (conditional binomial test), Mood's median
    test, Fisher's test for CSAT. ``q_value`` corrects it for the number of comparisons (Benjamini
    and Hochberg); ``significant`` is a q-value of at most 0.05, so that on data without a real
    change nothing is named in 19 of 20 cases. ``strength`` is the z-score of the p-value, with the
    sign of the change, and orders the rows. ``change_low`` and ``change_high`` are the 95%
    interval of the change (MOVER, from the intervals of both periods). Not compared, and counted
    as ``too_few``: volumes of fewer than 5 conversations in both periods, medians and CSAT of fewer
    than 5 in either.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset with both periods.
        period: The period, such as ``"2026-10"``.
        versus: The period to compare with (default: the calendar unit before).
        dimensions: Dimensions to split by: ``"team"``, ``"teammate"``, ``"channel"``, ``"tags"``,
            ``"topics"`` or columns.
        top: Number of rows (None: all).
        zone: Time zone of the periods.
        names: ``analysis.names(c)``.

    Returns the strongest first: dimension, name, measure (``conversations`` per day,
    ``median_first_reply`` in seconds, ``csat``), before, after, change (after - before), ratio
    (after / before), strength, n_before, n_after, change_low, change_high, p_value, q_value,
    significant.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> june = analysis.movers(df, "2026-W24", dimensions=("topics",))
    >>> june.name.iloc[0]
    'Slow or down'
    """
    check_least("top", top)
    dimensions = (dimensions,) if isinstance(dimensions, str) else dimensions
    if not is_texts(dimensions):
        raise InvalidParameterError(
            f"dimensions={dimensions!r}: movers needs names of dimensions, each compared on its "
            "own, such as ('team', 'tags')."
        )
    splits = {name: _split(name, names, conversations) for name in dimensions}
    needs = [column for split in splits.values() for column in split.columns]
    needs += [_REPLY, _RATING] if "team" in dimensions else []
    facts = read(conversations, needs, optional=[STATISTICS, DELIVERED], zone=zone)
    pair, notes = _periods(facts, period_of(period, zone), versus)
    found = [] if pair is None else _compare(facts, pair, splits)
    every = pd.concat([_frame([]), *found], ignore_index=True) if found else _frame([])
    compared = every[_is_enough(every)].copy()
    too_few = len(every) - len(compared)
    compared["q_value"] = benjamini_hochberg(compared["p_value"].to_numpy("float64"))
    compared["significant"] = compared["q_value"] <= _ALPHA
    compared["change"] = compared["after"] - compared["before"]
    scores = compared["p_value"].map(z_score).astype("float64")
    compared["strength"] = np.sign(compared["change"]) * scores
    compared["ratio"] = compared["after"] / compared["before"].where(compared["before"] > 0)
    ranked = compared.sort_values(["strength", "name"], key=_by_size, ascending=[False, True])
    frame = ranked.head(top if top is not None else len(ranked)).reset_index(drop=True)
    now = period_of(period, zone) if pair is None else pair.now
    inside = dataclasses.replace(facts.where(now.contains(facts[CREATED])), period=now)
    before = 0 if pair is None else int(pair.then.contains(facts[CREATED]).sum())
    versus_text = pair.then.text if pair else None
    return finish(
        frame[_COLUMNS],
        "movers",
        inside.noted(*notes),
        finding=_finding(ranked, versus_text),
        chart={"kind": "movers"},
        counts={
            "conversations": len(inside),
            "conversations_before": before,
            "compared": len(compared),
            "too_few": too_few,
        },
        versus=pair.then.label if pair else None,
    )


@dataclasses.dataclass(frozen=True)
class _Pair:
    """The two periods that are compared."""

    then: Period
    now: Period


def _periods(facts: Facts, requested: Period, versus: Any) -> tuple[_Pair | None, list[str]]:
    """Return the two periods as far as the data covers them; None if it does not."""
    coverage = facts.coverage.seen_in(facts[CREATED].dropna(), requested)
    now, notes = coverage.clip(requested)
    notes = [note for note in notes if note not in facts.notes]
    if now.days <= 0:
        return None, notes
    given = None if versus is None else period_of(versus, facts.zone)
    if given is not None and given.start < requested.end and requested.start < given.end:
        raise InvalidParameterError(
            f"versus={versus!r} overlaps {requested.text}. Use a period before or after it."
        )
    then, reasons = coverage.comparison(now, given, facts[CREATED].dropna())
    return (None if then is None else _Pair(then, now)), [*notes, *reasons]


def _split(name: str, names: Any, source: Any) -> Split:
    if name in TIMES:
        raise InvalidParameterError(f"movers cannot split by {name!r}, which is a time.")
    return Split.of(name, names, source)


def _compare(facts: Facts, pair: _Pair, splits: dict[str, Split]) -> list[pd.DataFrame]:
    tables = []
    for dimension, split in splits.items():
        sides = [facts.where(p.contains(facts[CREATED])) for p in (pair.then, pair.now)]
        tables.append(_volumes(dimension, split, sides, pair))
        if dimension == "team":
            tables.append(_medians(split, sides))
            tables.append(_ratings(split, sides))
    return [table for table in tables if len(table)]


def _volumes(dimension: str, split: Split, sides: list[Facts], pair: _Pair) -> pd.DataFrame:
    groups = [split.group(side) for side in sides]
    sizes = [pd.Series(1, index=side.frame.index, dtype="int64") for side in sides]
    counted = [g.group(s).sum() for g, s in zip(groups, sizes, strict=True)]
    both = pd.concat(counted, axis=1, keys=["n_before", "n_after"]).fillna(0).astype("int64")
    both = both[both.index != NONE]
    days = {"n_before": pair.then.days, "n_after": pair.now.days}
    values = [
        rate_interval(both[name], length).assign(value=both[name] / length)
        for name, length in days.items()
    ]
    share = pair.now.days / (pair.now.days + pair.then.days)
    p_values = [
        binomial_test(after, before + after, share) if before + after else 1.0
        for before, after in both.itertuples(index=False)
    ]
    known = {**groups[0].dimensions[0].names, **groups[1].dimensions[0].names}
    return _frame(
        [known.get(key, key) for key in both.index],
        dimension=dimension,
        measure="conversations",
        values=values,
        counts=both,
        p_values=p_values,
    )


def _medians(split: Split, sides: list[Facts]) -> pd.DataFrame:
    customer = [s.where(s[DELIVERED].isna() | (s[DELIVERED] == CUSTOMER)) for s in sides]
    started = [s.where(s[_REPLY] >= 0) for s in customer]
    pairs = _samples(split, started, _REPLY)
    sides_of = [[pair[i] for pair in pairs.values()] for i in (0, 1)]
    values = [
        pd.DataFrame(
            [(float(np.median(v)), *median_interval(v)) for v in side],
            columns=["value", "low", "high"],
            index=list(pairs),
        )
        for side in sides_of
    ]
    p_values = [median_test(*pair) for pair in pairs.values()]
    return _measured(split, pairs, values, "median_first_reply", p_values)


def _ratings(split: Split, sides: list[Facts]) -> pd.DataFrame:
    pairs = _samples(split, sides, _RATING)
    values = []
    for i in (0, 1):
        hits = pd.Series({key: float((pair[i] >= 4).sum()) for key, pair in pairs.items()})
        total = pd.Series({key: float(len(pair[i])) for key, pair in pairs.items()})
        values.append(wilson(hits, total).rename(columns={"share": "value"}))

    p_values = [
        fisher_exact((int((b >= 4).sum()), int((a >= 4).sum())), (len(b), len(a)))
        for b, a in pairs.values()
    ]
    return _measured(split, pairs, values, "csat", p_values)


def _samples(
    split: Split, sides: list[Facts], column: str
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the values of a column per group that has some in both periods."""
    found = []
    for side in sides:
        known = side.where(side[column].notna())
        grouped = split.group(known).group(known[column])
        found.append({key: values.to_numpy("float64") for (key,), values in grouped})
    keys = sorted(set(found[0]) & set(found[1]) - {NONE})
    return {key: (found[0][key], found[1][key]) for key in keys}


def _measured(
    split: Split,
    pairs: dict[str, tuple[np.ndarray, np.ndarray]],
    values: list[pd.DataFrame],
    measure: str,
    p_values: list[float],
) -> pd.DataFrame:
    names = names_for("team", split.names)
    counts = pd.DataFrame(
        [(len(before), len(after)) for before, after in pairs.values()],
        columns=["n_before", "n_after"],
        index=list(pairs),
    )
    return _frame(
        [names.get(key, key) for key in pairs],
        dimension="team",
        measure=measure,
        values=values,
        counts=counts,
        p_values=p_values,
    )


def _frame(names: list[str], **parts: Any) -> pd.DataFrame:
    """Build the rows of one measure; without names, an empty frame with its columns."""
    if not names:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _DTYPES.items()})
    before, after = parts["values"]
    change = difference_interval(before, after)
    return pd.DataFrame(
        {
            "dimension": parts["dimension"],
            "name": names,
            "measure": parts["measure"],
            "before": before["value"].to_numpy(),
            "after": after["value"].to_numpy(),
            "n_before": parts["counts"]["n_before"].to_numpy("int64"),
            "n_after": parts["counts"]["n_after"].to_numpy("int64"),
            "change_low": change["low"].to_numpy(),
            "change_high": change["high"].to_numpy(),
            "p_value": np.asarray(parts["p_values"], dtype="float64"),
        }
    )


_DTYPES = {
    **dict.fromkeys(("dimension", "name", "measure"), "str"),
    **dict.fromkeys(("before", "after"), "float64"),
    **dict.fromkeys(("n_before", "n_after"), "int64"),
    **dict.fromkeys(("change_low", "change_high", "p_value"), "float64"),
}


def _is_enough(every: pd.DataFrame) -> pd.Series:
    # A volume may come from nothing; a median and a share need something on both sides.
    volumes = every["measure"] == "conversations"
    counts = every[["n_before", "n_after"]]
    return counts.max(axis=1).where(volumes, counts.min(axis=1)) >= _LEAST


def _by_size(column: pd.Series) -> pd.Series:
    return column.abs() if column.name == "strength" else column


def _finding(ranked: pd.DataFrame, versus: str | None) -> str:
    if versus is None:
        return "Nothing to compare with."
    of = formatting.plural(len(ranked), "comparison")
    strong = ranked[ranked["significant"]]
    if strong.empty:
        return f"No change beyond chance since {versus} ({of})"
    top = strong.iloc[0]
    counts = f"{top['n_before']:,} and {top['n_after']:,} {_COUNTED[top['measure']]}"
    return (
        f"Biggest change since {versus}: {formatting.change(top)} "
        f"({counts}; {len(strong):,} of {of} beyond chance)"
    )
