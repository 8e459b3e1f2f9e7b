"""Response times: first reply and time to close."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd

from ...errors import InvalidParameterError, UnsupportedError
from ...frames.read.columns import STRING
from .. import formatting
from ..arguments import check_choice
from ..facts import CREATED, STATISTICS, Facts, read
from ..groups import By, Groups, Split, groups_text, subject_of
from ..hours import OfficeHours, check_hours
from ..result import finish, metric
from ..sources import table_of
from ..stats import extreme, spread

DELIVERED = "source.delivered_as"
CUSTOMER = "customer_initiated"
CONTACTED = "statistics.first_contact_reply_at"
_TEAM_TIMES = "statistics.assigned_team_first_response_time"


@dataclasses.dataclass(frozen=True)
class _Duration:
    """One duration: its fields, its words, and the name of those that it does not have yet."""

    metric: str
    field: str
    until: str
    what: str
    done: str
    base: str
    pending: str


@metric
def first_reply(  # noqa: PLR0913 - public keywords
    conversations: Any,
    by: By = None,
    *,
    credit: str = "assigned",
    period: Any = None,
    zone: str = "UTC",
    office_hours: OfficeHours | None = None,
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long customers waited for the first reply of a human teammate.

    Definition: ``statistics.time_to_admin_reply``, in seconds, of the conversations created in the
    period that a customer started (``source.delivered_as`` is ``customer_initiated`` or missing).
    Intercom subtracts the time outside the workspace's own office hours; with ``office_hours`` the
    time is computed within those hours, from ``statistics.first_contact_reply_at`` (``created_at``
    if that is missing) to ``statistics.first_admin_reply_at`` (``OfficeHours.around_the_clock()``
    for elapsed time). Bots and AI agents are not teammates. Median, p75 and p90 are of the
    conversations that were replied to. Counted separately, not measured: conversations without a
    reply, and those without statistics (Intercom has none for some, mostly old ones) or with a time
    below 0. By team and teammate, a conversation counts for the current assignee;
    ``credit="assigned_team"`` counts each team that it was assigned to, with that team's own time
    (``statistics.assigned_team_first_response_time``).

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: ``"team"``, ``"teammate"``, ``"channel"``, ``"priority"``, ``"state"``, ``"tag"``,
            ``"topic"``, ``"hour"``, ``"weekday"``, ``"day"``, ``"week"``, ``"month"`` of creation,
            or a column; or a list of two of these.
        credit: By teammate, whom to credit: ``"assigned"``, ``"closed"``, ``"rated"``,
            ``"first_reply"`` or ``"last_reply"``. By team, ``"assigned_team"`` as above.
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
    check_hours(office_hours)
    duration = _Duration(
        "first_reply",
        "statistics.time_to_admin_reply",
        "statistics.first_admin_reply_at",
        "first reply",
        "were replied to",
        "customer-started conversations",
        "no_reply",
    )
    if credit == "assigned_team":
        if by != "team" or office_hours is not None:
            raise InvalidParameterError(
                "credit='assigned_team' needs by='team' and Intercom's own times (no office_hours)."
            )
        split = Split.of(by, names, conversations)
        facts = read(
            conversations, ["id", *split.columns], optional=_optional(), zone=zone, period=period
        )
        started, left_out = _started_by_customer(facts)
        facts, seconds = _team_times(started, conversations)
        return _measure(duration, facts, split.group(facts), seconds, left_out)
    split = Split.of(by, names, conversations, credit)
    needs = [duration.field if office_hours is None else duration.until, *split.columns]
    facts = read(conversations, needs, optional=_optional(office_hours), zone=zone, period=period)
    started, left_out = _started_by_customer(facts)
    seconds = _seconds(started, duration, office_hours)
    return _measure(duration, started, split.group(started), seconds, left_out, office_hours)


@metric
def time_to_close(  # noqa: PLR0913 - public keywords
    conversations: Any,
    by: By = None,
    *,
    close: Literal["first", "last"] = "first",
    credit: str = "assigned",
    period: Any = None,
    zone: str = "UTC",
    office_hours: OfficeHours | None = None,
    names: Any = None,
) -> pd.DataFrame:
    """Measure how long conversations took until they were closed.

    Definition: ``statistics.time_to_first_close`` (or ``time_to_last_close``), in seconds, of all
    conversations created in the period, whoever started them. Office hours as in ``first_reply``:
    Intercom's own figure subtracts the workspace's; with ``office_hours`` the time is computed from
    ``statistics.first_contact_reply_at`` (``created_at`` if that is missing) to
    ``statistics.first_close_at`` (``last_close_at``). Counted separately, not measured:
    conversations that were never closed, and those without statistics or with a time below 0.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        close: The ``"first"`` close, or the ``"last"`` one so far (after reopening).
        credit: By teammate, whom to credit, as in ``first_reply``.
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
    check_choice("close", close, ("first", "last"))
    check_hours(office_hours)
    duration = _Duration(
        "time_to_close",
        f"statistics.time_to_{close}_close",
        f"statistics.{close}_close_at",
        "time to close",
        "were closed",
        "conversations",
        "not_closed",
    )
    split = Split.of(by, names, conversations, credit)
    needs = [duration.field if office_hours is None else duration.until, *split.columns]
    facts = read(conversations, needs, optional=_optional(office_hours), zone=zone, period=period)
    seconds = _seconds(facts, duration, office_hours)
    return _measure(duration, facts, split.group(facts), seconds, {}, office_hours)


def _optional(office_hours: OfficeHours | None = None) -> list[str]:
    return [STATISTICS, DELIVERED, *([CONTACTED] if office_hours else [])]


