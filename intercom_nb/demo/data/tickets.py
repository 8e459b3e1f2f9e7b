"""Tickets with their types and states, and phone calls."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from intercom_nb.demo.data.organization import Record, admin_id, team_id
from intercom_nb.demo.data.simple_records import dated
from intercom_nb.demo.dates import NOW, START
from intercom_nb.demo.settings import APP_ID, DAY, HOUR

TICKETS, CALLS = 180, 60
_TYPES = (
    ("Bug", "Customer", "🐛"),
    ("Refund", "Customer", "💸"),
    ("Data request", "Back-office", "📦"),
    ("Outage", "Tracker", "🔥"),
)
_STATES = (
    ("submitted", "Submitted", "Submitted"),
    ("in_progress", "In progress", "In progress"),
    ("waiting_on_customer", "Waiting on customer", "Waiting on you"),
    ("resolved", "Resolved", "Resolved"),
)
_TITLES = ("Export stops half way", "Charged twice", "Copy of all data", "Boards do not load")
# Names of the categories in a search.
SEARCHED = {"Customer": "request", "Back-office": "task", "Tracker": "tracker"}


def build_states() -> dict[str, Record]:
    """Build the ticket states, with the types that use them."""
    types = {"type": "list", "data": [_plain_type(i) for i in range(len(_TYPES))]}
    found = (state(i) | {"archived": False, "ticket_types": types} for i in range(len(_STATES)))
    return {record["id"]: record for record in found}


def build_types() -> dict[str, Record]:
    """Build the ticket types."""
    return {record["id"]: record for record in map(_type, range(len(_TYPES)))}


def state(index: int) -> Record:
    """Return a ticket state in the format of a ticket."""
    category, internal, external = _STATES[index]
    return {
        "type": "ticket_state",
        "id": str(7_490 + index),
        "category": category,
        "internal_label": internal,
        "external_label": external,
    }


def _plain_type(index: int) -> Record:
    name, category, icon = _TYPES[index]
    return {
        "type": "ticket_type",
        "id": str(1_230 + index),
        "category": category,
        "name": name,
        "description": f"{name} tickets",
        "icon": icon,
        "workspace_id": APP_ID,
        "archived": False,
        "is_internal": category == "Back-office",
        **dated(index),
    }


def _attribute_list(index: int) -> Record:
    fields = [
        ("_default_title_", "string"),
        ("_default_description_", "string"),
        ("Severity", "list"),
    ]
    made = [_attribute(index, position, *field) for position, field in enumerate(fields)]
    return {"type": "list", "ticket_type_attributes": made}


def _type(index: int) -> Record:
    return {
        **_plain_type(index),
        "ticket_type_attributes": _attribute_list(index),
        "ticket_states": {"type": "list", "data": [state(i) for i in range(len(_STATES))]},
    }


def _attribute(kind: int, position: int, name: str, data_type: str) -> Record:
    listed = {"list_options": [{"label": label, "archived": False} for label in ("Low", "High")]}
    return {
        "type": "ticket_type_attribute",
        "id": str(8_800 + 10 * kind + position),
        "workspace_id": APP_ID,
        "name": name,
        "description": "",
        "data_type": data_type,
        "input_options": listed if data_type == "list" else {"multiline": position == 1},
        "order": position,
        "required_to_create": position == 0,
        "required_to_create_for_contacts": False,
        "visible_on_create": True,
        "visible_to_contacts": position < 2,
        "default": position < 2,
        "ticket_type_id": 1_230 + kind,
        "archived": False,
        **dated(kind),
    }


def build_tickets(rng: Random, contacts: Sequence[Record]) -> dict[str, Record]:
    """Build the tickets, newest first."""
    made = [_ticket(rng, index, contacts) for index in range(TICKETS)]
    made.sort(key=lambda record: record["created_at"], reverse=True)
    return {record["id"]: record for record in made}


def _ticket(rng: Random, index: int, contacts: Sequence[Record]) -> Record:
    kind, position = index % len(_TYPES), rng.randrange(len(_STATES))
    created = START + rng.randrange(NOW - START - DAY)
    contact = contacts[rng.randrange(len(contacts))]
    admin, team = admin_id(rng.randrange(14)), team_id(rng.randrange(6))
    updated = min(created + rng.randrange(1, 30) * 7 * HOUR, NOW)
    severity = {"Severity": "High"} if index % 3 == 0 else {}
    return {
        "type": "ticket",
        "id": str(6_100 + index),
        "ticket_id": str(index + 1),
        "category": _TYPES[kind][1],
        "ticket_attributes": {
            "_default_title_": _TITLES[kind],
            "_default_description_": f"<p>{_TITLES[kind]}, since this morning.</p>",
            **severity,
        },
        "ticket_state": state(position),
        "ticket_type": {**_plain_type(kind), "ticket_type_attributes": _attribute_list(kind)},
        "contacts": {
            "type": "contact.list",
            "contacts": [
                {"type": "contact", "id": contact["id"], "external_id": contact["external_id"]}
            ],
        },
        "admin_assignee_id": admin,
        "team_assignee_id": team,
        "created_at": created,
        "updated_at": updated,
        "open": position != 3,
        "snoozed_until": None,
        "linked_objects": {"type": "list", "total_count": 0, "has_more": False, "data": []},
        "ticket_parts": _parts(index, position, created, updated, admin),
        "is_shared": _TYPES[kind][1] == "Customer",
    }


def _parts(index: int, position: int, created: int, updated: int, admin: str) -> Record:
    number = int(admin) % 14
    author = {
        "type": "admin",
        "id": admin,
        "name": f"Teammate {number}",
        "email": f"admin{number}@lanternboard.example",
    }
    parts: list[Record] = [
        {
            "type": "ticket_part",
            "id": str(70_000 + 5 * index + step),
            "part_type": "ticket_state_updated_by_admin",
            "body": None,
            "previous_ticket_state": _STATES[max(step - 1, 0)][0],
            "ticket_state": _STATES[step][0],
            "created_at": created + step * (updated - created) // (position + 1),
            "updated_at": created + step * (updated - created) // (position + 1),
            "author": author,
            "attachments": [],
            "redacted": False,
            "app_package_code": None,
        }
        for step in range(position + 1)
    ]
    return {"type": "ticket_part.list", "ticket_parts": parts, "total_count": len(parts)}


def build_calls(rng: Random, conversations: Sequence[Record]) -> dict[str, Record]:
    """Build the phone calls, newest first, each linked to a conversation."""
    made = [_call(rng, index, conversations) for index in range(CALLS)]
    made.sort(key=lambda record: record["created_at"], reverse=True)
    return {record["id"]: record for record in made}


def _call(rng: Random, index: int, conversations: Sequence[Record]) -> Record:
    talk = conversations[index * 17 % len(conversations)]
    at = talk["created_at"]
    missed = index % 6 == 5
    seconds = rng.randrange(20, 1_900)
    home = f"https://api.intercom.io/calls/{9_000 + index}"
    return {
        "type": "call",
        "id": str(9_000 + index),
        "conversation_id": talk["id"],
        "admin_id": None if missed else admin_id(index % 14),
        "contact_id": talk["contacts"]["contacts"][0]["id"],
        "state": "ended",
        "initiated_at": at,
        **({} if missed else {"answered_at": at + 12}),
        "ended_at": at + 12 + (0 if missed else seconds),
        "created_at": at,
        "updated_at": at + 12 + seconds,
        "recording_url": None if missed else f"{home}/recording",
        "transcription_url": None if missed else f"{home}/transcript",
        "fin_recording_url": None,
        "fin_transcription_url": None,
        "call_type": "phone",
        "direction": ("inbound", "outbound")[index % 2],
        "ended_reason": "missed" if missed else "finished",
        "phone": f"+1555020{index:04d}",
    }
