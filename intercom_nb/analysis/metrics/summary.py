"""Summary: several measures of the same groups in one table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from ...errors import InvalidParameterError, did_you_mean
from .. import formatting
from ..arguments import is_texts
from ..coverage import Coverage
from ..facts import Facts
from ..groups import By
from ..periods import period_of
from ..result import finish, metric
from .automation import automation
from .durations import first_reply, time_to_close
from .quality import csat, handovers, reopens
from .sla import sla_applied
from .threads import thread_length


def _sla(conversations: Any, by: By, **options: Any) -> pd.DataFrame:
    return sla_applied(conversations, by, by_sla=False, **options)


def _parts(conversations: Any, by: By, **options: Any) -> pd.DataFrame:
    return thread_length(conversations, by, of="parts", **options)


def _messages(conversations: Any, by: By, **options: Any) -> pd.DataFrame:
    return thread_length(conversations, by, of="messages", **options)


# Measure -> the metric that has it, and its column.
MEASURES: dict[str, tuple[Callable[..., pd.DataFrame], str]] = {
    "conversations": (reopens, "conversations"),
    "replied": (first_reply, "measured"),
    "not_replied": (first_reply, "no_reply"),
    "median_first_reply": (first_reply, "median"),
    "p75_first_reply": (first_reply, "p75"),
    "p90_first_reply": (first_reply, "p90"),
    "closed": (time_to_close, "measured"),
    "not_closed": (time_to_close, "not_closed"),
    "median_time_to_close": (time_to_close, "median"),
    "p75_time_to_close": (time_to_close, "p75"),
    "p90_time_to_close": (time_to_close, "p90"),
    "rated": (csat, "rated"),
    "csat": (csat, "share"),
    "csat_low": (csat, "low"),
    "csat_high": (csat, "high"),
    "mean_rating": (csat, "mean"),
    "reopened": (reopens, "reopened"),
    "reopened_share": (reopens, "share"),
    "reassigned": (handovers, "handed_over"),
    "reassigned_share": (handovers, "share"),
    "sla_hit": (_sla, "hit"),
    "sla_missed": (_sla, "missed"),
    "sla_missed_share": (_sla, "missed_share"),
    "median_parts": (_parts, "median"),
    "longest_parts": (_parts, "longest"),
    "median_messages": (_messages, "median"),
    "longest_messages": (_messages, "longest"),
    "new": (automation, "new"),
    "ai_agent": (automation, "participated"),
    "ai_agent_participation": (automation, "participation"),
    "ai_agent_resolved": (automation, "resolved"),
    "ai_agent_resolution_rate": (automation, "resolution_rate"),
    "ai_agent_handed_over": (automation, "handed_over"),
    "ai_agent_escalation_rate": (automation, "escalation_rate"),
    "ai_agent_pending": (automation, "pending"),
    "ai_agent_rated": (automation, "rated"),
    "ai_agent_csat": (automation, "csat"),
}
_DEFAULT = ("conversations", "median_first_reply", "median_time_to_close", "csat", "rated")


@metric
def summary(
    conversations: Any,
    by: By = None,
    *,
    measures: str | Sequence[str] = _DEFAULT,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Compute several measures of the same groups in one table.

    Definition: each measure is that of its metric: ``median_first_reply`` is ``median`` of
    ``first_reply``, ``csat`` is ``share`` of ``csat`` (with ``rated`` as its base), and so on. By
    teammate, everything is credited to the assignee, also ratings, so that a row is about the same
    conversations.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        measures: ``conversations``, ``new``, ``replied``, ``not_replied``,
            ``median_first_reply`` (or ``p75_``, ``p90_``), ``closed``, ``not_closed``,
            ``median_time_to_close`` (``p75_``, ``p90_``), ``rated``, ``csat``, ``csat_low``,
            ``csat_high``, ``mean_rating``, ``reopened``, ``reopened_share``, ``reassigned``,
            ``reassigned_share``, ``sla_hit``, ``sla_missed``, ``sla_missed_share``,
            ``median_parts``, ``longest_parts``, ``median_messages``, ``longest_messages`` (these
            two need the messages, as in ``thread_length``), ``ai_agent``, and with
            ``ai_agent_`` before them ``participation``, ``resolved``, ``resolution_rate``,
            ``handed_over``, ``escalation_rate``, ``pending``, ``rated``, ``csat``.
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        names: Names of teams and teammates.

    Returns one row per group, with a column for each measure (counts int64, durations in seconds,
    shares from 0 to 1). Raises InvalidParameterError for an unknown measure.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> analysis.summary(df, by="team", measures=["conversations", "csat"]).columns.tolist()
    ['team', 'team_id', 'conversations', 'csat']
    """
    measures = [measures] if isinstance(measures, str) else measures
    if not is_texts(measures):
        raise InvalidParameterError(
            f"measures={measures!r} is not valid. Use names such as ['conversations', 'csat']."
        )
    for name in measures:
        if name not in MEASURES:
            raise InvalidParameterError(
                f"{name!r} is not a valid measure.{did_you_mean(name, MEASURES)}"
            )
    base = reopens(conversations, by, period=period, zone=zone, names=names)
    keys = list(base.columns[: list(base.columns).index("conversations")])
    frame, notes, tables = base[[*keys]], list(base.metric.notes), {reopens: base}
    for name in measures:
        function, column = MEASURES[name]
        if function not in tables:
            credit = {"credit": "assigned"} if function is csat else {}
            tables[function] = function(
                conversations, by, period=period, zone=zone, names=names, **credit
            )
        frame = _join(frame, tables[function], keys, column, name)
        notes += tables[function].metric.notes
    whole = [n for n in measures if tables[MEASURES[n][0]][MEASURES[n][1]].dtype == "int64"]
    frame = frame.astype(dict.fromkeys(whole, "int64"))
    span = None if period is None else period_of(period, zone)
    facts = Facts(frame, zone, span, Coverage()).noted(*notes)
    total = base.metric.counts["conversations"]
    groups = f" in {formatting.plural(len(frame), 'group')}" if keys else ""
    return finish(
        frame,
        "summary",
        facts,
        finding=f"{formatting.plural(total, 'conversation')}{groups}",
        chart={"kind": "none"},
        counts={"conversations": total},
    )


def _join(
    frame: pd.DataFrame, table: pd.DataFrame, keys: list[Any], column: str, name: str
) -> pd.DataFrame:
    values = table[[*keys, column]].rename(columns={column: name})
    if not keys:
        return frame.assign(**{name: values[name].to_numpy()})
    joined = frame.merge(values, on=keys, how="left")
    if pd.api.types.is_integer_dtype(values[name].dtype):
        joined[name] = joined[name].fillna(0)
    joined.attrs = {}
    return joined
