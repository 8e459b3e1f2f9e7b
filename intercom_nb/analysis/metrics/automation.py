"""The AI agent: participation, resolution, and handover to people."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd

from .. import formatting
from ..arguments import check_choice
from ..facts import read
from ..groups import By, Split, extreme_text
from ..result import finish, metric
from ..stats import extreme, wilson
from .durations import CONTACTED, CUSTOMER, DELIVERED

_PART, _STATE = "ai_agent_participated", "ai_agent.resolution_state"
_RATING = "ai_agent.rating"
RESOLVED = ("confirmed_resolution", "assumed_resolution")
HANDED_OVER = ("escalated", "procedure_handoff")


@metric
def automation(
    conversations: Any,
    by: By = "month",
    *,
    involvement: Literal["new", "all"] = "new",
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how often the AI agent took part, resolved the matter, or handed it to people.

    Definition: of the conversations created in the period, those with ``ai_agent_participated``;
    of these, *resolved* have the ``ai_agent.resolution_state`` ``confirmed_resolution`` or
    ``assumed_resolution`` (the customer left without requesting more), *handed_over* have
    ``escalated`` or ``procedure_handoff``, and *pending* are the others: no state yet, or
    ``negative_feedback`` without an escalation, which Intercom counts as pending too.
    ``resolution_rate`` is resolved / participated, with its 95% Wilson interval (low, high);
    ``escalation_rate`` is handed_over / participated. ``csat`` is the share of 4 and 5 among the
    ratings of the agent itself (``ai_agent.rating``, *rated*), apart from those of teammates, with
    its interval (csat_low, csat_high);
    ``participation`` is participated / new conversations. As in Intercom's involvement rate, a
    conversation is *new* if it has a message from the customer (started by the customer, or
    replied to); ``involvement="all"`` divides by all conversations. A conversation whose flag is
    missing (records from before the agent) did not have the agent.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        involvement: Base of ``participation``: ``"new"`` or ``"all"`` conversations.
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        names: Names of teams and teammates.

    Returns one row per group: conversations, new, participated, resolved, handed_over, pending,
    rated, positive (counts), participation, resolution_rate, low, high, escalation_rate, csat,
    csat_low, csat_high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.automation(df, by=None).iloc[0]
    >>> bool(row.resolved + row.handed_over + row.pending == row.participated)
    True
    """
    check_choice("involvement", involvement, ("new", "all"))
    split = Split.of(by, names, conversations)
    optional = [_STATE, _RATING, DELIVERED, CONTACTED]
    facts = read(
        conversations, [_PART, *split.columns], optional=optional, zone=zone, period=period
    )
    groups = split.group(facts)
    took_part = facts[_PART].fillna(False).astype("bool")
    state = facts[_STATE].astype(object)
    started = facts[DELIVERED].isna() | (facts[DELIVERED] == CUSTOMER)
    flags = {
        "new": started | facts[CONTACTED].notna() | took_part,
        "participated": took_part,
        "resolved": took_part & state.isin(RESOLVED),
        "handed_over": took_part & state.isin(HANDED_OVER),
        "pending": took_part & ~state.isin((*RESOLVED, *HANDED_OVER)),
        "rated": took_part & facts[_RATING].notna(),
        "positive": took_part & (facts[_RATING] >= 4),
    }
    frame = groups.table(groups.count(pd.DataFrame(flags)))
    frame = frame.astype(dict.fromkeys(["conversations", *flags], "int64"))
    base = "new" if involvement == "new" else "conversations"
    frame["participation"] = wilson(frame["participated"], frame[base])["share"]
    rate = wilson(frame["resolved"], frame["participated"])
    frame = frame.join(rate.rename(columns={"share": "resolution_rate"}))
    frame["escalation_rate"] = wilson(frame["handed_over"], frame["participated"])["share"]
    good = wilson(frame["positive"], frame["rated"])
    frame = frame.join(good.rename(columns={n: f"csat_{n}" for n in good.columns}))
    frame = frame.rename(columns={"csat_share": "csat"})
    counts = {
        "conversations": len(facts),
        **{name: int(flag.sum()) for name, flag in flags.items()},
        "flag_missing": int(facts[_PART].isna().sum()),
    }
    return finish(
        frame,
        "automation",
        facts.noted(*groups.notes),
        finding=_finding(frame, groups.by, counts, base),
        chart={
            "kind": "automation" if len(groups.by) < 2 else "matrix",
            "by": groups.name,
            "time": groups.is_time,
            "value": "resolution_rate",
            "what": "resolution rate of the AI agent",
            "n": "participated",
            "good": 1,
            "base": base,
        },
        counts=counts,
    )


def _finding(frame: pd.DataFrame, by: tuple[str, ...], counts: dict[str, int], base: str) -> str:
    took_part, resolved = counts["participated"], counts["resolved"]
    if took_part == 0:
        return "The AI agent took no part in these conversations."
    what = "conversations with a customer message" if base == "new" else "conversations"
    text = (
        f"The AI agent took part in {formatting.percent(took_part / counts[base])} of {what} "
        f"({took_part:,} of {counts[base]:,}) and resolved "
        f"{formatting.percent(resolved / took_part)} of those ({resolved:,})"
    )
    if counts["rated"]:
        good = formatting.percent(counts["positive"] / counts["rated"])
        ratings = formatting.plural(counts["rated"], "rating")
        text += f"; {good} of {ratings} of it {'was' if counts['rated'] == 1 else 'were'} good"
    found = extreme(frame, "resolution_rate", "participated", low=True) if by else None
    if found is not None:
        row, condition = found
        rate = formatting.percent(row["resolution_rate"])
        lowest = extreme_text(row, by, rate, condition, "conversations")
        text += f"; lowest resolution rate {lowest}"
    return text
