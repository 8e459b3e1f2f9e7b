"""Serializers: add the lists that depend on other records."""

from __future__ import annotations

from intercom_nb.demo.data.organization import Record, admin_id
from intercom_nb.demo.data.parts import MAX_PARTS, plain_text
from intercom_nb.demo.store import Store

SHOWN = 10
"""Entries in each list of a contact; the list's url returns all of them."""


def contact(store: Store, record: Record) -> Record:
    """Return a contact with its first ten tags, notes and companies."""
    key, people = record["id"], store.people
    home = f"/contacts/{key}"
    tags = [_entry("tag", number) for number in people.contact_tags.get(key, [])]
    notes = [_entry("note", number) for number in people.contact_notes.get(key, [])]
    companies = [_entry("company", number) for number in people.contact_companies.get(key, [])]
    return {
        **record,
        "tags": _cut(tags, f"{home}/tags"),
        "notes": _cut(notes, f"{home}/notes"),
        "companies": _cut(companies, f"{home}/companies"),
        "opted_out_subscription_types": _cut([], f"{home}/subscriptions"),
        "opted_in_subscription_types": _cut([], f"{home}/subscriptions"),
    }


_FOLDERS = {"tag": "tags", "note": "notes", "company": "companies"}


def _entry(kind: str, number: str) -> Record:
    return {"type": kind, "id": number, "url": f"/{_FOLDERS[kind]}/{number}"}


def _cut(entries: list[Record], url: str) -> Record:
    return {
        "type": "list",
        "data": entries[:SHOWN],
        "url": url,
        "total_count": len(entries),
        "has_more": len(entries) > SHOWN,
    }


def company(store: Store, record: Record) -> Record:
    """Return a company with its tags, segments and number of contacts."""
    key, people, lists = record["id"], store.people, store.organization
    record = record if record["plan"] is not None else {**record, "plan": {}}
    tags = [lists.tags[number] for number in people.company_tags.get(key, [])]
    segments = [lists.segments[number] for number in people.company_segments.get(key, [])]
    return {
        **record,
        "user_count": len(store.contacts_by_company().get(key, [])),
        "tags": {"type": "tag.list", "tags": tags},
        "segments": {"type": "segment.list", "segments": segments},
    }


def note(store: Store, record: Record) -> Record:
    """Return a note with its author."""
    shown = {key: value for key, value in record.items() if key != "author_id"}
    return {**shown, "author": store.organization.admins.get(record["author_id"])}


def applied_tag(tag: Record, at: int) -> Record:
    """Return a tag with the time at which it was applied, and by whom."""
    return {**tag, "applied_at": at, "applied_by": {"type": "admin", "id": admin_id(0)}}


def conversation(store: Store, record: Record) -> Record:
    """Return a conversation as in lists and searches, without its parts."""
    known, at = store.organization.tags, record["created_at"]
    tags = [applied_tag(known[number], at) for number in record["tag_ids"] if number in known]
    shown = {key: value for key, value in record.items() if key != "tag_ids"}
    if shown["statistics"] is not None:
        shown["statistics"] = _without_nulls(shown["statistics"])
    return {**shown, "tags": {"type": "tag.list", "tags": tags}}


_CHANNELS = {"conversation": "messenger", "email": "email"}


def in_2_16(record: Record) -> Record:
    """Return a conversation as from version 2.16 on: its channel, and 0 for nobody."""
    channel = _CHANNELS.get(record["source"]["type"])
    return {
        **record,
        "admin_assignee_id": record["admin_assignee_id"] or 0,
        "team_assignee_id": record["team_assignee_id"] or 0,
        "channel": {"initial": channel, "current": channel},
        "sales_agent_participated": False,
        "sales_agent": None,
        "external_references": [],
    }


def _without_nulls(record: Record) -> Record:
    """Remove null values: the official schema allows these keys to be missing, not null."""
    return {key: value for key, value in record.items() if value is not None}


def conversation_with_parts(store: Store, record: Record, *, plain: bool = False) -> Record:
    """Return a conversation with its newest parts, optionally in plain text."""
    parts = store.parts(record["id"])[-MAX_PARTS:]
    shown = conversation(store, record)
    if plain:
        source = shown["source"]
        texts = {name: plain_text(source[name]) for name in ("body", "subject")}
        shown["source"] = {**source, **texts}
        parts = [{**part, "body": plain_text(part["body"])} for part in parts]
    shown["conversation_parts"] = {
        "type": "conversation_part.list",
        "conversation_parts": parts,
        "total_count": len(parts),
    }
    return shown
