"""Scroll: all records of a list that the API cuts short.

A workspace has one open scroll at a time, which expires after a minute without use; a broken one
starts again from the first page. Source: developers.intercom.com, "Scroll over all companies".
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any, Protocol

from ..catalog.model import Operation
from ..errors import IntercomError, NotFoundError, RateLimitError
from ..executors.base import Executor, Page
from ..runtime.retry import Sleep
from ..transport.error_response import SCROLL_EXPIRES_AFTER

_RESTARTS = 3  # a minute apart
_Lock = tuple[asyncio.AbstractEventLoop, asyncio.Lock]
_locks: weakref.WeakKeyDictionary[Executor, _Lock] = weakref.WeakKeyDictionary()


class PageGuard(Protocol):
    """Checks the pages of one list."""

    def check(self, page: Page) -> Page:
        """Return the page; raise PagingError if the list would never end."""


async def scroll(
    executor: Executor,
    operation: Operation,
    params: Mapping[str, Any],
    new_guard: Callable[[Operation], PageGuard],
    sleep: Sleep,
) -> AsyncGenerator[Page, None]:
    """Yield the pages of a scroll, one scroll at a time for an executor.

    A broken scroll starts again up to three times, a minute later; its pages then come again, so
    they get a new guard against lists without an end.
    """
    async with _lock(executor):
        current, restarts = dict(params), 0
        guard = new_guard(operation)
        # Not a Retrier: pages are yielded between the attempts, and a restart begins at the first.
        while True:
            try:
                page = await executor.page(operation, current)
            except IntercomError as error:
                has_begun = str(operation.paging.cursor) in current
                if restarts >= _RESTARTS or not _can_restart(error, has_begun):
                    raise
                restarts += 1
                await sleep(SCROLL_EXPIRES_AFTER)
                current = {k: v for k, v in params.items() if k != operation.paging.cursor}
                guard = new_guard(operation)
                continue
            yield guard.check(page)
            if page.next is None:
                return
            current |= page.next


def _can_restart(error: IntercomError, has_begun: bool) -> bool:
    if getattr(error, "code", None) == "scroll_exists":
        return True
    is_broken = error.is_transient and not isinstance(error, RateLimitError)
    return has_begun and (is_broken or isinstance(error, NotFoundError))


def _lock(executor: Executor) -> asyncio.Lock:
    # A lock belongs to the loop that first waited for it; the portal has a new one after a fork.
    loop = asyncio.get_running_loop()
    known = _locks.get(executor)
    if known is None or known[0] is not loop:
        known = _locks[executor] = (loop, asyncio.Lock())
    return known[1]
