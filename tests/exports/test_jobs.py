"""Exports: started, waited for, downloaded, unpacked, and canceled when interrupted."""

from __future__ import annotations

import asyncio
import gzip
import io
import zipfile
from typing import Any

import httpx
import pandas as pd
import pytest
from scripted_server import ScriptedServer, demo_connector

from intercom_nb.demo import DemoWorkspace
from intercom_nb.errors import InvalidParameterError, JobFailedError, WritesNotAllowedError
from intercom_nb.exports.csv import unpack_csv
from intercom_nb.runtime.progress import Progress

pytestmark = pytest.mark.slow

OCTOBER = {"created_at_after": "2026-09-01", "created_at_before": "2026-10-31"}


@pytest.fixture
def workspace() -> DemoWorkspace:
    return DemoWorkspace(rate_limit=None)


def test_content_export_returns_one_frame_when_the_job_is_complete(
    workspace: DemoWorkspace,
) -> None:
    reports: list[Progress] = []
    c = demo_connector(workspace, allow_writes=True)
    frame = c.sync.content_data_exports.run(**OCTOBER, poll_seconds=0, progress=reports.append)
    contacts = [
        r
        for r in workspace.store.people.contacts.values()
        if r["email"] and 1_788_220_800 <= r["created_at"] + 3600 <= 1_793_404_800
    ]
    assert frame["user_id"].tolist() == [r["id"] for r in contacts]
    assert str(frame["received_at"].dtype) == "datetime64[s, UTC]"
    assert str(frame["opened"].dtype) == "boolean"
    assert isinstance(frame["content_id"][0], str)
    assert len(reports) == 2
    assert frame.intercom.info["job_identifier"] == "content-1"


async def test_content_export_returns_a_frame_when_it_is_awaited(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True)
    assert len(await c.content_data_exports.run(**OCTOBER, poll_seconds=0)) > 10


def test_reporting_export_returns_one_frame_when_the_job_is_complete(
    workspace: DemoWorkspace,
) -> None:
    c = demo_connector(workspace, allow_writes=True)
    span = {"start_time": "2026-09-01", "end_time": "2026-10-01"}
    frame = c.sync.reporting_data_exports.run(dataset_id="conversation", **span, poll_seconds=0)
    asked = c.sync.conversations.search(
        created_at__gte="2026-09-01", created_at__lte="2026-10-01T00:00:00Z", limit=None
    )
    assert set(frame["conversation_id"]) == set(asked["id"])
    reply = frame.set_index("conversation_id")["time_to_admin_reply"]
    expected = asked.set_index("id")["statistics.time_to_admin_reply"]
    assert reply.sort_index().tolist() == expected.sort_index().tolist()
    few = c.sync.reporting_data_exports.run(
        dataset_id="conversation", attribute_ids=["state"], **span, poll_seconds=0
    )
    assert list(few.columns) == ["state"]
    with pytest.raises(InvalidParameterError, match="Valid datasets: conversation"):
        c.sync.reporting_data_exports.run(dataset_id="calls", **span, poll_seconds=0)


def test_job_is_refused_when_the_connector_is_read_only(workspace: DemoWorkspace) -> None:
    with pytest.raises(WritesNotAllowedError):
        demo_connector(workspace).sync.content_data_exports.run(**OCTOBER)


async def test_job_is_canceled_when_the_call_is_interrupted(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True)
    work = asyncio.ensure_future(c.content_data_exports.run(**OCTOBER, poll_seconds=3600))
    seen = workspace.requests
    while not any(r.path.startswith("/export/content/data/") for r in seen):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    for _ in range(200):
        if workspace.requests[-1].path == "/export/cancel/content-1":
            break
        await asyncio.sleep(0.01)
    assert workspace.store.tables["exports"]["content-1"]["status"] == "canceled"


def answers(status: str, content: bytes = b"") -> ScriptedServer:
    def answer(request: httpx.Request) -> httpx.Response | dict[str, Any]:
        if request.url.path.startswith("/download"):
            assert request.headers["accept"] == "application/octet-stream"
            return httpx.Response(200, content=content)
        return {"job_identifier": "j", "status": "pending" if request.method == "POST" else status}

    return ScriptedServer(answer)


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_job_raises_when_it_fails(status: str) -> None:
    with pytest.raises(JobFailedError, match=status):
        answers(status).connector(allow_writes=True).sync.content_data_exports.run(**OCTOBER)


