"""A workspace of conversations, serialized beforehand, with Intercom's rate window and a latency.

Served by ``python -m benchmarks.paged``: lists and searches by cursor, conversations with parts.
Each record is the demo's, with a message long enough that it has the 3.3 kB of real ones.
"""

from __future__ import annotations

import array
import bisect
import json
import random
import sys
import time
from collections.abc import Sequence
from typing import Any

from intercom_nb.demo.rate_limit import RateWindow

from .floors import LIMIT
from .loopback import Answer, CallPlan, serve
from .records import Record, Templates
from .span import NEWEST, OLDEST

_BYTES = 3_300
_TEMPLATES = 300
_PAGE = b'{"type":"conversation.list","conversations":[%b],"total_count":%d,"pages":{%b}}'
_REFUSED = b'{"type":"error.list","errors":[{"code":"not_now"}]}'
_NEXT = b'"type":"pages","next":{"per_page":%d,"starting_after":"%d"}'


class Workspace:
    """So many conversations, the oldest first, as the bytes of responses.

    Those of many more than memory holds are not ``kept``, but made when they are asked for.
    ``touched`` of them, spread evenly, were updated when the workspace opened; the others were
    when they were created.
    """

    def __init__(  # noqa: PLR0913 - options of a command line
        self,
        rows: int,
        latency: float = 0.0,
        limit: int | None = LIMIT,
        *,
        kept: bool = True,
        touched: int = 0,
        failing: tuple[int, float] = (503, 0.0),
        seed: int = 0,
    ) -> None:
        self._latency = latency
        self._rate = RateWindow(limit)
        rng = random.Random(5)
        demo = Templates()
        found = demo.search("conversations", _TEMPLATES)
        self._listed = [_serialized(record) for record in found]
        self._whole = [_serialized(demo.conversation(record["id"])) for record in found]
        self._times = array.array("q", sorted(rng.randrange(OLDEST, NEWEST) for _ in range(rows)))
        self._opened = int(time.time())
        self._touched = range(0, rows, rows // touched) if touched else range(0)
        self._kept = [self._record(number) for number in range(rows)] if kept else None
        self._failing, self._chance = failing, random.Random(seed)

    def __call__(self, call: CallPlan) -> Answer:
        """Answer a request, as late as the latency says."""
        allowed = self._rate.acquire()
        status, share = self._failing
        if allowed and self._chance.random() >= share:
            body = self._answer(call)
            status = 200 if body else 404
        else:
            body, status = _REFUSED, status if allowed else 429
        return Answer(body, status, self._rate.headers(), delay=self._latency)

    def _answer(self, call: CallPlan) -> bytes:
        if call.path == "/conversations/search":
            return self._search(call.json())
        if call.path == "/conversations":
            size = int(call.query.get("per_page", 20))
            start = int(call.query.get("starting_after", 0))
            return self._page(range(len(self._times)), start, size)
        if call.path == "/me":
            return b'{"type":"admin","id":"1","app":{"id_code":"bench","timezone":"UTC"}}'
        _, entity, key = call.path.split("/")
        if entity != "conversations":
            return b""
        number = int(key) - 10**9
        return self._filled(self._whole, number)

    def _search(self, asked: Record) -> bytes:
        low, high = 0, len(self._times)
        found: Sequence[int] = range(high)
        for one in _filters(asked["query"]):
            if one["field"] not in {"created_at", "updated_at"}:
                continue
            at, is_after = int(one["value"]), one["operator"] == ">"
            if one["field"] == "updated_at" and is_after and at >= NEWEST:
                found = self._touched if at < self._opened else range(0)
            elif is_after:
                low = max(low, bisect.bisect_left(self._times, at))
            elif one["field"] == "created_at" or at < NEWEST:
                high = min(high, bisect.bisect_right(self._times, at))
        found = found[bisect.bisect_left(found, low) : bisect.bisect_left(found, max(low, high))]
        paging = asked.get("pagination") or {}
        start = int(paging.get("starting_after") or 0)
        size = int(paging.get("per_page") or 20)
        backwards = (asked.get("sort") or {}).get("order", "descending") == "descending"
        return self._page(found[::-1] if backwards else found, start, size)

    def _page(self, found: Sequence[int], start: int, size: int) -> bytes:
        following = _NEXT % (size, start + size) if start + size < len(found) else b""
        get = self._record if self._kept is None else self._kept.__getitem__
        records = map(get, found[start : start + size])
        return _PAGE % (b",".join(records), len(found), following)

    def _record(self, number: int) -> bytes:
        return self._filled(self._listed, number)

    def _filled(self, templates: list[bytes], number: int) -> bytes:
        created = b"%d" % self._times[number]
        updated = b"%d" % self._opened if number in self._touched else created
        template = templates[number % len(templates)]
        key = b"%d" % (10**9 + number)
        return (
            template.replace(b"@ID@", key).replace(b'"@AT@"', created).replace(b'"@UP@"', updated)
        )


def _filters(query: Record) -> list[Record]:
    if query["operator"] in {"AND", "OR"}:
        return [one for inner in query["value"] for one in _filters(inner)]
    return [query]


def _serialized(record: Record) -> bytes:
    """Return a record as bytes, with marks at its id and its times."""
    record = {**record, "id": "@ID@", "created_at": "@AT@", "updated_at": "@UP@"}
    source: dict[str, Any] = dict(record["source"])
    if source["body"]:
        missing = _BYTES - len(json.dumps(record, separators=(",", ":")))
        source["body"] *= 1 + max(missing, 0) // len(source["body"])
    text = json.dumps({**record, "source": source}, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


if __name__ == "__main__":
    serve(Workspace(**json.loads(sys.argv[1])))
