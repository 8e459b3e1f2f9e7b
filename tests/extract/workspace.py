"""A workspace that answers like Intercom, written apart from the package: it knows the truth.

It goes wrong on purpose (by seed), changes while it is read, and counts what it is asked.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
import random
import re
import zoneinfo
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx

BORN = 1_700_000_000
NOW = 1_789_990_000
ZONE = zoneinfo.ZoneInfo("America/New_York")
FAULTS = (
    "500", "502", "503", "429", "429 retry-after", "reset", "truncated", "html", "timeout",
    "refused", "cursor",
)  # fmt: skip


@dataclasses.dataclass
class Workspace:
    """Conversations, contacts, teams and companies; all of them can be counted and compared."""

    seed: int = 1
    conversations: int = 500
    contacts: int = 300
    faults: float = 0.0
    changes: float = 0.0
    latency: float = 0.01
    clock: Callable[[], float] = lambda: NOW + 60.0
    zone: str = "America/New_York"
    name: str = "w1"
    per_page: int = 25  # asked for more, it gives so many: small workspaces have many pages too

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.asked: Counter[str] = Counter()
        self.read: list[tuple[str, int]] = []  # of each page of a search: by what, and from when
        self.deleted: list[dict[str, Any]] = []
        self.struck: Counter[str] = Counter()
        self.numbers = 0
        self.data: dict[str, dict[str, dict[str, Any]]] = {"conversations": {}, "contacts": {}}
        self.parts: dict[str, list[dict[str, Any]]] = {}
        for entity, count in (
            ("conversations", self.conversations),
            ("contacts", self.contacts),
        ):
            for at in self._times(count):
                self._create(entity, at)
        self.teams = [{"type": "team", "id": str(i), "name": f"Team {i}"} for i in range(4)]

    def _times(self, count: int) -> list[int]:
        """A third on one day, one empty year, the rest anywhere."""
        one_day = int(dt.datetime(2026, 3, 3, tzinfo=ZONE).timestamp())
        times = []
        for number in range(count):
            if number % 3 == 0:
                times.append(one_day + self.rng.randrange(86_400))
            else:
                at = self.rng.randrange(BORN, NOW)
                while dt.datetime.fromtimestamp(at, dt.UTC).year == 2025:
                    at = self.rng.randrange(BORN, NOW)
                times.append(at)
        return times

    def _create(self, entity: str, at: int) -> str:
        self.numbers += 1
        n = self.numbers
        rng = self.rng
        if entity == "contacts":
            key = f"{n * 2654435761 % 16**24:024x}"
            record = {
                "type": "contact",
                "id": key,
                "role": rng.choice(["user", "lead"]),
                "name": f"Contact {n}",
                "tags": {"type": "list", "data": self._tags(), "has_more": False},
            }
        else:
            key = str(10_000 + n)
            self.parts[key] = [self._part(key, i) for i in range(rng.randrange(6))]
            record = {
                "type": "conversation",
                "id": key,
                "title": f"Conversation {n}",
                "state": rng.choice(["open", "closed"]),
                "tags": {"type": "tag.list", "tags": self._tags()},
            }
        attributes: dict[str, Any] = {"plan": rng.choice(["free", "pro"])}
        if n % 97 == 0:
            attributes[f"rare {n}"] = rng.choice([1, 2.5, True, "text"])
        if n % 10 == 0:
            attributes["mixed"] = rng.choice([7, "seven"])
        record |= {"created_at": at, "updated_at": at, "custom_attributes": attributes}
        self.data[entity][key] = record
        return key

    def _tags(self) -> list[dict[str, Any]]:
        return [{"type": "tag", "id": str(i)} for i in range(self.rng.randrange(3))]

    def _part(self, key: str, number: int) -> dict[str, Any]:
        return {
            "type": "conversation_part",
            "id": f"{key}-{number}",
            "part_type": "comment",
            "body": f"<p>{self.rng.random()}</p>",
            "created_at": BORN + number,
            "attachments": [{"type": "upload", "name": "a.png", "url": "https://x.invalid/a"}]
            if number == 1
            else [],
        }

    # What happens while it is read.

    def change(self, what: str | None = None) -> None:
        """Create, update or delete a record, as of now."""
        filled = [entity for entity, records in self.data.items() if records]
        entity = self.rng.choice(filled)
        records, now = self.data[entity], int(self.clock())
        what = what or self.rng.choice(["create", "update", "update", "delete"])
        if what == "create":
            self._create(entity, now)
            return
        key = self.rng.choice(sorted(records))
        if what == "delete":
            self.delete(entity, key)
        else:
            record = {
                **records[key],
                "updated_at": now,
                "state": self.rng.choice(["open", "closed"]),
            }
            record["tags"] = {**record["tags"]}
            inner = "data" if entity == "contacts" else "tags"
            record["tags"][inner] = self._tags()
            records[key] = record
            if entity == "conversations":
                self.parts[key] = [*self.parts[key], self._part(key, len(self.parts[key]))]

    def delete(self, entity: str, key: str) -> None:
        """Delete a record, as of now; of conversations there is a list of those."""
        del self.data[entity][key]
        self.parts.pop(key, None)
        if entity == "conversations":
            one = {"type": "conversation", "id": key, "metrics_retained": True}
            self.deleted.append({**one, "deleted_at": int(self.clock())})

    # The answers.

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict, Any]:
        params = {k: v[-1] for k, v in parse_qs(query).items()}
        asked = json.loads(body) if body else {}
        self.asked[re.sub(r"/\d+$", "/{id}", path)] += 1
        if path == "/me":
            return 200, {}, {"type": "admin", "app": {"id_code": self.name, "timezone": self.zone}}
        if path == "/teams":
            return 200, {}, {"type": "team.list", "teams": self.teams}
        if path == "/conversations/deleted":
            return self._deleted(params)
        entity = path.split("/")[1]
        if path.endswith("/search"):
            return self._search(entity, asked)
        if path.count("/") == 2:
            return self._get(entity, path.split("/")[2])
        records = sorted(self.data[entity].values(), key=lambda r: -r["created_at"])
        return self._page(entity, records, params.get("starting_after"), int(params["per_page"]))

    def _get(self, entity: str, key: str) -> tuple[int, dict, Any]:
        record = self.data[entity].get(key)
        if record is None:
            return 404, {}, _error("not_found")
        parts = self.parts[key]
        listed = {
            "type": "conversation_part.list",
            "conversation_parts": parts[-500:],
            "total_count": len(parts),
        }
        return 200, {}, {**record, "conversation_parts": listed}

    def _deleted(self, params: dict[str, str]) -> tuple[int, dict, Any]:
        found = self.deleted if params.get("order") == "asc" else self.deleted[::-1]
        page, size = int(params.get("page", 1)), min(int(params.get("per_page", 20)), 60)
        last = -(-len(found) // size)
        pages = {"type": "pages", "page": page, "per_page": size, "total_pages": last, "next": None}
        if page < last:
            rest = f"page={page + 1}&per_page={size}&order={params.get('order', 'desc')}"
            pages["next"] = f"http://127.0.0.1:9/conversations/deleted?{rest}"
        shown = found[(page - 1) * size : page * size]
        listed = {"type": "conversations.list", "conversations": shown, "total_count": len(found)}
        return 200, {}, {**listed, "pages": pages}

    def _search(self, entity: str, asked: dict[str, Any]) -> tuple[int, dict, Any]:
        found = [r for r in self.data[entity].values() if self._matches(entity, r, asked["query"])]
        sort = asked.get("sort") or {"field": "created_at", "order": "descending"}
        found.sort(key=lambda r: (r[sort["field"]], r["id"]))
        if sort["order"] == "descending":
            found.reverse()
        paging = asked.get("pagination") or {}
        if paging.get("per_page") != 1:  # not only counted
            first = asked["query"]["value"][0]
            self.read.append((first["field"], first["value"] + 1))
        return self._page(entity, found, paging.get("starting_after"), paging.get("per_page", 20))

    def _matches(self, entity: str, record: dict[str, Any], query: dict[str, Any]) -> bool:
        if query["operator"] == "AND":
            return all(self._matches(entity, record, each) for each in query["value"])
        field, sign, wanted = query["field"], query["operator"], query["value"]
        value = record[field]
        if sign == "$":
            return value.endswith(wanted)
        if sign == "=":
            return value == wanted
        if entity == "contacts":  # by whole days in the workspace's zone
            value, wanted = self._day(value), self._day(wanted)
            return value > wanted if sign == ">" else value < wanted
        return value >= wanted if sign == ">" else value <= wanted  # the edges count

    def _day(self, at: int) -> dt.date:
        return dt.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(self.zone)).date()

    def _page(
        self, entity: str, found: list[dict[str, Any]], cursor: str | None, size: int
    ) -> tuple[int, dict, Any]:
        start = int(cursor.removeprefix("at ")) if cursor else 0  # a place, which deletions move
        size = min(size, self.per_page)
        end = start + size
        pages: dict[str, Any] = {"type": "pages", "per_page": size}
        if end < len(found):
            pages["next"] = {"starting_after": f"at {end}"}
        key = "data" if entity == "contacts" else entity
        page = {"type": "list", key: found[start:end], "total_count": len(found), "pages": pages}
        return 200, {}, page

    def fault(self, body: bytes) -> str | None:
        """Say what goes wrong with this request, if anything does."""
        if self.rng.random() >= self.faults:
            return None
        kind = self.rng.choice(FAULTS)
        if kind == "cursor" and b"starting_after" not in body:
            kind = "500"
        self.struck[kind] += 1
        return kind

    # What must be in a dataset.

    def truth(self, entity: str) -> dict[str, tuple[Any, ...]]:
        """Give what a dataset must hold of each record."""
        return {
            key: (r["created_at"], r["updated_at"], r["custom_attributes"]["plan"], _tag_ids(r))
            for key, r in self.data[entity].items()
        }

    def true_parts(self) -> set[tuple[str, str, str]]:
        return {(c, p["id"], p["body"]) for c, parts in self.parts.items() for p in parts}


class Transport(httpx.AsyncBaseTransport):
    """Answers an httpx client from a workspace, in this process."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.before: Callable[[int], None] = lambda number: None
        self.requests = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        w = self.workspace
        body = await request.aread()
        self.requests += 1
        self.before(self.requests)
        await asyncio.sleep(w.latency * w.rng.uniform(0.5, 1.5))
        if w.rng.random() < w.changes:
            w.change()
        fault = w.fault(body)
        if fault is not None:
            return strike(fault, request, lambda: self._true(request, body))
        return self._true(request, body)

    def _true(self, request: httpx.Request, body: bytes) -> httpx.Response:
        status, headers, answer = self.workspace.answer(
            request.method, request.url.path, request.url.query.decode(), body
        )
        return httpx.Response(status, headers=headers, json=answer, request=request)


