"""Nothing is lost: not by faults, not by changes on the way, not by being killed anywhere."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.errors import AuthenticationError, DatasetError
from tests.extract.harness import held, held_parts
from tests.extract.workspace import NOW

pytestmark = pytest.mark.slow


class Killed(BaseException):
    """What a kill is to the code: nothing after it is done."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dataset_equals_the_server_when_a_fifth_of_requests_fails(bench, seed):
    b = bench(seed=seed, conversations=600, per_page=50, faults=0.2)
    ds = b.extract()
    print(f"survived {sum(b.workspace.struck.values())} faults: {dict(b.workspace.struck)}")
    assert sum(b.workspace.struck.values()) > 3
    assert held(ds, "conversations") == b.workspace.truth("conversations")


@pytest.mark.parametrize("question", ["newest", "oldest", "count"])
def test_dataset_equals_the_server_when_a_search_fails_twelve_times(bench, question):
    b = bench(conversations=60, contacts=0)
    answer, failed = b.workspace.answer, []

    def broken(method: str, path: str, query: str, body: bytes) -> object:
        if path.endswith("/search") and question_of(json.loads(body)) == question:
            failed.append(path)
            if len(failed) <= 12:
                return 502, {}, None
        return answer(method, path, query, body)

    b.workspace.answer = broken
    ds = b.extract()
    assert len(failed) > 12
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def question_of(asked: dict[str, Any]) -> str:
    """Tell what a search is to find out."""
    if asked["pagination"]["per_page"] > 1:
        return "records"
    if asked["sort"]["order"] == "descending":
        return "newest"
    [end] = [f["value"] for f in asked["query"]["value"] if f["operator"] == "<"]
    return "oldest" if end > 2 * NOW else "count"


def test_dataset_with_parts_equals_the_server_when_a_fifth_of_requests_fails(bench):
    b = bench(seed=5, conversations=150, faults=0.2)
    ds = b.extract(with_parts=True)
    assert len(b.workspace.struck) > 6
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()


@pytest.mark.parametrize("entity", ["conversations", "contacts"])
@pytest.mark.parametrize("seed", [1, 2])
def test_records_have_their_newest_values_when_they_change_during_a_run(bench, entity, seed):
    b = bench(seed=seed, conversations=500, contacts=500, changes=0.5)
    b.extract(entity)
    b.workspace.changes = 0.0
    ds = b.extract(entity)
    assert held(ds, entity) == b.workspace.truth(entity)


@pytest.mark.parametrize("latency", [0.01, 0.4])
def test_parts_have_their_newest_values_when_they_change_during_a_run(bench, latency):
    b = bench(conversations=150, contacts=0, changes=0.5, latency=latency)
    b.extract(with_parts=True)
    b.workspace.changes = 0.0
    ds = b.extract(with_parts=True)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()


def test_records_are_fetched_once_when_their_second_has_passed(bench):
    b = bench(conversations=60, contacts=0, latency=0.4)
    answer, fetched = b.workspace.answer, Counter[str]()

    def counted(method: str, path: str, query: str, body: bytes) -> object:
        fetched[path] += 1
        return answer(method, path, query, body)

    b.workspace.answer = counted
    b.extract(with_parts=True)
    assert {fetched[f"/conversations/{key}"] for key in b.workspace.data["conversations"]} == {1}


def test_dataset_equals_the_server_when_records_change_during_the_first_run(bench):
    b = bench(seed=8, conversations=500)
    changed = []

    def before(number: int) -> None:
        if number in range(8, 18):
            b.workspace.change("update" if number % 2 else "delete")
            changed.append(number)

    b.transport.before = before
    ds = b.extract()
    assert len(changed) == 10
    assert held(ds, "conversations") == b.workspace.truth("conversations")


@pytest.mark.parametrize("at", [3, 6, 9, 12, 15, 18])
def test_extract_completes_when_the_first_run_was_killed_between_requests(bench, at):
    b = bench(conversations=500, faults=0.05)
    undisturbed = b.workspace.truth("conversations")

    def kill(number: int) -> None:
        if number == at:
            raise Killed

    b.transport.before = kill
    with pytest.raises(Killed):
        b.extract()
    ds = b.extract()
    assert held(ds, "conversations") == undisturbed


