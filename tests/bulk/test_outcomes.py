"""Bulk writes never lie about what was sent: dry runs, unreadable responses, interrupted runs."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
from scripted_server import ScriptedServer

from intercom_nb import IntercomAuthConfig, IntercomConnector
from intercom_nb.errors import InvalidParameterError, InvalidResponseError, UnsupportedError

ROWS = [{"role": "lead", "name": f"N{i}"} for i in range(3)]
UNREADABLE = {
    "web page": httpx.Response(200, text="<html>Sign in</html>"),
    "empty": httpx.Response(200, content=b""),
    "cut": httpx.Response(200, content=b'{"type":"contact","id":"66e0","email":"p7@mai'),
    "list": httpx.Response(200, json=[1]),
    "odd record": httpx.Response(200, content=b'{"type":"contact","id":"7","created_at":1e999}'),
    "not UTF-8": httpx.Response(200, content=b'{"id":"7","name":"\xff"}'),
    "redirect": httpx.Response(302, headers={"location": "https://sso.example/login"}),
    "not modified": httpx.Response(304),
    "server error": httpx.Response(500),
}


def copy_of(response: httpx.Response) -> httpx.Response:
    return httpx.Response(response.status_code, headers=response.headers, content=response.content)


@pytest.mark.parametrize("name", UNREADABLE)
def test_create_raises_with_outcome_unknown_when_the_response_is_unreadable(name: str) -> None:
    script = ScriptedServer(lambda _: copy_of(UNREADABLE[name]))
    with pytest.raises(Exception, match="may have taken effect") as caught:
        script.connector(allow_writes=True).sync.contacts.create(role="lead")
    assert caught.value.outcome_unknown
    assert len(script.requests) == 1


@pytest.mark.parametrize("name", UNREADABLE)
def test_create_many_marks_rows_in_doubt_when_the_response_is_unreadable(
    name: str, tmp_path: Path
) -> None:
    script = ScriptedServer(lambda _: copy_of(UNREADABLE[name]))
    c = script.connector(allow_writes=True).sync
    journal = tmp_path / "journal"
    outcome = c.contacts.create_many(ROWS, resume=journal)
    assert outcome["in_doubt"].all()
    assert not outcome["ok"].any()
    sent = len(script.requests)
    assert sent == len(ROWS)
    again = c.contacts.create_many(ROWS, resume=journal)
    assert again["in_doubt"].all()
    assert len(script.requests) == sent
    c.contacts.create_many(ROWS, resume=outcome)
    assert len(script.requests) == sent


def test_update_is_retried_when_the_response_is_unreadable() -> None:
    script = ScriptedServer(lambda _: httpx.Response(200, text="<html>"))
    with pytest.raises(InvalidResponseError) as caught:
        script.connector(allow_writes=True).sync.contacts.update("7", name="Ada")
    assert not caught.value.outcome_unknown
    assert len(script.requests) > 1


@pytest.mark.parametrize("method", ["create_many", "update_many", "delete_many", "tag_many"])
@pytest.mark.parametrize("connector_wide", [True, False])
def test_bulk_write_returns_plans_and_no_journal_when_dry_run_is_on(
    method: str, connector_wide: bool, tmp_path: Path
) -> None:
    script = ScriptedServer(lambda _: {"type": "contact", "id": "7"})
    journal = tmp_path / "journal"
    rows = pd.DataFrame({"id": ["1", "2"]})
    given: dict[str, Any] = {} if connector_wide else {"dry_run": True}
    if method == "tag_many":
        given["tag_id"] = "9"
    if method == "create_many":
        rows = pd.DataFrame(ROWS)
    c = script.connector(allow_writes=True, dry_run=connector_wide).sync
    planned = getattr(c.contacts, method)(rows, resume=journal, **given)
    assert list(planned.columns) == ["method", "url", "body"]
    assert len(planned) == len(rows)
    assert not journal.exists()
    assert not script.requests


def test_journal_line_is_ignored_when_it_has_no_request_id(tmp_path: Path) -> None:
    script = ScriptedServer(lambda _: {"type": "contact", "id": "7"})
    c = script.connector(allow_writes=True).sync
    journal = tmp_path / "journal"
    c.contacts.create_many(ROWS, resume=journal)
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    poisoned = [{**line, "id": None, "request_id": None} for line in lines if line["ok"]]
    journal.write_text("".join(json.dumps(line) + "\n" for line in poisoned))
    before = len(script.requests)
    assert c.contacts.create_many(ROWS, resume=journal)["ok"].all()
    assert len(script.requests) == before + len(ROWS)


def test_journal_counts_a_row_as_done_when_the_response_has_no_id(tmp_path: Path) -> None:
    script = ScriptedServer(lambda _: {"type": "contact"})
    c = script.connector(allow_writes=True).sync
    for _ in range(2):
        assert c.contacts.create_many(ROWS, resume=tmp_path / "journal")["ok"].all()
    assert len(script.requests) == len(ROWS)


def test_delete_many_sends_nothing_when_the_version_lacks_the_operation() -> None:
    script = ScriptedServer(lambda _: {"type": "audience", "id": "7"})
    c = script.connector(allow_writes=True).sync
    with pytest.raises(UnsupportedError, match=r"^Row 0: .*2\.16.* Nothing was sent\."):
        c.audiences.delete_many(["1", "2"])
    assert not script.requests


@pytest.mark.parametrize(
    ("entity", "method", "extra"),
    [
        ("contacts", "update_many", {"include_merge_history": True}),
        ("conversations", "delete_many", {"retain_metrics": False}),
    ],
)
def test_bulk_write_sends_nothing_when_one_row_needs_a_newer_version(
    entity: str, method: str, extra: dict[str, Any]
) -> None:
    script = ScriptedServer(lambda _: {"id": "7"})
    c = script.connector(allow_writes=True).sync
    rows = [{"id": "1"}, {"id": "2", **extra}]
    with pytest.raises(UnsupportedError, match=r"^Row 1: .*2\.16.* Nothing was sent\."):
        getattr(getattr(c, entity), method)(rows)
    assert not script.requests


def test_create_many_sends_nothing_when_one_row_has_a_wrong_type() -> None:
    script = ScriptedServer(lambda _: {"type": "contact", "id": "7"})
    with pytest.raises(InvalidParameterError, match=r"^Row 1: "):
        script.connector(allow_writes=True).sync.contacts.create_many(
            [{"role": "lead"}, {"role": 7}]
        )
    assert not script.requests


def test_create_many_returns_an_outcome_for_every_row_when_one_fails_unexpectedly() -> None:
    def respond(request: httpx.Request) -> dict[str, Any]:
        if b"N1" in request.content:
            raise LookupError("a bug")
        return {"type": "contact", "id": "7"}

    outcome = ScriptedServer(respond).connector(allow_writes=True).sync.contacts.create_many(ROWS)
    assert outcome["ok"].tolist() == [True, False, True]
    assert outcome["in_doubt"].tolist() == [False, True, False]
    assert "a bug" in outcome["error"][1]


async def test_create_many_marks_only_sent_rows_in_doubt_when_the_run_is_cancelled(
    tmp_path: Path,
) -> None:
    """The window has one request left; the other rows wait for their turn."""
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()
    reset = str(int(time.time()) + 60)
    window = {"x-ratelimit-limit": "2", "x-ratelimit-remaining": "1", "x-ratelimit-reset": reset}
    count = 0

    async def respond(request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        if count == 2:
            loop.call_soon_threadsafe(arrived.set)
            await asyncio.sleep(3600)
        return httpx.Response(200, json={"type": "contact", "id": "7"}, headers=window)

    rows = [{"role": "lead", "name": f"N{i}"} for i in range(50)]
    journal = tmp_path / "journal"
    c = IntercomConnector(
        auth_config=IntercomAuthConfig(access_token="token-of-a-test"),
        base_url="https://intercom.test",
        http=httpx.MockTransport(respond),
        allow_writes=True,
    )
    work = asyncio.ensure_future(c.contacts.create_many(rows, resume=journal))
    await asyncio.wait(
        {work, asyncio.ensure_future(arrived.wait())},
        timeout=60,
        return_when=asyncio.FIRST_COMPLETED,
    )
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert len({line["key"] for line in lines}) == count == 2
