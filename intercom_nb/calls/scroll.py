"""The scroll: all records one page after another, for lists that the API cuts.

One scroll may be open in a workspace at a time. It ends by itself after a minute without use, and
one that broke cannot go on: it starts again from the first page, and what comes twice replaces
itself by its id. Source: developers.intercom.com, "Scroll over all companies".
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from ..catalog.model import Operation
from ..errors import IntercomError, NotFoundError, PagingError, RateLimitError
from ..executors.base import Executor, Page
from ..runtime.retry import Sleep
from ..transport.protocol import SCROLL_EXPIRES_AFTER

_RESTARTS = 3
_Turn = tuple[asyncio.AbstractEventLoop, asyncio.Lock]
_turns: weakref.WeakKeyDictionary[Executor, _Turn] = weakref.WeakKeyDictionary()


async def scroll(
    executor: Executor,
    operation: Operation,
    params: Mapping[str, Any],
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[Page, None]:
    """Follow a scroll to its end, one at a time for an executor.

    A scroll that breaks starts again up to three times, a minute later; pages then come again.
    """
    async with _turn(executor):
        asked, restarts = dict(params), 0
        before: Page | None = None
        while True:
            try:
                page = await executor.page(operation, asked)
            except IntercomError as error:
                began = str(operation.paging.cursor) in asked
                if restarts >= _RESTARTS or not _can_start_again(error, began):
                    raise
                restarts += 1
                await sleep(SCROLL_EXPIRES_AFTER)
                asked = {k: v for k, v in params.items() if k != operation.paging.cursor}
                before = None
                continue
            check_advance(operation, before, page)
            yield page
            before = page
            if page.next is None:
                return
            asked |= page.next


def check_advance(operation: Operation, before: Page | None, page: Page) -> None:
    """Raise PagingError where a page is the one before it, since that would never end."""
    if before is not None and page.records and page.records == before.records:
        raise PagingError(
            f"{operation.name}: the server gave the same page twice in a row, so the list "
            "would never end. Ask again; if it stays, narrow the query."
        )


def _can_start_again(error: IntercomError, began: bool) -> bool:
    if getattr(error, "code", None) == "scroll_exists":
        return True
    broken = error.is_transient and not isinstance(error, RateLimitError)
    return began and (broken or isinstance(error, NotFoundError))


def _turn(executor: Executor) -> asyncio.Lock:
    # A lock belongs to the loop that it was waited for on; the portal has a new one after a fork.
    loop = asyncio.get_running_loop()
    known = _turns.get(executor)
    if known is None or known[0] is not loop:
        known = _turns[executor] = (loop, asyncio.Lock())
    return known[1]
