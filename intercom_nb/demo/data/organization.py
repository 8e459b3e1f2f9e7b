"""Organization records: admins, teams, tags, segments, internal articles, attributes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any, NamedTuple

from intercom_nb.demo.data import corpus
from intercom_nb.demo.data.team_hours import TeamHours
from intercom_nb.demo.dates import INCIDENT_MONTH, NOW, START
from intercom_nb.demo.settings import APP_ID, APP_NAME, DAY, REGION, TIME_ZONE

Record = dict[str, Any]

AGENT_ID = "5017000"
AGENT_NAME = "Fin"
AGENT_EMAIL = f"operator+{APP_ID}@intercom.io"

_ADMIN_BASE = 5_017_691
_TEAM_BASE = 8_148_600
_TAG_BASE = 10_240

_WEEK = dict.fromkeys(range(5), (8, 19))
_LONG_WEEK = {**dict.fromkeys(range(5), (8, 20)), 5: (10, 16), 6: (10, 16)}


class TeamPlan(NamedTuple):
    """A team's members, office hours, and median minutes to first reply."""

    name: str
    admins: tuple[int, ...]
    hours: dict[int, tuple[int, int]]
    first_reply: int
    distribution: str | None
    limit: int | None


TEAMS = (
    TeamPlan("Customer Support", (1, 2, 3, 4), _LONG_WEEK, 22, "round_robin", 10),
    TeamPlan("Billing", (5, 6), _WEEK, 45, "round_robin", 15),
    TeamPlan("Technical Support", (4, 7, 8), _WEEK, 85, "balanced", 8),
    TeamPlan("Sales", (9, 10), _WEEK, 14, None, None),
    TeamPlan("Onboarding", (3, 11), _WEEK, 60, None, None),
    TeamPlan("Key Accounts ★", (12, 10), {**_WEEK, 5: (10, 14)}, 8, "balanced", 5),
)
OFFICE = tuple(TeamHours(team.hours) for team in TEAMS)

_ADMINS = (
    ("Ada Okonkwo", "Head of Support"),
    ("Ben Ferreira", "Support Specialist"),
    ("Chiara Conti", "Support Specialist"),
    ("Dele Adebayo", "Support Specialist"),
    ("Emil Sørensen", "Support Engineer"),
    ("Freya O'Donnell", "Billing Specialist"),
    ("Gaël Petit", "Billing Specialist"),
    ("Hana Suzuki", "Support Engineer"),
    ("Igor Petrov", "Support Engineer"),
    ("Jolene Baker", "Account Executive"),
    ("Kwame Mensah", "Account Executive"),
    ("Lucía Fernández", "Onboarding Manager"),
    ("Mårten Holm", "Key Account Manager"),
    ("Nour El-Sayed", "Product Manager"),
)
OUTAGE_TAG = f"outage {INCIDENT_MONTH.split()[0].lower()}"
TAG_NAMES = (
    *("vip", "bug", "feature request", "billing", "churn risk", OUTAGE_TAG, "feedback"),
    *("escalated", "spam?", "beta tester", "partner", "nps promoter", "<b>bold</b> tag"),
    *("à suivre", "🔥 hot", "unused"),
)
SEGMENT_NAMES = (
    ("All users", "user"),
    ("Active this month", "user"),
    ("Paying", "contact"),
    ("New leads", "contact"),
    ("VIP", "contact"),
    ("Slipping away", "user"),
)


def admin_id(index: int) -> str:
    """Return the id of an admin by position."""
    return str(_ADMIN_BASE + 17 * index)


def team_id(index: int) -> str:
    """Return the id of a team by position."""
    return str(_TEAM_BASE + 13 * index)


def tag_id(index: int) -> str:
    """Return the id of a tag by position."""
    return str(_TAG_BASE + 3 * index)


def segment_id(index: int) -> str:
    """Return the id of a segment by position."""
    return f"69057a80c1d2e3f4a5b6c7{index:02d}"


@dataclass(frozen=True)
class Organization:
    """Hold the organization records, each list in the API's order."""

    admins: dict[str, Record]
    teams: dict[str, Record]
    tags: dict[str, Record]
    segments: dict[str, Record]
    articles: dict[str, Record]
    attributes: list[Record]


def build_organization(rng: Random) -> Organization:
    """Build the organization records."""
    return Organization(
        admins=_by_id(_admin(index) for index in range(len(_ADMINS))),
        teams=_by_id(_team(index) for index in range(len(TEAMS))),
        tags=_by_id(
            {"type": "tag", "id": tag_id(index), "name": name}
            for index, name in enumerate(TAG_NAMES)
        ),
        segments=_by_id(_segment(index) for index in range(len(SEGMENT_NAMES))),
        articles=_by_id(_article(rng, index) for index in range(len(corpus.ARTICLE_TITLES))),
        attributes=_attributes(),
    )


