"""Hydration: fetch in full the lists that the API cuts inside records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from .. import catalog
from ..catalog.declared_columns import ListColumn
from ..catalog.model import Operation
from ..executors.base import Executor
from ..frames import decode_repaired
from ..runtime.concurrency import run_parallel
from .paginate import first_page_size, pages

# The rate limiter paces the requests; more tasks would only wait for it.
_MOST_TASKS = 32


async def hydrate(executor: Executor, operation: Operation, rows: Sequence[dict[str, Any]]) -> int:
    """Replace truncated lists in the records with complete ones; return the number of requests."""
    work = [
        _fill(executor, row, holder, column)
        for name, column in catalog.truncated_lists(operation).items()
        for row, holder in _truncated(rows, name)
    ]
    return sum(await run_parallel(work, limit=_MOST_TASKS))


def hydrating_operation(column: ListColumn) -> Operation:
    """Return the operation that lists a truncated column in full."""
    return catalog.operation(*str(column.complete_by).split("."))


async def _fill(
    executor: Executor, row: dict[str, Any], holder: dict[str, Any], column: ListColumn
) -> int:
    operation = executor.adapt(hydrating_operation(column))
    record = next(p.name for p in operation.params if p.location == "path")
    params: dict[str, Any] = {record: row["id"]}
    size = first_page_size(operation, params, None)
    if size is not None:
        params[str(operation.paging.size)] = size
    items: list[Any] = []
    requests = 0
    async for page in pages(executor, operation, params):
        items += [decode_repaired(raw, msgspec.json.decode)[0] for raw in page.records]
        requests += 1
    holder[column.list.rpartition(".")[2]] = items
    holder["has_more"] = False
    return requests


def _truncated(
    rows: Sequence[dict[str, Any]], name: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for row in rows:
        holder = row.get(name)
        if isinstance(holder, dict) and holder.get("has_more") and row.get("id"):
            yield row, holder
