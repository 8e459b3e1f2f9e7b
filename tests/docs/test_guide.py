"""The guide builds without a warning, its links lead somewhere, and every block of code runs."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from intercom_nb import IntercomConnector, catalog, demo
from intercom_nb.cli.main import build_parser as command_line
from intercom_nb.models import IntercomAuthConfig

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(page: Path, language: str) -> list[tuple[int, str]]:
    """Give the line number and the text of every block of a language."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```", text, flags=re.S | re.M)
    return [(text[: m.start(1)].count("\n"), m[1]) for m in found]


@pytest.fixture
def own_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``connect()`` find a token and reach the demo, so that blocks run as they stand."""
    make: Callable[..., None] = IntercomConnector.__init__

    def init(self: IntercomConnector, **given: Any) -> None:
        hosted = not hasattr(given.get("auth_config"), "access_token")
        names = ("airbyte_api_url", "airbyte_auth_url") if hosted else ("base_url",)
        for name in names:
            given.setdefault(name, demo.DEMO_BASE_URL)
        if given.get("auth_config") == IntercomAuthConfig("..."):  # what a reader fills in
            given["auth_config"] = IntercomAuthConfig(demo.TOKEN)
        given.setdefault("http", demo.DemoTransport())
        make(self, **given)

    monkeypatch.setattr(IntercomConnector, "__init__", init)
    monkeypatch.setenv("INTERCOM_ACCESS_TOKEN", demo.TOKEN)
    monkeypatch.setenv("AIRBYTE_CLIENT_ID", demo.CLIENT_ID)
    monkeypatch.setenv("AIRBYTE_CLIENT_SECRET", demo.CLIENT_SECRET)


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_python_runs(
    page: Path, own_workspace: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a page one after the other, as cells of one notebook."""
    monkeypatch.chdir(tmp_path)

    async def run() -> None:
        scope: dict[str, Any] = {}
        for line, source in blocks(page, "python"):
            where = f"{page.name}, block at line {line}"
            tree = compile("\n" * line + source, where, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            result = eval(tree, scope)
            if inspect.isawaitable(result):
                await result

    asyncio.run(run())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_is_in_a_language_that_is_tested(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    fences = re.findall(r"^```(.*)$", text, flags=re.M)[::2]
    known = {"python", "ipython", "console", "{toctree}", "{eval-rst}"}
    known |= {"{operations}", "{records}", "{models}"}
    # The README's lines for Windows are the only ones that cannot run here.
    assert set(fences) - known <= ({""} if page.name == "README.md" else set())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_is_one_that_there_is(page: Path) -> None:
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


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx")
    out = tmp_path_factory.mktemp("guide")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", out / "trees", ROOT / "docs", out / "html"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return out / "html"


@pytest.mark.slow
def test_every_link_leads_somewhere(built: Path) -> None:
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
def test_nothing_is_loaded_from_elsewhere(built: Path) -> None:
    for page in built.rglob("*.html"):
        loads = re.findall(
            r"<(?:script|img|link)[^>]+(?:src|href)=\"(https?:[^\"]+)", page.read_text()
        )
        assert loads == []


@pytest.mark.slow
def test_the_dictionary_and_the_list_of_operations_are_whole(built: Path) -> None:
    dictionary = (built / "dictionary.html").read_text(encoding="utf-8")
    listed = (built / "operations.html").read_text(encoding="utf-8")
    for operation in catalog.operations():
        assert f">{operation.name}<" in re.sub(r"</?span[^>]*>", "", listed)
        for name in catalog.record_columns(operation.record):
            assert name in re.sub(r"</?span[^>]*>", "", dictionary)


@pytest.mark.slow
def test_every_metric_is_in_the_guide_with_its_definition(built: Path) -> None:
    from intercom_nb import analysis

    text = (built / "metrics.html").read_text(encoding="utf-8")
    for name in set(analysis.__all__) - {"MetricAccessor", "OfficeHours", "names"}:
        assert f'id="intercom_nb.analysis.{name}"' in text
        assert "Definition:" in (inspect.getdoc(getattr(analysis, name)) or "")


@pytest.mark.slow
def test_every_public_name_is_in_the_reference(built: Path) -> None:
    import intercom_nb

    text = (built / "api.html").read_text(encoding="utf-8")
    hooks = {"load_ipython_extension", "unload_ipython_extension"}
    for name in set(intercom_nb.__all__) - hooks:
        assert re.search(rf'id="intercom_nb(\.\w+)*\.{name}"', text), name
