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
from typing import Any

from intercom_nb.demo.rate_limit import RateWindow

from .floors import LIMIT
from .loopback import Answer, CallPlan, serve
from .records import Record, Templates
from .span import NEWEST, OLDEST

_BYTES = 3_300
_TEMPLATES = 300
_PAGE = b'{"type":"conversation.list","conversations":[%b],"total_count":%d,"pages":{%b}}'
_NEXT = b'"type":"pages","next":{"per_page":%d,"starting_after":"%d"}'


class Workspace:
    """So many conversations, the oldest first, as the bytes of responses.

    Those of many more than memory holds are not ``kept``, but made when they are asked for.
    """

    def __init__(
        self,
        rows: int,
        latency: float = 0.0,
        limit: int | None = LIMIT,
        *,
        kept: bool = True,
    ) -> None:
        self._latency = latency
        self._rate = RateWindow(limit)
        rng = random.Random(5)
        demo = Templates()
        found = demo.search("conversations", _TEMPLATES)
        self._listed = [_serialized(record) for record in found]
        self._whole = [_serialized(demo.conversation(record["id"])) for record in found]
        self._times = array.array("q", sorted(rng.randrange(OLDEST, NEWEST) for _ in range(rows)))
        self._kept = [self._record(number) for number in range(rows)] if kept else None

    def __call__(self, call: CallPlan) -> Answer:
        """Answer a request, as late as the latency says."""
        allowed = self._rate.acquire()
        body = self._answer(call) if allowed else b'{"errors":[{"code":"rate_limit_exceeded"}]}'
        status = 429 if not allowed else 200 if body else 404
        return Answer(body, status, self._rate.headers(), delay=self._latency)

    def _answer(self, call: CallPlan) -> bytes:
        if call.path == "/conversations/search":
            return self._search(call.json())
        if call.path == "/conversations":
            size = int(call.query.get("per_page", 20))
            start = int(call.query.get("starting_after", 0))
            return self._page(0, len(self._times), start, size)
        if call.path == "/me":
            return b'{"type":"admin","id":"1","app":{"id_code":"bench","timezone":"UTC"}}'
        _, entity, key = call.path.split("/")
        if entity != "conversations":
            return b""
        number = int(key) - 10**9
        return _filled(self._whole[number % len(self._whole)], number, self._times[number])

    def _search(self, asked: Record) -> bytes:
        low, high = 0, len(self._times)
        for one in _filters(asked["query"]):
            if one["field"] in {"created_at", "updated_at"}:  # which are the same here
                if one["operator"] == ">":
                    low = max(low, bisect.bisect_left(self._times, int(one["value"])))
                else:
                    high = min(high, bisect.bisect_right(self._times, int(one["value"])))
        paging = asked.get("pagination") or {}
        start = int(paging.get("starting_after") or 0)
        size = int(paging.get("per_page") or 20)
        backwards = (asked.get("sort") or {}).get("order", "descending") == "descending"
        return self._page(low, max(low, high), start, size, backwards=backwards)

    def _page(
        self, low: int, high: int, start: int, size: int, *, backwards: bool = False
    ) -> bytes:
        following = _NEXT % (size, start + size) if start + size < high - low else b""
        if backwards:
            records = self._between(max(high - start - size, low), high - start)[::-1]
        else:
            records = self._between(low + start, min(low + start + size, high))
        return _PAGE % (b",".join(records), high - low, following)

    def _between(self, first: int, end: int) -> list[bytes]:
        if self._kept is not None:
            return self._kept[first:end]
        return [self._record(number) for number in range(first, end)]

    def _record(self, number: int) -> bytes:
        return _filled(self._listed[number % len(self._listed)], number, self._times[number])


def _filters(query: Record) -> list[Record]:
    if query["operator"] in {"AND", "OR"}:
        return [one for inner in query["value"] for one in _filters(inner)]
    return [query]


def _serialized(record: Record) -> bytes:
    """Return a record as bytes, with a mark at its id and its time."""
    record = {**record, "id": "@ID@", "created_at": "@AT@", "updated_at": "@AT@"}
    source: dict[str, Any] = dict(record["source"])
    if source["body"]:
        missing = _BYTES - len(json.dumps(record, separators=(",", ":")))
        source["body"] *= 1 + max(missing, 0) // len(source["body"])
    text = json.dumps({**record, "source": source}, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def _filled(template: bytes, number: int, at: int) -> bytes:
    return template.replace(b"@ID@", b"%d" % (10**9 + number)).replace(b'"@AT@"', b"%d" % at)


if __name__ == "__main__":
    serve(Workspace(**json.loads(sys.argv[1])))
