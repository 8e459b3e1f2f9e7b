"""Conversation records in the API's format, built from stories."""

from __future__ import annotations

from random import Random

from intercom_nb.demo.data import corpus
from intercom_nb.demo.data.organization import (
    OUTAGE_TAG,
    TAG_NAMES,
    Record,
    admin_id,
    tag_id,
    team_id,
)
from intercom_nb.demo.data.parts import Authors, attachment
from intercom_nb.demo.data.statistics import count, is_admin_reply, is_contact_message
from intercom_nb.demo.data.stories import ADMIN, BOT, Story
from intercom_nb.demo.dates import NOW
from intercom_nb.demo.settings import DAY, HOUR, MINUTE

_FIRST_ID = 215_473_900_010_000
_FIRST_SOURCE = 2_410_339_000
# Target of each team for the first reply, in seconds.
_SLA = {
    0: ("First line", HOUR),
    1: ("Billing", 4 * HOUR),
    2: ("Technical", 8 * HOUR),
    5: ("Key accounts", 15 * MINUTE),
}
_URGENT_SLA = ("Urgent", 30 * MINUTE)
_NO_STATISTICS_EVERY = 53


def conversation_id(index: int) -> str:
    """Return the id of a conversation by position."""
    return str(_FIRST_ID + 41 * index)


def build_conversation(rng: Random, story: Story, authors: Authors) -> Record:
    """Build a conversation without its parts, with `tag_ids` instead of tags."""
    statistics = count(story)
    last = story.events[-1].at if story.events else story.created_at
    return {
        "type": "conversation",
        "id": conversation_id(story.index),
        "title": corpus.TOPICS[story.topic].subjects[0] if story.index % 6 == 1 else None,
        "created_at": story.created_at,
        "updated_at": last,
        "waiting_since": _waiting_since(story),
        "snoozed_until": story.snoozed_until,
        "source": _source(rng, story, authors),
        "contacts": {"type": "contact.list", "contacts": [authors.reference(story.contact)]},
        "first_contact_reply": _first_reply(story, statistics),
        "admin_assignee_id": None if story.admin is None else int(admin_id(story.admin)),
        "team_assignee_id": None if story.team is None else int(team_id(story.team)),
        "open": story.state != "closed",
        "state": story.state,
        "read": story.state != "open" or rng.random() < 0.4,
        "tag_ids": _tags(rng, story),
        "priority": "priority" if story.priority else "not_priority",
        "sla_applied": _sla(story, statistics),
        "statistics": None if story.index % _NO_STATISTICS_EVERY == 9 else statistics,
        "conversation_rating": _rating(rng, story, authors),
        "teammates": _teammates(story),
        "custom_attributes": _attributes(rng, story),
        "topics": _topics(story),
        "ticket": None,
        "linked_objects": _linked(story),
        "ai_agent": _ai_agent(rng, story),
        "ai_agent_participated": story.has_agent,
    }


def _waiting_since(story: Story) -> int | None:
    """Return since when the contact has been waiting, or None."""
    waiting = None if story.outbound else story.created_at
    for event in story.events:
        if is_contact_message(event):
            waiting = waiting or event.at
        elif is_admin_reply(event) or (event.by == BOT and event.text):
            waiting = None
    return waiting if story.state == "open" else None


def _source(rng: Random, story: Story, authors: Authors) -> Record:
    topic = corpus.TOPICS[story.topic]
    email = story.channel == "email"
    subject = rng.choice(topic.subjects) if email else ""
    body: str | None = topic.questions[story.index % len(topic.questions)]
    if story.hostile is not None:
        body = corpus.HOSTILE_BODIES[story.hostile]
        subject = corpus.HOSTILE_SUBJECTS[story.hostile % 4] if email else subject
    if story.outbound:
        body = f"<p>Hi there, is all well with <b>{topic.name}</b>?</p>"
        author = authors.author(ADMIN, admin_id(topic.team))
    else:
        author = authors.author(story.contact_role, story.contact)
    page = f"https://app.lanternboard.example/boards/{story.index % 90}"
    return {
        "type": story.channel,
        "id": str(_FIRST_SOURCE + 3 * story.index),
        "delivered_as": "admin_initiated" if story.outbound else "customer_initiated",
        "subject": subject,
        "body": None if story.redacted else body,
        "author": author,
        "attachments": [attachment(story.index)] if story.index % 29 == 3 else [],
        "url": page if story.channel == "conversation" else None,
        "redacted": story.redacted,
    }


def _first_reply(story: Story, statistics: Record) -> Record | None:
    at = statistics["first_contact_reply_at"]
    return None if at is None else {"created_at": at, "type": story.channel, "url": None}


