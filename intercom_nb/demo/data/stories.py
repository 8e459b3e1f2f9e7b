"""Stories: the events of each conversation (who wrote, assigned or closed, and when).

Both the statistics (`statistics.py`) and the parts (`parts.py`) of a conversation are built from
its story, so that they always agree.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from math import exp
from random import Random
from typing import NamedTuple

from intercom_nb.demo.data.arrivals import (
    arrivals,
    is_in_incident,
    is_in_recovery,
    last_day_arrivals,
)
from intercom_nb.demo.data.corpus import HOSTILE_BODIES, TOPICS
from intercom_nb.demo.data.organization import AGENT_ID, OFFICE, TEAMS, admin_id, team_id
from intercom_nb.demo.dates import AGENT_LAUNCH, NOW
from intercom_nb.demo.settings import DAY, HOUR, MINUTE

CONVERSATIONS = 3_260
# Number of parts, by position, of threads around the API's limit of 500 parts.
LONG_THREADS = {400: 523, 1_111: 748, 2_020: 500, 2_345: 501}
_HOSTILE_EVERY = 137
_REDACTED_EVERY = 211

CONTACT, ADMIN, BOT = "user", "admin", "bot"

CHANNELS = (
    ("conversation", 56.0),
    ("email", 27.0),
    ("whatsapp", 6.0),
    ("facebook", 3.0),
    ("instagram", 3.0),
    ("sms", 2.0),
    ("twitter", 1.0),
    ("phone_call", 2.0),
)


class Event(NamedTuple):
    """One event of a story; `text` names the kind of message, `target` the assignee."""

    at: int
    kind: str
    by: str
    actor: str
    text: str | None = None
    target: tuple[str, str] | None = None


@dataclass(slots=True)
class Story:
    """One conversation from its first message to the last event before NOW."""

    index: int
    contact: str
    contact_role: str
    topic: int
    channel: str
    created_at: int
    outbound: bool = False
    team: int | None = None
    admin: int | None = None
    agent: str | None = None
    events: list[Event] = field(default_factory=list)
    state: str = "open"
    snoozed_until: int | None = None
    rating: tuple[int, int] | None = None
    priority: bool = False
    hostile: int | None = None
    redacted: bool = False

    @property
    def has_agent(self) -> bool:
        """Return whether the AI agent replied."""
        return self.agent is not None


def build_stories(
    rng: Random, contacts: list[tuple[int, str, str]], *, is_last_day: bool = False
) -> list[Story]:
    """Build the stories of the year's whole days, or of its last day, oldest first.

    `contacts` are tuples (created_at, id, role), oldest first.

    >>> len(build_stories(Random(7), [(0, "6" * 24, "user")]))
    3260
    """
    signed_up = [created for created, _, _ in contacts]
    topics = rng.choices(range(len(TOPICS)), [topic.weight for topic in TOPICS], k=CONVERSATIONS)
    names, weights = zip(*CHANNELS, strict=True)
    channels = rng.choices(names, weights, k=CONVERSATIONS)
    times = (last_day_arrivals if is_last_day else arrivals)(rng, CONVERSATIONS)
    first = CONVERSATIONS if is_last_day else 0
    stories = []
    for place, at in enumerate(times):
        # Contacts write most in the weeks after their sign-up.
        known = bisect_left(signed_up, at)
        _, contact, role = contacts[int(known * rng.random() ** 0.6)]
        topic = 5 if is_in_incident(at) and rng.random() < 0.6 else topics[place]
        story = Story(first + place, contact, role, topic, channels[place], at)
        stories.append(_StoryWriter(rng, story).write())
    return stories


class _StoryWriter:
    """Write one story event by event, in order of time, up to NOW."""

    def __init__(self, rng: Random, story: Story) -> None:
        self.rng = rng
        self.story = story
        self.at = story.created_at
        self.over = False

    def write(self) -> Story:
        story, rng = self.story, self.rng
        story.priority = rng.random() < 0.07
        story.outbound = story.channel in ("conversation", "email") and rng.random() < 0.06
        if story.index % _HOSTILE_EVERY == 60:
            story.hostile = story.index // _HOSTILE_EVERY % len(HOSTILE_BODIES)
        story.redacted = story.index % _REDACTED_EVERY == 100
        if story.outbound and not self._has_outbound_reply():
            return story
        if self._is_agent_resolved():
            return story
        self._assign_team()
        if rng.random() < 0.035:
            self._close_as_spam()
            return story
        self._add_first_reply()
        self._write_exchanges()
        self._finish()
        return story

    def _add(
        self,
        wait: int,
        kind: str,
        by: str,
        actor: str,
        text: str | None = None,
        target: tuple[str, str] | None = None,
    ) -> bool:
        """Add an event `wait` seconds later, unless that is after NOW."""
        if self.over or self.at + wait >= NOW:
            self.over = True
            return False
        self.at += wait
        self.story.events.append(Event(self.at, kind, by, actor, text, target))
        return True

    def _add_message(self, wait: int, text: str) -> bool:
        return self._add(wait, "comment", self.story.contact_role, self.story.contact, text)

    def _add_bot_event(
        self, wait: int, kind: str, text: str | None = None, target: int | None = None
    ) -> bool:
        reference = None if target is None else ("team", team_id(target))
        return self._add(wait, kind, BOT, AGENT_ID, text, reference)

    def _random_wait(self, median: float, sigma: float = 0.8) -> int:
        return int(median * exp(self.rng.gauss(0, sigma))) + 1

    def _has_outbound_reply(self) -> bool:
        """Add the contact's reply to an outbound message; most contacts never reply."""
        return self.rng.random() < 0.35 and self._add_message(
            self._random_wait(5 * HOUR), "question"
        )

    def _is_agent_resolved(self) -> bool:
        """Add the AI agent's replies; return whether it resolved the conversation."""
        story, rng = self.story, self.rng
        months = (story.created_at - AGENT_LAUNCH) / (30 * DAY)
        if months < 0 or story.outbound or rng.random() > min(0.62, 0.2 + 0.06 * months):
            return False
        story.agent = "escalated"
        for _ in range(rng.choice((1, 1, 2, 3))):
            self._add_bot_event(5 + rng.randrange(30), "comment", "agent")
            if rng.random() < 0.5:
                self._add_message(self._random_wait(3 * MINUTE), "follow_up")
        if rng.random() < 0.46:
            story.agent = rng.choice(("assumed_resolution",) * 3 + ("confirmed_resolution",) * 2)
            if story.agent == "confirmed_resolution":
                self._add_message(self._random_wait(4 * MINUTE), "thanks")
            self._add_close(self._random_wait(20 * MINUTE), BOT, AGENT_ID)
            return True
        story.agent = rng.choice(("escalated",) * 3 + ("negative_feedback", "procedure_handoff"))
        self._add_bot_event(4, "comment", "handover")
        return False

    def _assign_team(self) -> None:
        team = TOPICS[self.story.topic].team
        if self.rng.random() < 0.15:
            # Some are assigned to the wrong team first.
            self._assign_to_team(20 + self.rng.randrange(40), 0)
            self._assign_to_team(self._working_wait(30 * MINUTE), team)
        else:
            self._assign_to_team(5 + self.rng.randrange(60), team)

    def _assign_to_team(self, wait: int, team: int) -> None:
        if self._add_bot_event(wait, "assignment", None, team):
            self.story.team = team

    def _assign_to_admin(self, wait: int, admin: int) -> None:
        me = admin_id(admin)
        if self._add(wait, "assignment", ADMIN, me, None, (ADMIN, me)):
            self.story.admin = admin

    def _pick_admin(self) -> int:
        return self.rng.choice(TEAMS[self._current_team()].admins)

    def _current_team(self) -> int:
        team = self.story.team
        return TOPICS[self.story.topic].team if team is None else team

    def _working_wait(self, median: float, sigma: float = 0.8) -> int:
        """Return the seconds until the team has worked that long."""
        return (
            OFFICE[self._current_team()].after(self.at, self._random_wait(median, sigma)) - self.at
        )

    def _reply_seconds(self) -> float:
        slow = 3.5 if is_in_incident(self.at) else 1.7 if is_in_recovery(self.at) else 1.0
        urgent = 0.4 if self.story.priority else 1.0
        return TEAMS[self._current_team()].first_reply * MINUTE * slow * urgent

    def _close_as_spam(self) -> None:
        if self.rng.random() < 0.5:
            admin = self._pick_admin()
            self._add_close(self._working_wait(2 * HOUR), ADMIN, admin_id(admin))

    def _add_first_reply(self) -> None:
        admin = self._pick_admin()
        wait = self._working_wait(self._reply_seconds())
        before = min(wait - 1, 30 + self.rng.randrange(200))
        self._assign_to_admin(wait - before, admin)
        self._add_admin_message(before, "answer")

    def _find_colleague(self) -> int | None:
        """Return a teammate who replies in every ninth conversation without being assigned."""
        others = [i for i in TEAMS[self._current_team()].admins if i != self.story.admin]
        return others[0] if self.story.index % 9 == 4 and self.story.admin is not None else None

    def _add_admin_message(self, wait: int, text: str, author: int | None = None) -> bool:
        kind = "note" if text == "note" else "comment"
        admin = self.story.admin if author is None else author
        return admin is not None and self._add(wait, kind, ADMIN, admin_id(admin), text)

    def _write_exchanges(self) -> None:
        rounds = LONG_THREADS.get(self.story.index)
        if rounds is not None:
            self._write_long_thread(rounds)
            return
        while not self.over and self.rng.random() < 0.58:
            self._add_message(self._random_wait(25 * MINUTE, 1.2), "follow_up")
            if self.rng.random() < 0.18:
                self._add_admin_message(self._working_wait(10 * MINUTE), "note")
            if self.rng.random() < 0.08:
                self._assign_to_admin(self._working_wait(15 * MINUTE), self._pick_admin())
            wait = self._working_wait(self._reply_seconds() * 0.7)
            self._add_admin_message(wait, "more", self._find_colleague())
            if self.rng.random() < 0.1:
                self._snooze()
        if self.rng.random() < 0.6:
            self._add_message(self._random_wait(40 * MINUTE, 1.2), "thanks")

    def _write_long_thread(self, parts: int) -> None:
        # The last event is the close: the thread gets exactly the planned number of parts.
        while len(self.story.events) < parts - 1 and not self.over:
            if self.rng.random() < 0.5:
                self._add_message(self._random_wait(4 * MINUTE), "follow_up")
            else:
                self._add_admin_message(self._random_wait(4 * MINUTE), "more")

    def _snooze(self) -> None:
        admin = admin_id(self.story.admin if self.story.admin is not None else self._pick_admin())
        if self._add(20, "snoozed", ADMIN, admin):
            until = self.at + self.rng.choice((DAY, 7 * DAY, 30 * DAY))
            self.story.state, self.story.snoozed_until = "snoozed", until
            if self._add_bot_event(until - self.at, "unsnoozed"):
                self.story.state, self.story.snoozed_until = "open", None

    def _add_close(self, wait: int, by: str, actor: str) -> bool:
        if self._add(wait, "close", by, actor):
            self.story.state = "closed"
            return True
        return False

    def _finish(self) -> None:
        story, rng = self.story, self.rng
        if story.index in LONG_THREADS:
            self._add_close(HOUR, ADMIN, admin_id(story.admin or 0))
            return
        if rng.random() < 0.06:
            return
        if rng.random() < 0.12:
            self._add_attribute_change(120)
        if self._add_admin_close() and rng.random() < 0.09:
            self._add_reopen()
        if story.state == "closed" and rng.random() < 0.3:
            self._add_rating()

    def _add_attribute_change(self, wait: int) -> None:
        if self.story.admin is not None:
            kind = "conversation_attribute_updated_by_admin"
            self._add(wait, kind, ADMIN, admin_id(self.story.admin))

    def _add_admin_close(self) -> bool:
        admin = self.story.admin
        if admin is None:
            return False
        return self._add_close(self._working_wait(2.5 * HOUR, 1.0), ADMIN, admin_id(admin))

    def _add_reopen(self) -> None:
        if self._add(
            self._random_wait(9 * HOUR),
            "open",
            self.story.contact_role,
            self.story.contact,
            "follow_up",
        ):
            self.story.state = "open"
            self._add_admin_message(self._working_wait(self._reply_seconds()), "more")
            self._add_admin_close()

    def _add_rating(self) -> None:
        """Add a rating; the longer the wait, the lower the score."""
        story, rng = self.story, self.rng
        first = next((event.at for event in story.events if event.by == ADMIN), story.created_at)
        hours = (first - story.created_at) / HOUR
        mood = 4.7 - min(2.6, 0.11 * hours) - (0.9 if is_in_incident(story.created_at) else 0)
        score = max(1, min(5, round(rng.gauss(mood, 0.8))))
        kind = "conversation_rating_changed"
        if self._add(self._random_wait(15 * MINUTE), kind, story.contact_role, story.contact):
            story.rating = (score, self.at)