def steps_of_a_run(monkeypatch, dies_at: int | None) -> list[str]:
    """Count what a run does to the file system; with a number, die before that step."""
    steps: list[str] = []

    def watched(name, real):
        def step(*args, **kwargs):
            steps.append(name)
            if len(steps) == dies_at:
                raise Killed
            if dies_at is not None and len(steps) > dies_at:
                raise Killed  # a dead process does nothing more, whatever its code says
            return real(*args, **kwargs)

        return step

    monkeypatch.setattr(Path, "replace", watched("replace", Path.replace))
    monkeypatch.setattr(Path, "unlink", watched("unlink", Path.unlink))
    monkeypatch.setattr(os, "fsync", watched("fsync", os.fsync))
    monkeypatch.setattr(pa.ipc, "new_file", watched("write", pa.ipc.new_file))
    monkeypatch.setattr(pq.ParquetWriter, "close", watched("close", pq.ParquetWriter.close))
    return steps


def test_extract_completes_when_the_first_run_was_killed_at_any_step(bench, tmp_path):
    b = bench(conversations=40, contacts=0)
    with pytest.MonkeyPatch.context() as patch:
        steps = steps_of_a_run(patch, None)
        b.folder = tmp_path / "whole"
        b.extract()
        total = len(steps)
    # Each step is where a process may die; a sample of them, and all of the end.
    places = sorted({*random.Random(4).sample(range(1, total), 4), total - 1})
    survived = 0
    for place in places:
        b.folder = tmp_path / f"died-at-{place}"
        with pytest.MonkeyPatch.context() as patch:
            steps_of_a_run(patch, place)
            with pytest.raises(Killed):
                b.extract()
        ds = b.extract()
        assert held(ds, "conversations") == b.workspace.truth("conversations")
        strays = {p for end in ("parquet", "arrow") for p in b.folder.rglob(f"*.{end}")} - {
            b.folder / f.path for files in ds._files().values() for f in files
        }
        assert not strays
        survived += 1
    print(f"survived {survived} kills among {total} steps on the disk")


def test_extract_completes_when_the_merge_was_killed(bench, tmp_path):
    for place in (5, 14, 27):
        b = bench(conversations=40, contacts=0)
        b.folder = tmp_path / f"died-at-{place}"
        b.extract(with_parts=True)
        for _ in range(10):
            b.workspace.change()
        with pytest.MonkeyPatch.context() as patch:
            steps_of_a_run(patch, place)
            with pytest.raises(Killed):
                b.extract(with_parts=True)
        ds = b.extract(with_parts=True)
        assert held(ds, "conversations") == b.workspace.truth("conversations")
        assert held_parts(ds) == b.workspace.true_parts()


def test_run_ends_at_once_when_the_token_is_refused(bench, monkeypatch):
    b = bench(conversations=50)
    monkeypatch.setattr(
        b.workspace, "answer", lambda *a: (401, {}, {"errors": [{"code": "unauthorized"}]})
    )
    with pytest.raises(AuthenticationError):
        b.extract()
    assert b.transport.requests < 5


def test_extract_is_refused_when_another_writer_holds_the_folder(bench):
    b = bench(conversations=100)
    with DatasetFolder(b.folder).writer(), pytest.raises(DatasetError, match="Another extraction"):
        b.extract()
    assert held(b.extract(), "conversations") == b.workspace.truth("conversations")


def test_folder_is_not_changed_when_it_is_not_a_dataset(bench):
    b = bench(conversations=10)
    b.folder.mkdir()
    (b.folder / "thesis.txt").write_text("mine")
    with pytest.raises(DatasetError, match="not an intercom_nb dataset"):
        b.extract()
    assert [p.name for p in b.folder.iterdir()] == ["thesis.txt"]
    assert b.transport.requests == 0


def test_folder_is_not_changed_when_its_version_is_newer(bench):
    b = bench(conversations=10)
    b.extract()
    marker = b.folder / "_intercom_nb" / "dataset.json"
    marker.write_text(marker.read_text().replace('"version":1', '"version":2'))
    before = {p: p.read_bytes() for p in b.folder.rglob("*") if p.is_file()}
    with pytest.raises(DatasetError, match="version 2"):
        b.extract()
    assert {p: p.read_bytes() for p in b.folder.rglob("*") if p.is_file()} == before


def test_extract_is_refused_when_the_folder_has_another_workspace(bench):
    b = bench(conversations=10)
    b.extract()
    b.workspace.name = "w2"
    with pytest.raises(DatasetError, match="w1, not w2"):
        b.extract()
