"""Tests in Pyodide itself, of what needs no pandas: the registries have no wheel of it for Pyodide.

The rest runs in `tests/runtime/test_threads.py`, in CPython without threads.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from tool_files import tool_module

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
WORK = HERE / "work.py"
PURE = [
    "anyio",
    "certifi",
    "filelock",
    "h11",
    "httpcore",
    "httpx",
    "idna",
    "python-dotenv",
    "sniffio",
]
# Python 3.14. Node.js from 25 on lets WebAssembly wait for a promise, as Chromium does.
LITE = tool_module("build_lite")
NPM = [LITE.NPM_PACKAGE, "node@26.10.0"]
TAGS = LITE.PYTHON
COMPILED = {"numpy", "pandas", "pyarrow"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install Pyodide and Node.js in a folder of their own."""
    made = tmp_path_factory.mktemp("pyodide")
    run("npm", "install", "--silent", "--no-audit", "--no-fund", *NPM, folder=made)
    return made


@pytest.fixture(scope="module")
def in_pyodide(folder: Path) -> tuple[Any, bool, dict[str, str]]:
    wheels = folder / "wheels"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels]
    run(*pip, *pinned(PURE), folder=folder)
    run(*pip, "--only-binary", ":all:", *TAGS, "msgspec", folder=folder)
    node = folder / "node_modules/.bin/node"
    return json.loads(run(node, HERE / "run.mjs", WORK, ROOT, wheels, folder=folder))


def pinned(names: list[str]) -> list[str]:
    """Return the requirements with the versions of constraints.txt."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return [re.search(rf"^{name}==\S+", text, re.M)[0] for name in names]


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def test_results_are_those_of_cpython_when_threads_cannot_start(in_pyodide: Any) -> None:
    usual, threads_start, missing = json.loads(run(sys.executable, WORK, folder=ROOT))
    assert threads_start
    assert missing == {}
    results, threads_start, _ = in_pyodide
    assert not threads_start
    assert results == usual
    assert usual["is_cancelled"]


def test_pyodide_versions_are_within_the_bounds_of_the_package(folder: Path) -> None:
    """Its distribution, which is not on the registries, lists the compiled packages."""
    lock = json.loads((folder / "node_modules/pyodide/pyodide-lock.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = map(Requirement, project["dependencies"] + extras["charts"] + extras["data"])
    versions = {r.name: (r, lock["packages"].get(r.name, {}).get("version")) for r in wanted}
    for name in ("duckdb", "matplotlib", "msgspec", "nh3", "pandas", "pyarrow"):
        requirement, version = versions[name]
        assert version in requirement.specifier, name


def test_modules_lack_only_compiled_packages_when_pyodide_imports_them(in_pyodide: Any) -> None:
    _, _, missing = in_pyodide
    # `mcp`, the extra, is a server's: it needs the packages `mcp` and `uvicorn`.
    rest = {name: lacks for name, lacks in missing.items() if ".mcp" not in name}
    assert set(rest.values()) == COMPILED, rest
    assert "intercom_nb.demo.workspace" not in missing
