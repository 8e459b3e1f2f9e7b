"""Environments of other clients, made once and kept in build/clients."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def python_with(config: pytest.Config, *requirements: str, with_ours: bool = False) -> Path:
    """Return a Python that has packages, whose dependencies may be pinned unlike ours.

    ``with_ours``: what this environment has and that one lacks can be imported there, too: enough
    for this package in a version of something that it does not share.
    """
    folder = _folder(config, *requirements, f"{sys.version_info[:2]} {with_ours}")
    found = folder / ("Scripts" if os.name == "nt" else "bin") / "python"

    def make() -> None:
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "-q", "--clear", "-p", sys.executable, folder], check=True)
        install = [*uv, "pip", "install", "--quiet", "--python", found, *requirements]
        subprocess.run(install, check=True, timeout=600)
        if with_ours:
            code = "import sysconfig; print(sysconfig.get_path('purelib'))"
            own = subprocess.run([found, "-c", code], check=True, capture_output=True, text=True)
            link = Path(own.stdout.strip()) / "ours.pth"
            link.write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    _once(folder, make)
    return found


def node_with(config: pytest.Config, requirement: str) -> Path:
    """Return a folder in which Node.js finds a package; skip the test without Node.js."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node.js")
    folder = _folder(config, requirement)

    def make() -> None:
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text("{}", encoding="utf-8")
        install = [npm, "install", "--no-audit", "--no-fund", "--silent", requirement]
        subprocess.run(install, cwd=folder, check=True, timeout=600)

    _once(folder, make)
    return folder


def _folder(config: pytest.Config, *facts: str) -> Path:
    digest = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:12]
    name = "".join(c if c.isalnum() else "-" for c in facts[0])
    return config.rootpath / "build" / "clients" / f"{name}-{digest}"


def _once(folder: Path, make: Callable[[], None]) -> None:
    """Make a folder's content once, also if several processes of a test run need it."""
    done = folder.with_suffix(".done")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not done.exists():
            make()
            done.touch()
