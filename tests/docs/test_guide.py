"""The guide builds without a warning, its links lead somewhere, and every block of code runs."""

from __future__ import annotations

import inspect
import re
import shlex
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
from tool_files import tool_module

import intercom_nb
from intercom_nb import analysis, errors
from intercom_nb.cli.main import build_parser as command_line

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """Give the line number and the text of every block of a language."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```", text, flags=re.S | re.M)
    return [(text[: m.start(1)].count("\n"), m[1]) for m in found]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_shows_the_output_of_its_python_blocks(page: Path) -> None:
    """If this fails on other numbers, run: python tools/page_outputs.py docs/PAGE.md."""
    assert tool_module("page_outputs").run_page(page) == page.read_text(encoding="utf-8")


def test_page_of_recipes_has_forty_questions_each_with_its_output() -> None:
    text = (ROOT / "docs/recipes.md").read_text(encoding="utf-8")
    recipes = re.split(r"^### \d+\. (?=.*\?$)", text, flags=re.M)[1:]
    assert len(recipes) >= 40
    for recipe in recipes:
        question, _, body = recipe.partition("\n")
        runs = body.count("```python")
        assert runs == body.count("```text\n") + body.count("](images/recipes/"), question
        assert "```text\n```" not in body, question


def test_write_reference_returns_the_stored_pages() -> None:
    """If this fails, run: python tools/write_reference.py."""
    tool = tool_module("write_reference")
    fresh = {name: tool.stored(name) == text for name, text in tool.pages().items()}
    if pd.__version__ < "3":
        del fresh["dictionary.md"]  # the page names the dtypes of pandas 3
    else:
        assert fresh.pop("dictionary.md")
    assert fresh == {
        "api.md": True,
        "metric-definitions.md": True,
        "modeled-tables.md": True,
        "operations.md": True,
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_blocks_are_in_a_tested_language(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    fences = re.findall(r"^```(.*)$", text, flags=re.M)[::2]
    known = {"python", "text", "ipython", "console"}  # no directives: hosting sites show them
    # The README's lines for Windows are the only ones that cannot run here.
    assert set(fences) - known <= ({""} if page.name == "README.md" else set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_page_commands_exist(page: Path) -> None:
    targets = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    for _, block in blocks(page, "console"):
        for line in block.splitlines():
            program, *arguments = shlex.split(line.removeprefix("$ "))
            if program == "intercom-nb":
                command_line().parse_args(arguments)
            elif program == "make":
                assert f"make {arguments[0]} " in targets
            else:
                assert program == "pip"


class Links(HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors = {""}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.links.append(value)
            if name == "id" and value:
                self.anchors.add(value)


@pytest.mark.slow
def test_guide_links_have_existing_targets_when_it_is_built(built: Path) -> None:
    pages = {p: Links(p.read_text(encoding="utf-8")) for p in built.rglob("*.html")}
    broken = []
    for page, found in pages.items():
        for link in found.links:
            parts = urlsplit(link)
            if parts.scheme in {"http", "https", "data", "mailto"}:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.is_file():
                broken.append(f"{page.name}: {link}")
            elif target in pages and unquote(parts.fragment) not in pages[target].anchors:
                broken.append(f"{page.name}: {link} (no such heading)")
    assert broken == []


@pytest.mark.slow
def test_guide_shows_the_tables_and_charts_of_the_quickstart_when_it_is_built(built: Path) -> None:
    text = (built / "notebooks/01_quickstart.html").read_text(encoding="utf-8")
    assert 'class="dataframe"' in text
    assert text.count("<img alt=") >= 2
    assert "copybutton" in text


@pytest.mark.slow
def test_guide_loads_nothing_from_other_hosts_when_it_is_built(built: Path) -> None:
    for page in built.rglob("*.html"):
        loads = re.findall(
            r"<(?:script|img|link)[^>]+(?:src|href)=\"(https?:[^\"]+)", page.read_text()
        )
        assert loads == []


def test_metric_definitions_page_has_every_metric() -> None:
    text = (ROOT / "docs/reference/metric-definitions.md").read_text(encoding="utf-8")
    for name in set(analysis.__all__) - {"MetricAccessor", "OfficeHours", "names"}:
        _, _, section = text.partition(f"\n## {name}\n")
        assert "**Definition:**" in section.partition("\n## ")[0], name


def test_api_page_has_a_signature_sentence_and_example_per_public_name() -> None:
    text = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8").partition("\n## Errors")[0]
    sections = dict(part.split("\n", 1) for part in text.split("\n### ")[1:])
    hooks = {"load_ipython_extension", "unload_ipython_extension", "IntercomError"}
    names = {heading.removeprefix("class ") for heading in sections}
    assert set(intercom_nb.__all__) - hooks <= names
    for heading, section in sections.items():
        head, _, members = section.partition("\n#### ")
        assert re.match(r"\n`[^`\n]+\(.*\)`\n\n[A-Z`].*[.:]\n", head), heading
        assert "```pycon\n>>> " in head, heading
        for member in members.split("\n#### ") if members else ():
            assert re.search(r"^[A-Z].*\.$", member, flags=re.M), member


def test_api_page_lists_every_error() -> None:
    text = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8").partition("\n## Errors")[2]
    kinds = [k for k in vars(errors).values() if inspect.isclass(k)]
    for kind in [k for k in kinds if issubclass(k, errors.IntercomError)]:
        assert re.search(rf"\b{kind.__name__}\b", text), kind


def test_tables_of_measurements_are_written_by_the_benchmarks() -> None:
    page = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    by_hand, count = re.subn(r"<!-- bench \w+ -->.*?<!-- end -->", "", page, flags=re.S)
    assert count >= 5
    assert re.findall(r"^(?:\||```text|    ).*$", by_hand, flags=re.M) == []
