"""One JupyterLab and one Chromium for all browser tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .harness import PATIENCE, Lab

expect.set_options(timeout=PATIENCE * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use `lab`."""
    for item in items:
        if "lab" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


# Not of session scope: Playwright keeps an event loop running on this thread while it lives, and
# the tests of other folders that come after in the same process start loops of their own.
@pytest.fixture(scope="package")
def lab(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab and Chromium, for all browser tests."""
    with Lab(tmp_path_factory.mktemp("lab"), chromium) as running:
        yield running
