"""Handlers for records without rules of their own: list, get, create, update, delete."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from intercom_nb.demo.api.call import Call, File, nothing
from intercom_nb.demo.api.checks import need, take
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.api.paging import by_number
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.store import fresh_number

Handler = Callable[[Call], Record]


@dataclasses.dataclass(frozen=True)
class Shelf:
    """One kind of records: where they are kept, and what may be written.

    `fields` names what a body may have and its types (see `checks.take`), `required` what a new
    record must have; `deleted` is the type in the answer to a deletion.
    """

    name: str
    list_type: str = "list"
    per_page: int = 20
    most: int = 150
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    required: tuple[str, ...] = ()
    deleted: str | None = None
    number: bool = False

    def records(self, call: Call) -> dict[str, Record]:
        """Return the records by id."""
        return call.store.calls if self.name == "calls" else call.store.shelves[self.name]

    def find(self, call: Call) -> Record:
        """Return the record that the path names."""
        record = self.records(call).get(call.path["id"])
        if record is None:
            raise not_found()
        return record

    def get(self, call: Call) -> Record:
        """Answer one record."""
        return self.find(call)

    def list_all(self, call: Call) -> Record:
        """Answer all records at once."""
        return {"type": self.list_type, "data": list(self.records(call).values())}

    def list_pages(self, call: Call) -> Record:
        """Answer a page by its number."""
        return paged(call, list(self.records(call).values()), self)

    def list_urls(self, call: Call) -> Record:
        """Answer a page that names the URL of the next one."""
        answer = self.list_pages(call)
        following = answer["pages"]["next"]
        if following is not None:
            query = f"page={following['page']}&per_page={following['per_page']}"
            url = f"{call.request.base_url}{call.request.path}?{query}"
            answer["pages"] = {**answer["pages"], "next": url}
        return answer

    def create(self, call: Call) -> Record:
        """Answer a new record: like the first of its kind, with what the body has."""
        body, records = call.json(), self.records(call)
        need(body, *self.required)
        given = take(body, self.fields)
        now = call.store.tick()
        key = fresh_number(k for k in records if k.isdigit())
        pattern = next(iter(records.values()), {})
        record = {**pattern, **given, "id": int(key) if self.number else key}
        record |= {name: now for name in ("created_at", "updated_at") if name in pattern}
        records[key] = record
        return record

    def update(self, call: Call) -> Record:
        """Answer the record with what the body changes."""
        given, record = take(call.json(), self.fields), self.find(call)
        now = call.store.tick()
        changed = {**record, **given, **({"updated_at": now} if "updated_at" in record else {})}
        self.records(call)[call.path["id"]] = changed
        return changed

    def delete(self, call: Call) -> Record | File:
        """Answer what was deleted, or nothing where the API answers nothing."""
        record = self.find(call)
        call.store.tick()
        del self.records(call)[call.path["id"]]
        if self.deleted is None:
            return nothing(204)
        return {"id": record["id"], "object": self.deleted, "deleted": True}

    def delete_whole(self, call: Call) -> Record:
        """Delete a record and answer it as it was."""
        record = self.find(call)
        call.store.tick()
        del self.records(call)[call.path["id"]]
        return record


def paged(call: Call, records: list[Record], shelf: Shelf) -> Record:
    """Return a numbered page as the API answers it."""
    page = call.number("page", 1, 10_000)
    per_page = call.number("per_page", shelf.per_page, shelf.most)
    shown, pages = by_number(records, page, per_page)
    return {
        "type": shelf.list_type,
        "data": list(shown),
        "total_count": len(records),
        "pages": pages,
    }


_ARTICLE = {
    "title": "text",
    "description": "text?",
    "body": "text?",
    "author_id": "integer",
    "state": "text",
    "parent_id": "id?",
    "parent_type": "text?",
    "translated_content": "object?",
}
_COLLECTION = {"name": "text", "description": "text?", "parent_id": "text?"}
_NEWS = {
    "title": "text",
    "body": "text",
    "sender_id": "integer",
    "state": "text",
    "labels": "list",
    "reactions": "list",
    "deliver_silently": "flag",
    "newsfeed_assignments": "list",
}
_SOURCE = {"sync_behavior": "text", "status": "text", "url": "text", "audience_ids": "list?"}
_PAGE = {
    "title": "text",
    "html": "text",
    "url": "text",
    "ai_agent_availability": "flag",
    "ai_copilot_availability": "flag",
    "fin_availability": "flag",
    "locale": "text",
    "source_id": "integer",
    "external_id": "text",
}
_TYPE = {
    "name": "text",
    "description": "text",
    "category": "text",
    "icon": "text",
    "archived": "flag",
}

ARTICLES = Shelf("articles", per_page=25, fields=_ARTICLE, required=("title",), deleted="article")
COLLECTIONS = Shelf("collections", fields=_COLLECTION, required=("name",), deleted="collection")
HELP_CENTERS = Shelf("help_centers")
BRANDS = Shelf("brands")
EMAILS = Shelf("emails")
AWAY_REASONS = Shelf("away_status_reasons")
SUBSCRIPTIONS = Shelf("subscription_types")
NEWSFEEDS = Shelf("newsfeeds", per_page=10)
NEWS = Shelf("news_items", per_page=10, fields=_NEWS, required=("title",), deleted="news-item")
SOURCES = Shelf("content_import_sources", per_page=50, fields=_SOURCE, number=True)
PAGES = Shelf("external_pages", per_page=50, fields=_PAGE, required=("title", "html"))
TICKET_TYPES = Shelf("ticket_types", fields=_TYPE, required=("name",))
TICKET_STATES = Shelf("ticket_states")
CALLS = Shelf("calls", per_page=25, most=25)
JOBS = Shelf("jobs")
