"""The explorer in JupyterLab and Chromium: seconds from an action until its outcome is painted."""

from __future__ import annotations

import compileall
import importlib
import os
import pathlib
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .explorer import FIRST_ROWS, OPEN, PROFILES, SEARCHES, SORTED, SORTS, Measure

_ROOT = pathlib.Path(__file__).parents[1]
# A warm kernel has imported the package and read a list.
_WARM = """
import sys
sys.path.insert(0, {root!r})
import intercom_nb as inb
c = inb.connect("demo")
c.sync.contacts.list(limit=50)
"""
_OPEN = "explorer = inb.explore(c)\nexplorer"
# Every list returns the same frame at once, as if its last response had just been read.
_RESPOND = """
from concurrent.futures import Future
from benchmarks.explorer import make_frame
frame = make_frame({rows})
frame.attrs["intercom"] = c.sync.conversations.list(limit=1).attrs["intercom"]
def submit(*args, **kwargs):
    done = Future()
    done.set_result(frame)
    return done
c.submit = submit
"""
# Each change of the page is looked at; the time ends when the frame with the outcome is painted.
_PAGE = """() => {
window.find = (selector) => document.querySelector(`.jp-OutputArea-output .inb ${selector}`);
window.timed = (act, isDone) => new Promise((resolve, reject) => {
  const start = performance.now();
  const end = () => resolve((performance.now() - start) / 1000);
  setTimeout(() => reject(`not done in 60 s: ${isDone}`), 60_000);
  const observer = new MutationObserver(() => {
    if (!isDone()) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(end));
  });
  const changes = { subtree: true, childList: true, characterData: true, attributes: true };
  observer.observe(document.body, changes);
  act();
});
window.runCell = (index) => {
  const { content } = jupyterapp.shell.currentWidget;
  content.activeCellIndex = index;
  jupyterapp.commands.execute("notebook:run-cell");
};
window.pressRun = () => find(".inb-run .inb-primary").click();
// Whether a node is there that was not there before.
window.isNew = (selector) => {
  const old = find(selector);
  return () => ![null, old].includes(find(selector));
};
window.sortBy = (column) => find(`.inb-g-th button[aria-label='${column}']`).click();
window.search = (text) => {
  const box = find("input[aria-label='Search all rows']");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
};
}"""
_OPENED = "timed(() => runCell(1), () => find('[role=treeitem]') && find('.inb-form'))"
# With its cells: a row that is still to come cannot be selected.
_ROW = ".inb-g-row[aria-rowindex='2'][aria-selected]"
_SHOWN = f"timed(pressRun, isNew({_ROW!r}))".replace('"', "`")
_PROFILED = "timed(pressRun, isNew('.inb-g-mini'))"
_SEARCHED = f"(text) => timed(() => search(text), isNew({_ROW!r}))".replace('"', "`")
_SORTED = f"(column) => timed(() => sortBy(column), isNew({_ROW!r}))".replace('"', "`")
_READING = 1_500  # ms that a person looks at the rows before the next action


def measured(rounds: int, rows: int) -> dict[Measure, list[float]]:
    """Measure in a kernel and a page of its own each round; nothing without Chromium."""
    sys.path.insert(0, str(_ROOT / "tests"))
    chromium = importlib.import_module("chromium").find_chromium()
    if chromium is None:
        return {}
    # Kernels read compiled files, as those of an installed package do; compiling takes longer.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    compileall.compile_dir(_ROOT / "intercom_nb", quiet=1)
    took: dict[Measure, list[float]] = defaultdict(list)
    lab = importlib.import_module("browser.harness").Lab
    with (
        tempfile.TemporaryDirectory(prefix="explorer-") as folder,
        lab(pathlib.Path(folder), chromium) as running,
    ):
        for number in range(rounds):
            for measure, seconds in _round(running, f"{number}.ipynb", rows):
                took[measure].append(seconds)
    return dict(took)


def _round(lab: Any, name: str, rows: int) -> Iterator[tuple[Measure, float]]:
    with _notebook(lab, name, rows) as notebook:
        page = notebook.page
        yield OPEN, page.evaluate(_OPENED)
        page.locator(".inb-tile").first.wait_for()  # the start page has loaded its month
        _run_cell(notebook, 2)
        page.locator(".inb").get_by_role("treeitem", name="conversations", exact=True).click()
        for measure, action in ((FIRST_ROWS, _SHOWN), (PROFILES, _PROFILED)):
            yield measure, page.evaluate(action)
            page.wait_for_timeout(_READING)
        for measure in SEARCHES:
            yield measure, page.evaluate(_SEARCHED, measure.query["search"])
            page.evaluate(_SEARCHED, "")
        for measure, column in zip(SORTS, SORTED.values(), strict=True):
            yield measure, page.evaluate(_SORTED, column)
            page.wait_for_timeout(_READING)


@contextmanager
def _notebook(lab: Any, name: str, rows: int) -> Iterator[Any]:
    lab.write(name, [_WARM.format(root=str(_ROOT)), _OPEN, _RESPOND.format(rows=rows)])
    with lab.open(name) as notebook:
        notebook.page.evaluate(_PAGE)
        _run_cell(notebook, 0)
        yield notebook


def _run_cell(notebook: Any, index: int) -> None:
    notebook.page.evaluate(f"runCell({index})")
    prompt = notebook.page.locator(".jp-CodeCell .jp-InputPrompt").nth(index)
    prompt.get_by_text(re.compile(r"\d")).wait_for()  # a number once it is done
    notebook.wait_for_idle()
