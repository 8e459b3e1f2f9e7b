"""The code tab: running what it says gives the same DataFrame, for every action of the core."""

from __future__ import annotations

import ast
import inspect
import json
from types import CodeType, FunctionType

import msgspec
import pandas as pd
import pytest

import intercom_nb as inb
from intercom_nb import catalog, demo
from intercom_nb.demo import DEMO_BASE_URL, DemoTransport, serve
from intercom_nb.widgets.code import python_code
from intercom_nb.widgets.connection import Connection

from .conftest import Front, demo_connector, shared_demo

pytestmark = pytest.mark.slow

CORE = (
    "contacts", "conversations", "companies", "teams", "admins", "tags", "segments", "notes",
    "internal_articles",
)  # fmt: skip
ACTIONS = ("list", "search", "get", "create", "update", "delete")
OPERATIONS = [
    op for op in catalog.operations() if op.entity in CORE and op.action in ACTIONS
]  # fmt: skip
QUERY = {
    "join": "AND",
    "groups": [{"rows": [{"id": "1", "field": "created_at", "op": "gt", "value": "2026-09-01"}]}],
}


async def run_cell(code: str) -> pd.DataFrame:
    """Run a cell with top-level await, as a notebook does."""
    tree = compile(code, "<cell>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(tree, CodeType)
    names: dict = {}
    done = FunctionType(tree, names)()
    if inspect.isawaitable(done):
        await done
    return names["df"]


def form_for(operation: catalog.Operation) -> dict:
    """Fill in what an action needs, with ids that the demo workspace has."""
    c = demo_connector().sync
    contact, admin = c.contacts.list(limit=1)["id"][0], c.admins.list()["id"][0]
    known = {"contact_id": contact, "author_id": admin, "owner_id": admin, "admin_id": admin}
    values = {}
    for param in operation.params:
        if param.name == "from":
            values["from"] = json.dumps({"type": "user", "id": contact})
        elif param.name == "id" and param.place == "path":
            values["id"] = first_id(c, operation.entity, contact)
        elif param.required and param.name != "query":
            values[param.name] = known.get(param.name) or "Seven days, naïvely: 7 ✓"
    if operation.name in {"contacts.create", "contacts.update"}:
        values |= {"email": "ada@example.com", "custom_attributes": '{"plan": "pro"}'}
    if operation.name == "companies.create":
        values |= {"company_id": "c-1", "name": 'O\'Hara "&" Söhne'}
    return {"values": values, "query": QUERY, "limit": "7"}


def first_id(c, entity: str, contact: str) -> str:
    if entity == "notes":
        return c.notes.list(contact_id=contact, limit=1)["id"][0]
    ids = getattr(c, entity).list()["id"]
    return ids.iloc[-1] if entity == "tags" else ids[0]  # the first tags are used by segments


@pytest.mark.filterwarnings("ignore:.*first 1,000")
@pytest.mark.parametrize(
    "operation",
    [
        pytest.param(op, id=op.name, marks=pytest.mark.slow if op.writes else ())
        for op in OPERATIONS
    ],
)
async def test_the_code_gives_the_frame_that_is_shown(operation, monkeypatch):
    if not operation.writes:
        monkeypatch.setattr(demo, "DemoTransport", shared_demo)
    transport = DemoTransport() if operation.writes else shared_demo()
    explorer = inb.explore(demo_connector(transport, allow_writes=True))
    front = Front(explorer)
    outcome = front.run(operation.entity, operation.action, confirmed=True, **form_for(operation))
    assert outcome["status"] == "done", outcome
    assert ("allow_writes=True" in explorer.code) == operation.writes
    again = await run_cell(explorer.code)
    # A record that is made now has its times from the clock.
    times = [n for n in explorer.df if str(n).endswith("_at")] if operation.writes else []
    pd.testing.assert_frame_equal(explorer.df.drop(columns=times), again.drop(columns=times))


async def test_groups_joined_by_or_are_code_too(monkeypatch):
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


def test_the_code_finds_the_credential_and_never_has_it():
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


def test_the_code_names_whose_hosted_connector_it_is():
    connector = inb.IntercomConnector(
        airbyte_client_id="id-1", airbyte_client_secret="secret-1", workspace_name="acme"
    )
    [line] = Connection.of(connector).code(writes=False)
    assert line == "c = inb.connect(\"hosted\", workspace_name='acme')"


def test_the_curl_line_is_the_request_that_was_sent(tmp_path):
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
        front.run("contacts", "create", confirmed=True, values=values)
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


def test_a_cut_result_of_hosted_execution_has_code_as_well():
    explorer = inb.explore(inb.connect("demo", mode="hosted"))
    front = Front(explorer)
    assert front.run("contacts", "list")["status"] == "done"
    assert 'inb.connect("demo", mode="hosted")' in explorer.code
    assert front.result["curl"] == ""
