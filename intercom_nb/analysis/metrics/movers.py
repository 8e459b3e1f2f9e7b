"""What changed against the period before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError
from .. import formatting
from ..facts import STATISTICS, read
from ..groups import COLUMNS, columns_for
from ..names import names_for, topic_names
from ..periods import Period, period_of
from ..result import finish
from ..stats import Z95
from .durations import DELIVERED, first_reply
from .quality import csat
from .topics import pareto

_DIMENSIONS = ("team", "channel", "tags", "topics")
_LISTS = ("tags", "topics")
_LEAST = 5
_REPLY, _RATING = "statistics.time_to_admin_reply", "conversation_rating.rating"


def movers(
    conversations: Any,
    period: Any,
    *,
    versus: Any = None,
    dimensions: tuple[str, ...] = _DIMENSIONS,
    top: int | None = 15,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Find what changed most against the period before: in volume, reply time and satisfaction.

    Definition: for each team, channel, tag and topic, the conversations created in the period
    against those in the one before, counted per day, so that a month of 31 days does not look
    busier; the median first reply (as in ``first_reply``) and the CSAT (as in ``csat``) per team.
    Ordered by ``strength``, the change in units of what chance alone would do: for volumes the
    difference over the root of the two counts (Poisson), for CSAT over its standard error, for
    medians the logarithm of their ratio over its standard error (from the spread of the middle
    half). Changes with a strength under 1.96 would come by chance in more than one case in twenty.
    Not compared, and counted as ``too_few``: volumes of fewer than 5 conversations in both periods,
    medians and CSAT of fewer than 5 in either.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset with both periods.
        period: The period, like ``"2026-10"``.
        versus: The period to compare with; by default the calendar unit before.
        dimensions: What to split by: ``"team"``, ``"teammate"``, ``"channel"``, ``"tags"``,
            ``"topics"`` or columns.
        top: How many rows to return; None for all.
        zone: Time zone of the periods.
        names: ``analysis.names(c)``.

    Returns the strongest first: dimension, name, measure (``conversations`` per day,
    ``median_first_reply`` in seconds, ``csat``), before, after, change (after - before), ratio
    (after / before), strength, n_before, n_after.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> june = analysis.movers(df, "2026-W24", dimensions=("topics",))
    >>> june.name.iloc[0]
    'Slow or down'
    """
    now = period_of(period, zone)
    then = now.before() if versus is None else period_of(versus, zone)
    options = {"zone": zone, "names": _names(conversations, names)}
    if not dimensions:
        raise InvalidParameterError("movers needs something to split by, like ('team', 'tags').")
    # Read once, and measured again and again.
    needs = [d if d in _LISTS else _single(d) for d in dimensions]
    needs += [_REPLY, _RATING] if "team" in dimensions else []
    rows = read(conversations, needs, optional=[STATISTICS, DELIVERED], zone=zone).frame
    tables = [_volumes(rows, d, then, now, options) for d in dimensions]
    if "team" in dimensions:
        tables += [_medians(rows, then, now, options), _ratings(rows, then, now, options)]
    some = [table for table in tables if len(table)]
    every = pd.concat(some, ignore_index=True) if some else tables[0]
    facts = read(rows, [], zone=zone, period=now)
    enough = _enough(every)
    frame = every[enough].copy()
    frame["change"] = frame["after"] - frame["before"]
    frame["ratio"] = frame["after"] / frame["before"].where(frame["before"] > 0)
    frame = frame.sort_values(["strength", "name"], key=_by_size, ascending=[False, True])
    frame = frame.head(top if top is not None else len(frame)).reset_index(drop=True)
    before = len(read(rows, [], zone=zone, period=then))
    return finish(
        frame[_COLUMNS],
        "movers",
        facts,
        finding=_finding(frame, then),
        chart={"kind": "movers", "before": then.label, "after": now.label},
        counts={
            "conversations": len(facts),
            "conversations_before": before,
            "compared": int(enough.sum()),
            "too_few": int((~enough).sum()),
        },
        versus=then.label,
    )


_COLUMNS = [
    *("dimension", "name", "measure", "before", "after", "change", "ratio", "strength"),
    *("n_before", "n_after"),
]


def _enough(every: pd.DataFrame) -> pd.Series:
    # A volume may come from nothing; a median and a share need something on both sides.
    volumes = every["measure"] == "conversations"
    counts = every[["n_before", "n_after"]]
    return counts.max(axis=1).where(volumes, counts.min(axis=1)) >= _LEAST


def _by_size(column: pd.Series) -> pd.Series:
    return column.abs() if column.name == "strength" else column


def _days(period: Period) -> float:
    return (period.end - period.start).total_seconds() / 86_400


