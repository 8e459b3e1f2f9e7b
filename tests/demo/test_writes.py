"""Writes: visible at once, checked first, and gone with the workspace."""

from __future__ import annotations

import pytest

from intercom_nb.demo import NOW, DemoWorkspace

from .conftest import Asker

pytestmark = pytest.mark.slow


@pytest.fixture
def contact(ask):
    body = {
        "role": "user",
        "external_id": "x-1",
        "email": "zoe@new.example",
        "name": "Zoë 🦊",
        "avatar": "https://pictures.example/z.png",
        "custom_attributes": {"plan": "pro", "mrr": 9.5, "newsletter": True},
        "owner_id": ask.get("/admins")["admins"][2]["id"],
    }
    answer = ask("POST", "/contacts", body)
    assert answer.status == 200, answer.json
    return answer.json


def test_contact_create_returns_the_contact_that_get_and_list_return(ask, contact):
    assert len(contact["id"]) == 24
    assert contact["created_at"] > NOW
    assert contact["email_domain"] == "new.example"
    assert contact["avatar"] == {"type": "avatar", "image_url": "https://pictures.example/z.png"}
    assert type(contact["owner_id"]) is int
    assert ask.get(f"/contacts/{contact['id']}") == contact
    assert ask.get("/contacts", per_page=1)["data"] == [contact]
    assert ask.get("/contacts")["total_count"] == 861
    assert ask.get("/contacts/find_by_external_id/x-1") == contact
    assert set(contact) >= set(ask.get("/contacts", per_page=2)["data"][1]) - {"email_domain"}


def test_contact_update_changes_only_the_given_fields(ask, contact):
    change = {"name": None, "custom_attributes": {"plan": None, "seats": 4}, "role": "lead"}
    changed = ask("PUT", f"/contacts/{contact['id']}", change).json
    assert changed["name"] is None
    assert changed["custom_attributes"] == {"mrr": 9.5, "newsletter": True, "seats": 4}
    assert changed["email"] == contact["email"]
    assert changed["updated_at"] > contact["updated_at"]
    assert ask.get(f"/contacts/{contact['id']}") == changed
    assert ask("GET", "/contacts/find_by_external_id/x-1").status == 404  # users only


def test_contact_delete_removes_the_contact_and_its_notes(ask, contact):
    path = f"/contacts/{contact['id']}"
    note = ask("POST", f"{path}/notes", {"body": "soon gone"}).json
    gone = ask("DELETE", path)
    assert gone.json == {
        "type": "contact",
        "id": contact["id"],
        "external_id": "x-1",
        "deleted": True,
    }
    for again in (path, f"{path}/notes", f"{path}/companies", f"/notes/{note['id']}"):
        assert ask("GET", again).status == 404
    assert ask("DELETE", path).code == "not_found"
    assert ask.get("/contacts")["total_count"] == 860


def test_company_loses_a_contact_when_the_contact_is_deleted(ask):
    companies = ask.store.people.contact_companies
    key = next(contact for contact, own in companies.items() if own)
    company = companies[key][0]
    before = ask.get(f"/companies/{company}")["user_count"]
    ask("DELETE", f"/contacts/{key}")
    assert ask.get(f"/companies/{company}")["user_count"] == before - 1
    listed = ask.every(f"/companies/{company}/contacts", "data", per_page=60)
    assert key not in {record["id"] for record in listed}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "parameter_not_found"),
        ({"name": "nobody"}, 400, "parameter_not_found"),
        ({"email": 5}, 400, "parameter_invalid"),
        ({"role": "admin"}, 400, "parameter_invalid"),
        ({"role": "user", "signed_up_at": "2026-01-01"}, 400, "parameter_invalid"),
        ({"role": "user", "signed_up_at": NOW * 1000}, 400, "parameter_invalid"),
        ({"role": "user", "unsubscribed_from_emails": "no"}, 400, "parameter_invalid"),
        ({"role": "user", "custom_attributes": []}, 400, "parameter_invalid"),
        ({"role": "user", "custom_attributes": {"nope": 1}}, 400, "parameter_invalid"),
        ({"role": "user", "custom_attributes": {"seats": "4"}}, 400, "parameter_invalid"),
        ({"role": "user", "owner_id": 1}, 404, "admin_not_found"),
        ({"email": "person20@"}, 409, "conflict"),
        ({"external_id": "u-"}, 409, "conflict"),
    ],
)
def test_contact_write_is_refused_when_it_is_invalid(ask, body, status, code):
    if status == 409:
        name = next(iter(body))
        taken = (r[name] for r in ask.store.people.contacts.values())
        body = {name: next(v for v in taken if v and v.startswith(body[name]))}
    answer = ask("POST", "/contacts", body)
    assert (answer.status, answer.code) == (status, code)
    assert ask.get("/contacts")["total_count"] == 860


