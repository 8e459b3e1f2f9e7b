"""The login form in hosted mode: creating, choosing, testing, and what goes wrong on the way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer
from intercom_nb.demo.airbyte.api import CONNECTOR_ID
from intercom_nb.demo.airbyte.tokens import ORGANIZATION_ID
from intercom_nb.models import RetryPolicy
from intercom_nb.widgets import LoginForm

from ..airbyte import CREATE, SECRETS, START
from ..airbyte import server as server
from ..conftest import Front
from .test_login_form import memory as memory

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:9"


class Form:
    """The form, filled in and sent as the page does it."""

    def __init__(self) -> None:
        self.widget = LoginForm()
        self.front = Front(self.widget)

    def press(self, task: str, do: str = "connect", **given: Any) -> dict[str, Any]:
        """Press Connect or Test, and wait for what is said in the end."""
        after = len(self.front.heard)
        secrets = {**(CREATE if task == "create" else SECRETS), **given.pop("secrets", {})}
        message = {"mode": "hosted", "task": task, "do": do, "secrets": secrets, **given}
        self.front.say("login", **message)
        said = self.front.wait("login", after=after)
        if said["status"] != "checking":
            return said
        return self.front.wait("login", after=self.front.heard.index(said, after) + 1)

    def create(self, address: str, do: str = "connect", **given: Any) -> dict[str, Any]:
        fields = {"workspace_name": "acme", "start_date": START, "address": address}
        return self.press(
            "create", do, **{"fields": {**fields, **given.pop("fields", {})}, **given}
        )

    def use(self, address: str, do: str = "connect", **given: Any) -> dict[str, Any]:
        fields = {"workspace_name": "demo", "address": address, **given.pop("fields", {})}
        return self.press("use", do, fields=fields, **given)


@pytest.fixture
def form() -> Iterator[Form]:
    made = Form()
    yield made
    if made.widget.connector is not None:
        made.widget.connector.sync.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repeat without waiting, which is all that is different from what a person sees."""
    monkeypatch.setattr(RetryPolicy, "wait", lambda *_: 0.0)


@pytest.mark.parametrize("tenant", ["workspace_name", "external_user_id"])
def test_form_connects_when_it_created_a_connector(form: Form, server: DemoServer, tenant: str):
    fields = {"workspace_name": "acme", "start_date": START, "address": server.url, "name": "mine"}
    fields[tenant] = fields.pop("workspace_name")
    said = form.press("create", fields=fields, writes=True)
    assert said["status"] == "connected"
    connector = form.widget.connector
    assert connector is not None
    assert connector.allow_writes
    assert connector.details["connector_id"] in said["note"]
    assert len(connector.sync.contacts.list(limit=3)) == 3
    [made] = [c for c in server.workspace.airbyte.connectors.values() if c.workspace == "acme"]
    assert (made.name, made.token, made.id) == ("mine", TOKEN, connector.details["connector_id"])


def test_login_form_creates_a_second_connector_when_the_user_confirms_it(
    form: Form, server: DemoServer
):
    assert form.create(server.url)["status"] == "connected"
    form.widget.connector.sync.close()
    said = form.create(server.url)
    assert said["status"] == "exists"
    assert said["whose"] == "acme"
    [there] = said["found"]
    assert there["name"] == "intercom - acme"
    assert len(server.workspace.airbyte.connectors) == 2
    assert form.create(server.url, again=True)["status"] == "connected"
    assert len(server.workspace.airbyte.connectors) == 3


def test_form_offers_a_choice_when_several_connectors_exist(form: Form, server: DemoServer):
    for name in ("first", "second"):
        said = form.create(server.url, fields={"name": name}, again=True)
        form.widget.connector.sync.close()
    said = form.use(server.url, fields={"workspace_name": "acme"})
    assert said["status"] == "error"
    assert said["title"] == "Several Intercom connectors match."
    assert [each["name"] for each in said["found"]] == ["first", "second"]
    chosen = said["found"][1]["id"]
    said = form.use(server.url, fields={"workspace_name": "acme", "connector_id": chosen})
    assert said["status"] == "connected"
    assert form.widget.connector.details["connector_id"] == chosen