def _tags(rng: Random, story: Story) -> list[str]:
    chosen = {number for number in range(len(TAG_NAMES) - 1) if rng.random() < 0.03}
    if corpus.TOPICS[story.topic].name == "Slow or down":
        chosen.add(TAG_NAMES.index(OUTAGE_TAG))
    if story.priority:
        chosen.add(TAG_NAMES.index("escalated"))
    return [tag_id(number) for number in sorted(chosen)]


def _sla(story: Story, statistics: Record) -> Record | None:
    if story.team not in _SLA or story.outbound:
        return None
    name, limit = _URGENT_SLA if story.priority and story.team != 5 else _SLA[story.team]
    wait = statistics["time_to_admin_reply"]
    if wait is not None:
        status = "hit" if wait <= limit else "missed"
    elif story.state == "closed":
        status = "cancelled"
    else:
        status = "active" if NOW - story.created_at <= limit else "missed"
    return {"type": "conversation_sla_summary", "sla_name": name, "sla_status": status}


def _rating(rng: Random, story: Story, authors: Authors) -> Record | None:
    if story.rating is None:
        return None
    score, at = story.rating
    remark = ""
    if rng.random() < 0.35:
        remark = rng.choice(corpus.REMARKS_GOOD if score > 3 else corpus.REMARKS_BAD)
    # A rating belongs to the teammate who replied last, whether assigned or not.
    replies = [event.actor for event in story.events if is_admin_reply(event)]
    teammate = {"type": ADMIN, "id": replies[-1]} if replies else None
    return {
        "rating": score,
        "remark": remark,
        "created_at": at - 10,
        "updated_at": at,
        "contact": authors.reference(story.contact),
        "teammate": teammate,
    }


def _teammates(story: Story) -> Record | None:
    wrote = {event.actor: None for event in story.events if event.by == ADMIN and event.text}
    if not wrote:
        return None
    return {"type": "admin.list", "teammates": [{"type": ADMIN, "id": actor} for actor in wrote]}


def _attributes(rng: Random, story: Story) -> Record:
    topic = corpus.TOPICS[story.topic]
    values: Record = {}
    if rng.random() < 0.85:
        values["Issue type"] = topic.name
    if topic.team == 2:
        values["Severity"] = 1 if story.priority else rng.randrange(2, 5)
    if story.state == "closed" and rng.random() < 0.6:
        values["CX Score rating"] = max(1, min(5, round(rng.gauss(3.9, 1))))
    if rng.random() < 0.05:
        values["promised_at"] = story.created_at + DAY
    if topic.name == "Slow or down" and story.state == "closed":
        values["Root cause"] = rng.choice(("deploy", "database", "network"))
    if story.index % 61 == 5:
        number = str(9_000 + story.index)
        order = {"id": number, "external_id": f"order-{number}", "type": "Order"}
        values["Order"] = {"type": "Order.list", "instances": [order]}
    return values


def _topics(story: Story) -> Record:
    if story.index % 4 == 0:
        return {}
    topic = {"type": "topic", "id": 500 + story.topic, "name": corpus.TOPICS[story.topic].name}
    return {"type": "topic.list", "topics": [topic], "total_count": 1}


def _linked(story: Story) -> Record:
    data = []
    if story.index % 47 == 7:
        ticket = str(70_000 + story.index)
        data.append({"type": "ticket", "id": ticket, "category": "Back-office"})
    return {"type": "list", "data": data, "total_count": len(data), "has_more": False}


def _ai_agent(rng: Random, story: Story) -> Record | None:
    if story.agent is None:
        return None
    turns = [event.at for event in story.events if event.by == BOT and event.text]
    rated = rng.random() < 0.25
    solved = story.agent.endswith("resolution")
    score = rng.choice((4, 5) if solved else (1, 2, 3)) if rated else None
    source = {
        "content_type": "article",
        "url": f"https://help.lanternboard.example/{story.topic}",
        "title": corpus.TOPICS[story.topic].name,
        "locale": "en",
    }
    return {
        "source_type": "workflow",
        "source_title": "AI first line",
        "last_answer_type": "ai_answer" if rng.random() < 0.9 else "custom_answer",
        "resolution_state": story.agent,
        "rating": score,
        "rating_remark": rng.choice(corpus.REMARKS_GOOD) if score == 5 else None,
        "created_at": turns[0] if turns else story.created_at,
        "updated_at": turns[-1] if turns else story.created_at,
        "content_sources": {
            "type": "content_source.list",
            "total_count": 1,
            "content_sources": [source],
        },
    }
