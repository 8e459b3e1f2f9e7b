"""A run that was killed while it took out what was deleted is ended by the next one."""

from __future__ import annotations

import pytest

from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.extract import extraction
from tests.extract.harness import held, held_parts
from tests.extract.test_faults import Killed, steps_of_a_run

pytestmark = pytest.mark.slow


@pytest.fixture
def prepared(bench, tmp_path):
    """Make a bench with a dataset in a folder of that name, and what was deleted since."""

    def make(name: str):
        b = bench(conversations=40, contacts=0)
        b.version, b.folder = "2.16", tmp_path / name
        b.extract(with_parts=True)
        for _ in range(4):
            b.workspace.change("delete")
        b.workspace.change("update")
        b.workspace.asked.clear()
        return b

    return make


def assert_equals_the_truth(b) -> None:
    ds = b.extract(with_parts=True)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()
    state = DatasetFolder(b.folder).state("conversations")
    assert state.tombstones == []
    kept = [s.kept - s.deleted for s in state.slices.values() if s.interval.field == "created_at"]
    assert sum(kept) == len(b.workspace.truth("conversations"))
    strays = {p for end in ("parquet", "arrow") for p in b.folder.rglob(f"*.{end}")}
    assert strays == {b.folder / f.path for f in state.files}


def test_dataset_equals_the_server_when_a_run_with_deletions_was_killed_at_any_step(prepared):
    with pytest.MonkeyPatch.context() as patch:
        b = prepared("whole")
        steps = steps_of_a_run(patch, None)
        b.extract(with_parts=True)
        total = len(steps)
    for place in range(1, total, 3):
        b = prepared(f"died-at-{place}")
        with pytest.MonkeyPatch.context() as patch:
            steps_of_a_run(patch, place)
            with pytest.raises(Killed):
                b.extract(with_parts=True)
        b.workspace.change("delete")
        assert_equals_the_truth(b)
    print(f"survived {total // 3} kills among {total} steps on the disk")


def test_dataset_equals_the_server_when_a_run_was_killed_before_the_merge(prepared, monkeypatch):
    b = prepared("one")

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(extraction, "compact", kill)
        with pytest.raises(Killed):
            b.extract(with_parts=True)
    removed = DatasetFolder(b.folder).state("conversations").tombstones
    assert [len(one.ids) for one in removed] == [4]
    for _ in range(2):
        b.workspace.change("delete")
    assert_equals_the_truth(b)
