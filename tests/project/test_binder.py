"""The Binder image: pinned, no newer or older than what the tests ran with, and nothing but it."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / "binder"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(path: Path) -> dict[str, str]:
    """Return the pinned versions by name, those for other platforms included."""
    lines = [line for line in path.read_text().splitlines() if line and line[0] != "#"]
    return dict(line.partition(" ; ")[0].split("==") for line in lines)


def names(requirements: list[str]) -> set[str]:
    return {re.match(r"[\w-]+", requirement).group() for requirement in requirements}


def test_binder_requirements_equal_the_constraints():
    constraints = pins(ROOT / "constraints.txt")
    requirements = pins(BINDER / "packages.txt")
    assert requirements
    assert requirements.items() <= constraints.items()


def test_binder_requirements_have_the_core_and_three_extras_only():
    extras = PROJECT["optional-dependencies"]
    wanted = names(PROJECT["dependencies"] + extras["lab"] + extras["charts"] + extras["data"])
    unwanted = names(extras["dask"] + extras["excel"] + extras["keyring"]) | {"pytest", "mypy"}
    installed = pins(BINDER / "packages.txt").keys()
    assert wanted <= installed
    assert not unwanted & installed


def test_constraints_have_one_version_per_package():
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]
    assert len(lines) == len(pins(ROOT / "constraints.txt"))


def test_binder_runtime_is_the_python_of_the_pins():
    assert (BINDER / "runtime.txt").read_text() == "python-3.11\n"
    assert PROJECT["requires-python"] == ">=3.11"


def test_binder_build_step_is_executable_and_stops_at_an_error():
    assert os.access(BINDER / "postBuild", os.X_OK)
    assert "\nset -e" in (BINDER / "postBuild").read_text()


def test_binder_workspace_opens_an_existing_notebook():
    data = json.loads((BINDER / "workspace.json").read_text())["data"]
    current = data["layout-restorer:data"]["main"]["current"]
    assert data["layout-restorer:data"]["main"]["dock"]["widgets"] == [current]
    assert (ROOT / data[current]["data"]["path"]).is_file()
