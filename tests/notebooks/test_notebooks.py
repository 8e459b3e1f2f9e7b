"""Every notebook of the project is small, stored without outputs, and runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from notebook_files import read_notebook

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(ROOT.glob("notebooks/*.ipynb"))
SECONDS = 60

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_notebooks_folder_has_notebooks():
    assert NOTEBOOKS, "notebooks/ holds no notebook, so nothing here was tested"


@each_notebook
def test_notebook_is_small_and_has_no_outputs_when_it_is_stored(path: Path):
    notebook = read_notebook(path)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["source"] for cell in code if cell["outputs"] or cell["execution_count"]] == []
    assert "widgets" not in notebook["metadata"]
    assert path.stat().st_size < 100_000


@each_notebook
def test_notebook_code_has_no_fixed_date(path: Path):
    """The demo's year ends today: a month or a day in the code would have no records one day."""
    code = [c["source"] for c in read_notebook(path)["cells"] if c["cell_type"] == "code"]
    lines = [line.partition("  # ")[0] for source in code for line in "".join(source).splitlines()]
    dated = [line for line in lines if re.search(r"\b20\d\d-\d\d", line)]
    assert [line for line in dated if "start_date" not in line] == []


@pytest.mark.notebook
@each_notebook
def test_notebook_runs_without_an_error_when_the_demo_ends_today(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.delenv("INTERCOM_NB_DEMO_DATE")  # today, as for a reader
    copy = shutil.copy(path, tmp_path)  # which may write files next to itself
    command = [sys.executable, ROOT / "tools" / "run_notebook.py", copy]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    assert done.returncode == 0, done.stderr