def strike(
    fault: str, request: httpx.Request, true: Callable[[], httpx.Response]
) -> httpx.Response:
    """Answer with a fault, or fail as the network would."""
    if fault == "reset":
        raise httpx.RemoteProtocolError("peer closed connection in mid-body", request=request)
    if fault == "timeout":
        raise httpx.ReadTimeout("stalled", request=request)
    if fault == "refused":
        raise httpx.ConnectError("connection refused", request=request)
    if fault == "html":
        return httpx.Response(200, html="<html>gateway</html>", request=request)
    if fault == "cursor":
        return httpx.Response(400, json=_error("parameter_invalid"), request=request)
    if fault == "truncated":
        answer = true()
        if answer.status_code != 200:
            return answer
        half = answer.content[: len(answer.content) // 2]
        kind = {"content-type": "application/json"}
        return httpx.Response(200, headers=kind, content=half, request=request)
    status = int(fault[:3])
    headers = {"retry-after": "1"} if "retry-after" in fault else {}
    return httpx.Response(status, headers=headers, json=_error("x"), request=request)


def _tag_ids(record: dict[str, Any]) -> tuple[str, ...]:
    tags = record["tags"]
    return tuple(t["id"] for t in tags.get("tags", tags.get("data")))


def _error(code: str) -> dict[str, Any]:
    return {"type": "error.list", "request_id": "r", "errors": [{"code": code, "message": "m"}]}
