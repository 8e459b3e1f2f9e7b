"""Renew the pinned versions: constraints.txt and binder/requirements.txt.

Installs the newest versions that pyproject.toml allows into a fresh environment of the oldest
supported Python, first what the Binder image needs and then all the rest, and writes down what
came. Run it as `make lock PYTHON=python3.11`, with the oldest 3.11 that you have: Debian 12 has
3.11.2, and some packages want a later one.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BINDER_EXTRAS = "lab,charts,data"

CONSTRAINTS_HEADER = f"""\
# The versions that `make`, CI and Binder install: what a fresh install of everything brought on
# Python {platform.python_version()}. A constraint installs nothing by itself, so newer Pythons can
# use the file too.
# Renew: make lock PYTHON=python3.11, then make test, and commit the result.
"""
BINDER_HEADER = f"""\
# What the Binder image installs: intercom_nb[{BINDER_EXTRAS}], but for the package itself, which
# postBuild adds. Written by `make lock` together with constraints.txt; do not edit.
"""


def main() -> None:
    if sys.version_info[:2] != (3, 11):
        sys.exit("The lock is made with the oldest supported Python: make lock PYTHON=python3.11")
    with tempfile.TemporaryDirectory(prefix="lock-") as folder:
        python = create_environment(Path(folder))
        pip(python, "install", "--editable", f"{ROOT}[{BINDER_EXTRAS}]")
        in_binder = set(installed(python))
        pip(
            python, "install", "--editable", f"{ROOT}[all]", "--group", f"{ROOT}/pyproject.toml:dev"
        )
        versions = installed(python)
        pip(python, "check")
    write(ROOT / "constraints.txt", CONSTRAINTS_HEADER, versions)
    binder = {name: version for name, version in versions.items() if name in in_binder - {"pip"}}
    write(ROOT / "binder" / "requirements.txt", BINDER_HEADER, binder)


def create_environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = next(
        path for path in (folder / "bin/python", folder / "Scripts/python.exe") if path.exists()
    )
    pip(python, "install", "--upgrade", "pip")
    return python


def installed(python: Path) -> dict[str, str]:
    """List the distributions of an environment, without the project and without setuptools."""
    found = json.loads(pip(python, "list", "--format", "json", "--exclude-editable"))
    return {row["name"]: row["version"] for row in found if row["name"] != "setuptools"}


def pip(python: Path, *arguments: str) -> str:
    command = [python, "-m", "pip", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout


def write(path: Path, header: str, versions: dict[str, str]) -> None:
    pins = [f"{name}=={versions[name]}" for name in sorted(versions, key=str.lower)]
    path.write_text(header + "\n".join(pins) + "\n", encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {len(pins)} versions")


if __name__ == "__main__":
    main()
