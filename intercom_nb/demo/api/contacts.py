"""Contacts: list, search, get, create, update, delete, and their lists."""

from __future__ import annotations

from collections.abc import Sequence

from intercom_nb.demo.api import serializers
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import merge_attributes, pick_fields
from intercom_nb.demo.api.errors import ApiError, invalid, not_found
from intercom_nb.demo.api.paging import RecordPage, cursor_page, numbered_page
from intercom_nb.demo.api.search import run_search
from intercom_nb.demo.api.search_fields import CONTACT_FIELDS
from intercom_nb.demo.data.organization import Record, custom_types
from intercom_nb.demo.settings import APP_ID

MAX_PER_PAGE = 150
_WRITABLE = {
    "role": "text",
    "external_id": "text?",
    "email": "text?",
    "phone": "text?",
    "name": "text?",
    "avatar": "text?",
    "signed_up_at": "date?",
    "last_seen_at": "date?",
    "owner_id": "id?",
    "unsubscribed_from_emails": "flag?",
    "custom_attributes": "object?",
}
_NULL_AT_FIRST = (
    *("external_id", "phone", "name", "avatar", "owner_id", "signed_up_at", "last_seen_at"),
    *("last_replied_at", "last_contacted_at", "last_email_opened_at", "last_email_clicked_at"),
    *("language_override", "browser", "browser_version", "browser_language", "os"),
    *("android_app_name", "android_app_version", "android_device", "android_os_version"),
    *("android_sdk_version", "android_last_seen_at", "ios_app_name", "ios_app_version"),
    *("ios_device", "ios_os_version", "ios_sdk_version", "ios_last_seen_at"),
    *("utm_campaign", "utm_content", "utm_medium", "utm_source", "utm_term", "referrer"),
    "enabled_push_messaging",
)


_NO_LOCATION = ("country", "region", "city", "country_code", "continent_code")


def list_response(call: ApiCall, page: RecordPage, total: int) -> Record:
    """Return a page of contacts in the format of list and search."""
    return {
        "type": "list",
        "data": [serializers.contact(call.store, record) for record in page.records],
        "total_count": total,
        "pages": page.pages,
    }


def list_all(call: ApiCall) -> Record:
    """Handle `GET /contacts`."""
    records = call.store.newest_first("contacts")
    per_page = call.number("per_page", 10, MAX_PER_PAGE)
    page = cursor_page(records, per_page, call.text("starting_after"), "contacts")
    return list_response(call, page, len(records))


def search(call: ApiCall) -> Record:
    """Handle `POST /contacts/search`."""
    page, total = run_search(call, "contacts", CONTACT_FIELDS, default_per_page=50)
    return list_response(call, page, total)


def find_contact(call: ApiCall) -> Record:
    """Return the contact in the path, or raise not found."""
    record = call.store.people.contacts.get(call.path["id"])
    if record is None:
        raise _merged(call, call.path["id"]) or not_found("User Not Found")
    return record


def _merged(call: ApiCall, key: str) -> ApiError | None:
    """Return the error for a merged contact, which names the one that remains since 2.16."""
    remaining = call.store.people.merged.get(key)
    if remaining is None or not call.is_version("2.16"):
        return None
    text = "This contact has been merged. See the 'Link' header for the canonical contact."
    link = {"Link": f'</contacts/{remaining}>; rel="canonical"'}
    return ApiError(410, "contact_merged", text, headers=link)


def get(call: ApiCall) -> Record:
    """Handle `GET /contacts/{id}`."""
    return serializers.contact(call.store, find_contact(call))


def get_by_external_id(call: ApiCall) -> Record:
    """Handle `GET /contacts/find_by_external_id/{id}`: users only, as in the API."""
    for record in call.store.people.contacts.values():
        if record["external_id"] == call.path["id"] and record["role"] == "user":
            return serializers.contact(call.store, record)
    raise not_found("User Not Found")