def me(admin: Record) -> Record:
    """Return the body of `GET /me`: the token's admin and the workspace."""
    known = ("type", "id", "name", "email", "job_title", "away_mode_enabled")
    return {
        **{name: admin[name] for name in known},
        "away_mode_reassign": admin["away_mode_reassign"],
        "has_inbox_seat": True,
        "team_ids": admin["team_ids"],
        "avatar": {"type": "avatar", "image_url": admin["avatar"]},
        "email_verified": True,
        "app": {
            "type": "app",
            "id_code": APP_ID,
            "name": APP_NAME,
            "created_at": START - 700 * DAY,
            "secure": False,
            "identity_verification": False,
            "timezone": TIME_ZONE,
            "region": REGION,
        },
    }


def _by_id(records: Any) -> dict[str, Record]:
    return {record["id"]: record for record in records}


def _admin(index: int) -> Record:
    name, job = _ADMINS[index]
    teams = [int(team_id(i)) for i, team in enumerate(TEAMS) if index in team.admins]
    away = index in (8, 13)
    return {
        "type": "admin",
        "id": admin_id(index),
        "name": name,
        "email": f"admin{index}@lanternboard.example",
        "job_title": job,
        "away_mode_enabled": away,
        "away_mode_reassign": away and index == 8,
        "away_status_reason_id": 12 if away else None,
        "has_inbox_seat": index != 13,
        "team_ids": teams,
        "avatar": f"https://static.lanternboard.example/admins/{index}.png" if index % 3 else None,
        "team_priority_level": {"primary_team_ids": teams[:1], "secondary_team_ids": teams[1:]},
    }


def _team(index: int) -> Record:
    plan = TEAMS[index]
    people = [int(admin_id(admin)) for admin in plan.admins]
    return {
        "type": "team",
        "id": team_id(index),
        "name": plan.name,
        "admin_ids": people,
        "admin_priority_level": {
            "primary_admin_ids": people[:1],
            "secondary_admin_ids": people[1:],
        },
        "assignment_limit": plan.limit,
        "distribution_method": plan.distribution,
    }


def _segment(index: int) -> Record:
    name, person = SEGMENT_NAMES[index]
    created = START - (300 - 40 * index) * DAY
    return {
        "type": "segment",
        "id": segment_id(index),
        "name": name,
        "created_at": created,
        "updated_at": created + 90 * DAY,
        "person_type": person,
    }


def _article(rng: Random, index: int) -> Record:
    created = START + rng.randrange(NOW - START - DAY)
    title = corpus.ARTICLE_TITLES[index]
    return {
        "type": "internal_article",
        "id": str(6_871_100 + 7 * index),
        "title": title,
        "body": None if index == 23 else f"<h1>{title}</h1><p>For colleagues only.</p>",
        "owner_id": int(admin_id(rng.randrange(14))),
        "author_id": int(admin_id(rng.randrange(14))),
        "created_at": created,
        "updated_at": created + rng.randrange(NOW - created),
        "locale": "en",
    }


# model, name, label, type
_CUSTOM = (
    ("contact", "plan", "Plan", "string"),
    ("contact", "mrr", "Monthly revenue", "float"),
    ("contact", "seats", "Seats", "integer"),
    ("contact", "trial_ends_at", "Trial ends at", "date"),
    ("contact", "newsletter", "Newsletter", "boolean"),
    ("contact", "customer_number", "Customer number", "string"),
    ("contact", "first_contract", "First contract", "string"),
    ("company", "region", "Region", "string"),
    ("company", "csm", "Customer success manager", "string"),
    ("company", "contract", "Contract", "string"),
    ("company", "seats", "Seats", "integer"),
    ("conversation", "Issue type", "Issue type", "string"),
    ("conversation", "Severity", "Severity", "integer"),
    ("conversation", "CX Score rating", "CX Score rating", "integer"),
    ("conversation", "promised_at", "Promised at", "date"),
    ("conversation", "Root cause", "Root cause", "string"),
)
_STANDARD = (
    ("contact", "email", "Email", "string"),
    ("contact", "name", "Name", "string"),
    ("contact", "created_at", "First seen", "date"),
    ("company", "name", "Company name", "string"),
    ("company", "company_id", "Company ID", "string"),
    ("company", "monthly_spend", "Monthly spend", "float"),
)


def _attributes() -> list[Record]:
    records = []
    for model, name, label, kind in _STANDARD:
        records.append(_attribute(model, name, label, kind) | {"full_name": name, "custom": False})
    for index, (model, name, label, kind) in enumerate(_CUSTOM):
        records.append(
            _attribute(model, name, label, kind)
            | {
                "id": 12_870 + index,
                "full_name": f"custom_attributes.{name}",
                "custom": True,
                "created_at": START - 400 * DAY,
                "updated_at": START - 300 * DAY,
                "admin_id": admin_id(0),
            }
        )
    return records


def _attribute(model: str, name: str, label: str, kind: str) -> Record:
    return {
        "type": "data_attribute",
        "model": model,
        "name": name,
        "label": label,
        "description": f"{label} of a {model}.",
        "data_type": kind,
        "api_writable": True,
        "messenger_writable": False,
        "ui_writable": True,
        "archived": False,
    }


def custom_types(model: str) -> dict[str, str]:
    """Return the custom attributes of a model and their types.

    >>> custom_types("contact")["mrr"]
    'float'
    """
    return {name: kind for owner, name, _, kind in _CUSTOM if owner == model}
