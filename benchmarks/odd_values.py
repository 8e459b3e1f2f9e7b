"""Odd values that real workspaces send, put into records of the soak test and of the benchmarks."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

from .records import Record

_SHARE = 0.06  # of the records, for each kind of odd value
_TIMES = {
    "contacts": ("signed_up_at", "last_seen_at"), "tickets": ("snoozed_until",),
    "conversations": ("waiting_since", "statistics.last_close_at"),
    "companies": ("last_request_at",),
}  # fmt: skip
_TEXTS = {"contacts": "name", "conversations": "title", "companies": "name"}
_LISTS = {
    "contacts": ("tags", "data"), "conversations": ("conversation_parts", "conversation_parts"),
    "tickets": ("ticket_parts", "ticket_parts"), "companies": ("tags", "tags"),
}  # fmt: skip


def spoil(entity: str, record: Record, rng: random.Random) -> None:
    """Add odd values of some kinds, or none, to a record."""
    for kind in _KINDS:
        if rng.random() < _SHARE:
            kind(entity, record, rng)


def vary(entity: str, record: Record, rng: random.Random, progress: float) -> None:
    """Add odd values that every client can parse, and make records differ in keys and size.

    ``progress`` is that of the record in its list, 0 to 1: the last third has its own attribute.
    """
    for kind in _KINDS:
        if rng.random() < _SHARE and kind is not _half_surrogate:
            kind(entity, record, rng)
    attributes = _attributes(entity, record)
    if progress > 2 / 3:
        attributes["Insured until"] = record["created_at"]
    for name in rng.sample(_NAMES, 3):
        attributes[name] = rng.choice(["left", "right", 4, 2.5, True])
    _vary_objects(entity, record, rng)
    if rng.random() < 1 / 10:
        record[_TEXTS[entity]] = ""
    if rng.random() < 1 / 50:
        place = "source.body" if entity == "conversations" else "name"
        _put(record, place, "<p>a long line \u2028 \U0001f6b2</p> " * 200)


def _vary_objects(entity: str, record: Record, rng: random.Random) -> None:
    if rng.random() < 1 / 3:
        record["routing_hint"] = {"lane": rng.choice(["a", "b"]), "weights": [rng.randrange(9)]}
        record["is_preview"] = rng.random() < 1 / 2
    if rng.random() < 1 / 12:
        tags = [{"type": "tag", "id": f"{n}", "name": f"tag {n}"} for n in range(rng.randrange(30))]
        _put(record, "tags.data" if entity == "contacts" else "tags.tags", tags)
    holders = sorted(key for key in _OBJECTS[entity] if key in record)
    if rng.random() < 1 / 4 and holders:
        record[rng.choice(holders)] = None
    if rng.random() < 1 / 12:
        record.pop("statistics", None)


def _time(entity: str, record: Record, rng: random.Random) -> None:
    at: int = record["created_at"]
    text = dt.datetime.fromtimestamp(at, dt.UTC).isoformat()
    _put(record, rng.choice(_TIMES[entity]), rng.choice([at * 1000, at + 0.5, text, "soon"]))


def _null_entries(entity: str, record: Record, rng: random.Random) -> None:
    outer, inner = _LISTS[entity]
    entries = (record.get(outer) or {}).get(inner)
    if entries is not None:
        entries.insert(rng.randrange(len(entries) + 1), rng.choice([None, {}]))


def _nobody(entity: str, record: Record, rng: random.Random) -> None:
    if entity in {"conversations", "tickets"}:
        record[rng.choice(["admin_assignee_id", "team_assignee_id"])] = rng.choice([0, "0"])


def _big_number(entity: str, record: Record, rng: random.Random) -> None:
    number = 2**53 + 1 + rng.randrange(10**15)
    _attributes(entity, record)["frame number"] = rng.choice([number, rng.randrange(900) + 0.25])


def _half_surrogate(entity: str, record: Record, rng: random.Random) -> None:
    text = rng.choice(["cut \ud83d", "\udeb2 cut", "whole \U0001f6b2, cut \ud83d"])
    _attributes(entity, record)["mood"] = text
    if entity in _TEXTS:
        record[_TEXTS[entity]] = text


def _case_twins(entity: str, record: Record, rng: random.Random) -> None:
    twins = {"Depot": rng.choice(["North", "South"]), "depot": rng.choice(["n1", "s4"])}
    _attributes(entity, record).update(twins)


def _clash(entity: str, record: Record, rng: random.Random) -> None:
    attributes = _attributes(entity, record)
    numbers = [name for name, value in attributes.items() if type(value) in {int, float}]
    if numbers:
        attributes[rng.choice(numbers)] = rng.choice(["about 20", "none"])


def _put(record: Record, path: str, value: object) -> None:
    """Set a value, unless the record lacks the object that it belongs to."""
    outer, _, key = path.rpartition(".")
    holder = record.get(outer) if outer else record
    if holder:
        holder[key] = value


def _attributes(entity: str, record: Record) -> Record:
    name = "ticket_attributes" if entity == "tickets" else "custom_attributes"
    found: Record = record[name]
    return found


_NAMES = [
    "dock.side",
    "frame size (cm)",
    "Vélo préféré",
    'say "hi"',
    "\U0001f6b2",
    " padded ",
    "a.b.c",
]
_OBJECTS = {
    "contacts": {"avatar", "location"},
    "conversations": {"conversation_rating", "ai_agent", "sla_applied", "first_contact_reply"},
}
_KINDS: tuple[Callable[[str, Record, random.Random], None], ...] = (
    _time, _null_entries, _nobody, _big_number, _half_surrogate, _case_twins, _clash,
)  # fmt: skip
