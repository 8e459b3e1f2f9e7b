"""Tags: list, get, create, rename, tag and untag, delete."""

from __future__ import annotations

from intercom_nb.demo.api.call import Call
from intercom_nb.demo.api.checks import take
from intercom_nb.demo.api.errors import ApiError, invalid, not_found
from intercom_nb.demo.data.organization import Record, tag_id
from intercom_nb.demo.store import fresh_number

# The segment "VIP" is built on the first tag, so that tag can't be deleted.
_IN_SEGMENT = {tag_id(0): "VIP"}


def list_all(call: Call) -> Record:
    """Answer `GET /tags`."""
    return {"type": "list", "data": list(call.store.organization.tags.values())}


def get(call: Call) -> Record:
    """Answer `GET /tags/{id}`."""
    record = call.store.organization.tags.get(call.path["id"])
    if record is None:
        raise not_found()
    return record


def create(call: Call) -> Record:
    """Answer `POST /tags`: create, rename, or tag companies and contacts by the way."""
    body = call.json()
    if not body.get("name"):
        raise ApiError(400, "parameter_invalid", "invalid tag parameters")
    given = take(body, {"name": "text", "id": "id?", "companies": "list", "users": "list"})
    companies, contacts = _named(call, given)
    record = _record(call, given)
    call.store.tick()
    call.store.organization.tags[record["id"]] = record
    people = call.store.people
    for key, wanted in companies:
        _set(people.company_tags, key, record["id"], wanted)
    for key, wanted in contacts:
        _set(people.contact_tags, key, record["id"], wanted)
    return record


def _record(call: Call, given: Record) -> Record:
    tags, name = call.store.organization.tags, given["name"]
    if given.get("id") is not None:
        number = str(given["id"])
        if number not in tags:
            raise not_found()
        return {"type": "tag", "id": number, "name": name}
    same = (tag for tag in tags.values() if tag["name"].casefold() == name.casefold())
    return next(same, {"type": "tag", "id": fresh_number(tags), "name": name})


def _named(call: Call, given: Record) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Return the companies and contacts to tag (true) or untag (false), all checked first."""
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


def _set(relation: dict[str, list[str]], key: str, tag: str, wanted: bool) -> None:
    others = [number for number in relation.get(key, []) if number != tag]
    relation[key] = [*others, tag] if wanted else others


def delete(call: Call) -> None:
    """Answer `DELETE /tags/{id}`, with an empty body."""
    record = get(call)
    if record["id"] in _IN_SEGMENT:
        text = f"Unable to delete Tag with dependent objects. Segments: {_IN_SEGMENT[record['id']]}"
        raise ApiError(400, "tag_has_dependent_objects", text)
    call.store.tick()
    del call.store.organization.tags[record["id"]]
    for relation in (call.store.people.contact_tags, call.store.people.company_tags):
        for key, numbers in relation.items():
            if record["id"] in numbers:
                relation[key] = [number for number in numbers if number != record["id"]]
