"""Visitors: get, update, convert."""

from __future__ import annotations

from intercom_nb.demo.api import contacts
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields, require_fields
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.dates import NOW, START
from intercom_nb.demo.settings import APP_ID, DAY

_VISITOR_ID = "8a88a590-e1c3-41e2-a502-e0649dbf721c"
_NULLS = (
    *("do_not_track", "last_request_at", "referrer", "utm_campaign", "utm_content"),
    *("utm_medium", "utm_source", "utm_term"),
)


def get(call: ApiCall, *, known: bool = False) -> Record:
    """Handle `GET /visitors`; there is one."""
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
        "remote_created_at": START,
        "signed_up_at": START,
        **dict.fromkeys(_NULLS),
        **empty,
        **dict.fromkeys(flags, False),
    }


def update(call: ApiCall) -> Record:
    """Handle `PUT /visitors`."""
    given = pick_fields(call.json(), {"name": "text", "custom_attributes": "object"})
    call.store.record_write()
    return {**get(call, known=True), **given}


def convert(call: ApiCall) -> Record:
    """Handle `POST /visitors/convert`: the contact that remains."""
    body = call.json()
    require_fields(body, "type", "user", "visitor")
    newest = call.store.newest_first("contacts")[0]["id"]
    return contacts.get(ApiCall(call.store, call.request, {"id": newest}, call.now))
