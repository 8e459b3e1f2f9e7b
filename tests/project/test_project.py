"""Facts that stand in several files of the repository agree."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from tool_files import tool_module

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_readme_explains_every_dependency_and_extra():
    section = README.partition("## What each dependency is for")[2].partition("\n## ")[0]
    explained = set(re.findall(r"^\| `?([\w-]+)`? \|", section, flags=re.MULTILINE))
    core = {re.match(r"[\w-]+", line).group() for line in PROJECT["dependencies"]}
    assert explained - {"Core", "Extra"} == core | PROJECT["optional-dependencies"].keys()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z]+)", README))))
def test_make_help_lists_a_target_when_the_readme_names_it(target: str):
    help_text = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"make {target} " in help_text


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_readme_link_leads_to_a_file_when_it_is_relative(link: str):
    assert (ROOT / link).is_file()


def test_changelog_and_citation_have_the_same_version():
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest is not None
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {newest[1]}\n" in citation


def test_ci_runs_every_python_version_in_the_classifiers():
    named = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["classifiers"]), flags=re.MULTILINE)
    workflow = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
    matrix = re.search(r"python: \[(.+)\]", workflow)
    assert matrix is not None
    assert re.findall(r"3\.\d+", matrix[1]) == named
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_release_notes_are_the_section_of_the_version_when_it_has_a_date():
    notes = tool_module("release_notes").notes
    changelog = (
        "# Changelog\n\n## 0.2.0 (2027-01-01)\n\n* New.\n\n## 0.1.0 (unreleased)\n\n* Old.\n"
    )
    assert notes("v0.2.0", changelog) == "* New.\n"
    for missing in ("v0.1.0", "v0.2", "v0.3.0"):
        with pytest.raises(SystemExit, match="CHANGELOG"):
            notes(missing, changelog)


def test_workflows_pin_actions_by_commit_and_grant_no_permissions():
    workflows = list((ROOT / ".github/workflows").glob("*.yml"))
    assert workflows
    for workflow in workflows:
        text = workflow.read_text(encoding="utf-8")
        assert "\npermissions: {}\n" in text
        for action in re.findall(r"uses: (.+)", text):
            assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", action), action
