"""The folder of a dataset: who may write, what belongs to it, and commits that are all or nothing.

A commit is one small file in the journal, written beside and renamed into place. It names the data
files that were staged before, where they belong, and what they replace; whatever was left undone
when a process was killed is done by the next one that opens the folder to write.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any, TypeVar

import msgspec

from ..errors import DatasetError
from ..extract.intervals import Interval

FORMAT = "intercom_nb dataset"
VERSION = 1
_OWN = "_intercom_nb"
_T = TypeVar("_T")
# Where data files are: tables/month=2026-01/000007-1.parquet. No root, no drive, no step up.
_PLACE = re.compile(r"(?:[\w=-]+/)*[\w-]+\.(?:parquet|arrow)")


class BusyError(DatasetError):
    """Somebody else writes to the folder; perhaps a run that was ended and is about to stop."""


class File(msgspec.Struct, frozen=True):
    """One Parquet file: where it is in the folder, and how many rows it has."""

    table: str
    path: str
    rows: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w+", self.table):
            raise ValueError(f"{self.table!r} is no name of a table")
        _check_places([self.path])


class Slice(msgspec.Struct, kw_only=True):
    """What was read of one span: what the API counted, what arrived, what was kept.

    ``deleted`` of them were taken out since. A slice that ``waits`` is to be merged into the
    tables, with its ``files``, or without any: then there is nothing in its span any more.
    """

    span: Interval
    counted: int | None
    arrived: int
    kept: int
    gone: int = 0
    deleted: int = 0
    cut_parts: int = 0
    requests: int = 0
    attempts: int = 1
    read_at: float
    state: str
    sequence: int = 0
    waits: bool = False
    files: list[File] = []

    @property
    def left(self) -> int | None:
        """How many records the API must still count in the span."""
        return None if self.counted is None else self.counted - self.deleted


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a table was asked for; a later run must ask for the same."""

    where: str = ""
    with_parts: bool = False
    complete: bool = False


class Removed(msgspec.Struct, frozen=True):
    """Records to take out of what was read before this commit."""

    sequence: int
    ids: list[str]


class VerifiedInterval(msgspec.Struct, frozen=True):
    """A span that was read as a whole, in slices, and how many records the API has to count in it.

    That is what it counted, less those that were taken out since.
    """

    span: Interval
    counted: int | None


class EntityState(msgspec.Struct, kw_only=True):
    """How far an entity is."""

    options: Options = Options()
    started_at: float | None = None  # of the run, or the runs, that are not finished
    mark: float | None = None  # what is the watermark when these are finished
    watermark: float | None = None  # changes up to here are in the tables
    listed: float | None = None  # the newest deletion that was known then
    covered: list[Interval] = []  # what earlier runs read, and this one keeps up to date
    slices: dict[str, Slice] = {}
    roots: list[VerifiedInterval] = []
    removed: list[Removed] = []  # until they are merged
    files: list[File] = []
    finished_at: float | None = None
    sequence: int = 0


class Marker(msgspec.Struct, kw_only=True):
    """What says that a folder is one of ours."""

    format: str
    version: int
    workspace: str = ""


class Commit(msgspec.Struct, kw_only=True):
    """One commit: staged files and where they go, files that end, and the state afterwards."""

    sequence: int
    moves: list[tuple[str, str]] = []
    removes: list[str] = []
    put: Slice | None = None
    state: EntityState | None = None

    def __post_init__(self) -> None:
        _check_places([*(place for move in self.moves for place in move), *self.removes])


