"""Events of contacts: summaries, create."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall, FileResponse, empty_response
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.dates import NOW
from intercom_nb.demo.settings import DAY

_EVENTS = ("created-board", "invited-friend", "exported-board", "signed-in")


def list_summaries(call: ApiCall) -> Record:
    """Handle `GET /events` for one contact: a count per kind of event."""
    if call.text("type") != "user":
        raise invalid("type must be user", "type")
    contact = _named_contact(call)
    number = int(contact["id"][-4:], 16)
    events = [
        {
            "name": name,
            "first": iso(contact["created_at"]),
            "last": iso(NOW - (number % 80) * DAY - position * 3_600),
            "count": 1 + (number + position) % 17,
            "description": name.replace("-", " "),
        }
        for position, name in enumerate(_EVENTS[: number % 5])
    ]
    who = {"email": contact["email"] or "", "user_id": contact["external_id"] or ""}
    return {
        "type": "event.summary",
        **who,
        "intercom_user_id": contact["id"],
        "events": events,
        "pages": {"next": None, "since": None},
    }


def _named_contact(call: ApiCall) -> Record:
    names = {"user_id": "external_id", "intercom_user_id": "id", "email": "email"}
    given = {field: call.text(name) for name, field in names.items() if call.text(name)}
    if len(given) != 1:
        raise invalid("give one of user_id, intercom_user_id and email")
    [(field, wanted)] = given.items()
    for record in call.store.people.contacts.values():
        if record[field] == wanted:
            return record
    raise not_found("User Not Found")


def create(call: ApiCall) -> FileResponse:
    """Handle `POST /events`, with an empty body."""
    body = call.json()
    require_fields(body, "event_name", "created_at")
    pick_fields(body, {"event_name": "text", "created_at": "date", "metadata": "object"})
    call.store.record_write()
    return empty_response(202)


def create_summaries(call: ApiCall) -> None:
    """Handle `POST /events/summaries`, with an empty body."""
    pick_fields(call.json(), {"user_id": "text", "event_summaries": "object"})
    call.store.record_write()
