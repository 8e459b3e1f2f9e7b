"""The login form: modes, what is wrong where, and that a credential stays nowhere."""

from __future__ import annotations

import functools
import json
import secrets
import sys
import types
from collections.abc import Iterator
from pathlib import Path

import ipywidgets
import keyring
import keyring.backend
import keyring.errors
import pytest

import intercom_nb as inb
from intercom_nb import IntercomConnector
from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, DEMO_BASE_URL, TOKEN, DemoTransport
from intercom_nb.errors import CredentialError
from intercom_nb.widgets import LoginForm, explore

from ..conftest import Front, demo_connector

pytestmark = pytest.mark.slow


@pytest.fixture
def form() -> LoginForm:
    return LoginForm()


@pytest.fixture
def front(form: LoginForm) -> Front:
    return Front(form)


@pytest.fixture
def demo_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the connectors that the form makes reach the demo workspace instead of the network."""
    at_demo = functools.partial(IntercomConnector, http=DemoTransport())
    options = {"airbyte_api_url": DEMO_BASE_URL, "airbyte_auth_url": DEMO_BASE_URL}

    def make(**given):
        return at_demo(**given, **({} if "auth_config" in given else options))

    monkeypatch.setattr(sys.modules[LoginForm.__module__], "IntercomConnector", make)


def test_form_connects_when_the_demo_is_clicked(form: LoginForm, front: Front):
    front.say("login", mode="demo")
    said = front.wait("login", status="connected")
    assert said["name"].startswith("Lanternboard")
    assert "c = form.connector\n" in front.wait("next")["code"]
    assert form.connector is not None
    assert len(form.connector.sync.teams.list()) > 0
    assert form.connector.allow_writes is False


@pytest.mark.usefixtures("demo_behind")
def test_form_connects_only_when_the_token_is_valid(form: LoginForm, front: Front):
    front.say("login", mode="token", fields={"region": "eu"}, secrets={"access_token": "wrong"})
    refused = front.wait("login", status="error")
    assert "401" in refused["text"]
    assert form.connector is None
    front.say("login", mode="token", fields={"region": "eu"}, secrets={"access_token": TOKEN})
    front.wait("login", status="connected")
    assert form.connector is not None
    assert form.connector.base_url == "https://api.eu.intercom.io"


@pytest.mark.usefixtures("demo_behind")
@pytest.mark.parametrize("name", ["external_user_id", "workspace_name"])
def test_form_connects_when_the_mode_is_hosted(form: LoginForm, front: Front, name: str):
    front.say(
        "login",
        mode="hosted",
        fields={name: "demo"},
        secrets={"airbyte_client_id": CLIENT_ID, "airbyte_client_secret": CLIENT_SECRET},
    )
    front.wait("login", status="connected")
    assert form.connector is not None
    assert form.connector.mode == "hosted"


@pytest.mark.parametrize(
    ("mode", "fields", "typed", "field", "text"),
    [
        ("token", {}, {"access_token": ""}, "access_token", "Paste the"),
        ("token", {}, {"access_token": "  \n"}, "access_token", "Paste the"),
        ("token", {}, {"access_token": "Bearer abc"}, "access_token", "leave that out"),
        ("token", {}, {"access_token": "'abc'"}, "access_token", "quotes"),
        ("token", {}, {"access_token": "a b"}, "access_token", "Copy it again"),
        ("token", {}, {}, "access_token", "Paste the"),
        ("token", {}, {"access_token": 7}, "access_token", "Paste the"),
        ("hosted", {}, {"airbyte_client_id": ""}, "airbyte_client_id", "Paste the"),
        (
            "hosted",
            {"external_user_id": " ", "workspace_name": ""},
            {"airbyte_client_id": "id-7", "airbyte_client_secret": "secret-8"},
            "workspace_name",
            "external user id",
        ),
    ],
)
def test_error_is_at_its_field_when_a_value_is_missing_or_malformed(
    front: Front, mode, fields, typed, field, text
):
    front.say("login", mode=mode, fields=fields, secrets=dict(typed))
    errors = front.wait("login", status="error")["errors"]
    assert field in errors
    assert text in errors[field]
    assert not any(str(v) in errors[field] for v in typed.values() if str(v).strip())


@pytest.mark.usefixtures("demo_behind")
def test_message_and_state_have_no_credential_when_one_was_typed(form: LoginForm, front: Front):
    token = secrets.token_hex(16)
    message = front.say("login", mode="token", secrets={"access_token": token, "other": [token]})
    front.wait("login", status="error")
    assert token not in repr(message)
    state = json.dumps(ipywidgets.Widget.get_manager_state(widgets=[form]))
    assert token not in state
    assert token not in json.dumps([m for m in front.heard if m["kind"] == "login"])


def test_check_ends_when_it_is_cancelled(front: Front, monkeypatch):
    slow = functools.partial(IntercomConnector, http=DemoTransport(latency=60))
    monkeypatch.setattr(sys.modules[LoginForm.__module__], "IntercomConnector", slow)
    front.say("login", mode="token", secrets={"access_token": TOKEN})
    front.wait("login", status="checking")
    front.say("login_cancel")
    front.wait("login", status="idle", timeout=0.5)


def test_offer_names_the_source_when_a_credential_is_found(front: Front, monkeypatch):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", "dG9rOnNvbWU")
    front.say("hello")
    offer = front.wait("offer")
    assert offer["found"] == "environment variable INTERCOM_ACCESS_TOKEN"
    assert offer["regions"] == ["us", "eu", "au"]
    assert "dG9rOnNvbWU" not in json.dumps(offer)


def test_explorer_starts_with_the_form_when_there_is_no_connector():
    explorer = explore()
    front = Front(explorer)
    front.say("hello")
    assert front.wait("connection")["connection"] is None
    front.say("login", mode="demo")
    front.wait("login", status="connected")
    front.wait("connection", after=3)
    assert explorer.connector is not None
    assert front.run("tags", "list")["status"] == "done"


def test_query_is_cancelled_when_the_workspace_is_switched():
    before = demo_connector(DemoTransport(latency=60))
    explorer = explore(before)
    front = Front(explorer)
    front.say("run", entity="contacts", action="list", limit="5")
    front.wait("run", status="running")
    front.say("login", mode="demo", writes=True)
    front.wait("login", status="connected")
    front.wait("run", status="cancelled")
    front.wait("connection")
    assert explorer.connector is not before
    assert explorer.connector.allow_writes is True


@pytest.mark.parametrize(
    ("stdin", "software", "form"),
    [(True, "", True), (False, "", False), (False, "voila/0.5.13", True)],
)
def test_form_is_plain_text_when_there_is_no_front_end(monkeypatch, stdin, software, form):
    kernel = types.SimpleNamespace(get_parent=lambda _: {"content": {"allow_stdin": stdin}})
    shell = types.SimpleNamespace(kernel=kernel)
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setenv("SERVER_SOFTWARE", software)
    answer = inb.login()
    assert isinstance(answer, LoginForm) is form
    assert answer.connector is None
    assert 'connect("demo")' in repr(answer)


def test_form_is_plain_text_when_a_script_shows_it():
    assert "Connect in code" in repr(inb.login())


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring that lives as long as a test."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        if username not in self.kept:
            raise keyring.errors.PasswordDeleteError(username)
        del self.kept[username]


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before, mine = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.mark.usefixtures("demo_behind")
def test_token_is_remembered_only_when_it_is_valid_and_the_box_is_ticked(front: Front, memory):
    def connect(token: str, remember: bool) -> dict:
        after = len(front.heard)
        front.say("login", mode="token", secrets={"access_token": token}, remember=remember)
        front.wait("login", after=after, status="checking")
        return front.wait("login", after=after + 1)

    assert connect("wrong", remember=True)["status"] == "error"
    assert connect(TOKEN, remember=False)["status"] == "connected"
    assert memory.kept == {}
    assert "Saved to this computer's keyring" in connect(TOKEN, remember=True)["note"]
    assert memory.kept == {"INTERCOM_ACCESS_TOKEN": TOKEN, "INTERCOM_REGION": "us"}
    front.say("hello")
    assert front.wait("offer")["found"] == "this computer's keyring"
    assert (
        front.ask("forget")["text"]
        == "Deleted from the keyring: INTERCOM_ACCESS_TOKEN, INTERCOM_REGION."
    )
    assert front.ask("forget")["text"] == "Nothing was saved."


def test_form_connects_when_the_found_credential_is_clicked(
    front: Front, form: LoginForm, monkeypatch
):
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", TOKEN)
    at_demo = functools.partial(inb.connect, http=DemoTransport())
    monkeypatch.setattr(sys.modules[LoginForm.__module__], "connect", at_demo)
    front.say("login", mode="found")
    front.wait("login", status="connected")
    assert form.connector is not None
    assert "environment variable INTERCOM_ACCESS_TOKEN" in repr(form.connector)


@pytest.mark.usefixtures("demo_behind")
def test_form_still_connects_when_stored_credentials_cannot_be_read(
    front: Front, form: LoginForm, monkeypatch: pytest.MonkeyPatch
):
    def unreadable(*_: object) -> None:
        raise CredentialError("The keyring cannot be read.")

    monkeypatch.setattr(
        sys.modules[LoginForm.__module__.replace("login_form", "fields")],
        "secret_setting",
        unreadable,
    )
    front.say("hello")
    offer = front.wait("offer")
    assert offer["credential_problem"] == "The keyring cannot be read."
    assert offer["found"] is None
    front.say("login", mode="token", secrets={"access_token": ""})
    errors = front.wait("login", status="error")["errors"]
    assert errors == {"access_token": "The keyring cannot be read."}
    front.say("login", mode="token", secrets={"access_token": TOKEN})
    front.wait("login", status="connected")
    assert form.connector is not None


@pytest.mark.usefixtures("demo_behind")
def test_login_form_uses_the_remembered_region_when_no_other_source_has_one(
    front: Front, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.chdir(tmp_path)
    typed = {"fields": {"region": "eu"}, "secrets": {"access_token": TOKEN}, "remember": True}
    front.say("login", mode="token", **typed)
    front.wait("login", status="connected")

    def region(**given: str) -> str:
        return (
            inb.connect(**given).base_url.removeprefix("https://api.").removesuffix("intercom.io")
        )

    def offered() -> tuple[str, str]:
        after = len(front.heard)
        front.say("hello")
        offer = front.wait("offer", after=after)
        return offer["region"], offer["region_problem"]

    assert region() == "eu."
    assert offered() == ("eu", "")
    (tmp_path / ".env").write_text("INTERCOM_REGION=au")
    assert region() == "au."
    assert offered() == ("au", "")
    monkeypatch.setenv("INTERCOM_REGION", "us")
    assert region() == ""
    assert offered() == ("us", "")
    assert region(region="eu") == "eu."
    monkeypatch.setenv("INTERCOM_REGION", "mars")
    shown, problem = offered()
    assert shown == "us"
    assert "'mars'" in problem
    assert "us, eu, au" in problem
    assert "environment variable INTERCOM_REGION" in problem
