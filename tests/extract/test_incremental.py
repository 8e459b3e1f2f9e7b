"""Later runs: with other times and filters, by other clocks, and after what went wrong before."""

from __future__ import annotations

import contextlib
import random

import pyarrow as pa
import pytest

import intercom_nb as inb
from intercom_nb.dataset.store import DatasetFolder
from intercom_nb.extract import extraction
from intercom_nb.extract.slices import reader as slice_reader
from tests.extract.harness import held, held_parts
from tests.extract.test_faults import Killed
from tests.extract.workspace import NOW

pytestmark = pytest.mark.slow

DAY = 86_400


def update(b, *keys: str, entity: str = "conversations", **changes) -> None:
    """Change records, as of now."""
    records = b.workspace.data[entity]
    for key in keys:
        records[key] = records[key] | {"updated_at": int(b.time)} | changes


def by_time(b, entity: str = "conversations") -> list[str]:
    records = b.workspace.data[entity]
    return sorted(records, key=lambda key: records[key]["created_at"])


@pytest.mark.parametrize("entity", ["conversations", "contacts"])
@pytest.mark.parametrize("hours", [-30, -3, 3, 30])
def test_runs_are_complete_when_our_clock_is_wrong_by_hours(bench, entity, hours):
    b = bench(conversations=60, contacts=60)
    b.extract(entity)
    for number in range(3):
        b.skew = hours * 3600 if number else 0
        b.time += 7_000
        b.workspace.clock = lambda: b.time
        oldest, *_, newest = by_time(b, entity)
        update(b, oldest, newest, entity=entity, custom_attributes={"plan": f"new {number}"})
        b.workspace._create(entity, int(b.time) - 5)
        b.workspace.delete(entity, by_time(b, entity)[number + 2])
        ds = b.extract(entity)
        assert held(ds, entity) == b.workspace.truth(entity)


@pytest.mark.parametrize("where", [None, {"state": "open"}])
@pytest.mark.parametrize(
    "between",
    [{"since": NOW - 90 * DAY}, {"until": NOW - 400 * DAY}, {"since": NOW, "until": NOW + 9}],
)
def test_changes_are_kept_when_a_narrower_run_comes_between(bench, between, where):
    b = bench(conversations=100, contacts=0)
    options = {"where": where} if where else {}
    b.extract(**options)
    for narrower in (between, {}):
        b.time += DAY
        keys = by_time(b)
        update(b, keys[5], keys[50], keys[-5], custom_attributes={"plan": f"of {b.time}"})
        update(b, keys[7], keys[52], keys[-7], state="snoozed")
        b.workspace.delete("conversations", keys[20])
        ds = b.extract(**options, **narrower)
        truth = b.workspace.truth("conversations")
        if where:
            records = b.workspace.data["conversations"]
            truth = {k: v for k, v in truth.items() if records[k]["state"] == "open"}
        assert held(ds, "conversations") == truth


def test_extract_updates_both_ranges_when_a_gap_lies_between_them(bench):
    b = bench(conversations=200, contacts=0)
    first = {"since": NOW - 900 * DAY, "until": NOW - 700 * DAY}
    b.extract(**first)
    b.time += DAY
    update(b, *by_time(b)[::7], custom_attributes={"plan": "new"})
    ds = b.extract(since=NOW - 100 * DAY)
    truth = b.workspace.truth("conversations")
    wanted = {
        k: v
        for k, v in truth.items()
        if first["since"] <= v[0] < first["until"] or v[0] >= NOW - 100 * DAY
    }
    assert 20 < len(wanted) < 180
    assert held(ds, "conversations") == wanted


