"""Actions on conversations: tags, contacts, reply, manage, redact, convert."""

from __future__ import annotations

from typing import Any

from intercom_nb.demo.api import serializers, tickets
from intercom_nb.demo.api.admins import find_author
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.conversations import find_conversation, shown_with_parts
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.api.tags import find_tag
from intercom_nb.demo.data.organization import Record, admin_id
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.dates import NOW

_MANAGED = {
    "close": {"state": "closed", "open": False},
    "open": {"state": "open", "open": True, "snoozed_until": None},
    "snoozed": {"state": "snoozed", "open": True},
    "assignment": {},
}


def attach_tag(call: ApiCall) -> Record:
    """Handle `POST /conversations/{id}/tags`."""
    body = call.json()
    require_fields(body, "id", "admin_id")
    tag, record = find_tag(call, body["id"]), find_conversation(call)
    _change(call, record, tag_ids=[*_other_tags(record, tag), tag["id"]])
    return serializers.applied_tag(tag, NOW + call.store.version)


def detach_tag(call: ApiCall) -> Record:
    """Handle `DELETE /conversations/{id}/tags/{tag}`; the body names the teammate."""
    require_fields(call.json(), "admin_id")
    tag, record = find_tag(call, call.path["tag"]), find_conversation(call)
    _change(call, record, tag_ids=_other_tags(record, tag))
    return serializers.applied_tag(tag, NOW + call.store.version)


def _other_tags(record: Record, tag: Record) -> list[str]:
    return [key for key in record["tag_ids"] if key != tag["id"]]


def attach_contact(call: ApiCall) -> Record:
    """Handle `POST /conversations/{id}/customers`."""
    customer = call.json().get("customer") or {}
    record = find_conversation(call)
    contact = call.store.people.contacts.get(str(customer.get("intercom_user_id")))
    if contact is None:
        raise not_found("User Not Found")
    reference = call.store.authors.reference(contact["id"])
    others = [c for c in record["contacts"]["contacts"] if c["id"] != contact["id"]]
    changed = {"type": "contact.list", "contacts": [*others, reference]}
    return _with_customers(call, _change(call, record, contacts=changed))


def detach_contact(call: ApiCall) -> Record:
    """Handle `DELETE /conversations/{id}/customers/{contact}`."""
    require_fields(call.json(), "admin_id")
    record = find_conversation(call)
    others = [c for c in record["contacts"]["contacts"] if c["id"] != call.path["contact"]]
    changed = {"type": "contact.list", "contacts": others}
    return _with_customers(call, _change(call, record, contacts=changed))


def _with_customers(call: ApiCall, record: Record) -> Record:
    # These two responses list the contacts a second time, under their former name.
    known = call.store.people.contacts
    customers = [
        {"type": known.get(c["id"], {}).get("role", "user"), "id": c["id"]}
        for c in record["contacts"]["contacts"]
    ]
    return {**_shown(call, record), "customers": customers}


def reply(call: ApiCall) -> Record:
    """Handle `POST /conversations/{id}/reply`."""
    body = call.json()
    require_fields(body, "message_type", "type")
    record = find_conversation(call)
    kind = "note" if body["message_type"] == "note" else "comment"
    _add_part(call, record, kind, find_author(call, body), body.get("body"))
    return _shown(call, _change(call, record, read=body["type"] == "user"))


def manage(call: ApiCall) -> Record:
    """Handle `POST /conversations/{id}/parts`: close, snooze, open, assign."""
    body = call.json()
    require_fields(body, "message_type", "admin_id")
    if body["message_type"] not in _MANAGED:
        raise invalid("message_type must be close, snoozed, open or assignment", "message_type")
    changes: Record = dict(_MANAGED[body["message_type"]])
    if body["message_type"] == "snoozed":
        changes["snoozed_until"] = pick_fields(body, {"snoozed_until": "date"}).get("snoozed_until")
    if body["message_type"] == "assignment":
        require_fields(body, "type", "assignee_id")
        changes[f"{body['type']}_assignee_id"] = int(body["assignee_id"]) or None
    record = find_conversation(call)
    _add_part(call, record, body["message_type"], find_author(call, body), body.get("body"))
    return _shown(call, _change(call, record, **changes))


def redact(call: ApiCall) -> Record:
    """Handle `POST /conversations/redact`."""
    body = call.json()
    require_fields(body, "type", "conversation_id")
    record = call.store.conversations.get(str(body["conversation_id"]))
    if record is None:
        raise not_found()
    if body["type"] == "source":
        source = {**record["source"], "body": None, "redacted": True}
        record = _change(call, record, source=source)
    return _shown(call, record)


def convert(call: ApiCall) -> Record:
    """Handle `POST /conversations/{id}/convert`: a ticket for the conversation's contact."""
    body = call.json()
    record = find_conversation(call)
    contact = record["contacts"]["contacts"][0]["id"]
    attributes = body.get("attributes") or {}
    wanted = body.get("ticket_state_id") if call.is_version("2.16") else None
    state = None if wanted is None else tickets.find_state(call, wanted)
    ticket = tickets.create(call, {**body, "contacts": [{"id": contact}]}, attributes)
    if state is not None:
        ticket["ticket_state"] = state
    return ticket


def list_handling_events(call: ApiCall) -> Record:
    """Handle `GET /conversations/{id}/handling_events`: taken up with each assignment."""
    record = find_conversation(call)
    events: list[Record] = []
    admins = call.store.organization.admins
    for part in call.store.parts(record["id"])[:400]:
        if part["part_type"] == "assignment" and (part["assigned_to"] or {}).get("type") == "admin":
            events.append(
                _handling_event(admins, part["assigned_to"]["id"], "resumed", part["created_at"])
            )
        elif part["part_type"] == "close" and events:
            event = {**events[-1], "type": "paused", "timestamp": iso(part["created_at"])}
            events.append({**event, "reason": "closed"})
    return {"handling_events": events}


def _handling_event(admins: dict[str, Record], key: Any, kind: str, at: int) -> Record:
    admin = admins.get(str(key), admins[admin_id(0)])
    who = {"type": "admin", "id": int(admin["id"]), "name": admin["name"], "email": admin["email"]}
    return {"teammate": who, "type": kind, "timestamp": iso(at), "reason": None}


def _change(call: ApiCall, record: Record, **changes: object) -> Record:
    changed = {**record, **changes, "updated_at": call.store.record_write()}
    call.store.conversations[record["id"]] = changed
    return changed


def _shown(call: ApiCall, record: Record) -> Record:
    return shown_with_parts(call, record)


def _add_part(call: ApiCall, record: Record, kind: str, author: Record, body: object) -> None:
    at = NOW + call.store.version + 1
    part = {
        "type": "conversation_part",
        "id": str(31_000_000_000 + call.store.version),
        "part_type": kind,
        "body": body,
        "created_at": at,
        "updated_at": at,
        "notified_at": at,
        "assigned_to": None,
        "author": author,
        "attachments": [],
        "external_id": None,
        "redacted": False,
        "email_message_metadata": None,
        "metadata": {},
        "state": "open",
        "tags": [],
        "event_details": None,
        "app_package_code": None,
    }
    call.store.added_parts.setdefault(record["id"], []).append(part)
