"""Internal articles: list, search, get, create, update, delete."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.crud import NEW_ARTICLE
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.api.paging import numbered_page
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.store import fresh_number

MAX_PER_PAGE = 150


_WRITABLE = {
    "title": "text",
    "body": "text?",
    "author_id": "id",
    "owner_id": "id",
    "locale": "text?",
}


def _page(call: ApiCall, default: int) -> tuple[list[Record], Record, int]:
    articles = call.store.organization.articles.values()
    records = sorted(articles, key=lambda record: (-record["updated_at"], record["id"]))
    page = call.number("page", 1, 10_000)
    shown, pages = numbered_page(records, page, call.number("per_page", default, MAX_PER_PAGE))
    return list(shown), pages, len(records)


def list_all(call: ApiCall) -> Record:
    """Handle `GET /internal_articles`, last changed first."""
    records, pages, total = _page(call, 25)
    return {"type": "list", "pages": pages, "total_count": total, "data": records}


def search(call: ApiCall) -> Record:
    """Handle `GET /internal_articles/search`; the demo has one folder, with the id 1."""
    folder = call.text("folder_id")
    records, pages, total = _page(call, 10)
    if folder not in (None, "1"):
        records, total, pages = [], 0, {**pages, "next": None, "total_pages": 0}
    return {
        "type": "list",
        "total_count": total,
        "data": {"internal_articles": records},
        "pages": pages,
    }


def _find(call: ApiCall) -> Record:
    record = call.store.organization.articles.get(call.path["id"])
    if record is None:
        raise not_found()
    return record


def get(call: ApiCall) -> Record:
    """Handle `GET /internal_articles/{id}`."""
    return _find(call)


def create(call: ApiCall) -> Record:
    """Handle `POST /internal_articles`."""
    body = call.json()
    require_fields(body, "title", "author_id", "owner_id")
    changes = _changes(call, body)
    now = call.store.record_write()
    articles = call.store.organization.articles
    record = {
        "type": "internal_article",
        "id": fresh_number(articles),
        "title": "",
        "body": None,
        "created_at": now,
        "updated_at": now,
        "locale": "en",
        **changes,
    }
    articles[record["id"]] = record
    return record


def update(call: ApiCall) -> Record:
    """Handle `PUT /internal_articles/{id}`."""
    record = _find(call)
    changes = _changes(call, call.json())
    changed = {**record, **changes, "updated_at": call.store.record_write()}
    call.store.organization.articles[record["id"]] = changed
    return changed


def delete(call: ApiCall) -> Record:
    """Handle `DELETE /internal_articles/{id}`."""
    record = _find(call)
    call.store.record_write()
    del call.store.organization.articles[record["id"]]
    return {"id": record["id"], "object": "internal_article", "deleted": True}


def _changes(call: ApiCall, body: Record) -> Record:
    new = NEW_ARTICLE if call.is_version("2.16") else {}
    changes = pick_fields(body, {**_WRITABLE, **new})
    for name in ("author_id", "owner_id"):
        if name in changes:
            if str(changes[name]) not in call.store.organization.admins:
                raise invalid(f"{name} is not the id of an admin", name)
            changes[name] = int(changes[name])
    return changes
