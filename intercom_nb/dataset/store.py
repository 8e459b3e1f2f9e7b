"""Folder of a dataset: one writer at a time, a write-ahead log, atomic commits.

A commit is one small file in the journal, written beside and renamed into place. It names the data
files that were staged before, their targets, and the files that they replace. If a process is
killed between these steps, the next writer completes them from the journal.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import msgspec

from ..errors import DatasetError, InvalidParameterError
from .lock import lock_folder
from .state import FORMAT, VERSION, Commit, DatasetMarker, EntityState

_META_FOLDER = "_intercom_nb"
_JOURNAL_FILE = re.compile(r"\d{8}\.json")
# Anything longer than a drive letter, also after pathlib has made one slash of two.
_URL_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_T = TypeVar("_T")


class DatasetFolder:
    """A dataset's folder: read by many, written by one process at a time."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        text: Any = os.fspath(path) if isinstance(path, os.PathLike) else path
        if not isinstance(text, str):
            raise InvalidParameterError(f"A dataset is a folder, such as 'acme/', not {path!r}.")
        if "\0" in text:
            raise InvalidParameterError(f"{text!r} is not a valid path: it has a null character.")
        if _URL_SCHEME.match(text):
            raise InvalidParameterError(
                f"{text!r} is a URL. A dataset is a local folder: use a path such as "
                "'acme/', then copy the folder."
            )
        self.path = Path(path)
        self._meta = self.path / _META_FOLDER

    def exists(self) -> bool:
        """Return whether a dataset is here; raises DatasetError for a folder that is not ours."""
        for path in (self._meta, *self._meta.glob("*"), *self._meta.glob("*/*")):
            if not _is_hidden(path):
                _refuse_link(path)
        marker = self._meta / "dataset.json"
        if not marker.exists():
            if self.path.is_file() or (self.path.is_dir() and _has_content(self.path)):
                raise DatasetError(
                    f"{self.path} is not an intercom_nb dataset and is not empty. Nothing was "
                    "changed. Use a new folder."
                )
            return False
        found = self.marker()
        if found.format != FORMAT or found.version > VERSION:
            raise DatasetError(
                f"{self.path} has format {found.format!r}, version {found.version}; this version "
                f"of intercom_nb reads {FORMAT!r} up to version {VERSION}. Nothing was changed. "
                "Upgrade intercom_nb, or use a new folder."
            )
        return True

    def marker(self) -> DatasetMarker:
        """Read what identifies the dataset and its workspace."""
        return _read(self._meta / "dataset.json", DatasetMarker)

    @contextlib.contextmanager
    def writer(self) -> Iterator[None]:
        """Hold the folder as its only writer; complete what a killed writer left.

        Raises BusyError if another process writes, DatasetError if the folder is not ours.
        """
        self.exists()
        self._meta.mkdir(parents=True, exist_ok=True)
        with lock_folder(self._meta / "lock", self.path):
            for entity in self.entities():
                self._recover(entity)
            yield

    def bind_workspace(self, workspace: str, time_zone: str | None = None) -> None:
        """Record whose data this is ("" and None if unknown); for the writer only.

        Raises DatasetError if the folder holds another workspace.
        """
        marker = DatasetMarker(format=FORMAT, version=VERSION)
        if self.exists():
            marker = self.marker()
        if workspace and marker.workspace and marker.workspace != workspace:
            raise DatasetError(
                f"{self.path} holds the workspace {marker.workspace}, not {workspace}. "
                "Use a separate folder for each workspace."
            )
        # A value that could not be requested this time keeps its last known value.
        marker.workspace = workspace or marker.workspace
        marker.time_zone = time_zone or marker.time_zone
        _write(self._meta / "dataset.json", marker)

    def entities(self) -> list[str]:
        """Return the names of the entities that have a state."""
        if not self.exists():
            return []
        return sorted(p.name for p in self._meta.iterdir() if p.is_dir() and not _is_hidden(p))

    def state(self, entity: str) -> EntityState:
        """Return an entity's state: the last one written, with later commits applied."""
        home = self._meta / entity
        state = EntityState()
        if (home / "state.json").exists():
            state = _read(home / "state.json", EntityState)
        for commit in self._journal(entity):
            if commit.sequence > state.sequence:
                state = commit.applied_to(state)
        self._check_inside(f.path for f in state.all_files())
        return state

    def stage(self, entity: str, name: str) -> Path:
        """Create an empty staging folder for files that a later commit may name."""
        path = self._meta / entity / "staged" / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def commit(self, entity: str, state: EntityState, commit: Commit) -> EntityState:
        """Apply a commit to a state atomically, and return the new state.

        A commit with a whole state makes the journal obsolete, so the journal is emptied.
        """
        home = self._meta / entity
        (home / "journal").mkdir(parents=True, exist_ok=True)
        _write(home / "journal" / f"{commit.sequence:08}.json", commit)
        self._apply(commit)
        changed = commit.applied_to(state)
        if commit.state is not None:
            _write(home / "state.json", changed)
            for path in _journal_files(home):
                path.unlink()
        return changed

    def relative(self, path: Path) -> str:
        """Return a path as commits and files name it."""
        return path.relative_to(self.path).as_posix()

    def _check_inside(self, paths: Iterable[str]) -> None:
        """Raise DatasetError if a link makes one of these paths leave the folder."""
        known = {PurePosixPath(path) for path in paths}
        folders = {folder for path in known for folder in path.parents if folder.name}
        for step in known | folders:
            _refuse_link(self.path / step)

    def _apply(self, commit: Commit) -> None:
        self._check_inside([*(path for move in commit.moves for path in move), *commit.removes])
        for staged, target in commit.moves:
            if (self.path / staged).exists():
                (self.path / target).parent.mkdir(parents=True, exist_ok=True)
                (self.path / staged).replace(self.path / target)
        for path in commit.removes:
            (self.path / path).unlink(missing_ok=True)

    def _recover(self, entity: str) -> None:
        for commit in self._journal(entity):
            self._apply(commit)
        shutil.rmtree(self._meta / entity / "staged", ignore_errors=True)
        for path in (self._meta / entity).rglob("*.tmp"):
            path.unlink()

    def _journal(self, entity: str) -> list[Commit]:
        return [_read(path, Commit) for path in _journal_files(self._meta / entity)]


