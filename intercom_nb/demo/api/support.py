"""Tickets, calls, and who handled a conversation when."""

from __future__ import annotations

import io
import wave
from typing import Any

from intercom_nb.demo.api.call import Call, File
from intercom_nb.demo.api.checks import need, take
from intercom_nb.demo.api.conversations import find_conversation
from intercom_nb.demo.api.crud import CALLS
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.api.fields import TICKET_FIELDS
from intercom_nb.demo.api.find import find
from intercom_nb.demo.data.organization import Record, admin_id
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.data.tickets import state
from intercom_nb.demo.settings import APP_ID
from intercom_nb.demo.store import fresh_number

FILES = "/demo-files"
"""Where recordings are: signed URLs, which take no token."""

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


def search_tickets(call: Call) -> Record:
    """Answer `POST /tickets/search`."""
    page, total = find(call, "tickets", TICKET_FIELDS, default_per_page=20)
    shown = {"tickets": list(page.records), "total_count": total, "pages": page.pages}
    return {"type": "ticket.list", **shown}


def get_ticket(call: Call) -> Record:
    """Answer `GET /tickets/{id}`."""
    record = call.store.tickets.get(call.path["id"])
    if record is None:
        raise not_found("Ticket not found", "ticket_not_found")
    return record


def create_ticket(call: Call, body: Record | None = None, attributes: Any = None) -> Record:
    """Answer `POST /tickets`: a ticket of the type, for the first contact that is named."""
    body = call.json() if body is None else body
    need(body, "ticket_type_id", "contacts")
    kind = call.store.shelves["ticket_types"].get(str(body["ticket_type_id"]))
    contact = call.store.people.contacts.get(str(body["contacts"][0].get("id")))
    if kind is None or contact is None:
        raise not_found()
    given = take(body, {"ticket_attributes": "object"})
    now = call.store.tick()
    tickets = call.store.tickets
    key = fresh_number(tickets)
    shown = {"type": "contact", "id": contact["id"], "external_id": contact["external_id"]}
    hidden = ("ticket_type_attributes", "ticket_states")
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


def enqueue_ticket(call: Call) -> Record:
    """Answer `POST /tickets/enqueue`: the job, which is done at once."""
    ticket = create_ticket(call)
    jobs = call.store.shelves["jobs"]
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


def update_ticket(call: Call) -> Record:
    """Answer `PUT /tickets/{id}`."""
    given, record = take(call.json(), _TICKET), get_ticket(call)
    changes: Record = {name: given[name] for name in ("open", "is_shared") if name in given}
    if "ticket_attributes" in given:
        changes["ticket_attributes"] = {**record["ticket_attributes"], **given["ticket_attributes"]}
    if "ticket_state_id" in given:
        known = call.store.shelves["ticket_states"].get(str(given["ticket_state_id"]))
        if known is None:
            raise not_found()
        hidden = ("archived", "ticket_types")
        changes["ticket_state"] = {k: v for k, v in known.items() if k not in hidden}
    if "assignee_id" in given:
        changes["admin_assignee_id"] = str(given["assignee_id"])
    changed: Record = {**record, **changes, "updated_at": call.store.tick()}
    call.store.tickets[record["id"]] = changed
    return changed


def delete_ticket(call: Call) -> Record:
    """Answer `DELETE /tickets/{id}`."""
    record = get_ticket(call)
    call.store.tick()
    del call.store.tickets[record["id"]]
    return {"id": record["id"], "object": "ticket", "deleted": True}


def search_calls(call: Call) -> Record:
    """Answer `POST /calls/search`: calls of conversations, with their transcripts."""
    wanted = call.json().get("conversation_ids")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 20:
        raise invalid("conversation_ids must be a list of 1 to 20 ids", "conversation_ids")
    names = {str(value) for value in wanted}
    found = [r for r in CALLS.records(call).values() if r["conversation_id"] in names]
    return {"type": "list", "data": [_with_transcript(record) for record in found]}


def _with_transcript(record: Record) -> Record:
    lines = [] if record["transcription_url"] is None else _lines(record)
    told = [{"speaker": speaker, "text": text} for speaker, text in lines]
    return {**record, "transcript": told, "transcript_status": "completed" if told else None}


def _lines(record: Record) -> list[tuple[str, str]]:
    return [
        ("Caller", "Hello, it is about my last invoice."),
        ("Teammate", f"Thanks for calling, I have it here: number {record['id']}."),
    ]


def transcript(call: Call) -> File:
    """Answer `GET /calls/{id}/transcript`, as text."""
    record = CALLS.find(call)
    if record["transcription_url"] is None:
        raise not_found()
    text = "".join(f"{speaker}: {line}\n" for speaker, line in _lines(record))
    return File(text.encode(), "text/plain; charset=utf-8", f"call-{record['id']}.txt")


def recording(call: Call) -> File:
    """Answer `GET /calls/{id}/recording` by leading to a signed URL."""
    record = CALLS.find(call)
    if record["recording_url"] is None:
        raise not_found()
    url = f"{call.request.base_url}{FILES}/{record['id']}.wav?signature={APP_ID}{record['id']}"
    return File(b"", "text/html", location=url)


def file(call: Call) -> File:
    """Answer a signed URL: a tenth of a second of silence."""
    number = call.path["name"].removesuffix(".wav")
    if call.text("signature") != f"{APP_ID}{number}":
        raise not_found()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8_000)
        writer.writeframes(bytes(1_600))
    return File(sound.getvalue(), "audio/wav", f"call-{number}.wav")


def handling_events(call: Call) -> Record:
    """Answer `GET /conversations/{id}/handling_events`: taken up with each assignment."""
    record = find_conversation(call)
    events: list[Record] = []
    admins = call.store.organization.admins
    for part in call.store.parts(record["id"])[:400]:
        if part["part_type"] == "assignment" and (part["assigned_to"] or {}).get("type") == "admin":
            events.append(_event(admins, part["assigned_to"]["id"], "resumed", part["created_at"]))
        elif part["part_type"] == "close" and events:
            event = {**events[-1], "type": "paused", "timestamp": iso(part["created_at"])}
            events.append({**event, "reason": "closed"})
    return {"handling_events": events}


def _event(admins: dict[str, Record], key: Any, kind: str, at: int) -> Record:
    admin = admins.get(str(key), admins[admin_id(0)])
    who = {"type": "admin", "id": int(admin["id"]), "name": admin["name"], "email": admin["email"]}
    return {"teammate": who, "type": kind, "timestamp": iso(at), "reason": None}
