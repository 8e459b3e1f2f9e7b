"""Writer of slices: records to staged files beside the event loop, then one commit per slice."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import gc
import shutil
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from ...dataset.compaction.staging import write_staged
from ...dataset.schema import MONTH, first_columns
from ...dataset.state import Commit, Interval, Slice, TableFile
from ...dataset.store import EntityStore
from ...dataset.tables import to_tables
from ...runtime.free_memory import release_free_memory
from ...runtime.memory import paused_gc
from ...runtime.thread_pools import thread_pool

_T = TypeVar("_T")
# It holds some 50 MB for the records of a slice. Two would wait for each other: most of the work
# needs Python's lock.
_WRITE_THREADS = 1
# Slices between two releases of free memory; without any, fragmentation makes the process grow
# with the workspace.
_RELEASE_EVERY = 16


@dataclasses.dataclass
class StagedSlice:
    """The staged files of one attempt to read an interval."""

    interval: Interval
    folder: Path | None = None
    files: list[TableFile] = dataclasses.field(default_factory=list)
    flushes: int = 0
    odd_values: Counter[str] = dataclasses.field(default_factory=Counter)


class SliceWriter:
    """Writes and commits the slices of an entity, on threads of its own.

    The event loop serves the network meanwhile.
    """

    def __init__(self, store: EntityStore, record: str) -> None:
        self.store = store
        self._record = record
        self._write_threads = thread_pool(_WRITE_THREADS, "intercom-nb-write")
        self._commit_thread = thread_pool(1, "intercom-nb-commit")

    async def in_commit_thread(self, work: Callable[..., _T], *args: Any) -> _T:
        """Run a function in the thread that commits."""
        return await _run_in_thread(self._commit_thread, work, *args)

    async def write(self, staged: StagedSlice, raws: list[msgspec.Raw]) -> None:
        """Write records to staged files, one for each table."""
        staged.files += await _run_in_thread(self._write_threads, self._write, staged, raws)

    async def commit(self, staged: StagedSlice, found: Slice) -> None:
        """Commit a slice with its staged files."""
        await self.in_commit_thread(self._commit, staged, found)

    async def discard(self, staged: StagedSlice) -> None:
        """Delete the staged files."""
        if staged.folder is not None:
            await self.in_commit_thread(shutil.rmtree, staged.folder)

    def close(self) -> None:
        """Stop the threads once their current work is done."""
        for threads in (self._write_threads, self._commit_thread):
            threads.shutdown(wait=True, cancel_futures=True)

    @paused_gc()
    def _write(self, staged: StagedSlice, raws: list[msgspec.Raw]) -> list[TableFile]:
        entity = self.store.entity
        if staged.folder is None:
            staged.folder = self.store.stage(staged.interval.key)
        staged.flushes += 1
        files, declared = [], first_columns(entity, self._record)
        # Numbers, not only names of tables: these may differ by case only.
        tables = to_tables(raws, entity, self._record, staged.odd_values)
        for number, (table, rows) in enumerate(tables.items()):
            known = {MONTH, *declared(table)}
            name = f"{table}-{staged.flushes}-{number}"
            path = write_staged(rows, staged.folder, name, known)
            files.append(TableFile(table, self.store.folder.relative(path), len(rows)))
        return files

    def _commit(self, staged: StagedSlice, found: Slice) -> None:
        store = self.store
        found.sequence = store.next_sequence
        found.odd_values = dict(staged.odd_values)
        home = store.slice_path(found.sequence)
        found.files = [
            TableFile(f.table, f"{home}/{Path(f.path).name}", f.rows) for f in staged.files
        ]
        before = store.state.slices.get(found.interval.key)
        store.commit(
            Commit(
                sequence=found.sequence,
                moves=[(s.path, f.path) for s, f in zip(staged.files, found.files, strict=True)],
                removes=[f.path for f in before.files] if before else [],
                new_slice=found,
            )
        )
        if found.sequence % _RELEASE_EVERY == 0:
            gc.collect(1)  # a busy write thread leaves the collector no time of its own
            release_free_memory()


async def _run_in_thread(threads: Executor, work: Callable[..., _T], *args: Any) -> _T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, functools.partial(work, *args))
