"""Extracting an entity to a folder from the explorer: progress, Cancel, going on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import httpx
import pytest

import intercom_nb as inb
from intercom_nb.catalog import entities
from intercom_nb.dataset import open_dataset
from intercom_nb.demo import DemoTransport, DemoWorkspace
from intercom_nb.extract.source import extractable
from intercom_nb.widgets.explorer.query.form_schema import catalog_forms

from ..conftest import Front, demo_connector, run_cell, shared_demo

pytestmark = pytest.mark.slow


def ended(front: Front, after: int = 0, timeout: float = 30) -> dict:
    with front._news:

        def found():
            known = (m for m in front.heard[after:] if m["kind"] == "extraction")
            return next((m for m in known if m["status"] != "running"), None)

        assert front._news.wait_for(found, timeout), front.heard[after:]
        return found()


def test_forms_offer_extraction_only_when_the_entity_is_extractable() -> None:
    offered = {e["name"] for e in catalog_forms("direct") if e["extracts"]}
    connector = demo_connector(version="Preview")
    assert offered == set(extractable(connector._executor))
    assert offered < set(entities())
    hosted = inb.connect("demo", mode="hosted")
    in_hosted = {e["name"] for e in catalog_forms("hosted") if e["extracts"]}
    assert in_hosted == set(extractable(hosted._executor))


def test_extract_shows_progress_when_a_query_runs_too(tmp_path: Path) -> None:
    front = Front(inb.explore(demo_connector()))
    to = str(tmp_path / "acme")
    front.say("extract", entity="companies", to=to)
    front.wait("extraction", status="running")
    assert front.run("tags", "list")["status"] == "done"
    done = ended(front)
    count = len(demo_connector().sync.companies.list())
    assert done["status"] == "done", done
    assert ["companies", count] in done["tables"]
    assert len(open_dataset(to).pandas("companies")) == count
    reports = [m["progress"] for m in front.heard if m["kind"] == "extraction" and "progress" in m]
    assert reports
    assert {"rows", "total", "rows_per_second", "requests_per_second", "allowed", "left"} <= set(
        reports[0]
    )


def test_extraction_can_be_completed_when_it_was_stopped(tmp_path: Path) -> None:
    workspace = DemoWorkspace(rate_limit=None)
    demo = DemoTransport(workspace)
    answered = 0

    async def slow_after_a_while(request: httpx.Request) -> httpx.Response:
        nonlocal answered
        answered += 1
        if answered > 12:
            await asyncio.sleep(60)
        return await demo.handle_async_request(request)

    front = Front(inb.explore(demo_connector(httpx.MockTransport(slow_after_a_while))))
    to = str(tmp_path / "acme")
    front.say("extract", entity="conversations", to=to)
    front.wait("extraction", status="running")
    with front._news:
        assert front._news.wait_for(lambda: answered > 12, 20)
    clicked = time.monotonic()
    front.say("extract_cancel")
    stopped = ended(front)
    assert time.monotonic() - clicked < 2
    assert stopped["status"] == "cancelled"
    assert "Download to the same folder to resume" in stopped["text"]

    again = Front(inb.explore(demo_connector(demo)))
    again.say("extract", entity="conversations", to=to)
    assert ended(again)["status"] == "done"
    rows = open_dataset(to).pandas("conversations")["id"]
    assert sorted(rows) == sorted(workspace.store.conversations)


async def test_extraction_code_completes_the_dataset_when_the_form_was_stopped(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr("intercom_nb.demo.DemoTransport", shared_demo)
    front = Front(inb.explore(demo_connector(DemoTransport(latency=60))))
    to = str(tmp_path / "acme")
    front.say("extract", entity="teams", to=to)
    front.wait("extraction", status="running")
    front.say("extract_cancel")
    stopped = ended(front)
    assert stopped["status"] == "cancelled"
    dataset = await run_cell(stopped["code"], "ds")
    assert len(dataset.pandas("teams")) == 6


def test_extract_shows_an_error_when_the_folder_is_not_valid(tmp_path: Path) -> None:
    front = Front(inb.explore(demo_connector()))
    front.say("extract", entity="tags", to="  ")
    assert "Enter a folder" in ended(front)["text"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("not a dataset")
    after = len(front.heard)
    front.say("extract", entity="tags", to=str(tmp_path / "mine"))
    failed = ended(front, after)
    assert failed["status"] == "error"
    assert (tmp_path / "mine" / "letter.txt").read_text() == "not a dataset"
