"""Event loop and executor for code where threads cannot start."""

from __future__ import annotations

import asyncio
import collections
import concurrent.futures
import importlib
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from ..errors import UnsupportedError

_T = TypeVar("_T")


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


class InlineLoop:
    """Runs work in the caller's thread.

    >>> async def answer():
    ...     return 42
    >>> loop = InlineLoop()
    >>> loop.run(answer())
    42
    >>> loop.close()
    """

    def __init__(self) -> None:
        self._runner: asyncio.Runner | None = None

    def submit(self, work: Coroutine[Any, Any, _T]) -> concurrent.futures.Future[_T]:
        """Start work on the running loop and return its future.

        Without a running loop, the work ends before this returns.
        """
        loop = _running_loop()
        if loop is not None:
            return asyncio.run_coroutine_threadsafe(work, loop)
        return InlineExecutor().submit(self.run, work)

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run work and block until it is done; an interrupt (Ctrl-C) cancels it.

        Raises UnsupportedError if a loop runs here and cannot wait: only Pyodide's can, in
        browsers that let WebAssembly wait (JavaScript Promise Integration).
        """
        if _running_loop() is None:
            if self._runner is None:
                self._runner = asyncio.Runner()
            return self._runner.run(work)
        # The `pyodide` module exists there only.
        ffi = importlib.import_module("pyodide.ffi") if sys.platform == "emscripten" else None
        if ffi is not None and ffi.can_run_sync():
            result: _T = ffi.run_sync(work)
            return result
        work.close()
        raise UnsupportedError(
            "Threads cannot start here, so sync calls do not work in a notebook or in a running "
            "event loop: use `await`."
        )

    def close(self) -> None:
        """Cancel all work and close the loop; the next call starts a new one."""
        runner, self._runner = self._runner, None
        if runner is not None:
            runner.close()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
