"""Python's collector does not look at the lists of a frame while they are made."""

from __future__ import annotations

import gc
from typing import Any

import msgspec
import pytest

from intercom_nb import catalog
from intercom_nb.frames import Records, frame_of
from intercom_nb.runtime.memory import paused_gc

CONTACT = catalog.record_columns("contact")


@pytest.fixture
def runs() -> Any:
    """What tells of the collector's runs, which it begins after 700 new objects as by default."""
    told: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            told.append(f"generation {info['generation']}")

    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    gc.callbacks.append(note)
    yield told
    gc.callbacks.remove(note)
    gc.set_threshold(*before)


@pytest.mark.slow
@pytest.mark.parametrize("ids", [[], ["7"]])
def test_frame_of_runs_few_collections_when_it_builds_many_lists(
    ids: list[str], runs: list[str]
) -> None:
    tags = {"data": [{"type": "tag", "id": key} for key in ids]}
    records = Records(CONTACT)
    records.add(
        [msgspec.Raw(msgspec.json.encode({"id": "1", "tags": tags, "notes": tags}))] * 20_000
    )
    runs.clear()
    frame = frame_of(records, "contact")
    assert frame["tags"].tolist() == [ids] * 20_000
    assert len(runs) < 10


@pytest.mark.parametrize("on", [True, False])
def test_paused_gc_restores_the_collector_when_the_block_ends_or_raises(on: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        with paused_gc(), paused_gc():
            assert not gc.isenabled()
        assert gc.isenabled() is on
        with pytest.raises(ZeroDivisionError), paused_gc():
            _ = 1 / 0
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()
