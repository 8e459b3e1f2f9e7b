"""Healing of a dataset: drop what cannot be read, so that the next run reads it again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import msgspec
import pyarrow as pa

from .compaction.month_writer import month_of
from .compaction.staging import TableFiles
from .coverage import covered_intervals
from .damage import DamagedFileError, check_file
from .state import Commit, EntityState, Slice, TableFile
from .store import EntityStore

# Seconds by which a file's time may be later than the end of the run that wrote it.
_MTIME_MARGIN = 5


def drop_damaged(store: EntityStore) -> None:
    """Drop the months and slices whose files are missing or damaged, as one commit.

    All tables lose such a month together, since rows of lists belong to rows of the entity. The
    intervals stay covered, so that the run reads them again.
    """
    state = store.state
    damaged = {f.path for f in state.all_files() if not _is_readable(store, f)}
    if not damaged:
        return
    months = {month_of(f) for f in state.files if f.path in damaged}
    removed = [f.path for f in state.files if month_of(f) in months or None in months]
    slices = {key: one for key, one in state.slices.items() if not _is_lost(one, months, damaged)}
    kept = {f.path for one in slices.values() for f in one.files}
    removed += [f.path for one in state.slices.values() for f in one.files if f.path not in kept]
    changed = msgspec.structs.replace(
        state,
        files=[f for f in state.files if f.path not in removed],
        slices=slices,
        covered=covered_intervals(state),
    )
    store.commit(Commit(sequence=store.next_sequence, removes=sorted(removed), state=changed))


def _is_readable(store: EntityStore, file: TableFile) -> bool:
    """Check a file's footer, and all of it if it changed after the last run."""
    path = store.folder.path / file.path
    try:
        if path.suffix == ".parquet":
            check_file(path, whole=_is_newer(store.state, path.stat().st_mtime))
        else:
            TableFiles(store.folder.path).schema(file)
    except (DamagedFileError, OSError, pa.ArrowException):
        return False
    return True


def _is_newer(state: EntityState, modified: float) -> bool:
    return state.finished_at is None or modified > state.finished_at + _MTIME_MARGIN


def _is_lost(one: Slice, months: Collection[str | None], damaged: Collection[str]) -> bool:
    if any(f.path in damaged for f in one.files):
        return True
    interval = one.interval
    if None in months:  # rows without a month may be of any time
        return bool(months)
    return interval.field == "created_at" and any(
        start < interval.end and interval.start < end
        for start, end in map(_month_range, filter(None, months))
    )


def _month_range(month: str) -> tuple[float, float]:
    """Return the start and end of a month (UTC) in unix seconds.

    >>> _month_range("1970-01")
    (0.0, 2678400.0)
    """
    start = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=dt.UTC)
    end = (start + dt.timedelta(days=32)).replace(day=1)
    return start.timestamp(), end.timestamp()
