"""Datasets and files of version 0.1, from before the modules were renamed, open in this version.

Only public names are used here; ``data/0.1/README.md`` says how the files were made.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from scripted_server import demo_connector

import intercom_nb as inb
from intercom_nb import IntercomAuthConfig, IntercomConnector
from intercom_nb.dataset import Dataset, open_dataset
from intercom_nb.demo import NOW, TOKEN, DemoRequest, DemoWorkspace
from tests.extract.recorded import DATA, ENTITIES, RecordedWorkspace
from tests.extract.workspace import Transport

QUERIES = (
    "select state, count(*) as n from conversations group by state order by state",
    """select c.id, count(p.id) as parts, max(p.created_at) as last from conversations c
    left join conversation_parts p on p.conversation_id = c.id group by c.id order by c.id""",
    """select t.name, count(*) as n from conversation_tags t
    join conversations c on c.id = t.conversation_id group by t.name order by t.name""",
    "select count(*) as n, min(created_at) as first from tickets",
)


@pytest.fixture
def written(tmp_path) -> Callable[[str], Path]:
    """Unpack one of the datasets of version 0.1 into a folder of the test."""

    def unpack(name: str) -> Path:
        shutil.unpack_archive(DATA / f"{name}.tar.xz", tmp_path, filter="data")
        return tmp_path / name

    return unpack


@pytest.fixture(scope="module")
def changed(tmp_path_factory) -> tuple[RecordedWorkspace, dict[str, Any]]:
    """Make the changed workspace, and what a fresh extraction of it holds."""
    workspace = RecordedWorkspace()
    workspace.make_changes()
    return workspace, tables_of(extract(workspace, tmp_path_factory.mktemp("fresh") / "ds"))


def extract(workspace: RecordedWorkspace, to: Path, *entities: str) -> Dataset:
    """Extract entities (all of them by default) in one process, without a socket."""
    c = connector(Transport(workspace), version="2.16")
    for entity in entities or ENTITIES:
        parts = {"with_parts": True} if entity == "conversations" else {}
        ds = c.sync.extract(entity, to=to, progress=False, **parts)
    c.sync.close()
    return ds


def connector(http: httpx.AsyncBaseTransport, **options: Any) -> IntercomConnector:
    auth = IntercomAuthConfig("a-token-of-no-workspace")
    return IntercomConnector(auth_config=auth, base_url="http://127.0.0.1:9", http=http, **options)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows as JSON has them, without the empty cells."""
    rows = []
    for row in frame.astype(object).to_dict("records"):
        lists = {k: list(v) for k, v in row.items() if isinstance(v, (list, np.ndarray))}
        single = {k: v for k, v in row.items() if k not in lists and not pd.isna(v)}
        texts = {k: str(v) for k, v in single.items() if isinstance(v, pd.Timestamp)}
        rows.append({**single, **lists, **texts})
    return rows


def tables_of(ds: Dataset, names: list[str] | None = None) -> dict[str, Any]:
    """Return the types and the rows of a dataset's tables, in an order of their own."""
    return {
        name: {
            "types": {f.name: str(f.type) for f in ds.arrow(name).schema},
            "rows": sorted(plain_rows(ds.pandas(name)), key=json.dumps),
        }
        for name in names or ds.tables
    }


def contents_of(ds: Dataset) -> dict[str, Any]:
    """Return all that ``expected.json.gz`` records of the finished dataset."""
    answers = [plain_rows(ds.sql(query)) for query in QUERIES]
    return {"tables": tables_of(ds), "sql": answers, "audit": plain_rows(ds.audit)}


@pytest.mark.slow
def test_dataset_returns_the_recorded_values_when_version_0_1_wrote_it(written):
    expected = json.loads(gzip.decompress((DATA / "expected.json.gz").read_bytes()))
    found = contents_of(open_dataset(written("finished")))
    assert list(found["tables"]) == list(expected["tables"])
    for name, table in expected["tables"].items():
        assert found["tables"][name] == table, name
    assert found["sql"] == expected["sql"]
    # Later versions report more, never something else.
    rows = zip(found["audit"], expected["audit"], strict=True)
    assert [{k: row[k] for k in recorded} for row, recorded in rows] == expected["audit"]


