"""What version 2.16 changes in the demo: merged contacts, nobody as 0, new values on writes."""

from __future__ import annotations

import pytest
from scripted_server import demo_connector, writable_demo

from intercom_nb.errors import BadRequestError, NotFoundError

from .conftest import HEADERS

pytestmark = pytest.mark.slow

HEADERS_2_16 = {**HEADERS, "intercom-version": "2.16"}


@pytest.fixture
def new():
    c = demo_connector(writable_demo(), version="2.16", allow_writes=True)
    yield c.sync
    c.sync.close()


def test_get_contact_raises_with_the_new_id_when_the_contact_was_merged(new):
    lead = new.contacts.search(role="lead", limit=1)["id"][0]
    user = new.contacts.search(role="user", limit=1)["id"][0]
    new.contacts.merge(**{"from": lead, "into": user})
    with pytest.raises(BadRequestError, match=f"merged into {user}"):
        new.contacts.get(lead)
    assert new.contacts.get(lead, follow_merged=True)["id"].tolist() == [user]


def test_article_keeps_new_fields_when_the_version_is_2_16(new):
    sent = {"body_markdown": "# Hi", "ai_chatbot_availability": True, "audience_ids": [1, 2]}
    author = int(new.admins.list()["id"][0])
    made = new.articles.create(title="A", author_id=author, **sent)
    assert made["body_markdown"].tolist() == ["# Hi"]
    assert made["ai_chatbot_availability"].tolist() == [True]
    inner = new.internal_articles.create(title="A", author_id=author, owner_id=author, **sent)
    assert inner["audience_ids"].tolist() == [["1", "2"]]


def test_response_has_assignee_0_and_the_frame_none_when_nobody_is_assigned(new, shared):
    records = shared.store.conversations
    nobody = next(key for key in records if records[key]["admin_assignee_id"] is None)
    raw = shared("GET", f"/conversations/{nobody}", headers=HEADERS_2_16).json
    assert raw["admin_assignee_id"] == 0
    assert raw["channel"]["initial"] in {"messenger", "email", None}
    assert new.conversations.get(nobody)["admin_assignee_id"].isna().all()


def test_company_and_ticket_accept_new_parameters_when_the_version_is_2_16(new):
    made = new.companies.create(company_id="c-new", update_last_request_at=True)
    assert made["last_request_at"].notna().all()
    state = new.ticket_states.list()["id"][1]
    conversation = new.conversations.list(limit=1)["id"][0]
    kind = new.ticket_types.list()["id"][0]
    ticket = new.conversations.convert_to_ticket(
        conversation, ticket_type_id=kind, ticket_state_id=state
    )
    assert ticket["ticket_state.id"].tolist() == [state]


def test_custom_object_instances_are_all_listed_when_filtered_by_contact(new):
    contact = new.contacts.list(limit=1)["id"][0]
    found = new.custom_object_instances.list(
        "Order", references_contact_id=contact, per_page=2, limit=None
    )
    assert len(found) == len(set(found["id"])) == 4
    with pytest.raises(NotFoundError):
        new.custom_object_instances.list("Order", references_contact_id="nobody")
