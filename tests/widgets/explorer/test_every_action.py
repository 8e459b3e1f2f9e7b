"""The code tab, for every action: its Python gives the frame that is shown, its curl the request.

Reads are asked twice of one workspace. A write is done in a workspace, and its code in another
one that was the same until then: same seed, same clock, same writes before.
"""

from __future__ import annotations

import json
import shlex
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pandas as pd
import pytest
from connector.values import Values

import intercom_nb as inb
from intercom_nb import catalog, demo
from intercom_nb.catalog.model import Operation
from intercom_nb.demo import DemoTransport, DemoWorkspace
from intercom_nb.demo.workspace import LoggedRequest

from ..conftest import Front, demo_connector, run_cell

pytestmark = pytest.mark.slow

KNOWN = [op for op in catalog.operations() if not op.hosted_only and op.since is None]
BUILT = [{"id": "1", "field": "created_at", "op": "gt", "value": "2026-09-01"}]
TO_CANCEL, DONE = "content-9", "export-7"
now = [1_800_000_000.0]


def unlike_others() -> DemoWorkspace:
    """Make a workspace whose clock moves when it is told to, with exports that are ready."""
    workspace = DemoWorkspace(rate_limit=None, clock=lambda: now[0])
    job = {"job_identifier": DONE, "status": "completed", "download_url": "https://x.invalid/7"}
    content = {"created_at_after": 0, "created_at_before": 2_000_000_000}
    report = {"start_time": 0, "end_time": 2_000_000_000, "attribute_ids": ["state"]}
    workspace.store.tables["exports"][DONE] = job | content
    workspace.store.tables["reports"][DONE] = job | report
    Values(workspace)  # records are made when they are first looked at: here, of both alike
    return workspace


def pending(workspace: DemoWorkspace) -> None:
    job = {"job_identifier": TO_CANCEL, "status": "pending", "download_url": ""}
    workspace.store.tables["exports"][TO_CANCEL] = job


@pytest.fixture(scope="module")
def workspace() -> DemoWorkspace:
    return unlike_others()


@pytest.fixture(scope="module")
def twin() -> DemoWorkspace:
    return unlike_others()


def typed(value: Any) -> str:
    """Give a value as somebody types it into its field."""
    if isinstance(value, list) and all(isinstance(v, (str, int)) for v in value):
        return "\n".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def form_for(op: Operation, given: dict[str, Any]) -> dict[str, Any]:
    values = {n: typed(v) for n, v in given.items() if v is not None and n != "query"}
    return {"values": values, "query": {"groups": [{"rows": BUILT}]}, "limit": "7"}


def read_curl(text: str) -> tuple[str, str, list[tuple[str, str]], dict[str, str], Any]:
    """Read a curl line as a shell does: method, path, query, headers, body."""
    words = shlex.split(text.replace("\\\n", " "))
    assert words[:2] == ["curl", "-X"]
    url, rest = urlsplit(words[3]), dict.fromkeys(["-d"])
    headers = {}
    for flag, value in zip(words[4::2], words[5::2], strict=True):
        if flag == "-H":
            name, _, header = value.partition(": ")
            headers[name.lower()] = header
        else:
            rest[flag] = value
    body = None if rest["-d"] is None else json.loads(rest["-d"])
    return words[2], unquote(url.path), parse_qsl(url.query, keep_blank_values=True), headers, body


def check_curl(text: str, sent: LoggedRequest) -> None:
    method, path, query, headers, body = read_curl(text)
    assert (method, path) == (sent.method, sent.path)
    assert query == list(sent.query)
    assert body == (json.loads(sent.body) if sent.body else None)
    same = {"accept", "intercom-version", *(["content-type"] if sent.body else [])}
    assert {n: headers[n] for n in same} == {n: sent.headers[n] for n in same}
    assert headers["authorization"] == "Bearer $INTERCOM_ACCESS_TOKEN"


@pytest.mark.parametrize("op", KNOWN, ids=lambda op: op.name)
async def test_code_returns_the_shown_frame_when_any_action_was_run(
    op: Operation,
    workspace: DemoWorkspace,
    twin: DemoWorkspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    again_in = twin if op.writes else workspace
    monkeypatch.setattr(demo, "DemoTransport", lambda: DemoTransport(again_in))
    given = Values(workspace).of(op)
    if op.entity in {"content_data_exports", "reporting_data_exports"}:
        given |= dict.fromkeys({"id", "job_identifier"} & set(given), DONE)
    if op.name == "content_data_exports.cancel":
        given["job_identifier"] = TO_CANCEL
        pending(workspace)
        pending(twin)
    connector = demo_connector(DemoTransport(workspace), allow_writes=True)
    explorer = inb.explore(connector)
    front = Front(explorer)
    before = len(workspace.requests)
    outcome = front.write(op.entity, op.action, **form_for(op, given))
    assert outcome["status"] == "done", outcome
    sent = list(workspace.requests)[before:]
    check_curl(front.result["curl"], next(r for r in sent if r.method == op.method))
    assert ("allow_writes=True" in explorer.code) == op.writes
    if not op.writes:
        now[0] += 120  # a scroll that is begun and left ends after a minute
    again = await run_cell(explorer.code)
    pd.testing.assert_frame_equal(explorer.df, again, check_exact=True)


def test_explorer_offers_every_action_when_writes_are_allowed() -> None:
    """What a connector of this version cannot do is not offered."""
    front = Front(inb.explore(demo_connector(allow_writes=True)))
    front.say("hello")
    entities = front.wait("connection")["entities"]
    offered = {f"{e['name']}.{a['name']}" for e in entities for a in e["actions"]}
    assert offered == {op.name for op in KNOWN}
    assert len(offered) >= 162