def test_export_returns_an_empty_frame_when_there_is_no_data() -> None:
    script = answers("no_data")
    assert script.connector(allow_writes=True).sync.content_data_exports.run(**OCTOBER).empty
    assert not any(r.url.path.startswith("/download") for r in script.requests)


@pytest.mark.parametrize("status", ["completed", "complete"])
def test_job_ends_when_its_status_is_complete_or_completed(status: str) -> None:
    script = answers(status, b"a,b\n1,2\n")
    frame = script.connector(allow_writes=True).sync.content_data_exports.run(**OCTOBER)
    assert frame.to_dict("list") == {"a": [1], "b": [2]}


def test_job_wait_returns_the_result_when_the_job_is_done(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True).sync
    contact = next(iter(workspace.store.people.contacts))
    kind = next(iter(workspace.store.tables["ticket_types"]))
    job = c.tickets.enqueue_create(ticket_type_id=kind, contacts=[{"id": contact}])
    done = c.jobs.wait(job["id"][0], poll_seconds=0)
    assert c.tickets.get(done["resource_id"][0])["ticket_type.id"][0] == kind


CSV = b"id,at,flag,n,x,text\n007,1790812800,true,12,1.5,a\n,,,,,\n8,1790812800,false,-3,2.25,true\n"


def test_download_has_typed_columns_when_values_are_missing() -> None:
    frame = unpack_csv(CSV.replace(b",at,", b",sent_at,"))
    assert frame["id"].tolist()[::2] == ["007", "8"]
    assert frame["sent_at"][0] == pd.Timestamp("2026-10-01", tz="UTC")
    assert frame["flag"].tolist() == [True, pd.NA, False]
    assert (str(frame["n"].dtype), str(frame["x"].dtype)) == ("Int64", "Float64")
    assert frame["text"].tolist()[::2] == ["a", "true"]


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.csv", content)
        archive.writestr("readme.txt", b"hello")
    return made.getvalue()


def test_download_is_read_when_it_is_compressed_or_empty() -> None:
    assert unpack_csv(gzip.compress(CSV)).equals(unpack_csv(CSV))
    assert unpack_csv(zipped(one=CSV)).equals(unpack_csv(CSV))
    both = unpack_csv(zipped(one=b"a,b\n1,2\n", two=b"b,c\n3,4\n"))
    assert both["file"].tolist() == ["one.csv", "two.csv"]
    assert both["b"].tolist() == [2, 3]
    assert unpack_csv(b"").empty
    assert unpack_csv(b"a,b\n").columns.tolist() == ["a", "b"]


@pytest.mark.parametrize("broken", [b"\x1f\x8b\x08rubbish", b"PK\x03\x04rubbish", b'a,b\n1,2,3\n"'])
def test_download_raises_when_it_is_broken(broken: bytes) -> None:
    with pytest.raises(JobFailedError, match=r"unpacked|not valid CSV"):
        unpack_csv(broken)


def test_download_raises_when_it_is_truncated() -> None:
    with pytest.raises(JobFailedError):
        unpack_csv(gzip.compress(CSV * 50)[:-20])


@pytest.mark.parametrize("status", ["failed", "error", "canceled"])
def test_job_fails_at_once_when_a_504_response_has_its_status(status: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response | dict[str, Any]:
        if request.method == "POST":
            return {"job_identifier": "j", "status": "pending"}
        return httpx.Response(504, json={"job_identifier": "j", "status": status})

    script = ScriptedServer(respond)
    with pytest.raises(JobFailedError, match="Job j failed"):
        script.connector(allow_writes=True).sync.content_data_exports.run(**OCTOBER)
    assert len(script.requests) == 2


def test_job_raises_when_its_status_is_not_known() -> None:
    with pytest.raises(JobFailedError, match="'on_fire'"):
        answers("on_fire").connector(allow_writes=True).sync.content_data_exports.run(**OCTOBER)


def test_dry_run_returns_the_request_that_starts_the_job() -> None:
    script = answers("completed")
    c = script.connector(allow_writes=True, dry_run=True)
    assert c.sync.content_data_exports.run(**OCTOBER)["method"].tolist() == ["POST"]
    assert not script.requests
