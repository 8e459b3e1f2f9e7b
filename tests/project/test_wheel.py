"""Wheel and sdist: whole, and usable by `uvx` and `pipx` from an index.

Set INTERCOM_NB_DIST to test files that are built already, as the release does.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import threading
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intercom_nb import IntercomConnector
from intercom_nb.models import IntercomAuthConfig

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
UV = [PYTHON, "-m", "uv"]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("INTERCOM_NB_DIST")
    if given:
        return ROOT / given
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([*UV, "build", "--quiet", "--out-dir", out, ROOT], check=True, timeout=300)
    return out


@pytest.fixture(scope="module")
def index(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the wheel as an index of packages does, and yield the address."""
    root = tmp_path_factory.mktemp("index")
    page = root / "simple/intercom-nb/index.html"
    page.parent.mkdir(parents=True)
    (wheel,) = dist.glob("*.whl")
    (page.parent / wheel.name).write_bytes(wheel.read_bytes())
    page.write_text(f'<!doctype html><a href="{wheel.name}">{wheel.name}</a>', encoding="utf-8")
    handler = functools.partial(QuietHandler, directory=root)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Print nothing."""


def clean_environment() -> dict[str, str]:
    """Return an environment in which only what is installed can be imported."""
    return {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}


@pytest.fixture(scope="module")
def pipx(index: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, str]]:
    """Return the start of a `pipx run`, and its environment, with a home of its own."""
    home = tmp_path_factory.mktemp("pipx")
    constraints = ROOT / "constraints.txt"
    pip = f"--extra-index-url {index} --constraint {constraints} --quiet"
    command = [*UV, "tool", "run", "--quiet", "pipx==1.18.4", "run", "--backend", "pip"]
    command += ["--pip-args", pip]
    return command, clean_environment() | {"PIPX_HOME": str(home), "PIPX_DEFAULT_PYTHON": PYTHON}


@pytest.fixture(scope="module")
def uvx(index: str) -> list[str]:
    """Return the start of a command that installs from the index into an environment of its own."""
    pinned = ["--constraints", str(ROOT / "constraints.txt")]
    fresh = ["--refresh-package", "intercom-nb", "--prerelease", "if-necessary-or-explicit"]
    return [*UV, "tool", "run", "--quiet", "--index", index, *fresh, *pinned]


def test_wheel_has_every_file_of_the_package_and_the_notebooks(dist: Path) -> None:
    (wheel,) = dist.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "intercom_nb"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    assert tracked
    assert set(tracked) <= packed
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"intercom_nb/notebooks/{notebook.name}" in packed


def test_sdist_has_every_file_of_the_repository(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    assert set(tracked.split()) - packed == set()


def test_wheel_has_the_same_files_when_it_is_built_from_the_sdist(
    dist: Path, tmp_path: Path
) -> None:
    (wheel,), (sdist,) = dist.glob("*.whl"), dist.glob("*.tar.gz")
    without_git = clean_environment() | {"PATH": ""}
    build = [*UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path, sdist]
    subprocess.run(build, env=without_git, check=True, timeout=300)
    (rebuilt,) = tmp_path.glob("*.whl")
    assert rebuilt.name == wheel.name
    assert set(zipfile.ZipFile(rebuilt).namelist()) == set(zipfile.ZipFile(wheel).namelist())


def test_wheel_version_equals_the_tag_when_the_commit_has_one(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    # A commit of its own: at a release, the last one has a tag already.
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@test.invalid"]
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", "x"], cwd=clone, check=True)
    subprocess.run(["git", "tag", "v9.8.7"], cwd=clone, check=True)
    build = [*UV, "build", "--quiet", "--wheel", "--out-dir", tmp_path, clone]
    subprocess.run(build, check=True, timeout=300)
    assert [path.name for path in tmp_path.glob("*.whl")] == ["intercom_nb-9.8.7-py3-none-any.whl"]


def test_demo_ends_at_the_given_date_when_uvx_runs_it(uvx: list[str], tmp_path: Path) -> None:
    check_demo([*uvx, "--from", "intercom-nb", "intercom-nb"], tmp_path, clean_environment())


def test_demo_ends_at_the_given_date_when_pipx_runs_it(
    pipx: tuple[list[str], dict[str, str]], tmp_path: Path
) -> None:
    command, environment = pipx
    check_demo([*command, "--spec", "intercom-nb", "intercom-nb"], tmp_path, environment)


def check_demo(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Start the demo, and check that its records end at the date that it was given."""
    demo = [*command, "demo", "--port", "0", "--date", "2026-11-01"]
    with subprocess.Popen(
        demo, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            address = re.search(r"http://127\.0\.0\.1:\d+", first)
            assert address, first
            auth = IntercomAuthConfig(access_token="demo")
            c = IntercomConnector(auth_config=auth, base_url=address[0])
            newest = c.sync.conversations.list(limit=1)["created_at"][0]
            c.sync.close()
        finally:
            process.terminate()
    assert str(newest.date()) == "2026-10-31"


def test_lab_command_serves_every_notebook_when_uvx_runs_it(uvx: list[str], tmp_path: Path) -> None:
    command = [*uvx, "--from", "intercom-nb[lab]", "intercom-nb", "lab"]
    server = [f"--lab-arg={x}" for x in ("--no-browser", "--allow-root", "--ServerApp.port=0")]
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, *server],
            cwd=tmp_path,
            env=clean_environment() | {"JUPYTER_RUNTIME_DIR": str(tmp_path)},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        while not (found := re.search(r"(http://127\S+)/lab\?(token=\w+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        with urllib.request.urlopen(f"{found[1]}/api/contents?{found[2]}", timeout=60) as response:
            served = {file["name"] for file in json.load(response)["content"]}
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # JupyterLab, too
        process.wait(timeout=60)
    assert served == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert "Copied: 00_index.ipynb" in log.read_text()