def test_extract_reads_a_slice_again_when_its_count_differed(bench, monkeypatch):
    b = bench(conversations=100, contacts=0)
    hidden = by_time(b)[40]
    answer = b.workspace.answer

    def without_one(method, path, query, body):
        status, headers, said = answer(method, path, query, body)
        if "conversations" in said:  # counted, and not shown
            said["conversations"] = [r for r in said["conversations"] if r["id"] != hidden]
        return status, headers, said

    with monkeypatch.context() as patch:
        patch.setattr(b.workspace, "answer", without_one)
        ds = b.extract()
        assert list(ds.audit["state"]).count("differs") == 1
    b.time += DAY
    ds = b.extract()
    assert set(ds.audit["state"]) == {"complete"}
    assert held(ds, "conversations") == b.workspace.truth("conversations")


@pytest.mark.parametrize("skew", [0, 7_200])
@pytest.mark.parametrize("entity", ["conversations", "contacts"])
def test_deletion_is_found_when_another_record_was_found_late(bench, entity, skew):
    b = bench(conversations=100, contacts=100)
    b.skew = skew
    b.workspace.clock = lambda: b.time
    late = b.workspace._create(entity, int(b.time) - 20)
    record = b.workspace.data[entity].pop(late)
    b.extract(entity)
    b.workspace.data[entity][late] = record
    b.time += 300
    b.workspace.delete(entity, by_time(b, entity)[30])
    ds = b.extract(entity)
    assert held(ds, entity) == b.workspace.truth(entity)


@pytest.mark.parametrize("entity", ["conversations", "contacts"])
def test_requests_of_a_run_stay_few_when_many_runs_came_before(bench, entity):
    b = bench(conversations=100, contacts=100)
    b.extract(entity)
    requests = []
    for _ in range(40):
        b.workspace.clock = lambda: b.time
        b.workspace._create(entity, int(b.time) - 5)
        b.time += 3_000
        before = b.transport.requests
        ds = b.extract(entity)
        requests.append(b.transport.requests - before)
    print(requests)
    assert max(requests[-10:]) < 40
    assert held(ds, entity) == b.workspace.truth(entity)


def test_column_keeps_its_type_when_a_page_has_no_values(bench):
    b = bench(conversations=50, contacts=0)
    values = {"count": 7, "share": 0.5, "flag": True, "list": ["x"]}
    for key in by_time(b):
        attributes = {**values, "plan": "free", "nothing": None}
        b.workspace.data["conversations"][key]["custom_attributes"] = attributes
        b.workspace.data["conversations"][key]["odd"] = True
    b.extract()
    b.time += DAY
    nothing = {"plan": "pro", **dict.fromkeys([*values, "nothing"])}
    update(b, by_time(b)[3], custom_attributes=nothing, odd=None)
    ds = b.extract()
    types = {f.name: f.type for f in ds.arrow("conversations").schema}
    kinds = {name: types[f"custom_attributes.{name}"] for name in (*values, "nothing")}
    assert kinds == {
        "count": pa.int64(),
        "share": pa.float64(),
        "flag": pa.bool_(),
        "list": pa.list_(pa.string()),
        "nothing": pa.string(),
    }
    assert types["odd"] == pa.bool_()
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_extract_sends_few_requests_when_earlier_runs_were_interrupted(bench, monkeypatch):
    monkeypatch.setattr(slice_reader, "_MAX_SUBRANGES", 1)  # slices of a few requests
    b = bench(conversations=300, contacts=0)
    rng = random.Random(3)
    for number in range(12):
        die_at = b.transport.requests + rng.randrange(4, 14)

        def kill(number: int, die_at: int = die_at) -> None:
            if number == die_at:
                raise Killed

        b.transport.before = kill
        with contextlib.suppress(Killed):
            b.extract()
        b.time += 3_000
    b.transport.before = lambda number: None
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    before = b.transport.requests
    b.extract()
    assert b.transport.requests - before < 20


