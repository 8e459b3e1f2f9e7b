"""What holds for every test: no credential from outside, no way out of this machine."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chromium import find_chromium

# Tests compare numbers of the demo, whose records otherwise end today.
os.environ.setdefault("INTERCOM_NB_DEMO_DATE", "2026-11-01")


def pytest_configure() -> None:
    """Collect garbage less often: looking through the demo's records was 40% of the tests' time."""
    gc.set_threshold(100_000, 20, 50)


def pytest_collection_finish() -> None:
    """Leave modules and tests out of every collection of garbage."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """Look through the demo's records once, not again when Python ends."""
    gc.collect()
    gc.freeze()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave a module that is slow as a whole unread where slow tests are not wanted.

    Reading 20 such modules takes longer than most of the tests that are wanted then.
    """
    if "not slow" in config.option.markexpr and collection_path.name.startswith("test_"):
        text = collection_path.read_text("utf-8")
        return True if "\npytestmark = pytest.mark.slow\n" in text else None
    return None


@pytest.fixture
def collect_garbage() -> Callable[[], int]:
    """Collect the garbage of this test alone: looking through all records takes a second."""
    gc.freeze()
    return gc.collect


@pytest.fixture
def anyio_backend() -> str:
    """Run `async def` tests on asyncio alone: the portal and the notebooks know no other."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        ours = name.startswith("INTERCOM_NB_")  # switches of these tests, no settings
        if name.startswith(("INTERCOM_", "AIRBYTE_")) and not ours:
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection but to this machine, so that no test can depend on another."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test tried to connect to {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


def pytest_report_header() -> str:
    """Say which browser is used, or once how to get one."""
    found = find_chromium()
    return (
        f"browser: {found}"
        if found
        else (
            "browser: no Chromium found, so the browser tests are skipped. Install chromium or "
            "google-chrome (Debian, Ubuntu: apt install chromium), or name it: CHROMIUM=/path/to/it"
        )
    )


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser for the tests that need one."""
    found = find_chromium()
    if found is None:
        pytest.skip("no Chromium")
    return found


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give all browser tests to one worker, which then starts one server and one browser."""
    from xdist.scheduler import LoadFileScheduling

    class BrowserOnOneWorker(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            browser = nodeid.startswith("tests/browser/")
            return "browser" if browser else super()._split_scope(nodeid)

    return BrowserOnOneWorker(config, log)
