"""Waiting for work of another thread: Ctrl-C interrupts it, and so does a caller that gave up."""

from __future__ import annotations

import concurrent.futures
import contextlib
import contextvars
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")
_INTERRUPTIBLE = 0.5  # seconds until a Ctrl-C or a stop is noticed at the latest

stop_requested: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar(
    "stop_requested", default=None
)
"""Ends synchronous calls of this context when it is set; see ``run_stoppable``."""


def check_not_stopped(work: Coroutine[Any, Any, Any] | None = None) -> None:
    """Raise CancelledError if this context was stopped, and close the work to come."""
    stop = stop_requested.get()
    if stop is not None and stop.is_set():
        if work is not None:
            work.close()
        raise concurrent.futures.CancelledError


def result_of(future: concurrent.futures.Future[_T]) -> _T:
    """Return the result of a future when there is one.

    On Windows, Python up to 3.13 cannot interrupt a wait without a timeout (cpython#74157).
    """
    while True:
        with contextlib.suppress(concurrent.futures.TimeoutError):
            return future.result(timeout=_INTERRUPTIBLE)
        if future.done():  # the work itself timed out
            return future.result()
        check_not_stopped()
