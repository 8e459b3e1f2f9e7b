"""Facts that stand in several files of the repository agree."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_readme_explains_every_dependency_and_extra():
    section = README.partition("## What each dependency is for")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `?([\w-]+)`? \|", section, flags=re.MULTILINE))
    core = {re.match(r"[\w-]+", line).group() for line in PROJECT["dependencies"]}
    assert explained - {"Core", "Extra"} == core | PROJECT["optional-dependencies"].keys()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z]+)", README))))
def test_make_help_lists_every_target_in_the_readme(target: str):
    help_text = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"make {target} " in help_text


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_readme_links_lead_to_files(link: str):
    assert (ROOT / link).is_file()


def test_changelog_and_citation_name_this_version():
    assert f"## {PROJECT['version']} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {PROJECT['version']}\n" in citation


def test_ci_runs_every_python_version_in_the_classifiers():
    named = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), flags=re.MULTILINE)
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    matrix = re.search(r"python: \[(.+)\]", workflow)
    assert matrix is not None
    assert re.findall(r"3\.\d+", matrix[1]) == named
    assert PROJECT["requires-python"] == f">={named[0]}"
