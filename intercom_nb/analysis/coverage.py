"""From when to when the data of a source is complete, and what that does to a period."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..catalog.filters import split_key
from . import formatting
from .periods import Period, now

KEY = "intercom_coverage"
_RESULT = "intercom"
# A gap at an end of the data means that it ends there, and not that nobody wrote, if the usual
# rate makes this many conversations likely in it, and the data has no other gap nearly as long.
_EXPECTED, _LONGER, _LEAST_ROWS = 20, 1.5, 30
_CLOCK_SKEW = pd.Timedelta(days=1)
# What changes after the creation: older conversations match a filter of it more or less often.
_CHANGING = frozenset({"state", "open", "read", "updated_at", "waiting_since", "snoozed_until"})


@dataclasses.dataclass(frozen=True)
class Coverage:
    """The creation times of the conversations that a source holds: from ``since`` until ``until``.

    None means without a bound. ``zone`` is the workspace's time zone if it is known, ``notes``
    list other gaps. ``filtered_by`` names the fields of its filter that change after the creation,
    such as the state: earlier conversations cannot be compared then, nor open ones counted.
    """

    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    zone: str | None = None
    notes: tuple[str, ...] = ()
    filtered_by: str = ""

    def to_attrs(self) -> dict[str, Any]:
        """Return it as JSON-serializable attributes of a frame that is read from the source."""
        if self == Coverage():
            return {}
        edges = {name: getattr(self, name) for name in ("since", "until")}
        texts = {name: None if t is None else t.isoformat() for name, t in edges.items()}
        others = {"zone": self.zone, "notes": list(self.notes), "filtered_by": self.filtered_by}
        return {KEY: {**texts, **others}}

    def end(self) -> pd.Timestamp:
        """Return until when the data is complete: now at the latest."""
        current = now()
        return current if self.until is None else min(self.until, current)

    def is_future(self, created: pd.Series) -> pd.Series:
        """Return which few creation times cannot be true, because they are still to come.

        If most are, the clock of this computer is wrong, or the demo has a later date.
        """
        later = created > now() + _CLOCK_SKEW
        return later if later.mean() < 0.5 else later & False

    def no_backlog(self, zone: str) -> str | None:
        """Return why open conversations cannot be counted; None if they can."""
        if self.filtered_by:
            return f"the data is filtered by {self.filtered_by}."
        if self.since is None:
            return None
        start = formatting.minute(self.since, zone)
        return (
            f"the data starts on {start}, so older conversations that were still open are missing."
        )

    def gaps(self) -> Iterator[str]:
        """Yield what is missing in a table that is read as a whole, without a period."""
        for note in self.notes:
            yield note[0].lower() + note[1:]
        zone = self.zone or "UTC"
        if self.since is not None:
            start = formatting.minute(self.since, zone)
            yield f"the data starts on {start} ({zone}), so older ones are missing."

    def seen_in(self, created: pd.Series, period: Period) -> Coverage:
        """Return the coverage, narrowed if the data itself ends long before the period does."""
        if self.until is not None or len(created) < _LEAST_ROWS:
            return self
        last = created.max()
        if not _is_gap(created, min(period.end, now()) - last):
            return self
        return dataclasses.replace(self, until=last + pd.Timedelta(seconds=1))

    def clip(self, period: Period) -> tuple[Period, list[str]]:
        """Return the part of a period that the data covers, and notes about the rest."""
        return period.clip(self.since, self.end()), [*self.notes, *self._missing(period)]

    def comparison(
        self, period: Period, versus: Period | None, created: pd.Series | None = None
    ) -> tuple[Period | None, list[str]]:
        """Return the earlier period to compare with, None if the data does not cover it.

        ``period`` is clipped already. ``created`` are the times of all conversations, if the data
        may start later than the workspace.
        """
        earlier = period.before() if versus is None else versus
        if self.filtered_by:
            why = f"the data is filtered by {self.filtered_by}, which changes over time."
            return None, [f"No comparison with {earlier.text}: {why}"]
        since = self.since
        if since is None and created is not None and len(created) >= _LEAST_ROWS:
            first = created.min()
            since = first if _is_gap(created, first - earlier.start) else None
        if since is None or since <= earlier.start:
            return earlier, []
        start = formatting.minute(since, period.zone)
        return None, [f"No comparison with {earlier.text}: the data starts on {start}."]

    def _missing(self, period: Period) -> Iterator[str]:
        whole, zone = period.whole.text, period.zone
        if self.since is not None and self.since > period.start:
            start = formatting.minute(self.since, zone)
            yield f"The data starts on {start}: earlier conversations of {whole} are missing."
        end, current = self.end(), now()
        if end >= period.end:
            return
        if end <= period.start:
            yield f"The data does not cover {whole}."
        elif self.until is not None and self.until < current:
            last = formatting.minute(end, zone)
            yield f"The data ends on {last}: later conversations of {whole} are missing."
        if current < period.end and current > period.start:
            yield f"{whole[0].upper()}{whole[1:]} is not over: it ends on {_last_day(period)}."


def _is_gap(created: pd.Series, length: pd.Timedelta) -> bool:
    """Return whether a stretch of time without conversations is one without data."""
    seconds = np.sort(created.dt.tz_localize(None).to_numpy("datetime64[s]").astype("int64"))
    gap = length.total_seconds()
    expected = gap * len(seconds) / max(1.0, float(seconds[-1] - seconds[0]))
    return expected >= _EXPECTED and gap >= _LONGER * float(np.diff(seconds).max())


def coverage_of(source: Any, table: str = "conversations") -> Coverage:
    """Return the coverage of a source; without bounds if it is not known."""
    if isinstance(source, pd.DataFrame):
        return _of_frame(source.attrs)
    if isinstance(getattr(source, "coverage", None), pd.DataFrame):
        return _of_dataset(source, table)
    return Coverage()


def _of_frame(attrs: Mapping[Any, Any]) -> Coverage:
    if KEY in attrs:
        given = attrs[KEY]
        since, until = (
            None if given[name] is None else pd.Timestamp(given[name])
            for name in ("since", "until")
        )
        notes = tuple(given["notes"])
        return Coverage(since, until, given["zone"], notes, given.get("filtered_by", ""))
    info = attrs.get(_RESULT, {})
    return _of_result(info) if isinstance(info, Mapping) else Coverage()


def _of_result(info: Mapping[Any, Any]) -> Coverage:
    """Return the coverage of the result of an operation, from how it was requested."""
    notes = []
    if info.get("truncated") and info.get("limit") is not None:
        total = info.get("total_count")
        of = "" if total is None else f" of {total:,}"
        notes.append(
            f"The result was cut at {info['limit']:,} records{of}: numbers describe these."
        )
    params = info.get("params")
    conditions = list(_conditions(params.get("query") if isinstance(params, Mapping) else None))
    edges = [(c["operator"], _instant(c["value"])) for c in conditions if _is_edge(c)]
    others = [c for c in conditions if not _is_edge(c)]
    since = max((time for operator, time in edges if operator == ">"), default=None)
    until = min((time for operator, time in edges if operator == "<"), default=None)
    after = None if since is None else since + pd.Timedelta(seconds=1)
    if others:
        matched = " and ".join(map(_condition_text, others))
        entity = str(info.get("entity", "records")).replace("_", " ")
        notes.append(f"The result holds only the {entity} that match {matched}.")
    return Coverage(after, until, notes=tuple(notes), filtered_by=_changing(others))


def _conditions(query: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the conditions of a search query that apply to all its results."""
    if not isinstance(query, Mapping):
        return
    value = query.get("value")
    if query.get("operator") == "AND" and isinstance(value, list):
        for part in value:
            yield from _conditions(part)
    elif "operator" in query:
        yield query


