"""From the first screen to an answer: the slowest Billing conversation of October, as a thread.

With the mouse and with the keyboard alone, in at most six clicks; light, dark, narrow. The seconds
that it took are printed.
"""

from __future__ import annotations

import difflib
import io
import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from playwright.sync_api import Locator, Page, expect

from .harness import SCREENSHOTS, Lab, Notebook
from .test_explorer import explorer_of, run_cell, wait_for_rows
from .test_frontends import Classic, classic  # noqa: F401 - a fixture

IMAGES = Path(__file__).parents[2] / "docs" / "images"
# What the README and the page on the notebooks show.
DOCUMENTED = ("start-light", "start-dark", "chart-light", "rows-narrow", "thread-dark")
# October is the last full month there, whenever the test runs.
OCTOBER = """
import intercom_nb as inb
c = inb.connect("demo", now="2026-11-15")
explorer = inb.explore(c)
explorer
"""
QUESTION = "Which teams reply slowest?"
TEAM = "Billing"
REPLY = "statistics.time_to_admin_reply"
MOST_CLICKS = 6
NARROW = 520  # px; as in grid.js
# The answer without the explorer, from all conversations of October in the workspace's time zone.
TRUTH = f"""
import pandas as pd
zone = (await explorer.connector.check()).workspace["timezone"]
october = [pd.Timestamp(f"2026-{{month}}-01", tz=zone) for month in (10, 11)]
found = explorer.connector.sync.conversations.list(limit=None)
teams = explorer.connector.sync.teams.list().set_index("id")["name"]
found = found[found["created_at"].between(*october, inclusive="left")]
found = found[found["team_assignee_id"].map(teams) == {TEAM!r}]
slowest = found.loc[found[{REPLY!r}].idxmax()]
print("the slowest is", slowest["id"])
"""


def has_cards(form: Locator) -> bool:
    """Return whether the window is so narrow that rows are cards, drawn yet or not."""
    return form.page.viewport_size["width"] < NARROW


class Mouse:
    """Clicks, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def press(self, control: Locator) -> None:
        self.clicks += 1
        control.click()

    def open_first_row(self, form: Locator) -> None:
        """Open the first row: by its button, as a narrow window's card by a tap."""
        row = form.locator(".inb-g-row").first
        self.press(row.locator(".inb-g-td").first if has_cards(form) else row.locator(".inb-open"))


class Keyboard(Mouse):
    """Tab and Enter alone."""

    def press(self, control: Locator) -> None:
        self.clicks += 1
        for _ in range(150):
            if control.evaluate("node => document.activeElement === node"):
                self.page.keyboard.press("Enter")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{control} is not reached by Tab")

    def open_first_row(self, form: Locator) -> None:
        self.clicks += 1
        self.page.keyboard.press("ArrowDown")  # from the column's head, which was just sorted
        expect(form.get_by_role("grid")).to_be_focused()
        self.page.keyboard.press("Enter")


def find_slowest(form: Locator, hand: Mouse, look: Callable[[str], None]) -> str:
    """Walk from the first screen to the thread; return the conversation's id."""
    started = time.monotonic()
    question = form.get_by_role("list", name="Questions").get_by_role("button", name=QUESTION)
    expect(question).to_be_visible()
    expect(form.get_by_text("October 2026").first).to_be_visible()
    look("start")
    hand.press(question)
    query = form.locator(".inb-summary")
    expect(query).to_have_text(re.compile("created at is from 1 Oct 2026, .* 1 Nov 2026$"))
    team = form.locator(".inb-summary-table").get_by_role("button", name=TEAM, exact=True)
    expect(team).to_be_visible()
    look("chart")
    hand.press(team)
    trail = form.get_by_role("navigation", name="Filters")
    expect(trail).to_contain_text(TEAM)
    if has_cards(form):
        hand.clicks += 1
        form.get_by_label("Sort by").select_option(label="First reply time ▼")
    else:
        head = form.get_by_role("columnheader", name=REPLY)
        hand.press(head.get_by_role("button"))
        expect(head).to_have_attribute("aria-sort", "descending")
    wait_for_rows(form)
    expect(form.locator(".inb-g-row").first).to_contain_text(" h ")
    look("rows")
    hand.open_first_row(form)
    expect(form.locator(".inb-message").first).to_be_visible()
    expect(form.get_by_role("heading", name="Contact")).to_be_visible()
    seconds = time.monotonic() - started
    print(f"{type(hand).__name__}: {hand.clicks} clicks, {seconds:.1f} s")
    look("thread")
    assert hand.clicks <= MOST_CLICKS
    return form.get_by_role("row", name="id", exact=False).first.get_by_role("cell").inner_text()


