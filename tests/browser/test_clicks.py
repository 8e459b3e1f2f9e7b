"""No click vanishes: what it is for moves, is drawn anew, is still to come, or lost its kernel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, expect

from .harness import Lab
from .test_explorer import EXPLORE, explorer_of, press_run

# Holds the requests of a path until a file is there.
HELD = """
import asyncio, os
import intercom_nb as inb
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
from intercom_nb.models import IntercomAuthConfig

class Held(DemoTransport):
    async def handle_async_request(self, request):
        while request.url.path == {path!r} and not os.path.exists({go!r}):
            await asyncio.sleep(0.01)
        return await super().handle_async_request(request)

c = inb.IntercomConnector(
    auth_config=IntercomAuthConfig(TOKEN), base_url=DEMO_BASE_URL, http=Held()
)
explorer = inb.explore(c)
explorer
"""
# Holds the rows of a result until a file is there.
HELD_ROWS = """
import os, time
ask = explorer._messages.actions["ask"]
def held(content):
    while content["what"] == "rows" and not os.path.exists({go!r}):
        time.sleep(0.01)
    ask(content)
explorer._messages.actions["ask"] = held
"""
SHOWN = """
import pandas as pd
import intercom_nb as inb
inb.show(pd.DataFrame({"seconds": range(100)}))
"""
RESTART = "() => window.jupyterapp.shell.currentWidget.context.sessionContext.restartKernel()"
MOVE = "node => { node.before(Object.assign(document.createElement('p'), {textContent: 'news'})) }"


@contextmanager
def held_explorer(lab: Lab, name: str, path: str) -> Iterator[tuple[Locator, Path]]:
    """Open an explorer whose requests of a path wait until the file exists."""
    go = lab.notebooks / f"{name}.go"
    lab.write(f"{name}.ipynb", [HELD.format(path=path, go=str(go))])
    with lab.open(f"{name}.ipynb") as notebook:
        notebook.run_all()
        yield explorer_of(notebook.page), go
        assert notebook.console_errors == []


@contextmanager
def pressed(control: Locator) -> Iterator[None]:
    """Hold the mouse button down on a control."""
    control.hover()
    mouse = control.page.mouse
    mouse.down()
    yield
    mouse.up()


def test_run_starts_when_its_button_moves_during_the_click(lab: Lab):
    with held_explorer(lab, "moved", "/conversations/search") as (form, go):
        expect(form.get_by_text("Loading…")).to_be_visible()
        run = form.get_by_role("button", name="Run", exact=True)
        with pressed(run):
            before = run.bounding_box()
            go.touch()
            expect(form.locator(".inb-tile")).to_have_count(4)
            assert run.bounding_box() == before  # the tiles had their place
            form.locator(".inb-asking").evaluate(MOVE)
        expect(form.get_by_text(re.compile(r"^\d+ rows in "))).to_be_visible()


def test_entity_tree_picks_the_entity_when_it_is_drawn_anew_during_the_click(lab: Lab):
    with held_explorer(lab, "redrawn", "/me") as (form, go):
        teams = form.get_by_role("treeitem", name="teams", exact=True)
        with pressed(teams):
            go.touch()
            expect(form.locator(".inb-tile")).to_have_count(4)
        expect(teams).to_have_attribute("aria-selected", "true")


@contextmanager
def held_rows(lab: Lab, name: str) -> Iterator[tuple[Locator, Path]]:
    """Open a result whose rows are still to come: they wait until the file exists."""
    go = lab.notebooks / f"{name}.go"
    lab.write(f"{name}.ipynb", [EXPLORE, HELD_ROWS.format(go=str(go))])
    with lab.open(f"{name}.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        press_run(form)
        expect(form.get_by_text(re.compile(r"^\d+ rows in "))).to_be_visible()
        yield form, go
        assert notebook.console_errors == []


def test_grid_opens_the_row_when_it_arrives_after_the_click(lab: Lab):
    with held_rows(lab, "rows") as (form, go):
        form.get_by_role("grid").press("Space")
        form.locator(".inb-g-row").nth(2).get_by_text("…").dblclick()
        go.touch()
        expect(form.get_by_role("tab", name="Record")).to_be_focused()
        expect(form.get_by_text(re.compile("^3 of "))).to_be_visible()
        expect(form.get_by_text("1 row selected")).to_have_count(1)


def test_record_shows_the_row_when_it_arrives_after_the_tab_was_opened(lab: Lab):
    with held_rows(lab, "record") as (form, go):
        form.locator(".inb-g-row").nth(2).get_by_text("…").click()
        form.get_by_role("tab", name="Record").click()
        go.touch()
        expect(form.get_by_text(re.compile("^3 of "))).to_be_visible()


def test_grid_filters_rows_when_bars_are_clicked_or_dragged_across(lab: Lab):
    lab.write("bars.ipynb", [SHOWN])
    with lab.open("bars.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        bars = form.locator(".inb-g-histogram .inb-g-slot")
        picked = form.locator(".inb-g-histogram .inb-picked")
        with pressed(bars.nth(4)):
            form.locator(".inb-tabs").evaluate(MOVE)
        expect(picked).to_have_count(1)
        picked.click()
        expect(picked).to_have_count(0)
        with pressed(bars.nth(1)):
            bars.nth(3).hover()
        expect(picked).to_have_count(3)
        assert notebook.console_errors == []


def test_form_explains_the_lost_kernel_when_it_was_restarted(lab: Lab):
    lab.write("restarted.ipynb", [EXPLORE])
    with lab.open("restarted.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        expect(form.locator(".inb-tile")).to_have_count(4)
        notebook.page.evaluate(RESTART)
        press_run(form)
        lost = form.get_by_text("This form has lost its kernel. Run its cell again.")
        expect(lost).to_be_in_viewport()
        expect(form.get_by_text("Waiting for the kernel")).to_have_count(0)
        assert notebook.console_errors == []


def test_download_ends_with_a_notice_when_the_kernel_is_restarted(lab: Lab):
    with held_explorer(lab, "restarted-download", "/contacts/search") as (form, _):
        expect(form.locator(".inb-tile")).to_have_count(4)
        form.get_by_role("treeitem", name="contacts", exact=True).click()
        form.get_by_text("Download all contacts (Parquet)").click()
        form.get_by_role("button", name="Download", exact=True).click()
        stop = form.get_by_role("button", name="Stop")
        expect(stop).to_be_visible()
        form.page.evaluate(RESTART)
        expect(
            form.get_by_text("This form has lost its kernel. Run its cell again.")
        ).to_be_visible()
        expect(form.get_by_text("The kernel was restarted.")).to_be_visible()
        expect(stop).to_be_hidden()
        expect(form.get_by_role("progressbar", name="Progress of the download")).to_be_hidden()
        expect(form.locator(".inb-dot")).to_have_class(re.compile("inb-down"))
