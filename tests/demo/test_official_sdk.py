"""The official SDK against the demo's socket, beside our own client and plain HTTP.

Only a client that we did not write can prove that the demo speaks Intercom's language.
"""

from __future__ import annotations

import httpx
import pytest
from intercom import Intercom
from intercom.core.api_error import ApiError

import intercom_nb as inb
from intercom_nb.demo import TOKEN, DemoWorkspace, serve
from intercom_nb.models import IntercomAuthConfig

from .conftest import cut

pytestmark = pytest.mark.slow

PER_PAGE = 18  # so that the small workspace still has three pages


@pytest.fixture(scope="module")
def server():
    with serve(workspace=cut(DemoWorkspace(), 20, 60)) as running:
        yield running


@pytest.fixture(scope="module")
def sdk(server):
    with httpx.Client() as connections:
        yield Intercom(token=TOKEN, base_url=server.url, httpx_client=connections)


@pytest.fixture(scope="module")
def plain(server):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.url, headers=headers) as connections:
        yield connections


@pytest.fixture
def ours(server):
    connector = inb.IntercomConnector(
        auth_config=IntercomAuthConfig(access_token=TOKEN), base_url=server.url
    )
    yield connector
    connector.sync.close()


def plain_ids(plain, path, key):
    found, cursor = [], {}
    while True:
        page = plain.get(path, params={"per_page": 150, **cursor}).json()
        found += [record["id"] for record in page[key]]
        if "next" not in page["pages"]:
            return found
        cursor = {"starting_after": page["pages"]["next"]["starting_after"]}


def test_official_sdk_lists_the_same_contacts_as_ours(sdk, plain, ours):
    ids = [contact.id for contact in sdk.contacts.list(per_page=PER_PAGE)]
    assert len(ids) == len(set(ids)) > 2 * PER_PAGE
    assert ids == plain_ids(plain, "/contacts", "data")
    assert ids == list(ours.sync.contacts.list(limit=None)["id"])


def test_official_sdk_lists_the_same_conversations_as_ours(sdk, plain, ours):
    ids = [conversation.id for conversation in sdk.conversations.list(per_page=PER_PAGE)]
    assert len(ids) == len(set(ids)) > 2 * PER_PAGE
    assert ids == plain_ids(plain, "/conversations", "conversations")
    assert ids == list(ours.sync.conversations.list(limit=None)["id"])


def test_official_sdk_reads_the_same_parts_as_ours_when_given_a_conversation(
    server, sdk, plain, ours
):
    store = server.workspace.store
    key = max(store.conversations, key=lambda key: len(store.parts(key)))
    found = sdk.conversations.find(conversation_id=key)
    raw = plain.get(f"/conversations/{key}").json()
    parts = raw["conversation_parts"]["conversation_parts"]
    shown = [
        (part.id, part.part_type, part.body, part.created_at, part.author.id)
        for part in found.conversation_parts.conversation_parts
    ]
    assert shown == [
        (p["id"], p["part_type"], p["body"], p["created_at"], p["author"]["id"]) for p in parts
    ]
    assert len(parts) > 10
    assert found.id == key
    assert found.source.body == raw["source"]["body"]
    assert found.statistics.count_conversation_parts == len(parts)

    frame = ours.sync.conversations.get(key)
    child = frame.intercom.children("conversation_parts")
    assert list(frame["id"]) == [key]
    assert list(child["id"]) == [part["id"] for part in parts]
    bodies = [None if value is None or value != value else value for value in child["body"]]
    assert bodies == [part["body"] for part in parts]
    seconds = [int(at.timestamp()) for at in child["created_at"]]
    assert seconds == [part["created_at"] for part in parts]


def test_official_sdk_returns_matches_when_it_searches(sdk, plain):
    query = {"query": {"field": "role", "operator": "=", "value": "lead"}}
    expected = plain.post("/contacts/search", json=query).json()
    # One page only: this SDK's own search pager asks for the first page again and again.
    page = sdk.contacts.search(query=query["query"])
    assert [contact.id for contact in page.items] == [row["id"] for row in expected["data"]]


def test_official_sdk_lists_the_other_entities(sdk):
    assert sdk.admins.identify().app.timezone == "America/New_York"
    assert len(sdk.admins.list().admins) == 14
    assert len(sdk.teams.list().teams) == 6
    assert len(sdk.tags.list().data) == 16
    assert len(sdk.segments.list().segments) == 6
    assert len(sdk.internal_articles.list_internal_articles().data) == 25
    companies = list(sdk.companies.scroll())
    assert len(companies) > 15
    assert sdk.companies.find(company_id=companies[0].id).name == companies[0].name


def test_official_sdk_returns_the_written_record_when_it_writes(sdk):
    contact = sdk.contacts.list(per_page=1).items[0]
    note = sdk.notes.create(contact_id=contact.id, body="From the official SDK")
    assert note.contact.id == contact.id
    changed = sdk.contacts.update(contact_id=contact.id, name="Renamed")
    assert changed.name == "Renamed"
    tag = sdk.tags.create(request={"name": "from the sdk"})
    assert sdk.tags.find(tag_id=tag.id).name == "from the sdk"


def test_official_sdk_raises_its_api_error_when_a_request_is_refused(server, sdk):
    with pytest.raises(ApiError) as missing:
        sdk.contacts.find(contact_id="0" * 24)
    assert missing.value.status_code == 404
    with httpx.Client() as connections:
        stranger = Intercom(token="wrong", base_url=server.url, httpx_client=connections)
        with pytest.raises(ApiError) as refused:
            stranger.admins.list()
    assert refused.value.status_code == 401
    assert refused.value.body.errors[0].code == "unauthorized"


@pytest.mark.slow
def test_official_sdk_lists_every_record_when_the_workspace_is_whole():
    with serve() as server, httpx.Client() as connections:
        sdk = Intercom(token=TOKEN, base_url=server.url, httpx_client=connections)
        ours = inb.IntercomConnector(
            auth_config=IntercomAuthConfig(access_token=TOKEN), base_url=server.url
        )
        contacts = [record.id for record in sdk.contacts.list(per_page=150)]
        conversations = [record.id for record in sdk.conversations.list(per_page=150)]
        assert (len(contacts), len(conversations)) == (860, 3_264)
        assert contacts == list(ours.sync.contacts.list(limit=None)["id"])
        assert conversations == list(ours.sync.conversations.list(limit=None)["id"])
        ours.sync.close()