@pytest.mark.slow
def test_extract_equals_a_fresh_extraction_when_version_0_1_wrote_the_first(written, changed):
    workspace, fresh = changed
    folder = written("finished")
    before = set(open_dataset(folder).pandas("conversations")["id"])
    ds = extract(workspace, folder)
    assert_same(tables_of(ds), fresh)
    found = ds.pandas("conversations")
    assert set(found["id"]) == set(workspace.data["conversations"]) != before
    parts = ds.pandas("conversation_parts", ["conversation_id", "id", "body"])
    true = {(c, p["id"], p["body"]) for c, own in workspace.parts.items() for p in own}
    bodies = parts.astype(object).where(parts.notna(), None)
    assert set(bodies.itertuples(index=False, name=None)) == true
    assert "Renamed" in set(ds.pandas("teams")["name"])


@pytest.mark.slow
def test_run_resumes_when_version_0_1_was_killed_while_it_read(written, changed):
    workspace, folder = RecordedWorkspace(), written("killed_reading")
    assert open_dataset(folder).audit["kept"].sum() == 7
    ds = extract(workspace, folder, "conversations")
    # Of the 16, those 7 are there; the newest is read again, as one that may have changed.
    assert workspace.asked["/conversations/{id}"] <= 16 - 7 + 1
    expected = json.loads(gzip.decompress((DATA / "expected.json.gz").read_bytes()))["tables"]
    assert_same(tables_of(ds), {name: expected[name] for name in ds.tables})
    assert_nothing_waits(folder)
    workspace, fresh = changed
    ds = extract(workspace, folder, "conversations")
    assert_same(tables_of(ds), {name: fresh[name] for name in ds.tables})


@pytest.mark.slow
def test_commit_is_completed_when_version_0_1_was_killed_during_it(written, changed):
    workspace, fresh = changed
    folder = written("killed_committing")
    assert any(folder.rglob("*.arrow"))
    workspace.asked.clear()
    ds = extract(workspace, folder, "conversations")
    assert workspace.asked["/conversations/{id}"] <= 4  # what was read before is not read again
    assert_same(tables_of(ds), {name: fresh[name] for name in ds.tables})
    assert_nothing_waits(folder)


