"""Searches against brute force over the records that the lists show."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pytest

from intercom_nb.demo import NOW
from intercom_nb.demo.api.search_fields import CONTACT_FIELDS, CONVERSATION_FIELDS
from intercom_nb.demo.data.parts import plain_text
from intercom_nb.demo.settings import DAY, HOUR

pytestmark = pytest.mark.slow

TEXT = ["=", "!=", "IN", "NIN", "~", "!~", "^", "$"]
NUMBER = ["=", "!=", "IN", "NIN", ">", "<"]
FLAG = ["=", "!=", "IN", "NIN"]
DATE = ["=", ">", "<"]

RATING = {
    "conversation_rating.requested_at": "conversation_rating.created_at",
    "conversation_rating.replied_at": "conversation_rating.updated_at",
    "conversation_rating.score": "conversation_rating.rating",
    "conversation_rating.contact_id": "conversation_rating.contact.id",
    "conversation_rating.admin_d": "conversation_rating.teammate.id",
}
RENAMED = {
    **RATING,
    "avatar": "avatar.image_url",
    "channel_initiated": "source.type",
    "ios_app_device": "ios_device",
    "andoid_sdk_version": "android_sdk_version",
}


def values_of(asker, record, name):
    """Return all values that a record has for a search field."""
    if name == "tag_id":
        return [tag["id"] for tag in asker.get(f"/contacts/{record['id']}/tags")["data"]]
    if name == "segment_id":
        return [row["id"] for row in asker.get(f"/contacts/{record['id']}/segments")["data"]]
    if name == "contact_ids":
        return [contact["id"] for contact in record["contacts"]["contacts"]]
    if name == "teammate_ids":
        return [mate["id"] for mate in (record["teammates"] or {}).get("teammates", [])]
    if name == "tag_ids":
        return [tag["id"] for tag in record["tags"]["tags"]]
    if name == "source.body":
        return re.findall(r"\w+", (plain_text(record["source"]["body"]) or "").lower())
    if name.startswith("custom_attributes."):
        value = record["custom_attributes"].get(name.partition(".")[2])
    else:
        value = record
        for step in RENAMED.get(name, name).split("."):
            value = (value or {}).get(step)
    return [] if value is None else [value]


def new_york_day(at):
    # Independent of the code under test: summer time of 2026 and the years before, by hand.
    summers = [(2022, 13, 6), (2023, 12, 5), (2024, 10, 3), (2025, 9, 2), (2026, 8, 1)]
    for year, march, november in summers:
        begin = dt.datetime(year, 3, march, 7, tzinfo=dt.UTC).timestamp()
        end = dt.datetime(year, 11, november, 6, tzinfo=dt.UTC).timestamp()
        if begin <= at < end:
            return (at - 4 * HOUR) // DAY
    return (at - 5 * HOUR) // DAY


def holds(value, sign, wanted, by_day=False, inclusive=False):
    if by_day:
        value, wanted = new_york_day(value), new_york_day(wanted)
    if sign == ">":
        return value > wanted or (inclusive and value == wanted)
    if sign == "<":
        return value < wanted or (inclusive and value == wanted)
    return {
        "=": lambda: value == wanted,
        "IN": lambda: value in wanted,
        ">=": lambda: value >= wanted,
        "<=": lambda: value <= wanted,
        "~": lambda: wanted.lower() in value.lower(),
        "^": lambda: value.lower().startswith(wanted.lower()),
        "$": lambda: value.lower().endswith(wanted.lower()),
    }[sign]()


OPPOSITE = {"!=": "=", "NIN": "IN", "!~": "~"}


def expected_ids(records, seen, sign, wanted, **how):
    plain = OPPOSITE.get(sign, sign)
    matching = [any(holds(value, plain, wanted, **how) for value in values) for values in seen]
    if sign in OPPOSITE:
        matching = [not match for match in matching]
    return {record["id"] for record, match in zip(records, matching, strict=True) if match}


def found_ids(asker, entity, query, key):
    found, pagination = [], {"per_page": 150}
    while True:
        answer = asker.search(entity, query, pagination=pagination)
        assert answer.status == 200, answer.json
        found += [record["id"] for record in answer.json[key]]
        following = answer.json["pages"].get("next")
        if following is None:
            assert len(found) == answer.json["total_count"]
            return found
        pagination = {"per_page": 150, "starting_after": following["starting_after"]}


@pytest.fixture(scope="module")
def contacts(small):
    return small.every("/contacts", "data")


@pytest.fixture(scope="module")
def conversations(small):
    return small.every("/conversations", "conversations")


def sample(seen):
    """Return two values that occur in a field, the first one common."""
    flat = list(itertools.chain(*seen))
    ranked = sorted(set(flat), key=lambda value: (-flat.count(value), str(value)))
    return ranked[0], ranked[-1]


def operators(kind, entity):
    whole = [*NUMBER, ">=", "<="] if entity == "contacts" else NUMBER
    return {
        "string": TEXT,
        "word": TEXT,
        "integer": whole,
        "float": whole,
        "boolean": FLAG,
        "day": DATE,
        "second": NUMBER,
    }[kind]


def check_field(asker, entity, key, records, name, kind):
    seen = [values_of(asker, record, name) for record in records]
    values = sample(seen)
    how = {"by_day": kind == "day", "inclusive": kind == "second"}
    for sign in operators(kind, entity):
        if name == "tag_id" and sign not in ("=", "!="):
            continue
        wanted = list(values) if sign in ("IN", "NIN") else values[0]
        if sign in ("~", "!~"):
            wanted = values[0][1:4].upper() or values[0]
        elif sign == "^":
            wanted = values[0][:3].upper()
        elif sign == "$":
            wanted = values[0][-3:]
        query = {"field": name, "operator": sign, "value": wanted}
        found = found_ids(asker, entity, query, key)
        assert set(found) == expected_ids(records, seen, sign, wanted, **how), query
        assert len(found) == len(set(found))


@pytest.mark.parametrize("name", sorted(CONTACT_FIELDS))
def test_contact_search_equals_brute_force_for_every_operator_of_the_field(small, contacts, name):
    kind = CONTACT_FIELDS[name].kind.name
    check_field(small, "contacts", "data", contacts, name, kind)


@pytest.mark.parametrize("name", sorted(CONVERSATION_FIELDS))
def test_conversation_search_equals_brute_force_for_every_operator_of_the_field(
    small, conversations, name
):
    kind = CONVERSATION_FIELDS[name].kind.name
    check_field(small, "conversations", "conversations", conversations, name, kind)


def one(field, operator, value):
    return {"field": field, "operator": operator, "value": value}


def test_search_equals_brute_force_when_groups_are_nested(small, contacts):
    query = {
        "operator": "AND",
        "value": [
            {"operator": "OR", "value": [one("role", "=", "lead"), one("browser", "=", "safari")]},
            one("unsubscribed_from_emails", "=", False),
        ],
    }
    expected = [
        record["id"]
        for record in contacts
        if (record["role"] == "lead" or record["browser"] == "safari")
        and not record["unsubscribed_from_emails"]
    ]
    assert 0 < len(expected) < len(contacts)
    assert found_ids(small, "contacts", query, "data") == expected


def test_search_returns_records_without_a_value_when_it_is_null(small, contacts):
    missing = [record["id"] for record in contacts if record["name"] is None]
    assert found_ids(small, "contacts", one("name", "=", None), "data") == missing
    rest = [record["id"] for record in contacts if record["name"] is not None]
    assert found_ids(small, "contacts", one("name", "!=", None), "data") == rest


def test_contact_search_compares_days_of_new_york_when_the_field_is_a_time(shared):
    contacts = shared.every("/contacts", "data")
    at = contacts[200]["created_at"]
    day = new_york_day(at)
    for value in (at, str(at)):
        same = found_ids(shared, "contacts", one("created_at", "=", value), "data")
        assert same == [r["id"] for r in contacts if new_york_day(r["created_at"]) == day]
        later = found_ids(shared, "contacts", one("created_at", ">", value), "data")
        assert later == [r["id"] for r in contacts if new_york_day(r["created_at"]) > day]


def test_conversation_search_includes_the_bound_when_the_field_is_a_time(small, conversations):
    at = conversations[30]["created_at"]
    both = {"operator": "AND", "value": [one("created_at", ">", at), one("created_at", "<", at)]}
    found = found_ids(small, "conversations", both, "conversations")
    assert conversations[30]["id"] in found


def test_conversation_search_excludes_the_bound_when_the_field_is_a_number(small, conversations):
    query = one("statistics.count_conversation_parts", ">", 10)
    expected = [
        r["id"]
        for r in conversations
        if r["statistics"] and r["statistics"]["count_conversation_parts"] > 10
    ]
    assert found_ids(small, "conversations", query, "conversations") == expected


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_search_returns_records_in_order_when_sort_is_given(small, contacts, order):
    query = one("id", "!=", "")
    sort = {"field": "name", "order": order}
    rows = small.search("contacts", query, sort=sort, pagination={"per_page": 150}).json["data"]
    names = [record["name"] for record in rows if record["name"] is not None]
    assert names == sorted(names, reverse=order == "descending")
    assert len(rows) == len(contacts) > 60


def test_search_returns_missing_values_last_when_sorted_by_them(small, contacts):
    sort = {"field": "last_replied_at", "order": "ascending"}
    answer = small.search("contacts", one("role", "=", "lead"), sort=sort, pagination={})
    times = [record["last_replied_at"] for record in answer.json["data"]]
    empty = times.index(None)
    assert times[:empty] == sorted(times[:empty])
    assert set(times[empty:]) == {None}


def test_search_matches_words_when_a_text_contains_them(small):
    def total(value):
        query = one("source.body", "~", value)
        return small.search("conversations", query).json["total_count"]

    assert total("invoice") > 0
    assert total("our accountant") == 0


def test_search_returns_a_record_when_it_was_just_created(ask):
    created = ask("POST", "/contacts", {"email": "new@mail.example", "name": "Neu"}).json
    found = ask.search("contacts", one("email", "=", "new@mail.example")).json
    assert [record["id"] for record in found["data"]] == [created["id"]]
    ask("DELETE", f"/contacts/{created['id']}")
    assert ask.search("contacts", one("email", "=", "new@mail.example")).json["total_count"] == 0


GROUP = {"operator": "AND", "value": [one("role", "=", "user")]}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (None, "parameter_not_found"),
        ({}, "parameter_not_found"),
        ([], "parameter_not_found"),
        ("role = user", "parameter_invalid"),
        ({"field": "role"}, "parameter_invalid"),
        ({"field": "role", "operator": "="}, "parameter_invalid"),
        ({"field": 5, "operator": "=", "value": 1}, "parameter_invalid"),
        ({"operator": "AND", "value": []}, "parameter_invalid"),
        ({"operator": "AND", "value": one("role", "=", "user")}, "parameter_invalid"),
        ({"operator": "XOR", "value": [one("role", "=", "user")]}, "parameter_invalid"),
        ({"operator": "AND", "value": [one("role", "=", "user")] * 16}, "parameter_invalid"),
        ({"operator": "OR", "value": [{"operator": "OR", "value": [GROUP]}]}, "parameter_invalid"),
        (one("rolle", "=", "user"), "invalid_field"),
        (one("custom_attributes.nope", "=", "x"), "invalid_field"),
        (one("role", "==", "user"), "parameter_invalid"),
        (one("role", [], "user"), "parameter_invalid"),
        (one("role", ">", "user"), "parameter_invalid"),
        (one("created_at", ">=", NOW), "parameter_invalid"),
        (one("created_at", "IN", [NOW]), "parameter_invalid"),
        (one("created_at", "!=", NOW), "parameter_invalid"),
        (one("custom_attributes.trial_ends_at", ">=", NOW), "parameter_invalid"),
        (one("tag_id", "IN", ["1"]), "parameter_invalid"),
        (one("role", "=", 5), "type_mismatch"),
        (one("owner_id", "=", "five"), "type_mismatch"),
        (one("owner_id", "=", True), "type_mismatch"),
        (one("owner_id", "=", None), "type_mismatch"),
        (one("has_hard_bounced", "=", "true"), "type_mismatch"),
        (one("has_hard_bounced", "=", 1), "type_mismatch"),
        (one("created_at", ">", "2026-10-01"), "type_mismatch"),
        (one("created_at", ">", NOW * 1000), "type_mismatch"),
        (one("created_at", ">", "00000000000999999999999"), "type_mismatch"),
        (one("created_at", ">", -5), "type_mismatch"),
        (one("created_at", ">", 1.5), "type_mismatch"),
        (one("created_at", ">", True), "type_mismatch"),
        (one("role", "IN", "user"), "type_mismatch"),
        (one("role", "IN", []), "type_mismatch"),
        (one("role", "IN", ["user", 5]), "type_mismatch"),
        (one("role", "~", None), "type_mismatch"),
    ],
)
def test_contact_search_is_refused_when_the_query_is_invalid(small, query, code):
    answer = small.search("contacts", query)
    assert (answer.status, answer.code) == (400, code)


@pytest.mark.parametrize("sign", [">=", "<="])
def test_conversation_search_is_refused_when_an_operator_is_inclusive(small, sign):
    for name, value in (("created_at", NOW), ("statistics.count_reopens", 1)):
        assert small.search("conversations", one(name, sign, value)).status == 400


def test_search_returns_200_when_a_group_has_15_filters_in_two_levels(small):
    fifteen = {"operator": "OR", "value": [one("role", "=", "user")] * 15}
    assert small.search("contacts", fifteen).status == 200
    assert small.search("contacts", {"operator": "AND", "value": [fifteen, GROUP]}).status == 200


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"sort": {"field": "name", "order": "asc"}}, "invalid_sort_order"),
        ({"sort": {"field": "nope", "order": "ascending"}}, "invalid_field"),
        ({"sort": {"field": "tag_id", "order": "ascending"}}, "invalid_field"),
        ({"sort": "name"}, "parameter_invalid"),
        ({"sort": {"order": "ascending"}}, "parameter_invalid"),
        ({"pagination": 5}, "parameter_invalid"),
        ({"pagination": {"per_page": 151}}, "parameter_invalid"),
        ({"pagination": {"per_page": 0}}, "parameter_invalid"),
        ({"pagination": {"per_page": "50"}}, "parameter_invalid"),
        ({"pagination": {"per_page": True}}, "parameter_invalid"),
        ({"pagination": {"starting_after": 7}}, "parameter_invalid"),
        ({"pagination": {"starting_after": "not a cursor"}}, "parameter_invalid"),
    ],
)
def test_search_is_refused_when_sort_or_pagination_is_invalid(small, more, code):
    answer = small.search("contacts", one("role", "=", "user"), **more)
    assert (answer.status, answer.code) == (400, code)


def test_search_refuses_the_cursor_when_the_query_is_another(small):
    first = small.search("contacts", one("role", "=", "user"), pagination={"per_page": 5}).json
    cursor = first["pages"]["next"]["starting_after"]
    again = {"per_page": 5, "starting_after": cursor}
    assert small.search("contacts", one("role", "=", "user"), pagination=again).status == 200
    assert small.search("contacts", one("role", "=", "lead"), pagination=again).status == 400
    assert small("GET", "/contacts", starting_after=cursor).status == 400
