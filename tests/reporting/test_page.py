"""The report in a real browser: offline, narrow and dark, for a screen reader, and under attack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

pytest.importorskip("matplotlib")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
from analysis.frames import contacts, conversation, frame, seconds  # noqa: E402
from browser.harness import CHROMIUM_FLAGS, PATIENCE  # noqa: E402
from browser.payloads import CALL, PAYLOADS  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

import intercom_nb as inb  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = 40  # what a table of the report shows
TAGS, TOPICS, TEAMS, TEAMMATES, COMPANIES = (
    PAYLOADS[start : start + count]
    for start, count in ((0, ROWS), (40, ROWS), (80, ROWS), (120, ROWS), (160, 20))
)


def hostile() -> tuple[pd.DataFrame, dict[str, Any]]:
    """Conversations whose tags, topics, teams, teammates and companies attack."""
    records, people = [], []
    for number in range(2 * ROWS):
        place = number % ROWS
        created = f"2026-10-{1 + number % 28:02} 10:00"
        close = seconds(created) + 60
        waited = {"time_to_admin_reply": 60, "time_to_first_close": 60, "count_assignments": 3}
        records.append(
            conversation(
                created,
                state="closed",
                team_assignee_id=place,
                admin_assignee_id=place,
                contacts={"contacts": [{"id": str(place)}]},
                tags={"tags": [{"id": str(place), "name": TAGS[place]}]},
                topics={"topics": [{"id": str(place), "name": TOPICS[place], "type": "topic"}]},
                conversation_rating={"rating": 5},
                ai_agent_participated=True,
                source={"type": PAYLOADS[190], "delivered_as": "customer_initiated"},
                statistics={**waited, "first_close_at": close, "last_close_at": close},
            )
        )
        company = {"data": [{"id": str(place % len(COMPANIES))}]}
        signed_up = seconds("2026-09-30")
        people.append({"id": str(place), "signed_up_at": signed_up, "companies": company})
    named = {
        "team": {str(i): name for i, name in enumerate(TEAMS)},
        "teammate": {str(i): name for i, name in enumerate(TEAMMATES)},
        "tag": {str(i): name for i, name in enumerate(TAGS)},
    }
    companies = {str(i): name for i, name in enumerate(COMPANIES)}
    given = {"contacts": contacts(*people[:ROWS]), "companies": companies, "names": named}
    return frame(*records), given


@pytest.fixture(scope="module")
def html() -> str:
    df, given = hostile()
    made: str = inb.report(df, "2026-10", zone="UTC", first_reply="1h", **given).html
    return made


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield running
        running.close()


def opened(browser: Browser, text: str, folder: Path, **look: Any) -> tuple[Page, list[str]]:
    """Open a page from a file, without a network; give it and what it asked for."""
    file = folder / "report.html"
    file.write_text(text, encoding="utf-8")
    page = browser.new_context(offline=True, **look).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: asked.append(message.text))
    page.goto(file.as_uri())
    assert asked.pop(0) == file.as_uri()
    # Pictures of the charts are in the page.
    return page, [url for url in asked if not url.startswith("data:image/png;base64,")]


def test_report_page_loads_nothing_when_a_phone_opens_it_offline(
    browser: Browser, html: str, tmp_path: Path
) -> None:
    page, asked = opened(browser, html, tmp_path, viewport={"width": 390, "height": 800})
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("figure svg").count() == page.locator("figure").count() > 20
    page.get_by_role("link", name="Customers").click()
    assert page.get_by_role("heading", name="Customers").is_visible()


@pytest.mark.parametrize("guarded", [True, False], ids=["as it is", "without its policy"])
def test_report_page_runs_no_script_when_names_are_hostile(
    browser: Browser, html: str, tmp_path: Path, guarded: bool
) -> None:
    """The escaping has to do alone; the page's policy is a second wall."""
    text = html if guarded else re.sub(r"<meta http-equiv[^>]*>", "", html)
    page, asked = opened(browser, text, tmp_path)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.mouse.wheel(0, 20_000)
    shown = page.locator("body").inner_text()
    assert page.evaluate("window.__ran") is None
    assert asked == []
    assert shown.count(CALL) >= 100
    kinds = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => e.localName))]")
    assert {"script", "img", "iframe", "object", "form", "input", "base"}.isdisjoint(kinds)
    assert page.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus]').length") == 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_report_page_has_no_violation_when_axe_checks_it(
    browser: Browser, html: str, tmp_path: Path, dark: bool
) -> None:
    scheme = "dark" if dark else "light"
    # axe is a script that is put into the page, which the policy forbids.
    text = re.sub(r"<meta http-equiv[^>]*>", "", html)
    page, _ = opened(browser, text, tmp_path, color_scheme=scheme)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(22, 25, 31)" if dark else "rgb(255, 255, 255)")
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []


def test_report_page_is_dark_on_white_when_it_is_printed(
    browser: Browser, html: str, tmp_path: Path
) -> None:
    page, _ = opened(browser, html, tmp_path, color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 36, 48)"
    assert not page.locator("details").first.is_visible()
