"""The merge: what it does with threads, and what is left when something goes wrong in it."""

from __future__ import annotations

import asyncio
import shutil
import threading
from pathlib import Path

import pytest

import intercom_nb as inb
from intercom_nb.dataset.compaction import month_writer, write_queue
from intercom_nb.dataset.compaction.parquet_file import ParquetPart
from intercom_nb.dataset.compaction.staging import TableFiles
from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.errors import DatasetError
from intercom_nb.extract.slices import writer as slice_writer
from intercom_nb.extract.slices.writer import SliceWriter
from tests.extract.harness import held, held_parts, inline
from tests.extract.test_faults import Killed

pytestmark = pytest.mark.slow


def files_of(folder: Path) -> dict[str, bytes]:
    """Give what a folder holds, without what is staged: that is nobody's yet."""
    return {
        str(path): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "staged" not in path.parts
    }


def merging_threads() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("intercom-nb-merge")]


@pytest.mark.parametrize("buffer", [2_000, 60_000])
@pytest.mark.parametrize("threads", [1, 3])
def test_merge_is_exact_when_buffers_and_threads_vary(bench, monkeypatch, threads, buffer):
    monkeypatch.setattr(month_writer, "_BUFFER_BYTES", buffer)
    monkeypatch.setattr(write_queue, "_MAX_THREADS", threads)
    b = bench(conversations=150, contacts=0)
    b.version = "2.16"
    for _ in range(3):
        ds = b.extract(with_parts=True)
        assert held(ds, "conversations") == b.workspace.truth("conversations")
        assert held_parts(ds) == b.workspace.true_parts()
        for what in ["update", "delete", "create"] * 5:
            b.workspace.change(what)
        b.time += 86_400
    files = DatasetFolder(b.folder).state("conversations").files
    assert {b.folder / f.path for f in files} == set(b.folder.rglob("*.parquet"))
    assert merging_threads() == []


@pytest.mark.parametrize("with_parts", [False, True])
def test_extract_has_merged_when_a_first_run_is_killed_in_its_search_for_changes(
    bench, monkeypatch, with_parts
):
    monkeypatch.setattr(slice_writer, "_run_in_thread", inline)
    b = bench(conversations=90, contacts=0)
    b.extract(with_parts=with_parts)
    last, merged = b.transport.requests, 0
    for die_at in range(last - 5, last + 1):

        def kill(number: int, die_at: int = die_at) -> None:
            if number == die_at:
                raise Killed

        b.transport.requests, b.transport.before = 0, kill
        shutil.rmtree(b.folder)
        with pytest.raises(Killed):
            b.extract(with_parts=with_parts)
        merged += bool(DatasetFolder(b.folder).state("conversations").files)
        for what in ("update", "delete", "create"):
            b.workspace.change(what)
        ds = b.extract(with_parts=with_parts)
        assert held(ds, "conversations") == b.workspace.truth("conversations")
        assert not with_parts or held_parts(ds) == b.workspace.true_parts()
    assert 2 <= merged < 6


def test_merge_reads_no_file_of_a_table_when_nothing_changed_in_a_first_run(bench, monkeypatch):
    b = bench(conversations=150, contacts=0)
    schema = TableFiles.schema

    def opened(self, file):
        assert not file.path.endswith(".parquet")
        return schema(self, file)

    monkeypatch.setattr(TableFiles, "schema", opened)
    ds = b.extract(with_parts=True)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("conversations", OSError("no space left")),
        ("conversation_tags", KeyboardInterrupt()),
        ("conversations", KeyboardInterrupt()),
        ("conversation_tags", OSError("no space left")),
    ],
)
def test_merge_changes_nothing_when_one_file_cannot_be_written(bench, monkeypatch, table, error):
    b = bench(conversations=150, contacts=0)
    b.extract()
    for what in ["update", "delete", "create"] * 5:
        b.workspace.change(what)
    b.time += 86_400
    write, before, begun = ParquetPart.write, {}, set()

    def broken(self, rows, last):
        if not before:
            before.update(files_of(b.folder))
        if self.path.name.startswith(f"{table}-"):
            begun.add(self.path.name)
            if len(begun) == 2:
                raise error
        write(self, rows, last)

    with monkeypatch.context() as patch:
        patch.setattr(ParquetPart, "write", broken)
        # A disk's error leaves as ours, with the cause.
        expected = DatasetError if isinstance(error, OSError) else type(error)
        with pytest.raises(expected) as caught:
            b.extract()
    assert error in (caught.value, caught.value.__cause__)
    assert files_of(b.folder) == before
    assert merging_threads() == []
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_merge_waits_for_running_writes_when_reading_fails(bench, monkeypatch):
    b = bench(conversations=150, contacts=0)
    writing, failed = threading.Event(), threading.Event()
    write, conformed = ParquetPart.write, month_writer.conformed

    def slow(self, rows, last):
        writing.set()
        assert failed.wait(10)
        write(self, rows, last)

    def broken(table, schema):
        if "title" in schema.names:  # the last of the tables
            assert writing.wait(10)
            failed.set()
            raise MemoryError
        return conformed(table, schema)

    with monkeypatch.context() as patch:
        patch.setattr(ParquetPart, "write", slow)
        patch.setattr(month_writer, "conformed", broken)
        patch.setattr(month_writer, "_BUFFER_BYTES", 10_000_000)
        with pytest.raises(MemoryError):
            b.extract()
    assert merging_threads() == []
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_merge_ends_when_its_run_was_cancelled(tmp_path, monkeypatch):
    merging, closing = threading.Event(), threading.Event()
    add, close = month_writer.TableWriter.add, SliceWriter.close
    added: list[int] = []

    def slow(self, rows, month):
        added.append(len(rows))
        merging.set()
        assert closing.wait(60)
        add(self, rows, month)

    def closed(self):
        closing.set()
        close(self)

    c = inb.connect("demo")

    async def cancelled() -> None:
        job = asyncio.ensure_future(c.extract("conversations", tmp_path / "ds", progress=False))
        assert await asyncio.to_thread(merging.wait, 60)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job

    with monkeypatch.context() as patch:
        patch.setattr(month_writer.TableWriter, "add", slow)
        patch.setattr(SliceWriter, "close", closed)
        asyncio.run(cancelled())
        # The next one waits until the folder is free.
        ds = c.sync.extract("teams", tmp_path / "ds", progress=False)
    assert len(added) == 2  # the teams' own is the second
    assert ds.tables == ["teams"]
    ds = c.sync.extract("conversations", tmp_path / "ds", progress=False)
    assert set(ds.audit["state"][ds.audit["entity"] == "conversations"]) == {"complete"}
