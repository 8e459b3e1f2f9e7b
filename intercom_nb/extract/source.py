"""Source of records: one entity, read by searches over time intervals or by its own list."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

import msgspec

from .. import catalog
from ..calls.hydrate import hydrate, hydrating_operation
from ..calls.paginate import pages
from ..catalog.filters import ResidualFilter, build_query
from ..catalog.model import Operation
from ..dataset.state import Interval
from ..errors import InvalidParameterError, UnsupportedError
from ..executors.base import Executor, Page
from ..frames import decode_repaired
from .intervals import DayGrid, SecondGrid, TimeGrid, find_zone
from .record_head import FetchedRecord, RecordHead, parse_head

_DICT = msgspec.json.Decoder(dict[str, Any])
# Intercom returns the 500 most recent parts of a conversation.
_MAX_PARTS = 500
WHOLE_LIST = Interval(0, 0, "", "")
"""The one interval of an entity that is read as a list."""


class EntitySource:
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
        self.search = _find_reading(executor, entity, "search")
        listing = _find_reading(executor, entity, "list")
        if self.search is None and listing is None:
            raise InvalidParameterError(
                f"{entity} cannot be extracted: the API has no list of all of them. "
                f"Valid entities: {', '.join(extractable(executor))}."
            )
        self._listing = listing
        # The API's own list of deletions; some entities have one, in some versions.
        self.deletions = _find_operation(executor, entity, "list_deleted")
        self._with_parts = with_parts
        self._complete = complete
        data = catalog.entities()[entity]
        if with_parts and data.parts is None:
            known = [name for name, other in catalog.entities().items() if other.parts]
            raise InvalidParameterError(
                f"with_parts: {entity} have no parts. Only {' and '.join(known)} do."
            )
        self._detail = (
            executor.adapt(catalog.operation(entity, data.detail))
            if with_parts and data.detail is not None
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
        self._set_filter(where or {})
        self.grid: TimeGrid = SecondGrid()

    @property
    def is_sliced(self) -> bool:
        """Whether the entity is read in time intervals."""
        return self.search is not None

    @property
    def is_filtered(self) -> bool:
        """Whether a filter selects records, by fields that may change."""
        return bool(self._where)

    @property
    def has_times(self) -> bool:
        """Whether the records have a time of creation, so that ``since`` can select them."""
        return "created_at" in catalog.record_columns(self.record)

    @property
    def fetches_by_id(self) -> bool:
        """Whether each record is fetched by its id."""
        return self._detail is not None

    @property
    def needs_fetch(self) -> bool:
        """Whether records need requests of their own to be whole."""
        return self._detail is not None or self._complete

    def set_time_zone(self, name: str | None) -> None:
        """Set the workspace's time zone; some searches match times by its days."""
        limits = catalog.search_fields(self.entity)
        if limits is not None and limits.dates == "day":
            self.grid = DayGrid(find_zone(name))

    def pages(
        self, interval: Interval, per_page: int | None = None, order: str = "ascending"
    ) -> AsyncGenerator[Page, None]:
        """Yield the pages of an interval, the oldest records first."""
        if not interval.field:
            return self._list()
        assert self.search is not None
        params: dict[str, Any] = {
            "query": self._build_query(interval),
            "sort": {"field": interval.field, "order": order},
            "per_page": per_page or self.search.max_page_size,
        }
        return pages(self._executor, self.search, params)

    async def first(self, interval: Interval, order: str = "ascending") -> Page:
        """Request the oldest (``ascending``) or newest record of an interval, and its count."""
        async with contextlib.aclosing(self.pages(interval, 1, order)) as following:
            return await anext(following)

    async def count(self, interval: Interval) -> int | None:
        """Request the number of records in an interval; None if the API does not report it."""
        return (await self.first(interval)).total_count if interval.field else None

    async def edge_time(self, interval: Interval, order: str) -> int | None:
        """Request the time of the oldest (``ascending``) or newest record of an interval."""
        for raw in (await self.first(interval, order)).records:
            if head := parse_head(raw):
                return _time_of(interval, head)
        return None

    def rest(self, interval: Interval, first: Page) -> Interval:
        """Return an interval from the last record of its first page on; all of it if unsorted."""
        heads = [parse_head(raw) for raw in first.records]
        times = [at for head in heads if head and (at := _time_of(interval, head)) is not None]
        if len(times) < len(heads) or times != sorted(times):
            return interval
        start = times[-1] if times else interval.start
        is_inside = interval.start < start < interval.end
        return msgspec.structs.replace(interval, start=start) if is_inside else interval

    def matches(self, interval: Interval, head: RecordHead, raw: msgspec.Raw) -> bool:
        """Return whether a record that a search found really belongs to the interval.

        Residual filter: a search matches whole days, or a second more than the interval.
        """
        if not interval.field:
            return True
        at = _time_of(interval, head)
        if at is not None and not interval.start <= at < interval.end:
            return False
        if self._residual is None:
            return True
        return self._residual.matches(decode_repaired(raw, _DICT.decode)[0])

    def count_cut(self, raws: Sequence[msgspec.Raw]) -> int:
        """Return how many records of a search or list have more parts than the API returns."""
        return sum(map(has_cut_parts, raws)) if self._with_parts else 0

    async def fetch(self, head: RecordHead, raw: msgspec.Raw) -> FetchedRecord:
        """Fetch a record by id with its parts, and the lists that the API cut."""
        requests = repaired = 0
        if self._detail is not None:
            requests = 1
            page = await self._executor.page(self._detail, {"id": str(head.id)})
            raw, repaired = page.records[0], page.repaired
            head = parse_head(raw) or head
        if self._complete:
            operation = self._detail or self.search or self._listing
            assert operation is not None
            record = decode_repaired(raw, _DICT.decode)[0]
            more = await hydrate(self._executor, operation, [record])
            if more:
                raw, requests = msgspec.Raw(msgspec.json.encode(record)), requests + more
        is_cut = self._with_parts and has_cut_parts(raw)
        return FetchedRecord(
            head, raw, requests, is_cut, repaired, is_by_id=self._detail is not None
        )

    async def _list(self) -> AsyncGenerator[Page, None]:
        operation = self._listing
        assert operation is not None
        params: dict[str, Any] = {}
        if operation.paging.size and operation.max_page_size:
            params[operation.paging.size] = operation.max_page_size
        async for page in pages(self._executor, operation, params):
            yield page

    def _set_filter(self, where: Mapping[str, Any]) -> None:
        if not where:
            return
        limits = catalog.search_fields(self.entity)
        if self.search is None or limits is None:
            raise InvalidParameterError(
                f"where: this connector cannot search {self.entity}. Leave out where=, and filter "
                "the dataset."
            )
        built = build_query(self.entity, limits, where)
        is_group = built.query.get("operator") == "AND"
        self._where = list(built.query["value"]) if is_group else [built.query]
        self._residual = built.residual

    def _build_query(self, interval: Interval) -> dict[str, Any]:
        filters = self.grid.filters(interval)
        if interval.suffix:
            filters.append({"field": "id", "operator": "$", "value": interval.suffix})
        if self._where:
            filters.append({"operator": "AND", "value": self._where})
        return {"operator": "AND", "value": filters}


