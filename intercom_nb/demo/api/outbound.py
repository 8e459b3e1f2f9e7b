"""Outbound messages and phone call redirects."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import require_fields
from intercom_nb.demo.api.errors import ApiError
from intercom_nb.demo.data.organization import Record


def create_message(call: ApiCall) -> Record:
    """Handle `POST /messages`."""
    body = call.json()
    require_fields(body, "message_type", "body", "from", "to")
    if body["message_type"] == "email" and not body.get("subject"):
        text = "No subject supplied for email message"
        raise ApiError(422, "parameter_not_found", text)
    now = call.store.record_write()
    return {
        "type": "admin_message",
        "id": str(403_919_000 + call.store.version),
        "created_at": now,
        "subject": body.get("subject") or "",
        "body": body["body"],
        "message_type": "email" if body["message_type"] == "email" else "inapp",
        "conversation_id": None,
    }


def redirect_phone_call(call: ApiCall) -> Record:
    """Handle `POST /phone_call_redirects`."""
    body = call.json()
    require_fields(body, "phone")
    call.store.record_write()
    return {
        "type": "phone_call_redirect",
        "url": f"https://via.lanternboard.example/call/{call.store.version}",
        "phone": body["phone"],
    }
