"""Parallel coroutines and single-flight calls."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Generic, TypeVar

from ..errors import IntercomError

_T = TypeVar("_T")


async def run_parallel(
    work: Iterable[Coroutine[Any, Any, _T]], limit: int | None = None
) -> list[_T]:
    """Run coroutines in parallel, ``limit`` at a time, and return their results in order.

    Structured concurrency: the first error cancels the rest, and nothing runs any more when this
    returns or raises. The error is raised as it is, never inside an ExceptionGroup.

    >>> async def double(number: int) -> int:
    ...     return 2 * number
    >>> asyncio.run(run_parallel(double(n) for n in (1, 2)))
    [2, 4]
    """
    coroutines = list(work)
    slots = contextlib.nullcontext() if limit is None else asyncio.Semaphore(limit)

    async def run(coroutine: Coroutine[Any, Any, _T]) -> _T:
        async with slots:
            return await coroutine

    tasks = [asyncio.ensure_future(run(coroutine)) for coroutine in coroutines]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for coroutine in coroutines:
            coroutine.close()  # one that was cancelled before its start


class SingleFlight(Generic[_T]):
    """Single-flight: concurrent callers share one execution and its outcome.

    Cancelling one caller does not cancel the execution for the others.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[_T] | None = None

    async def run(self, make: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """Return the outcome of the running execution, or start one with ``make``."""
        task = self._task
        # A task belongs to its loop; the portal has a new one after a fork.
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._task = asyncio.ensure_future(make())
            task.add_done_callback(_retrieve_exception)
        try:
            return await asyncio.shield(task)
        except IntercomError as error:
            # Each caller gets a copy: notes and partial results are added to it.
            own = copy.copy(error)
        raise own


def _retrieve_exception(task: asyncio.Task[Any]) -> None:
    """Retrieve the outcome, so that asyncio does not warn if every caller was cancelled."""
    if not task.cancelled():
        task.exception()
