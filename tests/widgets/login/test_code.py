"""The Python and the curl text of the login form: run, they do what the form does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from intercom_nb import IntercomConnector
from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer
from intercom_nb.demo.airbyte.api import CONNECTOR_ID
from intercom_nb.demo.airbyte.tokens import ORGANIZATION_ID
from intercom_nb.widgets import LoginForm
from intercom_nb.widgets.connection import Connection
from intercom_nb.widgets.login.code import DEMO_PORT

from ..airbyte import CREATE, START, asked
from ..airbyte import server as server
from ..conftest import Front

pytestmark = pytest.mark.slow

VARIABLES = {
    "INTERCOM_ACCESS_TOKEN": TOKEN,
    "AIRBYTE_CLIENT_ID": CLIENT_ID,
    "AIRBYTE_CLIENT_SECRET": CLIENT_SECRET,
}
HOSTILE = "a'c\"me $(echo x) `id` \\ é & ?"
HOSTED = {
    "by workspace name": ("use", {"workspace_name": "demo"}),
    "by external user id": ("use", {"external_user_id": "demo"}),
    "by organization": ("use", {"workspace_name": "demo", "organization_id": ORGANIZATION_ID}),
    "by connector id": ("use", {"connector_id": CONNECTOR_ID, "workspace_name": ""}),
    "created": ("create", {"workspace_name": "acme", "start_date": START}),
    "created, generation 1": ("create", {"external_user_id": "joe", "start_date": START}),
    "created, all given": (
        "create",
        {
            "workspace_name": HOSTILE,
            "organization_id": ORGANIZATION_ID,
            "start_date": START,
            "name": HOSTILE,
        },
    ),
}


@pytest.fixture
def front() -> Front:
    return Front(LoginForm())


def look(front: Front, mode: str, task: str = "use", **more: Any) -> dict[str, Any]:
    return front.ask("login", do="look", mode=mode, task=task, **more)


def run_python(code: str, monkeypatch: pytest.MonkeyPatch) -> IntercomConnector:
    """Run the text with the variables set; gives the connector that it makes."""
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    names: dict[str, Any] = {}
    exec(compile(code, "<the form>", "exec"), names)
    return names["c"]


def run_curl(code: str, folder: Path) -> Any:
    """Run the text as a shell does; gives the last answer."""
    if shutil.which("curl") is None or shutil.which("bash") is None:
        pytest.skip("there is no curl, or no bash to run it, on this machine")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **VARIABLES}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", code],
        env=environment,
        cwd=folder,
        capture_output=True,
        timeout=30,
        check=True,
    )
    assert list(folder.iterdir()) == []
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", HOSTED)
def test_hosted_code_sends_the_requests_of_the_form_when_it_runs(
    front: Front,
    server: DemoServer,
    case: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    task, fields = HOSTED[case]
    form = {
        "mode": "hosted",
        "task": task,
        "fields": {**fields, "address": server.url},
    }
    shown = look(front, **form, secrets=dict(CREATE))
    assert not shown["errors"]
    assert CLIENT_SECRET not in shown["python"] + shown["curl"]

    front.say("login", **form, secrets=dict(CREATE))
    front.wait("login", status="connected")
    by_form = [request for request in asked(server) if request[0] == "POST"]
    connector = front.panel.connector
    connector.sync.close()

    server.workspace.requests.clear()
    c = run_python(shown["python"], monkeypatch)
    assert len(c.sync.contacts.list(limit=2)) == 2
    c.sync.close()
    by_python = [request for request in asked(server) if request[0] == "POST"]

    server.workspace.requests.clear()
    answer = run_curl(shown["curl"], tmp_path)
    by_curl = [request for request in asked(server) if request[0] == "POST"]

    def bodies(requests: list[Any], *, execute: bool) -> list[Any]:
        """Bodies alone: a new connector's id is another one each time, and is in the path."""
        known = [r for r in requests if r[1].endswith("/execute?[]") == execute]
        return [body for *_, body in known]

    wanted = bodies(by_form, execute=False)
    assert [b for i, b in enumerate(wanted) if b not in wanted[:i]] == bodies(
        by_python, execute=False
    )
    assert bodies(by_curl, execute=False) == bodies(by_python, execute=False)
    if task == "create":
        assert answer["name"] == fields.get("name", f"intercom - {c.details[_tenant(c)]}")
        assert answer["id"] != c.details["connector_id"]
    else:
        assert bodies(by_curl, execute=True)[0] == bodies(by_python, execute=True)[0]
        assert answer["result"][0]["type"] == "contact"


