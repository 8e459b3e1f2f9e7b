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
from ..result.summarize import metric_names
from .month import LastMonth, search_form

_TEAM = {"column": "team_assignee_id"}
_ABOUT = ("topics", "tags")
_EVER = "2011-01-01"  # Intercom's first year: any time at all

By = list[dict[str, str]]


@dataclasses.dataclass(frozen=True)
class Starter:
    """A question: its rows, the measure and groups that show them, and the sentence about them.

    ``rows`` are those of the last ``month``, of ``both`` months, or those ``waiting`` now;
    ``sort`` is the column that orders them in the table.
    """

    text: str
    rows: str
    measure: str
    by: Callable[[pd.DataFrame], By]
    finding: Callable[[pd.DataFrame, LastMonth, Mapping[str, Any]], str]
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
        try:
            result.finding = self.finding(frame, month, metric_names(display))
        except IntercomError:  # the rows lack a column, as in some hosted workspaces
            result.finding = ""


def _metric(name: str, **options: Any) -> Callable[..., str]:
    """Return the finding of a metric in the month."""

    def finding(frame: pd.DataFrame, month: LastMonth, names: Mapping[str, Any]) -> str:
        period = {"period": month.period, "zone": month.period.zone, "names": names}
        found = getattr(analysis, name)(frame, **period, **options)
        return f"{found.metric.finding}."

    return finding


def _about(frame: pd.DataFrame) -> str:
    """Return the column of what conversations were about: topics, or tags if there are none."""
    filled = (c for c in _ABOUT if c in frame and frame[c].map(bool, na_action="ignore").any())
    return next(filled, _ABOUT[-1])


def _topics(frame: pd.DataFrame, month: LastMonth, names: Mapping[str, Any]) -> str:
    return _metric("pareto", of=_about(frame))(frame, month, names)


def _changes(frame: pd.DataFrame, month: LastMonth, names: Mapping[str, Any]) -> str:
    return _metric("movers")(frame, month, names)


def _waiting(frame: pd.DataFrame, month: LastMonth, _: Mapping[str, Any]) -> str:
    since = frame["waiting_since"].dropna()
    if since.empty:
        return "No conversation waits for a reply."
    longest = duration((month.now - since.min()).total_seconds())
    authors = frame.get("source.author.name")
    author = None if authors is None else authors[since.index].iloc[since.argmin()]
    who = f": {author}" if isinstance(author, str) and author else ""
    verb = "waits" if len(since) == 1 else "wait"
    count = plural(len(since), "conversation")
    return f"{count} {verb} for a reply, the longest for {longest}{who}."


STARTERS = {
    "slow_teams": Starter(
        "Which teams reply slowest?",
        "month",
        "median_first_reply",
        lambda _: [_TEAM],
        _metric("first_reply", by="team"),
    ),
    "topics": Starter(
        "What were they about?",
        "month",
        "count",
        lambda frame: [{"column": _about(frame)}],
        _topics,
    ),
    "busiest": Starter(
        "Which day and hour is busiest?",
        "month",
        "count",
        lambda _: [{"column": "created_at", "unit": unit} for unit in ("weekday", "hour")],
        _metric("volume"),
    ),
    "changes": Starter(
        "What changed?",
        "both",
        "count",
        lambda frame: [{"column": _about(frame)}, {"column": "created_at", "unit": "month"}],
        _changes,
    ),
    "waiting": Starter(
        "Who waits longest now?",
        "waiting",
        "count",
        lambda _: [{"column": "waiting_since", "unit": ""}],
        _waiting,
        "waiting_since",
    ),
    "ratings": Starter(
        "How do customers rate us?",
        "month",
        "csat",
        lambda _: [_TEAM],
        _metric("csat", by="team"),
    ),
}
"""The questions by the key that the script sends."""
