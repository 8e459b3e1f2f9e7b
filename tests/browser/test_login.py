"""The login form in JupyterLab: a hosted connector made by the keyboard alone, and its looks."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, DemoServer, serve

from .harness import Lab
from .test_explorer import explorer_of, run_cell

# Takes a client and a token that the notebook knows by their hashes alone.
SERVICE = """
import hashlib
import intercom_nb as inb
from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, TOKEN, serve
from intercom_nb.demo.airbyte.http import unauthenticated

server = serve(port={port}).start()
service = server.workspace.airbyte
take, add = service.tokens.login, service._add

def is_known(text, digest):
    return hashlib.sha256(text.encode()).hexdigest() == digest

def login(client_id, client_secret):
    if is_known(client_id, "{client_id}") and is_known(client_secret, "{client_secret}"):
        return take(CLIENT_ID, CLIENT_SECRET)
    raise unauthenticated()

def create(workspace, body):
    if is_known(body["credentials"]["access_token"], "{token}"):
        body["credentials"]["access_token"] = TOKEN
    return add(workspace, body)

service.tokens.login, service._add = login, create
form = inb.login()
form
"""
LIST = "print('contacts:', len(form.connector.sync.contacts.list(limit=7)), form.connector.mode)"
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node.closest('.inb-login')) return null;
  const label = node.labels?.[0] ?? (node.getAttribute('aria-label') ? null : node);
  return label ? label.textContent.trim() : node.getAttribute('aria-label');
}"""

DARK = """() => window.jupyterapp.commands.execute(
  'apputils:change-theme', {theme: 'JupyterLab Dark'})"""


def go_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"Tab does not reach {name!r}")


def fill(page: Page, name: str, text: str) -> None:
    """Go to a box, and type over what is in it."""
    go_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def free_port() -> int:
    with serve() as server:
        return int(server.url.rpartition(":")[2])


def test_login_form_creates_a_hosted_connector_when_used_by_keyboard_alone(lab: Lab):
    typed = {
        "client_id": f"id-{secrets.token_hex(12)}",
        "client_secret": secrets.token_hex(20),
        "token": f"dG9r{secrets.token_hex(16)}",
    }
    digests = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in typed.items()}
    port = free_port()
    lab.write("hosted.ipynb", [SERVICE.format(port=port, **digests), LIST])
    with lab.open("hosted.ipynb", save_widget_state=True, size=(1440, 1000)) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        form.get_by_role("button", name="Connect").wait_for()

        go_to(page, "Demo workspace")
        for _ in range(2):
            page.keyboard.press("ArrowRight")
        go_to(page, "Use an existing connector")
        page.keyboard.press("ArrowRight")
        assert page.evaluate(FOCUSED) == "Create a connector"
        fill(page, "Workspace name", "acme")
        fill(page, "Airbyte client id", typed["client_id"])
        fill(page, "Airbyte client secret", typed["client_secret"])
        fill(page, "Intercom access token", typed["token"])
        fill(page, "Start date (UTC)", "2026-01-01")
        go_to(page, "Name (optional)")
        expect(form.get_by_text("Did you mean '2026-01-01T00:00:00Z'?")).to_be_visible()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Control+a")
        page.keyboard.type("2026-01-01T00:00:00Z")
        go_to(page, "Custom server URL")
        page.keyboard.press("Enter")
        fill(page, "Custom server URL (optional)", f"http://127.0.0.1:{port}")
        notebook.save()
        assert found(lab, typed) == []  # typed, not yet sent

        page.keyboard.press("Enter")
        expect(form.get_by_text("Connected: acme")).to_be_visible()
        assert [box.input_value() for box in form.locator("input[type=password]").all()] == [""] * 3
        run_cell(notebook, 1)
        notebook.output("contacts: 7 hosted").wait_for()
        check_code(page, form)
        saved = notebook.save()
        assert "application/vnd.jupyter.widget-state+json" in saved
        assert notebook.console_errors == []
        assert notebook.off_host == []
    assert found(lab, typed) == []