def create(call: ApiCall) -> Record:
    """Handle `POST /contacts`."""
    body = call.json()
    changes = _changes(call, body, {}, own=None)
    if not any(changes.get(name) for name in ("email", "external_id", "role")):
        raise ApiError(
            400, "parameter_not_found", "one of email, external_id, role is required", "email"
        )
    store = call.store
    now = store.record_write()
    record = {
        "type": "contact",
        "id": store.new_object_id(),
        "workspace_id": APP_ID,
        "role": "user",
        "email": "",
        **dict.fromkeys(_NULL_AT_FIRST),
        "social_profiles": {"type": "list", "data": []},
        "has_hard_bounced": False,
        "marked_email_as_spam": False,
        "unsubscribed_from_emails": False,
        "created_at": now,
        "updated_at": now,
        "location": {"type": "location", **dict.fromkeys(_NO_LOCATION)},
        "custom_attributes": {},
        **changes,
    }
    store.people.contacts[record["id"]] = record
    return serializers.contact(store, record)


def update(call: ApiCall) -> Record:
    """Handle `PUT /contacts/{id}`."""
    record = find_contact(call)
    changes = _changes(call, call.json(), record["custom_attributes"], own=record["id"])
    changed = {**record, **changes, "updated_at": call.store.record_write()}
    call.store.people.contacts[record["id"]] = changed
    return serializers.contact(call.store, changed)


def delete(call: ApiCall) -> Record:
    """Handle `DELETE /contacts/{id}`."""
    record, people = find_contact(call), call.store.people
    call.store.record_write()
    del people.contacts[record["id"]]
    people.contact_tags.pop(record["id"], None)
    people.contact_companies.pop(record["id"], None)
    for number in people.contact_notes.pop(record["id"], []):
        people.notes.pop(number, None)
    return {
        "type": "contact",
        "id": record["id"],
        "external_id": record["external_id"],
        "deleted": True,
    }


def _changes(call: ApiCall, body: Record, attributes: Record, own: str | None) -> Record:
    """Return the fields that a body changes."""
    changes = pick_fields(body, _WRITABLE)
    if changes.get("role", "user") not in ("user", "lead"):
        raise invalid("role must be user or lead", "role")
    _check_unique(call, changes, own)
    if "custom_attributes" in changes:
        given = changes["custom_attributes"]
        changes["custom_attributes"] = merge_attributes(attributes, given, custom_types("contact"))
    if changes.get("owner_id") is not None:
        changes["owner_id"] = _owner(call, changes["owner_id"])
    if changes.get("avatar") is not None:
        changes["avatar"] = {"type": "avatar", "image_url": changes["avatar"]}
    if changes.get("email"):
        changes["email_domain"] = changes["email"].rpartition("@")[2]
    return changes


def _check_unique(call: ApiCall, changes: Record, own: str | None) -> None:
    for name in ("email", "external_id"):
        value = changes.get(name)
        if not value:
            continue
        for record in call.store.people.contacts.values():
            if record[name] == value and record["id"] != own:
                text = f"A contact matching those details already exists with id={record['id']}"
                raise ApiError(409, "conflict", text, name)


def _owner(call: ApiCall, owner: str | int) -> int:
    if str(owner) not in call.store.organization.admins:
        raise not_found("Admin not found", "admin_not_found")
    return int(owner)


def list_tags(call: ApiCall) -> Record:
    """Handle `GET /contacts/{id}/tags`."""
    contact, known = find_contact(call), call.store.organization.tags
    numbers = call.store.people.contact_tags.get(contact["id"], [])
    at = contact["created_at"]
    return {"type": "list", "data": [serializers.applied_tag(known[n], at) for n in numbers]}


def list_segments(call: ApiCall) -> Record:
    """Handle `GET /contacts/{id}/segments`."""
    known = call.store.organization.segments
    numbers = call.store.segments_of(find_contact(call))
    return {"type": "list", "data": [known[number] for number in numbers]}


def list_companies(call: ApiCall) -> Record:
    """Handle `GET /contacts/{id}/companies`, whose next page is a complete URL."""
    people = call.store.people
    numbers: Sequence[str] = people.contact_companies.get(find_contact(call)["id"], [])
    page, per_page = call.number("page", 1, 10_000), call.number("per_page", 50, 60)
    shown, pages = numbered_page(numbers, page, per_page)
    if pages["next"] is not None:
        home = f"{call.request.base_url}/contacts/{call.path['id']}/companies"
        pages["next"] = f"{home}?per_page={per_page}&page={page + 1}"
    companies = [serializers.company(call.store, people.companies[number]) for number in shown]
    # The schema has `companies`, the API's examples have `data`: return both.
    return {
        "type": "list",
        "data": companies,
        "companies": companies,
        "total_count": len(numbers),
        "pages": pages,
    }
