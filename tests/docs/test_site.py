"""The built guide in a browser: search, copy buttons, both themes, wide and narrow windows."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPES = (ROOT / "docs/recipes.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^### \d+\. (.*)", RECIPES, flags=re.M)
# What people call it, which is not always in the question.
SYNONYMS = {
    "FRT": 1,
    "business hours": 2,
    "unanswered": 4,
    "SLA": 5,
    "time to resolution": 7,
    "busiest hours": 9,
    "phone": 13,
    "CSAT": 15,
    "reopened": 18,
    "escalations": 24,
    "Fin": 24,
    "cohorts": 28,
    "thread": 34,
    "help center": 37,
    "Excel": 38,
    "anonymize": 39,
    "SQL": 41,
    "bulk": 42,
    "schedule": 43,
    "cron": 43,
}
PAGES = ("index", "recipes", "reference/api", "metrics", "notebooks/01_quickstart")

pytestmark = [pytest.mark.slow, pytest.mark.browser]
api = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def site(built: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Print nothing."""

    handler = functools.partial(Quiet, directory=str(built))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[api.Browser]:
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: api.Browser) -> Iterator[api.Page]:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        yield context.new_page()


def results(page: api.Page, site: str, words: str) -> list[str]:
    """Return the addresses that a search finds, best first."""
    page.goto(f"{site}/search.html?q={quote(words)}")
    page.get_by_text(re.compile(r"Search finished|did not match")).wait_for()
    found = page.locator("#search-results ul.search > li > a")
    return [str(link.get_attribute("href")) for link in found.all()]


def anchor(question: str) -> str:
    """Return a heading's anchor, as Sphinx makes it: without its number."""
    return re.sub(r"[^a-z0-9-]", "", question.lower().replace(" ", "-"))


def test_search_finds_each_recipe_by_its_question(page: api.Page, site: str) -> None:
    assert len(QUESTIONS) >= 40
    for question in QUESTIONS:
        target = f"recipes.html#{anchor(question)}"
        assert any(target in link for link in results(page, site, question)[:6]), question


def test_search_finds_the_recipes_by_other_words(page: api.Page, site: str) -> None:
    texts = dict(re.findall(r"^### (\d+)\. (.*?)(?=^##|\Z)", RECIPES, flags=re.M | re.S))
    for words, number in SYNONYMS.items():
        assert words.lower() in texts[str(number)].lower(), words
        assert any(link.startswith("recipes.html") for link in results(page, site, words)), words


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_the_window_and_follow_the_theme(
    browser: api.Browser, site: str, scheme: str, width: int
) -> None:
    errors: list[str] = []
    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme
    ) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        for name in PAGES:
            page.goto(f"{site}/{name}.html")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            color = page.evaluate("getComputedStyle(document.body).backgroundColor")
            red, green, blue = map(int, re.findall(r"\d+", color)[:3])
            assert (max(red, green, blue) < 80) == (scheme == "dark"), (name, color)
            for picture in page.locator("img.only-dark").all():
                assert picture.is_visible() == (scheme == "dark")
    assert errors == []


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("recipes", "import intercom_nb as inb"),
        ("reference/api", 'connect("demo").mode, connect("demo", mode="hosted").mode'),
        ("mcp", 'pip install ".[mcp,charts,data]"'),
    ],
)
def test_guide_copies_code_without_prompts_and_output_when_its_button_is_pressed(
    page: api.Page, site: str, name: str, copied: str
) -> None:
    page.goto(f"{site}/{name}.html")
    page.locator("div.highlight").first.hover()
    page.locator("button.copybtn").first.click()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(copied)
    assert not re.search(r"^(>>>|\$|\('direct)", text, flags=re.M)
