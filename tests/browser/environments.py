"""Environments over the one that the tests run in: a few other packages, all else from below.

Each is a folder in ``build/environments``, made when it is first needed. A package that is
installed there comes before the same package below; nothing below is changed.
"""

from __future__ import annotations

import json
import shutil
import site
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ENVIRONMENTS = Path(__file__).parents[2] / "build" / "environments"
# What pip says where there is no way to a package index, as against a package that is not there.
_OFFLINE = ("connection", "name resolution", "max retries", "timed out", "unreachable")


def environment(name: str, *requirements: str) -> Path:
    """Give the Python of an environment with these packages; skips the test where it is offline."""
    folder = ENVIRONMENTS / name
    stamp = folder / "made-for.json"
    made_for = json.dumps([sys.executable, sys.version, *requirements])
    python = folder / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != made_for:
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, symlinks=True)
        _lay_over(folder)
        _install(python, requirements)
        for data in ("share/jupyter", "etc/jupyter"):
            _link_data(folder / data, Path(sys.prefix) / data)
        stamp.write_text(made_for)
    return python


def _lay_over(folder: Path) -> None:
    """Let the environment see the packages of this one, with what their .pth files add."""
    here = sysconfig.get_path("purelib")
    own = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    below = [here, *(path for path in site.getsitepackages() if path != here)]
    lines = "".join(f"import site; site.addsitedir({path!r})\n" for path in below)
    (Path(own) / "below.pth").write_text(lines)


def _install(python: Path, requirements: tuple[str, ...]) -> None:
    options = ["--disable-pip-version-check", "--quiet", "--retries=1", "--timeout=15"]
    command = [str(python), "-m", "pip", "install", *options, *requirements]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if done.returncode == 0:
        return
    said = done.stderr.strip()
    if any(sign in said.lower() for sign in _OFFLINE):
        pytest.skip(f"{', '.join(requirements)} cannot be installed here: {said.splitlines()[-1]}")
    raise RuntimeError(f"{' '.join(command)}\n{said}")


def _link_data(own: Path, below: Path) -> None:
    """Put what Jupyter reads as files (extensions, schemas, settings) into the environment too.

    As hard links: Voila serves nothing that leads out of its folders.
    """
    for file in below.rglob("*"):
        place = own / file.relative_to(below)
        if file.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.hardlink_to(file)