def test_contact_update_is_refused_when_the_email_is_of_another_contact(ask, contact):
    path = f"/contacts/{contact['id']}"
    assert ask("PUT", path, {"email": contact["email"]}).status == 200
    other = ask.get("/contacts", per_page=2)["data"][1]
    taken = ask("PUT", path, {"email": other["email"] or "person1@mail"})
    assert taken.status == (409 if other["email"] else 200)


def test_conversation_is_created_updated_and_deleted_when_a_contact_writes(ask):
    contact = ask.get("/contacts")["data"][0]
    body = {"from": {"type": contact["role"], "id": contact["id"]}, "body": "<b>Help</b>"}
    message = ask("POST", "/conversations", body).json
    assert message["type"] == "user_message"
    path = f"/conversations/{message['conversation_id']}"
    shown = ask.get(path)
    assert shown["source"]["id"] == message["id"]
    assert shown["source"]["author"]["id"] == contact["id"]
    assert shown["conversation_parts"]["total_count"] == 0
    assert ask.get("/conversations", per_page=1)["conversations"][0]["id"] == shown["id"]
    change = {"read": True, "title": "T", "custom_attributes": {"Issue type": "Refunds"}}
    changed = ask("PUT", path, change, display_as="plaintext").json
    assert changed["source"]["body"] == "Help"
    assert (changed["read"], changed["title"]) == (True, "T")
    assert ask.get(path)["custom_attributes"] == {"Issue type": "Refunds"}
    gone = {"id": shown["id"], "object": "conversation", "deleted": True}
    assert ask("DELETE", path).json == gone
    assert (
        ask("GET", path).status == ask("DELETE", path).status == ask("PUT", path, {}).status == 404
    )


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"body": "no sender"}, 400),
        ({"from": {"type": "user", "id": "x"}}, 400),
        ({"from": "me", "body": "text"}, 400),
        ({"from": {"type": "admin", "id": "x"}, "body": "text"}, 400),
        ({"from": {"type": "user", "id": "x"}, "body": "text"}, 404),
        ({"from": {"type": "user"}, "body": "text"}, 404),
        ({"from": {"type": "user", "id": []}, "body": "text"}, 404),
    ],
)
def test_conversation_create_is_refused_when_it_is_invalid(ask, body, status):
    assert ask("POST", "/conversations", body).status == status


def test_conversation_update_is_refused_when_it_is_invalid(ask):
    key = ask.get("/conversations", per_page=1)["conversations"][0]["id"]
    for body in ({"read": "yes"}, {"custom_attributes": {"nope": 1}}):
        assert ask("PUT", f"/conversations/{key}", body).status == 400
    assert ask("PUT", f"/conversations/{key}", {}, display_as="pdf").status == 400


def test_company_create_updates_when_the_company_id_exists(ask):
    body = {"company_id": "c-9", "name": "Nine", "plan": "Pro", "monthly_spend": 12.9}
    made = ask("POST", "/companies", body).json
    assert made["monthly_spend"] == 12
    assert made["plan"]["name"] == "Pro"
    assert "size" not in made
    again = ask("POST", "/companies", {"company_id": "c-9", "size": 3}).json
    assert (again["id"], again["name"], again["size"]) == (made["id"], "Nine", 3)
    path = f"/companies/{made['id']}"
    changed = ask("PUT", path, {"company_id": "other", "name": "Ten", "size": None}).json
    assert (changed["company_id"], changed["name"]) == ("c-9", "Ten")
    assert "size" not in changed
    attributes = {"custom_attributes": {"brand_new": "yes"}}
    assert ask("PUT", path, attributes).json["custom_attributes"] == {"brand_new": "yes"}
    assert ask("DELETE", path).json == {"id": made["id"], "object": "company", "deleted": True}
    assert ask("GET", path).code == "company_not_found"
    assert ask("POST", "/companies", {"name": "no id"}).code == "parameter_not_found"
    assert ask("POST", "/companies", {"company_id": []}).status == 400
    assert ask("POST", "/companies", {"company_id": "c-9", "test": "x"}).code == "bad_request"


def test_contact_loses_a_company_when_the_company_is_deleted(ask):
    members = ask.store.contacts_by_company()
    company = next(iter(members))
    contact = members[company][0]
    ask("DELETE", f"/companies/{company}")
    left = ask.get(f"/contacts/{contact}/companies")["data"]
    assert company not in {record["id"] for record in left}