def _tenant(c: IntercomConnector) -> str:
    return "external_user_id" if c.details["generation"] == 1 else "workspace_name"


def test_token_code_connects_when_it_runs(
    front: Front, server: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    shown = look(front, "token", fields={"region": "eu", "address": server.url}, writes=True)
    c = run_python(shown["python"], monkeypatch)
    assert c.allow_writes
    assert c.sync.teams.list().attrs["intercom"]["mode"] == "direct"
    c.sync.close()
    me = run_curl(shown["curl"], tmp_path)
    assert me["app"]["name"].startswith("Lanternboard")
    sent = {(method, path) for method, path, _ in asked(server)}
    assert ("GET", "/me?[]") in sent


def test_demo_code_connects_when_there_is_no_account(
    front: Front, server: DemoServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    shown = look(front, "demo")
    assert run_python(shown["python"], monkeypatch).whoami().workspace.startswith("Lanternboard")
    there = f"http://127.0.0.1:{DEMO_PORT}"
    assert there in shown["curl"]
    me = run_curl(shown["curl"].replace(there, server.url), tmp_path)
    assert me["app"]["name"].startswith("Lanternboard")


@pytest.mark.parametrize("tenant", ["workspace_name", "external_user_id"])
def test_code_finds_the_same_connector_when_several_exist(
    front: Front, server: DemoServer, tenant: str, monkeypatch: pytest.MonkeyPatch
):
    fields = {tenant: "acme", "start_date": START, "address": server.url}
    for _ in range(2):
        after = len(front.heard)
        form = {"mode": "hosted", "task": "create", "fields": fields, "again": True}
        front.say("login", **form, secrets=dict(CREATE))
        front.wait("login", after=after, status="connected")
        made = front.panel.connector
        made.sync.close()
    lines = ["import intercom_nb as inb", *Connection.of(made).code(writes=False)]
    found = run_python("\n".join(lines), monkeypatch)
    assert found.sync.teams.list()["id"].tolist()
    assert found.details == made.details
    found.sync.close()


@pytest.mark.parametrize("region", ["us", "eu", "au"])
def test_code_names_the_region_when_one_is_chosen(front: Front, region: str, monkeypatch):
    monkeypatch.setenv("INTERCOM_REGION", "eu")
    shown = look(front, "token", fields={"region": region})
    assert f"region={region!r}" in shown["python"]
    assert ("api.intercom.io" if region == "us" else f"api.{region}.intercom.io") in shown["curl"]


def test_code_has_placeholders_when_fields_are_empty(front: Front):
    def create(**fields: str) -> tuple[str, str]:
        shown = look(front, "hosted", "create", fields=fields)
        return shown["python"], shown["curl"]

    python, curl = create(workspace_name="", start_date="")
    assert "workspace_name='<workspace name>'" in python
    assert "start_date='<YYYY-MM-DDTHH:mm:ssZ, in UTC>'" in python
    assert '"workspace_name": "<workspace name>"' in curl
    python, curl = create(workspace_name="acme", start_date=START, name="mine")
    assert "workspace_name='acme'" in python
    assert f"start_date={START!r}" in python
    assert "name='mine'" in python
    assert '"name": "mine"' in curl
    assert "https://api.airbyte.ai/api/v1/integrations/connectors" in curl
    python, curl = create(external_user_id="joe", start_date=START)
    assert "external_user_id='joe'" in python
    assert "https://cloud.airbyte.com/api/v1/applications/token" in curl
    assert "https://api.airbyte.ai/v1/integrations/connectors" in curl


def test_code_has_no_secret_when_one_is_misplaced(front: Front):
    token = "dG9rOjEyMzQ1Njc4OTA"
    for task in ("use", "create"):
        for name in ("workspace_name", "organization_id", "connector_id", "name", "start_date"):
            shown = look(
                front,
                "hosted",
                task,
                fields={"workspace_name": "acme", name: token},
                secrets={**CREATE, "access_token": token},
            )
            assert token not in shown["python"] + shown["curl"]
            if name in shown["errors"]:
                assert token not in shown["errors"][name]
    assert token not in look(front, "token", secrets={"access_token": token})["python"]
