"""JupyterLab in a Chromium, driven as a person would: the ground that the browser tests stand on.

`Lab` is one server and one browser for all tests; `Lab.open` is one notebook in its own window.
Everything that the server, its kernels and the page write lies under `Lab.root`, so a test can ask
whether a secret is anywhere in it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from notebook_files import write_notebook
from playwright.sync_api import ConsoleMessage, Locator, Page, sync_playwright
from secret_scan import files_with

CHROMIUM_FLAGS = [
    "--no-sandbox",  # root, as in a container, has no other way
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # offline, wherever the tests run
]
PATIENCE = 120
"""Seconds until a state counts as one that never comes. Tests wait for states, never for times."""
# anywidget gives a form up for good when its script has not run 2 s after its model was made, which
# a starved browser does not manage (packages/anywidget/src/runtime.ts).
PATIENT_ANYWIDGET = """
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => timeout(ms * 60);
"""
QUIET_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    # Cells out of sight stay in the page, where locators find them.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
SCREENSHOTS = Path(__file__).parents[2] / "test-results" / "screenshots"
"""Where pictures of each state are left for whoever looks at a run; git ignores it."""
ANSI_COLOR = re.compile(r"\x1b\[[0-9;]*m")
WIDGET_STATE = "@jupyter-widgets/jupyterlab-manager:plugin"
THEME = "@jupyterlab/apputils-extension:themes"
# The code cells that hold something, as [what stands in front, what they put out].
CELLS = """
() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim())
  .map(cell => [
    cell.node.querySelector('.jp-InputPrompt').textContent.replace(/[\\[\\]:]/g, '').trim(),
    cell.model.outputs.toJSON(),
  ])
"""


def wait_until(condition: Callable[[], bool], what: str, *, timeout: float = PATIENCE) -> None:
    """Wait for something outside of the page, which Playwright's own waits cannot see."""
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {timeout:g} s")
        time.sleep(0.05)