class Folder:
    """A dataset's folder, opened to read, or by one writer at a time to write."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._own = self.path / _OWN

    def exists(self) -> bool:
        """Tell whether there is a dataset here; raises DatasetError for one that is not ours."""
        for path in (self._own, *self._own.glob("*"), *self._own.glob("*/*")):
            _refuse_link(path)
        marker = self._own / "dataset.json"
        if not marker.exists():
            if self.path.is_file() or (self.path.is_dir() and _holds_something(self.path)):
                raise DatasetError(
                    f"{self.path} is no dataset of intercom_nb and not empty, so it is left alone. "
                    "Name a new folder."
                )
            return False
        found = _read(marker, Marker)
        if found.format != FORMAT or found.version > VERSION:
            raise DatasetError(
                f"{self.path} was written by another program or a newer version of intercom_nb "
                f"(format {found.format!r}, version {found.version}; this one knows {VERSION}), so "
                "it is left alone."
            )
        return True

    @contextlib.contextmanager
    def writer(self) -> Iterator[None]:
        """Be the only writer; finish what a killed one left.

        Raises DatasetError when somebody else writes, or when the folder is not ours.
        """
        self.exists()
        self._own.mkdir(parents=True, exist_ok=True)
        with _locked(self._own / "lock", self.path):
            for entity in self.entities():
                self._recover(entity)
            yield

    def belong_to(self, workspace: str) -> None:
        """Note whose data this is, "" where that is not known; the caller is the writer.

        Raises DatasetError when the folder holds another workspace.
        """
        path = self._own / "dataset.json"
        known = _read(path, Marker).workspace if self.exists() else ""
        if workspace and known and known != workspace:
            raise DatasetError(
                f"{self.path} holds the workspace {known}, not {workspace}: "
                "give each workspace a folder of its own."
            )
        # Which one this is could not be asked: then it is still the one that is known.
        _write(path, Marker(format=FORMAT, version=VERSION, workspace=workspace or known))

    def entities(self) -> list[str]:
        """Name the entities that have a state."""
        return sorted(p.name for p in self._own.iterdir() if p.is_dir()) if self.exists() else []

    def state(self, entity: str) -> EntityState:
        """Give an entity's state: the last one written, and the commits after it."""
        home = self._own / entity
        state = EntityState()
        if (home / "state.json").exists():
            state = _read(home / "state.json", EntityState)
        for entry in self._entries(entity):
            if entry.sequence > state.sequence:
                state = _applied(state, entry)
        self._check_inside(f.path for f in _all_files(state))
        return state

    def stage(self, entity: str, name: str) -> Path:
        """Give an empty folder for files that may be committed later."""
        path = self._own / entity / "staged" / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def slice_home(self, entity: str, name: str) -> str:
        """Give the place, in the folder, of a slice's files until they are merged."""
        return f"{_OWN}/{entity}/slices/{name}"

    def commit(self, entity: str, state: EntityState, entry: Commit) -> None:
        """Make a change, all or nothing; ``state`` is brought up to date.

        A changed state without files ends the journal: it says everything that the journal said.
        """
        home = self._own / entity
        (home / "journal").mkdir(parents=True, exist_ok=True)
        _write(home / "journal" / f"{entry.sequence:08}.json", entry)
        self._carry_out(entry)
        changed = _applied(state, entry)
        for name in changed.__struct_fields__:
            setattr(state, name, getattr(changed, name))
        if entry.state is not None:
            _write(home / "state.json", state)
            for path in (home / "journal").iterdir():
                path.unlink()

    def put(self, entity: str, state: EntityState, **changes: Any) -> None:
        """Change a state, as one commit."""
        sequence = state.sequence + 1
        entry = Commit(sequence=sequence, state=msgspec.structs.replace(state, **changes))
        self.commit(entity, state, entry)

    def relative(self, path: Path) -> str:
        """Give a path as commits and files name it."""
        return path.relative_to(self.path).as_posix()

    def _check_inside(self, places: Iterable[str]) -> None:
        """Raise DatasetError when a link makes one of these places lead out of the folder."""
        known = {PurePosixPath(place) for place in places}
        folders = {folder for place in known for folder in place.parents if folder.name}
        for step in known | folders:
            _refuse_link(self.path / step)

    def _carry_out(self, entry: Commit) -> None:
        self._check_inside([*(place for move in entry.moves for place in move), *entry.removes])
        for staged, place in entry.moves:
            if (self.path / staged).exists():
                (self.path / place).parent.mkdir(parents=True, exist_ok=True)
                (self.path / staged).replace(self.path / place)
        for place in entry.removes:
            (self.path / place).unlink(missing_ok=True)

    def _recover(self, entity: str) -> None:
        for entry in self._entries(entity):
            self._carry_out(entry)
        shutil.rmtree(self._own / entity / "staged", ignore_errors=True)
        for path in (self._own / entity).rglob("*.tmp"):
            path.unlink()

    def _entries(self, entity: str) -> list[Commit]:
        journal = self._own / entity / "journal"
        return [_read(path, Commit) for path in sorted(journal.glob("*.json"))]


def _applied(state: EntityState, entry: Commit) -> EntityState:
    state = entry.state or msgspec.structs.replace(state)
    state.sequence = entry.sequence
    if entry.put is not None:
        state.slices = {**state.slices, entry.put.span.key: entry.put}
    return state


def _all_files(state: EntityState) -> Iterator[File]:
    yield from state.files
    for one in state.slices.values():
        yield from one.files


def _check_places(places: Iterable[str]) -> None:
    for place in places:
        if not _PLACE.fullmatch(place):
            raise ValueError(f"{place!r} is no place of a data file in the folder")


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise DatasetError(
            f"{path} is a link, and may lead out of the dataset's folder, so it is left alone. "
            "Put the file or folder itself there."
        )


def _holds_something(path: Path) -> bool:
    # A lock that was taken in a fresh folder is nothing yet.
    return any(p.name != _OWN for p in path.iterdir())


def _read(path: Path, kind: type[_T]) -> _T:
    _refuse_link(path)
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from None


def _write(path: Path, value: msgspec.Struct) -> None:
    """Write a file so that it is there as a whole or not at all, also after a power cut."""
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)  # not written through: it may be a link
    with temporary.open("xb") as file:
        file.write(msgspec.json.encode(value))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@contextlib.contextmanager
def _locked(path: Path, folder: Path) -> Iterator[None]:
    # The operating system ends the lock with the process, however that ends.
    with path.open("a+b") as file:
        if not _try_lock(file):
            raise BusyError(f"Another extraction writes to {folder}: wait for its end.")
        try:
            yield
        finally:
            _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[bytes]) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
