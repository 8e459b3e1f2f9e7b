"""Tickets: search, get, create, update, delete, reply, tags, and attributes of their types."""

from __future__ import annotations

from typing import Any

from intercom_nb.demo.api import serializers
from intercom_nb.demo.api.admins import find_author
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.api.search import run_search
from intercom_nb.demo.api.search_fields import TICKET_FIELDS
from intercom_nb.demo.api.tags import find_tag
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.tickets import state
from intercom_nb.demo.dates import NOW
from intercom_nb.demo.store import fresh_number

_TICKET = {
    "ticket_attributes": "object",
    "ticket_state_id": "id",
    "company_id": "id?",
    "open": "flag",
    "is_shared": "flag",
    "snoozed_until": "date?",
    "admin_id": "id",
    "assignee_id": "id",
    "skip_notifications": "flag",
}


def search(call: ApiCall) -> Record:
    """Handle `POST /tickets/search`."""
    page, total = run_search(call, "tickets", TICKET_FIELDS, default_per_page=20)
    shown = {"tickets": list(page.records), "total_count": total, "pages": page.pages}
    return {"type": "ticket.list", **shown}


def get(call: ApiCall) -> Record:
    """Handle `GET /tickets/{id}`."""
    record = call.store.tickets.get(call.path["id"])
    if record is None:
        raise not_found("Ticket not found", "ticket_not_found")
    return record


def create(call: ApiCall, body: Record | None = None, attributes: Any = None) -> Record:
    """Handle `POST /tickets`: a ticket of the type, for the first contact that is named."""
    body = call.json() if body is None else body
    require_fields(body, "ticket_type_id", "contacts")
    kind = call.store.tables["ticket_types"].get(str(body["ticket_type_id"]))
    contact = call.store.people.contacts.get(str(body["contacts"][0].get("id")))
    if kind is None or contact is None:
        raise not_found()
    given = pick_fields(body, {"ticket_attributes": "object"})
    now = call.store.record_write()
    tickets = call.store.tickets
    key = fresh_number(tickets)
    shown = {"type": "contact", "id": contact["id"], "external_id": contact["external_id"]}
    hidden = ("ticket_states",)
    record = {
        **next(iter(tickets.values())),
        "id": key,
        "ticket_id": str(len(tickets) + 1),
        "category": kind["category"],
        "ticket_type": {name: value for name, value in kind.items() if name not in hidden},
        "ticket_attributes": attributes or given.get("ticket_attributes", {}),
        "ticket_state": state(0),
        "contacts": {"type": "contact.list", "contacts": [shown]},
        "created_at": now,
        "updated_at": now,
        "open": True,
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": [], "total_count": 0},
    }
    call.store.tickets = {key: record, **tickets}
    return record


def enqueue(call: ApiCall) -> Record:
    """Handle `POST /tickets/enqueue`: the job, which is done at once."""
    ticket = create(call)
    jobs = call.store.tables["jobs"]
    base = call.request.base_url
    job = {
        "type": "job",
        "id": f"job-{len(jobs) + 1}",
        "url": f"{base}/jobs/status/job-{len(jobs) + 1}",
        "status": "success",
        "resource_type": "ticket",
        "resource_id": ticket["id"],
        "resource_url": f"{base}/tickets/{ticket['id']}",
    }
    jobs[job["id"]] = job
    return {**job, "status": "pending", "resource_id": None, "resource_url": None}


def update(call: ApiCall) -> Record:
    """Handle `PUT /tickets/{id}`."""
    given, record = pick_fields(call.json(), _TICKET), get(call)
    changes: Record = {name: given[name] for name in ("open", "is_shared") if name in given}
    if "ticket_attributes" in given:
        changes["ticket_attributes"] = {**record["ticket_attributes"], **given["ticket_attributes"]}
    if "ticket_state_id" in given:
        changes["ticket_state"] = find_state(call, given["ticket_state_id"])
    if "assignee_id" in given:
        changes["admin_assignee_id"] = str(given["assignee_id"])
    changed: Record = {**record, **changes, "updated_at": call.store.record_write()}
    call.store.tickets[record["id"]] = changed
    return changed


def find_state(call: ApiCall, key: object) -> Record:
    """Return a ticket state as tickets show it, or raise not found."""
    known = call.store.tables["ticket_states"].get(str(key))
    if known is None:
        raise not_found()
    return {name: v for name, v in known.items() if name not in ("archived", "ticket_types")}


def delete(call: ApiCall) -> Record:
    """Handle `DELETE /tickets/{id}`."""
    record = get(call)
    call.store.record_write()
    del call.store.tickets[record["id"]]
    return {"id": record["id"], "object": "ticket", "deleted": True}


def reply(call: ApiCall) -> Record:
    """Handle `POST /tickets/{id}/reply`: the new part."""
    body = call.json()
    require_fields(body, "message_type", "type")
    ticket = get(call)
    now = call.store.record_write()
    return {
        "type": "ticket_part",
        "id": str(80_000 + call.store.version),
        "part_type": "note" if body["message_type"] == "note" else "comment",
        "body": body.get("body"),
        "created_at": now,
        "updated_at": now,
        "author": find_author(call, body, ticket["contacts"]["contacts"][0]["id"]),
        "attachments": [],
        "redacted": False,
        "app_package_code": None,
    }


def attach_tag(call: ApiCall) -> Record:
    """Handle `POST /tickets/{id}/tags`."""
    body = call.json()
    require_fields(body, "id", "admin_id")
    tag = find_tag(call, body["id"])
    get(call)
    call.store.record_write()
    return serializers.applied_tag(tag, NOW + call.store.version)


def detach_tag(call: ApiCall) -> Record:
    """Handle `DELETE /tickets/{id}/tags/{tag}`."""
    require_fields(call.json(), "admin_id")
    get(call)
    call.store.record_write()
    return serializers.applied_tag(find_tag(call, call.path["tag"]), NOW + call.store.version)


def create_type_attribute(call: ApiCall) -> Record:
    """Handle `POST /ticket_types/{id}/attributes`."""
    body = call.json()
    require_fields(body, "name", "data_type")
    return _type_attribute(call, body, f"{8_900 + call.store.version}")


def update_type_attribute(call: ApiCall) -> Record:
    """Handle `PUT /ticket_types/{id}/attributes/{attribute}`."""
    return _type_attribute(call, call.json(), call.path["attribute"])


def _type_attribute(call: ApiCall, body: Record, key: str) -> Record:
    texts = dict.fromkeys(("name", "description", "data_type"), "text")
    flags = ("required_to_create", "required_to_create_for_contacts", "visible_on_create")
    given = pick_fields(body, {**texts, **dict.fromkeys((*flags, "visible_to_contacts"), "flag")})
    kind = call.store.tables["ticket_types"].get(call.path["id"])
    if kind is None:
        raise not_found()
    call.store.record_write()
    pattern = kind["ticket_type_attributes"]["ticket_type_attributes"][0]
    return {**pattern, **given, "id": key, "default": False}
