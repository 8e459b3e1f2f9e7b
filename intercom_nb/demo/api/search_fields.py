"""Searchable fields: their types, operators, and readers."""

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


class FieldType(NamedTuple):
    """A field type and its operators."""

    name: str
    operators: tuple[str, ...]


class QueryField(NamedTuple):
    """A searchable field: its type, and a function from a record to its values."""

    kind: FieldType
    read: Read
    is_sortable: bool = True


STRING = FieldType("string", _TEXT)
# Singer taps page by `id > ""`.
IDENTIFIER = FieldType("string", (*_TEXT, ">", "<"))
BOOLEAN = FieldType("boolean", ("=", "!=", "IN", "NIN"))
WHOLE = FieldType("integer", (*_SECONDS, ">=", "<="))
FLOAT = FieldType("float", (*_SECONDS, ">=", "<="))
COUNT = FieldType("integer", _SECONDS)
DAY = FieldType("day", ("=", ">", "<"))
SECOND = FieldType("second", _SECONDS)
TAG = FieldType("string", ("=", "!="))
WORD = FieldType("word", _TEXT)


def read_path(dotted: str) -> Read:
    """Return a reader for a dotted path; missing and null both read as ().

    >>> read_path("a.b")(None, {"a": {"b": 3}}), read_path("a.b")(None, {"a": None})
    ((3,), ())
    """
    first, _, rest = dotted.partition(".")

    def read(store: Store, record: Record) -> Sequence[Any]:
        value: Any = record.get(first)
        for step in rest.split(".") if rest else ():
            value = value.get(step) if isinstance(value, dict) else None
        return () if value is None else (value,)

    return read


def read_attribute(name: str) -> Read:
    """Return a reader for a custom attribute, whose name may contain dots and spaces."""

    def read(store: Store, record: Record) -> Sequence[Any]:
        value = record["custom_attributes"].get(name)
        return () if value is None else (value,)

    return read


_WORD = re.compile(r"\w+")


def _read_words(store: Store, record: Record) -> Sequence[str]:
    # Bodies are matched word by word, so a value of two words matches nothing.
    return _WORD.findall((plain_text(record["source"]["body"]) or "").lower())


def _read_ids(outer: str, inner: str) -> Read:
    def read(store: Store, record: Record) -> Sequence[str]:
        box = record[outer]
        return [entry["id"] for entry in box[inner]] if box else ()

    return read


def _read_tags(store: Store, record: Record) -> Sequence[str]:
    return [number for number in record["tag_ids"] if number in store.organization.tags]


def _contact_fields() -> dict[str, QueryField]:
    texts = (
        *("role", "name", "email", "email_domain", "phone", "external_id"),
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
        **{name: QueryField(STRING, read_path(name)) for name in texts},
        "id": QueryField(IDENTIFIER, read_path("id")),
        **{name: QueryField(DAY, read_path(name)) for name in days},
        **{name: QueryField(BOOLEAN, read_path(name)) for name in flags},
        "avatar": QueryField(STRING, read_path("avatar.image_url")),
        "owner_id": QueryField(WHOLE, read_path("owner_id")),
        # Spelled like this in the API reference's list of search fields.
        "ios_app_device": QueryField(STRING, read_path("ios_device")),
        "andoid_sdk_version": QueryField(STRING, read_path("android_sdk_version")),
        "segment_id": QueryField(STRING, lambda s, r: s.segments_of(r), is_sortable=False),
        "tag_id": QueryField(
            TAG, lambda s, r: s.people.contact_tags.get(r["id"], ()), is_sortable=False
        ),
        **_custom("contact", {"date": DAY, "integer": WHOLE}),
    }


def _conversation_fields() -> dict[str, QueryField]:
    texts = (
        *("source.type", "source.id", "source.delivered_as", "source.subject"),
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
        **{name: QueryField(STRING, read_path(name)) for name in texts},
        "id": QueryField(IDENTIFIER, read_path("id")),
        **{name: QueryField(SECOND, read_path(name)) for name in dates},
        **{
            f"statistics.{n}_at": QueryField(SECOND, read_path(f"statistics.{n}_at"))
            for n in instants
        },
        **{
            f"statistics.{name}": QueryField(COUNT, read_path(f"statistics.{name}"))
            for name in numbers
        },
        **{n: QueryField(COUNT, read_path(n)) for n in ("admin_assignee_id", "team_assignee_id")},
        **{n: QueryField(BOOLEAN, read_path(n)) for n in ("open", "read", "ai_agent_participated")},
        "ai_agent.rating": QueryField(COUNT, read_path("ai_agent.rating")),
        "channel_initiated": QueryField(STRING, read_path("source.type")),
        "source.body": QueryField(WORD, _read_words, is_sortable=False),
        "contact_ids": QueryField(STRING, _read_ids("contacts", "contacts"), is_sortable=False),
        "teammate_ids": QueryField(STRING, _read_ids("teammates", "teammates"), is_sortable=False),
        "tag_ids": QueryField(STRING, _read_tags, is_sortable=False),
        **_rating_fields(),
        **_custom("conversation", {"date": SECOND, "integer": COUNT}),
    }


def _rating_fields() -> dict[str, QueryField]:
    # A search names the parts of a rating differently than the record.
    rating = "conversation_rating"
    return {
        f"{rating}.requested_at": QueryField(SECOND, read_path(f"{rating}.created_at")),
        f"{rating}.replied_at": QueryField(SECOND, read_path(f"{rating}.updated_at")),
        f"{rating}.score": QueryField(COUNT, read_path(f"{rating}.rating")),
        f"{rating}.contact_id": QueryField(STRING, read_path(f"{rating}.contact.id")),
        f"{rating}.admin_d": QueryField(STRING, read_path(f"{rating}.teammate.id")),
    }


def _custom(model: str, kinds: dict[str, FieldType]) -> dict[str, QueryField]:
    known = {"string": STRING, "boolean": BOOLEAN, "float": FLOAT, **kinds}
    return {
        f"custom_attributes.{name}": QueryField(known[kind], read_attribute(name))
        for name, kind in custom_types(model).items()
    }


CONTACT_FIELDS = _contact_fields()
CONVERSATION_FIELDS = _conversation_fields()


def _ticket_fields() -> dict[str, QueryField]:
    texts = ("admin_assignee_id", "team_assignee_id")
    dates = ("created_at", "updated_at", "snoozed_until")
    attributes = "ticket_attributes"
    return {
        **{name: QueryField(STRING, read_path(name)) for name in texts},
        "id": QueryField(IDENTIFIER, read_path("id")),
        **{name: QueryField(SECOND, read_path(name)) for name in dates},
        "title": QueryField(STRING, read_path(f"{attributes}._default_title_")),
        "description": QueryField(STRING, read_path(f"{attributes}._default_description_")),
        "category": QueryField(STRING, _read_category),
        "ticket_type_id": QueryField(STRING, read_path("ticket_type.id")),
        "state": QueryField(STRING, read_path("ticket_state.category")),
        "open": QueryField(BOOLEAN, read_path("open")),
        "contact_ids": QueryField(STRING, _read_ids("contacts", "contacts"), is_sortable=False),
        "teammate_ids": QueryField(STRING, read_path("admin_assignee_id"), is_sortable=False),
    }


def _read_category(store: Store, record: Record) -> Sequence[str]:
    # A search names the categories differently than the record.
    return (SEARCHED[record["category"]],)


TICKET_FIELDS = _ticket_fields()
