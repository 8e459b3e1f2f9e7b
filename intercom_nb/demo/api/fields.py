"""What can be searched: the fields, their types, and how a record is read for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from intercom_nb.demo.data.organization import Record, custom_types
from intercom_nb.demo.data.parts import plain_text
from intercom_nb.demo.data.tickets import SEARCHED
from intercom_nb.demo.store import Store

_TEXT = ("=", "!=", "IN", "NIN", "~", "!~", "^", "$")
_SECONDS = ("=", "!=", "IN", "NIN", ">", "<")

Read = Callable[[Store, Record], Sequence[Any]]


class Kind(NamedTuple):
    """A type of field: the values that it takes and the operators that it knows."""

    name: str
    operators: tuple[str, ...]


class Field(NamedTuple):
    """A field: its kind, and a function from a record to its values (none, one or several)."""

    kind: Kind
    read: Read
    sortable: bool = True


STRING = Kind("string", _TEXT)
BOOLEAN = Kind("boolean", ("=", "!=", "IN", "NIN"))
WHOLE = Kind("integer", (*_SECONDS, ">=", "<="))
FLOAT = Kind("float", (*_SECONDS, ">=", "<="))
COUNT = Kind("integer", _SECONDS)
DAY = Kind("day", ("=", ">", "<"))
SECOND = Kind("second", _SECONDS)
TAG = Kind("string", ("=", "!="))
WORD = Kind("word", _TEXT)


def path(dotted: str) -> Read:
    """Return a reader for a dotted path; missing and null both read as nothing.

    >>> path("a.b")(None, {"a": {"b": 3}}), path("a.b")(None, {"a": None})
    ((3,), ())
    """
    first, _, rest = dotted.partition(".")

    def read(store: Store, record: Record) -> Sequence[Any]:
        value: Any = record.get(first)
        for step in rest.split(".") if rest else ():
            value = value.get(step) if isinstance(value, dict) else None
        return () if value is None else (value,)

    return read


def attribute(name: str) -> Read:
    """Return a reader for a custom attribute, whose name may contain dots and spaces."""

    def read(store: Store, record: Record) -> Sequence[Any]:
        value = record["custom_attributes"].get(name)
        return () if value is None else (value,)

    return read


_WORD = re.compile(r"\w+")


def _words(store: Store, record: Record) -> Sequence[str]:
    # Bodies are matched word by word, so a value of two words finds nothing.
    return _WORD.findall((plain_text(record["source"]["body"]) or "").lower())


def _inside(outer: str, inner: str) -> Read:
    def read(store: Store, record: Record) -> Sequence[str]:
        box = record[outer]
        return [entry["id"] for entry in box[inner]] if box else ()

    return read


def _tags(store: Store, record: Record) -> Sequence[str]:
    return [number for number in record["tag_ids"] if number in store.organization.tags]


def _contact_fields() -> dict[str, Field]:
    texts = (
        *("id", "role", "name", "email", "email_domain", "phone", "external_id"),
        *("language_override", "browser", "browser_language", "os", "location.country"),
        *("location.region", "location.city", "ios_app_version", "ios_device"),
        *("ios_os_version", "ios_app_name", "ios_sdk_version", "android_app_version"),
        *("android_device", "android_app_name"),
    )
    days = (
        *("created_at", "signed_up_at", "updated_at", "last_seen_at", "last_contacted_at"),
        *("last_replied_at", "last_email_opened_at", "last_email_clicked_at"),
        *("ios_last_seen_at", "android_last_seen_at"),
    )
    flags = ("unsubscribed_from_emails", "marked_email_as_spam", "has_hard_bounced")
    return {
        **{name: Field(STRING, path(name)) for name in texts},
        **{name: Field(DAY, path(name)) for name in days},
        **{name: Field(BOOLEAN, path(name)) for name in flags},
        "avatar": Field(STRING, path("avatar.image_url")),
        "owner_id": Field(WHOLE, path("owner_id")),
        # These two are spelled so in the API's list of search fields.
        "ios_app_device": Field(STRING, path("ios_device")),
        "andoid_sdk_version": Field(STRING, path("android_sdk_version")),
        "segment_id": Field(STRING, lambda s, r: s.segments_of(r), sortable=False),
        "tag_id": Field(TAG, lambda s, r: s.people.contact_tags.get(r["id"], ()), sortable=False),
        **_custom("contact", {"date": DAY, "integer": WHOLE}),
    }


def _conversation_fields() -> dict[str, Field]:
    texts = (
        *("id", "source.type", "source.id", "source.delivered_as", "source.subject"),
        *("source.author.id", "source.author.type", "source.author.name", "source.author.email"),
        *("source.url", "state", "priority", "statistics.last_closed_by_id"),
        *("conversation_rating.remark", "ai_agent.resolution_state", "ai_agent.last_answer_type"),
        *("ai_agent.rating_remark", "ai_agent.source_type", "ai_agent.source_title"),
    )
    times = ("first_contact_reply", "first_assignment", "first_admin_reply", "first_close")
    later = ("last_assignment", "last_assignment_admin_reply", "last_contact_reply")
    instants = (*times, *later, "last_admin_reply", "last_close")
    numbers = (
        *("time_to_assignment", "time_to_admin_reply", "time_to_first_close"),
        *("time_to_last_close", "median_time_to_reply", "count_reopens", "count_assignments"),
        "count_conversation_parts",
    )
    dates = ("created_at", "updated_at", "waiting_since", "snoozed_until")
    return {
        **{name: Field(STRING, path(name)) for name in texts},
        **{name: Field(SECOND, path(name)) for name in dates},
        **{f"statistics.{n}_at": Field(SECOND, path(f"statistics.{n}_at")) for n in instants},
        **{f"statistics.{name}": Field(COUNT, path(f"statistics.{name}")) for name in numbers},
        **{n: Field(COUNT, path(n)) for n in ("admin_assignee_id", "team_assignee_id")},
        **{n: Field(BOOLEAN, path(n)) for n in ("open", "read", "ai_agent_participated")},
        "ai_agent.rating": Field(COUNT, path("ai_agent.rating")),
        "channel_initiated": Field(STRING, path("source.type")),
        "source.body": Field(WORD, _words, sortable=False),
        "contact_ids": Field(STRING, _inside("contacts", "contacts"), sortable=False),
        "teammate_ids": Field(STRING, _inside("teammates", "teammates"), sortable=False),
        "tag_ids": Field(STRING, _tags, sortable=False),
        **_rating_fields(),
        **_custom("conversation", {"date": SECOND, "integer": COUNT}),
    }


def _rating_fields() -> dict[str, Field]:
    # Search calls the parts of a rating by other names than the record does.
    rating = "conversation_rating"
    return {
        f"{rating}.requested_at": Field(SECOND, path(f"{rating}.created_at")),
        f"{rating}.replied_at": Field(SECOND, path(f"{rating}.updated_at")),
        f"{rating}.score": Field(COUNT, path(f"{rating}.rating")),
        f"{rating}.contact_id": Field(STRING, path(f"{rating}.contact.id")),
        f"{rating}.admin_d": Field(STRING, path(f"{rating}.teammate.id")),
    }


def _custom(model: str, kinds: dict[str, Kind]) -> dict[str, Field]:
    known = {"string": STRING, "boolean": BOOLEAN, "float": FLOAT, **kinds}
    return {
        f"custom_attributes.{name}": Field(known[kind], attribute(name))
        for name, kind in custom_types(model).items()
    }


CONTACT_FIELDS = _contact_fields()
CONVERSATION_FIELDS = _conversation_fields()


def _ticket_fields() -> dict[str, Field]:
    texts = ("id", "admin_assignee_id", "team_assignee_id")
    dates = ("created_at", "updated_at", "snoozed_until")
    attributes = "ticket_attributes"
    return {
        **{name: Field(STRING, path(name)) for name in texts},
        **{name: Field(SECOND, path(name)) for name in dates},
        "title": Field(STRING, path(f"{attributes}._default_title_")),
        "description": Field(STRING, path(f"{attributes}._default_description_")),
        "category": Field(STRING, _category),
        "ticket_type_id": Field(STRING, path("ticket_type.id")),
        "state": Field(STRING, path("ticket_state.category")),
        "open": Field(BOOLEAN, path("open")),
        "contact_ids": Field(STRING, _inside("contacts", "contacts"), sortable=False),
        "teammate_ids": Field(STRING, path("admin_assignee_id"), sortable=False),
    }


def _category(store: Store, record: Record) -> Sequence[str]:
    # A search calls the categories by other names than the record does.
    return (SEARCHED[record["category"]],)


TICKET_FIELDS = _ticket_fields()
