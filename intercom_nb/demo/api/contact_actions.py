"""Actions on contacts: tags, companies, subscriptions, archive, block, merge."""

from __future__ import annotations

from intercom_nb.demo.api import serializers
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import require_fields
from intercom_nb.demo.api.contacts import find_contact
from intercom_nb.demo.api.crud import SUBSCRIPTIONS
from intercom_nb.demo.api.errors import ApiError, not_found
from intercom_nb.demo.api.tags import find_tag, set_related
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.dates import NOW


def attach_tag(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/tags`."""
    tag, contact = find_tag(call, call.json().get("id")), find_contact(call)
    call.store.record_write()
    set_related(call.store.people.contact_tags, contact["id"], tag["id"], is_related=True)
    return serializers.applied_tag(tag, NOW + call.store.version)


def detach_tag(call: ApiCall) -> Record:
    """Handle `DELETE /contacts/{id}/tags/{tag}`."""
    tag, contact = find_tag(call, call.path["tag"]), find_contact(call)
    call.store.record_write()
    set_related(call.store.people.contact_tags, contact["id"], tag["id"], is_related=False)
    return serializers.applied_tag(tag, NOW + call.store.version)


def attach_company(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/companies`."""
    company, contact = _company(call, call.json().get("id")), find_contact(call)
    call.store.record_write()
    set_related(call.store.people.contact_companies, contact["id"], company["id"], is_related=True)
    return serializers.company(call.store, company)


def detach_company(call: ApiCall) -> Record:
    """Handle `DELETE /contacts/{id}/companies/{company}`."""
    company, contact = _company(call, call.path["company"]), find_contact(call)
    call.store.record_write()
    set_related(call.store.people.contact_companies, contact["id"], company["id"], is_related=False)
    return serializers.company(call.store, company)


def _company(call: ApiCall, key: object) -> Record:
    record = call.store.people.companies.get(str(key))
    if record is None:
        raise not_found("Company Not Found", "company_not_found")
    return record


def list_subscriptions(call: ApiCall) -> Record:
    """Handle `GET /contacts/{id}/subscriptions`: every fourth contact has chosen."""
    chosen = int(find_contact(call)["id"][-2:], 16) % 4 == 0
    return {"type": "list", "data": list(SUBSCRIPTIONS.records(call).values())[: int(chosen)]}


def attach_subscription(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/subscriptions`."""
    body = call.json()
    require_fields(body, "id", "consent_type")
    find_contact(call)
    return _subscription(call, body["id"])


def detach_subscription(call: ApiCall) -> Record:
    """Handle `DELETE /contacts/{id}/subscriptions/{subscription}`."""
    find_contact(call)
    return _subscription(call, call.path["subscription"])


def _subscription(call: ApiCall, key: object) -> Record:
    record = call.store.tables["subscription_types"].get(str(key))
    if record is None:
        raise not_found()
    call.store.record_write()
    return record


def archive(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/archive`."""
    return _mark(call, archived=True)


def unarchive(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/unarchive`."""
    return _mark(call, archived=False)


def block(call: ApiCall) -> Record:
    """Handle `POST /contacts/{id}/block`."""
    return _mark(call, blocked=True)


def _mark(call: ApiCall, **flags: bool) -> Record:
    contact = find_contact(call)
    call.store.record_write()
    return {"type": "contact", "id": contact["id"], "external_id": contact["external_id"], **flags}


def merge(call: ApiCall) -> Record:
    """Handle `POST /contacts/merge`: the lead is gone, the user stays."""
    body, contacts = call.json(), call.store.people.contacts
    require_fields(body, "from", "into")
    lead, user = contacts.get(str(body["from"])), contacts.get(str(body["into"]))
    if lead is None or user is None:
        raise not_found("User Not Found")
    if (lead["role"], user["role"]) != ("lead", "user"):
        raise ApiError(400, "parameter_invalid", "a lead can only be merged into a user", "into")
    call.store.record_write()
    del contacts[lead["id"]]
    call.store.people.merged[lead["id"]] = user["id"]
    return serializers.contact(call.store, user)
