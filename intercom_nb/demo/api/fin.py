"""Fin, the AI agent: chats and phone calls."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import require_fields
from intercom_nb.demo.api.crud import Resource
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.data.simple_records import iso
from intercom_nb.demo.dates import NOW

_FIN = Resource("fin_voice_calls")


def list_calls(call: ApiCall) -> list[Record]:
    """Handle `GET /fin_voice/conversation/{id}`: a bare list."""
    wanted = call.path["id"]
    records = _FIN.records(call).values()
    return [record for record in records if record["intercom_conversation_id"] == wanted]


def get_call(call: ApiCall) -> Record:
    """Handle `GET /fin_voice/collect/{id}`."""
    return _FIN.find(call)


def get_call_by_external_id(call: ApiCall) -> Record:
    """Handle `GET /fin_voice/external_id/{id}`."""
    return _fin_call_with(call, "external_call_id")


def get_call_by_phone(call: ApiCall) -> Record:
    """Handle `GET /fin_voice/phone_number/{id}`."""
    return _fin_call_with(call, "user_phone_number")


def _fin_call_with(call: ApiCall, field: str) -> Record:
    for record in _FIN.records(call).values():
        if record[field] == call.path["id"]:
            return record
    raise not_found()


def register_call(call: ApiCall) -> Record:
    """Handle `POST /fin_voice/register`."""
    body = call.json()
    require_fields(body, "phone_number", "call_id")
    calls = call.store.tables["fin_voice_calls"]
    call.store.record_write()
    record = {
        **next(iter(calls.values())),
        "id": 6_100 + len(calls),
        "user_phone_number": body["phone_number"],
        "external_call_id": body["call_id"],
    }
    calls[str(record["id"])] = record
    return record


def chat(call: ApiCall) -> Record:
    """Handle `POST /fin/start` and `POST /fin/reply`."""
    body = call.json()
    require_fields(body, "conversation_id", "message", "user")
    call.store.record_write()
    return {
        "conversation_id": body["conversation_id"],
        "user_id": body["user"].get("id", ""),
        "status": "thinking",
        "created_at_ms": iso(NOW),
        "sse_subscription_url": f"https://realtime.lanternboard.example/{body['conversation_id']}",
    }


def rate(call: ApiCall) -> Record:
    """Handle `POST /fin/csat`."""
    body = call.json()
    require_fields(body, "conversation_id", "rating")
    call.store.record_write()
    named = {name: body[name] for name in ("conversation_id", "rating")}
    return {**named, "status": "rated"}
