"""How an entity is read: by searches over spans of time, or as one list by its own paging."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import msgspec

from .. import catalog
from ..calls.hydrate import hydrate, hydrating_operation
from ..calls.paginate import pages
from ..catalog.filters import ResidualFilter, build_query
from ..catalog.model import Operation
from ..dataset.state import Interval
from ..errors import InvalidParameterError, NotFoundError, UnsupportedError
from ..executors.base import Executor, Page
from .intervals import Days, Grid, Seconds, zone

# Where a record of a search or a list has not all of it.
_DETAIL = {"conversations": "get"}
_PARTS = {"conversations": "conversation_parts", "tickets": "ticket_parts"}
_MOST_PARTS = 500
_WHOLE = Interval(0, 0, "", "")


class Head(msgspec.Struct):
    """What of a record says which one it is and when it changed."""

    id: str | int | None = None
    created_at: int | str | None = None
    updated_at: int | str | None = None


@dataclasses.dataclass
class Read:
    """One record as it arrived, or None in place of it when it was gone before its parts came."""

    head: Head
    raw: msgspec.Raw | None
    requests: int = 0
    cut_parts: bool = False
    itself: bool = False  # asked for by its id, not as a search knows it


class Source:
    """One entity of one workspace, and how to read all of it.

    Raises InvalidParameterError for an entity that cannot be listed, and for filters or parts that
    it does not have.
    """

    def __init__(
        self,
        executor: Executor,
        entity: str,
        *,
        where: Mapping[str, Any] | None = None,
        with_parts: bool = False,
        complete: bool = False,
    ) -> None:
        self.entity = entity
        self._executor = executor
        self.search = _reading(executor, entity, "search")
        listing = _reading(executor, entity, "list")
        if self.search is None and listing is None:
            raise InvalidParameterError(
                f"{entity} cannot be extracted: there is no list of all of them. "
                f"What can be is: {', '.join(extractable(executor))}."
            )
        self._listing = listing
        # The API's own list of what was deleted: some entities have one, in some versions.
        self.deletions = _allowed(executor, entity, "list_deleted")
        self._with_parts = with_parts
        self._complete = complete
        if with_parts and entity not in _PARTS:
            raise InvalidParameterError(f"with_parts: {entity} have no parts.")
        self._detail = (
            executor.adapt(catalog.operation(entity, _DETAIL[entity]))
            if with_parts and entity in _DETAIL
            else None
        )
        operation = self._detail or self.search or listing
        assert operation is not None
        assert operation.record is not None
        self.record = operation.record
        if complete:
            for column in catalog.truncated_lists(operation).values():
                executor.refuse(hydrating_operation(column))
        self._where: list[dict[str, Any]] = []
        self._residual: ResidualFilter | None = None
        self._filter(where or {})
        self.grid: Grid = Seconds()

    @property
    def sliced(self) -> bool:
        """Whether the entity is read in spans of time."""
        return self.search is not None

    @property
    def whole(self) -> Interval:
        """The one span of an entity that is read as a list."""
        return _WHOLE

    @property
    def filtered(self) -> bool:
        """Whether only some of the records are wanted, by what may change in them."""
        return bool(self._where)

    @property
    def timed(self) -> bool:
        """Whether the records say when they were created, so that ``since`` can choose."""
        return "created_at" in catalog.record_columns(self.record)

    def in_zone(self, name: str | None) -> None:
        """Set the workspace's zone, by whose days some searches match times."""
        limits = catalog.search_fields(self.entity)
        if limits is not None and limits.dates == "day":
            self.grid = Days(zone(name))

    def pages(
        self, span: Interval, per_page: int | None = None, order: str = "ascending"
    ) -> AsyncGenerator[Page, None]:
        """Give the pages of a span, the oldest records first."""
        if not span.field:
            return self._list()
        assert self.search is not None
        size = per_page or self.search.max_page_size
        params: dict[str, Any] = {
            "query": self._query(span),
            "sort": {"field": span.field, "order": order},
            "per_page": size,
        }
        return pages(self._executor, self.search, params)

    async def first(self, span: Interval, order: str = "ascending") -> Page:
        """Give the oldest (``ascending``) or newest record of a span, and its count."""
        async with contextlib.aclosing(self.pages(span, per_page=1, order=order)) as following:
            return await anext(following)

    async def count(self, span: Interval) -> int | None:
        """Ask how many records of a span there are; None where the API does not say."""
        return (await self.first(span)).total_count if span.field else None

    async def edge(self, span: Interval, order: str) -> int | None:
        """Ask for the time of the oldest (``ascending``) or newest record of a span."""
        records = (await self.first(span, order)).records
        at = self._time(span, msgspec.json.decode(records[0], type=Head)) if records else None
        return at if isinstance(at, int) else None

    def keeps(self, span: Interval, head: Head, raw: msgspec.Raw) -> bool:
        """Tell whether a record that a search found belongs to the span, exactly."""
        if not span.field:
            return True
        at = self._time(span, head)
        if isinstance(at, int) and not span.start <= at < span.end:
            return False
        if self._residual is None:
            return True
        return self._residual.matches(msgspec.json.decode(raw, type=dict[str, Any]))

    @staticmethod
    def _time(span: Interval, head: Head) -> int | str | None:
        return head.created_at if span.field == "created_at" else head.updated_at

    @property
    def fills(self) -> bool:
        """Whether records need requests of their own to be whole."""
        return self._detail is not None or self._complete

    def found(self, head: Head, raw: msgspec.Raw) -> Read:
        """Give a record that is whole as it was found."""
        return Read(head, raw, 0, self._with_parts and self._is_cut(raw))

    async def filled(self, head: Head, raw: msgspec.Raw) -> Read:
        """Give a record with its parts and the lists that the API cut."""
        requests = 0
        if self._detail is not None:
            requests = 1
            try:
                page = await self._executor.page(self._detail, {"id": str(head.id)})
            except NotFoundError:
                return Read(head, None, 1)
            raw = page.records[0]
            head = msgspec.json.decode(raw, type=Head)
        if self._complete:
            operation = self._detail or self.search or self._listing
            assert operation is not None
            record = msgspec.json.decode(raw, type=dict[str, Any])
            more = await hydrate(self._executor, operation, [record])
            if more:
                raw, requests = msgspec.Raw(msgspec.json.encode(record)), requests + more
        cut = self._with_parts and self._is_cut(raw)
        return Read(head, raw, requests, cut, itself=self._detail is not None)

    def _is_cut(self, raw: msgspec.Raw) -> bool:
        """Tell whether a record has more parts than the API gives."""
        counts = msgspec.json.decode(raw, type=_PartCounts)
        held = counts.conversation_parts or counts.ticket_parts
        there = counts.statistics.count_conversation_parts if counts.statistics else None
        most = max(there or 0, (held.total_count if held else 0) or 0)
        return most > _MOST_PARTS

    async def _list(self) -> AsyncGenerator[Page, None]:
        operation = self._listing
        assert operation is not None
        params: dict[str, Any] = {}
        if operation.paging.size and operation.max_page_size:
            params[operation.paging.size] = operation.max_page_size
        async for page in pages(self._executor, operation, params):
            yield page

    def _filter(self, where: Mapping[str, Any]) -> None:
        if not where:
            return
        limits = catalog.search_fields(self.entity)
        if self.search is None or limits is None:
            raise InvalidParameterError(f"where: {self.entity} cannot be searched here.")
        built = build_query(self.entity, limits, where)
        group = built.query.get("operator") == "AND"
        self._where = list(built.query["value"]) if group else [built.query]
        self._residual = built.residual

    def _query(self, span: Interval) -> dict[str, Any]:
        filters = self.grid.filters(span)
        if span.suffix:
            filters.append({"field": "id", "operator": "$", "value": span.suffix})
        if self._where:
            filters.append({"operator": "AND", "value": self._where})
        return {"operator": "AND", "value": filters}


class _Total(msgspec.Struct):
    total_count: int | None = None


class _Statistics(msgspec.Struct):
    count_conversation_parts: int | None = None


class _PartCounts(msgspec.Struct):
    statistics: _Statistics | None = None
    conversation_parts: _Total | None = None
    ticket_parts: _Total | None = None


def extractable(executor: Executor) -> list[str]:
    """Name the entities that can be extracted, in the catalog's order."""
    return [
        entity
        for entity, data in catalog.entities().items()
        if any(_reading(executor, entity, action) for action in data.actions)
    ]


def _reading(executor: Executor, entity: str, action: str) -> Operation | None:
    """Give an operation as this mode and version run it; None where none reads the whole."""
    operation = _allowed(executor, entity, action)
    return operation if operation is not None and operation.reads_all else None


def _allowed(executor: Executor, entity: str, action: str) -> Operation | None:
    """Give an operation as this mode and version run it; None where there is none."""
    if action not in catalog.actions(entity):
        return None
    try:
        return executor.adapt(catalog.operation(entity, action))
    except UnsupportedError:
        return None


__all__ = ["Head", "Read", "Source", "extractable"]