def test_tag_is_attached_and_detached_when_contacts_or_companies_are_given(ask):
    made = ask("POST", "/tags", {"name": "fresh"}).json
    assert set(made) == {"type", "id", "name"}
    assert ask("POST", "/tags", {"name": "Fresh"}).json["id"] == made["id"]
    renamed = ask("POST", "/tags", {"name": "stale", "id": int(made["id"])}).json
    assert ask.get(f"/tags/{made['id']}") == renamed
    contact, company = ask.get("/contacts")["data"][0], ask.get("/companies")["data"][1]
    users = {"name": "stale", "users": [{"id": contact["id"]}]}
    assert ask("POST", "/tags", users).status == 200
    firms = {"name": "stale", "companies": [{"company_id": company["company_id"]}]}
    assert ask("POST", "/tags", firms).status == 200
    assert made["id"] in {t["id"] for t in ask.get(f"/contacts/{contact['id']}/tags")["data"]}
    assert renamed in ask.get(f"/companies/{company['id']}")["tags"]["tags"]
    firms["companies"][0]["untag"] = True
    ask("POST", "/tags", firms)
    assert renamed not in ask.get(f"/companies/{company['id']}")["tags"]["tags"]
    gone = ask("DELETE", f"/tags/{made['id']}")
    assert (gone.status, gone.json) == (200, None)
    assert ask("DELETE", f"/tags/{made['id']}").status == 404
    assert ask.get(f"/contacts/{contact['id']}/tags")["data"] == [
        tag for tag in ask.get(f"/contacts/{contact['id']}/tags")["data"] if tag["id"] != made["id"]
    ]


def test_conversation_loses_a_tag_when_the_tag_is_deleted(ask):
    tag = next(tag for tag in ask.get("/tags")["data"] if tag["name"] == "bug")
    query = {"field": "tag_ids", "operator": "=", "value": tag["id"]}
    tagged = ask.search("conversations", query).json
    assert tagged["total_count"] > 0
    ask("DELETE", f"/tags/{tag['id']}")
    assert ask.search("conversations", query).json["total_count"] == 0
    shown = ask.get(f"/conversations/{tagged['conversations'][0]['id']}")
    assert tag["id"] not in {entry["id"] for entry in shown["tags"]["tags"]}


def test_tag_write_is_refused_when_it_is_invalid(ask):
    assert ask("POST", "/tags", {"test": "x"}).code == "parameter_invalid"
    assert ask("POST", "/tags", {"name": "x", "id": "1"}).status == 404
    unknown = {"name": "x", "companies": [{"company_id": "nope"}]}
    assert ask("POST", "/tags", unknown).code == "company_not_found"
    assert ask("POST", "/tags", {"name": "x", "users": [{"id": "nope"}]}).code == "not_found"
    for entries in ([5], [[]], [{"id": []}]):
        assert ask("POST", "/tags", {"name": "x", "users": entries}).status in (400, 404)
        assert ask("POST", "/tags", {"name": "x", "companies": entries}).status in (400, 404)
    assert len(ask.get("/tags")["data"]) == 16  # nothing half done
    vip = ask.get("/tags")["data"][0]["id"]
    assert ask("DELETE", f"/tags/{vip}").code == "tag_has_dependent_objects"


def test_note_is_listed_when_it_was_created(ask):
    contact = ask.get("/contacts")["data"][0]
    path, admin = f"/contacts/{contact['id']}/notes", ask.get("/admins")["admins"][3]
    made = ask("POST", path, {"body": "Called", "admin_id": int(admin["id"])}).json
    assert (made["body"], made["author"]["id"]) == ("<p>Called</p>", admin["id"])
    assert ask.get(path)["data"][0] == made == ask.get(f"/notes/{made['id']}")
    shown = ask.get(f"/contacts/{contact['id']}")["notes"]
    assert shown["total_count"] == contact["notes"]["total_count"] + 1
    assert ask("POST", path, {"body": ""}).status == 400
    assert ask("POST", path, {"body": 5}).status == 400
    assert ask("POST", path, {"body": "x", "admin_id": "1"}).status == 404
    assert ask("POST", "/contacts/nobody/notes", {"body": "x"}).status == 404


def test_internal_article_is_created_updated_and_deleted_when_the_body_is_valid(ask):
    admin = int(ask.get("/admins")["admins"][0]["id"])
    body = {"title": "New", "body": "<p>x</p>", "author_id": admin, "owner_id": admin}
    made = ask("POST", "/internal_articles", body).json
    path = f"/internal_articles/{made['id']}"
    assert ask.get("/internal_articles")["data"][0] == made == ask.get(path)
    changed = ask("PUT", path, {"title": "Newer"}).json
    assert (changed["title"], changed["body"]) == ("Newer", "<p>x</p>")
    assert ask.get(path) == changed
    gone = {"id": made["id"], "object": "internal_article", "deleted": True}
    assert ask("DELETE", path).json == gone
    assert ask("GET", path).status == 404
    assert ask("POST", "/internal_articles", {"title": "x"}).code == "parameter_not_found"
    assert ask("POST", "/internal_articles", {**body, "owner_id": 1}).status == 400
    assert ask("PUT", path, {"title": "x"}).status == 404


def test_contact_create_stores_the_same_record_when_repeated_on_a_new_workspace(ask):
    other = Asker(DemoWorkspace())
    for asker in (ask, other):
        asker("POST", "/contacts", {"email": "a@b.example"})
    assert ask.get("/contacts", per_page=1) == other.get("/contacts", per_page=1)