def found(lab: Lab, typed: dict[str, str]) -> list[str]:
    """Name the secrets that are in a file: a notebook, a checkpoint, a log, the history."""
    return [name for name, text in typed.items() if lab.files_with(text)]


def check_code(page: Page, form: Locator) -> None:
    """Read both texts, by the keyboard, and copy one of them."""
    form.get_by_role("radio", name="Create a connector").focus()
    go_to(page, "Python")
    python = form.get_by_role("tabpanel", name="Python")
    expect(python).to_contain_text("workspace_name='acme'")
    expect(python).to_contain_text("start_date='2026-01-01T00:00:00Z'")
    expect(python).to_contain_text('os.environ["INTERCOM_ACCESS_TOKEN"]')
    page.keyboard.press("ArrowRight")
    curl = form.get_by_role("tabpanel", name="curl")
    expect(curl).to_contain_text('"start_date": "2026-01-01T00:00:00Z"')
    expect(curl).to_contain_text("$INTERCOM_ACCESS_TOKEN")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) == "Copy"
    page.keyboard.press("Enter")
    expect(form.get_by_text("Copied")).to_be_visible()


@pytest.fixture
def airbyte() -> Iterator[DemoServer]:
    with serve() as server:
        yield server


def test_login_form_has_no_serious_axe_violation_when_light_or_dark(lab: Lab, airbyte: DemoServer):
    lab.write("login-axe.ipynb", ["import intercom_nb as inb\ninb.login()"])
    with lab.open("login-axe.ipynb", size=(1440, 1200)) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        bad: dict[str, object] = {}

        def look(state: str) -> None:
            for each in Axe().run(page, context=".inb").response["violations"]:
                if each["impact"] in {"serious", "critical"}:
                    bad[f"{state}: {each['id']}"] = [n["html"][:200] for n in each["nodes"]][:3]

        form.get_by_label("Access token", exact=True).check()
        form.get_by_role("button", name="Connect").click()
        expect(form.get_by_text("Paste the")).to_be_visible()
        look("token, with an error")
        form.get_by_label("Hosted by Airbyte").check()
        form.get_by_role("tab", name="curl").click()
        form.get_by_text("Custom server URL", exact=True).click()
        form.get_by_label("Custom server URL (optional)").fill(airbyte.url)
        look("hosted")
        form.get_by_label("Create a connector").check()
        for label, text in {
            "Workspace name": "demo",
            "Airbyte client id": CLIENT_ID,
            "Airbyte client secret": "wrong",
            "Intercom access token": TOKEN,
        }.items():
            form.get_by_label(label, exact=True).fill(text)
        create = form.get_by_role("button", name="Create connector")
        refused = form.get_by_text("rejected this client id and secret")
        create.click()
        expect(refused).to_be_visible()
        look("refused")
        page.evaluate(DARK)
        expect(form).not_to_have_css("background-color", "rgb(255, 255, 255)")
        look("refused, dark")
        # Nothing that was typed is lost: only what was wrong is typed again.
        form.get_by_label("Airbyte client secret").fill(CLIENT_SECRET)
        form.get_by_role("button", name="Test").click()
        expect(form.get_by_text("'demo' already has a connector")).to_be_visible()
        form.get_by_label("Start date (UTC)").fill("2026")
        create.click()
        expect(form.get_by_text("Please fix 1 field.")).to_be_visible()
        look("a wrong field, dark")
        form.get_by_label("Start date (UTC)").fill("2026-01-01T00:00:00Z")
        create.click()
        expect(form.get_by_text("demo already has an Intercom connector.")).to_be_visible()
        look("exists, dark")
        form.get_by_role("button", name=re.compile("^Use intercom - demo")).click()
        expect(form.get_by_text("Connected: demo")).to_be_visible()
        assert bad == {}
        assert notebook.console_errors == []