def _time_of(interval: Interval, head: RecordHead) -> int | None:
    return head.created_at if interval.field == "created_at" else head.updated_at


class _PartCounts(msgspec.Struct):
    statistics: Any = None
    conversation_parts: Any = None
    ticket_parts: Any = None


_PART_COUNTS = msgspec.json.Decoder(_PartCounts)


def has_cut_parts(raw: msgspec.Raw) -> bool:
    """Return whether a record has more parts than the API returns."""
    counts = decode_repaired(raw, _PART_COUNTS.decode)[0]
    held = counts.conversation_parts or counts.ticket_parts
    reported = [_get(counts.statistics, "count_conversation_parts"), _get(held, "total_count")]
    return max(map(_to_count, reported)) > _MAX_PARTS


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _to_count(value: Any) -> float:
    """Convert a count, which some servers send as a float or text; 0 if it is neither."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0


def extractable(executor: Executor) -> list[str]:
    """Return the entities that can be extracted, in the catalog's order."""
    return [
        entity
        for entity, data in catalog.entities().items()
        if any(_find_reading(executor, entity, action) for action in data.actions)
    ]


def _find_reading(executor: Executor, entity: str, action: str) -> Operation | None:
    """Return an operation for this mode and version; None unless it reads all records."""
    operation = _find_operation(executor, entity, action)
    return operation if operation is not None and operation.reads_all else None


def _find_operation(executor: Executor, entity: str, action: str) -> Operation | None:
    """Return an operation for this mode and version; None if it does not exist there."""
    if action not in catalog.actions(entity):
        return None
    try:
        return executor.adapt(catalog.operation(entity, action))
    except UnsupportedError:
        return None