def test_login_form_stores_nothing_when_test_is_pressed(form: Form, server: DemoServer, memory):
    said = form.use(server.url, "test", remember=True)
    assert said["status"] == "tested"
    assert "Success: connected to demo" in said["text"]
    said = form.create(server.url, "test", remember=True)
    assert "'acme' has no connector yet" in said["text"]
    said = form.create(server.url, "test", fields={"workspace_name": "demo"})
    assert f"({CONNECTOR_ID})" in said["text"]
    assert form.widget.connector is None
    assert list(server.workspace.airbyte.connectors) == [CONNECTOR_ID]
    assert memory.kept == {}
    assert form.use(server.url, "test", secrets={"airbyte_client_secret": "x"})["title"]


def test_login_form_offers_to_delete_the_connector_when_intercom_refuses_the_token(
    form: Form, server: DemoServer
):
    said = form.create(server.url, secrets={"access_token": "bm90LXRoZS10b2tlbg"})
    assert said["status"] == "error"
    assert "Intercom rejected the token" in said["title"]
    [made] = [c for c in server.workspace.airbyte.connectors.values() if c.workspace == "acme"]
    assert made.id in said["title"]
    assert said["deletable"] is True
    assert form.widget.connector is None
    after = len(form.front.heard)
    form.front.say("login", do="delete")
    assert "Deleted" in form.front.wait("login", after=after)["text"]
    assert list(server.workspace.airbyte.connectors) == [CONNECTOR_ID]


def test_deletion_is_not_offered_when_the_generation_is_the_first(form: Form, server: DemoServer):
    fields = {"external_user_id": "joe", "start_date": START, "address": server.url}
    said = form.press("create", fields=fields, secrets={"access_token": "bm90LXRoZS10b2tlbg"})
    assert said["status"] == "error"
    assert said["deletable"] is False


FAILURES = {
    "client": ({"secrets": {"airbyte_client_secret": "x"}}, "this client id and secret", "401"),
    "workspace": ({"fields": {"workspace_name": "nobody"}}, "No such connector", "'nobody'"),
    "connector": ({"fields": {"connector_id": "no-such"}}, "No such connector", "404"),
    "organization": (
        {"fields": {"organization_id": "00000000-0000-4000-8000-000000000000"}},
        "lacks permission for that",
        "403",
    ),
    "nobody there": ({"fields": {"address": NOWHERE}}, "Can't reach the server", NOWHERE),
}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("case", FAILURES)
def test_failure_has_a_title_and_advice_when_connecting_fails(
    form: Form, server: DemoServer, case: str
):
    given, title, text = FAILURES[case]
    said = form.use(server.url, **given)
    assert said["status"] == "error"
    assert title in said["title"]
    assert "Your entries are still here." in said["advice"]
    assert len(said["advice"]) > 60
    assert text in said["text"]
    assert not any(value in json.dumps(form.front.heard) for value in (CLIENT_ID, CLIENT_SECRET))


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("path", "status", "title", "text"),
    [
        ("/api/v1/account", 404, "doesn't support this request", "does not know"),
        ("/api/v1/integrations/connectors", 422, "rejected the request", "422"),
        ("/api/v1/integrations/connectors", 500, "Server error", "500"),
    ],
)
def test_failure_includes_the_message_when_the_service_refuses(
    form: Form, server: DemoServer, path: str, status: int, title: str, text: str
):
    for method in ("GET", "POST"):
        server.workspace.inject(status=status, path_prefix=path, method=method, times=9)
    said = form.create(server.url)
    assert title in said["title"]
    assert text in said["text"]
    assert list(server.workspace.airbyte.connectors) == [CONNECTOR_ID]


WRONG = {
    "start_date": [
        ("", "such as 2026-01-01T00:00:00Z"),
        ("2026-01-01", "Did you mean '2026-01-01T00:00:00Z'?"),
        ("2026-01-01T00:00:00+02:00", "Did you mean '2025-12-31T22:00:00Z'?"),
        ("2026-02-30T00:00:00Z", "YYYY-MM-DDTHH:mm:ssZ"),
        ("yesterday", "YYYY-MM-DDTHH:mm:ssZ"),
        ("2999-01-01T00:00:00Z", "future"),
        ("dG9rOjEyMzQ", "looks like an Intercom access token"),
    ],
    "workspace_name": [
        ("", "Enter the workspace name"),
        ("dG9rOjEyMzQ", "looks like an Intercom access token"),
        ("<workspace>", "Replace the placeholder"),
        ("ac\x00me", "control character"),
    ],
    "external_user_id": [("", "external user id"), ("dG9rOjEyMzQ", "Paste it into the token box")],
    "organization_id": [("Acme Inc", "such as 6f1d2a0c-3b7e-4c55-9a41-0d3a5e8f7c21, not the name")],
    "address": [
        ("http://api.airbyte.ai", "must start with https://"),
        ("not an address", "is not a valid base URL"),
        ("https://me:pw@airbyte.test", "user name or password"),
    ],
}


