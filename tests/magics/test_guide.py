"""Every cell of the guide's page on magics runs, one after the other, as in one notebook."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from intercom_nb.catalog import timestamps

from .conftest import Shell

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[2] / "docs" / "magics.md"


@pytest.fixture(autouse=True)
def ages_count_from_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an age such as 30d look back from the end of the tests' demo."""
    end = dt.datetime.fromisoformat(os.environ["INTERCOM_NB_DEMO_DATE"]).replace(tzinfo=dt.UTC)
    monkeypatch.setattr(timestamps, "time", SimpleNamespace(time=end.timestamp))


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
