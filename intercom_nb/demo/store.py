"""Store of one demo workspace: records built on first use and changed by writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from random import Random

from intercom_nb.demo.data.conversations import build_conversation, conversation_id
from intercom_nb.demo.data.organization import Organization, Record, build_organization
from intercom_nb.demo.data.parts import Authors, build_parts
from intercom_nb.demo.data.people import People, build_people, is_in_segment, object_id
from intercom_nb.demo.data.simple_records import RecordTables, build_tables
from intercom_nb.demo.data.stories import Story, build_stories
from intercom_nb.demo.data.tickets import build_calls, build_states, build_tickets, build_types
from intercom_nb.demo.dates import NOW


@dataclass
class Scroll:
    """Hold the one scroll over companies that a workspace may have open."""

    param: str = ""
    ids: list[str] = field(default_factory=list)
    used_at: float = 0.0
    opened: int = 0

    def is_open(self, now: float, seconds: float) -> bool:
        """Return whether a scroll is open and was used within these seconds."""
        return bool(self.param) and now - self.used_at < seconds


class Store:
    """Hold the records of a workspace.

    A write replaces records and never changes them in place, so that a response that is being
    encoded stays consistent. `version` counts the writes.

    >>> len(Store(7).organization.teams)
    6
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._created = Random(f"{seed}-writes")
        self.version = 0
        self.scroll = Scroll()
        self.added_parts: dict[str, list[Record]] = {}
        self.deleted_conversations: list[Record] = []
        # Derived from the records and cleared by every write.
        self._members: dict[str, list[str]] | None = None
        self._newest: dict[str, list[Record]] = {}
        self.search_results: dict[str, list[Record]] = {}

    def _random(self, part: str) -> Random:
        # One generator per part: building one entity must not change the draws of another.
        return Random(f"{self._seed}-{part}")

    @cached_property
    def organization(self) -> Organization:
        """Return admins, teams, tags, segments, internal articles and attributes."""
        # A seed: another spelling would give another workspace.
        return build_organization(self._random("organisation"))

    @cached_property
    def people(self) -> People:
        """Return contacts, companies and notes."""
        return build_people(self._random("people"))

    @cached_property
    def stories(self) -> dict[str, Story]:
        """Return the story of each conversation, by conversation id."""
        contacts = self.people.contacts.values()
        known = [(record["created_at"], record["id"], record["role"]) for record in contacts]
        stories = build_stories(self._random("stories"), known)
        stories += build_stories(self._random("last day"), known, is_last_day=True)
        return {conversation_id(story.index): story for story in stories}

    @cached_property
    def conversations(self) -> dict[str, Record]:
        """Return the conversations without parts, by id."""
        rng = self._random("conversations")
        authors = self.authors
        return {key: build_conversation(rng, story, authors) for key, story in self.stories.items()}

    @cached_property
    def tickets(self) -> dict[str, Record]:
        """Return the tickets, by id."""
        return build_tickets(self._random("tickets"), list(self.people.contacts.values()))

    @cached_property
    def tables(self) -> RecordTables:
        """Return the simple records, by table and id."""
        desk = {"ticket_types": build_types(), "ticket_states": build_states()}
        return {**build_tables(self._random("tables")), **desk}

    @cached_property
    def calls(self) -> dict[str, Record]:
        """Return the phone calls, by id."""
        return build_calls(self._random("calls"), list(self.conversations.values()))

    @property
    def authors(self) -> Authors:
        """Return a lookup of the current contacts and admins."""
        return Authors(self.people.contacts, self.organization.admins)

    @cached_property
    def _first_parts(self) -> dict[str, int]:
        lengths = [len(story.events) for story in self.stories.values()]
        return dict(zip(self.stories, accumulate(lengths, initial=0), strict=False))

    def parts(self, conversation: str) -> list[Record]:
        """Return all parts of a conversation, oldest first, beyond the API's limit of 500."""
        story, added = self.stories.get(conversation), self.added_parts.get(conversation, [])
        if story is None:
            return added
        return build_parts(story, self._first_parts[conversation], self.authors) + added

    def contacts_by_company(self) -> dict[str, list[str]]:
        """Return the ids of contacts by company id, for companies that have any."""
        if self._members is None:
            self._members = {}
            for contact, companies in self.people.contact_companies.items():
                for company in companies:
                    self._members.setdefault(company, []).append(contact)
        return self._members

    def newest_first(self, entity: str) -> list[Record]:
        """Return contacts, conversations or tickets, newest first."""
        if entity not in self._newest:
            if entity == "conversations":
                records = self.conversations  # only if asked for: they take half a second
            else:
                records = self.people.contacts if entity == "contacts" else self.tickets
            order = sorted(records.values(), key=lambda r: (r["created_at"], r["id"]), reverse=True)
            self._newest[entity] = order
        return self._newest[entity]

    def record_write(self) -> int:
        """Count a write and return its time: one second after the previous one.

        This clears everything derived from the records, so derive nothing between this call and
        the change.
        """
        self.version += 1
        self._members = None
        self._newest.clear()
        self.search_results.clear()
        return NOW + self.version

    def new_object_id(self) -> str:
        """Return a new id of 24 hexadecimal characters."""
        return object_id(self._created, NOW + self.version)

    def segments_of(self, contact: Record) -> list[str]:
        """Return the ids of the segments that a contact belongs to."""
        tags = self.people.contact_tags.get(contact["id"], [])
        segments = self.organization.segments
        return [key for number, key in enumerate(segments) if is_in_segment(number, contact, tags)]


def fresh_number(existing: Iterable[str]) -> str:
    """Return a numeric id above all existing ones.

    >>> fresh_number(["7", "30"])
    '31'
    """
    return str(max((int(number) for number in existing), default=0) + 1)
