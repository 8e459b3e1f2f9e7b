"""Pages of an operation, followed to the end of the list in each paging style."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import msgspec

from .. import catalog
from ..catalog.model import Operation
from ..errors import PagingError
from ..executors.base import Executor, Page
from ..frames import ids_of
from ..runtime.retry import Sleep
from .scroll import scroll

_PAGES_WITHOUT_NEW = 5  # in a row; records that move while a list is read repeat on fewer
_MORE_THAN_COUNTED = 1_000  # records; a list may grow while it is read


async def pages(
    executor: Executor,
    operation: Operation,
    params: Mapping[str, Any],
    *,
    wanted: int | None = None,
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[Page, None]:
    """Yield the pages of an operation to the last one.

    A list that the API cuts short continues as a scroll if the ``wanted`` number of records needs
    it. Raises PagingError for a list that would never end, and for one that is longer than the
    API lists.
    """
    if operation.paging.style == "scroll":
        following = scroll(executor, operation, params, _EndlessListGuard, sleep)
    else:
        following = _follow(executor, operation, params)
    count, most = 0, operation.paging.max_records
    beyond = _beyond(operation, params)
    async with contextlib.aclosing(following):
        async for page in following:
            count += len(page.records)
            yield page
            if most is None:
                continue
            total = page.total_count or 0
            if beyond is not None and total > most and (wanted is None or wanted > most):
                break
            if count >= most and (page.next is not None or total > count):
                break
        else:
            return
    if beyond is None:
        raise PagingError(
            f"{operation.name}: the API lists at most {most:,} records, and there are more."
        )
    # The scroll starts over: records that have arrived already replace themselves.
    async for page in scroll(executor, executor.adapt(beyond), {}, _EndlessListGuard, sleep):
        yield dataclasses.replace(page, via=beyond.name)


def first_page_size(
    operation: Operation, params: Mapping[str, Any], limit: int | None
) -> int | None:
    """Return the page size to request: as large as possible, no larger than needed."""
    size = operation.paging.size
    largest = operation.max_page_size
    if size is None or size in params or largest is None:
        return None
    return largest if limit is None else max(1, min(largest, limit))


def _beyond(operation: Operation, params: Mapping[str, Any]) -> Operation | None:
    """Return the operation that reads past the cut; None if it would lose a filter."""
    paging_params = {operation.paging.page, operation.paging.size, "order"}
    if operation.paging.beyond is None or set(params) - paging_params:
        return None
    return catalog.operation(*operation.paging.beyond.split("."))


async def _follow(
    executor: Executor, operation: Operation, params: Mapping[str, Any]
) -> AsyncGenerator[Page, None]:
    current = dict(params)
    requested = {_key(current)}
    guard = _EndlessListGuard(operation)
    while True:
        page = guard.check(await executor.page(operation, current))
        yield page
        if page.next is None:
            return
        current |= page.next
        if _key(current) in requested:
            raise PagingError(
                f"{operation.name}: the server's cursor leads back to an earlier page, so the list "
                "would never end. Try again; if it persists, narrow the query."
            )
        requested.add(_key(current))


def _key(params: Mapping[str, Any]) -> str:
    return repr(sorted(params.items()))


class _EndlessListGuard:
    """Detects a list that never ends, whatever its cursors say."""

    def __init__(self, operation: Operation) -> None:
        self._name = operation.name
        self._seen: set[Any] = set()
        self._stale_pages = 0
        self._previous: Page | None = None

    def check(self, page: Page) -> Page:
        """Return the page with the ids of its records; raise PagingError if the list is endless."""
        if self._previous is not None and page.records and page.records == self._previous.records:
            raise self._error("the server sent the same page twice in a row")
        self._previous = page
        page = dataclasses.replace(page, ids=_ids(page))
        known = len(self._seen)
        self._seen.update(_identities(page))
        self._stale_pages = 0 if len(self._seen) > known else self._stale_pages + 1
        if page.next is not None:
            self._check_end(page.total_count)
        return page

    def _check_end(self, total: int | None) -> None:
        if self._stale_pages >= _PAGES_WITHOUT_NEW:
            raise self._error(f"the last {self._stale_pages} pages had no new record")
        if total and len(self._seen) > max(2 * total, total + _MORE_THAN_COUNTED):
            raise self._error(
                f"the server counts {total:,} records and has sent {len(self._seen):,}"
            )

    def _error(self, why: str) -> PagingError:
        return PagingError(
            f"{self._name}: {why}, so the list would never end. Try again; if it persists, narrow "
            "the query."
        )


def _ids(page: Page) -> list[Any] | None:
    try:
        return ids_of(page.records)
    except msgspec.DecodeError:  # reported where the record is read
        return None


def _identities(page: Page) -> list[Any]:
    """Return what tells records apart: the id, or the content of a record without one."""
    ids = page.ids or [None] * len(page.records)
    pairs = zip(ids, page.records, strict=True)
    return [key if isinstance(key, (str, int)) else hash(bytes(raw)) for key, raw in pairs]
