"""Unattended runs as cron starts them: processes, exit statuses, and what they print."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from intercom_nb.cli import job

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the command as cron does: no terminal, a bare environment, another folder."""
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "intercom_nb", *arguments],
        cwd=folder,
        env={**known, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_extract_prints_nothing_and_logs_when_cron_runs_it_quietly(tmp_path: Path) -> None:
    quiet = ("--quiet", "--log", "job.log")
    for _ in range(2):  # the second night updates the folder
        done = run(tmp_path, "extract", "teams", "--demo", "--to", "acme", *quiet)
        assert (done.returncode, done.stdout, done.stderr) == (job.DONE, "", "")
    lines = (tmp_path / "job.log").read_text("utf-8").splitlines()
    stamp = lines[0][:19]
    assert time.strptime(stamp, "%Y-%m-%dT%H:%M:%S")
    assert lines[0][19:].startswith("Z INFO ")
    assert sum(" INFO " in line for line in lines) == 2


def test_report_exits_with_3_when_the_dataset_is_incomplete(tmp_path: Path) -> None:
    options = ("--demo", "--to", "acme", "--since", "2026-10-20", "--quiet")
    assert run(tmp_path, "extract", "conversations", *options).returncode == job.DONE
    made = run(tmp_path, "report", "2026-10", "--dataset", "acme", "--to", "r.html", "--quiet")
    assert (made.returncode, made.stdout, made.stderr) == (job.INCOMPLETE, "", "")
    assert (tmp_path / "r.html").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "status", "text"),
    [
        (["extract", "teams", "--to", "acme", "--quiet"], job.FAILED, "token"),
        (["extract", "teems", "--demo", "--to", "acme", "--quiet"], job.USAGE, "teams"),
        (["report", "last month", "--demo", "--quiet"], job.USAGE, "last-month"),
        (["extract", "--quiet"], job.USAGE, "usage:"),
        (
            ["extract", "teams", "--demo", "--to", "acme", "--quiet", "--log", "no/such/file"],
            job.FAILED,
            "Cannot write the log",
        ),
    ],
)
def test_main_prints_one_message_on_stderr_when_a_command_fails(
    arguments: list[str], status: int, text: str, tmp_path: Path
) -> None:
    failed = run(tmp_path, *arguments)
    assert failed.returncode == status, failed.stderr
    assert failed.stdout == ""
    assert text.casefold() in failed.stderr.casefold()
    assert "Traceback" not in failed.stderr
