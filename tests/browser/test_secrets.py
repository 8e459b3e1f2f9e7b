"""Everything is done with the explorer once, in both modes; then no file holds a secret of it."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path

from playwright.sync_api import Locator, expect

from .harness import Lab, Notebook, wait_until
from .test_explorer import choose, press_run, run_cell
from .test_start import ask, save, to_start_page

# The secrets are read from a file that is none of the server's; the tokens that the hosted service
# gives out are noted there too. Whatever logs, logs everything, to a file beside the notebook.
CONNECT = """
%xmode Verbose
import json, logging
from pathlib import Path
import httpx
import intercom_nb as inb
from intercom_nb.demo import CLIENT_ID, CLIENT_SECRET, DEMO_BASE_URL, TOKEN, DemoTransport

logging.basicConfig(level=logging.DEBUG, filename="kernel.log")
vault = Path({vault!r})

class Door(DemoTransport):
    async def handle_async_request(self, request):
        known = json.loads(vault.read_text())
        body = await request.aread()
        for name, real in [("id", CLIENT_ID), ("secret", CLIENT_SECRET)]:
            body = body.replace(known[name].encode(), real.encode())
        headers = dict(request.headers) | {{"content-length": str(len(body))}}
        if headers.get("authorization") == "Bearer " + known["token"]:
            headers["authorization"] = "Bearer " + TOKEN
        again = httpx.Request(request.method, request.url, headers=headers, content=body)
        answer = await super().handle_async_request(again)
        if "token" in request.url.path:
            given = [v for v in json.loads(answer.content).values() if isinstance(v, str)]
            known["given"] += [v for v in given if len(v) > 15]
            vault.write_text(json.dumps(known))
        return answer

door = Door()
direct = inb.IntercomConnector(
    auth_config=inb.IntercomAuthConfig(json.loads(vault.read_text())["token"]),
    base_url=DEMO_BASE_URL, http=door, allow_writes=True,
)
hosted = inb.IntercomConnector(
    airbyte_client_id=json.loads(vault.read_text())["id"],
    airbyte_client_secret=json.loads(vault.read_text())["secret"],
    workspace_name="demo", airbyte_api_url=DEMO_BASE_URL, airbyte_auth_url=DEMO_BASE_URL,
    http=door, allow_writes=True,
)
print("ready")
"""


def test_files_hold_no_secret_when_everything_was_done_in_the_explorer(
    lab: Lab, tmp_path: Path
) -> None:
    vault = tmp_path / "vault.json"
    used = {"id": f"id-{secrets.token_hex(12)}", "secret": secrets.token_hex(20)}
    used["token"] = f"dG9r{secrets.token_hex(16)}"
    vault.write_text(json.dumps({**used, "given": []}))
    cells = [
        CONNECT.format(vault=str(vault)),
        *("first = inb.explore(direct)\nfirst", "second = inb.explore(hosted)\nsecond"),
        "direct.sync.contacts.get('nobody')",
        "hosted.sync.contacts.get('nobody')",
        "first.insert()",
        "print(repr(first), repr(second), direct, hosted, direct.rate, hosted.details)",
        "inb.dashboard([*first.pinned, *second.pinned])",
    ]
    lab.write("secrets.ipynb", cells)
    with lab.open("secrets.ipynb", save_widget_state=True, size=(1280, 1500)) as notebook:
        run_cell(notebook, 0)
        notebook.output("ready").wait_for()
        for place in (1, 2):
            run_cell(notebook, place)
            cell = notebook.page.locator(".jp-CodeCell").nth(place)
            do_everything(notebook, cell, has_start_page=place == 1)
        for place, text in ((3, "NotFoundError"), (4, "NotFoundError"), (6, "<Explorer: ")):
            run_cell(notebook, place)
            cell = notebook.page.locator(".jp-CodeCell").nth(place)
            cell.locator(".jp-OutputArea-output", has_text=text).first.wait_for()
            # The kernel drops what it is sent between an error's output and the end of its cell.
            notebook.wait_for_idle()
        run_cell(notebook, 7)
        board = notebook.page.locator(".jp-CodeCell").nth(7).frame_locator("iframe")
        expect(board.get_by_role("heading", name="Slow teams").first).to_be_visible()
        count = notebook.page.locator(".jp-CodeCell").count()
        run_cell(notebook, 5)
        expect(notebook.page.locator(".jp-CodeCell")).to_have_count(count + 1)
        saved = notebook.save()
        assert "application/vnd.jupyter.widget-state+json" in saved
        assert saved.count("NotFoundError") >= 2  # the verbose tracebacks are in the file
        notebook.page.keyboard.press("Control+s")  # makes the checkpoint as well
        checkpoints = lab.notebooks / ".ipynb_checkpoints"
        wait_until(lambda: any(checkpoints.glob("secrets-*")), "the checkpoint")
    known = json.loads(vault.read_text())
    assert known["given"], "the hosted service gave out no token"
    assert (lab.notebooks / "kernel.log").stat().st_size > 1000
    names = [*used.values(), *known["given"]]
    assert {name: lab.files_with(name) for name in names if lab.files_with(name)} == {}


def do_everything(notebook: Notebook, cell: Locator, *, has_start_page: bool) -> None:
    """Read, be rejected, search or write, open every tab, export, run again."""
    form = cell.locator(".inb").first
    form.get_by_text("No results yet").wait_for()
    if has_start_page:
        ask(form, "Which teams reply slowest?")
        save(form, "Slow teams")
        to_start_page(form)
        form.get_by_role("button", name="Pin to the dashboard").click()
        expect(form.get_by_text("1 question on the dashboard.")).to_be_visible()
    choose(form, "contacts", "get")
    form.get_by_label("id required").fill("nobody")
    press_run(form)
    expect(form.get_by_role("alert").get_by_text("contacts.get failed")).to_be_visible()
    choose(form, "tags", "create")
    form.get_by_label("name required").fill("by hand")
    form.get_by_role("button", name="Review").click()
    form.get_by_role("button", name="Create tag").click()
    expect(form.get_by_text(re.compile("^Tag created"))).to_be_visible()
    choose(form, "contacts", "list")
    press_run(form)
    expect(form.get_by_text(re.compile(r"^\d+ rows? in "))).to_be_visible()
    form.locator(".inb-g-row").first.locator(".inb-g-td").first.click()
    for tab in ("Summarize", "Record", "Schema", "Code", "JSON", "History", "Table"):
        form.get_by_role("tab", name=tab, exact=True).click()
        expect(form.get_by_role("tabpanel", name=tab)).not_to_be_empty()
    form.get_by_role("button", name="Export", exact=True).click()
    with notebook.page.expect_download():
        form.get_by_role("button", name="CSV").click()
    form.get_by_role("tab", name="History", exact=True).click()
    form.get_by_role("button", name=re.compile("^Run contacts.list.* again")).first.click()
    expect(form.get_by_role("heading", name="contacts list")).to_be_visible()
