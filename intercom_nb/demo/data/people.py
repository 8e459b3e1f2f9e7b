"""Contacts, companies and notes, and their relations."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from intercom_nb.demo.data import corpus
from intercom_nb.demo.data.organization import TAG_NAMES, Record, admin_id, segment_id, tag_id
from intercom_nb.demo.dates import NOW, START
from intercom_nb.demo.settings import APP_ID, DAY, HOUR

CONTACTS = 860
COMPANIES = 64
# The last companies have no contacts, so that lists and the scroll omit them.
EMPTY_COMPANIES = 3
# Contacts with more than ten tags, notes and companies, so that their lists are truncated.
BUSY_CONTACTS = (5, 17, 230, 611)

_FIRST_SIGN_UP = START - 700 * DAY


@dataclass
class People:
    """Hold contacts, companies and notes, and the relations between them by id."""

    contacts: dict[str, Record]
    companies: dict[str, Record]
    notes: dict[str, Record]
    contact_tags: dict[str, list[str]]
    contact_notes: dict[str, list[str]]
    contact_companies: dict[str, list[str]]
    company_tags: dict[str, list[str]]
    company_segments: dict[str, list[str]]
    merged: dict[str, str] = field(default_factory=dict)
    """The remaining contact of each merged one, by id."""


def build_people(rng: Random) -> People:
    """Build all contacts, companies and notes.

    >>> len(build_people(Random(7)).contacts)
    860
    """
    companies = [_company(rng, index) for index in range(COMPANIES)]
    signed_up = sorted(
        _FIRST_SIGN_UP + int((NOW - _FIRST_SIGN_UP) * rng.random() ** 0.8) for _ in range(CONTACTS)
    )
    contacts = [_contact(rng, index, at) for index, at in enumerate(signed_up)]
    people = People(
        contacts={record["id"]: record for record in contacts},
        companies={record["id"]: record for record in companies},
        notes={},
        contact_tags={},
        contact_notes={},
        contact_companies={},
        company_tags={},
        company_segments={},
    )
    for index, contact in enumerate(contacts):
        _relate(rng, people, index, contact, companies[: COMPANIES - EMPTY_COMPANIES])
    for index, company in enumerate(companies):
        people.company_tags[company["id"]] = [tag_id(0)] if index % 7 == 0 else []
        people.company_segments[company["id"]] = [segment_id(2)] if company["plan"] else []
    return people


def object_id(rng: Random, at: int) -> str:
    """Return a 24-character hexadecimal id that starts with the creation time."""
    return f"{at:08x}{rng.getrandbits(64):016x}"


def _company(rng: Random, index: int) -> Record:
    created = _FIRST_SIGN_UP - rng.randrange(90 * DAY)
    first = corpus.COMPANY_FIRST[index % 16]
    name = f"{first} {corpus.COMPANY_SECOND[(index + index // 16 * 2) % 7]}"
    plan = corpus.PLANS[rng.randrange(5)]
    known = {
        "size": rng.choice((3, 12, 40, 85, 250, 1_200)),
        "website": f"https://{first.lower()}-{index}.example",
        "industry": rng.choice(corpus.INDUSTRIES),
    }
    return {
        "type": "company",
        "id": object_id(rng, created),
        "company_id": f"lb-{1000 + index}",
        "app_id": APP_ID,
        "name": {11: "=1+1 Holdings", 12: "<script>alert('co')</script> & Söhne"}.get(index, name),
        "remote_created_at": created - rng.randrange(30 * DAY),
        "created_at": created,
        "updated_at": NOW - rng.randrange(60 * DAY),
        "last_request_at": NOW - 60 - rng.randrange(40 * DAY),
        "monthly_spend": rng.randrange(0, 4_000),
        "session_count": rng.randrange(900),
        "user_count": 0,
        # Unknown values of a company are missing, not null.
        **({} if index % 11 == 3 else known),
        "plan": _plan(index, plan),
        "custom_attributes": _company_attributes(rng, index),
    }


def _plan(index: int, plan: str) -> Record | None:
    # Without a plan, the API returns an empty object and in some workspaces null.
    if index % 9 == 4:
        return {}
    if index % 21 == 8:
        return None
    return {"type": "plan", "id": str(269_300 + corpus.PLANS.index(plan)), "name": plan}


def _company_attributes(rng: Random, index: int) -> Record:
    values: Record = {
        "region": rng.choice(("EMEA", "AMER", "APAC")),
        "csm": f"admin{rng.randrange(14)}",
        "seats": (5, 12, 40, 90, 250)[index * 3 % 5] + index,
    }
    if index % 4 == 0:
        values["contract"] = f"{2024 + index % 3}-0{1 + index % 9}"
    return {} if index % 13 == 6 else values


def _contact(rng: Random, index: int, created: int) -> Record:
    lead = rng.random() < 0.22
    seen = created + int((NOW - created) * rng.random() ** 0.3)
    return {
        "type": "contact",
        "id": object_id(rng, created),
        "workspace_id": APP_ID,
        "role": "lead" if lead else "user",
        "external_id": None if lead and rng.random() < 0.8 else f"u-{40_000 + index}",
        **_identity(rng, index, lead),
        "avatar": _avatar(index),
        "owner_id": int(admin_id(rng.randrange(14))) if rng.random() < 0.4 else None,
        "social_profiles": {"type": "list", "data": _social(index)},
        "has_hard_bounced": rng.random() < 0.02,
        "marked_email_as_spam": rng.random() < 0.01,
        "unsubscribed_from_emails": rng.random() < 0.12,
        "created_at": created,
        "updated_at": seen + rng.randrange(NOW - seen) if seen < NOW else seen,
        "signed_up_at": None if lead else created,
        "last_seen_at": None if rng.random() < 0.08 else seen,
        **_last_times(rng, created, seen),
        "language_override": "fr" if rng.random() < 0.04 else None,
        **_device(rng, seen),
        **_phone_apps(rng, seen),
        "custom_attributes": _attributes(rng, index, created),
        "utm_campaign": "spring" if rng.random() < 0.1 else None,
        "utm_content": None,
        "utm_medium": "cpc" if rng.random() < 0.1 else None,
        "utm_source": "newsletter" if rng.random() < 0.1 else None,
        "utm_term": None,
        "referrer": "https://search.example/" if rng.random() < 0.15 else None,
        "enabled_push_messaging": True if rng.random() < 0.2 else None,
    }


def _identity(rng: Random, index: int, lead: bool) -> Record:
    first, last = rng.choice(corpus.FIRST_NAMES), rng.choice(corpus.LAST_NAMES)
    name: str | None = f"{first} {last}"
    if index < len(corpus.ODD_NAMES):
        name = corpus.ODD_NAMES[index]
    elif rng.random() < 0.05:
        name = None
    domain = f"mail{rng.randrange(40)}.example"
    # Leads may have no address; then the domain is missing, not null.
    email = {"email": f"person{index}@{domain}", "email_domain": domain}
    if lead and rng.random() < 0.3:
        email = {"email": ""}
    phone = f"+1555{rng.randrange(10**7):07d}" if rng.random() < 0.45 else None
    return {**email, "phone": phone, "name": name}


def _avatar(index: int) -> Record | None:
    if index % 3:
        return None
    return {"type": "avatar", "image_url": f"https://static.lanternboard.example/u/{index}.png"}


def _social(index: int) -> list[Record]:
    if index % 19:
        return []
    url = f"https://social.example/u{index}"
    return [{"type": "social_profile", "name": "LinkedIn", "url": url}]


def _last_times(rng: Random, created: int, seen: int) -> Record:
    names = ("last_replied_at", "last_contacted_at", "last_email_opened_at")
    times = {
        name: created + int((seen - created) * rng.random()) if rng.random() < 0.6 else None
        for name in names
    }
    opened = times["last_email_opened_at"]
    clicked = opened + 40 if opened and rng.random() < 0.3 else None
    return {**times, "last_email_clicked_at": clicked}


def _device(rng: Random, seen: int) -> Record:
    country, region, city, code, continent, language = rng.choice(corpus.PLACES)
    known = rng.random() < 0.9
    browser, version = rng.choice(corpus.BROWSERS) if known else (None, None)
    system = rng.choice(corpus.SYSTEMS)
    location = {
        "type": "location",
        "country": country if known else None,
        "region": region if known else None,
        "city": city if known and rng.random() < 0.9 else None,
        "country_code": code if known else None,
        "continent_code": continent if known else None,
    }
    return {
        "browser": browser,
        "browser_version": version,
        "browser_language": language if known else None,
        "os": system if known else None,
        "location": location,
    }


def _phone_apps(rng: Random, seen: int) -> Record:
    kind = rng.random()
    android, ios = kind < 0.12, kind > 0.85
    return {
        "android_app_name": "Lanternboard" if android else None,
        "android_app_version": "7.4.1" if android else None,
        "android_device": "Pixel 9" if android else None,
        "android_os_version": "16" if android else None,
        "android_sdk_version": "17.2.0" if android else None,
        "android_last_seen_at": seen if android else None,
        "ios_app_name": "Lanternboard" if ios else None,
        "ios_app_version": "7.4.0" if ios else None,
        "ios_device": "iPhone16,1" if ios else None,
        "ios_os_version": "26.0" if ios else None,
        "ios_sdk_version": "19.1.0" if ios else None,
        "ios_last_seen_at": seen if ios else None,
    }


def _attributes(rng: Random, index: int, created: int) -> Record:
    """Draw custom attributes; as in the API, keys differ between contacts."""
    if rng.random() < 0.06:
        return {}
    plan = corpus.PLANS[min(4, int(rng.expovariate(0.8)))]
    values: Record = {"plan": plan, "newsletter": rng.random() < 0.5}
    if plan != "free":
        cents = rng.randrange(900, 90_000)
        values["mrr"] = cents // 100 if cents % 4 == 0 else cents / 100
        values["seats"] = rng.randrange(1, 120)
    if rng.random() < 0.4:
        values["trial_ends_at"] = created + 14 * DAY + rng.randrange(DAY)
    if rng.random() < 0.5:
        values["customer_number"] = f"{index:06d}"
    if rng.random() < 0.1:
        values["first_contract"] = "2024-05-01"
    if rng.random() < 0.05:
        values["plan"] = None
    return values


def _relate(
    rng: Random, people: People, index: int, contact: Record, companies: list[Record]
) -> None:
    busy = index in BUSY_CONTACTS
    tags = 12 + index % 3 if busy else max(0, int(rng.gauss(0.6, 1)))
    own = 11 + index % 4 if busy else rng.choices((0, 1, 2), (25, 65, 10))[0]
    notes = 12 if busy else rng.choices((0, 1, 2, 3), (70, 18, 8, 4))[0]
    key = contact["id"]
    # The last tag stays unused, so that one tag can be deleted without side effects.
    chosen = sorted(rng.sample(range(len(TAG_NAMES) - 1), tags))
    people.contact_tags[key] = [tag_id(number) for number in chosen]
    joined = rng.sample(companies, own)
    people.contact_companies[key] = [company["id"] for company in joined]
    for company in joined:
        company["user_count"] += 1
    people.contact_notes[key] = [_note(rng, people, contact) for _ in range(notes)]


def _note(rng: Random, people: People, contact: Record) -> str:
    number = str(17_495_000 + 11 * len(people.notes))
    people.notes[number] = {
        "type": "note",
        "id": number,
        "created_at": min(NOW - HOUR, contact["created_at"] + rng.randrange(200 * DAY)),
        "contact": {"type": "contact", "id": contact["id"]},
        "author_id": admin_id(rng.randrange(14)),
        "body": rng.choice(corpus.CONTACT_NOTES),
    }
    return number


def is_in_segment(number: int, contact: Record, tags: list[str]) -> bool:
    """Return whether a contact belongs to a segment.

    >>> is_in_segment(0, {"role": "user"}, [])
    True
    """
    plan = contact.get("custom_attributes", {}).get("plan")
    rules: tuple[Any, ...] = (
        lambda: contact["role"] == "user",
        lambda: contact["role"] == "user" and (contact["last_seen_at"] or 0) >= NOW - 30 * DAY,
        lambda: plan not in (None, "free"),
        lambda: contact["role"] == "lead" and contact["created_at"] >= NOW - 60 * DAY,
        lambda: tag_id(0) in tags,
        lambda: contact["role"] == "user" and (contact["last_seen_at"] or 0) < NOW - 120 * DAY,
    )
    return bool(rules[number]())
