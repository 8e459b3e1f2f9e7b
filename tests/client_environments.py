"""Environments of other clients, made once and kept in pytest's cache."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def python_with(config: pytest.Config, requirement: str) -> Path:
    """Return a Python that has a package, whose dependencies may be pinned unlike ours."""
    assert config.cache is not None
    folder = Path(config.cache.mkdir(requirement.replace("==", "-")))
    found = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = folder / f"installed-{sys.version_info[0]}.{sys.version_info[1]}"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        install = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, requirement], check=True, timeout=600)
        done.touch()
    return found


def node_with(config: pytest.Config, requirement: str) -> Path:
    """Return a folder in which Node.js finds a package; skip the test without Node.js."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no Node.js")
    assert config.cache is not None
    folder = Path(config.cache.mkdir(requirement.replace("@", "-")))
    if not (folder / "installed").exists():
        (folder / "package.json").write_text("{}", encoding="utf-8")
        install = [npm, "install", "--no-audit", "--no-fund", "--silent", requirement]
        subprocess.run(install, cwd=folder, check=True, timeout=600)
        (folder / "installed").touch()
    return folder
