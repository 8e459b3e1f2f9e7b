"""The explorer in Notebook 7 and in Voila: what a person does first, with the mouse."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from environments import python_with
from playwright.sync_api import Locator, Page, expect

from .harness import PATIENCE, PATIENT_ANYWIDGET, Lab, Notebook, wait_until
from .test_explorer import choose, column, press_run, run_cell
from .test_kernels import ADD_CELL

PICTURES = Path(__file__).parents[2] / "test-results"
EXPLORE = """
import intercom_nb as inb
explorer = inb.explore()
explorer
"""
HAS_IDLE_KERNEL = """
() => window.jupyterapp?.shell.currentWidget?.context?.sessionContext.session?.kernel?.status
  === 'idle'
"""


class ClassicNotebook(Notebook):
    """A notebook in the window of Notebook 7, which has no status bar."""

    def wait_for_idle(self, *, timeout: float = PATIENCE) -> None:
        """Wait for an idle kernel."""
        self.page.wait_for_function(HAS_IDLE_KERNEL, timeout=timeout * 1000)


class Classic(Lab):
    """A server of Notebook 7 and Voila, for the browser that runs already."""

    def __init__(self, root: Path, lab: Lab, python: Path) -> None:
        super().__init__(root, "")
        self._browser = lab._browser
        self._python = python

    def __enter__(self) -> Classic:
        self._url = self._closing.enter_context(self._served())
        return self

    def _application(self) -> list[str]:
        option = "--JupyterNotebookApp.expose_app_in_browser=True"
        return [str(self._python), "-m", "notebook", option]

    @contextmanager
    def notebook(self, name: str) -> Iterator[ClassicNotebook]:
        """Open a notebook in Notebook 7."""
        with self._window() as page:
            notebook = ClassicNotebook(page, self.notebooks / name, self._url)
            notebook.load(f"{self._url}/notebooks/{name}?token={self._token}")
            yield notebook
        self._shut_down_kernel(name)

    @contextmanager
    def voila(self, name: str) -> Iterator[Notebook]:
        """Open a notebook as Voila shows it: run, and without its code."""
        with self._window() as page:
            shown = Notebook(page, self.notebooks / name, self._url)
            page.goto(f"{self._url}/voila/render/{name}?token={self._token}")
            yield shown

    @contextmanager
    def _window(self) -> Iterator[Page]:
        page = self._browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(PATIENCE * 1000)
        page.add_init_script(PATIENT_ANYWIDGET)
        try:
            yield page
        finally:
            page.close()


@pytest.fixture(scope="module")
def classic(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classic]:
    python = python_with("notebook>=7,<8", "voila>=0.5", with_ours=True)
    for data in ("share/jupyter", "etc/jupyter"):
        _link_data(python.parents[1] / data, Path(sys.prefix) / data)
    with Classic(tmp_path_factory.mktemp("classic"), lab, python) as running:
        yield running


def _link_data(own: Path, ours: Path) -> None:
    """Put what Jupyter reads as files (extensions, schemas, settings) into the environment too.

    As hard links: Voila serves nothing that leads out of its folders.
    """
    for file in ours.rglob("*"):
        place = own / file.relative_to(ours)
        if file.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.hardlink_to(file)


def explore_contacts(page: Page) -> Locator:
    """Connect to the demo, list contacts, see them, sort them."""
    form = page.locator(".inb").first
    form.get_by_role("button", name="Connect").click()
    expect(form.get_by_text("Lanternboard").first).to_be_visible()
    choose(form, "contacts", "list")
    form.get_by_role("textbox", name="Rows").fill("60")
    press_run(form)
    expect(form.get_by_text(re.compile(r"^60 rows in "))).to_be_visible()
    head = form.get_by_role("columnheader", name="name", exact=True)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    return form


def names_are_sorted(form: Locator) -> bool:
    """Tell whether all names in sight are there, and sorted."""
    names = column(form, "name")
    return len(names) > 5 and "…" not in names and names == sorted(names)


def test_explorer_lists_and_sorts_contacts_when_in_notebook_7(classic: Classic) -> None:
    classic.write("classic.ipynb", [EXPLORE])
    with classic.notebook("classic.ipynb") as notebook:
        its_own = list(notebook.console_errors)  # Notebook's, before anything of ours is loaded
        notebook.run_all()
        form = explore_contacts(notebook.page)
        wait_until(lambda: names_are_sorted(form), "sorting by name")
        notebook.page.evaluate(ADD_CELL, "print('rows in Python:', len(explorer.df))")
        run_cell(notebook, 1)
        notebook.output("rows in Python: 60").wait_for()
        notebook.screenshot(PICTURES / "notebook-7.png")
        assert notebook.off_host == []
        assert notebook.console_errors == its_own


def test_explorer_lists_and_sorts_contacts_when_in_voila(classic: Classic) -> None:
    classic.write("voila.ipynb", [EXPLORE])
    with classic.voila("voila.ipynb") as shown:
        form = explore_contacts(shown.page)
        wait_until(lambda: names_are_sorted(form), "sorting by name")
        shown.screenshot(PICTURES / "voila.png")
        assert shown.page.locator(".jp-InputArea-editor").count() == 0  # no code
        # Voila's own page asks for icons and mathematics elsewhere; ours for nothing.
        assert [url for url in shown.off_host if not re.search("fontawesome|mathjax", url)] == []
        assert not any("anywidget" in error for error in shown.console_errors)


def test_magics_complete_and_run_when_typed_in_jupyterlab(lab: Lab) -> None:
    """A form by a magic, and a line that is typed with Tab."""
    lab.write("magics.ipynb", ["%load_ext intercom_nb\n%intercom login"])
    with lab.open("magics.ipynb") as notebook:
        notebook.run_all()
        page = notebook.page
        page.locator(".inb").first.get_by_role("button", name="Connect").click()
        expect(page.locator(".inb").first.get_by_text("Connected: Lanternboard")).to_be_visible()
        page.evaluate(ADD_CELL, "")
        page.locator(".jp-CodeCell").nth(1).locator(".cm-content").click()
        typed = page.keyboard
        for text, offered in (("%intercom df << conver", "conversations"), (" sea", "search")):
            typed.type(text)
            complete(page, offered)
        typed.type(" --state sn")
        complete(page, "snoozed")
        typed.press("Control+Enter")
        notebook.output("Using the form of %intercom login").wait_for()
        expect(notebook.output(re.compile(r"df: \d+ rows"))).to_be_visible()
        source = page.locator(".jp-CodeCell").nth(1).locator(".cm-content").inner_text()
        assert source.strip() == "%intercom df << conversations search --state snoozed"
        assert notebook.console_errors == []


def complete(page: Page, offered: str) -> None:
    """Press Tab, and take what is offered; a single offer is taken at once."""
    page.keyboard.press("Tab")
    popup = page.locator(".jp-Completer-item", has_text=offered).first
    line = page.locator(".jp-CodeCell").nth(1).locator(".cm-content")
    wait_until(lambda: popup.is_visible() or offered in line.inner_text(), f"Tab: {offered}")
    if popup.is_visible():
        popup.click()
    expect(line).to_contain_text(offered)
