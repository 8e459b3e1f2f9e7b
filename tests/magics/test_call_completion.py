"""Tab inside a connector's call: filters, arguments, values."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

import intercom_nb as inb
from intercom_nb.magics.call_completion import offer_in_call


@pytest.fixture(scope="module")
def variables() -> dict[str, Any]:
    c = inb.connect("demo")
    return {"c": c, "people": c.contacts, "form": SimpleNamespace(connector=c), "state_of": 1}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("c.conversations.search(sta", ["state=", "statistics__time_to_assignment__gt="]),
        ("c.conversations.search(created", ["created_at__gt=", "created_at__lt="]),
        ("c.conversations.search(created_at__g", ["created_at__gt=", "created_at__gte="]),
        ("c.conversations.search(source__type__i", ["source__type__in="]),
        ("c.conversations.search(state='open', sort=[1, (2)], li", ["limit="]),
        ("# it's (\nx = c.sync.conversations.search(\n    lim", ["limit="]),
        ("people.list(per", ["per_page="]),
        ("form.connector.contacts.search(ema", ["email=", "email_domain="]),
        ("print(len(c.contacts.get(", ["id="]),
        ("c.conversations.search(state=", ['"open"', '"closed"', '"snoozed"']),
        ("c.conversations.search(state = 'sn", ["snoozed"]),
        ("c.conversations.search(open=", ["True", "False"]),
    ],
)
def test_completion_offers_names_and_values_when_the_cursor_is_in_a_call(
    variables: dict[str, Any], text: str, first: list[str]
) -> None:
    found = offer_in_call(text, variables)
    assert found is not None
    assert found.names[: len(first)] == first
    assert text.endswith(found.typed)


def test_completion_omits_an_argument_when_it_is_already_given(variables: dict[str, Any]) -> None:
    found = offer_in_call("c.conversations.search(state='open', state", variables)
    assert found is not None
    assert "state=" not in found.names
    assert found.names[-1] == "state_of"


@pytest.mark.parametrize(
    "text",
    [
        "c.conversations.search",
        "c.conversations.search()",
        "len(st",
        "c.conversations.nothing(st",
        "nobody.conversations.search(st",
        "c.conversations.search([st",
        "c.conversations.search(F('state') == st",
        "'c.conversations.search(' + (st",
    ],
)
def test_completion_returns_none_when_the_code_is_not_a_call_of_ours(
    variables: dict[str, Any], text: str
) -> None:
    assert offer_in_call(text, variables) is None
