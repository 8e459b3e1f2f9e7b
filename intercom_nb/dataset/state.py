"""Persisted state of a dataset folder: entity states, slices, data files, commits.

The names in the JSON files are a format that older versions wrote, so they stay. Where a field has
a clearer name here, ``name=`` maps it to the persisted one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

FORMAT = "intercom_nb dataset"
VERSION = 1
# A data file: tables/month=2026-01/000007-1.parquet. No root, no drive, no step up.
_DATA_FILE = re.compile(r"(?:[\w=-]+/)*[\w-]+\.(?:parquet|arrow)")


class Interval(msgspec.Struct, frozen=True, order=True):
    """Half-open interval of one timestamp field: ``start <= time < end``, in unix seconds.

    With a ``suffix``, only records whose id ends with it belong to the interval.
    """

    start: int
    end: int
    # The key becomes the name of a folder, and a foreign dataset may hold any text here.
    suffix: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]?\Z")] = ""
    field: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]*\Z")] = "created_at"

    @property
    def key(self) -> str:
        """A name that is unique among the intervals of an entity and valid as a file name."""
        return f"{self.field}-{self.start}-{self.end}" + (f"-{self.suffix}" if self.suffix else "")


class TableFile(msgspec.Struct, frozen=True):
    """A data file of a table: its path relative to the folder, and its number of rows."""

    table: str
    path: str
    rows: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w+", self.table):
            raise ValueError(f"{self.table!r} is not a valid table name")
        _check_paths([self.path])


class Slice(msgspec.Struct, kw_only=True):
    """Records of one interval: how many the API counted, and how many arrived.

    ``deleted`` of the kept records were removed since. A pending slice still has to be merged into
    the tables, with its ``files``; without files, the interval holds no record any more.
    """

    interval: Interval = msgspec.field(name="span")
    counted: int | None
    arrived: int
    kept: int
    gone: int = 0
    deleted: int = 0
    cut_parts: int = 0
    requests: int = 0
    attempts: int = 1
    read_at: float
    status: str = msgspec.field(name="state")
    sequence: int = 0
    is_pending: bool = msgspec.field(name="waits", default=False)
    files: list[TableFile] = []
    skipped: int = 0  # entries that were not records, such as null
    repaired: int = 0  # halves of surrogate pairs, replaced by U+FFFD
    problems: dict[str, str] = {}  # id -> why the record could not be fetched
    odd_values: dict[str, int] = {}  # table.column -> entries left out, values of another type

    @property
    def expected_count(self) -> int | None:
        """The number of records that the API must still count in the interval."""
        return None if self.counted is None else self.counted - self.deleted


class ExtractOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The options that decide what a table holds; a later run must use the same."""

    where: str = ""
    with_parts: bool = False
    complete: bool = False


class Tombstone(msgspec.Struct, frozen=True):
    """Ids of deleted records, to remove from whatever was read before this commit."""

    sequence: int
    ids: list[str]


class VerifiedInterval(msgspec.Struct, frozen=True):
    """An interval that was read as a whole, and the number of records the API must count in it.

    That is the count when it was read, less the records deleted since.
    """

    interval: Interval = msgspec.field(name="span")
    counted: int | None


class EntityState(msgspec.Struct, kw_only=True):
    """Progress of the extraction of an entity."""

    options: ExtractOptions = ExtractOptions()
    started_at: float | None = None  # of the run, or the runs, that have not finished
    # Becomes the watermark when these finish.
    next_watermark: float | None = msgspec.field(name="mark", default=None)
    watermark: float | None = None  # changes up to here are in the tables
    newest_deletion: float | None = msgspec.field(name="listed", default=None)
    covered: list[Interval] = []  # read by earlier runs, kept up to date by this one
    slices: dict[str, Slice] = {}
    verified: list[VerifiedInterval] = msgspec.field(name="roots", default_factory=list)
    # Until they are merged.
    tombstones: list[Tombstone] = msgspec.field(name="removed", default_factory=list)
    files: list[TableFile] = []
    finished_at: float | None = None
    problems: dict[str, str] = {}  # id -> why the record could not be fetched, in any run
    since: int | None = None  # of the last run, unix seconds
    until: int | None = None
    sequence: int = 0

    def all_problems(self) -> dict[str, str]:
        """Return the ids of records that could not be fetched, with the reason."""
        found = dict(self.problems)
        for one in self.slices.values():
            found |= one.problems
        return found

    def all_files(self) -> Iterator[TableFile]:
        """Yield the files of the tables and of the pending slices."""
        yield from self.files
        for one in self.slices.values():
            yield from one.files


class DatasetMarker(msgspec.Struct, kw_only=True):
    """Identifies a folder as a dataset of this package."""

    format: str
    version: int
    workspace: str = ""
    time_zone: str | None = None


class Commit(msgspec.Struct, kw_only=True):
    """One entry of the write-ahead log: staged files and their targets, files to delete, new state.

    ``moves`` are pairs of a staged path and its target.
    """

    sequence: int
    moves: list[tuple[str, str]] = []
    removes: list[str] = []
    new_slice: Slice | None = msgspec.field(name="put", default=None)
    state: EntityState | None = None

    def __post_init__(self) -> None:
        _check_paths([*(path for move in self.moves for path in move), *self.removes])

    def applied_to(self, state: EntityState) -> EntityState:
        """Return the state after this commit; ``state`` itself does not change."""
        state = self.state or msgspec.structs.replace(state)
        state.sequence = self.sequence
        if self.new_slice is not None:
            state.slices = {**state.slices, self.new_slice.interval.key: self.new_slice}
        return state


def _check_paths(paths: Iterable[str]) -> None:
    for path in paths:
        if not _DATA_FILE.fullmatch(path):
            raise ValueError(f"{path!r} is not a valid path of a data file in the folder")
