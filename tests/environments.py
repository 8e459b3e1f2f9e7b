"""Environments with other packages than ours, made when first needed and kept in build/."""

from __future__ import annotations

import hashlib
import os
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

ENVIRONMENTS = Path(__file__).parent.parent / "build" / "environments"
_PIP = ["--disable-pip-version-check", "--quiet", "--retries=1", "--timeout=15"]
# What pip and npm say without a way to a package index, as against a package that is not there.
_OFFLINE = ("connection", "name resolution", "max retries", "timed out", "unreachable", "enotfound")


def python_with(*requirements: str, with_ours: bool = False) -> Path:
    """Return a Python with packages that may be pinned unlike ours; skip the test if offline.

    ``with_ours``: the packages of this environment are there too, behind those.
    """
    folder = _folder(*requirements, sys.version, str(with_ours))
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    def make() -> None:
        venv.create(folder, symlinks=os.name != "nt", clear=True)
        if with_ours:
            _add_ours(folder)
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
        _install([*pip, *_PIP, *requirements])

    _once(folder, make)
    return python


def node_with(requirement: str) -> Path:
    """Return a folder where Node.js finds a package; skip the test if offline, or without it."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node.js")
    folder = _folder(requirement)

    def make() -> None:
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="utf-8")
        _install([npm, "install", "--no-audit", "--no-fund", "--silent", requirement], folder)

    _once(folder, make)
    return folder


def _add_ours(folder: Path) -> None:
    """Add the packages of this environment, with what their .pth files add."""
    here = sysconfig.get_path("purelib")
    own = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    ours = [here, *(path for path in site.getsitepackages() if path != here)]
    lines = "".join(f"import site; site.addsitedir({path!r})\n" for path in ours)
    (Path(own) / "ours.pth").write_text(lines, encoding="utf-8")


def _install(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
    message = done.stderr.strip()
    if done.returncode == 0:
        return
    if any(sign in message.lower() for sign in _OFFLINE) and "CI" not in os.environ:
        pytest.skip(f"{command[-1]} cannot be installed: {message.splitlines()[-1]}")
    raise RuntimeError(f"{' '.join(command)}\n{message}")


def _folder(*facts: str) -> Path:
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
    name = "".join(c if c.isalnum() else "-" for c in facts[0])
    return ENVIRONMENTS / f"{name}-{digest}"


def _once(folder: Path, make: Callable[[], None]) -> None:
    """Make a folder's content once, also if several processes of a test run need it."""
    done = folder.with_suffix(".done")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            make()
            done.touch()
