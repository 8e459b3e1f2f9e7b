"""Companies: list, scroll, get, create or update, delete, and their contacts."""

from __future__ import annotations

from intercom_nb.demo.api import contacts, serializers
from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.checks import has_type, merge_attributes, pick_fields, require_fields
from intercom_nb.demo.api.errors import ApiError, invalid, not_found
from intercom_nb.demo.api.paging import cursor_page, numbered_page
from intercom_nb.demo.data.organization import Record
from intercom_nb.demo.settings import APP_ID

MAX_PER_PAGE = 60
SCROLL_PAGE = 25
SCROLL_SECONDS = 60
_WRITABLE = {
    "name": "text",
    "plan": "text?",
    "size": "integer?",
    "website": "text?",
    "industry": "text?",
    "custom_attributes": "object?",
    "remote_created_at": "date?",
    "monthly_spend": "number?",
}


def _listed(call: ApiCall) -> list[Record]:
    """Return the companies that have contacts, last active first; lists omit the others."""
    members = call.store.contacts_by_company()
    found = [r for r in call.store.people.companies.values() if members.get(r["id"])]
    return sorted(found, key=lambda r: (r.get("last_request_at", 0), r["id"]), reverse=True)


def _page(call: ApiCall, records: list[Record]) -> Record:
    page, per_page = call.number("page", 1, 10_000), call.number("per_page", 15, MAX_PER_PAGE)
    shown, pages = numbered_page(records, page, per_page)
    return {
        "type": "list",
        "data": [serializers.company(call.store, record) for record in shown],
        "pages": pages,
        "total_count": len(records),
    }


def list_or_find(call: ApiCall) -> Record:
    """Handle `GET /companies`: one company for a name or company_id, otherwise a list."""
    for name in ("company_id", "name"):
        wanted = call.text(name)
        if wanted is not None:
            return _find_by(call, name, wanted)
    records, people = _listed(call), call.store.people
    tag, segment = call.text("tag_id"), call.text("segment_id")
    if tag is not None:
        records = [r for r in records if tag in people.company_tags.get(r["id"], [])]
    if segment is not None:
        records = [r for r in records if segment in people.company_segments.get(r["id"], [])]
    return _page(call, records)


def _find_by(call: ApiCall, name: str, wanted: str) -> Record:
    for record in call.store.people.companies.values():
        if record[name] == wanted:
            return serializers.company(call.store, record)
    raise not_found("Company Not Found", "company_not_found")


def list_all(call: ApiCall) -> Record:
    """Handle `POST /companies/list`."""
    order = call.text("order") or "desc"
    if order not in ("asc", "desc"):
        raise invalid("order must be asc or desc", "order")
    records = _listed(call)
    return _page(call, records if order == "desc" else records[::-1])


def scroll(call: ApiCall) -> Record:
    """Handle `GET /companies/scroll`: page after page until one is empty."""
    state, now = call.store.scroll, call.now
    param = call.text("scroll_param")
    if param is None:
        if state.is_open(now, SCROLL_SECONDS):
            raise ApiError(400, "scroll_exists", "scroll already exists for this workspace")
        state.opened += 1
        state.param = f"{state.opened:08x}-7c1d-4b52-9f0e-demoscroll00"
        state.ids = [record["id"] for record in _listed(call)]
    elif param != state.param or not state.is_open(now, SCROLL_SECONDS):
        raise not_found("scroll parameter not found")
    shown, state.ids = state.ids[:SCROLL_PAGE], state.ids[SCROLL_PAGE:]
    current, state.used_at = state.param, now
    if not shown:
        state.param = ""
    companies = call.store.people.companies
    data = [serializers.company(call.store, companies[key]) for key in shown if key in companies]
    return {
        "type": "list",
        "data": data,
        "pages": None,
        "total_count": None,
        "scroll_param": current,
    }


def find_company(call: ApiCall) -> Record:
    """Return the company in the path, or raise not found."""
    record = call.store.people.companies.get(call.path["id"])
    if record is None:
        raise not_found("Company Not Found", "company_not_found")
    return record


def get(call: ApiCall) -> Record:
    """Handle `GET /companies/{id}`."""
    return serializers.company(call.store, find_company(call))


