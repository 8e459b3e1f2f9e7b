"""Tags: list, get, create, rename, tag and untag, delete."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import pick_fields
from intercom_nb.demo.api.errors import ApiError, invalid, not_found
from intercom_nb.demo.data.organization import Record, tag_id
from intercom_nb.demo.store import fresh_number

# The segment "VIP" depends on the first tag, so that tag can't be deleted.
_IN_SEGMENT = {tag_id(0): "VIP"}


def list_all(call: ApiCall) -> Record:
    """Handle `GET /tags`."""
    return {"type": "list", "data": call.on_first_page(call.store.organization.tags.values())}


def find_tag(call: ApiCall, key: object) -> Record:
    """Return a tag by its id."""
    record = call.store.organization.tags.get(str(key))
    if record is None:
        raise not_found()
    return record


def get(call: ApiCall) -> Record:
    """Handle `GET /tags/{id}`."""
    return find_tag(call, call.path["id"])


def create(call: ApiCall) -> Record:
    """Handle `POST /tags`: create, rename, or tag companies and contacts."""
    body = call.json()
    if not body.get("name"):
        raise ApiError(400, "parameter_invalid", "invalid tag parameters")
    given = pick_fields(body, {"name": "text", "id": "id?", "companies": "list", "users": "list"})
    companies, contacts = _named(call, given)
    record = _record(call, given)
    call.store.record_write()
    call.store.organization.tags[record["id"]] = record
    people = call.store.people
    for key, wanted in companies:
        set_related(people.company_tags, key, record["id"], is_related=wanted)
    for key, wanted in contacts:
        set_related(people.contact_tags, key, record["id"], is_related=wanted)
    return record


def _record(call: ApiCall, given: Record) -> Record:
    tags, name = call.store.organization.tags, given["name"]
    if given.get("id") is not None:
        number = str(given["id"])
        if number not in tags:
            raise not_found()
        return {"type": "tag", "id": number, "name": name}
    same = (tag for tag in tags.values() if tag["name"].casefold() == name.casefold())
    return next(same, {"type": "tag", "id": fresh_number(tags), "name": name})


def _named(call: ApiCall, given: Record) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return the companies and contacts to tag (true) or untag (false), all checked."""
    people = call.store.people
    by_own_id = {record["company_id"]: key for key, record in people.companies.items()}
    companies = []
    for entry in _entries(given, "companies"):
        key = str(entry.get("id") or by_own_id.get(str(entry.get("company_id"))))
        if key not in people.companies:
            raise not_found("Company Not Found", "company_not_found")
        companies.append((key, not entry.get("untag", False)))
    contacts = []
    for entry in _entries(given, "users"):
        key = str(entry.get("id"))
        if key not in people.contacts:
            raise not_found("User Not Found")
        contacts.append((key, not entry.get("untag", False)))
    return companies, contacts


def _entries(given: Record, name: str) -> list[Record]:
    entries: list[Record] = given.get(name, [])
    if not all(isinstance(entry, dict) for entry in entries):
        raise invalid(f"{name} must be a list of objects", name)
    return entries


def set_related(relation: dict[str, list[str]], key: str, other: str, *, is_related: bool) -> None:
    """Add an id to those related to a record, or remove it."""
    others = [number for number in relation.get(key, []) if number != other]
    relation[key] = [*others, other] if is_related else others


def delete(call: ApiCall) -> None:
    """Handle `DELETE /tags/{id}`, with an empty body."""
    record = get(call)
    if record["id"] in _IN_SEGMENT:
        text = f"Unable to delete Tag with dependent objects. Segments: {_IN_SEGMENT[record['id']]}"
        raise ApiError(400, "tag_has_dependent_objects", text)
    call.store.record_write()
    del call.store.organization.tags[record["id"]]
    for relation in (call.store.people.contact_tags, call.store.people.company_tags):
        for key, numbers in relation.items():
            if record["id"] in numbers:
                relation[key] = [number for number in numbers if number != record["id"]]
