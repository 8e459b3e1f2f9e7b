"""A dashboard's page in a real browser: offline, narrow and dark, and under attack."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
from playwright.sync_api import Browser  # noqa: E402

import intercom_nb as inb  # noqa: E402
from intercom_nb import analysis  # noqa: E402

from .test_dashboard import hostile_panels  # noqa: E402
from .test_page import browser as browser  # noqa: E402 - a fixture
from .test_page import hostile, opened  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def html() -> str:
    """Build a page of hostile questions, a metric of hostile conversations, and their rows."""
    df, given = hostile()
    names = given["names"]
    metrics = [analysis.first_reply(df, by="team", names=names), analysis.pareto(df, names=names)]
    items = [*hostile_panels(), *metrics, df.head(60)]
    made: str = inb.dashboard(items, title="Support").html
    return made


@pytest.mark.parametrize("guarded", [True, False], ids=["as it is", "without its policy"])
def test_dashboard_runs_no_script_when_texts_are_hostile(
    browser: Browser, html: str, tmp_path: Path, guarded: bool
) -> None:
    text = html if guarded else re.sub(r"<meta http-equiv[^>]*>", "", html)
    page, asked = opened(browser, text, tmp_path)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.mouse.wheel(0, 20_000)
    assert page.evaluate("window.__ran") is None
    assert asked == []
    kinds = page.evaluate("[...new Set([...document.querySelectorAll('*')].map(e => e.localName))]")
    assert {"script", "img", "iframe", "object", "form", "input", "base"}.isdisjoint(kinds)
    assert page.locator(".panel").count() > 30


def test_dashboard_fits_the_width_when_the_screen_is_a_phone(
    browser: Browser, html: str, tmp_path: Path
) -> None:
    page, asked = opened(browser, html, tmp_path, viewport={"width": 390, "height": 800})
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_dashboard_has_no_serious_violation_when_axe_checks_it(
    browser: Browser, html: str, tmp_path: Path, dark: bool
) -> None:
    text = re.sub(r"<meta http-equiv[^>]*>", "", html)  # axe is a script, which the policy forbids
    page, _ = opened(browser, text, tmp_path, color_scheme="dark" if dark else "light")
    found = axe.Axe().run(page).response["violations"]
    serious = [v for v in found if v["impact"] in {"serious", "critical"}]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in serious] == []
