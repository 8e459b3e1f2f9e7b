"""The tool behind `make demo`: what it prints, and that it fails when a cell does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from notebook_files import read_notebook, write_notebook

TOOL = Path(__file__).resolve().parents[2] / "tools" / "run_notebook.py"
TABLE = "import pandas as pd\npd.DataFrame({{'team': ['{team}'], 'minutes': [12]}})"

pytestmark = pytest.mark.notebook


def run(folder: Path, cells: list[str], *options: str | Path) -> subprocess.CompletedProcess[str]:
    write_notebook(folder / "run.ipynb", cells)
    command = [sys.executable, TOOL, folder / "run.ipynb", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_run_notebook_prints_the_last_table_when_every_cell_runs(tmp_path: Path):
    secret = "typed into the form"
    cells = [
        TABLE.format(team="first"),
        TABLE.format(team="last"),
        f"import ipywidgets\nform = ipywidgets.Password(value='{secret}'[:])\nform",
        "output = ipywidgets.Output()\nwith output:\n    print('a row')\noutput",
        "(await __import__('asyncio').sleep(0, 'not a table'))",
    ]
    saved = tmp_path / "saved.ipynb"
    done = run(tmp_path, cells, "--save", saved)
    assert done.returncode == 0, done.stderr
    assert "last       12" in done.stdout
    assert "first" not in done.stdout
    assert "run.ipynb: 5 cells in " in done.stdout
    assert "last" in saved.read_text()
    assert "widgets" not in read_notebook(saved)["metadata"]
    assert saved.read_text().count(secret) == 1  # in the cell that this test wrote


def test_run_notebook_prints_source_and_traceback_when_a_cell_fails(tmp_path: Path):
    cells = ["numerator = 1", "# the cell that fails\nnumerator / 0", "print('not reached')"]
    done = run(tmp_path, cells)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "code cell 2 failed" in done.stderr
    assert "# the cell that fails\nnumerator / 0" in done.stderr
    assert "ZeroDivisionError: division by zero" in done.stderr
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize(
    ("cell", "said"),
    [("import os; os._exit(3)", "Kernel died"), ("import time; time.sleep(30)", "timed out")],
)
def test_run_notebook_fails_when_the_kernel_dies_or_hangs(tmp_path: Path, cell: str, said: str):
    done = run(tmp_path, ["1", cell], "--timeout", "2")
    assert done.returncode == 1
    assert "code cell 2 failed" in done.stderr
    assert cell in done.stderr
    assert said in done.stderr
