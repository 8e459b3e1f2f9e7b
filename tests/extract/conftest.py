from __future__ import annotations

import pytest

from intercom_nb.extract import extraction
from intercom_nb.extract.slices import writer as slice_writer
from tests.extract.harness import Bench, inline
from tests.extract.workspace import Workspace


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """Make a bench: a workspace (its options as arguments) and an empty folder."""
    monkeypatch.setattr(slice_writer, "_run_in_thread", inline)
    monkeypatch.setattr(extraction, "_MIN_SLICE", 60)  # so that small workspaces are split too

    def make(**options) -> Bench:
        return Bench(Workspace(**options), tmp_path / "dataset")

    return make
