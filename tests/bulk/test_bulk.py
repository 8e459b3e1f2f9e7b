"""Many writes from one DataFrame: checked first, each with its outcome, and gone on with later."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pandas as pd
import pytest
from scripted_server import ScriptedServer, demo_connector

from intercom_nb import IntercomAuthConfig, IntercomConnector
from intercom_nb.demo import DemoWorkspace
from intercom_nb.errors import (
    ConfigurationError,
    InvalidParameterError,
    UnknownNameError,
    WritesNotAllowedError,
)
from intercom_nb.runtime.progress import Progress

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace() -> DemoWorkspace:
    return DemoWorkspace(rate_limit=None)


def contacts(workspace: DemoWorkspace, count: int) -> list[str]:
    return list(workspace.store.people.contacts)[:count]


def writes(workspace: DemoWorkspace) -> list[Any]:
    return [r for r in workspace.requests if r.method != "GET"]


def echo(request: httpx.Request) -> httpx.Response:
    key = request.url.path.rpartition("/")[2]
    headers = {"x-request-id": f"r-{key}"}
    return httpx.Response(200, json={"type": "contact", "id": key}, headers=headers)


def test_update_many_sends_one_request_per_row_when_all_are_valid(workspace: DemoWorkspace) -> None:
    ids = contacts(workspace, 40)
    rows = pd.DataFrame(
        {"id": ids, "name": [f"N{i}" for i in range(40)], "custom_attributes.seats": range(40)},
        index=[f"row {i}" for i in range(40)],
    )
    reports: list[Progress] = []
    outcome = demo_connector(workspace, allow_writes=True).sync.contacts.update_many(
        rows, progress=reports.append
    )
    assert outcome.index.tolist() == rows.index.tolist()
    assert outcome["ok"].all()
    assert outcome["id"].tolist() == ids
    assert outcome["request_id"].is_unique
    assert outcome["error"].isna().all()
    assert (reports[-1].records, reports[-1].total) == (40, 40)
    stored = workspace.store.people.contacts
    assert [stored[key]["name"] for key in ids] == rows["name"].tolist()
    assert [stored[key]["custom_attributes"]["seats"] for key in ids] == list(range(40))


def test_update_many_omits_a_field_when_its_cell_is_empty() -> None:
    script = ScriptedServer(echo)
    rows = pd.DataFrame(
        {
            "id": ["1", "2", "3"],
            "name": ["Ada", None, pd.NA],
            "owner_id": [7, np.nan, 8],
            "signed_up_at": pd.to_datetime(["2026-10-01", None, "2026-10-02"], utc=True),
        }
    )
    script.connector(allow_writes=True).sync.contacts.update_many(rows)
    sent = {r.url.path[-1]: json.loads(r.content) for r in script.requests}
    assert sent == {
        "1": {"name": "Ada", "owner_id": 7, "signed_up_at": 1_790_812_800},
        "2": {},
        "3": {"owner_id": 8, "signed_up_at": 1_790_899_200},
    }


def test_update_many_sends_nothing_when_one_row_is_wrong() -> None:
    script = ScriptedServer(echo)
    many = script.connector(allow_writes=True).sync.contacts.update_many
    with pytest.raises(InvalidParameterError, match=r"Row 1: .*role.*Nothing was sent"):
        many([{"id": "1", "role": "lead"}, {"id": "2", "role": "king"}])
    with pytest.raises(UnknownNameError, match="'created_at', 'tags'"):
        many(pd.DataFrame({"id": ["1"], "created_at": [1], "tags": [[]]}))
    with pytest.raises(InvalidParameterError, match="duplicate labels"):
        many(pd.DataFrame({"id": ["1", "2"]}, index=[0, 0]))
    with pytest.raises(InvalidParameterError, match=r"Row 0.*requires id"):
        many([{"name": "Ada"}])
    assert not script.requests


@pytest.mark.parametrize("rows", ["65ab", b"65ab", {"id": ["1", "2"]}, None, 5], ids=repr)
@pytest.mark.parametrize("name", ["delete_many", "update_many", "tag_many"])
def test_bulk_write_sends_nothing_when_the_rows_are_not_a_table_or_a_list(
    name: str, rows: Any
) -> None:
    script = ScriptedServer(echo)
    many = getattr(script.connector(allow_writes=True).sync.contacts, name)
    with pytest.raises(InvalidParameterError, match="list of dicts or a list of ids"):
        many(rows, *["9"] * (name == "tag_many"))
    assert not script.requests


def test_update_many_sends_nothing_when_a_column_is_there_twice() -> None:
    script = ScriptedServer(echo)
    rows = pd.DataFrame([["1", "Ada", "Eve"]], columns=["id", "name", "name"])
    with pytest.raises(InvalidParameterError, match="'name' twice"):
        script.connector(allow_writes=True).sync.contacts.update_many(rows)
    assert not script.requests


@pytest.mark.parametrize("first", ["custom_attributes", "custom_attributes.seats"])
def test_update_many_merges_columns_of_one_object_when_rows_share_a_dict(first: str) -> None:
    script = ScriptedServer(echo)
    shared = {"plan": "pro"}
    rows = pd.DataFrame(
        {"id": ["1", "2"], "custom_attributes": [shared] * 2, "custom_attributes.seats": [5, None]}
    )
    columns = dict.fromkeys(["id", first, *rows.columns])
    script.connector(allow_writes=True).sync.contacts.update_many(rows[list(columns)])
    sent = {r.url.path[-1]: json.loads(r.content)["custom_attributes"] for r in script.requests}
    assert sent == {"1": {"plan": "pro", "seats": 5}, "2": {"plan": "pro"}}
    assert shared == {"plan": "pro"}


def test_tag_many_requires_an_id_when_the_rows_have_none() -> None:
    script = ScriptedServer(echo)
    with pytest.raises(InvalidParameterError, match="requires contact_id"):
        script.connector(allow_writes=True).sync.contacts.tag_many([{"email": "a@b.c"}], "9")
    assert not script.requests


def test_update_many_is_refused_when_the_connector_is_read_only() -> None:
    script = ScriptedServer(echo)
    with pytest.raises(WritesNotAllowedError):
        script.connector().sync.contacts.update_many([{"id": "1"}, {"id": "2"}])
    assert not script.requests


@pytest.mark.parametrize("where", ["call", "connector"])
def test_update_returns_the_requests_unsent_when_dry_run_is_on(where: str, tmp_path: Path) -> None:
    script = ScriptedServer(echo)
    c = script.connector(allow_writes=True, dry_run=where == "connector")
    journal = tmp_path / "done.jsonl"
    rows = pd.DataFrame({"id": ["1", "2"], "name": ["A", "B"]}, index=["a", "b"])
    if where == "call":
        shown = c.sync.contacts.update_many(rows, dry_run=True, resume=journal)
        assert shown.index.tolist() == ["a", "b"]
        assert not journal.exists()
    else:
        shown = c.sync.contacts.update("1", name="A")
    assert shown["url"].iloc[0].endswith("/contacts/1")
    assert json.loads(shown["body"].iloc[0]) == {"name": "A"}
    assert not script.requests


def test_update_many_returns_the_outcome_of_each_row_when_one_fails(
    workspace: DemoWorkspace,
) -> None:
    first, second = contacts(workspace, 2)
    rows = pd.DataFrame({"id": [first, "nobody", second], "name": ["A", "B", "C"]})
    outcome = demo_connector(workspace, allow_writes=True).sync.contacts.update_many(rows)
    assert outcome["ok"].tolist() == [True, False, True]
    assert "User Not Found" in outcome["error"][1]
    assert outcome["id"].tolist() == rows["id"].tolist()
    assert outcome["request_id"].notna().all()
    again = demo_connector(workspace, allow_writes=True).sync.contacts.update_many(
        rows, resume=outcome
    )
    assert again["ok"].tolist() == [True, False, True]
    assert len(writes(workspace)) == 4


def test_tag_many_and_untag_many_change_the_tags_of_every_record(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True).sync
    tag = list(workspace.store.organization.tags)[-1]
    people = c.contacts.list(limit=20)
    outcome = c.contacts.tag_many(people, tag)
    assert outcome["ok"].all()
    assert outcome["id"].tolist() == people["id"].tolist()
    held = workspace.store.people.contact_tags
    assert all(tag in held[key] for key in people["id"])
    untagged = c.contacts.untag_many(["nobody", *people["id"]], tag)
    assert untagged["ok"].tolist() == [False, *[True] * 20]
    assert untagged["id"].tolist() == ["nobody", *people["id"]]
    assert not any(tag in held[key] for key in people["id"])
    talks = c.conversations.list(limit=3)
    admin = next(iter(workspace.store.organization.admins))
    assert c.conversations.tag_many(talks, tag, admin_id=admin)["ok"].all()
    with pytest.raises(InvalidParameterError, match="admin_id"):
        c.conversations.tag_many(talks, tag)


def test_create_many_and_delete_many_return_one_row_per_record(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True).sync
    made = c.contacts.create_many([{"email": f"new{i}@example.com"} for i in range(5)])
    assert made["ok"].all()
    assert made["id"].is_unique
    gone = c.contacts.delete_many(made)
    assert gone["ok"].all()
    assert gone["id"].tolist() == made["id"].tolist()
    assert not set(made["id"]) & set(workspace.store.people.contacts)


def test_delete_many_sends_both_ids_when_records_belong_to_a_parent() -> None:
    script = ScriptedServer(echo)
    c = script.connector(allow_writes=True, version="2.16").sync
    rows = pd.DataFrame({"office_hours_schedule_id": ["7", "8"], "id": ["1", "2"], "name": "Eve"})
    outcome = c.office_hours_exceptions.delete_many(rows)
    assert outcome["id"].tolist() == ["1", "2"]
    assert sorted(r.url.path for r in script.requests) == [
        f"/office_hours_schedules/{schedule}/office_hours_exceptions/{key}"
        for schedule, key in (("7", "1"), ("8", "2"))
    ]


def test_tag_many_returns_the_id_of_unsent_rows_when_the_run_stops() -> None:
    script = ScriptedServer([httpx.Response(401, json={})])
    people = [str(i) for i in range(40)]
    outcome = script.connector(allow_writes=True).sync.contacts.tag_many(people, "9")
    assert not outcome["ok"].any()
    assert outcome["id"].tolist() == people


def test_journal_skips_rows_that_are_done_when_the_run_is_repeated(tmp_path: Path) -> None:
    broken = {"3", "4"}

    def answer(request: httpx.Request) -> httpx.Response:
        key = request.url.path.rpartition("/")[2]
        return httpx.Response(422, json={}) if key in broken else echo(request)

    script = ScriptedServer(answer)
    many = script.connector(allow_writes=True).sync.contacts.update_many
    rows = [{"id": str(i), "name": "A"} for i in range(6)]
    journal = tmp_path / "done.jsonl"
    assert many(rows, resume=journal)["ok"].sum() == 4
    assert "A" not in journal.read_text().replace("AP", "")
    broken.clear()
    script.requests.clear()
    with journal.open("ab") as file:
        file.write(b'{"key":"cut of')
    outcome = many(rows, resume=journal)
    assert outcome["ok"].all()
    assert sorted(r.url.path[-1] for r in script.requests) == ["3", "4"]
    assert outcome["request_id"].tolist() == [f"r-{i}" for i in range(6)]
    script.requests.clear()
    assert many([{"id": "1", "name": "B"}], resume=journal)["ok"].all()
    assert len(script.requests) == 1  # other content is another write


def test_journal_is_refused_when_the_file_is_not_a_journal(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("dear diary\n")
    with pytest.raises(ConfigurationError, match="not the journal of an earlier run"):
        ScriptedServer(echo).connector(allow_writes=True).sync.contacts.update_many(
            [{"id": "1"}], resume=file
        )
    assert file.read_text() == "dear diary\n"


def test_create_many_does_not_resend_a_row_when_its_outcome_is_unknown(tmp_path: Path) -> None:
    script = ScriptedServer([httpx.ReadTimeout("slow"), httpx.Response(200, json={"id": "9"})])
    many = script.connector(allow_writes=True).sync.contacts.create_many
    rows = [{"email": "a@example.com"}]
    journal = tmp_path / "done.jsonl"
    outcome = many(rows, resume=journal)
    assert outcome[["ok", "in_doubt"]].to_numpy().tolist() == [[False, True]]
    assert "check before you send it again" in outcome["error"][0]
    assert many(rows, resume=journal)["in_doubt"].tolist() == [True]
    assert len(script.requests) == 1
    assert many(rows, resume=journal, retry_in_doubt=True)["ok"].tolist() == [True]


async def test_create_many_resumes_when_the_run_was_cancelled(tmp_path: Path) -> None:
    sent: list[str] = []
    hold = asyncio.Event()

    class Server(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            key = json.loads(request.content)["email"]
            sent.append(key)
            if len(sent) > 3 and not hold.is_set():
                await asyncio.sleep(3600)
            return httpx.Response(200, json={"type": "contact", "id": key})

    c = IntercomConnector(
        auth_config=IntercomAuthConfig("dG9rOnRlc3Q"), http=Server(), allow_writes=True
    )
    rows = [{"email": f"{i}@example.com"} for i in range(6)]
    journal = tmp_path / "done.jsonl"
    work = asyncio.ensure_future(c.contacts.create_many(rows, resume=journal))
    while len(sent) < 6:  # noqa: ASYNC110 - the server knows no event of this loop
        await asyncio.sleep(0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    hold.set()
    outcome = await c.contacts.create_many(rows, resume=journal)
    assert outcome["ok"].sum() == 3
    assert outcome["in_doubt"].sum() == 3  # they were sent, and nobody knows
    assert len(sent) == 6


def test_update_many_stops_when_the_token_is_refused() -> None:
    script = ScriptedServer([httpx.Response(401, json={})])
    rows = [{"id": str(i)} for i in range(200)]
    outcome = script.connector(allow_writes=True).sync.contacts.update_many(rows)
    assert not outcome["ok"].any()
    assert outcome["error"].str.startswith("Not sent:").sum() > 100
    assert len(script.requests) <= 40


async def test_update_many_sends_at_most_32_requests_in_parallel_when_rows_are_many() -> None:
    under_way, most = 0, 0

    class Server(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.002)
            under_way -= 1
            return echo(request)

    c = IntercomConnector(
        auth_config=IntercomAuthConfig("dG9rOnRlc3Q"), http=Server(), allow_writes=True
    )
    outcome = await c.contacts.update_many([{"id": str(i), "name": "A"} for i in range(150)])
    assert outcome["ok"].all()
    assert 4 <= most <= 32


def test_update_many_returns_an_empty_frame_when_there_are_no_rows() -> None:
    outcome = (
        ScriptedServer(echo).connector(allow_writes=True).sync.contacts.update_many(pd.DataFrame())
    )
    assert outcome.empty
    assert list(outcome.columns) == ["id", "ok", "error", "in_doubt", "request_id"]
