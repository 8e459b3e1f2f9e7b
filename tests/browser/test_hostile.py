"""A conversation written by an attacker: nothing of it runs, wherever the explorer shows it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from .harness import Lab, Notebook
from .payloads import PAYLOADS
from .test_explorer import choose, explorer_of, press_run, wait_for_rows

EXPLORE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import hostile_workspace
import intercom_nb as inb
explorer = inb.explore(hostile_workspace.connector())
explorer
"""
# The standard widgets in the place of the explorer's own script.
PLAIN = """
plain = inb.explore(explorer.connector, grid="plain")
plain.entity.value, plain.limit.value = "conversations", ""
plain
"""
# Returns once the table is drawn again.
SCROLL = """(node, top) => {
  node.scrollTop = top;
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# Every value twice, since a column of distinct values is neither grouped nor profiled.
SHOWN = """
import pandas as pd
rows = explorer.connector.sync.conversations.list(limit=None)
inb.show(pd.concat([rows, rows], ignore_index=True))
"""


def test_payloads_run_a_script_when_inserted_unescaped(lab: Lab):
    """Without this, a corpus that never runs anywhere would prove nothing."""
    assert len(set(PAYLOADS)) >= 200
    lab.write("unguarded.ipynb", ["from IPython.display import HTML"])
    with lab.open("unguarded.ipynb") as notebook:
        page = notebook.page
        page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", PAYLOADS[0])
        page.wait_for_function("() => window.__ran > 0")


def test_explorer_runs_no_script_when_customer_text_is_hostile(lab: Lab):
    lab.write("hostile.ipynb", [EXPLORE, PLAIN])
    with lab.open("hostile.ipynb", save_widget_state=True) as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        choose(form, "conversations", "list")
        form.get_by_role("textbox", name="Rows").fill("")
        press_run(form)
        expect(form.get_by_text(f"{len(PAYLOADS)} rows", exact=True)).to_be_visible()
        grid = form.get_by_role("grid")
        seen = 0
        for top in range(0, 28 * len(PAYLOADS), 28 * 8):
            grid.evaluate(SCROLL, top)
            wait_for_rows(form)
            seen += form.locator(".inb-g-row").count()
        assert seen >= len(PAYLOADS)
        assert form.get_by_role("grid").get_by_text("<img src=x onerror=").count() > 0
        grid.evaluate("node => { node.scrollTop = 0 }")
        form.locator(".inb-g-row").first.locator(".inb-g-td").nth(2).click()
        form.get_by_role("button", name="Columns", exact=True).click()
        for tab in ("Record", "Schema", "Code", "JSON", "History"):
            form.get_by_role("tab", name=tab, exact=True).click()
            expect(form.get_by_role("tabpanel", name=tab)).not_to_be_empty()
        form.get_by_role("tab", name="Record", exact=True).click()
        expect(form.locator(".inb-message").nth(10)).to_be_visible()
        harmless = form.locator(".inb-thread").evaluate(
            """node => [...node.querySelectorAll('.inb-body *')].every(e =>
                [...e.attributes].every(a => ['href', 'rel', 'target'].includes(a.name)))"""
        )
        assert harmless
        for link in form.locator(".inb-thread a").all():
            assert link.get_attribute("href") is None or ":" not in str(link.get_attribute("href"))
        form.get_by_role("tab", name="Summarize", exact=True).click()
        dimension = form.get_by_label("Group by", exact=True)
        expect(dimension).to_be_visible()
        stage = form.get_by_role("tabpanel", name="Summarize").locator(".inb-stage")
        for option in dimension.locator("option").all()[:12]:
            dimension.select_option(option.get_attribute("value"))
            expect(stage).to_have_attribute("aria-busy", "false")
            expect(stage.locator(".inb-table").first).to_be_visible()
        choose(form, "tags", "list")
        press_run(form)
        expect(form.get_by_role("alert").get_by_text("tags.list failed")).to_be_visible()
        saved = notebook.save()
        assert PAYLOADS[3] not in saved  # no row is in the file, with the widget state in it
        read_plainly(notebook)
        page.evaluate("() => new Promise(requestIdleCallback)")  # handlers of images have run
        assert page.evaluate("() => window.__ran") is None
        assert notebook.off_host == []


def test_explorer_runs_no_script_when_hostile_text_is_in_summaries_and_filters(lab: Lab):
    lab.write("hostile-view.ipynb", [EXPLORE, SHOWN])
    with lab.open("hostile-view.ipynb", save_widget_state=True) as notebook:
        notebook.run_all()
        page = notebook.page
        form = page.locator(".jp-OutputArea-output .inb").last
        expect(form.locator(".inb-g-slot i").filter(has_text="<").first).to_be_visible()
        expect(form.locator(".inb-facet").filter(has_text="<").first).to_be_visible()
        form.get_by_role("tab", name="Summarize", exact=True).click()
        for by in ("tags", "state", "source.author.name"):
            form.get_by_label("Group by", exact=True).select_option(f'{{"column":"{by}"}}')
            expect(form.locator(".inb-chart .inb-chart-title").last).to_be_visible()
        form.get_by_label("And by").select_option('{"column":"state"}')
        expect(form.locator(".inb-chart text").filter(has_text="<").first).to_be_visible()
        form.locator(".inb-chart [data-i]").first.click()
        expect(form.get_by_role("navigation", name="Filters")).to_contain_text("<")
        form.get_by_role("button", name="All", exact=True).click()
        form.get_by_label("Search all rows").fill("onerror <img")
        expect(form.locator(".inb-grid mark").first).to_be_visible()
        form.get_by_role("tab", name="Code", exact=True).click()
        expect(form.get_by_text("The same filter in SQL")).to_be_visible()
        saved = notebook.save()
        assert PAYLOADS[3] not in saved
        page.evaluate("() => new Promise(requestIdleCallback)")  # handlers of images have run
        assert page.evaluate("() => window.__ran") is None
        assert notebook.off_host == []


def read_plainly(notebook: Notebook) -> None:
    """Turn the first pages of the plain pager, where the texts are HTML that was escaped."""
    page = notebook.page
    plain = page.locator(".jp-OutputArea-output").last
    plain.get_by_role("button", name="Run", exact=True).click()
    for start in (1, 26, 51):
        expect(
            plain.get_by_text(f"{start} to {start + 24} of {len(PAYLOADS)} rows")
        ).to_be_visible()
        assert plain.get_by_text("<", exact=False).count() > 20
        plain.get_by_role("button", name="Next", exact=True).click()
    assert plain.locator("td *, th *").count() == 0
