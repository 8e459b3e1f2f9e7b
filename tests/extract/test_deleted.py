"""What was deleted goes: by the API's list of that where there is one, and always by the count."""

from __future__ import annotations

import pytest

from intercom_nb.dataset.dataset import Dataset
from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.extract import extraction
from intercom_nb.extract.coverage import SEARCH_LAG
from intercom_nb.extract.slices import reader as slice_reader
from tests.extract.harness import Bench, held, held_parts
from tests.extract.workspace import NOW

pytestmark = pytest.mark.slow

LIST = "/conversations/deleted"


@pytest.fixture
def listing(bench):
    """Make a bench that speaks the first version with a list of what was deleted."""

    def make(**options) -> Bench:
        made = bench(contacts=0, **options)
        made.version = "2.16"
        return made

    return make


class Seen:
    """What a second run asked for, and which of it was read before."""

    def __init__(self, b: Bench) -> None:
        watermark = DatasetFolder(b.folder).state("conversations").watermark
        assert watermark is not None
        self._workspace, self._settled = b.workspace, watermark - SEARCH_LAG - 1
        b.workspace.asked.clear()
        b.workspace.read.clear()

    @property
    def again(self) -> list[int]:
        """The spans that were in the dataset already, by where they begin.

        Those of the last minutes before the newest change are read again by the next run.
        """
        return [at for by, at in self._workspace.read if by == "created_at" and at < self._settled]

    @property
    def lists(self) -> int:
        return self._workspace.asked[LIST]


def delete(b: Bench, *places: int) -> list[str]:
    """Delete conversations by their places in time."""
    records = b.workspace.data["conversations"]
    by_time = sorted(records, key=lambda key: records[key]["created_at"])
    keys = [by_time[place] for place in places]
    for key in keys:
        b.workspace.delete("conversations", key)
    return keys


def assert_equals_a_fresh_extraction(b: Bench, ds: Dataset, **options) -> None:
    """Compare every table, row for row, and the two main ones with what the workspace knows."""
    folder, b.folder = b.folder, b.folder.with_name("fresh")
    fresh = b.extract(**options)
    b.folder = folder
    assert ds.tables == fresh.tables
    for table in ds.tables:
        assert rows(ds, table) == rows(fresh, table)
    if "where" not in options:
        assert held(ds, "conversations") == b.workspace.truth("conversations")
        assert "with_parts" not in options or held_parts(ds) == b.workspace.true_parts()


def rows(ds: Dataset, table: str) -> list[str]:
    """Give the rows of a table without empty columns: one may be left of what was deleted."""
    found = ds.arrow(table).to_pylist()
    return sorted(str(sorted((k, v) for k, v in row.items() if v is not None)) for row in found)


def test_slices_are_not_read_again_when_the_deletion_list_is_available(listing):
    b = listing(conversations=200)
    b.extract(with_parts=True)
    gone = delete(b, 3, 40, 41, 150)
    seen = Seen(b)
    ds = b.extract(with_parts=True)
    assert (seen.lists, seen.again) == (1, [])
    assert b.workspace.asked["/conversations/{id}"] <= 2  # what had changed last
    assert not set(ds.pandas("conversation_tags")["conversation_id"]) & {*gone}
    assert_equals_a_fresh_extraction(b, ds, with_parts=True)
    assert ds.audit["deleted"].sum() == 4
    assert set(ds.audit["state"]) == {"complete"}


def test_slices_are_read_again_when_records_are_missing_and_there_is_no_list(listing):
    b = listing(conversations=200)
    b.version = "2.15"
    b.extract(with_parts=True)
    delete(b, 3, 40, 41, 150)
    seen = Seen(b)
    ds = b.extract(with_parts=True)
    assert seen.lists == 0
    assert len(seen.again) >= 3
    assert_equals_a_fresh_extraction(b, ds, with_parts=True)


