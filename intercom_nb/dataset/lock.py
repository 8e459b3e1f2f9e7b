"""Single-writer lock of a dataset folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import filelock

from ..errors import DatasetError


class BusyError(DatasetError):
    """Another writer holds the folder; perhaps a run that was interrupted and is about to stop."""


@contextlib.contextmanager
def lock_folder(path: Path, folder: Path) -> Iterator[None]:
    """Hold the lock file ``path`` of a folder.

    The operating system releases the lock when the process ends, however it ends. A soft lock (a
    file that merely exists) would outlive a killed process, so it is not used as a fallback.

    Raises BusyError if another process holds the lock, and DatasetError if the file system has no
    locks.
    """
    lock = filelock.FileLock(path, timeout=0, thread_local=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise BusyError(
            f"Another extraction writes to {folder}. Wait until it ends, then run extract() again."
        ) from None
    except (OSError, NotImplementedError) as error:
        raise DatasetError(
            f"{path} cannot be locked ({error}), so two extractions could write to {folder} at "
            "once. Extract to a folder on a local disk, then copy it."
        ) from error
    try:
        yield
    finally:
        lock.release()
