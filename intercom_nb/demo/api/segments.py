"""Segments: list and get."""

from __future__ import annotations

from intercom_nb.demo.api.api_call import ApiCall
from intercom_nb.demo.api.errors import not_found
from intercom_nb.demo.data.organization import Record


def list_all(call: ApiCall) -> Record:
    """Handle `GET /segments`, on request with the number of contacts in each."""
    records = list(call.store.organization.segments.values())
    if call.text("type") == "company":
        used = {key for keys in call.store.people.company_segments.values() for key in keys}
        records = [record for record in records if record["id"] in used]
    if call.is_set("include_count"):
        counts = _segment_counts(call)
        records = [{**record, "count": counts.get(record["id"], 0)} for record in records]
    return {"type": "segment.list", "segments": call.on_first_page(records), "pages": {}}


def _segment_counts(call: ApiCall) -> dict[str, int]:
    counts: dict[str, int] = {}
    for contact in call.store.people.contacts.values():
        for key in call.store.segments_of(contact):
            counts[key] = counts.get(key, 0) + 1
    return counts


def get(call: ApiCall) -> Record:
    """Handle `GET /segments/{id}`."""
    record = call.store.organization.segments.get(call.path["id"])
    if record is None:
        raise not_found()
    return record