def test_deletions_are_applied_when_several_runs_follow_each_other(listing):
    b = listing(conversations=200)
    b.extract()
    for places in ((3, 40), (3, 90), ()):
        delete(b, *places)
        b.workspace.change("update")
        b.workspace.change("create")
        seen = Seen(b)
        ds = b.extract()
        assert seen.again == []
        assert held(ds, "conversations") == b.workspace.truth("conversations")
        b.time += 86_400


@pytest.mark.parametrize("known", [0, 150])
def test_deletions_are_found_by_the_count_when_the_list_misses_them(listing, known):
    b = listing(conversations=200)
    b.extract(with_parts=True)
    b.time += 86_400
    delete(b, 3, 40, known)
    late = b.workspace.deleted.pop(1)
    seen = Seen(b)
    ds = b.extract(with_parts=True)
    assert 0 < len(set(seen.again)) < 3  # one slice, and one that ends where the first begins
    assert_equals_a_fresh_extraction(b, ds, with_parts=True)
    b.workspace.deleted.append(late)  # it comes late
    seen = Seen(b)
    ds = b.extract(with_parts=True)
    assert seen.again == []
    assert_equals_a_fresh_extraction(b, ds, with_parts=True)


def test_records_are_kept_when_the_list_names_them_wrongly(listing):
    b = listing(conversations=200)
    b.extract(with_parts=True)
    records, parts = b.workspace.data["conversations"].copy(), b.workspace.parts.copy()
    wrong = delete(b, 3, 40, 150)[1]
    b.workspace.data["conversations"][wrong] = records[wrong]
    b.workspace.parts[wrong] = parts[wrong]
    b.workspace.change("update")
    b.workspace.latency = 0.5  # so that changes are looked for once more, and deletions too
    seen = Seen(b)
    ds = b.extract(with_parts=True)
    assert seen.lists > 1
    assert len(set(seen.again)) == 1
    assert len(seen.again) <= 4  # its pages, once
    assert wrong in held(ds, "conversations")
    assert_equals_a_fresh_extraction(b, ds, with_parts=True)
    b.time += 86_400
    assert_equals_a_fresh_extraction(b, b.extract(with_parts=True), with_parts=True)


def test_deletion_list_is_read_to_its_first_known_entry_when_it_is_sorted(listing):
    b = listing(conversations=900)
    delete(b, *range(200, 400))  # before there was a dataset, over some hours
    for number, one in enumerate(b.workspace.deleted):
        one["deleted_at"] = NOW - 40_000 + 100 * number
    b.time += 86_400
    b.extract()
    b.time += 86_400
    delete(b, *range(1, 71))
    seen = Seen(b)
    ds = b.extract()
    assert (seen.lists, seen.again) == (2, [])
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_deletion_list_is_read_whole_when_its_order_differs(listing):
    b = listing(conversations=900)
    b.extract()
    b.time += 86_400
    delete(b, *range(1, 201))
    b.workspace.deleted.reverse()
    b.workspace.deleted[5]["deleted_at"] = NOW - 400_000
    seen = Seen(b)
    ds = b.extract()
    assert (seen.lists, seen.again) == (4, [])
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_slices_are_read_again_when_a_deletion_lies_at_their_shared_edge(listing):
    b = listing(conversations=200)
    b.extract()
    # The slice before the first ends there, and is empty; that of the other is not listed.
    delete(b, 0, 150)
    b.workspace.deleted.pop()
    seen = Seen(b)
    ds = b.extract()
    assert len(set(seen.again)) == 2
    assert held(ds, "conversations") == b.workspace.truth("conversations")


@pytest.mark.parametrize("odd", [{"deleted_at": None}, {}, {"id": None}, {"id": 5}])
def test_deletions_are_applied_when_the_list_has_odd_entries(listing, odd):
    b = listing(conversations=100)
    b.extract()
    delete(b, 3, 40)
    if odd:
        b.workspace.deleted.insert(1, {**b.workspace.deleted[0], **odd})
    else:
        b.workspace.deleted.insert(1, {})
    seen = Seen(b)
    ds = b.extract()
    assert seen.again == []
    assert held(ds, "conversations") == b.workspace.truth("conversations")


