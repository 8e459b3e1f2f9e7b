"""Every cell of the guide's page on magics runs, one after the other, as in one notebook."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import Shell

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "magics.md"


@pytest.fixture(autouse=True)
def recent_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the demo end today: the page looks back from now."""
    monkeypatch.delenv("INTERCOM_NB_DEMO_DATE")


def test_guide_cells_run_when_they_follow_each_other(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cells = re.findall(r"^```ipython\n(.*?)^```", PAGE.read_text(), flags=re.S | re.M)
    assert len(cells) > 10
    for cell in cells:
        shell.run(cell)
    assert len(shell.ip.user_ns["waiting"]) > 10
    assert len(shell.ip.user_ns["df"]) > 0
