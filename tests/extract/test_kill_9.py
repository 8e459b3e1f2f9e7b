"""Real processes and sockets, a real kill -9 and a real Ctrl-C; the longer run is `make soak`."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import truth
from benchmarks.loopback import Server
from benchmarks.soak import Soak, summary
from intercom_nb import IntercomAuthConfig, IntercomConnector

pytestmark = pytest.mark.slow

SIZES = {"contacts": 40, "conversations": 30, "tickets": 30, "companies": 60}


@pytest.fixture(scope="module")
def server():
    """The server that stalls, resets, cuts and refuses; 8% of the requests, so that it is quick."""
    with Server("faulty", faults=0.08) as running:
        yield running


def test_dataset_equals_the_server_when_runs_are_killed_twice_amid_faults(server, tmp_path):
    work = Soak(server.url, tmp_path, seed=11, sizes=SIZES, latest_kill=1.5)
    assert work.round(kills=1) == []
    print(summary([work]))
    assert work.kills == 2
    # That the comparison would see what is wrong:
    records = work.order(truth=True)["truth"]["tickets"]
    folder = next(tmp_path.iterdir())
    assert truth.differences("tickets", records, folder) == []
    assert "1 of" in truth.differences("tickets", [*records, {**records[0], "id": "7"}], folder)[0]
    other = {**records[0], "ticket_attributes": {"_default_title_": "changed"}}
    assert "_default_title_" in truth.differences("tickets", [other, *records[1:]], folder)[0]


@pytest.fixture
def slow_server():
    """A server that answers the first requests, and then never."""
    with Server("faulty", faults=0.0, stalls_after=25) as running:
        yield running


def start(url: str, to: Path) -> subprocess.Popen[str]:
    options = '{"timeout": 20, "command": true}'
    # A shell's background jobs ignore Ctrl-C, and the processes that they start do too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.extracting", url, str(to), options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    signal.signal(signal.SIGINT, before)
    assert process.stdout.readline() == "begins\n"
    return process


def wait_until_stalled(work: Soak) -> None:
    for _ in range(600):
        if work.order()["faults"].get("stall"):
            return
        time.sleep(0.05)
    raise AssertionError("nothing stalled")


def test_extraction_can_be_resumed_when_ctrl_c_ended_it_amid_a_stall(slow_server, tmp_path):
    work = Soak(slow_server.url, tmp_path, seed=1, sizes=SIZES)
    work.order(new={"seed": 1, **SIZES})
    process = start(slow_server.url, tmp_path / "ds")
    wait_until_stalled(work)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    took = time.monotonic() - began
    print(f"ended {took:.2f} s after Ctrl-C")
    assert took < 15  # the client would wait 20 s for an answer, and the server never gives one
    assert process.returncode == 130
    assert "intercom-nb: interrupted" in said
    assert "Traceback" not in said
    work.order(stalls_after=None)
    assert work.resumed(tmp_path / "ds") == []


def test_extraction_can_be_resumed_when_it_was_cancelled_amid_a_stall(slow_server, tmp_path):
    work = Soak(slow_server.url, tmp_path, seed=2, sizes=SIZES)
    work.order(new={"seed": 2, **SIZES})
    auth = IntercomAuthConfig("a-token-for-the-faulty-server")

    async def cancelled() -> float:
        async with IntercomConnector(auth_config=auth, base_url=slow_server.url, timeout=20) as c:
            job = asyncio.ensure_future(
                c.extract("conversations", to=tmp_path / "ds", with_parts=True, progress=False)
            )
            await asyncio.to_thread(wait_until_stalled, work)
            began = time.monotonic()
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job
            return time.monotonic() - began

    took = asyncio.run(cancelled())
    print(f"ended {took:.2f} s after the cancel")
    assert took < 15
    work.order(stalls_after=None)
    assert work.resumed(tmp_path / "ds") == []