class EntityStore:
    """The state and files of one entity, for the writer of the folder.

    ``state`` is the current one; only commits change it.
    """

    def __init__(self, folder: DatasetFolder, entity: str) -> None:
        self.folder = folder
        self.entity = entity
        self.state = folder.state(entity)

    @property
    def next_sequence(self) -> int:
        """The number of the next commit."""
        return self.state.sequence + 1

    def commit(self, commit: Commit) -> None:
        """Apply a commit atomically."""
        self.state = self.folder.commit(self.entity, self.state, commit)

    def update(self, **changes: Any) -> None:
        """Change fields of the state, as one commit."""
        state = msgspec.structs.replace(self.state, **changes)
        self.commit(Commit(sequence=self.next_sequence, state=state))

    def stage(self, name: str) -> Path:
        """Create an empty staging folder for files that a later commit may name."""
        return self.folder.stage(self.entity, name)

    def slice_path(self, sequence: int) -> str:
        """Return the relative path of the files of a pending slice."""
        return f"{_META_FOLDER}/{self.entity}/slices/{sequence:08}"


def _journal_files(home: Path) -> list[Path]:
    """Return the files of a journal in order, without those of editors and file managers."""
    journal = (home / "journal").glob("*.json")
    return sorted(path for path in journal if _JOURNAL_FILE.fullmatch(path.name))


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise DatasetError(
            f"{path} is a link and may lead out of the dataset's folder. Nothing was changed. "
            "Replace the link with the file or folder itself."
        )


def _has_content(path: Path) -> bool:
    # A fresh folder that only holds our lock is still empty.
    return any(p.name != _META_FOLDER and not _is_hidden(p) for p in path.iterdir())


def _is_hidden(path: Path) -> bool:
    """Return whether a file manager or editor made it: .DS_Store, ._name, .ipynb_checkpoints."""
    return path.name.startswith(".")


def _read(path: Path, kind: type[_T]) -> _T:
    _refuse_link(path)
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (msgspec.DecodeError, OSError) as error:
        raise DatasetError(
            f"{path} cannot be read ({error}). Restore it from a copy, or extract to a new folder."
        ) from None


def _write(path: Path, value: msgspec.Struct) -> None:
    """Write a file whole or not at all, also across a power failure (write, fsync, rename).

    Raises DatasetError instead of writing what ``_read`` would refuse.
    """
    try:
        encoded = msgspec.json.encode(value)
        msgspec.json.decode(encoded, type=type(value))
    except (msgspec.DecodeError, TypeError, ValueError) as error:
        raise DatasetError(
            f"{path} was not written, because it could not be read again ({error}). The folder is "
            "unchanged. This is a fault of intercom_nb: report it."
        ) from None
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)  # never write through it: it may be a link
    with temporary.open("xb") as file:
        file.write(encoded)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
