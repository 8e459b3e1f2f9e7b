"""The first screen in JupyterLab: tiles, questions, the tree of entities, saved questions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from .harness import Lab, Notebook
from .payloads import PAYLOADS
from .test_explorer import EXPLORE, choose, explorer_of, run_cell

QUESTIONS = (
    "Which teams reply slowest?",
    "What were conversations about?",
    "When are we busiest?",
    "What changed?",
    "Who is waiting longest right now?",
    "How do customers rate us?",
)
DASHBOARD = "inb.dashboard(explorer.pinned, title='Support')"
HOSTILE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import hostile_workspace
import intercom_nb as inb
explorer = inb.explore(hostile_workspace.connector())
explorer
"""


def ask(form: Locator, question: str) -> None:
    form.get_by_role("list", name="Questions").get_by_role("button", name=question).click()
    expect(form.get_by_role("heading", name=question, exact=True)).to_be_visible()
    expect(form.locator(".inb-stage .inb-chart")).to_be_visible()


def save(form: Locator, name: str) -> None:
    form.get_by_role("button", name="Save question").click()
    box = form.get_by_label("Name of the question")
    expect(box).to_be_focused()
    box.fill(name)
    box.press("Enter")
    expect(form.get_by_text("Saved. It is on the start page.")).to_be_visible()


def to_start_page(form: Locator) -> None:
    form.get_by_role("button", name="Start page", exact=True).click()


def test_start_page_shows_the_answer_and_its_rows_when_a_question_is_clicked(lab: Lab):
    lab.write("start.ipynb", [EXPLORE, DASHBOARD])
    with lab.open("start.ipynb", size=(1280, 1400)) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        form = explorer_of(notebook.page)
        expect(form.locator(".inb-tile")).to_have_count(4)
        for name in ("New conversations", "Median first reply", "CSAT", "Open now"):
            tile = form.locator(".inb-tile", has_text=name)
            expect(tile).to_contain_text(re.compile(r"from \d|unchanged"))
        notebook.picture("start-light", form)
        for question in QUESTIONS:
            ask(form, question)
            expect(form.locator(".inb-finding")).to_have_text(re.compile(r"\w+.*\.$"))
            expect(form.get_by_text("await c.conversations.search").first).to_be_visible()
            to_start_page(form)
        ask(form, QUESTIONS[0])
        notebook.picture("question-light", form)
        slowest = form.locator(".inb-summary-table tbody tr").first
        team = slowest.get_by_role("button").inner_text()
        slowest.get_by_role("button").click()  # its conversations
        expect(form.get_by_role("navigation", name="Filters")).to_contain_text(team)
        form.locator(".inb-g-row").first.wait_for()
        form.get_by_role("tab", name="Summarize").click()
        save(form, "Slow <b>teams</b>")
        to_start_page(form)
        saved = form.get_by_role("region", name="Saved questions")
        saved.get_by_role("button", name="Pin to the dashboard").click()
        expect(saved.get_by_text("1 question on the dashboard.")).to_be_visible()
        notebook.picture("start-saved-light", form)
        saved.get_by_role("button", name="Run again: Slow").click()
        expect(form.get_by_role("heading", name="Slow <b>teams</b>")).to_be_visible()
        expect(form.get_by_role("navigation", name="Filters")).to_contain_text(team)
        expect(form.get_by_role("tab", name="Summarize")).to_have_attribute("aria-selected", "true")
        run_cell(notebook, 1)
        board = notebook.page.frame_locator(".jp-OutputArea-output iframe")
        expect(board.get_by_role("heading", name="Slow <b>teams</b>")).to_be_visible()
        expect(board.get_by_role("cell", name=team)).to_be_visible()
        assert notebook.off_host == []
        assert notebook.console_errors == []


def test_entity_tree_moves_the_focus_when_used_by_keyboard(lab: Lab):
    lab.write("tree.ipynb", [EXPLORE])
    with lab.open("tree.ipynb") as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        expect(form.locator(".inb-tile")).to_have_count(4)
        keys, tree = page.keyboard, form.get_by_role("tree")
        form.get_by_label("Find an entity").focus()
        keys.press("Tab")
        expect(item(tree, "contacts")).to_be_focused()
        assert tree.locator("[tabindex='0']").count() == 1
        cells = page.locator(".jp-Cell").count()
        keys.type("te")
        expect(item(tree, "teams")).to_be_focused()
        keys.press("ArrowLeft")
        expect(group(tree, "People")).to_be_focused()
        keys.press("ArrowLeft")
        expect(item(tree, "contacts")).to_have_count(0)
        keys.press("End")
        expect(group(tree, "Settings")).to_be_focused()
        keys.press("ArrowRight")
        keys.press("ArrowRight")
        keys.press("ArrowDown")
        expect(item(tree, "data attributes")).to_be_focused()
        keys.press("Enter")
        expect(item(tree, "data attributes")).to_have_attribute("aria-selected", "true")
        expect(item(tree, "data attributes")).to_be_focused()
        assert tree.locator("[tabindex='0']").count() == 1
        keys.press("Tab")
        assert not page.evaluate("document.activeElement.closest('[role=tree]')")
        keys.press("Shift+Enter")
        expect(form.get_by_text(re.compile(r"^\d+ rows in "))).to_be_visible()
        assert page.locator(".jp-Cell").count() == cells
        assert notebook.console_errors == []