def check_truth(notebook: Notebook, found: str) -> None:
    run_cell(notebook, 1)
    notebook.output(f"the slowest is {found}").wait_for()


@pytest.mark.parametrize(
    ("hand", "dark", "size"),
    [
        (Mouse, False, (1280, 1290)),
        (Keyboard, True, (1280, 1290)),
        (Mouse, False, (390, 844)),
    ],
    ids=["light", "dark", "narrow"],
)
def test_explorer_opens_the_slowest_conversation_of_a_team_within_six_clicks(
    lab: Lab, hand: type[Mouse], dark: bool, size: tuple[int, int], request: pytest.FixtureRequest
):
    state = request.node.callspec.id
    is_narrow = state == "narrow"
    name = f"answer-{state}.ipynb"
    lab.write(name, [OCTOBER, TRUTH])
    with lab.open(name, dark=dark, size=size) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        form = explorer_of(notebook.page)
        expect(form.locator(".inb-tile")).to_have_count(4)
        if is_narrow:
            page = notebook.page
            page.evaluate(
                "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
            )
            form.get_by_role("button", name="Full screen").click()

        def look(step: str) -> None:
            if is_narrow:
                assert cut_off(form) == []
            take(form, f"{step}-{state}")

        form.locator(".inb-tile").first.focus() if hand is Mouse else form.focus()
        found = find_slowest(form, hand(notebook.page), look)
        if is_narrow:
            form.get_by_role("button", name="Exit full screen").click()
        check_truth(notebook, found)
        assert notebook.off_host == []
        assert notebook.console_errors == []


def take(form: Locator, state: str) -> None:
    """Leave a picture; those of the documentation show the same text, or are written over.

    INTERCOM_NB_PICTURES=1 writes them, with their text as metadata.
    """
    is_documented = state in DOCUMENTED
    is_new = is_documented and "INTERCOM_NB_PICTURES" in os.environ
    folder = IMAGES if is_new else SCREENSHOTS
    folder.mkdir(parents=True, exist_ok=True)
    form.page.mouse.move(2, 2)
    shot = Image.open(io.BytesIO(form.screenshot(animations="disabled"))).convert("RGB")
    about = PngImagePlugin.PngInfo()
    about.add_itxt("Description", form.inner_text())
    shot.quantize(128).save(folder / f"explorer-{state}.png", optimize=True, pnginfo=about)
    if is_documented:
        with Image.open(IMAGES / f"explorer-{state}.png") as picture:
            stored = picture.info["Description"].splitlines()
        shown = form.inner_text().splitlines()
        alike = difflib.SequenceMatcher(None, stored, shown, autojunk=False).ratio()
        assert alike > 0.9, f"{state}: take the pictures anew, with INTERCOM_NB_PICTURES=1"


def cut_off(form: Locator) -> list[str]:
    """List what reaches over the form's right edge and cannot be scrolled to."""
    return form.evaluate(
        """form => [...form.querySelectorAll('*')].filter(node => {
          const { width, right } = node.getBoundingClientRect();
          const isOver = width > 0 && right > form.getBoundingClientRect().right + 1;
          return isOver && !node.closest('.inb-grid, .inb-scroll, .inb-chart-place, pre, svg');
        }).map(node => node.outerHTML.slice(0, 100))"""
    )


def test_explorer_opens_the_slowest_conversation_when_in_notebook_7_or_voila(classic: Classic):  # noqa: F811
    classic.write("answer.ipynb", [OCTOBER])
    with classic.notebook("answer.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        in_notebook = find_slowest(form, Mouse(notebook.page), lambda _: None)
    with classic.voila("answer.ipynb") as shown:
        form = shown.page.locator(".inb").first
        in_voila = find_slowest(form, Mouse(shown.page), lambda _: None)
    assert in_notebook == in_voila
