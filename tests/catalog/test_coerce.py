"""What is typed becomes the value that it says, the same on a line, in a form and for a query."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from intercom_nb import catalog
from intercom_nb.catalog.coerce import parse_parameter, parse_value, parse_values
from intercom_nb.catalog.model import Parameter


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("5", None, 5),
        ("-2.5", None, -2.5),
        ("1e3", None, 1000.0),
        ("true", None, True),
        ("FALSE", None, False),
        ("null", None, None),
        ("pro", None, "pro"),
        ("Null", None, "Null"),  # a name
        ("007", None, "007"),
        ("+353 1", None, "+353 1"),
        ("+353", None, "+353"),
        ("1_000", None, "1_000"),
        ("nan", None, "nan"),
        ("Infinity", None, "Infinity"),
        ("9" * 30, None, int("9" * 30)),
        ("5", "integer", 5),
        ("5.5", "float", 5.5),
        ("5", "number", 5),
        ("many", "integer", "many"),
        ("null", "integer", None),
        ("true", "boolean", True),
        ("yes", "boolean", "yes"),
        ("5", "string", "5"),
        ("true", "string", "true"),
        ("null", "string", None),
        ("7d", "date", "7d"),
        ("1790812800", "date", "1790812800"),
    ],
)
def test_parse_value_converts_by_type_or_by_form_when_no_type_is_given(
    text: str, kind: str | None, value: Any
) -> None:
    found = parse_value(text, kind)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["5", "true", "null", "", "9" * 5000])
def test_parse_value_returns_text_when_it_is_quoted(text: str) -> None:
    assert parse_value(text, quoted=True) == text
    assert parse_value(text, "string", quoted=True) == text


def test_parse_value_converts_quoted_text_when_a_type_is_given() -> None:
    assert parse_value("5", "integer", quoted=True) == 5
    assert parse_value("true", "boolean", quoted=True) is True


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1, 2", [1, 2]),
        ("[1, 2]", [1, 2]),
        ("(pro, free)", ["pro", "free"]),
        ("['a, b', \"c\", 3]", ["a, b", "c", 3]),
        ('"5", 5', ["5", 5]),
        ("O'Brien, 'tis", ["O'Brien", "'tis"]),
        ("a (b), c", ["a (b)", "c"]),
        ("(a), b", ["(a)", "b"]),
        ("New York,Cork", ["New York", "Cork"]),
        ("a,, b,", ["a", "b"]),
        ('""', [""]),
        (" , ", []),
        ("[]", []),
        ("", []),
    ],
)
def test_parse_values_splits_at_commas_when_outside_of_quotes(text: str, values: list[Any]) -> None:
    assert parse_values(text) == values


def test_parse_values_converts_items_when_a_type_is_given() -> None:
    assert parse_values("1, 2", "string") == ["1", "2"]
    assert parse_values("true, no", "boolean") == [True, "no"]


def parameter(kind: str, **more: Any) -> Parameter:
    return Parameter(**{"name": "p", "description": "", "location": "body", "type": kind, **more})


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", " as it is ", " as it is "),
        ("id", " 007 ", "007"),
        ("integer", "5", 5),
        ("integer", "null", "null"),
        ("boolean", "False", False),
        ("time", "7d", "7d"),
        ("array<string>", "a, b,", ["a", "b"]),
        ("array<id>", "1,2", ["1", "2"]),
        ("array<id>", "[1, 2]", [1, 2]),
        ("array<object>", '[{"a": 1}]', [{"a": 1}]),
        ("object", '{"a": [1, null]}', {"a": [1, None]}),
        ("object|array<object>", '{"a": 1}', {"a": 1}),
        ("any", "5", 5),
    ],
)
def test_parse_parameter_converts_text_to_the_type_of_the_parameter(
    kind: str, text: str, value: Any
) -> None:
    assert parse_parameter(parameter(kind), text) == value


def test_parse_parameter_returns_none_when_null_is_not_quoted() -> None:
    assert parse_parameter(parameter("string", nullable=True), "null") is None
    assert parse_parameter(parameter("string", nullable=True), "null", quoted=True) == "null"
    assert parse_parameter(parameter("string"), "null") == "null"


def test_parse_parameter_splits_at_lines_when_that_is_the_separator() -> None:
    lines = "https://a?b=1,2\r\n\n https://c \n"
    urls = parse_parameter(parameter("array<string>"), lines, separator="\n")
    assert urls == ["https://a?b=1,2", "https://c"]


@pytest.mark.parametrize("kind", ["object", "array<object>", "any"])
def test_parse_parameter_raises_when_an_object_is_not_json(kind: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        parse_parameter(parameter(kind), "{'a': 1}")


def test_parse_parameter_accepts_a_name_or_json_when_it_is_sort() -> None:
    sort = next(p for p in catalog.operation("contacts", "search").params if p.name == "sort")
    assert parse_parameter(sort, "-created_at") == "-created_at"
    assert parse_parameter(sort, '{"field": "name"}') == {"field": "name"}
