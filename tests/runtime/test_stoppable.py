"""Blocking work in a thread that its caller can end."""

from __future__ import annotations

import asyncio
import concurrent.futures
import subprocess
import sys
import threading

import pytest

from intercom_nb.runtime.portal import portal
from intercom_nb.runtime.stoppable import run_stoppable


async def test_run_stoppable_returns_the_result_when_the_thread_ends() -> None:
    main = threading.current_thread()
    assert await run_stoppable(lambda: threading.current_thread()) is not main
    with pytest.raises(ZeroDivisionError):
        await run_stoppable(lambda: 1 / 0)


async def test_requests_of_the_thread_are_cancelled_when_its_caller_is_cancelled() -> None:
    begun, ended, raised = threading.Event(), threading.Event(), threading.Event()
    outcome: list[BaseException] = []

    async def request() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    def work() -> None:
        try:
            portal.run(request())
        except BaseException as error:
            outcome.append(error)
            raised.set()
            raise

    task = asyncio.ensure_future(run_stoppable(work))
    await asyncio.to_thread(begun.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(ended.wait, 5)
    assert await asyncio.to_thread(raised.wait, 5)
    assert isinstance(outcome[0], concurrent.futures.CancelledError)


async def test_requests_do_not_start_when_the_thread_was_cancelled_before() -> None:
    started: list[str] = []

    async def request() -> None:
        started.append("request")

    go, ended = threading.Event(), threading.Event()

    def work() -> None:
        go.wait(5)
        try:
            portal.run(request())
        finally:
            ended.set()

    task = asyncio.ensure_future(run_stoppable(work))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    assert await asyncio.to_thread(ended.wait, 5)
    await asyncio.sleep(0.05)
    assert started == []


def test_run_stoppable_lets_python_exit_when_a_thread_still_works() -> None:
    code = """
import asyncio, time
from intercom_nb.runtime.stoppable import run_stoppable
async def main():
    try:
        await asyncio.wait_for(run_stoppable(time.sleep, 60), 0.1)
    except TimeoutError:
        print("left")
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, "left\n")
