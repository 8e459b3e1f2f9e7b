"""The six questions of the first screen, answered by the metrics of ``analysis``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from .... import analysis
from ....analysis.formatting import duration, plural
from ....errors import IntercomError
from ..result.display import Display
from ..result.frame_result import FrameResult
from ..result.summaries.summarize import metric_names
from .month import LastMonth, search_form

_TEAM = {"column": "team_assignee_id"}
_ABOUT = ("topics", "tags")
_EVER = "2011-01-01"  # Intercom's first year: any time at all

By = list[dict[str, str]]
Metric = tuple[str, dict[str, str]]


@dataclasses.dataclass(frozen=True)
class Starter:
    """A question: its rows, the measure and groups that show them, and the metric that finds most.

    ``rows`` are those of the last ``month``, of ``both`` months, or those ``waiting`` now;
    ``metric`` returns the name and the options of a function of ``analysis``; ``sort`` is the
    column that orders the rows in the table.
    """

    text: str
    rows: str
    measure: str
    by: Callable[[pd.DataFrame], By]
    metric: Callable[[pd.DataFrame], Metric] | None = None
    sort: str = ""

    def form(self, month: LastMonth) -> dict[str, Any]:
        """Return the query form of the rows."""
        if self.rows == "waiting":
            filters = [("state", "eq", "open"), ("waiting_since", "gt", _EVER)]
            return search_form(filters, sort="waiting_since")
        return month.form(both=self.rows == "both")

    def answer(self, result: FrameResult, month: LastMonth, display: Display) -> None:
        """Add the question, how to show its rows, and the finding to their result."""
        frame = result.frame
        if not result.look:  # a saved question has its own
            result.title = self.text
            result.look = {
                "tab": "Summarize",
                "measure": self.measure,
                "by": [one for one in self.by(frame) if one["column"] in frame],
                "sort": [[self.sort, False]] if self.sort else [],
            }
        if self.sort in frame:
            result.columns = list(dict.fromkeys([self.sort, *result.columns]))
        if self.metric is None:
            result.finding = _waiting(frame, month)
            return
        name, options = self.metric(frame)
        options = {**options, "period": month.period.label, "zone": month.period.zone}
        try:
            found = getattr(analysis, name)(frame, **options, names=metric_names(display))
        except IntercomError:  # the rows lack a column, as in some hosted workspaces
            return
        result.finding = f"{found.metric.finding}."
        result.finding_code = _finding_code(name, options)


def _finding_code(name: str, options: Mapping[str, str]) -> str:
    given = ", ".join(f"{option}={value!r}" for option, value in options.items())
    call = f"analysis.{name}(df, {given}, names=analysis.names(c))"
    return f"from intercom_nb import analysis\n\nfinding = {call}.metric.finding"


def _about(frame: pd.DataFrame) -> str:
    """Return the column of what conversations were about: topics, or tags if there are none."""
    filled = (c for c in _ABOUT if c in frame and frame[c].map(bool, na_action="ignore").any())
    return next(filled, _ABOUT[-1])


def _waiting(frame: pd.DataFrame, month: LastMonth) -> str:
    since = frame["waiting_since"].dropna()
    if since.empty:
        return "No conversations are waiting for a reply."
    longest = duration((month.now - since.min()).total_seconds())
    authors = frame.get("source.author.name")
    author = None if authors is None else authors[since.index].iloc[since.argmin()]
    who = f": {author}" if isinstance(author, str) and author else ""
    verb = "is" if len(since) == 1 else "are"
    count = plural(len(since), "conversation")
    return f"{count} {verb} waiting for a reply, the longest for {longest}{who}."


STARTERS = {
    "slow_teams": Starter(
        "Which teams reply slowest?",
        "month",
        "median_first_reply",
        lambda _: [_TEAM],
        lambda _: ("first_reply", {"by": "team"}),
    ),
    "topics": Starter(
        "What were conversations about?",
        "month",
        "count",
        lambda frame: [{"column": _about(frame)}],
        lambda frame: ("pareto", {"of": _about(frame)}),
    ),
    "busiest": Starter(
        "When are we busiest?",
        "month",
        "count",
        lambda _: [{"column": "created_at", "unit": unit} for unit in ("weekday", "hour")],
        lambda _: ("volume", {}),
    ),
    "changes": Starter(
        "What changed?",
        "both",
        "count",
        lambda frame: [{"column": _about(frame)}, {"column": "created_at", "unit": "month"}],
        lambda _: ("movers", {}),
    ),
    "waiting": Starter(
        "Who is waiting longest right now?",
        "waiting",
        "count",
        lambda _: [{"column": "waiting_since", "unit": ""}],
        sort="waiting_since",
    ),
    "ratings": Starter(
        "How do customers rate us?",
        "month",
        "csat",
        lambda _: [_TEAM],
        lambda _: ("csat", {"by": "team"}),
    ),
}
"""The questions by the key that the script sends."""
