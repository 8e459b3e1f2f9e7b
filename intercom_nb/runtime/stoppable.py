"""Blocking work in a thread that ends when the caller is cancelled, and holds up no exit."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from .waiting import stop_requested

_T = TypeVar("_T")
_ENDS_WITHIN = 2.0  # seconds that the interpreter waits for stopped threads at its exit
_running: set[threading.Thread] = set()


async def run_stoppable(work: Callable[..., _T], *args: Any, **named: Any) -> _T:
    """Run blocking work in a daemon thread; cancelling the caller ends its requests and queries.

    Unlike with ``asyncio.to_thread``, the event loop does not wait for the thread at its end, and
    the interpreter for 2 s only.

    >>> asyncio.run(run_stoppable(sum, [1, 2]))
    3
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[_T] = loop.create_future()
    stop = threading.Event()
    context = contextvars.copy_context()
    context.run(stop_requested.set, stop)

    def settle(result: Any, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is None:
            outcome.set_result(result)
        else:
            outcome.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = context.run(work, *args, **named)
        except BaseException as raised:  # noqa: BLE001 - raised where it is awaited
            error = raised
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, result, error)
        _running.discard(thread)

    thread = threading.Thread(target=run, name="intercom-nb-work", daemon=True)
    _running.add(thread)
    thread.start()
    try:
        return await outcome
    finally:
        stop.set()


@atexit.register
def _join() -> None:
    """Wait for stopped threads to end: Python would abort one that is inside a C++ library."""
    until = time.monotonic() + _ENDS_WITHIN
    for thread in list(_running):
        thread.join(max(0.0, until - time.monotonic()))