def item(tree: Locator, name: str) -> Locator:
    return tree.get_by_role("treeitem", name=name, exact=True)


def group(tree: Locator, name: str) -> Locator:
    return tree.locator("[role=treeitem][aria-level='1']", has_text=name)


def test_explorer_hides_writes_when_the_connector_is_read_only(lab: Lab):
    writing = EXPLORE.replace('"demo"', '"demo", allow_writes=True')
    lab.write("writes.ipynb", [EXPLORE, writing.replace("explorer", "other")])
    with lab.open("writes.ipynb") as notebook:
        notebook.run_all()
        forms = notebook.page.locator(".jp-OutputArea-output .inb")
        reading, writing_form = forms.nth(0), forms.nth(1)
        for form, count in ((reading, 0), (writing_form, 1)):
            expect(form.locator(".inb-tile")).to_have_count(4)
            expect(form.get_by_text(re.compile("^Change data: "))).to_have_count(count)
            expect(form.get_by_role("button", name="Create", exact=True)).to_have_count(0)
        assert reading.get_by_text("Create", exact=True).count() == 0
        writing_form.get_by_text(re.compile("^Change data: ")).click()
        writing_form.get_by_role("button", name="Create", exact=True).click()
        expect(writing_form.get_by_role("button", name="Review…")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_start_page_has_no_serious_axe_violation_when_light_or_dark(lab: Lab, dark: bool):
    name = f"axe-start-{dark}.ipynb"
    lab.write(name, [EXPLORE, DASHBOARD])
    with lab.open(name, dark=dark, size=(1280, 1500)) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        expect(form.locator(".inb-tile")).to_have_count(4)
        expect(form.locator(".inb-count").first).not_to_be_empty()
        found: dict[str, object] = {}

        def look(state: str) -> None:
            notebook.picture(f"{state}-{'dark' if dark else 'light'}", form)
            result = Axe().run(page, context=".inb")
            serious = [
                v for v in result.response["violations"] if v["impact"] in {"serious", "critical"}
            ]
            found.update({f"{state}: {v['id']}": v["nodes"][0]["html"][:300] for v in serious})

        look("start")
        for at, question in enumerate(QUESTIONS):
            ask(form, question)
            look(f"question-{at}")
            if at == 0:
                form.get_by_role("button", name="Save question").click()
                look("saving")
                form.get_by_label("Name of the question").press("Enter")
            to_start_page(form)
        form.get_by_role("button", name="Pin to the dashboard").click()
        expect(form.get_by_text("1 question on the dashboard.")).to_be_visible()
        look("start-saved")
        assert found == {}


def test_start_page_and_dashboard_run_no_script_when_customer_text_is_hostile(lab: Lab):
    lab.write("hostile-start.ipynb", [HOSTILE, DASHBOARD])
    with lab.open("hostile-start.ipynb", save_widget_state=True, size=(1280, 1400)) as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        expect(form.get_by_text(f"{len(PAYLOADS)} conversations, about")).to_be_visible()
        assert form.locator(".inb-tile").count() == 0  # nothing was loaded unasked
        form.get_by_role("button", name="Show last month").click()
        expect(form.locator(".inb-tile")).to_have_count(4)
        for question in QUESTIONS:
            ask(form, question)
            save(form, f"{question} {PAYLOADS[QUESTIONS.index(question)]}")
            to_start_page(form)
        expect(form.locator(".inb-saved li")).to_have_count(len(QUESTIONS))
        for at in range(len(QUESTIONS)):
            form.get_by_role("button", name="Pin to the dashboard").nth(at).click()
            expect(form.get_by_text(f"{at + 1} question")).to_be_visible()
        ask(form, QUESTIONS[4])
        expect(form.locator(".inb-finding")).to_contain_text("<")
        saved = notebook.save()
        assert PAYLOADS[30] not in saved
        run_cell(notebook, 1)
        board = page.frame_locator(".jp-OutputArea-output iframe")
        expect(board.locator(".panel")).to_have_count(len(QUESTIONS))
        expect(board.locator("h2").filter(has_text="<").first).to_be_visible()
        page.evaluate("() => new Promise(requestIdleCallback)")  # handlers of images have run
        assert ran_anywhere(page) == []
        assert notebook.off_host == []
        assert blocked(notebook) == []


def ran_anywhere(page: Page) -> list[object]:
    return [n for n in (frame.evaluate("() => window.__ran ?? null") for frame in page.frames) if n]


def blocked(notebook: Notebook) -> list[str]:
    """List what the frame's sandbox or the page's policy had to stop: nothing should get there."""
    return [text for text in notebook.console_errors if "Blocked" in text or "Refused" in text]


LATE = """
import intercom_nb as inb
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
from intercom_nb.models import IntercomAuthConfig
explorer = inb.explore(inb.IntercomConnector(
    auth_config=IntercomAuthConfig(TOKEN), base_url=DEMO_BASE_URL, http=DemoTransport(latency=8)
))
explorer
"""


def test_explorer_keeps_the_focus_when_attributes_arrive_while_someone_types(lab: Lab):
    lab.write("late.ipynb", [LATE])
    with lab.open("late.ipynb") as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        choose(form, "contacts", "search")
        field = form.get_by_label("Field", exact=True)
        field.select_option(label="other…")
        form.get_by_label("Name of the custom attribute").fill("custom_attributes.shoe_size")
        value = form.get_by_label("Value for the filter")
        value.click()
        page.keyboard.type("4")
        arrived = field.locator("optgroup[label='custom attributes'] option").nth(1)
        arrived.wait_for(state="attached", timeout=60_000)
        page.keyboard.type("2")
        expect(value).to_have_value("42")
        assert notebook.console_errors == []


def test_explorer_runs_no_query_when_shift_enter_is_pressed_in_its_login(lab: Lab):
    lab.write("switch.ipynb", [EXPLORE])
    with lab.open("switch.ipynb") as notebook:
        notebook.run_all()
        page, form = notebook.page, explorer_of(notebook.page)
        form.get_by_role("button", name="Switch workspace").click()
        form.get_by_role("radio", name="Access token").check()
        token = form.locator("input[type=password]").first
        token.fill("not a token")
        page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(1_500)
        expect(token).to_have_value("not a token")
        expect(token).to_be_focused()
        expect(form.get_by_text(re.compile(r"^\d+ rows in "))).to_have_count(0)
        assert notebook.console_errors == []


def test_explorer_sends_no_write_when_its_review_was_not_read_or_the_form_has_changed(lab: Lab):
    writing = EXPLORE.replace('"demo"', '"demo", allow_writes=True')
    lab.write("review.ipynb", [writing, "print(set(explorer.connector.sync.tags.list()['name']))"])
    with lab.open("review.ipynb") as notebook:
        notebook.menu("Run", "Run Selected Cell")
        page, form = notebook.page, explorer_of(notebook.page)
        choose(form, "tags", "create")
        name = form.get_by_label(re.compile("^name"))
        name.fill("read by nobody")
        name.press("Enter")
        review = form.get_by_role("group", name="Confirm the request")
        expect(review).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Shift+Enter")
        expect(review).to_be_visible()
        name.fill("changed")
        expect(review).to_have_count(0)
        run_cell(notebook, 1)
        names = notebook.output("feature request")
        names.wait_for()
        assert not {"read by nobody", "changed"} & set(re.findall(r"'([^']*)'", names.inner_text()))


def test_explorer_shows_no_review_when_it_arrives_after_the_form_has_changed(lab: Lab):
    writing = EXPLORE.replace('"demo"', '"demo", allow_writes=True')
    busy = "import time\ntime.sleep(3)\nprint('idle', 'again')"
    lab.write("late.ipynb", [writing, busy])
    with lab.open("late.ipynb") as notebook:
        notebook.menu("Run", "Run Selected Cell")
        form = explorer_of(notebook.page)
        choose(form, "tags", "create")
        name = form.get_by_label(re.compile("^name"))
        name.fill("first")
        run_cell(notebook, 1)
        name.press("Enter")
        name.fill("second")
        notebook.output("idle again").wait_for()
        expect(form.get_by_text("The form has changed. Review it again.")).to_be_visible()
        review = form.get_by_role("group", name="Confirm the request")
        expect(review).to_have_count(0)
        name.press("Enter")
        expect(review).to_contain_text("second")


def test_explorer_keeps_the_keyboard_focus_when_a_question_runs_or_a_login_is_left(lab: Lab):
    lab.write("focus.ipynb", [EXPLORE])
    with lab.open("focus.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        ask = form.get_by_role("button", name=re.compile("reply slowest"))
        ask.focus()
        ask.press("Enter")
        expect(form.get_by_role("button", name="Edit query")).to_be_focused()
        form.get_by_role("tab", name="History").click()
        form.get_by_role("button", name=re.compile("^Show")).first.press("Enter")
        expect(form.get_by_role("button", name="Edit query")).to_be_focused()
        switch = form.get_by_role("button", name="Switch workspace")
        switch.press("Enter")
        form.get_by_role("button", name="Back").press("Enter")
        expect(switch).to_be_focused()


def test_extraction_starts_when_enter_is_pressed_in_its_folder(lab: Lab):
    lab.write("folder.ipynb", [EXPLORE])
    with lab.open("folder.ipynb") as notebook:
        notebook.run_all()
        form = explorer_of(notebook.page)
        choose(form, "teams", "list")
        form.get_by_text("Download all teams (Parquet)").click()
        folder = form.get_by_label("Folder")
        folder.fill("teams of mine/")
        folder.press("Enter")
        expect(form.get_by_text("teams of mine/ is complete")).to_be_visible()
        expect(form.get_by_text(re.compile(r"^\d+ rows in "))).to_have_count(0)
