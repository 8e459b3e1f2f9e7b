"""The guide as it is published."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sphinx")
    out = tmp_path_factory.mktemp("guide")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    environment = os.environ | {"GUIDE_SKIPS_NOTEBOOKS": "notebooks/0[02-9]*"}  # they have tests
    del environment["INTERCOM_NB_DEMO_DATE"]  # the notebooks are about the last month
    done = subprocess.run(
        [*command, "-d", out / "trees", ROOT / "docs", out / "html"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return out / "html"