class Lab:
    """A JupyterLab server with folders of its own, and a browser beside it."""

    def __init__(self, root: Path, chromium: str) -> None:
        self.root = root
        self.notebooks = root / "notebooks"
        self._chromium = chromium
        self._token = os.urandom(16).hex()
        self._url = ""
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        with self._closing as closing:
            self._url = closing.enter_context(self._served())
            playwright = closing.enter_context(sync_playwright())
            self._browser = playwright.chromium.launch(
                executable_path=self._chromium, args=CHROMIUM_FLAGS
            )
            closing.callback(self._browser.close)
            # One context: its cache spares each window loading and compiling JupyterLab again.
            self._context = self._browser.new_context()
            self._context.set_default_timeout(PATIENCE * 1000)
            self._context.add_init_script(PATIENT_ANYWIDGET)
            self._closing = closing.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    def write(self, name: str, cells: Sequence[str]) -> Path:
        """Write a notebook of code cells. A name used before would bring its old kernel back."""
        return write_notebook(self.notebooks / name, cells)

    def copy(self, notebook: Path, name: str) -> Path:
        """Copy a notebook, such as one of the project's own, to where the server sees it."""
        return Path(shutil.copyfile(notebook, self.notebooks / name))

    @contextmanager
    def open(
        self,
        name: str,
        *,
        save_widget_state: bool = False,
        dark: bool = False,
        size: tuple[int, int] = (1280, 900),
    ) -> Iterator[Notebook]:
        """Open a notebook in a new window and wait until its kernel is ready.

        `save_widget_state` is JupyterLab's setting "Save Widget State Automatically".
        """
        # Settings are plain files that the page asks for when it loads.
        self.set(WIDGET_STATE, {"saveState": save_widget_state})
        self.set(THEME, {"theme": "JupyterLab Dark" if dark else "JupyterLab Light"})
        page = self._context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        try:
            notebook = Notebook(page, self.notebooks / name, self._url)
            notebook.load(f"{self._url}/lab/tree/{quote(name)}?token={self._token}&reset")
            yield notebook
        finally:
            page.close()
            self._shut_down_kernel(name)

    def set(self, plugin: str, settings: dict[str, Any]) -> None:
        """Set a JupyterLab plugin's user settings, for windows opened from now on."""
        extension, _, name = plugin.partition(":")
        path = self.root / "settings" / extension / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings))

    def files_with(self, secret: str) -> list[Path]:
        """List all files of the server's tree that hold the secret: notebooks and checkpoints,
        logs, settings, workspaces, the kernels' history.
        """
        return files_with(secret, self.root)

    @contextmanager
    def _served(self) -> Iterator[str]:
        """Run the server; gives its address."""
        server = self._start_server()
        try:
            yield self._wait_for(server)
        finally:
            _stop(server)

    def _start_server(self) -> subprocess.Popen[bytes]:
        for folder in (self.notebooks, self.root / "home", self.root / "tmp"):
            folder.mkdir()
        # The user's own set-up must not be seen, and neither must a credential.
        hidden = ("JUPYTER", "XDG_", "INTERCOM_", "AIRBYTE_")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(hidden)},
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "JUPYTER_CONFIG_DIR": str(self.root / "config"),
            "JUPYTER_DATA_DIR": str(self.root / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.root / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(self.root / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.root / "workspaces"),
            "IPYTHONDIR": str(self.root / "ipython"),
        }
        for plugin, settings in QUIET_SETTINGS.items():
            self.set(plugin, settings)
        command = [
            *(*self._application(), "--no-browser", "--allow-root"),
            *("--ServerApp.ip=127.0.0.1", "--ServerApp.port=0"),
            *(f"--IdentityProvider.token={self._token}", f"--ServerApp.root_dir={self.notebooks}"),
        ]
        with (self.root / "server.log").open("wb") as log:
            return subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def _application(self) -> list[str]:
        """Say what is started; window.jupyterapp is needed by all that looks into the page."""
        return [sys.executable, "-m", "jupyterlab", "--LabApp.expose_app_in_browser=True"]

    def _wait_for(self, server: subprocess.Popen[bytes]) -> str:
        info = self.root / "runtime" / f"jpserver-{server.pid}.json"
        url = ""

        def answers() -> bool:
            nonlocal url
            if server.poll() is not None:
                log = (self.root / "server.log").read_text()
                raise RuntimeError(f"JupyterLab did not start:\n{log}")
            try:
                url = f"http://127.0.0.1:{json.loads(info.read_text())['port']}"
                self._api("GET", "status", url=url)
            except (OSError, ValueError):  # no file yet, half a file, no answer yet
                return False
            return True

        wait_until(answers, "the start of the JupyterLab server")
        return url

    def _shut_down_kernel(self, name: str) -> None:
        for session in self._api("GET", "sessions"):
            if session["path"] == name:
                self._api("DELETE", f"sessions/{session['id']}")

    def _api(self, method: str, path: str, *, url: str = "") -> Any:
        request = urllib.request.Request(
            f"{url or self._url}/api/{path}",
            headers={"Authorization": f"token {self._token}"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or "null")


class Notebook:
    """A notebook in its own window. `page` is Playwright's, for whatever has no method here."""

    def __init__(self, page: Page, path: Path, origin: str) -> None:
        self.page = page
        self.path = path
        self.off_host: list[str] = []
        """Every address outside of the server that the window asked for."""
        self.console_errors: list[str] = []
        """Errors on the browser's console, and exceptions that nobody caught."""
        self._origin = origin
        page.on("request", lambda request: self._note_address(request.url))
        page.on("websocket", lambda socket: self._note_address(socket.url))
        page.on("console", self._note_message)
        page.on("pageerror", lambda error: self.console_errors.append(str(error)))

    def load(self, url: str) -> None:
        """Go there, and wait until the notebook is drawn and its kernel is ready."""
        self.page.goto(url, wait_until="domcontentloaded")
        self.page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        self.wait_for_idle()

    def wait_for_idle(self, *, timeout: float = PATIENCE) -> None:
        """Wait for an idle kernel.

        The status bar is what tells: the toolbar's sign says idle before there is a kernel, and
        running a cell then opens the dialog "Select Kernel".
        """
        status = self.page.locator(".jp-StatusBar-Widget")
        status.get_by_text(re.compile(r"Python 3.*\| Idle")).first.wait_for(timeout=timeout * 1000)

    def run_all(self, *, timeout: float = PATIENCE) -> None:
        """Choose Run > Run All Cells, and wait until each cell is done. A failing cell raises."""
        before = [prompt for prompt, _ in self._cells()]
        self.menu("Run", "Run All Cells")
        deadline = time.monotonic() + timeout
        while True:
            cells = self._cells()
            now = [prompt for prompt, _ in cells]
            done = [new not in ("", "*", old) for new, old in zip(now, before, strict=True)]
            self._raise_if_failed([cell for cell, ran in zip(cells, done, strict=True) if ran])
            if all(done):
                break
            if time.monotonic() > deadline:
                raise TimeoutError(f"after {timeout:g} s the cells are at {now}")
            self.page.wait_for_timeout(50)
        self.wait_for_idle()

    def menu(self, *path: str) -> None:
        """Choose an entry of the menu bar, as in `menu("Kernel", "Interrupt Kernel")`."""
        for name in path:
            entry = self.page.get_by_role("menuitem", name=re.compile(f"^{re.escape(name)}"))
            entry.first.click()

    def output(self, text: str | re.Pattern[str]) -> Locator:
        """Find the output that holds a text. The cells' own source is not looked at."""
        return self.page.locator(".jp-OutputArea-output", has_text=text).first

    def save(self) -> str:
        """Save as autosave does, leaving the focus where it is, and return what the file holds."""
        before = self.path.stat().st_mtime_ns
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
        wait_until(lambda: self._is_saved_since(before), f"the saving of {self.path.name}")
        return self.path.read_text(encoding="utf-8")

    def screenshot(self, path: Path) -> None:
        """Take a picture of the window."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def picture(self, state: str, node: Locator) -> None:
        """Leave a picture of one state of a form: its part of the window, as high as it is."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        node.screenshot(path=SCREENSHOTS / f"{state}.png", animations="disabled")

    def _cells(self) -> list[tuple[str, list[dict[str, Any]]]]:
        return self.page.evaluate(CELLS)

    def _raise_if_failed(self, cells: list[tuple[str, list[dict[str, Any]]]]) -> None:
        for output in (output for _, outputs in cells for output in outputs):
            if output["output_type"] == "error":
                traceback = ANSI_COLOR.sub("", "\n".join(output["traceback"]))
                raise AssertionError(f"a cell failed:\n{traceback}")
        if self.page.locator(".jp-Dialog").count():
            dialog = self.page.locator(".jp-Dialog").first.inner_text()
            raise AssertionError(f"a dialog is in the way:\n{dialog}")

    def _is_saved_since(self, before: int) -> bool:
        try:
            whole = "cells" in json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError:  # half written
            return False
        return whole and self.path.stat().st_mtime_ns != before

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.console_errors.append(message.text)

    def _note_address(self, url: str) -> None:
        own = url.replace("ws://", "http://", 1).startswith(f"{self._origin}/")
        if not own and not url.startswith(("data:", "blob:")):
            self.off_host.append(url)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()  # JupyterLab ends its kernels before itself
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
