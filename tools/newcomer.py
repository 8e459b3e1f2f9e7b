"""Play a newcomer, from a bare folder to the first report, and print how long each step takes.

    python tools/newcomer.py

Clones this repository's last commit, installs it and runs the quickstart. Then connects with a
token to `intercom-nb demo`, as if it were a workspace of one's own, and writes a report. Target:
5 min in all, and 90 s without the installation.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSTALL = "clone and install (make lab)"

OWN_WORKSPACE = """
import sys
import intercom_nb as inb

c = inb.connect(base_url=sys.argv[1])
df = c.sync.conversations.search(created_at__gt="30d", limit=None)
print(f"{len(df)} conversations in the last 30 days, region {c.whoami().region}")
"""
REPORT = """
import sys
import intercom_nb as inb

report = inb.report(inb.connect(base_url=sys.argv[1]), period="last-month")
print(report.sentences[0])
print(report.save("support.html"))
"""


def main() -> int:
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "intercom_nb"
        with timed(INSTALL, seconds):
            run(["git", "clone", "--quiet", ROOT, checkout], Path(folder))
            run(["make", ".venv/.lab"], checkout)
        with timed("quickstart: table and charts (make demo)", seconds):
            print(run(["make", "demo"], checkout))
        with demo_server(checkout) as address:
            python = [checkout / ".venv/bin/python", "-c"]
            with timed("own token: first DataFrame", seconds):
                print(run([*python, OWN_WORKSPACE, address], checkout))
            with timed("own token: first report", seconds):
                print(run([*python, REPORT, address], checkout))
    for step, taken in seconds.items():
        print(f"{taken:7.1f} s  {step}")
    total = sum(seconds.values())
    print(f"{total - seconds[INSTALL]:7.1f} s  without the installation (target: 90 s)")
    print(f"{total:7.1f} s  in all (target: 300 s)")
    return 0


@contextmanager
def timed(step: str, seconds: dict[str, float]) -> Iterator[None]:
    """Note how long a step takes."""
    started = time.perf_counter()
    yield
    seconds[step] = time.perf_counter() - started


def environment() -> dict[str, str]:
    """Return the environment without this checkout's packages and anybody's credentials."""
    own = ("INTERCOM_", "AIRBYTE_", "PYTHONPATH", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return kept | {"INTERCOM_ACCESS_TOKEN": "demo"}


def run(command: list[str | Path], folder: Path) -> str:
    """Run a command and return its output; exit with its errors if it fails."""
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


@contextmanager
def demo_server(checkout: Path) -> Iterator[str]:
    """Serve the demo from the new environment and yield its address."""
    command = [checkout / ".venv/bin/intercom-nb", "demo", "--port", "0"]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            first = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://127\.0\.0\.1:\d+", first)
            if found is None:
                sys.exit(f"intercom-nb demo printed {first!r} instead of its address.")
            yield found[0]
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main())
