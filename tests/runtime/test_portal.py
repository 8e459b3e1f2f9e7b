"""One loop for the network: from scripts, cells, threads and callbacks, and stopped at once."""

from __future__ import annotations

import asyncio
import concurrent.futures
import os
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import trio
from scripted_server import ScriptedServer, contact_page, demo_connector

from intercom_nb import IntercomAuthConfig, IntercomConnector
from intercom_nb.errors import UnsupportedError
from intercom_nb.runtime.portal import Portal, portal

SECONDS = 10.0
"""Longer than anything here takes; no test waits so long unless it fails."""


class Slow:
    """A server that never answers, and notices when nobody waits any more."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.cancelled = threading.Event()

    async def __call__(self, _: httpx.Request) -> httpx.Response:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError

    def connector(self) -> IntercomConnector:
        return IntercomConnector(
            auth_config=IntercomAuthConfig("token"),
            base_url="https://intercom.test",
            http=httpx.MockTransport(self),
        )


@pytest.fixture
def own() -> Iterator[Portal]:
    made = Portal()
    yield made
    made.close()


def test_sync_call_returns_a_frame_when_no_loop_runs() -> None:
    c = demo_connector()
    assert len(c.sync.contacts.list(limit=3)) == 3
    assert len(c.sync.execute("teams", "list")) == 6


def test_await_returns_a_frame_when_each_call_has_its_own_loop() -> None:
    c = demo_connector()
    assert len(asyncio.run(c.contacts.list(limit=3))) == 3
    assert len(asyncio.run(c.contacts.list(limit=3))) == 3  # another loop, the same connector


async def test_calls_return_frames_when_a_loop_runs() -> None:
    c = demo_connector()
    assert len(await c.contacts.list(limit=3)) == 3
    assert len(c.sync.contacts.list(limit=3)) == 3
    several = await asyncio.gather(*(c.contacts.list(limit=n) for n in (1, 2, 3)))
    assert [len(f) for f in several] == [1, 2, 3]


def test_calls_return_frames_when_many_threads_and_loops_make_them() -> None:
    c = demo_connector()

    def ask(number: int) -> int:
        if number % 2:
            return len(asyncio.run(c.contacts.list(limit=number)))
        return len(c.sync.contacts.list(limit=number))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(1, 17))) == list(range(1, 17))


def test_requests_run_on_one_thread_when_calls_are_sync_awaited_or_submitted() -> None:
    threads: set[str] = set()

    def answer(_: httpx.Request) -> dict[str, Any]:
        threads.add(threading.current_thread().name)
        return contact_page([])

    c = ScriptedServer(answer).connector()
    c.sync.contacts.list()
    asyncio.run(c.contacts.list())
    c.submit("contacts", "list").result(SECONDS)
    assert threads == {"intercom-nb-portal"}


@pytest.mark.skipif(sys.platform == "win32", reason="signals to a thread")
def test_requests_are_cancelled_when_a_sync_call_is_interrupted() -> None:
    # A test run's worker may ignore interrupts, or have its own handler for them.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        _interrupt_a_sync_call()
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupt_a_sync_call() -> None:
    slow = Slow()

    def interrupt() -> None:
        if slow.asked.wait(SECONDS):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        slow.connector().sync.contacts.list()
    assert slow.cancelled.wait(SECONDS)
    thread.join(SECONDS)
    assert len(demo_connector().sync.contacts.list(limit=1)) == 1  # the portal still works


async def test_requests_are_cancelled_when_their_task_is_cancelled() -> None:
    slow = Slow()
    task = asyncio.ensure_future(slow.connector().contacts.list())
    await asyncio.to_thread(slow.asked.wait, SECONDS)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(slow.cancelled.wait, SECONDS)


async def test_requests_are_cancelled_when_their_call_times_out() -> None:
    slow = Slow()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await slow.connector().contacts.list()
    assert await asyncio.to_thread(slow.cancelled.wait, SECONDS)


def test_requests_are_cancelled_when_their_future_is_cancelled() -> None:
    slow = Slow()
    future = slow.connector().submit("contacts", "list")
    assert slow.asked.wait(SECONDS)
    assert future.cancel()
    assert slow.cancelled.wait(SECONDS)


def test_sync_call_is_refused_when_it_runs_on_the_portal() -> None:
    c = demo_connector()

    async def inside() -> None:
        c.sync.contacts.list()

    with pytest.raises(UnsupportedError, match="use `await`"):
        portal.submit(inside()).result(SECONDS)


def test_await_returns_a_frame_when_it_runs_on_the_portal() -> None:
    c = demo_connector()

    async def inside() -> int:
        return len(await c.contacts.list(limit=2))

    assert portal.submit(inside()).result(SECONDS) == 2


def test_portal_raises_the_error_unchanged_when_work_raises(own: Portal) -> None:
    async def fail() -> None:
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        own.run(fail())
    with pytest.raises(LookupError, match="here"):
        asyncio.run(own.wait(fail()))


def test_portal_starts_again_when_it_was_closed(own: Portal) -> None:
    async def here() -> str:
        return threading.current_thread().name

    async def forever() -> None:
        await asyncio.Event().wait()

    own.close()  # before it was ever used
    running = own.submit(forever())
    own.close()
    own.close()
    with pytest.raises(concurrent.futures.CancelledError):
        running.result(SECONDS)
    assert own.run(here()) == "intercom-nb-portal"


def test_connector_returns_a_frame_when_the_portal_was_closed() -> None:
    c = demo_connector()
    assert len(c.sync.contacts.list(limit=1)) == 1
    portal.close()
    assert len(c.sync.contacts.list(limit=1)) == 1


def test_work_runs_in_the_callers_thread_when_threads_cannot_start(
    own: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def here() -> threading.Thread:
        return threading.current_thread()

    monkeypatch.setattr("intercom_nb.runtime.portal.can_start_threads", lambda: False)
    assert asyncio.run(own.wait(here())) is threading.current_thread()
    assert own.run(here()) is threading.current_thread()
    assert own.submit(here()).result(timeout=0) is threading.current_thread()


@pytest.mark.parametrize("allow_writes", [True, False])
def test_await_is_refused_before_sending_when_no_asyncio_loop_runs(allow_writes: bool) -> None:
    """A coroutine driven by hand, as trio and curio drive it: asyncio knows of no loop."""
    script = ScriptedServer([httpx.Response(200, json={"id": "1"})])
    c = script.connector(allow_writes=allow_writes)
    for call in (c.tags.create(name="x"), c.tags.list(), c.execute("tags", "list"), c.check()):
        with pytest.raises(UnsupportedError, match="no asyncio event loop is running"):
            call.send(None)
    assert not script.requests


@pytest.mark.parametrize("allow_writes", [True, False])
def test_await_is_refused_before_sending_when_trio_runs(allow_writes: bool) -> None:
    script = ScriptedServer([httpx.Response(200, json={"id": "1"})])
    c = script.connector(allow_writes=allow_writes)
    calls: list[Callable[[], Any]] = [
        lambda: c.tags.create(name="x"),
        lambda: c.contacts.create_many([{"role": "user", "email": "a@example.com"}]),
        lambda: c.content_data_exports.run(created_at_after=1, created_at_before=2),
        lambda: c.tags.list(),
        lambda: c.extract("tags", to="unused"),
        lambda: c.aclose(),
    ]

    async def main() -> None:
        for call in calls:
            with pytest.raises(UnsupportedError, match="no asyncio event loop is running"):
                await call()

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # that a coroutine was never awaited
        trio.run(main)
    assert not script.requests


def test_sync_side_returns_a_frame_when_trio_calls_it_in_a_worker_thread() -> None:
    c = ScriptedServer([httpx.Response(200, json={"id": "1"})]).connector(allow_writes=True)
    created = trio.run(trio.to_thread.run_sync, lambda: c.sync.tags.create(name="x"))
    assert created["id"].tolist() == ["1"]


def test_run_raises_the_timeout_itself_when_the_work_times_out(own: Portal) -> None:
    async def late() -> None:
        raise TimeoutError("of the work")

    with pytest.raises(TimeoutError, match="of the work"):
        own.run(late())


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_portal_starts_anew_when_the_process_was_forked() -> None:
    c = demo_connector()
    assert len(c.sync.contacts.list(limit=1)) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that there are threads is the point
        child = os.fork()
    if child == 0:
        code = 1
        try:
            code = 0 if len(c.sync.contacts.list(limit=2)) == 2 else 2
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert len(c.sync.contacts.list(limit=1)) == 1


SCRIPT = """
import asyncio
import intercom_nb as inb
c = inb.connect("demo")
assert len(c.sync.contacts.list(limit=2)) == 2

async def main():
    async with inb.connect("demo") as c:
        assert len(await c.contacts.list(limit=2)) == 2
    inb.enable_nested_loops()
    inb.enable_nested_loops()
    assert len(asyncio.run(c.contacts.list(limit=2))) == 2
    assert len(c.sync.contacts.list(limit=2)) == 2

asyncio.run(main())
print("done")
"""


@pytest.mark.slow
def test_script_exits_without_a_message_when_it_used_the_portal() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)


async def test_wait_returns_after_its_work_has_ended_when_cancelled(own: Portal) -> None:
    begun, ended = threading.Event(), []

    async def work() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            for _ in range(5):  # what closing a connection or a file takes
                await asyncio.sleep(0.01)
            ended.append(True)

    waiting = asyncio.ensure_future(own.wait(work()))
    await asyncio.to_thread(begun.wait, SECONDS)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == [True]
