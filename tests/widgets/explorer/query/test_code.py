"""The code tab: credentials, queries, files and curl lines that need more than every action."""

from __future__ import annotations

import msgspec
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import catalog, demo
from intercom_nb.demo import DEMO_BASE_URL, serve
from intercom_nb.widgets.connection import Connection
from intercom_nb.widgets.explorer.query.code import python_code

from ...conftest import Front, demo_connector, run_cell, shared_demo

pytestmark = pytest.mark.slow


async def test_code_returns_the_rows_when_groups_are_joined_by_or(monkeypatch):
    monkeypatch.setattr(demo, "DemoTransport", shared_demo)
    front = Front(inb.explore(demo_connector()))
    groups = [
        {"rows": [{"id": "1", "field": "state", "op": "eq", "value": "snoozed"}]},
        {
            "join": "AND",
            "rows": [
                {"id": "2", "field": "state", "op": "eq", "value": "open"},
                {"id": "3", "field": "source.type", "op": "in", "value": "email, whatsapp"},
            ],
        },
    ]
    front.run("conversations", "search", query={"join": "OR", "groups": groups}, limit="")
    frame = front.panel.df
    everything = demo_connector().sync.conversations.list(limit=None)
    kept = everything["state"].eq("snoozed") | (
        everything["state"].eq("open") & everything["source.type"].isin(["email", "whatsapp"])
    )
    assert set(frame["id"]) == set(everything.loc[kept, "id"])
    assert len(frame) > 50
    pd.testing.assert_frame_equal(frame, await run_cell(front.panel.code))


def test_code_has_no_credential_when_the_connector_is_direct():
    operation = catalog.operation("tags", "list")

    def lines(**connection) -> str:
        return python_code(Connection(**connection), operation, {})

    us = lines(mode="direct", base_url="https://api.intercom.io", writes=False)
    assert "c = inb.connect()  # INTERCOM_ACCESS_TOKEN" in us
    eu = lines(mode="direct", base_url="https://api.eu.intercom.io", writes=False)
    assert "inb.connect(region='eu')" in eu
    own = lines(mode="direct", base_url="http://127.0.0.1:9", writes=False)
    assert "inb.connect(base_url='http://127.0.0.1:9')" in own
    hosted = lines(mode="hosted", base_url=DEMO_BASE_URL, writes=False)
    assert 'inb.connect("demo", mode="hosted")' in hosted


def test_code_names_the_workspace_when_the_connector_is_hosted():
    connector = inb.IntercomConnector(
        airbyte_client_id="id-1", airbyte_client_secret="secret-1", workspace_name="acme"
    )
    [line] = Connection.of(connector).code(writes=False)
    assert line == "c = inb.connect(\"hosted\", workspace_name='acme')"


def test_curl_sends_the_same_request_when_a_shell_runs_it(tmp_path):
    """Run it with a program of its own, which reads the line as a shell does."""
    import shutil
    import subprocess

    shell = shutil.which("sh")
    if shutil.which("curl") is None or shell is None:
        pytest.skip("no curl")
    with serve() as server:
        c = inb.IntercomConnector(
            auth_config=inb.IntercomAuthConfig("demo"), base_url=server.url, allow_writes=True
        )
        front = Front(inb.explore(c))
        values = {"email": "o'hara@example.com", "name": 'Zoë "Zo" $HOME `id`'}
        front.write("contacts", "create", values=values)
        front.say("run", entity="contacts", action="delete", values={"id": front.panel.df["id"][0]})
        curl = front.result["curl"]
        sent = server.workspace.requests[-1]
        with_token = {"INTERCOM_ACCESS_TOKEN": "demo", "PATH": "/usr/bin:/bin"}
        line = [shell, "-c", curl.replace("curl ", "curl -s ", 1)]
        subprocess.run(line, env=with_token, check=True, capture_output=True, timeout=20)
        again = server.workspace.requests[-1]
        assert (again.method, again.path) == (sent.method, sent.path)
        assert msgspec.json.decode(again.body) == msgspec.json.decode(sent.body) == values
        assert again.headers["intercom-version"] == sent.headers["intercom-version"]
        c.sync.close()


def test_code_is_offered_when_a_hosted_result_is_cut():
    explorer = inb.explore(inb.connect("demo", mode="hosted"))
    front = Front(explorer)
    assert front.run("contacts", "list")["status"] == "done"
    assert 'inb.connect("demo", mode="hosted")' in explorer.code
    assert front.result["curl"] == ""


async def test_code_has_the_api_version_when_the_connector_names_one(monkeypatch):
    monkeypatch.setattr(demo, "DemoTransport", shared_demo)
    explorer = inb.explore(demo_connector(version="2.14"))
    front = Front(explorer)
    front.run("tags", "list")
    assert "c = inb.connect(\"demo\", version='2.14')" in explorer.code
    assert "'Intercom-Version: 2.14'" in front.result["curl"]
    pd.testing.assert_frame_equal(explorer.df, await run_cell(explorer.code))
    front.say("hello")
    offered = front.wait("connection")["entities"]
    newest = Front(inb.explore(demo_connector(version="Preview")))
    newest.say("hello")
    assert len(newest.wait("connection")["entities"]) > len(offered)
