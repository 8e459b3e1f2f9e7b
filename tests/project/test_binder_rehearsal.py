"""Binder, as far as it goes without Docker: repo2docker's plan, its steps, and every notebook.

The steps are those that repo2docker takes for this repository: a fresh Python, ``binder/postBuild``
in the repository's folder, and JupyterLab. They run on the committed files alone, with a home of
their own.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import time
import urllib.request
import venv
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(p.name for p in (ROOT / "notebooks").glob("*.ipynb"))
# What the image may take on top of repo2docker's own base. See docs/notebooks.md.
LARGEST_MB = 580
REPO2DOCKER = "jupyter-repo2docker==2026.4.0"

# Each command has a limit of its own; a slow network may take several of them near to it.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_500)]


class Image:
    """What stands in for the image: the repository, a Python, a home."""

    def __init__(self, folder: Path) -> None:
        self.repository = folder / "repository"
        self.python = folder / "env" / "bin" / "python"
        self.environment = {
            "PATH": f"{self.python.parent}:{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            # A cache changes what is downloaded, and nothing of what is installed.
            "PIP_CACHE_DIR": str(Path.home() / ".cache" / "pip"),
            **{k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "OPENBLAS_"))},
        }

    def run(self, *command: str | Path, timeout: int = 540) -> str:
        done = subprocess.run(
            command,
            cwd=self.repository,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done.stdout + (done.stderr if "repo2docker" in str(command[0]) else "")


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("binder")
    made = Image(folder)
    made.repository.mkdir()
    (folder / "home").mkdir()
    archive = folder / "head.tar"
    subprocess.run(["git", "archive", "HEAD", "-o", archive], cwd=ROOT, check=True)
    with tarfile.open(archive) as tar:
        tar.extractall(made.repository, filter="data")
    venv.create(folder / "env", with_pip=True)
    made.run(made.repository / "binder" / "postBuild")
    return made


def test_environment_has_the_pinned_packages_when_it_is_built(image: Image) -> None:
    image.run(image.python, "-m", "pip", "check")
    listed = json.loads(image.run(image.python, "-m", "pip", "list", "--format", "json"))
    found = {canonicalize_name(row["name"]): row["version"] for row in listed}
    lines = (image.repository / "binder/packages.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if line and line[0] != "#")
    assert {name: found.get(name) for name in pinned} == pinned
    assert found.keys() - pinned.keys() <= {"intercom-nb", "pip", "setuptools"}


def test_image_is_below_its_limit_when_it_is_built(image: Image) -> None:
    site = Path(image.run(image.python, "-c", "import pandas; print(pandas.__path__[0])").strip())
    sizes = {
        top.name: sum(f.stat().st_size for f in [top, *top.rglob("*")] if f.is_file())
        for top in site.parent.iterdir()
    }
    total = sum(sizes.values()) / 1e6
    largest = sorted(sizes, key=lambda name: -sizes[name])[:6]
    print(f"{total:.0f} MB:", ", ".join(f"{name} {sizes[name] / 1e6:.0f}" for name in largest))
    assert total < LARGEST_MB


def test_jupyterlab_shows_the_index_when_it_is_opened(image: Image) -> None:
    workspace = json.loads(image.run("jupyter", "lab", "workspaces", "export"))
    current = workspace["data"]["layout-restorer:data"]["main"]["current"]
    assert current == "notebook:notebooks/00_index.ipynb"


def test_jupyterlab_responds_when_it_is_started(image: Image, tmp_path: Path) -> None:
    """Print the seconds that a visitor waits for it once Binder has found a machine."""
    log = tmp_path / "log"
    command = ["jupyter", "lab", "--no-browser", "--allow-root", "--ServerApp.port=0"]
    started = time.perf_counter()
    with (
        log.open("w") as out,
        subprocess.Popen(
            command, cwd=image.repository, env=image.environment, stdout=out, stderr=out
        ) as server,
    ):
        try:
            while not (found := re.search(r"http://127\S+token=\w+", log.read_text())):
                assert server.poll() is None, log.read_text()
                time.sleep(0.05)
            with urllib.request.urlopen(found[0], timeout=60) as page:
                assert page.status == 200
        finally:
            server.terminate()
    print(f"JupyterLab answered after {time.perf_counter() - started:.1f} s")


def test_lab_command_copies_every_notebook_when_the_package_is_installed(
    image: Image, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    image.run("intercom-nb", "lab", str(folder), "--copy-only")
    kept = sorted(p.name for p in (image.repository / "notebooks").glob("*.ipynb"))
    assert sorted(p.name for p in folder.iterdir()) == kept


@pytest.fixture(scope="module")
def notebooks(image: Image) -> Iterator[dict[str, Future[str]]]:
    """Run every notebook, two at a time: a kernel waits for its imports more than it computes."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        folder = image.repository / "notebooks"
        command = (image.python, "tools/run_notebook.py", "--timeout", "120")
        running = {n: pool.submit(image.run, *command, folder / n) for n in NOTEBOOKS}
        yield running
        for left in running.values():
            left.cancel()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_runs_without_an_error_when_the_image_has_it(
    image: Image, notebooks: dict[str, Future[str]], name: str
) -> None:
    path = image.repository / "notebooks" / name
    assert path.is_file(), "commit it: Binder sees committed files only"
    assert f"{path.name}: " in notebooks[name].result()


@pytest.fixture(scope="module")
def plan(image: Image, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Ask repo2docker itself, in an environment of its own, what it would build."""
    folder = tmp_path_factory.mktemp("repo2docker")
    venv.create(folder / "env")
    programs = folder / "env/bin"
    # By the pip of this environment: one of its own would take as long as repo2docker itself.
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "-q"]
    image.run(*pip, REPO2DOCKER)
    return image.run(programs / "repo2docker", "--no-build", "--no-run", "--debug", ".")


def test_repo2docker_plan_has_only_the_rehearsed_steps_when_it_is_computed(plan: str) -> None:
    """A Python of 3.11 and postBuild, in one layer; nothing else of the repository is installed."""
    steps = re.findall(r"^RUN .*?(?<!\\)$", plan, flags=re.M | re.S)
    assert sum("./binder/postBuild" in step for step in steps) > 0
    assert "binder/packages.txt" not in plan
    assert "python=3.11" in plan
    assert not any("setup.py" in step or "pip install ." in step for step in steps)
    for other in ("environment.yml", "apt.txt", "install.R", "Project.toml"):
        assert other not in plan


def test_repo2docker_plan_has_no_start_script(plan: str) -> None:
    """There is no start script, so nothing runs between the click and the page."""
    assert "binder/start" not in plan
    assert not re.search(r"^ENTRYPOINT.*binder", plan, flags=re.M)
