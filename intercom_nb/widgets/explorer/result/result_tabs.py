"""One result in the explorer: the frame, how it is looked at, and the answers of its tabs."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pandas as pd

from ....catalog.model import Operation
from ....frames import KEY
from . import charts, detail
from .cells import cell_text, plain_value
from .columns import describe_columns, first_columns
from .frame_view import FrameView

_ids = itertools.count(1)
_JSON_ROWS = 50
_MOST_ROWS = 500


@dataclasses.dataclass
class Result:
    """A frame that was asked for, with what it was asked by."""

    operation: Operation
    arguments: dict[str, Any]
    form: Mapping[str, Any]
    frame: pd.DataFrame
    seconds: float
    code: str = ""
    curl: str = ""
    partial: str | None = None
    id: int = dataclasses.field(default_factory=lambda: next(_ids))
    at: dt.datetime = dataclasses.field(default_factory=lambda: dt.datetime.now().astimezone())

    def __post_init__(self) -> None:
        self.view = FrameView(self.frame)
        self.columns = first_columns(self.frame, self.operation.entity)

    @property
    def info(self) -> Mapping[str, Any]:
        """What the frame says of how it came."""
        found: Mapping[str, Any] = self.frame.attrs.get(KEY, {})
        return found

    @property
    def selection(self) -> pd.DataFrame:
        """The selected rows, in the frame's order."""
        return self.frame.iloc[sorted(self.view.selected)]

    def chosen(self, *, all_columns: bool) -> pd.DataFrame:
        """The ticked rows, or all that are shown when none is; the columns of the table or all."""
        view = self.view
        shown = [int(at) for at in view.order]
        frame = self.frame.iloc[[at for at in shown if at in view.selected] or shown]
        return frame if all_columns else frame[self.columns]

    def describe(self) -> dict[str, Any]:
        """Describe the result for the script; its rows are pulled later, as they are seen."""
        return {
            "id": self.id,
            "entity": self.operation.entity,
            "action": self.operation.action,
            "rows": len(self.frame),
            "shown": len(self.view.order),
            "columns": describe_columns(self.frame),
            "visible": self.columns,
            "charts": charts.chartable(self.frame, self._charted()),
            "code": self.code,
            "curl": self.curl,
            "seconds": round(self.seconds, 2),
            "requests": self.info.get("requests"),
            "total": self.info.get("total_count"),
            "notes": self.notes(),
            "thread": self.operation.entity == "conversations",
        }

    def notes(self) -> list[str]:
        """Say what one must know before one trusts the rows."""
        said = [] if self.partial is None else [self.partial]
        total, rows = self.info.get("total_count"), len(self.frame)
        if self.info.get("truncated"):
            of = f" of {total:,}" if isinstance(total, int) and total > rows else ""
            said.append(
                f"The first {rows:,}{of} records: the limit cut the rest. "
                "Raise the limit, or leave it empty for all."
            )
        return said

    def answer(self, what: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a question of the script about this result."""
        answers: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "rows": self._rows,
            "cell": self._cell,
            "select": self._select,
            "columns": self._columns,
            "schema": self._schema,
            "chart": self._chart,
            "json": self._json,
            "record": self._record,
        }
        return answers[what](asked)

    def arrange(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Search, filter and sort; says how many rows are shown then."""
        self.view.arrange(
            str(asked.get("search") or ""),
            {str(k): str(v) for k, v in (asked.get("filters") or {}).items()},
            [(str(name), bool(down)) for name, down in asked.get("sort") or []],
        )
        return {"shown": len(self.view.order)}

    def _rows(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        start = int(asked["start"])
        stop = min(int(asked["stop"]), start + _MOST_ROWS)
        return {"start": start, "rows": self.view.rows(start, stop, self.columns)}

    def _cell(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": cell_text(self.frame[asked["column"]].array[int(asked["at"])])}

    def _select(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        at = asked.get("at")
        self.view.select(bool(asked.get("on")), None if at is None else int(at))
        return {"selected": len(self.view.selected)}

    def _columns(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        wanted = [str(name) for name in asked.get("visible") or []]
        self.columns = [name for name in wanted if name in self.frame]
        return {"visible": self.columns}

    def _schema(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"schema": [_described(str(name), self.frame[name]) for name in self.frame]}

    def _charted(self) -> list[str]:
        later = [str(name) for name in self.frame if name not in self.columns]
        return [*self.columns, *later]

    def _chart(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        return charts.bars(self.view.shown, str(asked["column"]))

    def _json(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        part = self.view.shown.iloc[:_JSON_ROWS]
        rows = [
            {str(n): plain_value(v) for n, v in zip(part.columns, row, strict=True)}
            for row in part.itertuples(index=False, name=None)
        ]
        text = msgspec.json.format(msgspec.json.encode(rows, enc_hook=str), indent=2).decode()
        return {"text": text, "rows": len(rows), "shown": len(self.view.order)}

    def _record(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        at = int(asked["at"])
        return {"at": at, "fields": detail.fields(self.frame, at)}


def _described(name: str, series: pd.Series[Any]) -> dict[str, Any]:
    examples: list[str] = []
    for value in series.array:
        text = cell_text(value)
        if text and text not in examples:
            examples.append(text)
        if len(examples) == 3:
            break
    missing = int(series.isna().sum())
    return {
        "name": name,
        "dtype": str(series.dtype),
        "missing": round(100 * missing / len(series)) if len(series) else 0,
        "examples": [e[:60] for e in examples],
    }
