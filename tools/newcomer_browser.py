"""The quickstart notebook in Chromium, driven as a person would, for `newcomer.py`."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

PATIENCE = 300_000  # ms until a state counts as one that never comes
# The outputs of all cells, also of those out of sight, which are not in the page.
OUTPUTS = """
window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code')
  .flatMap(cell => cell.model.outputs.toJSON())
"""
SIGNS = {
    "first DataFrame": "(output.data?.['text/html'] ?? '').includes('class=\"dataframe\"')",
    "first chart": "'image/png' in (output.data ?? {})",
    "report page": "(output.data?.['text/plain'] ?? '').includes('support.html')",
}


class QuickstartPage:
    """The notebook in its window."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def run_all(self) -> None:
        """Choose Run > Run All Cells."""
        self._menu("Run", "Run All Cells")

    def restart(self) -> None:
        """Choose Kernel > Restart Kernel and Clear Outputs of All Cells."""
        self._menu("Kernel", "Restart Kernel and Clear Outputs of All Cells")
        self._page.locator(".jp-Dialog .jp-mod-accept").click()
        self._page.wait_for_function(f"({OUTPUTS}).length === 0")
        self.wait_for_kernel()

    def type_in_first_cell(self, code: str) -> None:
        """Replace the first code cell."""
        self._page.locator(".jp-CodeCell .cm-content").first.click()
        self._page.keyboard.press("Control+A")
        self._page.keyboard.insert_text(code)

    def wait_for_output(self, sign: str) -> None:
        """Wait for the first output with a sign; exit if a cell fails."""
        found = f"({OUTPUTS}).find(output => output.output_type === 'error' || {SIGNS[sign]})"
        output = self._page.wait_for_function(f"() => {found}").json_value()
        if output["output_type"] == "error":
            sys.exit("\n".join(["A cell of the quickstart failed:", *output["traceback"]]))

    def wait_for_kernel(self) -> None:
        """Wait until the kernel is idle."""
        status = self._page.locator(".jp-StatusBar-Widget")
        status.get_by_text(re.compile(r"Python 3.*\| Idle")).first.wait_for()

    def _menu(self, *path: str) -> None:
        for name in path:
            entry = self._page.get_by_role("menuitem", name=re.compile(f"^{re.escape(name)}"))
            entry.first.click()


@contextmanager
def open_quickstart(address: str) -> Iterator[QuickstartPage]:
    """Open the address that `make lab` prints, and yield the notebook when its kernel is ready."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address, wait_until="domcontentloaded")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        quickstart = QuickstartPage(page)
        quickstart.wait_for_kernel()
        yield quickstart
        browser.close()
