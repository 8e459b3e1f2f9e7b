"""The API's paging styles, as async iterators of pages."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from .. import catalog
from ..catalog.model import Operation
from ..errors import PagingError
from ..executors.base import Executor, Page
from ..runtime.retry import Sleep
from .scroll import check_advance, scroll


async def pages(
    executor: Executor,
    operation: Operation,
    params: Mapping[str, Any],
    *,
    wanted: int | None = None,
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[Page, None]:
    """Follow the pages of an operation to the last one.

    A list that the API cuts goes over to the scroll as soon as that is seen to be needed for the
    ``wanted`` number of records. Raises PagingError when the server gives a page again that it gave
    before, which would never end, and when there is more than the API lists.
    """
    if operation.paging.style == "scroll":
        following = scroll(executor, operation, params, sleep)
    else:
        following = _followed(executor, operation, params)
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
            f"{operation.name}: the API lists {most:,} records at most, and there are more."
        )
    # From the start: the records that came already are the same ones.
    async for page in scroll(executor, executor.adapt(beyond), {}, sleep):
        yield dataclasses.replace(page, via=beyond.name)


def _beyond(operation: Operation, params: Mapping[str, Any]) -> Operation | None:
    """Give the operation that reads what the list cuts; None where a filter would be lost."""
    how = {operation.paging.page, operation.paging.size, "order"}
    if operation.paging.beyond is None or set(params) - how:
        return None
    return catalog.operation(*operation.paging.beyond.split("."))


async def _followed(
    executor: Executor, operation: Operation, params: Mapping[str, Any]
) -> AsyncGenerator[Page, None]:
    asked = dict(params)
    seen = {_key(asked)}
    before: Page | None = None
    while True:
        page = await executor.page(operation, asked)
        check_advance(operation, before, page)
        yield page
        before = page
        if page.next is None:
            return
        asked |= page.next
        if _key(asked) in seen:
            raise PagingError(
                f"{operation.name}: the server's cursor leads back to a page that came before, so "
                "the list would never end. Ask again; if it stays, narrow the query."
            )
        seen.add(_key(asked))


def first_page_size(
    operation: Operation, params: Mapping[str, Any], limit: int | None
) -> int | None:
    """Give the page size to ask for: as large as possible, no larger than needed."""
    size = operation.paging.size
    largest = operation.max_page_size
    if size is None or size in params or largest is None:
        return None
    return largest if limit is None else max(1, min(largest, limit))


def _key(params: Mapping[str, Any]) -> str:
    return repr(sorted(params.items()))
