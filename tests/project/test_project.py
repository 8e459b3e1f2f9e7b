"""What is said in more than one place says the same everywhere."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_readme_gives_a_reason_for_every_dependency_and_extra():
    section = README.partition("## What each dependency is for")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `?([\w-]+)`? \|", section, flags=re.MULTILINE))
    core = {re.match(r"[\w-]+", line).group() for line in PROJECT["dependencies"]}
    assert explained - {"Core", "Extra"} == core | PROJECT["optional-dependencies"].keys()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z]+)", README))))
def test_every_make_target_of_the_readme_is_listed_by_make_help(target: str):
    help_text = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"make {target} " in help_text


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_every_file_that_the_readme_links_to_exists(link: str):
    assert (ROOT / link).is_file()


def test_the_changelog_tells_of_this_version():
    assert f"## {PROJECT['version']} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_versions_of_python_that_are_promised_are_those_that_ci_runs():
    named = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), flags=re.MULTILINE)
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    matrix = re.search(r"python: \[(.+)\]", workflow)
    assert matrix is not None
    assert re.findall(r"3\.\d+", matrix[1]) == named
    assert PROJECT["requires-python"] == f">={named[0]}"
