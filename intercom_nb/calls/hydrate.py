"""Lists inside records that the API cuts short: fetched whole, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from .. import catalog
from ..catalog.model import ListColumn, Operation
from ..executors.base import Executor
from ..runtime.concurrency import run_parallel
from .options import cut_lists
from .paginate import first_page_size, pages

# The governor hands out the permits; more tasks than this would only wait for them.
_AT_ONCE = 32


async def complete(executor: Executor, operation: Operation, rows: Sequence[dict[str, Any]]) -> int:
    """Put the whole lists into the records where they are cut; gives the number of requests."""
    work = [
        _fill(executor, row, holder, column)
        for name, column in cut_lists(operation).items()
        for row, holder in _cut(rows, name)
    ]
    return sum(await run_parallel(work, limit=_AT_ONCE))


def completing(column: ListColumn) -> Operation:
    """Give the operation that gives the whole of a list."""
    return catalog.operation(*str(column.complete_by).split("."))


async def _fill(
    executor: Executor, row: dict[str, Any], holder: dict[str, Any], column: ListColumn
) -> int:
    whole = executor.adapt(completing(column))
    record = next(p.name for p in whole.params if p.place == "path")
    params: dict[str, Any] = {record: row["id"]}
    size = first_page_size(whole, params, None)
    if size is not None:
        params[str(whole.paging.size)] = size
    items: list[Any] = []
    requests = 0
    async for page in pages(executor, whole, params):
        items += [msgspec.json.decode(raw) for raw in page.records]
        requests += 1
    holder[column.list.rpartition(".")[2]] = items
    holder["has_more"] = False
    return requests


def _cut(
    rows: Sequence[dict[str, Any]], name: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for row in rows:
        holder = row.get(name)
        if isinstance(holder, dict) and holder.get("has_more") and row.get("id"):
            yield row, holder
