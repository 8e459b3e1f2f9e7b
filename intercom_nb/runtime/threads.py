"""Thread pools where threads can start; elsewhere (Pyodide) an executor without threads."""

from __future__ import annotations

import collections
import concurrent.futures
import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")


@functools.cache
def can_start_threads() -> bool:
    """Return whether threads can start here. Pyodide, Python in the browser, has none."""
    try:
        threading.Thread(target=_do_nothing, daemon=True).start()
    except RuntimeError:  # can't start new thread
        return False
    return True


def thread_pool(threads: int, name: str) -> concurrent.futures.Executor:
    """Return a pool of threads, or an InlineExecutor where threads cannot start."""
    if can_start_threads():
        return concurrent.futures.ThreadPoolExecutor(threads, thread_name_prefix=name)
    return InlineExecutor()


class InlineExecutor(concurrent.futures.Executor):
    """Runs work in the thread that submits it, one piece after the other.

    Like a pool of one thread, it starts what its own work submits only after that work.

    >>> InlineExecutor().submit(sum, [1, 2]).result()
    3
    """

    def __init__(self) -> None:
        self._waiting: collections.deque[Callable[[], None]] = collections.deque()
        self._is_running = False

    def submit(
        self, fn: Callable[..., _T], /, *args: Any, **kwargs: Any
    ) -> concurrent.futures.Future[_T]:
        """Run a function, or queue it if one is running, and return its future."""
        future: concurrent.futures.Future[_T] = concurrent.futures.Future()
        self._waiting.append(lambda: _settle(future, lambda: fn(*args, **kwargs)))
        if not self._is_running:
            self._is_running = True
            try:
                while self._waiting:
                    self._waiting.popleft()()
            finally:
                self._is_running = False
        return future


def _settle(future: concurrent.futures.Future[_T], work: Callable[[], _T]) -> None:
    """Run work and store its outcome in the future, as a thread of a pool does."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 - for the future's reader
        future.set_exception(error)
    else:
        future.set_result(result)


def _do_nothing() -> None:
    """Run in the thread that only shows that threads can start."""