def create_or_update(call: ApiCall) -> Record:
    """Handle `POST /companies`: what has the same company_id is updated."""
    body = call.json()
    require_fields(body, "company_id")
    if not has_type(body["company_id"], "id"):
        raise invalid("company_id must be text", "company_id")
    companies = call.store.people.companies
    wanted = str(body["company_id"])
    known = next((r for r in companies.values() if r["company_id"] == wanted), None)
    return _write(call, body, known or _blank(wanted))


def update(call: ApiCall) -> Record:
    """Handle `PUT /companies/{id}`; a company_id in the body is ignored, as in the API."""
    return _write(call, call.json(), find_company(call))


def _write(call: ApiCall, body: Record, record: Record) -> Record:
    new = {"update_last_request_at": "flag"} if call.is_version("2.16") else {}
    for name in body:
        # Companies are stricter than contacts: an unknown field is an error.
        if name not in {**_WRITABLE, **new, "company_id": "id"}:
            raise ApiError(400, "bad_request", f"bad '{name}' parameter")
    changes = pick_fields(body, _WRITABLE)
    if pick_fields(body, new).get("update_last_request_at"):
        changes["last_request_at"] = int(call.now)
    if "custom_attributes" in changes:
        changes["custom_attributes"] = merge_attributes(
            record["custom_attributes"], changes["custom_attributes"], None
        )
    if changes.get("monthly_spend") is not None:
        changes["monthly_spend"] = min(int(changes["monthly_spend"]), 2_147_483_647)
    if "plan" in changes:
        name = changes["plan"]
        changes["plan"] = {"type": "plan", "id": f"26{len(name):04d}", "name": name} if name else {}
    now = call.store.record_write()
    # Null removes a value: the key is missing afterwards.
    gone = [name for name, value in changes.items() if value is None]
    kept = {name: value for name, value in {**record, **changes}.items() if name not in gone}
    changed = {**kept, "updated_at": now}
    if not changed["id"]:
        changed = {"remote_created_at": now, **changed, "created_at": now}
        changed["id"] = call.store.new_object_id()
    call.store.people.companies[changed["id"]] = changed
    return serializers.company(call.store, changed)


def _blank(company_id: str) -> Record:
    # Unknown values (size, website, industry, last request) are missing, not null.
    return {
        "type": "company",
        "id": "",
        "company_id": company_id,
        "app_id": APP_ID,
        "name": "",
        "created_at": 0,
        "updated_at": 0,
        "monthly_spend": 0,
        "session_count": 0,
        "user_count": 0,
        "plan": {},
        "custom_attributes": {},
    }


def delete(call: ApiCall) -> Record:
    """Handle `DELETE /companies/{id}`; its contacts stay and lose the company."""
    record, people = find_company(call), call.store.people
    call.store.record_write()
    del people.companies[record["id"]]
    for contact, companies in people.contact_companies.items():
        if record["id"] in companies:
            left = [key for key in companies if key != record["id"]]
            people.contact_companies[contact] = left
    return {"id": record["id"], "object": "company", "deleted": True}


def list_contacts(call: ApiCall) -> Record:
    """Handle `GET /companies/{id}/contacts`."""
    key, people = find_company(call)["id"], call.store.people
    records = [
        people.contacts[contact] for contact in call.store.contacts_by_company().get(key, [])
    ]
    per_page = call.number("per_page", 50, MAX_PER_PAGE)
    page = cursor_page(records, per_page, call.text("starting_after"), f"company {key}")
    return contacts.list_response(call, page, len(records))


def list_segments(call: ApiCall) -> Record:
    """Handle `GET /companies/{id}/segments`."""
    numbers = call.store.people.company_segments.get(find_company(call)["id"], [])
    known = call.store.organization.segments
    return {"type": "list", "data": [known[number] for number in numbers]}


def list_notes(call: ApiCall) -> Record:
    """Handle `GET /companies/{id}/notes`: nobody has written any."""
    find_company(call)
    page, per_page = call.number("page", 1, 10_000), call.number("per_page", 50, MAX_PER_PAGE)
    nothing: list[Record] = []
    _, pages = numbered_page(nothing, page, per_page)
    return {"type": "list", "data": nothing, "total_count": 0, "pages": pages}
