"""What is put on contacts, conversations and tickets, and what teammates do with them."""

from __future__ import annotations

from intercom_nb.demo.api import serializers
from intercom_nb.demo.api.call import Call
from intercom_nb.demo.api.checks import need, take
from intercom_nb.demo.api.contacts import find_contact
from intercom_nb.demo.api.conversations import find_conversation
from intercom_nb.demo.api.errors import ApiError, invalid, not_found
from intercom_nb.demo.api.support import create_ticket, get_ticket
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.settings import NOW

_MANAGED = {
    "close": {"state": "closed", "open": False},
    "open": {"state": "open", "open": True, "snoozed_until": None},
    "snoozed": {"state": "snoozed", "open": True},
    "assignment": {},
}


def attach_tag_to_contact(call: Call) -> Record:
    """Answer `POST /contacts/{id}/tags`."""
    tag, contact = _tag(call, call.json().get("id")), find_contact(call)
    call.store.tick()
    _put(call.store.people.contact_tags, contact["id"], tag["id"])
    return tag


def detach_tag_from_contact(call: Call) -> Record:
    """Answer `DELETE /contacts/{id}/tags/{tag}`."""
    tag, contact = _tag(call, call.path["tag"]), find_contact(call)
    call.store.tick()
    _take(call.store.people.contact_tags, contact["id"], tag["id"])
    return tag


def attach_company(call: Call) -> Record:
    """Answer `POST /contacts/{id}/companies`."""
    company, contact = _company(call, call.json().get("id")), find_contact(call)
    call.store.tick()
    _put(call.store.people.contact_companies, contact["id"], company["id"])
    return serializers.company(call.store, company)


def detach_company(call: Call) -> Record:
    """Answer `DELETE /contacts/{id}/companies/{company}`."""
    company, contact = _company(call, call.path["company"]), find_contact(call)
    call.store.tick()
    _take(call.store.people.contact_companies, contact["id"], company["id"])
    return serializers.company(call.store, company)


def _company(call: Call, key: object) -> Record:
    record = call.store.people.companies.get(str(key))
    if record is None:
        raise not_found("Company Not Found", "company_not_found")
    return record


def attach_subscription(call: Call) -> Record:
    """Answer `POST /contacts/{id}/subscriptions`."""
    body = call.json()
    need(body, "id", "consent_type")
    find_contact(call)
    return _subscription(call, body["id"])


def detach_subscription(call: Call) -> Record:
    """Answer `DELETE /contacts/{id}/subscriptions/{subscription}`."""
    find_contact(call)
    return _subscription(call, call.path["subscription"])


def _subscription(call: Call, key: object) -> Record:
    record = call.store.shelves["subscription_types"].get(str(key))
    if record is None:
        raise not_found()
    call.store.tick()
    return record


def archive(call: Call) -> Record:
    """Answer `POST /contacts/{id}/archive`."""
    return _mark(call, archived=True)


def unarchive(call: Call) -> Record:
    """Answer `POST /contacts/{id}/unarchive`."""
    return _mark(call, archived=False)


def block(call: Call) -> Record:
    """Answer `POST /contacts/{id}/block`."""
    return _mark(call, blocked=True)


def _mark(call: Call, **flags: bool) -> Record:
    contact = find_contact(call)
    call.store.tick()
    return {"type": "contact", "id": contact["id"], "external_id": contact["external_id"], **flags}


def merge(call: Call) -> Record:
    """Answer `POST /contacts/merge`: the lead is gone, the user stays."""
    body, contacts = call.json(), call.store.people.contacts
    need(body, "from", "into")
    lead, user = contacts.get(str(body["from"])), contacts.get(str(body["into"]))
    if lead is None or user is None:
        raise not_found("User Not Found")
    if (lead["role"], user["role"]) != ("lead", "user"):
        raise ApiError(400, "parameter_invalid", "a lead can only be merged into a user", "into")
    call.store.tick()
    del contacts[lead["id"]]
    return serializers.contact(call.store, user)


def attach_tag_to_conversation(call: Call) -> Record:
    """Answer `POST /conversations/{id}/tags`."""
    body = call.json()
    need(body, "id", "admin_id")
    tag, record = _tag(call, body["id"]), find_conversation(call)
    _change(call, record, tag_ids=[*_without(record["tag_ids"], tag["id"]), tag["id"]])
    return tag


def detach_tag_from_conversation(call: Call) -> Record:
    """Answer `DELETE /conversations/{id}/tags/{tag}`; the body names the teammate."""
    need(call.json(), "admin_id")
    tag, record = _tag(call, call.path["tag"]), find_conversation(call)
    _change(call, record, tag_ids=_without(record["tag_ids"], tag["id"]))
    return tag


def attach_contact(call: Call) -> Record:
    """Answer `POST /conversations/{id}/customers`."""
    customer = call.json().get("customer") or {}
    record = find_conversation(call)
    contact = call.store.people.contacts.get(str(customer.get("intercom_user_id")))
    if contact is None:
        raise not_found("User Not Found")
    reference = call.store.speakers.reference(contact["id"])
    others = [c for c in record["contacts"]["contacts"] if c["id"] != contact["id"]]
    changed = {"type": "contact.list", "contacts": [*others, reference]}
    return _shown(call, _change(call, record, contacts=changed))


