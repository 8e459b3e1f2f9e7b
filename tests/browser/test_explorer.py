"""The explorer and the login form in JupyterLab, with a mouse and with the keyboard alone."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from .harness import Lab, Notebook, wait_until

PROJECT = Path(__file__).parents[2]

EXPLORE = """
import intercom_nb as inb
explorer = inb.explore(inb.connect("demo"))
explorer
"""
# Counts what is asked and what of it was cancelled while it was under way. Requests whose
# address holds a text are never answered.
SLOW = """
import asyncio
import intercom_nb as inb
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
from intercom_nb.models import IntercomAuthConfig

asked, cancelled = [], []
started = "{started}"  # a file that the first request makes

class Slow(DemoTransport):
    async def handle_async_request(self, request):
        asked.append(request.url.path)
        if started:
            open(started, "w").close()
        try:
            if "{held}" in str(request.url):
                await asyncio.sleep(600)
            return await super().handle_async_request(request)
        except asyncio.CancelledError:
            cancelled.append(request.url.path)
            raise

c = inb.IntercomConnector(
    auth_config=IntercomAuthConfig(TOKEN), base_url=DEMO_BASE_URL, http=Slow()
)
"""
# Takes one token, which the notebook knows by its hash alone.
DOOR = """
import functools, hashlib, sys
import intercom_nb as inb
from intercom_nb.demo import TOKEN, DemoTransport

class Door(DemoTransport):
    async def handle_async_request(self, request):
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if hashlib.sha256(token.encode()).hexdigest() == "{digest}":
            request.headers["authorization"] = f"Bearer {{TOKEN}}"
        return await super().handle_async_request(request)

