"""Values of a form as typed text: coercion and refusal at the field."""

from __future__ import annotations

import pytest

from intercom_nb import catalog
from intercom_nb.widgets.explorer.query.form_parser import WHOLE, parse_form


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("contacts.create:unsubscribed_from_emails", "true", True),
        ("contacts.create:signed_up_at", "7d", "7d"),
        ("contacts.create:signed_up_at", " 2026-10-01 ", "2026-10-01"),
        ("contacts.create:custom_attributes", '{"a": [1, null]}', {"a": [1, None]}),
        ("contacts.create:name", " spaces stay ", " spaces stay "),
        ("companies.create:monthly_spend", "12", 12),
        ("conversations.create:attachment_urls", "https://a\n\nhttps://b", ["https://a", "https://b"]),
    ],
)  # fmt: skip
def test_form_value_has_the_type_of_its_parameter_when_text_is_typed(name, given, value):
    operation, _, param = name.partition(":")
    found = parse_form(catalog.operation(*operation.split(".")), {"values": {param: given}})
    assert found.values.get(param) == value


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("contacts.create:custom_attributes", "{'a': 1}", "is not valid JSON"),
        ("contacts.create:custom_attributes", "[1]", "must be a dict"),
        ("contacts.create:role", "boss", "must be one of user, lead"),
        ("contacts.create:signed_up_at", "soon", "is not a valid time"),
        ("companies.create:monthly_spend", "much", "must be a whole number"),
        ("contacts.get:id", "  ", "is required"),
        ("contacts.get:id", "..", "must be an id"),
    ],
)
def test_form_error_is_at_its_field_when_a_value_is_not_valid(name, given, said):
    operation, _, param = name.partition(":")
    errors = parse_form(catalog.operation(*operation.split(".")), {"values": {param: given}}).errors
    assert said in errors[param]


def test_form_error_is_of_the_whole_form_when_several_fields_would_do():
    errors = parse_form(catalog.operation("contacts", "create"), {"values": {}}).errors
    assert errors == {WHOLE: "contacts.create requires one of email, external_id, role."}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"field": "", "op": "eq", "value": "x"}, "needs a field"),
        ({"field": "colour", "op": "eq", "value": "x"}, "no field 'colour'"),
        ({"field": "created_at", "op": "contains", "value": "x"}, "does not support"),
        ({"field": "state", "op": "eq", "value": "opne"}, "Did you mean open?"),
        ({"field": "statistics.count_reopens", "op": "gt", "value": "x"}, "must be"),
        ({"field": "state", "op": "in", "value": " , "}, "empty"),
    ],
)
def test_form_error_is_at_its_row_when_a_filter_is_not_valid(row, said):
    form = {"query": {"groups": [{"rows": [{"id": "r7", **row}]}]}}
    errors = parse_form(catalog.operation("conversations", "search"), form).errors
    assert said in errors["query.r7"]


def test_search_error_suggests_the_list_when_there_is_no_filter():
    errors = parse_form(catalog.operation("conversations", "search"), {"query": {}}).errors
    assert "use Browse (list)" in errors["query"]
