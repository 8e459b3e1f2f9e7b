"""A workspace that answers with recorded records of the demo, and a set of changes to them.

It uses nothing of the package, so what it answers stays as it was when the fixtures were written.
"""

from __future__ import annotations

import copy
import gzip
import json
from pathlib import Path
from typing import Any

from tests.extract.workspace import Workspace

DATA = Path(__file__).parent / "data" / "0.1"
RECORDED_AT = 1_793_491_260  # 2026-11-01T00:01Z, just after the newest record
CHANGED_AT = RECORDED_AT + 86_400
SEARCHED = ("conversations", "contacts", "tickets")
LISTED = ("companies", "tags")
ENTITIES = (*SEARCHED, *LISTED, "teams")


class RecordedWorkspace(Workspace):
    """Serve the recorded records; ``make_changes`` updates, deletes and creates some."""

    def __init__(self) -> None:
        super().__init__(conversations=0, contacts=0, latency=0.0, name="recorded")
        self.clock = lambda: float(RECORDED_AT)
        recorded = json.loads(gzip.decompress((DATA / "records.json.gz").read_bytes()))
        self.data = {name: {r["id"]: r for r in recorded[name]} for name in SEARCHED}
        self.parts = recorded["parts"]
        self.lists = {name: recorded[name] for name in LISTED}
        self.teams = recorded["teams"]

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, dict, Any]:
        name = path.removeprefix("/")
        if name in LISTED:
            found = self.lists[name]
            pages = {"type": "pages", "page": 1, "per_page": 60, "total_pages": 1}
            page = {"type": "list", "data": found, "total_count": len(found), "pages": pages}
            return 200, {}, page
        return super().answer(method, path, query, body)

    def make_changes(self) -> None:
        """Update, delete and create records of every kind, always the same ones."""
        self.clock = lambda: float(CHANGED_AT)
        for entity, records in self.data.items():
            first, second, third, *_ = sorted(records)
            self.delete(entity, second)
            own = "ticket_attributes" if entity == "tickets" else "custom_attributes"
            changed = {"updated_at": CHANGED_AT, own: {**records[first][own], "seats": 7}}
            records[first] = {**records[first], **changed}
            made = copy.deepcopy(records[third]) | {"created_at": CHANGED_AT}
            made |= {"id": f"9{first[1:]}", "updated_at": CHANGED_AT}
            records[made["id"]] = made
            if entity == "conversations":
                records[first] |= {"state": "snoozed", "tags": {"type": "tag.list", "tags": []}}
                added = {**self.parts[first][-1], "id": "900000001", "body": "<p>Added later</p>"}
                self.parts[first] = [*self.parts[first], added]
                copied = [{**p, "id": f"9{p['id']}"} for p in self.parts[third]]
                self.parts[made["id"]] = copied
        self.teams = [{**self.teams[0], "name": "Renamed"}, *self.teams[2:]]
        self.lists["companies"] = self.lists["companies"][1:]
        self.lists["tags"] = [*self.lists["tags"], {"type": "tag", "id": "99", "name": "New"}]