def _is_edge(condition: Mapping[str, Any]) -> bool:
    """Return whether a condition is a bound of the creation time."""
    is_bound = condition.get("field") == "created_at" and condition["operator"] in {"<", ">"}
    return is_bound and isinstance(condition.get("value"), int | float)


def _instant(seconds: float) -> pd.Timestamp:
    return pd.Timestamp(seconds, unit="s", tz="UTC").as_unit("s")


def _condition_text(condition: Mapping[str, Any]) -> str:
    field, operator = condition.get("field"), condition["operator"]
    value: Any = condition.get("value")
    if field is None and isinstance(value, list):
        parts = f" {str(operator).lower()} ".join(map(_condition_text, value))
        return f"({parts})"
    is_time = str(field).endswith(("_at", "_since", "_until")) and isinstance(value, int | float)
    shown = formatting.minute(_instant(value), "UTC") if is_time else repr(value)
    return f"{field} {operator} {shown}"


def _changing(where: Any) -> str:
    """Return which of the fields of a filter change after the creation, as text."""
    found = dict.fromkeys(name for name in _fields(where) if _is_changing(name))
    return " and ".join(found)


def _is_changing(field: str) -> bool:
    return field in _CHANGING or field.startswith("statistics.")


def _fields(where: Any) -> Iterator[str]:
    """Yield the fields of a query, or of filters such as ``updated_at__gt``."""
    if isinstance(where, list):
        for part in where:
            yield from _fields(part)
    elif isinstance(where, Mapping) and "operator" in where:
        yield from _fields(where["value"]) if "field" not in where else [str(where["field"])]
    elif isinstance(where, Mapping):
        for key, value in where.items():
            # Nested filters: {"query": {...}} of an expression.
            is_nested = isinstance(value, Mapping | list) and key == "query"
            yield from _fields(value) if is_nested else [split_key(key)[0]]


def _of_dataset(dataset: Any, table: str) -> Coverage:
    rows = dataset.coverage
    found = rows[rows["entity"] == table]
    if found.empty:
        return Coverage(zone=dataset.time_zone)
    row = found.iloc[0]
    ends = [time for time in (row["until"], row["read_at"]) if not pd.isna(time)]
    since = None if pd.isna(row["since"]) else row["since"]
    notes = []
    if pd.isna(row["read_at"]):
        notes.append(f"The extraction of {table} has not finished: run it again to complete it.")
    if row["where"] not in ("", "{}"):
        notes.append(f"The dataset holds only the {table} that match {row['where']}.")
    audit = dataset.audit
    differing = int(((audit["entity"] == table) & (audit["state"] == "differs")).sum())
    if differing:
        what = formatting.plural(differing, "slice")
        verb = "differs" if differing == 1 else "differ"
        notes.append(f"{what} of {table} {verb} from the API's count: see dataset.audit.")
    filtered_by = _changing(json.loads(row["where"] or "{}"))
    until = min(ends, default=None)
    return Coverage(since, until, dataset.time_zone, tuple(notes), filtered_by)


def _last_day(period: Period) -> str:
    last = (period.end - pd.Timedelta(seconds=1)).tz_convert(period.zone)
    return formatting.day(last)
