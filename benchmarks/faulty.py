"""Workspace server with faults and concurrent changes that knows the expected records.

Served by ``python -m benchmarks.faulty``. What it answers is a small scale model of Intercom: the
searches match contacts by day and the others by second, companies beyond a number are had by the
scroll alone, which expires, and each request may be struck by one of the faults.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
import json
import math
import random
import sys
import time
import zoneinfo
from collections import Counter
from typing import Any

from .loopback import Answer, CallPlan, serve
from .odd_values import spoil
from .records import Record, Templates

ENTITIES = ("contacts", "conversations", "tickets", "companies")
MOST_COMPANIES = 50
SCROLL_EXPIRES = 2.0
_KEYS = {"contacts": "data", "companies": "data"}
_DAY = 86_400
_FAULTS = (
    *("500", "502", "503", "503 retry-after", "429", "429 retry-after", "reset in mid-body"),
    *("truncated", "html", "empty", "stall"),
)
_SCROLL_PAGE = 60
_UNLISTED = 0.2  # of the deletions
_TEMPLATES = 120


@dataclasses.dataclass
class _Scroll:
    param: str = ""
    ids: list[str] = dataclasses.field(default_factory=list)
    used_at: float = -math.inf


class Workspace:
    """The records of one round, made from a seed."""

    zone = zoneinfo.ZoneInfo("America/New_York")

    def __init__(self, templates: dict[str, list[Record]], seed: int, **counts: int) -> None:
        self.rng = random.Random(seed)
        self.name = f"w{seed}"
        self._templates = templates
        self._numbers = 0
        self.scroll = _Scroll()
        self.data: dict[str, dict[str, Record]] = {entity: {} for entity in ENTITIES}
        self.deleted: list[Record] = []
        self.merged: set[str] = set()
        self.now = int(time.time())
        one_day = self.now - 90 * _DAY
        for entity in ENTITIES:
            for number in range(counts[entity]):
                spread = one_day + self.rng.randrange(_DAY)  # a third of everything on one day
                anywhere = self.now - self.rng.randrange(3_600, 700 * _DAY)
                self._create(entity, spread if number % 3 == 0 else anywhere)

    def _create(self, entity: str, at: int) -> None:
        self._numbers += 1
        record = copy.deepcopy(self.rng.choice(self._templates[entity]))
        number = self._numbers
        hexadecimal = entity in {"contacts", "companies"}
        record["id"] = (
            f"{number * 2654435761 % 16**24:024x}" if hexadecimal else str(10**6 + number)
        )
        record |= {"created_at": at, "updated_at": at}
        attributes = record.setdefault(
            "ticket_attributes" if entity == "tickets" else "custom_attributes", {}
        )
        if number % 50 == 0:
            attributes[f"rare {number}"] = self.rng.choice([1, 2.5, True, "text"])
        if number % 10 == 0:
            attributes["mixed"] = self.rng.choice([7, "seven"])
        for place, part in enumerate(_parts(record)):
            part["id"] = f"{number}-{place}"
        spoil(entity, record, self.rng)
        self.data[entity][record["id"]] = record

    def change(self) -> str:
        """Create, update, delete or merge a record, or delete a part of one, as of now."""
        entity = self.rng.choice([e for e in ENTITIES if self.data[e]])
        records, now = self.data[entity], int(time.time())
        own = {"contacts": ["merged"], "conversations": ["without a part"]}.get(entity, [])
        what = self.rng.choice(["created", "updated", "updated", "deleted", *own])
        if what == "created":
            self._create(entity, now)
            return what
        key = self.rng.choice(sorted(records))
        if what == "deleted":
            del records[key]
            if entity == "conversations" and self.rng.random() > _UNLISTED:
                self.deleted.insert(0, {"type": "conversation", "id": key, "deleted_at": now})
            return what
        record = copy.deepcopy(records[key])
        record["updated_at"] = now
        if what == "merged":
            self._merge(key, now)
            return what
        if what == "without a part":
            if parts := _parts(record):
                parts.pop(self.rng.randrange(len(parts)))
            _set_parts(record, parts)
            records[key] = record
            return what
        new = self.rng.choice(self._templates[entity])
        for name in ("tags", "state", "statistics", "custom_attributes", "name", "ticket_state"):
            if name in new:
                record[name] = copy.deepcopy(new[name])
        if parts := _parts(record):
            parts.append({**parts[0], "id": f"{parts[-1]['id']}+", "body": f"<p>{now}</p>"})
            _set_parts(record, parts)
        spoil(entity, record, self.rng)
        records[key] = record
        return what

    def _merge(self, key: str, now: int) -> None:
        """Merge a contact into another, which takes over its attributes."""
        contacts = self.data["contacts"]
        others = sorted(contacts.keys() - {key})
        if not others:
            return
        gone, into = contacts.pop(key), self.rng.choice(others)
        self.merged.add(key)
        attributes = gone["custom_attributes"] | contacts[into]["custom_attributes"]
        contacts[into] = {
            **contacts[into], "updated_at": now, "custom_attributes": attributes,
        }  # fmt: skip

    # The answers.

    def answer(self, call: CallPlan) -> tuple[int, Any]:
        """Answer a request as the API would: a status and what the body says."""
        entity, _, rest = call.path.strip("/").partition("/")
        if call.path == "/me":
            app = {"id_code": self.name, "timezone": self.zone.key}
            return 200, {"type": "admin", "app": app}
        if rest == "search":
            return self._search(entity, call.json())
        if call.path == "/companies/scroll":
            return self._scroll(call.query.get("scroll_param"))
        if entity == "companies" and not rest:
            return self._numbered(call.query)
        if call.path == "/conversations/deleted":
            return self._deleted(call.query)
        if rest and rest in self.data[entity]:
            return 200, self.data[entity][rest]
        return (410, error("gone")) if rest in self.merged else (404, error("not_found"))

    def _search(self, entity: str, asked: Record) -> tuple[int, Any]:
        found = [r for r in self.data[entity].values() if self._matches(entity, r, asked["query"])]
        sort = asked.get("sort") or {"field": "created_at", "order": "descending"}
        found.sort(key=lambda r: (r[sort["field"]], r["id"]))
        if sort["order"] == "descending":
            found.reverse()
        paging = asked.get("pagination") or {}
        start = int((paging.get("starting_after") or "at 0").removeprefix("at "))
        size = min(paging.get("per_page", 20), 25)  # so that few records have many pages
        pages: Record = {"type": "pages", "per_page": size}
        if start + size < len(found):
            pages["next"] = {"starting_after": f"at {start + size}"}  # which deletions move
        records = found[start : start + size]
        if entity == "conversations":
            records = [{k: v for k, v in r.items() if k != "conversation_parts"} for r in records]
        key = _KEYS.get(entity, entity)
        return 200, {"type": "list", key: records, "total_count": len(found), "pages": pages}

    def _matches(self, entity: str, record: Record, query: Record) -> bool:
        if query["operator"] in {"AND", "OR"}:
            joined = all if query["operator"] == "AND" else any
            return joined(self._matches(entity, record, each) for each in query["value"])
        value, wanted = record[query["field"]], query["value"]
        if query["operator"] == "$":
            return bool(value.endswith(wanted))
        if entity == "contacts":  # by whole days in the workspace's zone
            value, wanted = self._day(value), self._day(wanted)
            return bool(value > wanted if query["operator"] == ">" else value < wanted)
        return bool(value >= wanted if query["operator"] == ">" else value <= wanted)

    def _day(self, at: int) -> dt.date:
        return dt.datetime.fromtimestamp(at, self.zone).date()

    def _numbered(self, query: dict[str, str]) -> tuple[int, Any]:
        page, size = int(query.get("page", 1)), min(int(query.get("per_page", 15)), 25)
        records = list(self.data["companies"].values())
        listed = records[:MOST_COMPANIES]
        pages = {"type": "pages", "page": page, "total_pages": -(-len(listed) // size)}
        found = listed[(page - 1) * size : page * size]
        return 200, {"type": "list", "data": found, "pages": pages, "total_count": len(records)}

    def _deleted(self, query: dict[str, str]) -> tuple[int, Any]:
        """Return a page of deletions, newest first; the list is incomplete on purpose."""
        page, size = int(query.get("page", 1)), 3
        found = self.deleted[(page - 1) * size : page * size]
        pages: Record = {"type": "pages", "page": page}
        if page * size < len(self.deleted):
            pages["next"] = {"page": page + 1}
        return 200, {"type": "conversations.list", "conversations": found, "pages": pages}

    def _scroll(self, param: str | None) -> tuple[int, Any]:
        scroll, now = self.scroll, time.monotonic()
        is_open = bool(scroll.param) and now - scroll.used_at < SCROLL_EXPIRES
        if param is None and is_open:
            return 400, error("scroll_exists")
        if param is not None and not (is_open and param == scroll.param):
            return 404, error("not_found")
        if param is None:
            scroll = self.scroll = _Scroll(f"s{self.rng.random()}", list(self.data["companies"]))
        scroll.used_at = now
        ids, scroll.ids = scroll.ids[:_SCROLL_PAGE], scroll.ids[_SCROLL_PAGE:]
        records = [self.data["companies"][key] for key in ids if key in self.data["companies"]]
        if not records:
            scroll.param = ""
        return 200, {"type": "list", "data": records, "scroll_param": scroll.param}


class Service:
    """Answers requests of a workspace, some of them wrong; takes orders at ``/_control``."""

    def __init__(self, faults: float, stalls_after: int | None = None) -> None:
        demo = Templates()
        conversations = demo.search("conversations", _TEMPLATES)
        self._templates = {
            "contacts": demo.search("contacts", _TEMPLATES),
            "conversations": [demo.conversation(c["id"]) for c in conversations],
            "tickets": demo.search("tickets", _TEMPLATES),
            "companies": demo.companies(),
        }
        self._faults, self._changes = faults, 0.0
        self._struck: Counter[str] = Counter()
        self._changed: Counter[str] = Counter()
        self._requests = 0
        self._stalls_after = stalls_after

    def __call__(self, call: CallPlan) -> Answer:
        """Answer a request."""
        if call.path == "/_control":
            return self._control(call.json())
        self._requests += 1
        if self._workspace.rng.random() < self._changes:
            self._changed[self._workspace.change()] += 1
        fault = self._fault(call)
        if self._stalls_after is not None and self._requests > self._stalls_after:
            fault = "stall"
            self._struck[fault] += 1
        status, said = self._workspace.answer(call)
        true = Answer(json.dumps(said).encode(), status)
        return true if fault is None else strike(fault, true)

    def _control(self, order: Record) -> Answer:
        if "new" in order:
            self._workspace = Workspace(self._templates, **order["new"])
        self._changes = order.get("changes", self._changes)
        for _ in range(order.get("change", 0)):
            self._changed[self._workspace.change()] += 1
        self._stalls_after = order.get("stalls_after", self._stalls_after)
        told: Record = {
            "faults": self._struck, "changes": self._changed, "requests": self._requests,
        }  # fmt: skip
        if order.get("truth"):
            told["truth"] = {e: list(r.values()) for e, r in self._workspace.data.items()}
        return Answer(json.dumps(told).encode())

    def _fault(self, call: CallPlan) -> str | None:
        rng = self._workspace.rng
        if rng.random() >= self._faults:
            return None
        kind = rng.choice(_FAULTS)
        # Half of the faults of a later page: what was read before has to be read again.
        if b"starting_after" in call.body and rng.random() < 0.5:
            kind = "cursor expired"
        if "scroll_param" in call.query and rng.random() < 0.5:
            kind = "scroll died"
        if kind == "scroll died":
            self._workspace.scroll = _Scroll()
        self._struck[kind] += 1
        return kind


def strike(fault: str, true: Answer) -> Answer:
    """Return the faulty response."""
    if fault == "stall":
        return dataclasses.replace(true, delay=math.inf)
    if fault == "reset in mid-body":
        return dataclasses.replace(true, cut=len(true.body) // 2)
    if fault == "truncated":
        return dataclasses.replace(true, body=true.body[: len(true.body) // 2], status=200)
    if fault == "html":
        return Answer(b"<html>gateway</html>", kind="text/html")
    if fault == "empty":
        return Answer(b"")
    if fault == "cursor expired":
        return Answer(json.dumps(error("parameter_invalid")).encode(), 400)
    if fault == "scroll died":
        return Answer(json.dumps(error("server_error")).encode(), 500)
    headers = {"Retry-After": "1"} if "retry-after" in fault else {}
    return Answer(json.dumps(error("x")).encode(), int(fault[:3]), headers)


def error(code: str) -> Record:
    """Return the body of an error response."""
    listed = [{"code": code, "message": "as ordered"}]
    return {"type": "error.list", "request_id": "r", "errors": listed}


def _parts(record: Record) -> list[Record]:
    """Return the parts of a record, without the odd entries."""
    for name in ("conversation_parts", "ticket_parts"):
        if record.get(name):
            return [part for part in record[name][name] if part]
    return []


def _set_parts(record: Record, parts: list[Record]) -> None:
    for name in ("conversation_parts", "ticket_parts"):
        if record.get(name):
            record[name] |= {name: parts, "total_count": len(parts)}


if __name__ == "__main__":
    serve(Service(**json.loads(sys.argv[1])))