def test_extract_reads_a_full_second_only_once_when_nothing_changed(bench, monkeypatch):
    monkeypatch.setattr(extraction, "_MAX_SLICE", 60)
    monkeypatch.setattr(slice_reader, "_MAX_SUBRANGES", 1)
    b = bench(conversations=30, contacts=0, per_page=50)
    full = NOW - 5_000
    for _ in range(400):
        b.workspace._create("conversations", full)
    b.workspace._create("conversations", NOW)
    b.extract()
    keys = [k for k, r in b.workspace.data["conversations"].items() if r["created_at"] == full]
    for gone in ((), keys[3:4], ()):
        b.time += DAY
        b.workspace.read.clear()
        for key in gone:
            b.workspace.delete("conversations", key)
        ds = b.extract()
        asked = [at for by, at in b.workspace.read if (by, at) == ("created_at", full)]
        assert len(asked) <= 3 * len(gone)  # the pages of one of 16 slices
        assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_dataset_has_no_gap_when_a_hosted_run_comes_between(tmp_path):
    direct, hosted = inb.connect("demo"), inb.connect("demo", mode="hosted")
    options = {"to": tmp_path / "ds", "progress": False}
    first = direct.sync.extract("conversations", since="2026-10-20", **options)
    wanted = set(first.pandas("conversations", ["id"])["id"])
    some = hosted.sync.extract("conversations", since="2026-10-30", **options)
    assert set(some.pandas("conversations", ["id"])["id"]) < wanted
    last = direct.sync.extract("conversations", since="2026-10-20", **options)
    assert set(last.pandas("conversations", ["id"])["id"]) == wanted
    assert "" not in {
        s.interval.field for s in DatasetFolder(last.path).state("conversations").slices.values()
    }


@pytest.mark.parametrize("failure", ["expired cursor", "changed count"])
def test_changes_are_kept_when_their_search_is_read_again(bench, failure):
    b = bench(conversations=90, contacts=0)
    b.extract(with_parts=True)
    b.time += 7_000
    keys = by_time(b)[:60]
    change_all(b, keys)
    pages = disturb(b, failure)
    ds = b.extract(with_parts=True)
    assert len(pages) > 3
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()


def test_refused_record_is_a_problem_when_its_search_is_read_again(bench):
    b = bench(conversations=90, contacts=0)
    b.extract(with_parts=True)
    b.time += 7_000
    refused, *others = by_time(b)[:60]
    before = held(b.extract(with_parts=True), "conversations")[refused]
    b.time += 7_000
    change_all(b, [refused, *others])
    pages = disturb(b, "expired cursor", refused)
    with pytest.warns(UserWarning, match=refused):
        ds = b.extract(with_parts=True)
    assert len(pages) > 3
    assert ds.problems["id"].tolist() == [refused]
    truth = b.workspace.truth("conversations")
    assert held(ds, "conversations") == truth | {refused: before}


def change_all(b, keys: list[str]) -> None:
    """Change records and add a part to each, one record a second until now."""
    b.workspace.clock = lambda: b.time
    parts = b.workspace.parts
    for seconds, key in enumerate(keys):
        update(b, key, custom_attributes={"plan": "new"}, updated_at=int(b.time) - seconds)
        parts[key] = [*parts[key], b.workspace._part(key, len(parts[key]))]


def disturb(b, failure: str, refused: str = "") -> list[str]:
    """Disturb the search for changes once, after its first pages; return what collects these."""
    answer, pages = b.workspace.answer, []

    def disturbed(method: str, path: str, query: str, body: bytes) -> object:
        if refused and path.endswith(f"/{refused}"):
            return 403, {}, {"type": "error.list", "errors": [{"code": "forbidden"}]}
        status, headers, page = answer(method, path, query, body)
        if b"starting_after" in body and b"updated_at" in body:
            pages.append(path)
            if len(pages) == 2 and failure == "expired cursor":
                return 400, {}, {"type": "error.list", "errors": [{"code": "parameter_invalid"}]}
            if len(pages) == 2:
                page["total_count"] += 1
        return status, headers, page

    b.workspace.answer = disturbed
    return pages