def detach_contact(call: Call) -> Record:
    """Answer `DELETE /conversations/{id}/customers/{contact}`."""
    need(call.json(), "admin_id")
    record = find_conversation(call)
    others = [c for c in record["contacts"]["contacts"] if c["id"] != call.path["contact"]]
    changed = {"type": "contact.list", "contacts": others}
    return _shown(call, _change(call, record, contacts=changed))


def reply(call: Call) -> Record:
    """Answer `POST /conversations/{id}/reply`."""
    body = call.json()
    need(body, "message_type", "type")
    record = find_conversation(call)
    kind = "note" if body["message_type"] == "note" else "comment"
    _add_part(call, record, kind, _author(call, body), body.get("body"))
    return _shown(call, _change(call, record, read=body["type"] == "user"))


def manage(call: Call) -> Record:
    """Answer `POST /conversations/{id}/parts`: close, snooze, open, assign."""
    body = call.json()
    need(body, "message_type", "admin_id")
    if body["message_type"] not in _MANAGED:
        raise invalid("message_type must be close, snoozed, open or assignment", "message_type")
    changes: Record = dict(_MANAGED[body["message_type"]])
    if body["message_type"] == "snoozed":
        changes["snoozed_until"] = take(body, {"snoozed_until": "date"}).get("snoozed_until")
    if body["message_type"] == "assignment":
        need(body, "type", "assignee_id")
        changes[f"{body['type']}_assignee_id"] = int(body["assignee_id"]) or None
    record = find_conversation(call)
    _add_part(call, record, body["message_type"], _author(call, body), body.get("body"))
    return _shown(call, _change(call, record, **changes))


def redact(call: Call) -> Record:
    """Answer `POST /conversations/redact`."""
    body = call.json()
    need(body, "type", "conversation_id")
    record = call.store.conversations.get(str(body["conversation_id"]))
    if record is None:
        raise not_found()
    if body["type"] == "source":
        source = {**record["source"], "body": None, "redacted": True}
        record = _change(call, record, source=source)
    return _shown(call, record)


def convert(call: Call) -> Record:
    """Answer `POST /conversations/{id}/convert`: a ticket for the conversation's contact."""
    body = call.json()
    record = find_conversation(call)
    contact = record["contacts"]["contacts"][0]["id"]
    attributes = body.get("attributes") or {}
    return create_ticket(call, {**body, "contacts": [{"id": contact}]}, attributes)


def attach_tag_to_ticket(call: Call) -> Record:
    """Answer `POST /tickets/{id}/tags`."""
    body = call.json()
    need(body, "id", "admin_id")
    tag = _tag(call, body["id"])
    get_ticket(call)
    call.store.tick()
    return tag


def detach_tag_from_ticket(call: Call) -> Record:
    """Answer `DELETE /tickets/{id}/tags/{tag}`."""
    need(call.json(), "admin_id")
    get_ticket(call)
    call.store.tick()
    return _tag(call, call.path["tag"])


def reply_to_ticket(call: Call) -> Record:
    """Answer `POST /tickets/{id}/reply`: the new part."""
    body = call.json()
    need(body, "message_type", "type")
    ticket = get_ticket(call)
    now = call.store.tick()
    return {
        "type": "ticket_part",
        "id": str(80_000 + call.store.version),
        "part_type": "note" if body["message_type"] == "note" else "comment",
        "body": body.get("body"),
        "created_at": now,
        "updated_at": now,
        "author": _author(call, body, ticket["contacts"]["contacts"][0]["id"]),
        "attachments": [],
        "redacted": False,
    }


def _tag(call: Call, key: object) -> Record:
    record = call.store.organization.tags.get(str(key))
    if record is None:
        raise not_found()
    return record


def _put(relation: dict[str, list[str]], key: str, number: str) -> None:
    relation[key] = [*_without(relation.get(key, []), number), number]


def _take(relation: dict[str, list[str]], key: str, number: str) -> None:
    relation[key] = _without(relation.get(key, []), number)


def _without(numbers: list[str], number: str) -> list[str]:
    return [other for other in numbers if other != number]


def _change(call: Call, record: Record, **changes: object) -> Record:
    changed = {**record, **changes, "updated_at": call.store.tick()}
    call.store.conversations[record["id"]] = changed
    return changed


def _shown(call: Call, record: Record) -> Record:
    return serializers.whole_conversation(call.store, record)


def _author(call: Call, body: Record, contact: str | None = None) -> Record:
    admins = call.store.organization.admins
    if body.get("admin_id") is not None:
        admin = admins.get(str(body["admin_id"]))
        if admin is None:
            raise not_found("Admin not found", "admin_not_found")
        return {name: admin[name] for name in ("type", "id", "name", "email")}
    known = call.store.people.contacts.get(str(body.get("intercom_user_id") or contact))
    if known is None:
        raise not_found("User Not Found")
    return {"type": "user", "id": known["id"], "name": known["name"], "email": known["email"]}


def _add_part(call: Call, record: Record, kind: str, author: Record, body: object) -> None:
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


def set_away(call: Call) -> Record:
    """Answer `PUT /admins/{id}/away`."""
    body = call.json()
    need(body, "away_mode_enabled", "away_mode_reassign")
    names = {"away_mode_enabled": "flag", "away_mode_reassign": "flag"}
    given = take(body, {**names, "away_status_reason_id": "integer?"})
    admin = call.store.organization.admins.get(call.path["id"])
    if admin is None:
        raise not_found("Admin not found", "admin_not_found")
    call.store.tick()
    changed = {**admin, **given}
    call.store.organization.admins[admin["id"]] = changed
    return changed
