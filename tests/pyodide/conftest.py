"""What the tests of Pyodide need: npm, which installs it."""

from __future__ import annotations

import shutil

import pytest


@pytest.fixture(scope="session", autouse=True)
def _npm() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
