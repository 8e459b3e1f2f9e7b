"""What the explorer looks like: accessible in light and dark, and quick with many rows."""

from __future__ import annotations

import re
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .harness import Lab
from .test_explorer import choose, explorer_of, press_run

EXPLORE = """
import intercom_nb as inb
explorer = inb.explore(inb.connect("demo", allow_writes=True))
explorer
"""
MANY = """
import numpy as np, pandas as pd
import intercom_nb as inb
from intercom_nb import catalog
explorer = inb.explore(inb.connect("demo"))
n = 100_000
frame = pd.DataFrame({
    "id": np.arange(n).astype(str),
    "name": [f"customer {i * 7919 % n}" for i in range(n)],
    "created_at": pd.to_datetime(1_700_000_000 + np.arange(n) * 300, unit="s", utc=True),
    "seconds": np.arange(n) * 7919 % 86_400,
    **{f"field_{i}": np.arange(n) * (i + 3) % 101 for i in range(8)},
})
frame.attrs["intercom"] = explorer.connector.sync.tags.list().attrs["intercom"]
from concurrent.futures import Future
def submit(*args, **kwargs):
    done = Future()
    done.set_result(frame)
    return done
explorer.connector.submit = submit
explorer
"""


@pytest.mark.parametrize("dark", [False, True])
def test_explorer_has_no_serious_axe_violation_when_light_or_dark(lab: Lab, dark: bool):
    name = f"axe-{dark}.ipynb"
    lab.write(name, [EXPLORE, "inb.login()"])
    with lab.open(name, dark=dark, size=(1280, 1800)) as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        found: dict[str, object] = {}

        def look(state: str) -> None:
            notebook.picture(f"{state}-{'dark' if dark else 'light'}", form)
            result = Axe().run(page, context=".inb")
            bad = [
                v for v in result.response["violations"] if v["impact"] in {"serious", "critical"}
            ]
            found.update(
                {f"{state}: {v['id']}": [n["html"][:200] for n in v["nodes"]][:3] for v in bad}
            )

        expect(form.locator(".inb-count").first).not_to_be_empty()
        look("empty")
        page.locator(".inb-login").get_by_label("Hosted by Airbyte").check()
        choose(form, "contacts", "get")
        press_run(form)
        expect(form.get_by_text("Please fix 1 field.")).to_be_visible()
        look("refused")
        form.get_by_label("id required").fill("nobody")
        press_run(form)
        expect(form.get_by_role("alert").get_by_text("contacts.get failed")).to_be_visible()
        look("error")
        choose(form, "contacts", "create")
        form.get_by_label("email").first.fill("ada@example.com")
        form.get_by_label("Clear phone: send null").check()
        form.get_by_role("button", name="Review").click()
        expect(form.get_by_text("Create contact in Lanternboard (demo)?")).to_be_visible()
        expect(form.get_by_text('"phone": null')).to_be_visible()
        look("confirm")
        form.get_by_role("button", name="Create contact").click()
        expect(form.get_by_role("group", name="Created")).to_be_visible()
        look("changed")
        choose(form, "companies", "list")
        form.get_by_text("Download all companies (Parquet)").click()
        form.get_by_label("Folder").fill(f"companies-{dark}")
        form.get_by_role("button", name="Download", exact=True).click()
        expect(form.get_by_text("is complete")).to_be_visible()
        look("extracted")
        choose(form, "contacts", "search")
        form.get_by_label("Field").first.select_option("custom_attributes.seats")
        form.get_by_label("Operator").first.select_option("gt")
        form.get_by_role("button", name="+ Group").click()
        look("builder")
        choose(form, "conversations", "search")
        form.get_by_label("Value for created_at").fill("2026-09-01")
        press_run(form)
        expect(form.get_by_text(re.compile(r"^200 rows in "))).to_be_visible()
        expect(form.get_by_text(re.compile("Showing the first"))).to_be_visible()
        form.locator(".inb-g-row").first.locator(".inb-g-td").first.click()
        look("results-partial")
        for button in ("Filters", "Columns", "Export"):
            form.get_by_role("button", name=button, exact=True).click()
        look("table-tools")
        for tab in ("Summarize", "Record", "Schema", "Code", "JSON", "History"):
            form.get_by_role("tab", name=tab, exact=True).click()
            expect(form.get_by_role("tabpanel", name=tab)).not_to_be_empty()
            expect(form.get_by_text("Loading messages…")).to_have_count(0)
            look(tab.lower())
        assert found == {}


def test_explorer_sorts_and_searches_when_the_result_has_100000_rows(
    lab: Lab, capsys: pytest.CaptureFixture[str]
):
    lab.write("many.ipynb", ["import intercom_nb", MANY])
    with lab.open("many.ipynb", save_widget_state=True) as notebook:
        page, form = notebook.page, explorer_of(notebook.page)
        took = {}
        start = time.monotonic()
        notebook.menu("Run", "Run All Cells")
        expect(form.get_by_text("No results yet")).to_be_visible()
        took["open the explorer, imports and demo workspace included"] = time.monotonic() - start
        choose(form, "tags", "list")

        def timed(what: str, act, seen: str) -> None:
            start = time.monotonic()
            act()
            form.locator(".inb-g-row").first.get_by_text(seen, exact=True).first.wait_for()
            took[what] = time.monotonic() - start

        timed("click to first rows of 100,000", lambda: press_run(form), "customer 0")
        sort = form.get_by_role("columnheader", name="seconds").get_by_role("button")
        timed("sort 100,000 rows", sort.click, "86,399")
        search = form.get_by_label("Search all rows")
        start = time.monotonic()
        search.fill("customer 4321")
        expect(form.get_by_text(re.compile(r"^\d+ of 100,000 rows$"))).to_be_visible()
        took["search 100,000 rows"] = time.monotonic() - start
        search.fill("")
        expect(form.get_by_text("100,000 rows", exact=True)).to_be_visible()
        grid = form.get_by_role("grid")
        grid.focus()
        page.keyboard.press("Control+End")
        expect(form.get_by_role("row", selected=False).last).to_have_attribute(
            "aria-rowindex", "100001"
        )
        assert form.locator(".inb-g-row").count() < 60  # only what is seen is in the page
        saved = len(notebook.save())
        lines = [f"{what:<60} {seconds:6.2f} s" for what, seconds in took.items()]
        lines.append(f"{'the saved notebook, widget state in it':<60} {saved / 1000:6.1f} kB")
        with capsys.disabled():
            print("", *lines, sep="\n")
        assert saved < 210_000  # nearly all of it the scripts of the form, whatever the rows
        assert "customer 4321" not in notebook.path.read_text()
        assert notebook.console_errors == []