def _started_by_customer(facts: Facts) -> tuple[Facts, dict[str, int]]:
    customer = facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER)
    return facts.where(customer), {"not_started_by_customer": int((~customer).sum())}


def _seconds(facts: Facts, duration: _Duration, office_hours: OfficeHours | None) -> pd.Series:
    if office_hours is None:
        return facts[duration.field]
    # Intercom's durations start with the customer's first message:
    # https://www.intercom.com/help/en/articles/6762778
    return office_hours.seconds(facts[CONTACTED].fillna(facts[CREATED]), facts[duration.until])


def _team_times(facts: Facts, source: Any) -> tuple[Facts, pd.Series]:
    """Return a row per conversation and team that it was assigned to, with the team's time."""
    times = table_of(source, _TEAM_TIMES)
    if times is None:
        raise UnsupportedError(
            "credit='assigned_team' needs the child table of team response times. Pass a result "
            "of list() or search(), or a dataset."
        )
    chosen = times[["conversation_id", "team_id", "response_time"]]
    keys = facts.frame.assign(conversation_id=facts["id"].astype(object))
    joined = keys.merge(chosen.astype({"conversation_id": object}), on="conversation_id")
    joined["team_assignee_id"] = joined["team_id"].astype(STRING)
    seconds = pd.to_numeric(joined["response_time"]).astype("Float64").astype("float64")
    counted = facts.noted("A conversation counts once for each team that it was assigned to.")
    return dataclasses.replace(counted, frame=joined), seconds


def _measure(
    duration: _Duration,
    facts: Facts,
    groups: Groups,
    seconds: pd.Series,
    left_out: dict[str, int],
    office_hours: OfficeHours | None = None,
) -> pd.DataFrame:
    pending = duration.pending
    seconds, is_negative = possible(seconds)
    measured = seconds.notna()
    unknown = ~measured & (facts[STATISTICS].isna() | is_negative)
    flags = pd.DataFrame({pending: ~measured & ~unknown, "no_statistics": unknown})
    whole = ["conversations", "measured", pending, "no_statistics"]
    numbers = groups.count(flags).join(spread(groups.group(seconds)))
    frame = groups.table(numbers[[*whole, "median", "p75", "p90"]])
    frame = frame.astype(dict.fromkeys(whole, "int64"))
    return finish(
        frame,
        duration.metric,
        facts.noted(*groups.notes, *negative_note(is_negative, duration.what)),
        finding=_finding(duration, frame, groups, seconds, office_hours),
        chart={
            "kind": "waits" if len(groups.by) < 2 else "matrix",
            "by": groups.name,
            "time": groups.is_time,
            "pending": pending,
            "value": "median",
            "what": f"median {duration.what}",
            "n": "measured",
        },
        counts={
            "conversations": len(facts) + sum(left_out.values()),
            "measured": int(measured.sum()),
            **{str(name): int(flags[name].sum()) for name in flags},
            **left_out,
        },
        office_hours=repr(office_hours) if office_hours else None,
    )


def possible(seconds: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return durations without those below 0, and which are below: imports leave such."""
    is_negative = (seconds < 0).fillna(False).astype("bool")
    return seconds.mask(is_negative), is_negative


def negative_note(is_negative: pd.Series, what: str) -> Iterator[str]:
    """Yield a note about durations below 0, if there are any."""
    count = int(is_negative.sum())
    if count:
        subject = "conversation has" if count == 1 else "conversations have"
        yield f"{count:,} {subject} a {what} below 0, counted as no_statistics."


def half_of_all(seconds: pd.Series) -> float:
    """Return the time within which half of all had theirs; inf if fewer than half have one.

    A conversation without a time (no reply yet, or no statistics) counts as not yet.
    """
    return float(np.median(seconds.fillna(np.inf))) if len(seconds) else float("nan")


def _finding(
    duration: _Duration,
    frame: pd.DataFrame,
    groups: Groups,
    seconds: pd.Series,
    office_hours: OfficeHours | None,
) -> str:
    measured = seconds.dropna()
    if measured.empty:
        return f"No conversation has a {duration.what} yet."
    within = _within(office_hours)
    median, p90 = float(measured.median()), float(measured.quantile(0.9))
    noun, done = duration.base.removesuffix("s"), duration.done
    if len(measured) == 1:
        done = done.replace("were", "was")
    base = f"{len(measured):,} of {formatting.plural(len(seconds), noun)} {done}"
    found = extreme(frame, "median", "measured") if groups.by else None
    if found is None:
        half = half_of_all(seconds)
        if len(measured) == len(seconds):
            base = formatting.plural(len(measured), noun)
        else:
            others = "unanswered ones" if duration.pending == "no_reply" else "those not closed"
            base += f"; {_half_text(half, others)}"
        return (
            f"Median {duration.what} {formatting.duration(median)}{within}, 90% within "
            f"{formatting.duration(p90)} ({base})"
        )
    row, condition = found
    among = f" among {groups_text(groups.by, condition)} conversations" if condition else ""
    where = ", ".join(subject_of(row[name], name) for name in groups.by)
    return (
        f"Slowest {duration.what}{among}: {where}, median {formatting.duration(row['median'])} vs "
        f"{formatting.duration(median)} overall{within} ({base})"
    )


def _half_text(half: float, others: str) -> str:
    if np.isinf(half):
        return "fewer than half so far"
    return f"counting {others}, the median is {formatting.duration(half)}"


def _within(office_hours: OfficeHours | None) -> str:
    if office_hours is None:
        return ""
    return " (elapsed time)" if office_hours.is_around_the_clock else " (in office hours)"
