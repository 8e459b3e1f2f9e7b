"""From when to when the data of a source is complete, and what that does to a period."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from . import formatting
from .periods import Period, now

KEY = "intercom_coverage"
_RESULT = "intercom"
# A gap at an end of the data means that it ends there, and not that nobody wrote, if the usual
# rate makes this many conversations likely in it, and the data has no other gap nearly as long.
_EXPECTED, _LONGER, _LEAST_ROWS = 20, 1.5, 30


@dataclasses.dataclass(frozen=True)
class Coverage:
    """The creation times of the conversations that a source holds: from ``since`` until ``until``.

    None means without a bound. ``zone`` is the workspace's time zone if it is known, ``notes``
    list other gaps.
    """

    since: pd.Timestamp | None = None
    until: pd.Timestamp | None = None
    zone: str | None = None
    notes: tuple[str, ...] = ()

    def to_attrs(self) -> dict[str, Any]:
        """Return it as JSON-serializable attributes of a frame that is read from the source."""
        if self == Coverage():
            return {}
        edges = {name: getattr(self, name) for name in ("since", "until")}
        texts = {name: None if t is None else t.isoformat() for name, t in edges.items()}
        return {KEY: {**texts, "zone": self.zone, "notes": list(self.notes)}}

    def end(self) -> pd.Timestamp:
        """Return until when the data is complete: now at the latest."""
        current = now()
        return current if self.until is None else min(self.until, current)

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
        return Coverage(since, until, given["zone"], tuple(given["notes"]))
    info = attrs.get(_RESULT, {})
    if not isinstance(info, Mapping):
        return Coverage()
    notes: tuple[str, ...] = ()
    if info.get("truncated") and info.get("limit") is not None:
        total = info.get("total_count")
        of = "" if total is None else f" of {total:,}"
        notes = (f"The result was cut at {info['limit']:,} records{of}: numbers describe these.",)
    params = info.get("params")
    query = params.get("query") if isinstance(params, Mapping) else None
    edges = list(_created_edges(query))
    since = max((time for operator, time in edges if operator == ">"), default=None)
    until = min((time for operator, time in edges if operator == "<"), default=None)
    after = None if since is None else since + pd.Timedelta(seconds=1)
    return Coverage(after, until, notes=notes)


def _created_edges(query: Any) -> Iterator[tuple[str, pd.Timestamp]]:
    """Yield the bounds of ``created_at`` that apply to all results of a search query."""
    if not isinstance(query, Mapping):
        return
    value = query.get("value")
    if query.get("operator") == "AND" and isinstance(value, list):
        for part in value:
            yield from _created_edges(part)
    elif query.get("field") == "created_at" and isinstance(value, int | float):
        yield str(query["operator"]), pd.Timestamp(value, unit="s", tz="UTC").as_unit("s")


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
    return Coverage(since, min(ends, default=None), dataset.time_zone, tuple(notes))


def _last_day(period: Period) -> str:
    last = (period.end - pd.Timedelta(seconds=1)).tz_convert(period.zone)
    return formatting.day(last)
