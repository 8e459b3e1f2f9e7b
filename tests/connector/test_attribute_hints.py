"""Misspelled custom attributes: "Did you mean" from what a connector has read before."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_server import demo_connector

from intercom_nb.errors import BadRequestError

LEAF = {"field": "custom_attributes.pln", "operator": "=", "value": "pro"}
MISSPELLED: dict[str, Any] = {
    "keyword": {"custom_attributes__pln": "pro"},
    "query": {"query": {"operator": "AND", "value": [{**LEAF, "field": "name"}, LEAF]}},
}


@pytest.mark.parametrize("given", MISSPELLED)
@pytest.mark.parametrize("first", ["data_attributes", "contacts"])
def test_search_suggests_the_nearest_attribute_when_an_earlier_result_has_it(
    first: str, given: str
) -> None:
    c = demo_connector().sync
    getattr(c, first).list()
    hint = r"No result so far has custom_attributes\.pln\. Did you mean plan\?"
    with pytest.raises(BadRequestError, match=hint):
        c.contacts.search(**MISSPELLED[given])
    with pytest.raises(BadRequestError, match=hint):
        c.execute("contacts", "search", MISSPELLED[given])


def test_search_suggests_nothing_when_only_other_entities_were_read() -> None:
    c = demo_connector().sync
    c.contacts.list()
    c.data_attributes.list(model="contact")
    with pytest.raises(BadRequestError) as caught:
        c.conversations.search(custom_attributes__pln="pro")
    assert "Did you mean" not in str(caught.value)
    assert "No result so far" not in str(caught.value)


def test_search_lists_the_attributes_when_a_ticket_has_few_of_them() -> None:
    c = demo_connector().sync
    c.tickets.search(created_at__gt=0)
    with pytest.raises(BadRequestError, match=r"ticket_attribute\.Urgency\. Available: Severity"):
        c.tickets.search(ticket_attribute__Urgency="high")
