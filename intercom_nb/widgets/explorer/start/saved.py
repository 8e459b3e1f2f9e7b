"""Saved questions of an explorer: run again, shared as code, pinned to a dashboard."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ....errors import InvalidParameterError
from ....reporting.panels import Panel
from ...channel import Channel
from ..result.display import noun
from ..result.frame_result import FrameResult
from ..result.result import Result

_ROWS = 20  # of a question that is a list
_LONGEST = 120  # characters of a name, which is a heading of the dashboard
_MOST = 100  # questions; each keeps its rows in memory


@dataclasses.dataclass
class SavedQuestion:
    """A question by name: the query, and how its rows are shown. ``df`` has the newest rows."""

    name: str
    look: Mapping[str, Any]
    result: Result
    pinned: bool = False
    _code: tuple[int, str] | None = None

    @property
    def df(self) -> Any:
        """The rows of the newest run, before the question's own filters."""
        return self.result.frame

    @property
    def code(self) -> str:
        """The Python that returns the same table without the explorer."""
        if self._code is None or self._code[0] != self.result.id:  # it computes the summary
            shown = self._shown()
            reply: Mapping[str, Any] = {}
            if self.look.get("measure"):
                reply = shown.query("summary", self.look)
            code = reply.get("code") or shown.query("code", {})["code"]
            self._code = self.result.id, str(code)
        return self._code[1]

    def form(self) -> dict[str, Any]:
        """Return the query form that runs it again."""
        return {**self.result.form, "question": self.name, "look": dict(self.look)}

    def panel(self) -> Panel:
        """Return its table as a panel of a dashboard."""
        shown = self._shown()
        if not self.look.get("measure"):
            return _rows_panel(self, shown)
        reply = shown.query("summary", self.look)
        if "error" in reply:
            return Panel(self.name, [], [], note=reply["error"])
        series = [one["label"] for one in reply["series"]] or [reply["heads"][-1]]
        rows = [
            (_label(group), [(line[at][0], line[at][1]) for line in reply["cells"]])
            for at, group in enumerate(reply["groups"])
        ]
        return Panel(
            self.name,
            series,
            rows,
            label=reply["heads"][0],
            finding=self.result.finding,
            subtitle=reply["title"],
            note="; ".join(part for part in reply["note"].split("; ") if "paler" not in part),
            code=self.code,
            steps=reply["form"] == "columns",
        )

    def __repr__(self) -> str:
        return f"<SavedQuestion {self.name!r}: {len(self.df):,} rows>"

    def _shown(self) -> FrameResult:
        """Return the rows as the question shows them, whatever the explorer shows now."""
        result = self.result
        shown = FrameResult(result.frame, result.entity, code=result.code)
        shown.view.display = dataclasses.replace(result.view.display, is_raw=False)
        shown.arrange(arrangement(self.look))
        return shown


def arrangement(look: Mapping[str, Any]) -> dict[str, Any]:
    """Return the search, the filters and the order of a look."""
    conditions = [
        [step["column"], op, value]
        for step in look.get("steps") or []
        for op, value in step["pairs"]
    ]
    return {
        "search": look.get("search") or "",
        "conditions": conditions,
        "sort": look.get("sort") or [],
    }


def _label(group: Mapping[str, Any]) -> str:
    return f"{group['label']} (incomplete)" if group["incomplete"] else str(group["label"])


def _rows_panel(question: SavedQuestion, shown: FrameResult) -> Panel:
    columns, count = shown.columns, len(shown.view.order)
    rows = []
    for row in shown.view.rows(0, _ROWS, columns):
        cells = row["cells"][len(row["cells"]) - len(columns) :]  # a search adds one in front
        first, *others = (cell[0] if isinstance(cell, list) else cell or "–" for cell in cells)
        rows.append((first, [(None, text) for text in others]))
    return Panel(
        question.name,
        [noun(column) for column in columns[1:]],
        rows,
        label=noun(columns[0]) if columns else "",
        finding=question.result.finding,
        note=f"The first {_ROWS} of {count:,} rows." if count > _ROWS else "",
        code=question.code,
    )


class SavedQuestions:
    """The saved questions of an explorer, in memory only, in the order in which they were saved."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.all: dict[str, SavedQuestion] = {}

    @property
    def pinned(self) -> list[SavedQuestion]:
        """The questions on the dashboard."""
        return [question for question in self.all.values() if question.pinned]

    def add(self, name: str, look: Mapping[str, Any], result: Result | None) -> None:
        """Save what a result shows; the same name replaces the question.

        Raises InvalidParameterError without a result or a name, or if there are too many.
        """
        if result is None:
            raise InvalidParameterError("Run a query first.")
        if not name or len(name) > _LONGEST:
            raise InvalidParameterError(f"Enter a name of 1 to {_LONGEST} characters.")
        if len(self.all) >= _MOST and name not in self.all:
            raise InvalidParameterError(
                f"There are {_MOST} saved questions already. Remove one first."
            )
        before = self.all.get(name)
        pinned = before is not None and before.pinned
        self.all[name] = SavedQuestion(name, look, result, pinned)
        self.send()

    def update(self, result: Result) -> SavedQuestion | None:
        """Keep the result of a question that was run again, and show it as the question was saved.

        Returns the question, None if the result is not a saved one's.
        """
        question = self.all.get(str(result.form.get("question")))
        if question is not None:
            question.result = result
            result.title = question.name
            result.look = dict(question.look)
        return question

    def pin(self, name: str, *, on: bool) -> None:
        """Pin a question to the dashboard, or unpin it."""
        if name in self.all:
            self.all[name].pinned = on
            self.send()

    def remove(self, name: str) -> None:
        """Remove a question."""
        self.all.pop(name, None)
        self.send()

    def send(self) -> None:
        """Send the list of questions."""
        saved = [
            {
                "name": question.name,
                "pinned": question.pinned,
                "code": question.code,
                "about": f"{question.result.entity}, {len(question.df):,} rows",
            }
            for question in self.all.values()
        ]
        self._channel.send("saved", saved=saved)
