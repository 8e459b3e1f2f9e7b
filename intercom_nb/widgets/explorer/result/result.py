"""A result of the explorer: the frame, its view, and the content of its tabs."""

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
from ....frames.cells import cell_text, plain_value
from . import charts, detail
from .columns import describe_columns, first_columns
from .frame_view import FrameView

_ids = itertools.count(1)
_JSON_ROWS = 50
_MOST_ROWS = 500


@dataclasses.dataclass
class Result:
    """A frame with the request and the form that led to it."""

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
        """The frame's own metadata, ``df.attrs["intercom"]``."""
        found: Mapping[str, Any] = self.frame.attrs.get(KEY, {})
        return found

    @property
    def is_truncated(self) -> bool:
        """Whether the limit left out records."""
        return bool(self.info.get("truncated"))

    @property
    def coverage(self) -> str:
        """The rows that are loaded, if the limit left out others: ``200 of 624``."""
        total, rows = self.info.get("total_count"), len(self.frame)
        if not self.is_truncated:
            return ""
        return f"{rows:,} of {total:,}" if isinstance(total, int) and total > rows else f"{rows:,}"

    @property
    def selection(self) -> pd.DataFrame:
        """The selected rows, in the frame's order."""
        return self.frame.iloc[sorted(self.view.selected)]

    def chosen(self, *, all_columns: bool) -> pd.DataFrame:
        """Return the selected rows, or all rows shown if none is; the table's columns or all."""
        view = self.view
        shown = [int(at) for at in view.order]
        frame = self.frame.iloc[[at for at in shown if at in view.selected] or shown]
        return frame if all_columns else frame[self.columns]

    def describe(self) -> dict[str, Any]:
        """Describe the result for the script, which pulls the rows when they come into view."""
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
            "truncated": self.is_truncated,
            "thread": self.operation.entity == "conversations",
        }

    def notes(self) -> list[str]:
        """Return caveats about the rows: a partial or a truncated result."""
        notes = [] if self.partial is None else [self.partial]
        if self.is_truncated:
            notes.append(
                f"Showing the first {self.coverage}. Increase the limit, or clear it to load all."
            )
        return notes

    def query(self, what: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the script requests of this result."""
        queries: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "rows": self._rows,
            "cell": self._cell,
            "select": self._select,
            "columns": self._columns,
            "schema": self._schema,
            "chart": self._chart,
            "json": self._json,
            "display": self._display,
            "record": self._record,
        }
        return queries[what](query)

    def arrange(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Search, filter and sort; return how many rows are shown."""
        self.view.arrange(
            str(query.get("search") or ""),
            {str(k): str(v) for k, v in (query.get("filters") or {}).items()},
            [(str(name), bool(down)) for name, down in query.get("sort") or []],
        )
        return {"shown": len(self.view.order)}

    def _rows(self, query: Mapping[str, Any]) -> dict[str, Any]:
        start = int(query["start"])
        stop = min(int(query["stop"]), start + _MOST_ROWS)
        return {"start": start, "rows": self.view.rows(start, stop, self.columns)}

    def _cell(self, query: Mapping[str, Any]) -> dict[str, Any]:
        return {"text": cell_text(self.frame[query["column"]].array[int(query["at"])])}

    def _select(self, query: Mapping[str, Any]) -> dict[str, Any]:
        at = query.get("at")
        self.view.select(bool(query.get("on")), None if at is None else int(at))
        return {"selected": len(self.view.selected)}

    def _columns(self, query: Mapping[str, Any]) -> dict[str, Any]:
        wanted = [str(name) for name in query.get("visible") or []]
        self.columns = [name for name in wanted if name in self.frame]
        return {"visible": self.columns}

    def _schema(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"schema": [_described(str(name), self.frame[name]) for name in self.frame]}

    def _charted(self) -> list[str]:
        later = [str(name) for name in self.frame if name not in self.columns]
        return [*self.columns, *later]

    def _chart(self, query: Mapping[str, Any]) -> dict[str, Any]:
        chart = charts.bars(self.view.shown, str(query["column"]), self.view.display)
        if self.is_truncated:
            note = f"only the first {self.coverage} are loaded"
            chart["note"] = "; ".join(filter(None, [chart["note"], note]))
        return chart

    def _json(self, query: Mapping[str, Any]) -> dict[str, Any]:
        part = self.view.shown.iloc[:_JSON_ROWS]
        rows = [
            {str(n): plain_value(v) for n, v in zip(part.columns, row, strict=True)}
            for row in part.itertuples(index=False, name=None)
        ]
        text = msgspec.json.format(msgspec.json.encode(rows, enc_hook=str), indent=2).decode()
        return {"text": text, "rows": len(rows), "shown": len(self.view.order)}

    def _record(self, query: Mapping[str, Any]) -> dict[str, Any]:
        at = int(query["at"])
        fields = []
        for name, raw in detail.fields(self.frame, at):
            format_value = self.view.display.formatter(name, self.frame[name])
            text = format_value(self.frame[name].array[at])
            fields.append({"name": name, "text": text, "title": None if text == raw else raw})
        return {"at": at, "fields": fields}

    def _display(self, query: Mapping[str, Any]) -> dict[str, Any]:
        self.view.display.is_raw = query.get("raw") is True
        return {}


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
