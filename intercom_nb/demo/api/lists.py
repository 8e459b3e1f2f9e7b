"""The lists that come in one answer: me, admins, teams, segments, data attributes."""

from __future__ import annotations

from intercom_nb.demo.api.call import Call
from intercom_nb.demo.api.errors import invalid, not_found
from intercom_nb.demo.data.organization import Record, admin_id, me


def identify(call: Call) -> Record:
    """Answer `GET /me`."""
    return me(call.store.organization.admins[admin_id(0)])


def admins(call: Call) -> Record:
    """Answer `GET /admins`; pictures come on request only."""
    records = list(call.store.organization.admins.values())
    if not call.flag("display_avatar"):
        records = [{k: v for k, v in record.items() if k != "avatar"} for record in records]
    return {"type": "admin.list", "admins": records}


def admin(call: Call) -> Record:
    """Answer `GET /admins/{id}`."""
    record = call.store.organization.admins.get(call.path["id"])
    if record is None:
        raise not_found("Admin not found", "admin_not_found")
    return record


def teams(call: Call) -> Record:
    """Answer `GET /teams`."""
    return {"type": "team.list", "teams": list(call.store.organization.teams.values())}


def team(call: Call) -> Record:
    """Answer `GET /teams/{id}`."""
    record = call.store.organization.teams.get(call.path["id"])
    if record is None:
        raise not_found("Team not found", "team_not_found")
    return record


def segments(call: Call) -> Record:
    """Answer `GET /segments`, on request with the number of contacts in each."""
    records = list(call.store.organization.segments.values())
    if call.text("type") == "company":
        used = {key for keys in call.store.people.company_segments.values() for key in keys}
        records = [record for record in records if record["id"] in used]
    if call.flag("include_count"):
        counts = _segment_counts(call)
        records = [{**record, "count": counts.get(record["id"], 0)} for record in records]
    return {"type": "segment.list", "segments": records, "pages": {}}


def _segment_counts(call: Call) -> dict[str, int]:
    counts: dict[str, int] = {}
    for contact in call.store.people.contacts.values():
        for key in call.store.segments_of(contact):
            counts[key] = counts.get(key, 0) + 1
    return counts


def segment(call: Call) -> Record:
    """Answer `GET /segments/{id}`."""
    record = call.store.organization.segments.get(call.path["id"])
    if record is None:
        raise not_found()
    return record


def data_attributes(call: Call) -> Record:
    """Answer `GET /data_attributes`."""
    model = call.text("model")
    if model not in (None, "contact", "company", "conversation"):
        raise invalid("model must be contact, company or conversation", "model")
    call.flag("include_archived")
    records = call.store.organization.attributes
    # The official description of the answer knows these two.
    wanted = ("contact", "company") if model is None else (model,)
    data = [record for record in records if record["model"] in wanted]
    return {"type": "list", "data": data}
