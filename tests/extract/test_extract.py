"""What is extracted is what there is: all of it, once, at its newest."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from intercom_nb.errors import DatasetError, InvalidParameterError
from tests.extract.harness import held, held_parts
from tests.extract.workspace import BORN, NOW, ZONE

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("entity", ["conversations", "contacts"])
def test_extract_writes_each_record_once_when_the_folder_is_new(bench, entity):
    b = bench(conversations=600, contacts=600)
    ds = b.extract(entity)
    assert held(ds, entity) == b.workspace.truth(entity)
    audit = ds.audit
    assert (audit["state"] == "complete").all()
    assert audit["kept"].sum() == 600
    assert len(audit) > 3
    # A third of everything was created on one day, and 2025 is empty.
    created = ds.pandas(entity)["created_at"]
    assert (created.dt.tz_convert(ZONE).dt.date == dt.date(2026, 3, 3)).sum() >= 200
    assert not (created.dt.year == 2025).any()


def test_files_share_one_schema_when_records_are_odd(bench):
    import pyarrow.parquet as pq

    b = bench(conversations=400)
    ds = b.extract()
    schemas = {str(pq.read_schema(p)) for p in (b.folder / "conversations").rglob("*.parquet")}
    assert len(schemas) == 1
    rows = ds.pandas("conversations")
    assert "custom_attributes.rare 97" in rows
    assert set(rows["custom_attributes.mixed"].dropna()) == {"7", "seven"}
    months = [p.name for p in sorted((b.folder / "conversations").iterdir())]
    assert months[0] == "month=2023-11"
    assert months == sorted(set(rows["created_at"].dt.strftime("month=%Y-%m")))


def test_extract_writes_parts_and_attachments_when_with_parts_is_given(bench):
    b = bench(conversations=120)
    ds = b.extract(with_parts=True)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()
    inner = ds.pandas("conversation_part_attachments")
    assert list(inner.columns[:2]) == ["conversation_id", "conversation_part_id"]
    assert len(inner) == sum(len(p) > 1 for p in b.workspace.parts.values())


def test_extract_warns_when_a_thread_has_more_parts_than_the_api_returns(bench):
    b = bench(conversations=30)
    key = next(iter(b.workspace.parts))
    b.workspace.parts[key] = [b.workspace._part(key, i) for i in range(501)]
    ds = b.extract(with_parts=True)
    assert ds.audit["cut_parts"].sum() == 1
    assert len(held_parts(ds)) == len(b.workspace.true_parts()) - 1


def test_extract_keeps_exact_bounds_when_searches_match_whole_days(bench):
    b = bench(contacts=900)
    noon = int(dt.datetime(2026, 3, 3, 12, tzinfo=ZONE).timestamp())
    ds = b.extract("contacts", since=noon - 3600, until=noon)
    truth = b.workspace.truth("contacts")
    assert held(ds, "contacts") == {k: v for k, v in truth.items() if noon - 3600 <= v[0] < noon}
    assert len(held(ds, "contacts")) > 5


def test_extract_writes_only_matching_records_when_where_is_given(bench):
    b = bench(conversations=300)
    ds = b.extract(where={"state": "open"})
    wanted = {k for k, r in b.workspace.data["conversations"].items() if r["state"] == "open"}
    assert set(ds.pandas("conversations")["id"]) == wanted
    with pytest.raises(DatasetError, match="where="):
        b.extract(where={"state": "closed"})


def test_record_is_removed_when_the_filter_no_longer_finds_it(bench):
    b = bench(conversations=100)
    b.extract(where={"state": "open"})
    records = b.workspace.data["conversations"]
    for was, becomes in (("open", "closed"), ("closed", "open")):
        key = next(k for k, r in records.items() if r["state"] == was and r["updated_at"] < NOW)
        at = int(b.time)
        records[key] = {**records[key], "state": becomes, "updated_at": at}
    ds = b.extract(where={"state": "open"})
    wanted = {k for k, r in records.items() if r["state"] == "open"}
    assert set(ds.pandas("conversations")["id"]) == wanted


@pytest.mark.parametrize(
    "zone", ["Australia/Lord_Howe", "Pacific/Apia", "America/New_York", "Asia/Kathmandu"]
)
def test_contacts_are_complete_when_the_zone_is_odd_and_clocks_change(bench, zone):
    b = bench(contacts=0, conversations=0, zone=zone)
    for month, day in ((3, 7), (3, 8), (3, 9), (4, 4), (4, 5), (10, 31), (11, 1), (11, 2)):
        for hour in (0, 1, 2, 3, 12, 23):
            at = dt.datetime(2025, month, day, hour, 30, tzinfo=zoneinfo.ZoneInfo(zone))
            for fold in (0, 1):
                b.workspace._create("contacts", int(at.replace(fold=fold).timestamp()))
    for since in (None, "2025-04-05T01:30:00Z", "2025-11-01T05:30:00Z"):
        b.folder = b.folder.with_name(f"since-{since}".replace(":", ""))
        ds = b.extract("contacts", since=since, concurrency=2)
        first = 0 if since is None else dt.datetime.fromisoformat(since).timestamp()
        truth = b.workspace.truth("contacts")
        assert held(ds, "contacts") == {k: v for k, v in truth.items() if v[0] >= first}
        assert (ds.audit["state"] == "complete").all()


def test_extract_reads_only_changes_when_the_first_run_was_complete(bench):
    b = bench(conversations=400)
    b.extract()
    first = b.transport.requests
    for _ in range(20):
        b.workspace.change("update")
        b.workspace.change("create")
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert b.transport.requests - first <= 14
    before = b.transport.requests
    assert held(b.extract(), "conversations") == b.workspace.truth("conversations")
    assert b.transport.requests - before <= 14


def test_records_and_their_parts_are_removed_when_they_were_deleted(bench):
    b = bench(conversations=200, contacts=0)
    b.extract(with_parts=True)
    for _ in range(6):
        b.workspace.change("delete")
    ds = b.extract(with_parts=True)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()


@pytest.mark.parametrize("left", [0, 30])
@pytest.mark.parametrize("entity", ["conversations", "contacts"])
def test_table_is_empty_when_all_records_were_deleted(bench, entity, left):
    b = bench(conversations=90, contacts=90)
    b.extract(entity)
    records = b.workspace.data[entity]
    for key in sorted(records, key=lambda key: records[key]["created_at"])[left:]:
        b.workspace.delete(entity, key)
    rows = b.extract(entity).pandas(entity, ["id"])
    assert set(rows["id"]) == set(records)
    assert len(records) == left


def test_extract_adds_earlier_records_when_a_later_run_has_an_earlier_since(bench):
    b = bench(conversations=600)
    middle = (BORN + NOW) // 2
    b.extract(since=middle)
    some = b.transport.requests
    ds = b.extract()
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert some < b.transport.requests


def test_list_is_read_whole_when_it_has_no_times(bench):
    b = bench()
    ds = b.extract("teams")
    assert list(ds.pandas("teams")["name"]) == ["Team 0", "Team 1", "Team 2", "Team 3"]
    b.workspace.teams = b.workspace.teams[1:]
    ds = b.extract("teams")
    assert list(ds.pandas("teams")["id"]) == ["1", "2", "3"]
    b.workspace.teams = []
    assert len(b.extract("teams").pandas("teams")) == 0


def test_table_has_no_rows_when_the_workspace_is_empty(bench):
    ds = bench(conversations=0).extract()
    rows = ds.pandas("conversations")
    assert len(rows) == 0
    assert rows["created_at"].dtype == "datetime64[s, UTC]"


def test_extract_is_refused_when_the_entity_cannot_be_listed(bench):
    b = bench()
    with pytest.raises(InvalidParameterError, match="conversations"):
        b.extract("notes")
    with pytest.raises(InvalidParameterError, match="no parts"):
        b.extract("contacts", with_parts=True)


def test_progress_reaches_the_total_when_the_run_is_done(bench):
    b = bench(conversations=300)
    seen = []
    b.extract(progress=seen.append)
    assert seen[0].stage == "counting"
    assert seen[-1].stage == "done"
    assert seen[-1].rows == seen[-1].total == 300


def test_progress_is_reported_before_any_search_when_a_run_starts(bench):
    b = bench(conversations=30)
    searches = []
    b.extract(progress=lambda now: searches.append(b.workspace.asked["/conversations/search"]))
    assert searches[0] == 0


def test_extract_sends_few_searches_when_pages_are_full(bench, monkeypatch):
    monkeypatch.undo()
    b = bench(conversations=3_000, contacts=0, per_page=150)
    b.extract()
    pages = 3_000 / 150
    searches = b.workspace.asked["/conversations/search"]
    print(f"{searches} searches for {pages:.0f} pages")
    assert searches < 3 * pages
