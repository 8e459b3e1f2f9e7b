"""A frame as the result view shows it: its rows, columns, profiles, summaries and records."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pandas as pd

from ....analysis.names import topic_names
from ....errors import IntercomError, UnknownNameError
from ....frames import KEY
from ....frames.cells import cell_text, plain_value
from . import detail
from .columns import describe_columns, first_columns
from .conditions import Given, describe
from .display import Display
from .frame_view import FrameView
from .summaries import summarize
from .summaries.facets import Facets
from .summaries.incomplete import incomplete_keys
from .summaries.profile import profile

_ids = itertools.count(1)
_JSON_ROWS = 50  # conversations: 230 kB of text, 6,000 lines
_MOST_ROWS = 500  # in one message: 170 kB of conversations; the table asks for 60


class FrameResult:
    """A frame with its view. ``entity`` is what a row is, ``code`` the Python that returns it.

    A question's result has ``finding``, its answer as a sentence, and ``look``, how it is shown:
    the tab, the summary, the sort order and the steps of the filter.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        entity: str,
        *,
        title: str = "",
        code: str = "",
        table: str = "df",
    ) -> None:
        self.id = next(_ids)
        self.frame = frame
        self.entity = entity
        self.title = title
        self.code = code
        self.table = table
        self.workspace_id: str | None = None
        self.look: dict[str, Any] = {}
        self.finding = ""
        self.finding_code = ""
        self.view = FrameView(frame)
        self.columns = first_columns(frame, entity)
        self._facets: Facets | None = None

    def use_display(self, display: Display) -> None:
        """Show names, times and topics as ``display`` says; it is shared and may learn more."""
        topics = topic_names(self.frame)
        if topics:
            display.names.setdefault("topics", {}).update(topics)
        self.view.display = display

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
            "entity": self.entity,
            "title": self.title or self.entity,
            "rows": len(self.frame),
            "shown": len(self.view.order),
            "columns": describe_columns(self.frame, self.entity),
            "visible": self.columns,
            "notes": self.notes(),
            "truncated": self.is_truncated,
            "total": self.info.get("total_count"),
            "thread": self.entity == "conversations",
            "look": self.look,
            "finding": self.finding,
        }

    def notes(self) -> list[str]:
        """Return caveats about the rows."""
        if not self.is_truncated:
            return []
        return [f"Showing the first {self.coverage}. Increase the limit, or clear it to load all."]

    def query(self, what: str, query: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the script requests of this result."""
        queries: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "rows": self._rows,
            "cell": self._cell,
            "select": self._select,
            "columns": self._columns,
            "profiles": self._profiles,
            "facets": self._facet_counts,
            "schema": self._schema,
            "options": self._options,
            "summary": self._summary,
            "code": self._code,
            "json": self._json,
            "display": self._display,
            "record": self._record,
        }
        return queries[what](query)

    def arrange(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Search, filter and sort; return how many rows are shown, and the trail of conditions."""
        given: list[Given] = [(str(c), str(op), value) for c, op, value in query["conditions"]]
        self.view.arrange(
            str(query.get("search") or ""),
            given,
            [(str(name), bool(down)) for name, down in query.get("sort") or []],
        )
        trail = [describe(one, self.frame, self.view.display) for one in given]
        return {"shown": len(self.view.order), "trail": trail, "words": self.view.words}

    def part(self) -> str:
        """Return which part of the data is shown, if not all: "200 of 624 loaded"."""
        shown, rows = len(self.view.order), len(self.frame)
        parts = [f"{shown:,} of {rows:,} rows"] if shown < rows else []
        if self.is_truncated:
            parts.append(f"only the first {self.coverage} are loaded")
        return "; ".join(parts)

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

    def _profiles(self, query: Mapping[str, Any]) -> dict[str, Any]:
        names = [str(name) for name in query["columns"] if name in self.frame]
        return {"profiles": [profile(self.frame, n, self.view.display) for n in names]}

    def _facet_counts(self, _: Mapping[str, Any]) -> dict[str, Any]:
        if self._facets is None:
            self._facets = Facets(self.view, self.columns)
        return {"facets": self._facets.describe()}

    def _schema(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"schema": [_described(str(name), self.frame[name]) for name in self.frame]}

    def _options(self, _: Mapping[str, Any]) -> dict[str, Any]:
        later = [str(name) for name in self.frame if name not in self.columns]
        return summarize.options(self.frame, self.entity, [*self.columns, *later])

    def _summary(self, query: Mapping[str, Any]) -> dict[str, Any]:
        measure = summarize.Measure(str(query["measure"]), str(query.get("column") or ""))
        by = summarize.by_pairs(query)
        try:
            found = summarize.summarize(self.view.shown, measure, by, self.view.display)
        except IntercomError as error:
            return {"error": str(error)}
        now = pd.Timestamp.now("UTC")
        first = found.dimensions[0]
        partial = incomplete_keys(self.frame, first, self.view.conditions, self.info, now)
        reply = summarize.describe(found, self.entity, self.part(), partial)
        reply["code"] = _joined(self.code, self.view.filter_code, found.code)
        return reply

    def _code(self, _: Mapping[str, Any]) -> dict[str, Any]:
        arranged = self.view.code
        code = _joined(self.code, self.finding_code, arranged)
        return {"code": code, "arranged": bool(arranged), "sql": self.view.sql(self.table)}

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
        return {"at": at, "fields": fields, "url": self.link(at)}

    def link(self, at: int) -> str | None:
        """Return the address of a row's page in Intercom, None if it has none or is the demo's."""
        host = urlsplit(str(self.info.get("base_url") or "")).hostname or ""
        if not host.endswith(".intercom.io"):
            return None
        try:
            url = self.frame.iloc[[at]].intercom.link(self.workspace_id).iloc[0]
        except UnknownNameError:  # these records have no page
            return None
        return url if isinstance(url, str) else None

    def learn_thread(self, key: str, text: str) -> None:
        """Make the text of a fetched thread searchable."""
        if "id" in self.frame:
            for at in (self.frame["id"].astype(str) == key).to_numpy().nonzero()[0]:
                self.view.index.messages[int(at)] = text

    def _display(self, query: Mapping[str, Any]) -> dict[str, Any]:
        self.view.display.is_raw = query.get("raw") is True
        return {}


def _joined(*codes: str) -> str:
    return "\n\n".join(filter(None, codes))


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
