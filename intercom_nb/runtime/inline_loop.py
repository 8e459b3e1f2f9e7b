"""Event loop for code where threads cannot start: the running one, or one of its own."""

from __future__ import annotations

import asyncio
import concurrent.futures
import importlib
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from ..errors import UnsupportedError
from .threads import InlineExecutor

_T = TypeVar("_T")


class InlineLoop:
    """Runs work in the caller's thread.

    >>> async def answer():
    ...     return 42
    >>> InlineLoop().run(answer())
    42
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
