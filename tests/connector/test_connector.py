"""The connector as people use it: what can be asked, what is allowed, what comes back."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pandas as pd
import pytest
from scripted_server import ScriptedServer, contact_page, demo_connector, writable_demo

import intercom_nb as inb
from intercom_nb import IntercomAuthConfig, IntercomConnector, catalog
from intercom_nb.errors import (
    ConfigurationError,
    InvalidParameterError,
    NotFoundError,
    UnknownNameError,
    UnsupportedError,
    WritesNotAllowedError,
)

from .values import needed


@pytest.fixture(scope="module")
def c() -> IntercomConnector:
    return demo_connector()


@pytest.fixture(scope="module")
def writing() -> Iterator[IntercomConnector]:
    return demo_connector(writable_demo(), allow_writes=True)


@pytest.mark.parametrize("copying", [copy.copy, copy.deepcopy, pickle.dumps])
@pytest.mark.parametrize("part", ["", "sync"])
def test_connector_raises_unsupported_error_when_it_is_copied_or_pickled(
    c: IntercomConnector, copying: Callable[[Any], Any], part: str, recwarn: pytest.WarningsRecorder
) -> None:
    with pytest.raises(UnsupportedError, match="cannot be copied or pickled"):
        copying(getattr(c, part) if part else c)
    for bound in (c.contacts, c.contacts.list, c.contacts.create_many, {"connector": c}):
        with pytest.raises(UnsupportedError, match="cannot be copied or pickled"):
            copy.deepcopy(bound)
    assert not recwarn.list


# What there is


def test_connector_dir_lists_every_entity_and_action(c: IntercomConnector) -> None:
    assert set(catalog.entities()) <= set(dir(c)) & set(dir(c.sync))
    for entity in catalog.entities():
        for side in (c, c.sync):
            namespace = getattr(side, entity)
            assert set(catalog.actions(entity)) <= set(dir(namespace))
            assert getattr(side, entity) is namespace  # made once


def test_entities_returns_every_action_of_the_mode(c: IntercomConnector) -> None:
    frame = c.entities
    assert isinstance(frame, pd.DataFrame)
    assert {"entity", "action", "description", "required", "optional", "writes"} <= set(
        frame.columns
    )
    asked = set(zip(frame["entity"], frame["action"], strict=True))
    assert asked == {(o.entity, o.action) for o in catalog.operations() if not o.hosted_only}
    got = frame[(frame["entity"] == "contacts") & (frame["action"] == "get")]
    assert got["required"].tolist() == ["id"]


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [("contcats", "Did you mean contacts"), ("contact", "contacts"), ("exceute", "execute")],
)
def test_connector_suggests_the_nearest_entity_when_an_attribute_is_unknown(
    c: IntercomConnector, wrong: str, hint: str
) -> None:
    for side in (c, c.sync):
        with pytest.raises(AttributeError, match=hint):
            getattr(side, wrong)
        assert not hasattr(side, wrong)


def test_namespace_suggests_the_nearest_action_when_an_attribute_is_unknown(
    c: IntercomConnector,
) -> None:
    with pytest.raises(
        AttributeError, match=r"contacts has no action 'serach'\. Did you mean search"
    ):
        _ = c.contacts.serach


def test_connector_sends_nothing_when_it_is_inspected() -> None:
    script = ScriptedServer([contact_page([])])
    c = script.connector()
    for thing in (c, c.sync, c.contacts, c.sync.contacts, c.contacts.list):
        repr(thing)
        dir(thing)
        inspect.getdoc(thing)
        getattr(thing, "_repr_html_", None)
        getattr(thing, "_ipython_canary_method_should_not_exist_", None)
    assert repr(copy.copy(c.contacts)) == repr(c.contacts)
    assert script.requests == []


def test_action_signature_has_defaults_ids_and_filters(c: IntercomConnector) -> None:
    shown = inspect.signature(c.contacts.list).parameters
    assert shown["limit"].default == 1_000
    assert shown["per_page"].kind is inspect.Parameter.KEYWORD_ONLY
    assert next(iter(inspect.signature(c.contacts.get).parameters)) == "id"
    search = inspect.signature(c.conversations.search).parameters
    assert search["filters"].kind is inspect.Parameter.VAR_KEYWORD
    assert "developers.intercom.com" in (inspect.getdoc(c.contacts.list) or "")


def test_connector_repr_shows_the_url_and_the_permission() -> None:
    c = ScriptedServer([{}]).connector()
    assert "direct" in repr(c)
    assert "https://intercom.test" in repr(c)
    assert "read-only" in repr(c)
    assert "read and write" in repr(ScriptedServer([{}]).connector(allow_writes=True))


# What is refused before anything is sent


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda c: c.execute("contcats", "list"), UnknownNameError, "Did you mean contacts"),
        (lambda c: c.execute("contacts", "lst"), UnknownNameError, "Did you mean list"),
        (lambda c: c.execute("contacts", "list", {"pr_page": 1}), UnknownNameError, "per_page"),
        (lambda c: c.contacts.list(pr_page=1), UnknownNameError, "per_page"),
        (lambda c: c.contacts.list(50), InvalidParameterError, "keyword arguments only"),
        (
            lambda c: c.contacts.get("1", "2"),
            InvalidParameterError,
            "at most id by position",
        ),
        (lambda c: c.contacts.get("1", id="2"), InvalidParameterError, "got id twice"),
        (lambda c: c.contacts.get(), InvalidParameterError, "contacts.get requires id"),
        (lambda c: c.contacts.get("1", limit=5), UnknownNameError, "limit"),
        (lambda c: c.teams.list(limt=5), UnknownNameError, "limt"),
        (lambda c: c.contacts.delete("1"), WritesNotAllowedError, "allow_writes=True"),
        (lambda c: c.contacts.create(role="lead"), WritesNotAllowedError, "allow_writes=True"),
        (
            lambda c: c.execute("contacts", "delete", {"id": 1}),
            WritesNotAllowedError,
            "read-only",
        ),
    ],
)
def test_call_sends_nothing_when_it_is_refused(call: Any, kind: type[Exception], says: str) -> None:
    script = ScriptedServer([{}])
    with pytest.raises(kind) as caught:
        call(script.connector().sync)
    assert says in str(caught.value)
    assert script.requests == []


@pytest.mark.parametrize(
    "op", [o for o in catalog.operations() if o.writes and not o.hosted_only], ids=lambda o: o.name
)
def test_write_is_refused_when_the_connector_is_read_only(op: Any) -> None:
    script = ScriptedServer([{}])
    version = next(v for v in ("Preview", "2.16") if op.exists_in(v))
    with pytest.raises(WritesNotAllowedError, match="allow_writes=True"):
        script.connector(version=version).sync.execute(op.entity, op.action, needed(op))
    assert script.requests == []


def test_execute_raises_when_the_version_is_older_than_the_operation() -> None:
    newer = next(o for o in catalog.operations() if o.since and not o.hosted_only)
    script = ScriptedServer([{}])
    with pytest.raises(UnsupportedError, match="needs API version"):
        script.connector(version="1.0", allow_writes=True).sync.execute(newer.entity, newer.action)
    assert script.requests == []


@pytest.mark.parametrize("wrong", [{"tokne": "x"}, {"base_url": "http://intercom.test"}])
def test_connector_raises_when_an_option_is_unknown_or_invalid(wrong: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ConfigurationError)):
        IntercomConnector(auth_config=IntercomAuthConfig("x"), **wrong)


def test_connect_suggests_demo_when_the_place_is_unknown() -> None:
    with pytest.raises(ConfigurationError, match="'demo'"):
        inb.connect("dmeo")


# What comes back


def test_get_returns_one_row_with_metadata_when_the_record_exists(c: IntercomConnector) -> None:
    some = c.sync.contacts.list(limit=1)["id"][0]
    frame = c.sync.contacts.get(some)
    assert frame["id"].tolist() == [some]
    info = frame.attrs["intercom"]
    assert (info["entity"], info["action"], info["mode"]) == ("contacts", "get", "direct")
    assert info["params"] == {"id": some}
    assert info["requests"] == 1
    with pytest.raises(NotFoundError, match=r"contacts\.get: the server responded with 404"):
        c.sync.contacts.get("0" * 24)


@pytest.mark.parametrize("entity", ["teams", "admins", "tags", "segments"])
def test_list_returns_all_records_when_it_has_no_pages(c: IntercomConnector, entity: str) -> None:
    frame = getattr(c.sync, entity).list()
    assert len(frame) > 2
    again = getattr(c.sync, entity).get(frame["id"].iloc[0])
    assert again["id"].tolist() == [frame["id"].iloc[0]]


async def test_search_returns_the_same_frame_when_awaited_and_when_sync(
    c: IntercomConnector,
) -> None:
    one = await c.conversations.search(state="open", limit=30)
    two = c.sync.conversations.search({"state": "open"}, limit=30)
    pd.testing.assert_frame_equal(one, two)
    one = await c.execute("contacts", "list", {"per_page": 50})
    assert len(one) == 50


def test_attrs_describe_the_call_when_a_limit_cuts_the_list(c: IntercomConnector) -> None:
    info = c.sync.contacts.list(limit=10).attrs["intercom"]
    assert info["total_count"] > 800
    assert info["truncated"] is True
    assert info["limit_is_default"] is False
    assert info["next_cursor"]
    assert set(info) >= {"entity", "action", "params", "mode", "requests", "limit", "rate_limit"}


def test_attrs_have_the_rate_limit_when_the_server_sends_one() -> None:
    headers = {"X-RateLimit-Limit": "1666", "X-RateLimit-Remaining": "5", "X-RateLimit-Reset": "99"}
    script = ScriptedServer([httpx.Response(200, json=contact_page([]), headers=headers)])
    info = script.connector().sync.contacts.list().attrs["intercom"]
    assert info["rate_limit"]["limit"] == 1666


def test_contacts_are_created_updated_and_deleted_when_writes_are_allowed(
    writing: IntercomConnector,
) -> None:
    contacts = writing.sync.contacts
    made = contacts.create(
        email="zoë@example.com", name="Zoë 🎉", custom_attributes={"plan": "pro"}
    )
    assert len(made) == 1
    id_ = made["id"][0]
    changed = contacts.update(id_, name=None, phone="+353871234567")
    assert pd.isna(changed["name"][0])
    assert contacts.get(id_)["phone"].tolist() == ["+353871234567"]
    gone = contacts.delete(id_)
    assert len(gone) == 1
    assert gone["id"].tolist() == [id_]
    assert gone["deleted"].tolist() == [True]
    with pytest.raises(NotFoundError):
        contacts.get(id_)
    with pytest.raises(NotFoundError):
        contacts.delete(id_)


def test_companies_tags_notes_and_articles_are_written_when_writes_are_allowed(
    writing: IntercomConnector,
) -> None:
    sync = writing.sync
    company = sync.companies.create(company_id="c-1", name="Blue & Co", custom_attributes={"x": 1})
    assert sync.companies.update(company["id"][0], name="Green")["name"].tolist() == ["Green"]
    assert len(sync.companies.delete(company["id"][0])) == 1
    tag = sync.tags.create(name="brand new")
    gone = sync.tags.delete(tag["id"][0])
    assert gone[["id", "deleted"]].to_numpy().tolist() == [[tag["id"][0], True]]
    contact = sync.contacts.list(limit=1)["id"][0]
    admin = sync.admins.list()["id"][0]
    note = sync.notes.create(contact_id=contact, admin_id=admin, body="<p>hello</p>")
    assert sync.notes.get(note["id"][0])["body"].str.contains("hello").tolist() == [True]
    assert note["id"][0] in set(sync.notes.list(contact)["id"])
    article = sync.internal_articles.create(
        title="How", body="<p>so</p>", author_id=admin, owner_id=admin
    )
    article = sync.internal_articles.update(article["id"][0], title="How to")
    assert article["title"].tolist() == ["How to"]
    assert len(sync.internal_articles.delete(article["id"][0])) == 1


def test_conversations_are_created_updated_and_deleted_when_writes_are_allowed(
    writing: IntercomConnector,
) -> None:
    sync = writing.sync
    contact = sync.contacts.list(limit=1)["id"][0]
    made = sync.conversations.create(from_={"type": "user", "id": contact}, body="Hello 🎉")
    id_ = made["conversation_id"][0]
    changed = sync.conversations.update(id_, read=True, title="New")
    assert changed["title"].tolist() == ["New"]
    gone = sync.conversations.delete(id_)
    assert gone["deleted"].tolist() == [True]
    assert gone["id"].tolist() == [id_]


def test_connector_opens_new_connections_when_it_is_used_after_close() -> None:
    script = ScriptedServer([contact_page(["1"])])
    c = script.connector()
    for _ in range(2):
        assert len(c.sync.contacts.list()) == 1
        c.sync.close()
        c.sync.close()
    assert len(script.requests) == 2


async def test_connector_closes_its_connections_when_the_context_ends() -> None:
    class Connections(httpx.MockTransport):
        closed = False

        async def aclose(self) -> None:
            self.closed = True

    connections = Connections(ScriptedServer([contact_page(["1"])]))
    async with IntercomConnector(auth_config=IntercomAuthConfig("x"), http=connections) as c:
        assert len(await c.contacts.list()) == 1
        assert not connections.closed
    assert connections.closed


def test_connector_leaves_the_httpx_client_open_when_it_was_given() -> None:
    script = ScriptedServer([contact_page(["1"])])
    http = httpx.AsyncClient(transport=httpx.MockTransport(script), headers={"X-Ours": "1"})
    c = IntercomConnector(
        auth_config=IntercomAuthConfig("token"), base_url="https://intercom.test", http=http
    )
    c.sync.contacts.list()
    c.sync.close()
    assert not http.is_closed
    assert script.requests[0].headers["x-ours"] == "1"
    assert script.requests[0].headers["authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("region", "host"), [("us", ""), ("eu", ".eu"), ("au", ".au"), ("EU", ".eu")]
)
def test_connect_sends_to_the_host_of_the_region_when_one_is_given(region: str, host: str) -> None:
    script = ScriptedServer([contact_page([])])
    c = inb.connect(access_token="x", region=region, http=httpx.MockTransport(script))
    c.sync.contacts.list()
    assert script.requests[0].url.host == f"api{host}.intercom.io"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alow_writes": True}, r"no argument 'alow_writes'\. Did you mean allow_writes\?"),
        ({"acces_token": "t"}, r"no argument 'acces_token'\. Did you mean access_token"),
        ({"auth_config": None}, "The demo workspace has its own credential"),
        ({"allow_writes": "no"}, "allow_writes must be True or False, not 'no'"),
        ({"dry_run": 1}, "dry_run must be True or False, not 1"),
        ({"timeout": "x"}, "timeout must be a number above 0, not 'x'"),
        ({"timeout": True}, "timeout must be a number above 0, not True"),
        ({"deadline": [5]}, r"deadline must be a number above 0, not \[5\]"),
        ({"max_response_mb": "5"}, "max_response_mb must be a number above 0, not '5'"),
        ({"http": {"Authorization": "secret"}}, "http must be .* not dict"),
        ({"retry": 5}, "retry must be a RetryPolicy, not int"),
    ],
    ids=str,
)
def test_connect_refuses_an_argument_when_it_is_invalid(options: dict[str, Any], message: str):
    with pytest.raises(ConfigurationError, match=message):
        inb.connect("demo", **options)
