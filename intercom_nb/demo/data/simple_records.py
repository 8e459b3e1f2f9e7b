"""Tables of simple records: articles, brands, news, activity logs and others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from random import Random

from intercom_nb.demo.data.organization import SEGMENT_NAMES, Record, admin_id, segment_id
from intercom_nb.demo.dates import NOW, START
from intercom_nb.demo.settings import APP_ID, DAY

RecordTables = dict[str, dict[str, Record]]

BRAND_ID, HELP_CENTER_ID, SOURCE_ID, NEWSFEED_ID = "10", "79", "33", "198"
_COLLECTIONS = ("Getting started", "Billing", "Integrations", "Troubleshooting", "Security")
_ARTICLES = (
    *("Create your first board", "Invite your team", "Import from a spreadsheet", "Keyboard keys"),
    *("Change your plan", "Read an invoice", "Refunds", "Add a purchase order number"),
    *("Connect a webhook", "Use the API", "Single sign-on", "Connect a calendar"),
    *("A board does not load", "Notifications are missing", "Export a board", "Sync is slow"),
    *("Two-factor sign-in", "Where data is kept", "Roles and rights", "Delete a workspace"),
)
# Views, conversions and reactions of an article.
_ARTICLE_RANGES = ((20, 9_000), (0, 40), (0, 90))
_NEWS = ("Boards load faster", "New: timelines", "Summer maintenance", "Exports as PDF", "Draft")
_AWAY = (("Lunch", "🍔"), ("Meeting", "📅"), ("Training", "🎓"), ("On leave", "🌴"), ("Sick", "🤒"))
_MESSAGES = ("Announcements", "Product tips", "Billing notices", "Surveys")
_ORDERS = 24


def build_tables(rng: Random) -> RecordTables:
    """Build all tables: records by id, in list order."""
    makers: dict[str, Callable[[], Iterable[Record]]] = {
        "help_centers": lambda: [_help_center()],
        "collections": lambda: (_collection(i) for i in range(len(_COLLECTIONS))),
        "articles": lambda: (_article(rng, i) for i in range(len(_ARTICLES))),
        "brands": lambda: (_brand(i) for i in range(2)),
        "emails": lambda: (_email(i) for i in range(3)),
        "away_status_reasons": lambda: (_away(i) for i in range(len(_AWAY))),
        "subscription_types": lambda: (_subscription(i) for i in range(len(_MESSAGES))),
        "newsfeeds": lambda: (_newsfeed(i) for i in range(2)),
        "news_items": lambda: (_news(i) for i in range(len(_NEWS))),
        "content_import_sources": lambda: (_source(i) for i in range(3)),
        "external_pages": lambda: (_page(i) for i in range(55)),
        "orders": lambda: (_order(rng, i) for i in range(_ORDERS)),
        "activity_logs": lambda: (_activity(rng, i) for i in range(130)),
        "workflows": lambda: (_workflow(i) for i in range(2)),
        "fin_voice_calls": lambda: (_fin_call(i) for i in range(4)),
        "jobs": lambda: [_job()],
        "exports": list,
        "reports": list,
    }
    return {name: {str(r["id"]): r for r in make()} for name, make in makers.items()}


def iso(at: int) -> str:
    """Format a unix time as ISO 8601.

    >>> iso(0)
    '1970-01-01T00:00:00Z'
    """
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dated(index: int, step: int = 9) -> Record:
    """Return creation and update times that differ between records."""
    created = START - (300 - step * index) * DAY
    return {"created_at": created, "updated_at": created + (40 + index) * DAY}


def _help_center() -> Record:
    return {
        "id": HELP_CENTER_ID,
        "workspace_id": APP_ID,
        **dated(0),
        "identifier": "lanternboard",
        "website_turned_on": True,
        "display_name": "Lanternboard Help",
        "url": "https://help.lanternboard.example/",
        "custom_domain": None,
    }


def _collection(index: int) -> Record:
    name = _COLLECTIONS[index]
    return {
        "id": str(7_700 + index),
        "workspace_id": APP_ID,
        "name": name,
        "description": f"All about {name.lower()}.",
        **dated(index),
        "url": f"https://help.lanternboard.example/en/collections/{7_700 + index}",
        "icon": "book-bookmark",
        "order": index + 1,
        "default_locale": "en",
        "translated_content": None,
        "parent_id": None,
        "help_center_id": int(HELP_CENTER_ID),
    }


def _article(rng: Random, index: int) -> Record:
    title, parent = _ARTICLES[index], 7_700 + index // 4
    number = 9_100_000 + 11 * index
    return {
        "type": "article",
        "id": str(number),
        "workspace_id": APP_ID,
        "title": title,
        "description": f"{title}, step by step.",
        "body": f"<h1>{title}</h1><p>This takes {rng.randrange(1, 9)} minutes.</p>",
        "author_id": int(admin_id(index % 14)),
        "state": "draft" if index % 7 == 6 else "published",
        **dated(index),
        "url": f"https://help.lanternboard.example/en/articles/{number}",
        "parent_id": parent,
        "parent_ids": [parent],
        "parent_type": "collection",
        "default_locale": "en",
        "translated_content": None,
        "tags": {"type": "tag.list", "tags": []},
        "statistics": {
            "type": "article_statistics",
            **_article_numbers(index, [rng.randrange(*limits) for limits in _ARTICLE_RANGES]),
        },
    }


def _article_numbers(index: int, drawn: list[int]) -> Record:
    """Return an article's numbers: ratings are uneven, and drafts have none."""
    views, conversions, reactions = [0, 0, 0] if index % 7 == 6 else drawn
    happy = reactions * (35 + index * 37 % 60) // 100
    sad = (reactions - happy) * (1 + index % 3) // 4
    counts = {"happy": happy, "neutral": reactions - happy - sad, "sad": sad}
    return {
        "views": views,
        "conversations": conversions // 2,
        "conversions": conversions,
        "reactions": reactions,
        **{
            f"{kind}_reaction_percentage": round(100 * count / max(reactions, 1), 1)
            for kind, count in counts.items()
        },
    }


