"""How long customers wait: first reply time and time to close."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from .. import formatting
from ..facts import CREATED, STATISTICS, Facts, read
from ..groups import WEEKDAYS, Groups, columns_for, group
from ..hours import OfficeHours
from ..result import finish
from ..stats import largest, spread, telling

DELIVERED = "source.delivered_as"
CUSTOMER = "customer_initiated"


def first_reply(
    conversations: Any,
    by: str | None = None,
    *,
    period: Any = None,
    zone: str = "UTC",
    office_hours: OfficeHours | None = None,
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long customers waited for the first answer of a human teammate.

    Definition: ``statistics.time_to_admin_reply``, in seconds, of the conversations created in
    the period that a customer started (``source.delivered_as`` is ``customer_initiated`` or not
    known). Intercom leaves out the time outside the office hours that the workspace itself has
    set; with ``office_hours`` the time is counted anew, from ``created_at`` to
    ``statistics.first_admin_reply_at``, within those hours (``OfficeHours.around_the_clock()``
    for plain time). Bots and AI agents are no teammates. Not measured, and counted: conversations
    that no teammate answered yet, and those without statistics (Intercom has none for some, mostly
    old ones).

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: ``"team"``, ``"teammate"`` (both as assigned now), ``"channel"``, ``"priority"``,
            ``"hour"``, ``"weekday"``, ``"day"``, ``"week"``, ``"month"`` of creation, or a column.
        period: Only conversations created in it: ``"2026-10"``, ``"2026-W41"``, (start, end), ...
        zone: Time zone of periods, days and hours.
        office_hours: Hours to count in, instead of Intercom's own figure.
        names: Names of teams and teammates: ``analysis.names(c)`` or a frame with id and name.

    Returns one row per group: conversations, measured, no_reply, no_statistics (counts), median,
    p75, p90 (seconds, float64).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> c = intercom_nb.connect("demo")
    >>> df = c.sync.conversations.list(limit=None)
    >>> analysis.first_reply(df, by="team", names=c.sync.teams.list()).columns.tolist()[2:5]
    ['conversations', 'measured', 'no_reply']
    """
    field, until = "statistics.time_to_admin_reply", "statistics.first_admin_reply_at"
    facts = _read(conversations, field, until, office_hours, by, period, zone)
    customer = facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER)
    started = facts.where(customer)
    return _measure(
        "first_reply",
        started,
        group(started, by, names),
        _seconds(started, field, until, office_hours),
        pending="no_reply",
        extra={"not_started_by_customer": int((~customer).sum())},
        office_hours=office_hours,
    )


def time_to_close(
    conversations: Any,
    by: str | None = None,
    *,
    close: Literal["first", "last"] = "first",
    period: Any = None,
    zone: str = "UTC",
    office_hours: OfficeHours | None = None,
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long conversations took until they were closed.

    Definition: ``statistics.time_to_first_close`` (or ``time_to_last_close``), in seconds, of all
    conversations created in the period, whoever started them. Office hours as in ``first_reply``:
    Intercom's own figure leaves out the workspace's; with ``office_hours`` the time is counted
    anew from ``created_at`` to ``statistics.first_close_at`` (``last_close_at``). Not measured, and
    counted: conversations that were never closed, and those without statistics.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        close: The ``"first"`` close, or the ``"last"`` one so far (after reopening).
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        office_hours: Hours to count in, instead of Intercom's own figure.
        names: Names of teams and teammates.

    Returns one row per group: conversations, measured, not_closed, no_statistics (counts),
    median, p75, p90 (seconds, float64).

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.time_to_close(df, by="month").month.dt.strftime("%Y-%m").iloc[-1]
    '2026-10'
    """
    field, until = f"statistics.time_to_{close}_close", f"statistics.{close}_close_at"
    facts = _read(conversations, field, until, office_hours, by, period, zone)
    return _measure(
        "time_to_close",
        facts,
        group(facts, by, names),
        _seconds(facts, field, until, office_hours),
        pending="not_closed",
        extra={},
        office_hours=office_hours,
    )


def _read(
    source: Any,
    field: str,
    until: str,
    office_hours: OfficeHours | None,
    by: str | None,
    period: Any,
    zone: str,
) -> Facts:
    needs = [field if office_hours is None else until, *columns_for(by)]
    return read(source, needs, optional=[STATISTICS, DELIVERED], zone=zone, period=period)


def _seconds(facts: Facts, field: str, until: str, office_hours: OfficeHours | None) -> pd.Series:
    if office_hours is None:
        return facts[field]
    return office_hours.seconds(facts[CREATED], facts[until])


def _measure(
    metric: str,
    facts: Facts,
    groups: Groups,
    seconds: pd.Series,
    *,
    pending: str,
    extra: dict[str, int],
    office_hours: OfficeHours | None,
) -> pd.DataFrame:
    measured = seconds.notna()
    unknown = ~measured & facts[STATISTICS].isna()
    flags = pd.DataFrame({pending: ~measured & ~unknown, "no_statistics": unknown})
    counts = flags.groupby(groups.key).sum()
    counts.insert(0, "conversations", groups.key.groupby(groups.key).size())
    times = spread(seconds, groups.key)
    numbers = counts.join(times)[
        ["conversations", "measured", pending, "no_statistics", "median", "p75", "p90"]
    ]
    whole = ["conversations", "measured", pending, "no_statistics"]
    frame = groups.table(numbers).astype(dict.fromkeys(whole, "int64"))
    overall = spread(seconds, pd.Series("all", index=seconds.index))
    return finish(
        frame,
        metric,
        facts,
        finding=_finding(metric, frame, groups, overall, office_hours),
        chart={"kind": "waits", "by": groups.by, "time": groups.is_time, "pending": pending},
        counts={
            "conversations": len(facts) + sum(extra.values()),
            "measured": int(measured.sum()),
            pending: int(flags[pending].sum()),
            "no_statistics": int(unknown.sum()),
            **extra,
        },
        office_hours=repr(office_hours) if office_hours else None,
    )


def _finding(
    metric: str,
    frame: pd.DataFrame,
    groups: Groups,
    overall: pd.DataFrame,
    office_hours: OfficeHours | None,
) -> str:
    what = "first reply" if metric == "first_reply" else "close"
    within = " (in office hours)" if office_hours else ""
    known = telling(frame, "measured")
    if not frame["measured"].sum():
        return f"No conversation has a time to {what} yet."
    median, p90 = overall["median"].iloc[0], overall["p90"].iloc[0]
    if groups.by is None or len(known) <= 1:
        return (
            f"Half of the conversations got their {what} within {formatting.duration(median)}, "
            f"9 of 10 within {formatting.duration(p90)}{within}"
        )
    worst = largest(known, "median")
    name = worst[groups.by]
    where = f"for {name}"
    if groups.is_time:
        where = formatting.when(name, str(groups.by))
    elif groups.by == "hour":
        where = f"for conversations started at {int(name)}:00"
    elif groups.by == "weekday":
        where = f"for conversations started on a {WEEKDAYS[int(name)]}"
    return (
        f"The {what} took longest {where}: half within {formatting.duration(worst['median'])}, "
        f"against {formatting.duration(median)} overall{within}"
    )
