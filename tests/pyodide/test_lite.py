"""The experimental JupyterLite site: it is built, lists the notebooks, and starts a kernel."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from tool_files import tool_module

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
COUNT = """
import piplite
await piplite.install(["httpx", "msgspec", "sniffio"])
await piplite.install("intercom-nb", deps=False)
import httpx
from intercom_nb.demo import DEMO_BASE_URL, TOKEN, DemoTransport
client = httpx.AsyncClient(
    transport=DemoTransport(), base_url=DEMO_BASE_URL, headers={"Authorization": f"Bearer {TOKEN}"}
)
print("teams:", len((await client.get("/teams")).json()["teams"]))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make lite` does, in folders of its own."""
    folder = tmp_path_factory.mktemp("lite")
    environment = folder / "env"
    venv.create(environment)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", environment]
    pinned = ["--constraint", ROOT / "constraints.txt", "--group", "lite"]
    subprocess.run([*uv, *pinned], cwd=ROOT, check=True, timeout=300)
    tool = tool_module("build_lite")
    tool.build(folder / "site", folder / "work", environment / "bin/jupyter-lite")
    return folder / "site"


def test_build_lite_makes_a_site_with_the_notebooks_and_the_wheel(site: Path) -> None:
    listed = json.loads((site / "api/contents/all.json").read_text(encoding="utf-8"))["content"]
    assert sorted(file["name"] for file in listed) == NOTEBOOKS
    first = json.loads((site / "files" / NOTEBOOKS[0]).read_text(encoding="utf-8"))["cells"][0]
    assert first["source"] == "%pip install -q intercom-nb"
    assert "intercom-nb" in json.loads((site / "pypi/all.json").read_text(encoding="utf-8"))
    config = json.loads((site / "jupyter-lite.json").read_text(encoding="utf-8"))
    (kernel,) = config["jupyter-config-data"]["litePluginSettings"].values()
    assert (site / kernel["pyodideUrl"]).is_file()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.browser
def test_demo_responds_when_the_site_is_opened_in_chromium(address: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{address}/lab/index.html?path={NOTEBOOKS[0]}")
        cell = page.locator(".jp-CodeCell").first
        page.get_by_text(re.compile(r"Python.*\| Idle")).first.wait_for()
        for code, output in (("1 + 1", "2"), (COUNT, "teams: 6")):
            cell.locator(".cm-content").click()
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(code)
            page.keyboard.press("Control+Enter")
            cell.locator(".jp-OutputArea-output").get_by_text(output, exact=True).wait_for()
        browser.close()
