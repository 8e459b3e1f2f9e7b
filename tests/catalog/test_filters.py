"""Filters become the API's query language, and wrong ones are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scripted_server import ScriptedServer, contact_page

from intercom_nb import catalog
from intercom_nb.catalog.filters import OPERATORS, Query, build_query, sort_object
from intercom_nb.errors import InvalidParameterError, RequestValidationError, UnknownNameError

OCTOBER = 1790812800
HOUR = 3600


def query(entity: str, filters: dict[Any, Any]) -> Query:
    fields = catalog.search_fields(entity)
    assert fields is not None
    return build_query(entity, fields, filters)


def sent(entity: str, **filters: Any) -> Any:
    return query(entity, filters).query


def condition(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("suffix", "operator", "value"),
    [
        ("", "=", "Ada"),
        ("__eq", "=", "Ada"),
        ("__ne", "!=", "Ada"),
        ("__in", "IN", ["Ada", "Bo"]),
        ("__nin", "NIN", ["Ada"]),
        ("__contains", "~", "ö 🎉"),
        ("__startswith", "^", "A"),
        ("__endswith", "$", "a"),
    ],
)
def test_filter_sends_the_operator_of_the_api_when_the_field_is_text(
    suffix: str, operator: str, value: Any
) -> None:
    assert sent("contacts", **{f"name{suffix}": value}) == condition("name", operator, value)


@pytest.mark.parametrize(
    ("suffix", "operator", "bound"),
    [
        ("gt", ">", 5),
        ("lt", "<", 5),
        ("gte", ">", 4),
        ("lte", "<", 6),
        ("eq", "=", 5),
        ("ne", "!=", 5),
    ],
)
def test_filter_sends_the_operator_of_the_api_when_the_field_is_a_number(
    suffix: str, operator: str, bound: int
) -> None:
    assert sent("conversations", **{f"statistics__count_reopens__{suffix}": 5}) == condition(
        "statistics.count_reopens", operator, bound
    )


def test_filter_operators_are_all_known_to_these_tests() -> None:
    assert set(OPERATORS) == {
        "eq",
        "ne",
        "gt",
        "gte",
        "lt",
        "lte",
        "in",
        "nin",
        "contains",
        "startswith",
        "endswith",
    }


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("location__country", "location.country"),
        ("location.country", "location.country"),
        ("location.country__ne", "location.country"),
        ("custom_attributes__plan", "custom_attributes.plan"),
        ("custom_attributes.plan__ne", "custom_attributes.plan"),
        ("custom_attributes.my__own", "custom_attributes.my__own"),
        ("custom_attributes.Größe (m²) 🎉", "custom_attributes.Größe (m²) 🎉"),
        ("custom_attributes.a.b", "custom_attributes.a.b"),
    ],
)
def test_filter_sends_the_dotted_field_when_the_key_has_dots_or_underscores(
    key: str, field: str
) -> None:
    assert query("contacts", {key: "x"}).query["field"] == field


def test_filters_are_joined_by_and_when_there_are_several() -> None:
    assert sent("contacts", role="lead", name__contains="a") == {
        "operator": "AND",
        "value": [condition("role", "=", "lead"), condition("name", "~", "a")],
    }


@pytest.mark.parametrize("count", [15, 16, 31])
def test_filters_become_groups_when_there_are_more_than_15(count: int) -> None:
    made = query("contacts", {f"custom_attributes.a{i}": "x" for i in range(count)}).query
    assert made["operator"] == "AND"
    if count == 15:
        assert len(made["value"]) == 15
        return
    groups = made["value"]
    assert all(g["operator"] == "AND" and 0 < len(g["value"]) <= 15 for g in groups)
    names = [f["field"] for g in groups for f in g["value"]]
    assert names == [f"custom_attributes.a{i}" for i in range(count)]


def test_filters_raise_when_there_are_more_than_225() -> None:
    with pytest.raises(InvalidParameterError, match="at most 225 filters"):
        query("contacts", {f"custom_attributes.a{i}": "x" for i in range(226)})


@pytest.mark.parametrize(
    ("name", "value", "type_", "wire"),
    [
        ("id", 5, "ids are text", "5"),
        ("id", np.int64(5), "ids are text", "5"),
        ("open", np.True_, "numpy's flags", True),
        ("admin_assignee_id", "5", "ids of teammates are numbers", 5),
        ("statistics.count_reopens", np.int64(3), "numpy's numbers", 3),
        ("custom_attributes.seats", np.int64(3), "numpy's numbers", 3),
        ("custom_attributes.seats", 2.5, "numbers", 2.5),
        ("custom_attributes.paid", np.True_, "numpy's flags", True),
        ("custom_attributes.plan", "pro", "text", "pro"),
        ("custom_attributes.renewal_at", OCTOBER, "times by their name", OCTOBER),
    ],
)
def test_filter_converts_the_value_when_the_field_has_another_type(
    name: str, value: Any, type_: str, wire: Any
) -> None:
    value_sent = query("conversations", {name: value}).query["value"]
    assert (value_sent, type(value_sent)) == (wire, type(wire)), type_


@pytest.mark.parametrize(
    "many", [[1, 2], (1, 2), {1, 2}, np.array([1, 2]), pd.Series([1, 2])], ids=repr
)
def test_filter_sends_a_list_when_in_is_given_any_collection(many: Any) -> None:
    assert sent("conversations", id__in=many) == condition("id", "IN", ["1", "2"])
    assert sent("conversations", custom_attributes__seats__in=many) == condition(
        "custom_attributes.seats", "IN", [1, 2]
    )


@pytest.mark.parametrize(
    ("entity", "filters", "says"),
    [
        ("contacts", {}, "contacts.search requires a filter"),
        ("contacts", {"open": "x"}, "contacts.search has no field 'open'"),
        ("contacts", {"seats": 5}, "For a custom attribute, use custom_attributes.seats"),
        ("contacts", {"custom_attribute.seats": 5}, "Did you mean custom_attributes.seats"),
        ("contacts", {"created_att": 1}, "Did you mean created_at"),
        ("contacts", {"created_at__after": 1}, "Did you mean created_at"),
        ("contacts", {"location.contry": "x"}, "Did you mean location.country"),
        ("contacts", {5: 5}, "not 5"),
        ("contacts", {"role": "ld"}, "Did you mean"),
        ("contacts", {"role": 5}, "5 is not a valid value"),
        ("contacts", {"name": ["Ada"]}, "name__in"),
        ("contacts", {"name__in": "Ada"}, "take a list, not 'Ada'"),
        ("contacts", {"name__in": []}, "the list is empty"),
        ("contacts", {"name__in": 5}, "take a list, not 5"),
        ("contacts", {"name__gt": "A"}, "does not support '>'"),
        ("contacts", {"created_at__ne": 1}, "does not support '!='"),
        ("contacts", {"created_at__in": [1]}, "does not support 'IN'"),
        ("contacts", {"created_at__contains": "2026"}, "Supported operators: eq, gt, gte, lt, lte"),
        ("contacts", {"tag_id__in": ["1"]}, "Supported operators: eq, ne"),
        ("contacts", {"owner_id": "x"}, "a whole number, not 'x'"),
        ("contacts", {"owner_id": 1.5}, "a whole number, not 1.5"),
        ("contacts", {"owner_id": True}, "a whole number, not True"),
        ("contacts", {"owner_id": float("nan")}, "a whole number, not nan"),
        ("contacts", {"owner_id": float("inf")}, "a whole number, not inf"),
        ("contacts", {"name": True}, "must be text, not True"),
        ("contacts", {"name": 1.5}, "must be text, not 1.5"),
        ("contacts", {"has_hard_bounced": "yes"}, "True or False, not 'yes'"),
        ("contacts", {"has_hard_bounced": 1}, "True or False, not 1"),
        ("contacts", {"created_at__gt": None}, "not a valid time"),
        ("contacts", {"created_at__gt": pd.NaT}, "not a valid time"),
        ("contacts", {"created_at__gt": OCTOBER * 1000}, "milliseconds"),
        ("conversations", {"created_at__ne": "2026-10-01"}, "whole day"),
        ("conversations", {"created_at__in": [OCTOBER, "2026-10-01"]}, "created_at__gte"),
        ("conversations", {"created_at__nin": ["2026-10-01"]}, "whole day"),
    ],
)
def test_filter_raises_when_it_is_invalid(entity: str, filters: dict[Any, Any], says: str) -> None:
    with pytest.raises((UnknownNameError, InvalidParameterError)) as caught:
        query(entity, filters)
    assert says in str(caught.value)


def test_filter_sends_null_when_a_text_field_is_compared_with_none() -> None:
    assert sent("contacts", phone=None) == condition("phone", "=", None)


@pytest.mark.parametrize("since", [0, "1970-01-01", "1970-01-01T00:00:05Z"])
@pytest.mark.parametrize("entity", ["contacts", "conversations"])
def test_time_filter_is_not_negative_when_it_begins_in_1970(entity: str, since: Any) -> None:
    filters = sent(entity, created_at__gte=since)
    assert filters["value"] >= 0


def test_filter_widens_the_bounds_to_days_when_the_field_is_a_contact_time() -> None:
    made = query("contacts", {"created_at__gte": OCTOBER, "created_at__lt": OCTOBER + HOUR})
    low, high = made.query["value"]
    assert (low["operator"], high["operator"]) == (">", "<")
    # 25 hours: a local day is that long when the clocks go back.
    assert low["value"] == OCTOBER - 25 * HOUR
    assert high["value"] == OCTOBER + 26 * HOUR
    keeps = [
        t
        for t in range(OCTOBER - 2, OCTOBER + HOUR + 2)
        if made.residual.matches({"created_at": t})
    ]
    assert (keeps[0], keeps[-1]) == (OCTOBER, OCTOBER + HOUR - 1)
    assert not made.residual.matches({"created_at": None})
    assert not made.residual.matches({})


RAW = {"field": "role", "operator": "=", "value": "lead"}


@pytest.mark.parametrize(
    "raw",
    [
        RAW,
        {"field": "andoid_sdk_version", "operator": "!~", "value": "x"},
        {"operator": "OR", "value": [RAW, RAW]},
        {"operator": "AND", "value": [{"operator": "OR", "value": [RAW] * 15}, RAW]},
    ],
)
def test_raw_query_is_sent_unchanged_when_it_is_valid(raw: Any) -> None:
    script = ScriptedServer([contact_page([])])
    c = script.connector()
    c.sync.contacts.search(raw)
    c.sync.contacts.search(query=raw)
    c.sync.execute("contacts", "search", {"query": raw})
    assert [body["query"] for body in script.bodies] == [raw] * 3


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (
            {"field": "role", "operator": "==", "value": "lead"},
            "'==' is not a valid operator. Valid operators: ",
        ),
        ({"field": "role", "operator": ["="], "value": "lead"}, "['='] is not a valid operator"),
        ({"field": "role", "operator": "AND", "value": "lead"}, "'AND' is not a valid operator"),
        ({"field": "role", "operator": "="}, "A query must be {'field', 'operator', 'value'}"),
        ({"field": "role", "value": "lead"}, "A query must be"),
        ({"operator": "AND"}, "A query must be"),
        ({"operator": "AND", "value": RAW}, "A group must be"),
        ({"operator": "AND", "value": []}, "A group must be"),
        ({"operator": "XOR", "value": [RAW]}, "A group must be"),
        ({"operator": "AND", "value": ["role"]}, "A query must be"),
        ({"operator": "AND", "value": [RAW] * 16}, "at most 15 filters"),
        (
            {
                "operator": "AND",
                "value": [{"operator": "AND", "value": [{"operator": "OR", "value": [RAW]}]}],
            },
            "at most 2 levels of groups",
        ),
        ("role=lead", "must be a dict"),
        ([RAW], "must be a dict"),
    ],
)
def test_raw_query_is_refused_when_it_is_invalid(raw: Any, says: str) -> None:
    script = ScriptedServer([contact_page([])])
    c = script.connector()
    with pytest.raises(RequestValidationError) as caught:
        c.sync.contacts.search(raw)
    assert says in str(caught.value)
    with pytest.raises(RequestValidationError) as caught:
        c.sync.execute("contacts", "search", {"query": raw})
    assert says in str(caught.value)
    assert script.requests == []


def test_raw_query_is_refused_when_filters_are_given_too() -> None:
    script = ScriptedServer([contact_page([])])
    with pytest.raises(RequestValidationError, match="not both"):
        script.connector().sync.contacts.search(RAW, role="lead")
    assert script.requests == []


def test_filters_are_combined_when_given_as_dict_and_keywords() -> None:
    script = ScriptedServer([contact_page([])])
    script.connector().sync.contacts.search({"location.country": "Éire"}, role="lead", per_page=5)
    assert script.bodies == [
        {
            "query": {
                "operator": "AND",
                "value": [
                    condition("location.country", "=", "Éire"),
                    condition("role", "=", "lead"),
                ],
            },
            "pagination": {"per_page": 5},
        }
    ]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("created_at", {"field": "created_at", "order": "ascending"}),
        ("-created_at", {"field": "created_at", "order": "descending"}),
        ({"field": "name"}, {"field": "name"}),
        ({"field": "name", "order": "descending"}, {"field": "name", "order": "descending"}),
    ],
)
def test_sort_object_is_that_of_the_api_when_given_a_name_or_a_dict(given: Any, made: Any) -> None:
    assert sort_object(given) == made


@pytest.mark.parametrize(
    "given",
    ["", "-", 5, ["name"], {"field": "name", "order": "desc"}, {"order": "ascending"}],
    ids=repr,
)
def test_search_raises_when_the_sort_is_invalid(given: Any) -> None:
    script = ScriptedServer([contact_page([])])
    with pytest.raises(RequestValidationError, match="sort must be"):
        script.connector().sync.contacts.search(role="lead", sort=given)
    assert script.requests == []
