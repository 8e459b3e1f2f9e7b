"""Conversation parts in the API's format, built from a story on request."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from intercom_nb.demo.data import corpus
from intercom_nb.demo.data.organization import AGENT_EMAIL, AGENT_ID, AGENT_NAME, Record
from intercom_nb.demo.data.stories import ADMIN, BOT, Event, Story
from intercom_nb.demo.dates import NOW
from intercom_nb.demo.settings import APP_ID

MAX_PARTS = 500
"""The API returns at most the newest 500 parts of a conversation."""

_FIRST_ID = 30_190_000_000
_TEXTS = {
    "follow_up": corpus.FOLLOW_UPS,
    "thanks": corpus.THANKS,
    "more": corpus.MORE_ANSWERS,
    "note": corpus.INTERNAL_NOTES,
    "agent": corpus.AGENT_ANSWERS,
    "handover": (corpus.AGENT_HANDOVER,),
}
_STATE_AFTER = {"close": "closed", "snoozed": "snoozed", "unsnoozed": "open", "open": "open"}


class Authors:
    """Return names and addresses of contacts, admins and the AI agent.

    >>> Authors({}, {}).author("bot", AGENT_ID)["name"]
    'Fin'
    """

    def __init__(self, contacts: Mapping[str, Record], admins: Mapping[str, Record]) -> None:
        self._contacts = contacts
        self._admins = admins

    def author(self, kind: str, number: str) -> Record:
        """Return the author object of a part or a source."""
        if kind == BOT:
            person: Record = {"name": AGENT_NAME, "email": AGENT_EMAIL}
        else:
            people = self._admins if kind == ADMIN else self._contacts
            person = people.get(number, {})
        name, email = person.get("name"), person.get("email") or ""
        return {"type": kind, "id": number, "name": name, "email": email}

    def reference(self, contact: str) -> Record:
        """Return the short form of a contact."""
        external = self._contacts.get(contact, {}).get("external_id")
        return {"type": "contact", "id": contact, "external_id": external}


def build_parts(story: Story, first_number: int, authors: Authors) -> list[Record]:
    """Build all parts of a story; `first_number` is the workspace-wide number of the first."""
    parts, state = [], "open"
    for position, event in enumerate(story.events):
        state = _STATE_AFTER.get(event.kind, state)
        part = _part(story, position, event, authors)
        part["id"] = str(_FIRST_ID + first_number + position)
        part["state"] = state
        parts.append(part)
    return parts


def _part(story: Story, position: int, event: Event, authors: Authors) -> Record:
    redacted = story.redacted and position == _first_comment(story)
    target = event.target
    author = authors.author(event.by, event.actor)
    if event.by == BOT:
        author |= {"from_ai_agent": event.text is not None, "is_ai_answer": event.text == "agent"}
    return {
        "type": "conversation_part",
        "id": "",
        "part_type": event.kind,
        "body": None if redacted else body_of(story, position, event),
        "created_at": event.at,
        "updated_at": event.at,
        "notified_at": event.at,
        "assigned_to": None if target is None else {"type": target[0], "id": target[1]},
        "author": author,
        "attachments": [attachment(position)] if event.text and position % 17 == 11 else [],
        "external_id": None,
        "redacted": redacted,
        "email_message_metadata": _email(story, event, author),
        "metadata": {},
        "state": "open",
        "tags": [],
        "event_details": _details(story, event),
        "app_package_code": None,
    }


def _details(story: Story, event: Event) -> Record | None:
    if event.kind != "conversation_attribute_updated_by_admin":
        return None
    value = {"name": corpus.TOPICS[story.topic].name, "previous": None}
    return {"attribute": {"name": "Issue type"}, "value": value}


def _first_comment(story: Story) -> int:
    return next((position for position, event in enumerate(story.events) if event.text), -1)


def body_of(story: Story, position: int, event: Event) -> str | None:
    """Return the body of a part, or None for assignments and other state changes."""
    if event.text is None:
        return None
    if story.hostile is not None and event.text == "follow_up":
        return corpus.HOSTILE_BODIES[(story.hostile + position) % len(corpus.HOSTILE_BODIES)]
    topic = corpus.TOPICS[story.topic]
    texts = {"question": topic.questions, "answer": topic.answers}.get(event.text)
    choices = texts or _TEXTS[event.text]
    return choices[(story.index * 7 + position * 3) % len(choices)]


def _email(story: Story, event: Event, author: Record) -> Record | None:
    if story.channel != "email" or event.text is None or event.text == "note":
        return None
    sender = {"type": "from", "email_address": author["email"], "name": author["name"]}
    return {
        "subject": f"Re: {corpus.TOPICS[story.topic].subjects[0]}",
        "email_address_headers": [sender],
        "message_id": f"<{story.index}.{event.at}@mail.lanternboard.example>",
    }


def attachment(number: int) -> Record:
    """Return an attached picture; its URL never existed."""
    name = f"screenshot-{number}.png"
    return {
        "type": "upload",
        "name": name,
        "url": f"https://downloads.lanternboard.example/i/{APP_ID}/{name}?expires={NOW + 8_800}",
        "content_type": "image/png",
        "filesize": 18_000 + 37 * number,
        "width": 1_280,
        "height": 720,
    }


_BREAKS = re.compile(r"</(p|h1|li|pre|div)>|<br ?/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def plain_text(body: str | None) -> str | None:
    r"""Return a body as plain text, for `display_as=plaintext`.

    >>> plain_text("<p>Fish &amp; chips</p><p>Twice</p>")
    'Fish & chips\nTwice'
    """
    if body is None:
        return None
    return html.unescape(_TAG.sub("", _BREAKS.sub("\n", body))).strip()


__all__ = ["AGENT_ID", "MAX_PARTS", "Authors", "attachment", "build_parts", "plain_text"]
