"""What the AI agent takes off people's hands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .. import formatting
from ..facts import read
from ..groups import columns_for, group
from ..result import finish
from ..stats import wilson

_PART, _STATE = "ai_agent_participated", "ai_agent.resolution_state"
RESOLVED = ("confirmed_resolution", "assumed_resolution")
HANDED_OVER = ("escalated", "negative_feedback", "procedure_handoff")


def automation(
    conversations: Any,
    by: str | None = "month",
    *,
    period: Any = None,
    zone: str = "UTC",
    names: Any = None,
) -> pd.DataFrame:
    """Measure how often the AI agent took part, solved the matter, or handed it to people.

    Definition: of the conversations created in the period, those with ``ai_agent_participated``;
    of these, *resolved* have the ``ai_agent.resolution_state`` ``confirmed_resolution`` or
    ``assumed_resolution`` (the customer left without asking for more), *handed_over* have
    ``escalated``, ``negative_feedback`` or ``procedure_handoff``, and *undecided* have no state yet
    or another one. ``resolution_rate`` is resolved / participated, with its 95 % Wilson interval
    (low, high); ``participation`` is participated / conversations. A conversation whose flag is
    missing (records of before the agent) did not have the agent.

    Args:
        conversations: A DataFrame, Dask frame, DuckDB relation or dataset.
        by: As in ``first_reply``.
        period: Only conversations created in it.
        zone: Time zone of periods, days and hours.
        names: Names of teams and teammates.

    Returns one row per group: conversations, participated, resolved, handed_over, undecided
    (counts), participation, resolution_rate, low, high.

    >>> import intercom_nb
    >>> from intercom_nb import analysis
    >>> df = intercom_nb.connect("demo").sync.conversations.list(limit=None)
    >>> row = analysis.automation(df, by=None).iloc[0]
    >>> bool(row.resolved + row.handed_over + row.undecided == row.participated)
    True
    """
    facts = read(
        conversations, [_PART, *columns_for(by)], optional=[_STATE], zone=zone, period=period
    )
    groups = group(facts, by, names)
    took_part = facts[_PART].fillna(False).astype("bool")
    state = facts[_STATE].astype(object)
    flags = {
        "participated": took_part,
        "resolved": took_part & state.isin(RESOLVED),
        "handed_over": took_part & state.isin(HANDED_OVER),
        "undecided": took_part & ~state.isin((*RESOLVED, *HANDED_OVER)),
    }
    numbers = pd.DataFrame(flags).groupby(groups.key).sum()
    numbers.insert(0, "conversations", groups.key.groupby(groups.key).size())
    frame = groups.table(numbers).astype(dict.fromkeys(["conversations", *flags], "int64"))
    frame["participation"] = wilson(frame["participated"], frame["conversations"])["share"]
    rate = wilson(frame["resolved"], frame["participated"])
    frame = frame.join(rate.rename(columns={"share": "resolution_rate"}))
    return finish(
        frame,
        "automation",
        facts,
        finding=_finding(flags, len(facts)),
        chart={"kind": "automation", "by": by, "time": groups.is_time},
        counts={
            "conversations": len(facts),
            **{name: int(flag.sum()) for name, flag in flags.items()},
            "flag_missing": int(facts[_PART].isna().sum()),
        },
    )


def _finding(flags: dict[str, pd.Series], total: int) -> str:
    took_part, resolved = int(flags["participated"].sum()), int(flags["resolved"].sum())
    if took_part == 0:
        return "The AI agent took no part in these conversations."
    return (
        f"The AI agent took part in {formatting.percent(took_part / total)} of conversations and "
        f"resolved {formatting.percent(resolved / took_part)} of those "
        f"({formatting.number(resolved)} conversations without a teammate's work)"
    )