def _volumes(
    source: Any, of: str, then: Period, now: Period, options: dict[str, Any]
) -> pd.DataFrame:
    column = of if of in _LISTS else _single(of)
    pair = [pareto(source, column, period=p, **options) for p in (then, now)]
    both = _both(pair, "id", ["conversations"], _names_of(of, options["names"]))
    n_before, n_after = both["conversations_before"], both["conversations_after"]
    days_before, days_after = _days(then), _days(now)
    before, after = n_before / days_before, n_after / days_after
    chance = np.sqrt(n_before / days_before**2 + n_after / days_after**2)
    return pd.DataFrame(
        {
            "dimension": of,
            "name": both["name"],
            "measure": "conversations",
            "before": before,
            "after": after,
            "strength": (after - before) / chance,
            "n_before": n_before.astype("int64"),
            "n_after": n_after.astype("int64"),
        }
    )


def _single(of: str) -> str:
    columns = columns_for(of)
    if not columns:
        raise InvalidParameterError(f"movers cannot split by {of!r}, which is a time.")
    return columns[0]


def _names(conversations: Any, given: Any) -> dict[str, dict[str, str]]:
    """Give the names of all kinds, those of topics from the conversations themselves."""
    kinds = {kind: names_for(kind, given) for kind in ("team", "teammate", "tag", "topic")}
    return {**kinds, "topic": kinds["topic"] or topic_names(conversations)}


def _names_of(of: str, names: Any) -> dict[str, str]:
    return names_for(of, names) if of in COLUMNS else {}


def _both(
    pair: list[pd.DataFrame], key: str, values: list[str], names: dict[str, str]
) -> pd.DataFrame:
    """Join the two periods' results on their groups; a group missing in one counts 0 there."""
    then, now = (t[[key, "name", *values]].dropna(subset=[key]) for t in pair)
    both = then.merge(now, on=key, how="outer", suffixes=("_before", "_after"))
    both["name"] = both["name_after"].fillna(both["name_before"])
    both["name"] = [names.get(i, n) for i, n in zip(both[key], both["name"], strict=True)]
    for value in values:
        for suffix in ("_before", "_after"):
            if value in {"conversations", "measured", "rated"}:
                both[value + suffix] = both[value + suffix].fillna(0)
    return both.sort_values(key).reset_index(drop=True)


def _medians(source: Any, then: Period, now: Period, options: dict[str, Any]) -> pd.DataFrame:
    pair = [first_reply(source, "team", period=p, **options) for p in (then, now)]
    for table in pair:
        table["name"] = table["team"]
    both = _both(pair, "team_id", ["measured", "median", "p75"], {})
    both = both.dropna(subset=["median_before", "median_after"])
    # Waits are about log-normal: the upper quartile lies 0.6745 deviations above the median, and
    # a median of n values has a standard error of 1.2533 deviations / sqrt(n).
    variance = sum(
        (1.2533 * np.log(both[f"p75_{t}"] / both[f"median_{t}"]) / 0.6745) ** 2
        / both[f"measured_{t}"]
        for t in ("before", "after")
    )
    ratio = np.log(both["median_after"] / both["median_before"])
    return pd.DataFrame(
        {
            "dimension": "team",
            "name": both["name"],
            "measure": "median_first_reply",
            "before": both["median_before"],
            "after": both["median_after"],
            "strength": (ratio / np.sqrt(variance)).replace([np.inf, -np.inf], np.nan).fillna(0.0),
            "n_before": both["measured_before"].astype("int64"),
            "n_after": both["measured_after"].astype("int64"),
        }
    )


def _ratings(source: Any, then: Period, now: Period, options: dict[str, Any]) -> pd.DataFrame:
    pair = [csat(source, "team", period=p, **options) for p in (then, now)]
    for table in pair:
        table["name"] = table["team"]
    both = _both(pair, "team_id", ["rated", "share", "low", "high"], {})
    both = both.dropna(subset=["share_before", "share_after"])
    # Half a Wilson interval over its quantile is a standard error that is never 0.
    variance = sum(
        ((both[f"high_{t}"] - both[f"low_{t}"]) / (2 * Z95)) ** 2 for t in ("before", "after")
    )
    return pd.DataFrame(
        {
            "dimension": "team",
            "name": both["name"],
            "measure": "csat",
            "before": both["share_before"],
            "after": both["share_after"],
            "strength": (both["share_after"] - both["share_before"]) / np.sqrt(variance),
            "n_before": both["rated_before"].astype("int64"),
            "n_after": both["rated_after"].astype("int64"),
        }
    )


def _finding(frame: pd.DataFrame, then: Period) -> str:
    strong = frame[frame["strength"].abs() >= Z95]
    if strong.empty:
        return f"Nothing changed more than chance would do since {then.label}"
    return f"Changed most since {then.label}: {formatting.change(strong.iloc[0])}"
