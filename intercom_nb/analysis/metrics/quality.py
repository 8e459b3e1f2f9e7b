"""How often work comes back or changes hands, and how satisfied customers are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import formatting
from ..facts import STATISTICS, Facts, read
from ..groups import Groups, columns_for, group
from ..result import finish
from ..stats import largest, smallest, telling, wilson

_RATING = "conversation_rating.rating"


def reopens(
    conversations: Any,
    by: str | None = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how many closed conversations came back.

    Definition: of the conversations created in the period that were closed at least once
    (``statistics.first_close_at``), the share with ``statistics.count_reopens`` of 1 or more, with
    its 95 % Wilson interval. Not measured, and counted: never closed ones, and those without
    statistics.

    Returns one row per group: conversations, measured (closed), reopened, not_closed,
    no_statistics, share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> 0.05 < analysis.reopens(df).share.item() < 0.1
    True
    """
    needs = ["statistics.first_close_at", "statistics.count_reopens", *columns_for(by)]
    facts = read(conversations, needs, optional=[STATISTICS], zone=zone, period=period)
    groups = group(facts, by, names)
    closed = facts["statistics.first_close_at"].notna()
    flags = {
        "measured": closed,
        "reopened": closed & (facts["statistics.count_reopens"] > 0),
        "not_closed": ~closed & facts[STATISTICS].notna(),
        "no_statistics": ~closed & facts[STATISTICS].isna(),
    }
    saying = "of closed conversations were reopened"
    return _shares("reopens", facts, groups, flags, "reopened", "reopened", saying)


def handovers(
    conversations: Any,
    by: str | None = None,
    *,
    usual: int = 2,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how many conversations were handed on after they had been assigned.

    Definition: of the conversations created in the period that were assigned at least once, the
    share with more than ``usual`` in ``statistics.count_assignments``, with its 95 % Wilson
    interval. The usual number is 2 because the assignment to a team and the one to a teammate of
    it count as two; where work goes straight to teammates it is 1. Not measured, and counted: never
    assigned ones, and those without statistics.

    Returns one row per group: conversations, measured (assigned), handed_over, not_assigned,
    no_statistics, share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.handovers(df, by="team").columns.tolist()[2:5]
    ['conversations', 'measured', 'handed_over']
    """
    needs = ["statistics.count_assignments", *columns_for(by)]
    facts = read(conversations, needs, optional=[STATISTICS], zone=zone, period=period)
    groups = group(facts, by, names)
    assignments = facts["statistics.count_assignments"]
    assigned = assignments > 0
    flags = {
        "measured": assigned,
        "handed_over": assignments > usual,
        "not_assigned": assignments == 0,
        "no_statistics": assignments.isna(),
    }
    saying = "of assigned conversations were handed on"
    return _shares("handovers", facts, groups, flags, "handed_over", "handed on", saying)


def csat(
    conversations: Any,
    by: str | None = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure customer satisfaction: the share of good ratings, with its confidence interval.

    Definition: of the conversations created in the period that have a
    ``conversation_rating.rating``, the share rated 4 or 5 of 5, with its 95 % Wilson score interval
    (without continuity correction). ``mean`` is the average rating. Conversations without a rating
    are counted as ``not_rated``; whether their customers were asked is not in the API's records.

    Returns one row per group: conversations, rated, positive, not_rated, share, low, high, mean.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.csat(df).iloc[0]
    >>> bool(row.low < row.share < row.high)
    True
    """
    facts = read(conversations, [_RATING, *columns_for(by)], zone=zone, period=period)
    groups = group(facts, by, names)
    rating = facts[_RATING]
    flags = {
        "rated": rating.notna(),
        "positive": rating >= 4,
        "not_rated": rating.isna(),
    }
    mean = rating.groupby(groups.key).mean()
    saying = "of ratings were good, 4 or 5 of 5"
    return _shares("csat", facts, groups, flags, "positive", "good ratings", saying, mean=mean)


def _shares(
    metric: str,
    facts: Facts,
    groups: Groups,
    flags: dict[str, pd.Series],
    hits: str,
    what: str,
    saying: str,
    mean: pd.Series | None = None,
) -> pd.DataFrame:
    """Count flags per group, and give the share of ``hits`` among the first flag."""
    base = next(iter(flags))
    numbers = pd.DataFrame(flags).astype("bool").groupby(groups.key).sum()
    numbers.insert(0, "conversations", groups.key.groupby(groups.key).size())
    if mean is not None:
        numbers["mean"] = mean
    frame = groups.table(numbers)
    frame = frame.astype(dict.fromkeys(["conversations", *flags], "int64"))
    averages = frame.pop("mean") if mean is not None else None
    frame = frame.join(wilson(frame[hits], frame[base]))
    if averages is not None:
        frame["mean"] = averages
    return finish(
        frame,
        metric,
        facts,
        finding=_finding(frame, groups, hits, base, saying, worst_is_low=metric == "csat"),
        chart={"kind": "shares", "by": groups.by, "value": "share", "what": what, "n": base},
        counts={
            "conversations": len(facts),
            **{name: int(flag.astype("bool").sum()) for name, flag in flags.items()},
        },
    )


def _finding(
    frame: pd.DataFrame, groups: Groups, hits: str, base: str, saying: str, *, worst_is_low: bool
) -> str:
    total = int(frame[base].sum())
    if total == 0:
        return "Nothing to measure yet."
    both = wilson(pd.Series([frame[hits].sum()]), pd.Series([total])).iloc[0]
    text = (
        f"{formatting.percent(both['share'])} {saying} "
        f"(between {formatting.percent(both['low'])} and {formatting.percent(both['high'])})"
    )
    known = telling(frame, base)
    if groups.by is not None and len(known) > 1:
        worst = (smallest if worst_is_low else largest)(known, "share")
        name = worst[groups.by]
        label = formatting.when(name, str(groups.by)) if groups.is_time else f"for {name}"
        edge = "lowest" if worst_is_low else "highest"
        text += f"; {edge} {label}: {formatting.percent(worst['share'])}"
    return text
