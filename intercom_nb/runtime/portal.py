"""Event-loop portal: one background thread whose loop runs all requests.

Cells, widget callbacks and scripts live in different threads and event loops, depending on the
front end and the version of ipykernel; an ``httpx.AsyncClient`` belongs to one loop, and a
blocked kernel loop cannot handle a click on Cancel. So all callers hand their work to the portal:
``await portal.wait(work)`` from a coroutine, ``portal.run(work)`` from synchronous code,
``portal.submit(work)`` from a callback that must not block. asyncio is not patched. Where threads
cannot start (Pyodide), work runs in the caller's thread instead: see ``inline_loop``.
"""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import functools
import os
import threading
from collections.abc import Coroutine
from typing import Any, Generic, TypeVar

from ..errors import UnsupportedError
from ..shell.tracebacks import shorten
from .inline_loop import InlineLoop
from .waiting import check_not_stopped, result_of

_T = TypeVar("_T")
_ENDS_WITHIN = 2.0  # seconds that an interrupted call waits for its work to end


class Portal:
    """A thread with its own event loop, started when it is first needed.

    >>> async def answer():
    ...     return 42
    >>> Portal().run(answer())
    42
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()
        self._inline = InlineLoop()

    def submit(self, work: Coroutine[Any, Any, _T]) -> concurrent.futures.Future[_T]:
        """Start work and return its future at once; cancelling that cancels the work."""
        if not can_start_threads():
            return self._inline.submit(work)
        try:
            loop = self._running_loop()
        except BaseException:
            work.close()
            raise
        return asyncio.run_coroutine_threadsafe(work, loop)

    async def wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Await work; cancelling the caller cancels it, and returns when the work has ended.

        Raises UnsupportedError, before work starts, if the caller runs in no asyncio loop (trio,
        curio, a coroutine driven by hand).
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            work.close()
        else:
            return await self._wait(work)
        raise UnsupportedError(
            "`await` needs asyncio, and no asyncio event loop is running here. Nothing was sent. "
            "Under trio or curio, call the sync side (c.sync) in a worker thread."
        )

    async def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        if not can_start_threads() or self.is_current():
            return await work
        job = _Job(work)
        future = asyncio.wrap_future(self.submit(job.run()))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            # Until it has ended the work may still send: a resumed run must not overlap it.
            job.cancel()
            await asyncio.wait([future])
            raise

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run work and block until it is done; an interrupt (Ctrl-C) cancels it.

        Raises UnsupportedError on the portal's own thread, where waiting would never end, and where
        threads cannot start and neither can the running loop wait.
        """
        if not can_start_threads():
            return self._inline.run(work)
        if self.is_current():
            work.close()
            raise UnsupportedError(
                "Sync calls wait for the portal's thread and cannot run on it: use `await`."
            )
        check_not_stopped(work)
        job = _Job(work)
        try:
            return result_of(self.submit(job.run()))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                shorten(error, "cancelled, its requests too")
            # Not by the future: an interrupt may come before submit has returned it.
            job.cancel()
            job.ended.wait(_ENDS_WITHIN)
            raise

    def is_current(self) -> bool:
        """Return whether the caller is on the portal's own thread."""
        return self._thread is not None and threading.current_thread() is self._thread

    def close(self) -> None:
        """Cancel all work and end the thread; the next call starts a new one."""
        self._inline.close()
        with self._lock:
            loop, thread = self._loop, self._thread
            self._loop = self._thread = None
        if loop is None or thread is None or self._pid != os.getpid():
            return
        asyncio.run_coroutine_threadsafe(_stop(loop), loop)
        thread.join(timeout=2)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            alive = self._thread is not None and self._thread.is_alive()
            if self._loop is None or not alive or self._pid != os.getpid():
                # A forked child has the parent's objects but not its threads.
                self._pid = os.getpid()
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="intercom-nb-portal", daemon=True
                )
                self._thread.start()
            return self._loop


class _Job(Generic[_T]):
    """Work that can be cancelled from another thread, also before it has begun."""

    def __init__(self, work: Coroutine[Any, Any, _T]) -> None:
        self.ended = threading.Event()
        self._work = work
        self._task: asyncio.Task[Any] | None = None
        self._cancelled = False

    async def run(self) -> _T:
        self._task = asyncio.current_task()
        if self._cancelled:
            self._work.close()
            self.ended.set()
            raise asyncio.CancelledError
        try:
            return await self._work
        finally:
            self.ended.set()

    def cancel(self) -> None:
        self._cancelled = True
        task = self._task
        if task is not None and not task.done():
            task.get_loop().call_soon_threadsafe(task.cancel)


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        loop.close()


async def _stop(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await loop.shutdown_asyncgens()
    loop.call_soon(loop.stop)


@functools.cache
def can_start_threads() -> bool:
    """Return whether threads can start here. Pyodide, Python in the browser, has none."""
    try:
        threading.Thread(daemon=True).start()  # it has nothing to do
    except RuntimeError:  # can't start new thread
        return False
    return True


portal = Portal()
"""The portal that connectors share."""
atexit.register(portal.close)
