"""One piece of work for all who want its result at the same time."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from ..errors import IntercomError

_T = TypeVar("_T")


class SingleFlight(Generic[_T]):
    """Run a coroutine once for all concurrent callers, and give all of them its outcome.

    A caller that is cancelled does not cancel the work of the others.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[_T] | None = None

    async def run(self, make: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        """Join the work that is under way, or start it."""
        task = self._task
        # A task belongs to its loop; the portal has a new one after a fork.
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._task = asyncio.ensure_future(make())
            task.add_done_callback(_looked_at)
        try:
            return await asyncio.shield(task)
        except IntercomError as error:
            # Each caller gets an error of its own: notes and partial results are put on it.
            own = copy.copy(error)
        raise own


def _looked_at(task: asyncio.Task[Any]) -> None:
    """Look at the outcome, so that asyncio does not complain where all callers went away."""
    if not task.cancelled():
        task.exception()
