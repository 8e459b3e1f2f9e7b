"""Conversations: list, search, get, create, update, delete."""

from __future__ import annotations

from intercom_nb.demo.api import serializers
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import merge_attributes, pick_fields, require_fields
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.api.paging import RecordPage, cursor_page, numbered_page
from intercom_nb.demo.api.search import run_search
from intercom_nb.demo.api.search_fields import CONVERSATION_FIELDS
from intercom_nb.demo.data.organization import Record, custom_types
from intercom_nb.demo.store import fresh_number

MAX_PER_PAGE = 150
MAX_DELETED_PER_PAGE = 60


def list_response(call: ApiCall, page: RecordPage, total: int) -> Record:
    """Return a page of conversations, without parts, in the format of list and search."""
    return {
        "type": "conversation.list",
        "pages": page.pages,
        "total_count": total,
        "conversations": [shown(call, record) for record in page.records],
    }


def shown(call: ApiCall, record: Record) -> Record:
    """Return a conversation without parts, as the requested version has it."""
    return _at_version(call, serializers.conversation(call.store, record))


def shown_with_parts(call: ApiCall, record: Record, *, plain: bool = False) -> Record:
    """Return a conversation with its newest parts, as the requested version has it."""
    return _at_version(call, serializers.conversation_with_parts(call.store, record, plain=plain))


def _at_version(call: ApiCall, record: Record) -> Record:
    return serializers.in_2_16(record) if call.is_version("2.16") else record


def list_all(call: ApiCall) -> Record:
    """Handle `GET /conversations`."""
    records = call.store.newest_first("conversations")
    per_page = call.number("per_page", 20, MAX_PER_PAGE)
    page = cursor_page(records, per_page, call.text("starting_after"), "conversations")
    return list_response(call, page, len(records))


def search(call: ApiCall) -> Record:
    """Handle `POST /conversations/search`."""
    page, total = run_search(call, "conversations", CONVERSATION_FIELDS, default_per_page=20)
    return list_response(call, page, total)


def find_conversation(call: ApiCall) -> Record:
    """Return the conversation in the path, or raise not found."""
    record = call.store.conversations.get(call.path["id"])
    if record is None:
        raise not_found()
    return record


def _is_plain_text(call: ApiCall) -> bool:
    wanted = call.text("display_as")
    if wanted not in (None, "plaintext", "html"):
        raise invalid("display_as must be plaintext or html", "display_as")
    return wanted == "plaintext"


def get(call: ApiCall) -> Record:
    """Handle `GET /conversations/{id}`."""
    return shown_with_parts(call, find_conversation(call), plain=_is_plain_text(call))


def update(call: ApiCall) -> Record:
    """Handle `PUT /conversations/{id}`."""
    record, plain = find_conversation(call), _is_plain_text(call)
    known = {"read": "flag", "title": "text?", "custom_attributes": "object", "company_id": "id?"}
    changes = pick_fields(call.json(), known)
    changes.pop("company_id", None)
    if "custom_attributes" in changes:
        changes["custom_attributes"] = merge_attributes(
            record["custom_attributes"], changes["custom_attributes"], custom_types("conversation")
        )
    changed = {**record, **changes, "updated_at": call.store.record_write()}
    call.store.conversations[record["id"]] = changed
    return shown_with_parts(call, changed, plain=plain)


def delete(call: ApiCall) -> Record:
    """Handle `DELETE /conversations/{id}`."""
    record, retained = find_conversation(call), call.is_set("retain_metrics")
    at = call.store.record_write()
    del call.store.conversations[record["id"]]
    call.store.deleted_conversations.append(
        {
            "type": "conversation",
            "id": record["id"],
            "metrics_retained": retained,
            "deleted_at": at,
        }
    )
    return {"id": record["id"], "object": "conversation", "deleted": True}


def list_deleted(call: ApiCall) -> Record:
    """Handle `GET /conversations/deleted`, which there is from version 2.16 on."""
    if not call.is_version("2.16"):
        raise not_found()
    deleted = call.store.deleted_conversations
    if call.text("order") != "asc":
        deleted = deleted[::-1]
    page, per_page = (
        call.number("page", 1, 10**6),
        call.number("per_page", 20, MAX_DELETED_PER_PAGE),
    )
    found, pages = numbered_page(deleted, page, per_page)
    if pages["next"] is not None:
        query = f"page={page + 1}&per_page={per_page}&order={call.text('order') or 'desc'}"
        pages["next"] = f"{call.request.base_url}{call.request.path}?{query}"
    return {
        "type": "conversations.list",  # unlike the type of the other lists
        "pages": pages,
        "total_count": len(deleted),
        "conversations": list(found),
    }


def create(call: ApiCall) -> Record:
    """Handle `POST /conversations`: a message of a contact, which begins a conversation."""
    body = call.json()
    require_fields(body, "from", "body")
    fields = {"from": "object", "body": "text", "subject": "text?", "created_at": "date?"}
    given = pick_fields(body, fields)
    sender = given["from"]
    if sender.get("type") not in ("lead", "user", "contact"):
        raise invalid("from.type must be lead, user or contact", "from")
    contact = call.store.people.contacts.get(str(sender.get("id")))
    if contact is None:
        raise not_found("User Not Found")
    record = _begin(call, contact, given)
    call.store.conversations[record["id"]] = record
    return {
        "type": "user_message",
        "id": record["source"]["id"],
        "created_at": record["created_at"],
        "subject": record["source"]["subject"],
        "body": given["body"],
        "message_type": "inapp",
        "conversation_id": record["id"],
    }


def _begin(call: ApiCall, contact: Record, given: Record) -> Record:
    store = call.store
    now = store.record_write()
    at = given.get("created_at") or now
    reference = store.authors.reference(contact["id"])
    sources = (record["source"]["id"] for record in store.conversations.values())
    return {
        "type": "conversation",
        "id": fresh_number(store.conversations),
        "title": None,
        "created_at": at,
        "updated_at": now,
        "waiting_since": at,
        "snoozed_until": None,
        "source": {
            "type": "conversation",
            "id": fresh_number(sources),
            "delivered_as": "customer_initiated",
            "subject": given.get("subject") or "",
            "body": f"<p>{given['body']}</p>",
            "author": store.authors.author(contact["role"], contact["id"]),
            "attachments": [],
            "url": None,
            "redacted": False,
        },
        "contacts": {"type": "contact.list", "contacts": [reference]},
        "first_contact_reply": {"created_at": at, "type": "conversation", "url": None},
        **_blank(),
    }


def _blank() -> Record:
    """Return the fields of a conversation in which nothing has happened yet."""
    return {
        "admin_assignee_id": None,
        "team_assignee_id": None,
        "open": True,
        "state": "open",
        "read": False,
        "tag_ids": [],
        "priority": "not_priority",
        "sla_applied": None,
        "statistics": None,
        "conversation_rating": None,
        "teammates": None,
        "custom_attributes": {},
        "topics": {},
        "ticket": None,
        "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
        "ai_agent": None,
        "ai_agent_participated": False,
    }