def assert_same(found: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Compare rows, and types of columns that have values; an empty table may outlive its rows."""
    for name, table in found.items():
        assert table["rows"] == wanted.get(name, {"rows": []})["rows"], name
        there = {column for row in table["rows"] for column in row}
        assert {c: table["types"][c] for c in there} == {
            c: wanted[name]["types"][c] for c in there
        }, name
    assert set(wanted) <= set(found)


def assert_nothing_waits(folder: Path) -> None:
    assert not list(folder.rglob("*.arrow"))
    assert not list((folder / "_intercom_nb").rglob("*.parquet"))


def bulk_rows(verb: str) -> pd.DataFrame:
    """Return the rows of the runs that were killed: every kind of value, and empty cells."""
    count = 9
    rows = pd.DataFrame(
        {
            "name": [f"Row {i}" for i in range(count)],
            "email": [f"row{i}@lanternboard.example" for i in range(count)],
            "owner_id": pd.array([7 + i if i % 3 else None for i in range(count)], "Int64"),
            "signed_up_at": pd.date_range("2026-10-01T09:00:00Z", periods=count, freq="7h"),
            "unsubscribed_from_emails": [i % 2 == 0 for i in range(count)],
            "custom_attributes.plan": ["pro", None, "größer"] * 3,
            "custom_attributes.seats": [0.5 * i for i in range(count)],
        }
    )
    rows.loc[1, "signed_up_at"] = pd.NaT
    return rows if verb == "create_many" else rows.assign(id=[f"c{i}" for i in range(count)])


def bulk_connector(answer: Callable[[httpx.Request], httpx.Response]) -> IntercomConnector:
    return connector(httpx.MockTransport(answer), allow_writes=True)


@pytest.mark.parametrize("verb", ["create_many", "update_many"])
def test_bulk_run_sends_only_the_remaining_rows_when_version_0_1_wrote_its_file(verb, tmp_path):
    sent = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["name"])
        return httpx.Response(200, json={"type": "contact", "id": f"id of {sent[-1]}"})

    file = tmp_path / "done.jsonl"
    shutil.copy(DATA / f"{verb}.jsonl", file)
    many = getattr(bulk_connector(answer).sync.contacts, verb)
    outcome = many(bulk_rows(verb), resume=file, progress=False)
    # Row 4 was refused, and row 6 was under way: a create may have taken effect.
    doubtful = verb == "create_many"
    left = [4, 7, 8] if doubtful else [4, 6, 7, 8]
    assert sorted(sent) == [f"Row {i}" for i in left]
    assert outcome["ok"].tolist() == [not (doubtful and i == 6) for i in range(9)]
    assert outcome["in_doubt"].tolist() == [doubtful and i == 6 for i in range(9)]
    done = [i for i in range(9) if i not in [*left, 6]]
    assert outcome["request_id"][done].tolist() == [f"r-Row {i}" for i in done]
    sent.clear()
    many(bulk_rows(verb), resume=file, progress=False)
    assert sent == []


def typed_columns(frame: pd.DataFrame) -> dict[str, str]:
    """Return the dtypes of columns, but not of text, which differ between versions of pandas."""
    kinds = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
    return {n: k for n, k in kinds.items() if not k.startswith("str") and k != "object"}


def test_parquet_returns_the_recorded_result_when_version_0_1_wrote_it():
    found = inb.read_parquet(DATA / "result.parquet")
    expected = json.loads((DATA / "result.json").read_text("utf-8"))
    assert plain_rows(found) == expected["rows"]
    assert list(found.columns) == expected["columns"]
    assert typed_columns(found) == expected["dtypes"]
    assert dict(found.attrs["intercom"]) == expected["attrs"]


def names_of_today() -> dict[str, Any]:
    """Return what ``names.json`` pins: keys of attrs, and columns of every list of the demo."""
    names: dict[str, Any] = {"attrs": {}, "columns": {}}
    c = demo_connector(allow_writes=True)
    for row in c.entities.itertuples():
        if row.action == "list" and not row.required:
            with contextlib.suppress(inb.IntercomError):  # some need one of several parameters
                # The first 20 conversations may lack a rare custom attribute.
                params = {"per_page": 150} if row.entity == "conversations" else {}
                frame = c.sync.execute(row.entity, "list", params)
                names["columns"][row.entity] = list(frame.columns)
    hosted = demo_connector(mode="hosted")
    hits = c.sync.conversations.search(state="open", limit=2)
    dry = c.sync.contacts.update_many([{"id": "1", "name": "A"}], dry_run=True)
    for label, frame in {
        "list": c.sync.contacts.list(limit=2),
        "search": hits,
        "get": c.sync.conversations.get(hits["id"].iloc[0]),
        "execute": c.sync.execute("teams", "list"),
        "hosted": hosted.sync.contacts.list(limit=2),
        "dry run of many": dry,
    }.items():
        names["attrs"][label] = sorted(frame.attrs["intercom"])
    return names


def test_names_in_results_are_kept_when_modules_change():
    pinned, today = json.loads((DATA / "names.json").read_text("utf-8")), names_of_today()
    for kind, groups in pinned.items():
        for name, wanted in groups.items():
            kept = [each for each in today[kind].get(name, []) if each in set(wanted)]
            assert kept == wanted, f"{kind} of {name}"  # new ones may stand between


def demo_responses() -> dict[str, Any]:
    """Return what ``wire.json`` pins of the demo: status, header names, keys and hash of bodies."""
    workspace = DemoWorkspace(clock=lambda: float(NOW))
    headers = {"authorization": f"Bearer {TOKEN}", "accept": "application/json"}
    state = {"field": "state", "operator": "=", "value": "open"}
    query = json.dumps({"query": state, "pagination": {"per_page": 3}}).encode()
    listed = ("/me", "/admins", "/teams", "/tags", "/segments", "/contacts", "/companies")
    asked = [("GET", path, b"") for path in (*listed, "/conversations/1", "/data_attributes")]
    asked += [("POST", f"/{entity}/search", query) for entity in ("conversations", "tickets")]
    found = {}
    for method, path, body in asked:
        paging = [("per_page", "5")] if path in {"/contacts", "/companies"} else []
        response = workspace.handle(DemoRequest(method, path, paging, headers, body))
        found[f"{method} {path}"] = {
            "status": response.status,
            "headers": sorted(response.headers),
            "keys": sorted(key_paths(json.loads(response.body))),
            "sha256": hashlib.sha256(response.body).hexdigest(),
        }
    return found


def key_paths(value: Any, path: str = "") -> set[str]:
    if isinstance(value, dict):
        return {p for k, v in value.items() for p in key_paths(v, f"{path}.{k}")}
    if isinstance(value, list):
        return {p for v in value for p in key_paths(v, f"{path}[]")} or {f"{path}[]"}
    return {path}


@pytest.mark.slow
def test_demo_responses_are_the_recorded_ones_when_modules_change():
    pinned, today = json.loads((DATA / "wire.json").read_text("utf-8")), demo_responses()
    assert list(today) == list(pinned)
    for name, wanted in pinned.items():
        assert today[name] == wanted, name
