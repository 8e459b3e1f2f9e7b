"""What is asked for at the same time, and in which order it is kept."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from intercom_nb.dataset.state import Interval
from intercom_nb.extract.slices import buffer as slice_buffer
from intercom_nb.extract.slices import reader as slice_reader
from intercom_nb.extract.slices import writer as slice_writer
from tests.extract.harness import held, held_parts
from tests.extract.workspace import BORN, NOW, Transport

pytestmark = pytest.mark.slow


class Watched(Transport):
    """Notes the requests and answers as they come: searches as ``search``, records by their id."""

    def __init__(self, workspace) -> None:
        super().__init__(workspace)
        self.under_way: list[str] = []
        self.most = 0
        self.asked: list[str] = []
        self.answered: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.asked.append(name)
        self.under_way.append(name)
        self.most = max(self.most, len(self.under_way))
        try:
            answer = await super().handle_async_request(request)
        finally:
            self.under_way.remove(name)
        self.answered.append(name)
        return answer


@pytest.fixture
def watched(bench):
    def make(**options):
        b = bench(**options)
        b.transport = Watched(b.workspace)
        return b

    return make


def times(b) -> list[list[int]]:
    """Give the times of creation in each file, as they lie in it."""
    files = sorted((b.folder / "conversations").rglob("*.parquet"))
    return [pq.read_table(f, columns=["created_at"])[0].cast("int64").to_pylist() for f in files]


def test_slice_is_written_in_order_when_its_pages_are_read_in_parallel(watched):
    b = watched(conversations=600, per_page=10, latency=0.5)
    ds = b.extract(concurrency=12)
    assert ds.audit["kept"].max() > 150
    assert 6 <= b.transport.most <= 12
    assert all(one == sorted(one) for one in times(b))


def test_parts_are_fetched_in_parallel_when_the_next_page_is_read(watched):
    b = watched(conversations=130, per_page=60, latency=1.0)
    b.extract(with_parts=True, concurrency=1)
    assert 50 <= b.transport.most <= 51
    records = [name for name in b.transport.asked if name.isdecimal()]
    assert set(records) == set(b.workspace.data["conversations"])
    first, second = b.transport.asked.index(records[0]), b.transport.asked.index(records[50])
    assert "search" in b.transport.asked[first:second]
    assert all(one == sorted(one) for one in times(b))


def test_extraction_ends_within_five_round_trips_when_slices_are_small(bench):
    b = bench(conversations=0, contacts=0, per_page=100, latency=0.5)
    for number in range(400):
        b.workspace._create("conversations", BORN + 200_000 * number)
    began = b.time
    ds = b.extract()
    spent = b.time - 30.0 - began  # virtual seconds; the bench adds the pause between two runs
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    # The workspace and the edges; the counts; pages that follow another; what changed and went.
    # An answer may take 1.5 times the latency.
    assert spent <= 5 * 1.5 * b.workspace.latency


def test_slice_is_divided_when_it_holds_far_more_than_its_share(bench, monkeypatch):
    b = bench(conversations=0, contacts=0, per_page=100)
    for at in (BORN, *(NOW - 4_000 + second for second in range(900))):
        b.workspace._create("conversations", at)
    divided: list[list[Interval]] = []
    init = slice_reader._DividedError.__init__
    monkeypatch.setattr(
        slice_reader._DividedError,
        "__init__",
        lambda self, pieces: (divided.append(pieces), init(self, pieces))[1],
    )
    rows: list[int] = []
    ds = b.extract(progress=lambda now: rows.append(now.rows))
    assert divided
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert set(ds.audit["state"]) == {"complete"}
    assert ds.audit["kept"].sum() == rows[-1] == 901  # what was dropped counts as not read
    assert not list((b.folder / "_intercom_nb").rglob("*.arrow"))


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_slice_continues_after_its_first_page_when_that_is_sorted(bench, order):
    b = bench(conversations=0, contacts=0, per_page=150)
    for number in range(4_000):
        b.workspace._create("conversations", BORN + 10_000 * number)
    answer, sent = b.workspace.answer, Counter[str]()

    def sorted_anyhow(method: str, path: str, query: str, body: bytes) -> Any:
        is_page = b'"per_page":150' in body and b'"created_at"' in body
        if is_page:
            body = body.replace(b'"ascending"', f'"{order}"'.encode())
        status, headers, content = answer(method, path, query, body)
        if is_page:
            sent.update(record["id"] for record in content["conversations"])
        return status, headers, content

    b.workspace.answer = sorted_anyhow
    ds = b.extract(concurrency=1)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert set(ds.audit["state"]) == {"complete"}
    again = sum(sent.values()) - 4_000
    # Some lie at an edge of two subranges. Of an unsorted search, the first page comes again.
    assert again < 40 if order == "ascending" else 2 * 150 <= again < 3 * 150


def test_attempt_ends_when_its_writes_are_done(bench, monkeypatch):
    """A thread goes on when nobody waits for it any more: the next attempt must not meet it."""
    b = bench(conversations=400, contacts=0)
    monkeypatch.setattr(slice_buffer, "_FLUSH_BYTES", 10_000)
    answer, pages = b.workspace.answer, itertools.count()

    def forgetful(method: str, path: str, query: str, body: bytes) -> object:
        if b"starting_after" in body and next(pages) in {3, 9, 15}:
            return 400, {}, {"errors": [{"code": "parameter_invalid", "message": "cursor"}]}
        return answer(method, path, query, body)

    b.workspace.answer = forgetful
    at_work: Counter[str] = Counter()
    most: Counter[str] = Counter()
    attempts: dict[str, set[int]] = defaultdict(set)

    async def on_thread(_: object, work: Callable[..., object], *args: Any) -> object:
        if not (args and isinstance(args[0], slice_writer.StagedSlice)):
            return work(*args)
        key = args[0].interval.key
        attempts[key].add(id(args[0]))
        at_work[key] += 1
        most[key] = max(most[key], at_work[key])
        await asyncio.sleep(3.0)
        at_work[key] -= 1
        return work(*args)

    async def uncancelled(*args: object) -> object:
        return await asyncio.shield(asyncio.ensure_future(on_thread(*args)))

    monkeypatch.setattr(slice_writer, "_run_in_thread", uncancelled)
    ds = b.extract()
    assert max(map(len, attempts.values())) > 1
    assert set(most.values()) == {1}
    assert held(ds, "conversations") == b.workspace.truth("conversations")


def test_conversation_is_requested_once_when_it_is_new_and_changed(watched):
    b = watched(conversations=60, contacts=0)
    b.extract(with_parts=True)
    old, *_ = b.workspace.data["conversations"]
    began = int(b.time)
    new = [b.workspace._create("conversations", began + 100 * number) for number in range(30)]
    b.time += 3_000
    b.workspace.clock = lambda: b.time
    newest, changed = new[-1], {}
    for key in (newest, old):
        changed[key] = {**b.workspace.data["conversations"][key], "updated_at": int(b.time) - 1}
    b.workspace.data["conversations"] |= changed
    b.transport.asked.clear()
    ds = b.extract(with_parts=True)
    asked = Counter(name for name in b.transport.asked if name.isdecimal())
    # What changed in the newest second may change in it again.
    assert {key for key, times in asked.items() if times > 1} == {newest}
    assert {old, *new} <= set(asked)
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    assert held_parts(ds) == b.workspace.true_parts()


def test_conversation_is_requested_again_when_it_changed_after_it_was_read(watched):
    b = watched(conversations=60, contacts=0, latency=0.5)
    for number in range(20):
        b.workspace._create("conversations", NOW - 40 + number)
    answer, changed = b.workspace.answer, []

    def late(method: str, path: str, query: str, body: bytes) -> object:
        found = answer(method, path, query, body)
        if b"updated_at" in body and b'"ascending"' in body and not changed:
            for key in [*b.workspace.data["conversations"]][-5:]:
                changed.append(key)
                record = b.workspace.data["conversations"][key]
                record = {**record, "updated_at": int(b.workspace.clock()), "state": "late"}
                b.workspace.data["conversations"][key] = record
            return answer(method, path, query, body)
        return found

    b.workspace.answer = late
    ds = b.extract(with_parts=True)
    assert len(changed) == 5
    assert held(ds, "conversations") == b.workspace.truth("conversations")
    states = ds.pandas("conversations", ["id", "state"]).set_index("id")["state"]
    assert set(states[changed]) == {"late"}
