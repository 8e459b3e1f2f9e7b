"""What belongs to the workspace and to single contacts: logs, events, visitors, allowlist, ..."""

from __future__ import annotations

from intercom_nb.demo.api.call import Call, File, nothing
from intercom_nb.demo.api.checks import need, take
from intercom_nb.demo.api.contacts import find_contact
from intercom_nb.demo.api.crud import SUBSCRIPTIONS, Shelf, paged
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.settings import APP_ID, DAY, NOW, START

_LOGS = Shelf("activity_logs")
_ORDERS, _FIN = Shelf("orders"), Shelf("fin_voice_calls")
_EVENTS = ("created-board", "invited-friend", "exported-board", "signed-in")
_VISITOR_ID = "8a88a590-e1c3-41e2-a502-e0649dbf721c"


def activity_logs(call: Call) -> Record:
    """Answer `GET /admins/activity_logs`, the newest first."""
    after = _seconds(call, "created_at_after", needed=True)
    before = _seconds(call, "created_at_before", needed=False) or NOW
    found = [r for r in _LOGS.records(call).values() if after <= r["created_at"] <= before]
    answer = paged(call, found, _LOGS)
    return {
        "type": "activity_log.list",
        "pages": answer["pages"],
        "activity_logs": answer["data"],
    }


def _seconds(call: Call, name: str, *, needed: bool) -> int:
    value = call.text(name)
    if value is None and not needed:
        return 0
    if value is None or not value.isdigit():
        raise invalid(f"{name} must be unix seconds", name)
    return int(value)


def list_events(call: Call) -> Record:
    """Answer `GET /events` for one contact: a count per kind of event."""
    if call.text("type") != "user":
        raise invalid("type must be user", "type")
    contact = _named_contact(call)
    number = int(contact["id"][-4:], 16)
    events = [
        {
            "name": name,
            "first": iso(contact["created_at"]),
            "last": iso(NOW - (number % 80) * DAY - place * 3_600),
            "count": 1 + (number + place) % 17,
            "description": name.replace("-", " "),
        }
        for place, name in enumerate(_EVENTS[: number % 5])
    ]
    who = {"email": contact["email"] or "", "user_id": contact["external_id"] or ""}
    return {"type": "event.summary", **who, "intercom_user_id": contact["id"], "events": events}


def _named_contact(call: Call) -> Record:
    names = {"user_id": "external_id", "intercom_user_id": "id", "email": "email"}
    given = {field: call.text(name) for name, field in names.items() if call.text(name)}
    if len(given) != 1:
        raise invalid("give one of user_id, intercom_user_id and email")
    [(field, wanted)] = given.items()
    for record in call.store.people.contacts.values():
        if record[field] == wanted:
            return record
    raise not_found("User Not Found")


def create_event(call: Call) -> File:
    """Answer `POST /events`, with an empty body."""
    body = call.json()
    need(body, "event_name", "created_at")
    take(body, {"event_name": "text", "created_at": "date", "metadata": "object"})
    call.store.tick()
    return nothing(202)


def subscriptions(call: Call) -> Record:
    """Answer `GET /contacts/{id}/subscriptions`: every fourth contact has chosen."""
    chosen = int(find_contact(call)["id"][-2:], 16) % 4 == 0
    return {"type": "list", "data": list(SUBSCRIPTIONS.records(call).values())[: int(chosen)]}


def order(call: Call) -> Record:
    """Answer one custom object instance by its id."""
    _check_type(call)
    return _ORDERS.find(call)


def order_by_external_id(call: Call) -> Record:
    """Answer one custom object instance by its external id."""
    _check_type(call)
    for record in _ORDERS.records(call).values():
        if record["external_id"] == call.text("external_id"):
            return record
    raise not_found()


def _check_type(call: Call) -> None:
    if call.path["type"] != "Order":
        raise not_found("Custom object type not found")


def workflow(call: Call) -> Record:
    """Answer `GET /export/workflows/{id}`."""
    record = Shelf("workflows").find(call)
    return {"export_version": "1.0", "exported_at": iso(NOW), "app_id": 4_711, "workflow": record}


def fin_calls(call: Call) -> list[Record]:
    """Answer `GET /fin_voice/conversation/{id}`: a bare list."""
    wanted = call.path["id"]
    records = _FIN.records(call).values()
    return [record for record in records if record["intercom_conversation_id"] == wanted]


def fin_call(call: Call) -> Record:
    """Answer `GET /fin_voice/collect/{id}`."""
    return _FIN.find(call)


def fin_call_by_external_id(call: Call) -> Record:
    """Answer `GET /fin_voice/external_id/{id}`."""
    return _fin_call_with(call, "external_call_id")


def fin_call_by_phone(call: Call) -> Record:
    """Answer `GET /fin_voice/phone_number/{id}`."""
    return _fin_call_with(call, "user_phone_number")


def _fin_call_with(call: Call, field: str) -> Record:
    for record in _FIN.records(call).values():
        if record[field] == call.path["id"]:
            return record
    raise not_found()


def allowlist(call: Call) -> Record:
    """Answer `GET /ip_allowlist`."""
    return {"type": "ip_allowlist", "enabled": False, "ip_allowlist": ["203.0.113.0/24"]}


def visitor(call: Call, *, known: bool = False) -> Record:
    """Answer `GET /visitors`; there is one."""
    if not known and call.text("user_id") != _VISITOR_ID:
        raise not_found("Visitor Not Found")
    empty: Record = {"session_count": 3, "owner_id": None, "custom_attributes": {}}
    flags = ("unsubscribed_from_emails", "marked_email_as_spam", "has_hard_bounced")
    return {
        "type": "visitor",
        "id": "69057a80c1d2e3f4a5b6c999",
        "user_id": _VISITOR_ID,
        "anonymous": True,
        "email": "",
        "phone": None,
        "name": None,
        "pseudonym": "Teal Telescope",
        "avatar": {"type": "avatar", "image_url": None},
        "app_id": APP_ID,
        "companies": {"type": "company.list", "companies": []},
        "location_data": {"type": "location_data", "country_name": "Ireland"},
        "created_at": START,
        "updated_at": NOW - DAY,
        "tags": {"type": "tag.list", "tags": []},
        "segments": {"type": "segment.list", "segments": []},
        "social_profiles": {"type": "social_profile.list", "social_profiles": []},
        **empty,
        **dict.fromkeys(flags, False),
    }
