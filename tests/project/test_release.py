"""The release workflow: its own commands, run in a clone with a tag, and checked by a linter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from environments import python_with

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github/workflows"
JOBS = yaml.safe_load((WORKFLOWS / "release.yml").read_text(encoding="utf-8"))["jobs"]
TAG = "v9.8.7"
NOTES = "* What a user notices.\n"

# In place of GitHub's client: it needs an account.
GH = """#!/bin/sh -e
printf '%s\\n' "$@" > gh.txt
ls -l notes/notes.md dist/* notes/intercom_nb.cdx.json
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone the last commit, and tag a changelog that has a section of the version."""
    folder = tmp_path_factory.mktemp("release") / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    changelog = f"# Changelog\n\n## 9.8.7 (2027-01-01)\n\n{NOTES}"
    (folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    git = ["git", "-C", folder, "-c", "user.name=test", "-c", "user.email=test@test.invalid"]
    subprocess.run([*git, "commit", "--quiet", "--all", "--message", "release"], check=True)
    subprocess.run([*git, "tag", TAG], check=True)
    return folder


def clean_environment() -> dict[str, str]:
    """Return an environment in which only what is installed can be imported."""
    return {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}


def run_steps(job: str, folder: Path, programs: Path, **more: str) -> str:
    """Run a job's commands as GitHub does, with the programs of a folder found first."""
    environment = clean_environment()
    environment |= {"GITHUB_REF_NAME": TAG, "GITHUB_REPOSITORY": "owner/name", **more}
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    output = ""
    for step in JOBS[job]["steps"]:
        if "run" in step:
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=folder,
                env=environment | values(step),
                capture_output=True,
                text=True,
                timeout=500,
            )
            output += done.stdout + done.stderr
            assert done.returncode == 0, f"{step['run']}\n{output[-4000:]}"
    return output


def values(step: dict[str, Any]) -> dict[str, str]:
    """Return a step's environment, but not what only GitHub knows."""
    return {k: v for k, v in step.get("env", {}).items() if "${{" not in v}


def use_this_environment(folder: Path) -> None:
    """Make the programs of this environment those of a checkout, which make finds up to date."""
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("python", "lint-imports"):
        script = f'#!/bin/sh\nexec "{Path(sys.executable).with_name(name)}" "$@"\n'
        (programs / name).write_text(script, encoding="utf-8")
        (programs / name).chmod(0o755)
    for stamp in (".python", ".lab", ".dev"):
        (folder / ".venv" / stamp).touch()


@pytest.fixture(scope="module")
def built(clone: Path) -> Path:
    """Run the job that builds; return the clone."""
    python = clone.parent / "python"
    venv.create(python, with_pip=True)
    run_steps("build", clone, python / "bin")
    return clone


def test_build_job_writes_wheel_and_sdist_of_the_tag(built: Path) -> None:
    (wheel,), (sdist,) = (built / "dist").glob("*.whl"), (built / "dist").glob("*.tar.gz")
    assert (wheel.name, sdist.name) == (
        "intercom_nb-9.8.7-py3-none-any.whl",
        "intercom_nb-9.8.7.tar.gz",
    )
    metadata = zipfile.ZipFile(wheel).read("intercom_nb-9.8.7.dist-info/METADATA").decode()
    assert "\nVersion: 9.8.7\n" in metadata


def test_build_job_writes_the_notes_of_the_version(built: Path) -> None:
    assert (built / "notes/notes.md").read_text(encoding="utf-8") == NOTES


def test_build_job_writes_an_sbom_of_the_wheel_and_the_pinned_packages(built: Path) -> None:
    sbom = json.loads((built / "notes/intercom_nb.cdx.json").read_text(encoding="utf-8"))
    assert sbom["bomFormat"] == "CycloneDX"
    found = {part["name"].lower(): part["version"] for part in sbom["components"]}
    assert found["intercom-nb"] == "9.8.7"
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    for name in ("httpx", "pandas", "pyarrow", "duckdb", "jupyterlab", "mcp"):
        assert f"{name}=={found[name]}" in pins


def test_release_tests_the_built_files_when_the_test_job_runs(built: Path) -> None:
    use_this_environment(built)
    # Those that install the wheel from an index are in test_wheel.py, for any wheel.
    chosen = "has_every_file or from_the_sdist"
    output = run_steps("test", built, Path(sys.executable).parent, PYTEST_ADDOPTS=f"-k '{chosen}'")
    assert "3 passed" in output


def test_release_uploads_existing_files_when_the_release_job_runs(
    built: Path, tmp_path: Path
) -> None:
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    run_steps("release", built, tmp_path)
    command = (built / "gh.txt").read_text().splitlines()
    assert command[:3] == ["release", "create", TAG]
    assert [Path(name).suffix for name in command[-3:]] == [".whl", ".gz", ".json"]


@pytest.mark.parametrize("target", ["help", "lint"])
def test_sdist_passes_the_target_when_make_runs_in_it(
    built: Path, target: str, tmp_path: Path
) -> None:
    (sdist,) = (built / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.iterdir()
    use_this_environment(folder)
    if (ROOT / "node_modules").is_dir():
        (folder / "node_modules").symlink_to(ROOT / "node_modules")
    subprocess.run(["make", target], cwd=folder, env=clean_environment(), check=True)


def test_workflows_have_no_finding_when_zizmor_reads_them() -> None:
    python = python_with("zizmor==1.32.0")
    command = [python.with_name("zizmor"), "--offline", "--no-progress", "--quiet", WORKFLOWS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
