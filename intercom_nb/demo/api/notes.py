"""Notes on contacts: list, create, get."""

from __future__ import annotations

from intercom_nb.demo.api import serializers
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.contacts import find_contact
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.api.paging import numbered_page
from intercom_nb.demo.data.organization import Record, admin_id
from intercom_nb.demo.store import fresh_number

MAX_PER_PAGE = 60


def list_of_contact(call: ApiCall) -> Record:
    """Handle `GET /contacts/{id}/notes`, newest first."""
    people = call.store.people
    numbers = people.contact_notes.get(find_contact(call)["id"], [])
    records = [people.notes[number] for number in numbers]
    records.sort(key=lambda record: (record["created_at"], int(record["id"])), reverse=True)
    page, per_page = call.number("page", 1, 10_000), call.number("per_page", 50, MAX_PER_PAGE)
    shown, pages = numbered_page(records, page, per_page)
    return {
        "type": "list",
        "data": [serializers.note(call.store, record) for record in shown],
        "total_count": len(records),
        "pages": pages,
    }


def create(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/notes`."""
    contact, body, people = find_contact(call), call.json(), call.store.people
    require_fields(body, "body")
    given = pick_fields(body, {"body": "text", "admin_id": "id?"})
    author = str(given.get("admin_id") or admin_id(0))
    if author not in call.store.organization.admins:
        raise not_found()
    now = call.store.record_write()
    text = given["body"]
    record: Record = {
        "type": "note",
        "id": fresh_number(people.notes),
        "created_at": now,
        "contact": {"type": "contact", "id": contact["id"]},
        "author_id": author,
        "body": text if text.lstrip().startswith("<") else f"<p>{text}</p>",
    }
    people.notes[record["id"]] = record
    known = people.contact_notes.get(contact["id"], [])
    people.contact_notes[contact["id"]] = [*known, record["id"]]
    return serializers.note(call.store, record)


def get(call: ApiCall) -> Record:
    """Handle `GET /notes/{id}`."""
    record = call.store.people.notes.get(call.path["id"])
    if record is None:
        raise not_found()
    return serializers.note(call.store, record)
