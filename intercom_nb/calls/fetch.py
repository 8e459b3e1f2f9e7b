"""Pages -> one DataFrame: the limit, the trimming, the duplicates, and what the result says."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Mapping
from typing import Any

import msgspec
import pandas as pd

from .. import catalog
from ..errors import IntercomError, InvalidResponseError
from ..executors.base import Executor, Page
from ..frames import KEY, Records, ResultInfo, frame_of, ids_of
from ..runtime.progress import Progress, ProgressCallback, show_progress
from .files import FileBytes, FileText, told_filename
from .hydrate import complete
from .paginate import pages
from .plan import CallPlan


async def fetch_page(executor: Executor, call: CallPlan) -> pd.DataFrame:
    """Send exactly one request and give its page."""
    state = ResultBuilder(call, executor)
    state.take(await executor.page(call.operation, call.params))
    return state.frame()


async def fetch_file(executor: Executor, call: CallPlan) -> FileBytes | FileText:
    """Get the file that an operation answers: text as text, all else as bytes."""
    response = await executor.file(call.operation, call.params)
    name = told_filename(response.headers.get("content-disposition"))
    if call.operation.answer != "text":
        return FileBytes.of(response.content, response.headers.get("content-type"), name)
    try:
        return FileText.of(response.content.decode(), name)
    except UnicodeDecodeError:
        raise InvalidResponseError(
            f"{call.operation.name}: the answer is no text.", status=200
        ) from None


def file_frame(call: CallPlan, content: FileBytes | FileText) -> pd.DataFrame:
    """Give a file as a frame of one row, for who wants a DataFrame of every action."""
    frame = pd.DataFrame({"content": [content], "filename": [content.filename]}, dtype=object)
    info = {"entity": call.operation.entity, "action": call.operation.action, "requests": 1}
    frame.attrs[KEY] = ResultInfo({**info, "params": call.params}, {})
    return frame


async def fetch_all(executor: Executor, call: CallPlan) -> pd.DataFrame:
    """Follow the pages until the limit or the end.

    When that fails after the first page, the error has what arrived, in ``error.partial``.
    """
    state = ResultBuilder(call, executor)
    try:
        with show_progress(call.operation.name, call.progress) as report:
            await _follow(state, report)
        if call.complete:
            await _complete(state)
        return state.frame()
    except IntercomError as error:
        if state.rows:
            error.partial = state.frame()
            error.add_note(
                f"{len(state.rows):,} records had arrived before that: they are in "
                "error.partial, a DataFrame."
            )
        raise


async def _complete(state: ResultBuilder) -> None:
    """Fetch the whole of the lists that the API cut."""
    rows = state.records.dicts(state.rows)
    try:
        state.requests += await complete(state.executor, state.call.operation, rows)
    finally:
        state.put(rows)


async def _follow(state: ResultBuilder, report: ProgressCallback) -> None:
    call = state.call
    wanted = None if call.trim else call.limit
    for query in call.queries or ({},):
        params = {**call.params, "query": query} if query else call.params
        state.searches, state.total_before = state.searches + 1, state.total or 0
        following = pages(state.executor, call.operation, params, wanted=wanted)
        async with contextlib.aclosing(following):
            async for page in following:
                state.take(page)
                report(state.progress())
                if state.is_full():
                    return


@dataclasses.dataclass
class ResultBuilder:
    """What has arrived so far."""

    call: CallPlan
    executor: Executor
    rows: list[int] = dataclasses.field(default_factory=list)
    """Which of the records are the result's, in its order."""
    places: dict[str | int, int] = dataclasses.field(default_factory=dict)
    requests: int = 0
    dropped: int = 0
    total: int | None = None
    searches: int = 0
    total_before: int = 0
    next: Mapping[str, Any] | None = None
    records: Records = dataclasses.field(init=False)
    cut: bool = False
    request_id: str | None = None
    via: str | None = None

    def __post_init__(self) -> None:
        self.records = Records(catalog.selected_columns(self.call.operation, self.call.params))

    def take(self, page: Page) -> None:
        """Add the records of a page."""
        self.requests += 1
        self.next = page.next
        self.request_id, self.via = page.request_id, page.via
        if page.total_count is not None:
            self.total = self.total_before + page.total_count
        first, raws = len(self.records), self._kept(page)
        try:
            ids = ids_of(raws)
        except msgspec.DecodeError as error:
            raise self._unreadable(error) from None
        self.records.add(raws)
        for row, key in enumerate(ids, first):
            self._add(row, key)

    def _unreadable(self, error: msgspec.DecodeError) -> InvalidResponseError:
        return InvalidResponseError(
            f"{self.call.operation.name}: a record in the answer cannot be read: {error}.",
            status=200,
        )

    def _kept(self, page: Page) -> list[msgspec.Raw]:
        trim = self.call.trim
        if not trim:
            return page.records
        kept = [
            raw for raw in page.records if trim.keeps(msgspec.json.decode(raw, type=dict[str, Any]))
        ]
        self.dropped += len(page.records) - len(kept)
        return kept

    def _add(self, row: int, key: Any) -> None:
        """Add a row; one that comes again replaces itself, since lists move while they are read."""
        if isinstance(key, (str, int)):
            place = self.places.setdefault(key, len(self.rows))
            if place < len(self.rows):
                self.rows[place] = row
                return
        self.rows.append(row)

    def put(self, rows: list[dict[str, Any]]) -> None:
        """Put changed records in place of those that came."""
        self.records = Records(self.records.declared)
        self.records.add([msgspec.Raw(msgspec.json.encode(row)) for row in rows])
        self.rows = list(range(len(rows)))

    def is_full(self) -> bool:
        """Return whether the limit is reached."""
        limit = self.call.limit
        if limit is None or len(self.rows) < limit:
            return False
        to_come = self.searches < len(self.call.queries)
        self.cut = len(self.rows) > limit or self.next is not None or to_come
        if len(self.rows) > limit:
            self.next = None  # it would leave out the rest of this page
            del self.rows[limit:]
        return True

    def progress(self) -> Progress:
        """Return how far the call is."""
        limit, total = self.call.limit, self.total
        expected = min(total, limit) if total is not None and limit is not None else total
        return Progress(min(len(self.rows), limit or len(self.rows)), expected, self.requests)

    def frame(self) -> pd.DataFrame:
        """Make the frame; raises InvalidResponseError, and has let go of what cannot be read."""
        operation = self.call.operation
        record = operation.record or operation.entity.removesuffix("s")
        every = len(self.rows) == len(self.records)
        try:
            return frame_of(
                self.records,
                record.removesuffix("_list_item"),
                self._info(),
                None if every else self.rows,
            )
        except msgspec.DecodeError as error:
            self.rows = [row for row in self.rows if self.records.is_readable(row)]
            raise self._unreadable(error) from None

    def _info(self) -> dict[str, Any]:
        operation, rate = self.call.operation, self.executor.rate_limit
        info: dict[str, Any] = {
            "entity": operation.entity,
            "action": operation.action,
            "record_entity": catalog.record_entity(operation),
            "params": msgspec.to_builtins(self.call.params),
            "mode": self.executor.mode,
            "base_url": self.executor.base_url,
            "requests": self.requests,
            "request_id": self.request_id,
            "next_cursor": next(iter((self.next or {}).values()), None),
            "total_count": self.total,
            "limit": self.call.limit,
            "truncated": self.cut,
            "rate_limit": None if rate is None else dataclasses.asdict(rate),
        }
        if self.searches > 1:
            info["searches"] = self.searches
        if self.via is not None:
            info["via"] = self.via
        if self.call.trim:
            # total_count then counts what the wider query found.
            info["dropped_by_exact_times"] = self.dropped
        return info
