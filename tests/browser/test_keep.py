"""What one takes along from the explorer: files, variables, code, earlier runs."""

from __future__ import annotations

import re

import pandas as pd
from playwright.sync_api import expect

from .harness import Lab
from .test_explorer import choose, explorer_of, open_query, press_run, run_cell

EXPLORE = """
import intercom_nb as inb
c = inb.connect("demo", allow_writes=True)
explorer = inb.explore(c)
explorer
"""


def test_explorer_exports_saves_and_reopens_runs_when_requested(lab: Lab, tmp_path):
    lab.write(
        "keep.ipynb",
        [EXPLORE, "print('kept', type(kept).__name__, len(kept))", "explorer.insert()"],
    )
    with lab.open("keep.ipynb", size=(1280, 1100)) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        choose(form, "contacts", "list")
        form.get_by_role("textbox", name="Rows").fill("60")
        press_run(form)
        expect(form.get_by_text(re.compile(r"^60 rows in "))).to_be_visible()

        # The rows that the table shows, in its order, as a file.
        form.get_by_role("columnheader", name="email").get_by_role("button").click()
        form.get_by_role("button", name="Filters", exact=True).click()
        form.get_by_label("Filter role").fill("=user")
        expect(form.get_by_text(re.compile(r"^\d+ of 60 rows$"))).to_be_visible()
        form.get_by_role("button", name="Export", exact=True).click()
        with page.expect_download() as download:
            form.get_by_role("button", name="CSV").click()
        download.value.save_as(tmp_path / "contacts.csv")
        csv = pd.read_csv(tmp_path / "contacts.csv")
        assert 0 < len(csv) < 60
        assert set(csv["role"]) == {"user"}
        emails = csv["email"].dropna().str.lower().tolist()
        assert emails == sorted(emails)
        with page.expect_download() as download:
            form.get_by_role("button", name="Excel", exact=True).click()
        download.value.save_as(tmp_path / "contacts.xlsx")
        assert len(pd.read_excel(tmp_path / "contacts.xlsx")) == len(csv)

        form.get_by_label("Name of the variable").fill("kept")
        form.get_by_role("button", name="Save", exact=True).click()
        expect(form.get_by_text("Saved to kept.")).to_be_visible()
        run_cell(notebook, 1)
        notebook.output("kept DataFrame 60").wait_for()

        # The code in a cell of its own, from a cell: a click cannot make one.
        form.get_by_role("tab", name="Code", exact=True).click()
        expect(form.get_by_text("explorer.insert()")).to_be_visible()
        run_cell(notebook, 2)
        below = page.locator(".jp-CodeCell").nth(3)
        expect(below).to_contain_text("df = await c.contacts.list(limit=60)")
        run_cell(notebook, 3)

        # A write is shown, sent once it is confirmed, and found when the earlier run is repeated.
        choose(form, "tags", "list")
        press_run(form)
        expect(form.get_by_role("heading", name="tags list")).to_be_visible()
        choose(form, "tags", "create")
        form.get_by_label("name required").fill("made by hand ✓")
        form.get_by_role("button", name="Review").click()
        expect(form.get_by_text('"name": "made by hand ✓"')).to_be_visible()
        form.get_by_role("button", name="Create tag").click()
        expect(
            form.get_by_text(re.compile(r"^Tag created \(\d+\): name is now made by hand ✓\.$"))
        ).to_be_visible()
        form.get_by_role("tab", name="History", exact=True).click()
        form.get_by_role("button", name="Run tags.list() again").click()
        expect(form.get_by_role("heading", name="tags list")).to_be_visible()
        form.get_by_role("tab", name="History", exact=True).click()
        form.get_by_role("button", name="Compare tags.list() with the current result").last.click()
        expect(form.get_by_text("Added: 1. Removed: 0. Changed: 0 fields")).to_be_visible()
        form.get_by_role("button", name=re.compile("^Show contacts.list")).click()
        expect(form.get_by_role("heading", name="contacts list")).to_be_visible()
        open_query(form)
        expect(form.get_by_role("textbox", name="Rows")).to_have_value("60")
        assert notebook.console_errors == []


def test_explorer_uses_the_new_connector_when_the_workspace_is_switched(lab: Lab):
    lab.write("switch.ipynb", ["import intercom_nb as inb\nexplorer = inb.explore()\nexplorer"])
    with lab.open("switch.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        form.get_by_role("button", name="Connect").click()
        expect(form.get_by_text("read-only", exact=True)).to_be_visible()
        choose(form, "tags", "list")
        press_run(form)
        expect(form.get_by_role("heading", name="tags list")).to_be_visible()
        form.get_by_role("button", name="Switch workspace").click()
        form.get_by_label("Allow changes (create, update, delete)").check()
        form.get_by_role("button", name="Connect").click()
        expect(form.get_by_text("read and write", exact=True)).to_be_visible()
        assert notebook.console_errors == []