@pytest.mark.parametrize("status", [400, 403, 404])
def test_slices_are_counted_when_the_list_is_refused(listing, monkeypatch, status):
    b = listing(conversations=100)
    b.extract()
    delete(b, 3, 40)
    answer = b.workspace.answer
    refusal = {"type": "error.list", "errors": [{"code": "intercom_version_invalid"}]}
    monkeypatch.setattr(
        b.workspace,
        "answer",
        lambda m, path, *a: (status, {}, refusal) if path == LIST else answer(m, path, *a),
    )
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_deletions_are_applied_when_they_happen_during_a_run(listing):
    b = listing(conversations=400)
    b.extract(with_parts=True)
    b.transport.requests = 0
    b.transport.before = lambda number: b.workspace.change("delete") if number < 30 else None
    for _ in range(20):
        b.workspace.change("update")
    ds = b.extract(with_parts=True)
    assert len(b.workspace.deleted) > 8
    b.transport.before = lambda number: None
    assert_equals_a_fresh_extraction(b, ds, with_parts=True)


def test_deletions_are_applied_when_they_happen_during_the_first_run(listing):
    b = listing(conversations=400)
    b.transport.before = lambda number: b.workspace.change("delete") if 30 < number < 40 else None
    ds = b.extract()
    b.transport.before = lambda number: None
    assert len(b.workspace.deleted) == 9
    assert_equals_a_fresh_extraction(b, ds)


def test_deletions_are_applied_when_since_and_until_are_given(listing):
    b = listing(conversations=400)
    options = {"since": NOW - 25_000_000, "until": NOW - 5_000_000}
    b.extract(**options)
    inside = held(b.extract(**options), "conversations")
    records = b.workspace.data["conversations"]
    for key in [*list(inside)[2:5], *(k for k in list(records)[:30] if k not in inside)]:
        b.workspace.delete("conversations", key)
    seen = Seen(b)
    ds = b.extract(**options)
    assert seen.again == []
    wanted = {k: v for k, v in b.workspace.truth("conversations").items() if k in inside}
    assert held(ds, "conversations") == wanted
    assert len(wanted) == len(inside) - 3


def test_deletions_are_applied_when_a_filter_is_given(listing):
    b = listing(conversations=300)
    options = {"where": {"state": "open"}, "with_parts": True}
    b.extract(**options)
    records = b.workspace.data["conversations"]
    states = {r["state"] for r in records.values()}
    for state in sorted(states):
        for key in [k for k, r in records.items() if r["state"] == state][:5]:
            b.workspace.delete("conversations", key)
    for _ in range(10):
        b.workspace.change("update")
    ds = b.extract(**options)
    wanted = {k for k, r in records.items() if r["state"] == "open"}
    assert set(ds.pandas("conversations")["id"]) == wanted
    assert_equals_a_fresh_extraction(b, ds, **options)


@pytest.mark.parametrize("entity", ["contacts"])
def test_deletions_are_found_by_counting_when_an_entity_has_no_list(bench, entity):
    b = bench(contacts=100, conversations=0)
    b.version = "2.16"
    b.extract(entity)
    b.workspace.change("delete")
    ds = b.extract(entity)
    assert b.workspace.asked[LIST] == 0
    assert held(ds, entity) == b.workspace.truth(entity)


def test_deletions_are_applied_when_a_second_is_split_by_ids(listing, monkeypatch):
    monkeypatch.setattr(extraction, "_MAX_SLICE", 60)
    monkeypatch.setattr(slice_reader, "_MAX_SUBRANGES", 1)
    b = listing(conversations=0, per_page=50)
    for _ in range(400):
        b.workspace._create("conversations", NOW - 5_000)
    ds = b.extract()
    assert set(ds.audit["suffix"]) > {"0", "9"}
    for key in list(b.workspace.data["conversations"])[7:90:11]:
        b.workspace.delete("conversations", key)
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")