def _brand(index: int) -> Record:
    return {
        "type": "brand",
        "id": str(int(BRAND_ID) + index),
        "name": ("Lanternboard", "Lanternboard Labs")[index],
        "is_default": index == 0,
        **dated(index),
        "help_center_id": HELP_CENTER_ID,
        "default_address_settings_id": str(15 + index),
    }


def _email(index: int) -> Record:
    name = ("support", "billing", "labs")[index]
    return {
        "type": "email_setting",
        "id": str(15 + index),
        "email": f"{name}@lanternboard.example",
        "verified": index < 2,
        "domain": "lanternboard.example",
        "brand_id": str(int(BRAND_ID) + index // 2),
        "forwarding_enabled": index == 0,
        "forwarded_email_last_received_at": NOW - DAY if index == 0 else None,
        **dated(index),
    }


def _away(index: int) -> Record:
    label, emoji = _AWAY[index]
    shown = {"label": label, "emoji": emoji, "order": index + 1, "deleted": index == 4}
    return {"type": "away_status_reason", "id": str(12 + index), **shown, **dated(index)}


def _subscription(index: int) -> Record:
    name = _MESSAGES[index]
    translation = {"name": name, "description": f"{name} of Lanternboard", "locale": "en"}
    return {
        "type": "subscription",
        "id": str(37_840 + index),
        "state": "archived" if index == 3 else "live",
        "consent_type": "opt_in" if index == 1 else "opt_out",
        "default_translation": translation,
        "translations": [translation],
        "content_types": ["email"],
    }


def _newsfeed(index: int) -> Record:
    name = ("Visitors", "Customers")[index]
    return {"id": str(int(NEWSFEED_ID) + index), "type": "newsfeed", "name": name, **dated(index)}


def _news(index: int) -> Record:
    times = dated(index)
    draft = index == len(_NEWS) - 1
    feed = {"newsfeed_id": int(NEWSFEED_ID), "published_at": times["updated_at"]}
    return {
        "type": "news-item",
        "id": str(52 + index),
        "workspace_id": APP_ID,
        "title": _NEWS[index],
        "body": f"<p>{_NEWS[index]}.</p>",
        "sender_id": int(admin_id(13)),
        "state": "draft" if draft else "live",
        "newsfeed_assignments": [] if draft else [feed],
        "labels": ["Product"] if index % 2 else [],
        "cover_image_url": None,
        "reactions": ["😆", "😅"],
        "deliver_silently": index == 2,
        **times,
    }


def _source(index: int) -> Record:
    times = dated(index)
    return {
        "type": "content_import_source",
        "id": int(SOURCE_ID) + index,
        "last_synced_at": times["updated_at"],
        "sync_behavior": "api" if index == 0 else "manual",
        "status": "deactivated" if index == 2 else "active",
        "url": f"https://docs{index}.lanternboard.example",
        **times,
        "audience_ids": None,
    }


def _page(index: int) -> Record:
    times = dated(index, step=4)
    return {
        "type": "external_page",
        "id": str(2_100 + index),
        "title": f"Reference, part {index + 1}",
        "html": f"<h1>Reference, part {index + 1}</h1>",
        "url": f"https://docs0.lanternboard.example/{index + 1}",
        "ai_agent_availability": True,
        "ai_copilot_availability": index % 3 != 0,
        "ai_sales_agent_availability": True,
        "fin_availability": True,
        "locale": "en",
        "source_id": int(SOURCE_ID),
        "external_id": f"page-{index + 1}",
        **times,
        "last_ingested_at": times["updated_at"],
    }


def _order(rng: Random, index: int) -> Record:
    times = dated(index)
    return {
        "type": "Order",
        "id": str(22 + index),
        "external_id": f"order-{index + 1}",
        "external_created_at": times["created_at"],
        "external_updated_at": None,
        **times,
        "custom_attributes": {
            "number": f"LB-{index + 1:04d}",
            "total": str(rng.randrange(10, 900)),
        },
    }


def _activity(rng: Random, index: int) -> Record:
    kind, text = (
        ("admin_login_success", "signed in"),
        ("admin_away_mode_change", "changed away mode"),
        ("app_team_membership_modification", "changed the members of a team"),
        ("bulk_export", "exported contacts"),
    )[index % 4]
    number = index % 14
    return {
        "id": f"{index:08x}-6a1b-4f8e-9d2a-demoactivity",
        "performed_by": {
            "type": "admin",
            "id": admin_id(number),
            "email": f"admin{number}@lanternboard.example",
            "ip": f"203.0.113.{rng.randrange(1, 250)}",
        },
        "metadata": {"away_mode": True} if index % 4 == 1 else {},
        "created_at": NOW - (index + 1) * 5 * 3_600,
        "activity_type": kind,
        "activity_description": f"Teammate {number} {text}.",
    }


def _workflow(index: int) -> Record:
    times = dated(index)
    return {
        "id": str(300 + index),
        "title": ("Greet and sort", "Ask for a rating")[index],
        "description": None,
        "trigger_type": "inbound_conversation",
        "state": "live",
        "target_channels": ["chat"],
        "preferred_devices": ["desktop"],
        "created_at": iso(times["created_at"]),
        "updated_at": iso(times["updated_at"]),
        "targeting": {"segments": [segment_id(index % len(SEGMENT_NAMES))]},
        "snapshot": {"steps": [{"uuid": f"s{n}", "kind": "message"} for n in range(3)]},
        "attributes": [{"name": "Issue type"}],
        "embedded_rules": [],
    }


def _fin_call(index: int) -> Record:
    return {
        "id": 6_100 + index,
        "app_id": 4_711,
        "user_phone_number": f"+1555010{index:04d}",
        "status": ("registered", "in_progress", "completed", "completed")[index],
        "intercom_call_id": None if index == 0 else str(44 + index),
        "external_call_id": f"call-{index + 1}",
        "intercom_conversation_id": None if index == 0 else "5001",
        "call_transcript": [{"speaker": "user", "text": "Hello"}] if index > 1 else [],
        "call_summary": "Asked for an invoice." if index > 1 else "",
        "intent": [],
    }


def _job() -> Record:
    return {
        "type": "job",
        "id": "job-1",
        "url": "https://api.intercom.io/jobs/status/job-1",
        "status": "success",
        "resource_type": "ticket",
        "resource_id": "6100",
        "resource_url": "https://api.intercom.io/tickets/6100",
    }
