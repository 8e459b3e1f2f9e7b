"""Generic handlers (list, get, create, update, delete) for simple records."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from intercom_nb.demo.api.api_call import ApiCall, FileResponse, empty_response
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.api.paging import numbered_page
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.store import fresh_number

Handler = Callable[[ApiCall], Record]


@dataclasses.dataclass(frozen=True)
class Resource:
    """Handlers for one table of records.

    `fields` maps the writable fields to their types (see `checks.pick_fields`), `new_fields` those
    that version 2.16 adds, `required` names the fields of a new record. `deleted` is the type in
    the response to a deletion.
    """

    name: str
    list_type: str = "list"
    per_page: int = 20
    most: int = 150
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    required: tuple[str, ...] = ()
    new_fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    deleted: str | None = None
    number: bool = False

    def records(self, call: ApiCall) -> dict[str, Record]:
        """Return the records by id."""
        return call.store.calls if self.name == "calls" else call.store.tables[self.name]

    def find(self, call: ApiCall) -> Record:
        """Return the record in the path, or raise not found."""
        record = self.records(call).get(call.path["id"])
        if record is None:
            raise not_found()
        return record

    def get(self, call: ApiCall) -> Record:
        """Return one record."""
        return self.find(call)

    def list_all(self, call: ApiCall) -> Record:
        """Return all records in one response."""
        return {"type": self.list_type, "data": call.on_first_page(self.records(call).values())}

    def list_pages(self, call: ApiCall) -> Record:
        """Return a numbered page."""
        return page_response(call, list(self.records(call).values()), self)

    def list_pages_with_urls(self, call: ApiCall) -> Record:
        """Return a numbered page that links to the next one."""
        response = self.list_pages(call)
        following = response["pages"]["next"]
        if following is not None:
            query = f"page={following['page']}&per_page={following['per_page']}"
            url = f"{call.request.base_url}{call.request.path}?{query}"
            response["pages"] = {**response["pages"], "next": url}
        return response

    def create(self, call: ApiCall) -> Record:
        """Create a record: a copy of the table's first one, changed by the body."""
        body, records = call.json(), self.records(call)
        require_fields(body, *self.required)
        given = self._given(call, body)
        now = call.store.record_write()
        key = fresh_number(k for k in records if k.isdigit())
        pattern = next(iter(records.values()), {})
        record = {**pattern, **given, "id": int(key) if self.number else key}
        record |= {name: now for name in ("created_at", "updated_at") if name in pattern}
        records[key] = record
        return record

    def _given(self, call: ApiCall, body: Record) -> Record:
        new = self.new_fields if call.is_version("2.16") else {}
        return pick_fields(body, {**self.fields, **new})

    def update(self, call: ApiCall) -> Record:
        """Update a record."""
        given, record = self._given(call, call.json()), self.find(call)
        now = call.store.record_write()
        changed = {**record, **given, **({"updated_at": now} if "updated_at" in record else {})}
        self.records(call)[call.path["id"]] = changed
        return changed

    def delete(self, call: ApiCall) -> Record | FileResponse:
        """Delete a record; return its id, or an empty response if `deleted` is not set."""
        record = self.find(call)
        call.store.record_write()
        del self.records(call)[call.path["id"]]
        if self.deleted is None:
            return empty_response(204)
        return {"id": record["id"], "object": self.deleted, "deleted": True}

    def delete_returning_record(self, call: ApiCall) -> Record:
        """Delete a record and return it."""
        record = self.find(call)
        call.store.record_write()
        del self.records(call)[call.path["id"]]
        return record


def page_response(call: ApiCall, records: list[Record], shelf: Resource) -> Record:
    """Return a numbered page in the API's format."""
    page = call.number("page", 1, 10_000)
    per_page = call.number("per_page", shelf.per_page, shelf.most)
    shown, pages = numbered_page(records, page, per_page)
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
    "parent_id": "id_number?",
    "parent_type": "text?",
    "translated_content": "object?",
}
NEW_ARTICLE = {
    "body_markdown": "text?",
    "audience_ids": "list?",
    "ai_chatbot_availability": "flag",
    "ai_copilot_availability": "flag",
    "ai_sales_agent_availability": "flag",
}
"""Fields of articles and internal articles since version 2.16."""
_SCHEDULE = dict.fromkeys(("scheduled_publish_at", "scheduled_unpublish_at"), "text?")
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
    "ai_sales_agent_availability": "flag",
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

ARTICLES = Resource(
    "articles",
    per_page=25,
    fields=_ARTICLE,
    new_fields={**NEW_ARTICLE, **_SCHEDULE},
    required=("title",),
    deleted="article",
)
COLLECTIONS = Resource("collections", fields=_COLLECTION, required=("name",), deleted="collection")
HELP_CENTERS = Resource("help_centers")
BRANDS = Resource("brands")
EMAILS = Resource("emails")
AWAY_REASONS = Resource("away_status_reasons")
SUBSCRIPTIONS = Resource("subscription_types")
NEWSFEEDS = Resource("newsfeeds", per_page=10)
NEWS = Resource("news_items", per_page=10, fields=_NEWS, required=("title",), deleted="news-item")
SOURCES = Resource("content_import_sources", per_page=50, fields=_SOURCE, number=True)
PAGES = Resource("external_pages", per_page=50, fields=_PAGE, required=("title", "html"))
TICKET_TYPES = Resource("ticket_types", fields=_TYPE, required=("name",))
TICKET_STATES = Resource("ticket_states")
CALLS = Resource("calls", per_page=25, most=25)
JOBS = Resource("jobs")
