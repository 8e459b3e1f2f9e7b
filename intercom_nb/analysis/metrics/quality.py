"""Quality of service: reopened and reassigned conversations, customer satisfaction."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd

from .. import formatting
from ..arguments import check_least
from ..facts import STATISTICS, Facts, read
from ..groups import By, Groups, Split, extreme_text
from ..result import finish, metric
from ..stats import extreme, wilson

_RATING = "conversation_rating.rating"


@metric
def reopens(
    conversations: Any,
    by: By = None,
    *,
    credit: str = "assigned",
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how many closed conversations came back.

    Definition: of the conversations created in the period that were closed at least once
    (``statistics.first_close_at``), the share with ``statistics.count_reopens`` of 1 or more, with
    its 95% Wilson interval. Counted separately, not measured: conversations that were never closed,
    and those without statistics. ``credit`` as in ``first_reply``.

    Returns one row per group: conversations, measured (closed), reopened, not_closed,
    no_statistics, share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> 0.05 < analysis.reopens(df).share.item() < 0.1
    True
    """
    split = Split.of(by, names, conversations, credit)
    needs = ["statistics.first_close_at", "statistics.count_reopens", *split.columns]
    facts = read(conversations, needs, optional=[STATISTICS], zone=zone, period=period)
    closed = facts["statistics.first_close_at"].notna()
    flags = {
        "measured": closed,
        "reopened": closed & (facts["statistics.count_reopens"] > 0),
        "not_closed": ~closed & facts[STATISTICS].notna(),
        "no_statistics": ~closed & facts[STATISTICS].isna(),
    }
    wording = _Wording(
        "closed conversations that were reopened",
        "closed conversations",
        "of closed conversations were reopened",
    )
    return _shares("reopens", facts, split.group(facts), flags, wording)


@metric
def handovers(  # noqa: PLR0913 - public keywords
    conversations: Any,
    by: By = None,
    *,
    usual: int = 2,
    credit: str = "assigned",
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how many conversations were reassigned after their first assignment.

    Definition: of the conversations created in the period that were assigned at least once, the
    share with more than ``usual`` in ``statistics.count_assignments``, with its 95% Wilson
    interval. The default is 2 because an assignment to a team and one to a teammate of it count as
    two; use 1 if conversations go straight to teammates. Counted separately, not measured:
    conversations that were never assigned, and those without statistics. ``credit`` as in
    ``first_reply``.

    Returns one row per group: conversations, measured (assigned), handed_over, not_assigned,
    no_statistics, share, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.handovers(df, by="team").columns.tolist()[2:5]
    ['conversations', 'measured', 'handed_over']
    """
    check_least("usual", usual)
    split = Split.of(by, names, conversations, credit)
    needs = ["statistics.count_assignments", *split.columns]
    facts = read(conversations, needs, optional=[STATISTICS], zone=zone, period=period)
    assignments = facts["statistics.count_assignments"]
    flags = {
        "measured": assignments > 0,
        "handed_over": assignments > usual,
        "not_assigned": assignments == 0,
        "no_statistics": assignments.isna(),
    }
    saying = "of assigned conversations were reassigned"
    wording = _Wording(
        "assigned conversations that were reassigned", "assigned conversations", saying
    )
    return _shares("handovers", facts, split.group(facts), flags, wording)


@metric
def csat(
    conversations: Any,
    by: By = None,
    *,
    credit: str = "rated",
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure customer satisfaction: the share of good ratings, with its confidence interval.

    Definition: of the conversations created in the period that have a
    ``conversation_rating.rating``, the share rated 4 or 5 of 5, with its 95% Wilson score interval
    (without continuity correction). ``mean`` is the average rating. Only whole numbers from 1 to 5
    are ratings; others, such as 4.5 or 10, are left out with a note. Conversations without a rating
    are counted as ``not_rated``; the API does not say whether their customers were asked. By
    teammate, a rating is credited to the teammate who was rated
    (``conversation_rating.teammate.id``), as Intercom does, and not to the current assignee.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        credit: By teammate, whom to credit: ``"rated"``, ``"assigned"``, ``"closed"``,
            ``"first_reply"`` or ``"last_reply"``.
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        names: Names of teams and teammates.

    Returns one row per group: conversations, rated, positive, not_rated, share, low, high, mean.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.csat(df).iloc[0]
    >>> bool(row.low < row.share < row.high)
    True
    """
    split = Split.of(by, names, conversations, credit)
    facts = read(conversations, [_RATING, *split.columns], zone=zone, period=period)
    groups = split.group(facts)
    rating = facts[_RATING]
    flags = {"rated": rating.notna(), "positive": rating >= 4, "not_rated": rating.isna()}
    wording = _Wording("ratings that were good", "ratings", "of ratings were good, 4 or 5 of 5", -1)
    return _shares("csat", facts, groups, flags, wording, mean=groups.group(rating).mean())


@dataclasses.dataclass(frozen=True)
class _Wording:
    """Words of a share: what it counts, of what, and in which direction it is bad."""

    what: str
    base: str
    saying: str
    worse: int = 1


def _shares(
    name: str,
    facts: Facts,
    groups: Groups,
    flags: dict[str, pd.Series],
    wording: _Wording,
    mean: pd.Series | None = None,
) -> pd.DataFrame:
    """Count flags per group and compute the share of the second among the first."""
    base, hits = list(flags)[:2]
    numbers = groups.count(pd.DataFrame(flags))
    if mean is not None:
        numbers["mean"] = mean
    frame = groups.table(numbers)
    frame = frame.astype(dict.fromkeys(["conversations", *flags], "int64"))
    averages = frame.pop("mean") if mean is not None else None
    frame = frame.join(wilson(frame[hits], frame[base]))
    if averages is not None:
        frame["mean"] = averages
    counts = {reason: int(flag.astype("bool").sum()) for reason, flag in flags.items()}
    finding = _finding(frame, groups, (counts[hits], counts[base]), base, wording)
    return finish(
        frame,
        name,
        facts.noted(*groups.notes),
        finding=finding,
        chart={
            "kind": "shares" if len(groups.by) < 2 else "matrix",
            "by": groups.name,
            "value": "share",
            "what": f"share of {wording.what}",
            "n": base,
            "good": -wording.worse,
        },
        counts={"conversations": len(facts), **counts},
    )


def _finding(
    frame: pd.DataFrame, groups: Groups, total: tuple[int, int], base: str, wording: _Wording
) -> str:
    hits, measured = total
    if measured == 0:
        return f"No {wording.base} yet."
    both = wilson(pd.Series([hits]), pd.Series([measured])).iloc[0]
    interval = f"{formatting.percent(both['low'])} to {formatting.percent(both['high'])}"
    text = (
        f"{formatting.percent(both['share'])} {wording.saying} "
        f"({hits:,} of {measured:,}; 95% interval {interval})"
    )
    found = extreme(frame, "share", base, low=wording.worse < 0) if groups.by else None
    if found is not None:
        row, condition = found
        edge = "lowest" if wording.worse < 0 else "highest"
        share = formatting.percent(row["share"])
        text += f"; {edge} {extreme_text(row, groups.by, share, condition, wording.base)}"
    return text