@pytest.mark.parametrize(
    ("name", "value", "text"), [(n, value, text) for n in WRONG for value, text in WRONG[n]]
)
def test_error_is_at_its_field_before_any_request_when_a_value_is_not_valid(
    form: Form, server: DemoServer, name: str, value: str, text: str
):
    fields = {"workspace_name": "acme", "start_date": START, "address": server.url, name: value}
    if name == "external_user_id":
        del fields["workspace_name"]
    said = form.press("create", fields=fields)
    assert said["status"] == "error"
    assert list(said["errors"]) == [name]
    assert text in said["errors"][name]
    looked = form.front.ask("login", do="look", mode="hosted", task="create", fields=fields)
    assert looked["errors"] == said["errors"]  # told when the field is left, by the same rule
    assert not server.workspace.requests


def test_errors_are_all_shown_when_several_fields_are_not_valid(form: Form):
    typed = {
        "access_token": "Bearer x",
        "airbyte_client_id": "dG9rOjEyMzQ",
        "airbyte_client_secret": "a b",
    }
    said = form.press("create", fields={"workspace_name": "", "start_date": ""}, secrets=typed)
    assert {name: text.split(".")[0] for name, text in said["errors"].items()} == {
        "workspace_name": "Enter the workspace name or the external user id",
        "start_date": "Enter the start date in UTC, such as 2026-01-01T00:00:00Z, or pick a day",
        "airbyte_client_id": "This is an Intercom access token, not the Airbyte client id",
        "airbyte_client_secret": "The Airbyte client secret has spaces, line breaks or other "
        "characters that tokens do not have",
        "access_token": "The access token starts with 'Bearer': leave that out",
    }


def test_field_is_checked_without_its_secret_leaking_when_it_loses_focus(form: Form):
    message = form.front.say(
        "login", do="look", token="t", mode="token", secrets={"access_token": "'tok-quoted'"}
    )
    answer = form.front.wait("answer", token="t")
    assert "quotes" in answer["errors"]["access_token"]
    assert "tok-quoted" not in repr(message) + json.dumps(form.front.heard)


def test_found_credential_is_used_when_the_field_is_empty(
    form: Form, server: DemoServer, monkeypatch
):
    monkeypatch.setenv("AIRBYTE_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", TOKEN)
    form.front.say("hello")
    assert set(form.front.wait("offer")["sources"]) == set(CREATE)
    assert form.create(server.url, secrets=dict.fromkeys(CREATE, ""))["status"] == "connected"
    assert "environment variable AIRBYTE_CLIENT_SECRET" in repr(form.widget.connector)


def test_login_form_restores_values_without_secrets_when_the_page_is_reloaded(form: Form):
    fields = {"workspace_name": "acme", "start_date": START}
    shown = {"mode": "hosted", "task": "create", "fields": fields, "writes": True}
    form.front.ask("login", do="look", **shown, secrets=dict(CREATE))
    after = len(form.front.heard)
    form.front.say("hello")
    assert form.front.wait("offer", after=after)["typed"] == shown


def test_keyring_has_client_and_organization_when_they_are_remembered(
    form: Form, server: DemoServer, memory
):
    said = form.create(server.url, fields={"organization_id": ORGANIZATION_ID}, remember=True)
    assert "Saved to this computer's keyring" in said["note"]
    client = {"AIRBYTE_CLIENT_ID": CLIENT_ID, "AIRBYTE_CLIENT_SECRET": CLIENT_SECRET}
    assert memory.kept == {**client, "AIRBYTE_ORGANIZATION_ID": ORGANIZATION_ID}
    form.widget.connector.sync.close()
    assert form.use(server.url, remember=True)["status"] == "connected"
    assert memory.kept == client  # the organization was another client's


def test_login_form_reports_an_unknown_outcome_when_creation_was_cancelled(
    form: Form, server: DemoServer
):
    server.latency = 0.4
    fields = {"workspace_name": "acme", "start_date": START, "address": server.url}
    form.front.say("login", mode="hosted", task="create", fields=fields, secrets=dict(CREATE))
    form.front.wait("login", status="checking", text="Creating the connector…")
    form.front.say("login_cancel")
    assert "may exist already" in form.front.wait("login", status="idle", timeout=1)["text"]
