"""Writes of which the demo keeps little: they are checked, and answered as Intercom does."""

from __future__ import annotations

from intercom_nb.demo.api.call import Call
from intercom_nb.demo.api.checks import need, take
from intercom_nb.demo.api.contacts import find_contact
from intercom_nb.demo.api.desk import allowlist, visitor
from intercom_nb.demo.api.errors import ApiError, not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.settings import NOW


def create_attribute(call: Call) -> Record:
    """Answer `POST /data_attributes`."""
    body = call.json()
    need(body, "name", "model", "data_type")
    fields = {"name": "text", "model": "text", "data_type": "text", "description": "text"}
    given = take(body, {**fields, "messenger_writable": "flag", "options": "list"})
    known = call.store.organization.attributes
    if any(r["name"] == given["name"] and r["model"] == given["model"] for r in known):
        raise ApiError(400, "parameter_invalid", "The name is already taken", "name")
    options = [option["value"] for option in given.pop("options", [])]
    kind = "string" if given["data_type"] == "options" else given["data_type"]
    now = call.store.tick()
    record = {
        **known[-1],
        **given,
        "data_type": kind,
        "id": 12_870 + len(known),
        "label": given["name"],
        "full_name": f"custom_attributes.{given['name']}",
        "created_at": now,
        "updated_at": now,
        **({"options": options} if options else {}),
    }
    known.append(record)
    return record


def update_attribute(call: Call) -> Record:
    """Answer `PUT /data_attributes/{id}`."""
    given = take(
        call.json(), {"archived": "flag", "description": "text", "messenger_writable": "flag"}
    )
    known = call.store.organization.attributes
    for place, record in enumerate(known):
        if str(record.get("id")) == call.path["id"]:
            known[place] = {**record, **given, "updated_at": call.store.tick()}
            return known[place]
    raise not_found()


def create_event_summaries(call: Call) -> None:
    """Answer `POST /events/summaries`, with an empty body."""
    take(call.json(), {"user_id": "text", "event_summaries": "object"})
    call.store.tick()


def create_order(call: Call) -> Record:
    """Answer `POST /custom_object_instances/{type}`: what has the same external id is updated."""
    body = call.json()
    kinds = {"external_id": "text", "external_created_at": "date?", "external_updated_at": "date?"}
    given = take(body, {**kinds, "custom_attributes": "object?"})
    orders = call.store.shelves["orders"]
    now = call.store.tick()
    same = (r for r in orders.values() if r["external_id"] == given.get("external_id"))
    pattern = next(iter(orders.values()))
    new = {**pattern, "id": str(1_000 + len(orders)), "created_at": now, "custom_attributes": {}}
    record = next(same, new)
    orders[record["id"]] = {**record, **given, "updated_at": now}
    return orders[record["id"]]


def delete_order(call: Call) -> Record:
    """Answer a deletion of a custom object instance by its id or its external id."""
    orders = call.store.shelves["orders"]
    external = call.text("external_id")
    for record in list(orders.values()):
        if record["id"] == call.path.get("id") or record["external_id"] == external:
            call.store.tick()
            del orders[record["id"]]
            return {"id": record["id"], "object": call.path["type"], "deleted": True}
    raise not_found()


def create_message(call: Call) -> Record:
    """Answer `POST /messages`."""
    body = call.json()
    need(body, "message_type", "body", "from", "to")
    if body["message_type"] == "email" and not body.get("subject"):
        text = "No subject supplied for email message"
        raise ApiError(422, "parameter_not_found", text)
    now = call.store.tick()
    return {
        "type": "admin_message",
        "id": str(403_919_000 + call.store.version),
        "created_at": now,
        "subject": body.get("subject") or "",
        "body": body["body"],
        "message_type": "email" if body["message_type"] == "email" else "inapp",
    }


def talk_to_fin(call: Call) -> Record:
    """Answer `POST /fin/start` and `POST /fin/reply`."""
    body = call.json()
    need(body, "conversation_id", "message", "user")
    call.store.tick()
    return {
        "conversation_id": body["conversation_id"],
        "user_id": body["user"].get("id", ""),
        "status": "thinking",
        "created_at_ms": iso(NOW),
    }


def rate_fin(call: Call) -> Record:
    """Answer `POST /fin/csat`."""
    body = call.json()
    need(body, "conversation_id", "rating")
    call.store.tick()
    named = {name: body[name] for name in ("conversation_id", "rating")}
    return {**named, "status": "rated"}


def register_fin_call(call: Call) -> Record:
    """Answer `POST /fin_voice/register`."""
    body = call.json()
    need(body, "phone_number", "call_id")
    calls = call.store.shelves["fin_voice_calls"]
    call.store.tick()
    record = {
        **next(iter(calls.values())),
        "id": 6_100 + len(calls),
        "user_phone_number": body["phone_number"],
        "external_call_id": body["call_id"],
    }
    calls[str(record["id"])] = record
    return record


def update_allowlist(call: Call) -> Record:
    """Answer `PUT /ip_allowlist`."""
    given = take(call.json(), {"enabled": "flag", "ip_allowlist": "list"})
    call.store.tick()
    return {**allowlist(call), **given}


def redirect_call(call: Call) -> Record:
    """Answer `POST /phone_call_redirects`."""
    body = call.json()
    need(body, "phone")
    call.store.tick()
    return {"type": "phone_call_redirect", "phone": body["phone"]}


def update_visitor(call: Call) -> Record:
    """Answer `PUT /visitors`."""
    given = take(call.json(), {"name": "text", "custom_attributes": "object"})
    call.store.tick()
    return {**visitor(call, known=True), **given}


def convert_visitor(call: Call) -> Record:
    """Answer `POST /visitors/convert`: the contact that remains."""
    body = call.json()
    need(body, "type", "user", "visitor")
    newest = call.store.newest("contacts")[0]["id"]
    return find_contact(Call(call.store, call.request, {"id": newest}, call.now))


def create_ticket_attribute(call: Call) -> Record:
    """Answer `POST /ticket_types/{id}/attributes`."""
    body = call.json()
    need(body, "name", "data_type")
    return _ticket_attribute(call, body, f"{8_900 + call.store.version}")


def update_ticket_attribute(call: Call) -> Record:
    """Answer `PUT /ticket_types/{id}/attributes/{attribute}`."""
    return _ticket_attribute(call, call.json(), call.path["attribute"])


def _ticket_attribute(call: Call, body: Record, key: str) -> Record:
    texts = dict.fromkeys(("name", "description", "data_type"), "text")
    flags = ("required_to_create", "required_to_create_for_contacts", "visible_on_create")
    given = take(body, {**texts, **dict.fromkeys((*flags, "visible_to_contacts"), "flag")})
    kind = call.store.shelves["ticket_types"].get(call.path["id"])
    if kind is None:
        raise not_found()
    call.store.tick()
    pattern = kind["ticket_type_attributes"]["ticket_type_attributes"][0]
    return {**pattern, **given, "id": key, "default": False}