form = inb.login()
module = sys.modules["intercom_nb.widgets.login.login_form"]
module.IntercomConnector = functools.partial(module.IntercomConnector, http=Door())
form
"""


def explorer_of(page: Page) -> Locator:
    return page.locator(".jp-OutputArea-output .inb").first


def open_query(form: Locator) -> None:
    """Unfold the query, which a run has folded to one line; it does so after its rows arrived."""
    expect(form.locator(".inb-run > .inb-primary")).not_to_have_attribute("aria-disabled", "true")
    edit = form.get_by_role("button", name="Edit query")
    if edit.is_visible():
        edit.click()


def press_run(form: Locator) -> None:
    open_query(form)
    form.get_by_role("button", name="Run", exact=True).click()


LABELS = {"list": "Browse", "search": "Search", "get": "Get one"}


def choose(form: Locator, entity: str, action: str) -> None:
    open_query(form)
    find = form.get_by_label("Find an entity")
    find.fill(entity)
    item = form.get_by_role("tree").get_by_role("treeitem", name=entity, exact=True)
    item.click()
    expect(item).to_have_attribute("aria-selected", "true")
    find.fill("")
    label = LABELS.get(action, action.capitalize())
    button = form.locator(".inb-actions").get_by_text(label, exact=True)
    if not button.is_visible():
        form.get_by_text(re.compile("^Change data")).click()
    button.click()


def wait_for_rows(form: Locator) -> None:
    """Wait for the rows of the order and the filters chosen."""
    expect(form.get_by_role("grid")).to_have_attribute("aria-busy", "false")


def column(form: Locator, name: str) -> list[str]:
    """Read what stands in the rows of a column, of those that are in sight."""
    wait_for_rows(form)
    heads = form.get_by_role("columnheader").evaluate_all(
        "nodes => nodes.map(node => node.querySelector('button')?.getAttribute('aria-label'))"
    )
    at = heads.index(name)
    rows = form.locator(".inb-g-row")
    return [rows.nth(i).locator("> div").nth(at).inner_text() for i in range(rows.count())]


def test_explorer_of_the_quickstart_shows_rows_when_used_by_mouse(lab: Lab):
    lab.copy(PROJECT / "notebooks" / "01_quickstart.ipynb", "quickstart.ipynb")
    with lab.open("quickstart.ipynb", size=(1280, 1190)) as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        expect(form.get_by_text("No results yet")).to_be_visible()
        choose(form, "conversations", "search")
        form.get_by_label("Value for created_at").fill("2026-10-01")
        form.get_by_role("button", name="+ Filter").click()
        form.get_by_label("Field").nth(1).select_option("source.type")
        form.get_by_label("Value for source.type").select_option("email")
        form.get_by_role("textbox", name="Rows").fill("")
        press_run(form)
        expect(form.get_by_text(re.compile(r"^\d+ rows in "))).to_be_visible()
        assert set(column(form, "source.type")) == {"email"}

        expect(form.get_by_role("gridcell", name=re.compile(r"^\d+ min")).first).to_be_visible()
        form.get_by_label("Raw values").check()
        head = form.get_by_role("columnheader", name="statistics.time_to_admin_reply")
        head.get_by_role("button").click()  # numbers start with the largest
        expect(head).to_have_attribute("aria-sort", "descending")
        slow = [int(t) for t in column(form, "statistics.time_to_admin_reply") if t != "–"]
        assert slow == sorted(slow, reverse=True)
        assert slow[0] > 10_000
        form.get_by_label("Raw values").uncheck()

        form.get_by_label("Search all rows").fill("refund")
        expect(form.get_by_text(re.compile(r"^\d+ of \d+ rows$"))).to_be_visible()
        form.locator(".inb-g-row").first.locator(".inb-g-td").first.click()
        form.get_by_role("tab", name="Record").click()
        expect(form.locator(".inb-message").first).to_be_visible()
        form.get_by_role("tab", name="Code").click()
        expect(form.get_by_text("await c.conversations.search")).to_be_visible()
        assert notebook.off_host == []
        assert notebook.console_errors == []
        page.close()


def test_explorer_runs_a_query_when_used_by_keyboard_alone(lab: Lab):
    lab.write("keyboard.ipynb", [EXPLORE, "print(len(explorer.df), explorer.selected.shape[0])"])
    with lab.open("keyboard.ipynb") as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        find = form.get_by_label("Find an entity")
        find.focus()  # as Tab does from the cell above
        keys = page.keyboard
        keys.type("compan")
        expect(form.get_by_role("treeitem", name="contacts", exact=True)).to_have_count(0)
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        keys.press("Enter")
        expect(form.get_by_role("treeitem", name="companies")).to_have_attribute(
            "aria-selected", "true"
        )
        reach(page, "Rows", 40)
        keys.press("Control+a")
        keys.type("15")
        keys.press("Shift+Enter")
        expect(form.get_by_text(re.compile(r"^15 rows in "))).to_be_visible()
        cells = len(page.locator(".jp-Cell").all())
        reach(page, "Result", 60)
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Space", "Home", "End"):
            keys.press(key)
        expect(form.get_by_text("1 row selected")).to_be_visible()
        keys.press("a")  # would add a cell above, were the key not the explorer's own
        keys.press("Enter")
        expect(form.get_by_role("tab", name="Record")).to_be_focused()
        keys.press("ArrowRight")
        expect(form.get_by_role("tab", name="Schema")).to_have_attribute("aria-selected", "true")
        assert len(page.locator(".jp-Cell").all()) == cells
        run_cell(notebook, 1)
        notebook.output("15 1").wait_for()
        assert notebook.console_errors == []


def run_cell(notebook: Notebook, index: int) -> None:
    notebook.page.locator(".jp-CodeCell").nth(index).locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")


def reach(page: Page, label: str, most: int) -> None:
    """Press Tab until the control with this label has the focus."""
    has_focus = """label => {
      const node = document.activeElement;
      const named = [...(node.labels ?? [])].map(l => l.textContent.trim());
      return node.getAttribute('aria-label') === label || named.includes(label);
    }"""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(has_focus, label):
            return
    raise AssertionError(f"{label} is not reached by {most} Tabs")


def test_explorer_shows_the_error_at_its_field_when_input_is_wrong(lab: Lab):
    lab.write("wrong.ipynb", [EXPLORE])
    with lab.open("wrong.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        choose(form, "contacts", "list")
        form.get_by_text("More options").click()
        form.get_by_label("per_page").fill("a lot")
        press_run(form)
        expect(form.get_by_text("per_page must be a whole number from 1 to 150")).to_be_visible()
        expect(form.get_by_label("per_page")).to_be_focused()
        form.get_by_label("per_page").fill("")
        choose(form, "contacts", "search")
        form.get_by_label("Value for created_at").fill("soon")
        press_run(form)
        expect(form.get_by_text("'soon'")).to_be_visible()
        choose(form, "contacts", "get")
        form.get_by_label("id", exact=False).first.fill("nobody")
        press_run(form)
        expect(form.get_by_role("alert").get_by_text("contacts.get failed")).to_be_visible()


def test_cancel_button_stops_the_request_when_a_run_is_in_progress(lab: Lab):
    cells = [
        SLOW.format(held="starting_after", started=""),
        "explorer = inb.explore(c)\nexplorer",
        "len(cancelled)",
    ]
    lab.write("cancel.ipynb", cells)
    with lab.open("cancel.ipynb") as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        form.get_by_role("textbox", name="Rows").fill("")
        press_run(form)
        expect(form.get_by_text(re.compile(r"^[\d,]+ of [\d,]+ records"))).to_be_visible()
        notebook.picture("loading-light", form)
        clicked = time.monotonic()
        form.get_by_role("button", name="Cancel", exact=True).click()
        form.get_by_text("Cancelled.").wait_for()
        print(f"Cancelled after {time.monotonic() - clicked:.2f} s")
        run_cell(notebook, 2)
        page.locator(".jp-CodeCell").nth(2).get_by_text("1", exact=True).first.wait_for()


def test_interrupt_cancels_the_request_when_a_cell_waits_for_it(lab: Lab):
    started = lab.notebooks / "interrupt.started"
    slow = SLOW.format(held="", started=started) + "\nprint('ready')"
    lab.write(
        "interrupt.ipynb", [slow, "c.sync.contacts.list(limit=None)", "print(asked, cancelled)"]
    )
    with lab.open("interrupt.ipynb") as notebook:
        notebook.menu("Run", "Run All Cells")
        notebook.output("ready").wait_for()
        wait_until(started.exists, "the request of the cell")
        notebook.menu("Kernel", "Interrupt Kernel")
        notebook.output("KeyboardInterrupt").wait_for()
        notebook.wait_for_idle()  # the kernel drops a cell that is sent before the other's end
        run_cell(notebook, 2)
        notebook.output("['/contacts'] ['/contacts']").wait_for()


@pytest.mark.parametrize("save_widget_state", [True, False])
def test_token_is_in_no_file_when_it_was_typed_in_the_login_form(lab: Lab, save_widget_state: bool):
    token = f"dG9r{secrets.token_hex(16)}"
    digest = hashlib.sha256(token.encode()).hexdigest()
    name = f"token-{save_widget_state}.ipynb"
    lab.write(
        name,
        [
            DOOR.format(digest=digest),
            "print('the teams are', len(form.connector.sync.teams.list()))",
        ],
    )
    with lab.open(name, save_widget_state=save_widget_state) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        form = explorer_of(notebook.page)
        form.get_by_label("Access token", exact=True).check()
        box = form.locator("input[type=password]")
        box.press_sequentially(token)
        assert box.input_value() == token
        saved = notebook.save()
        assert ("application/vnd.jupyter.widget-state+json" in saved) == save_widget_state
        assert lab.files_with(token) == []
        box.press("Enter")
        expect(form.get_by_text("Connected: Lanternboard")).to_be_visible()
        assert box.input_value() == ""
        run_cell(notebook, 1)
        notebook.output("the teams are").wait_for()
        notebook.save()
        assert notebook.console_errors == []
    assert lab.files_with(token) == []


def test_login_form_explains_the_error_when_the_token_is_refused(lab: Lab):
    lab.write("login.ipynb", [DOOR.format(digest="none")])
    with lab.open("login.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        form.get_by_role("button", name="Connect").click()
        expect(form.get_by_text("Connected: Lanternboard")).to_be_visible()
        form.get_by_label("Access token", exact=True).check()
        form.get_by_role("button", name="Connect").click()
        expect(form.get_by_text("Paste the access token here")).to_be_visible()
        expect(form.locator("input[type=password]")).to_be_focused()
        form.locator("input[type=password]").fill("dG9rOndyb25n")
        form.locator("input[type=password]").press("Enter")
        expect(form.get_by_role("status").get_by_text("401")).to_be_visible()
