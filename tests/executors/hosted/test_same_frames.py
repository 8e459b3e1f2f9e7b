"""An operation gives the same frame, whichever mode runs it."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from scripted_server import demo_connector

from intercom_nb import IntercomConnector, catalog
from intercom_nb.demo import DemoWorkspace
from intercom_nb.errors import UnknownNameError, UnsupportedError

pytestmark = pytest.mark.slow


def _first(connector: IntercomConnector, entity: str) -> str:
    page = {"per_page": 1} if entity in {"contacts", "conversations", "companies"} else {}
    return str(connector.sync.execute(entity, "list", page)["id"].iloc[0])


def _one(entity: str) -> Callable[[IntercomConnector], dict[str, Any]]:
    return lambda c: {"id": _first(c, entity)}


def _article(c: IntercomConnector) -> dict[str, Any]:
    owner = int(_first(c, "admins"))
    made = {"title": "Refunds", "body": "<p>Ask first.</p>", "owner_id": owner, "author_id": owner}
    return {"id": str(c.sync.execute("internal_articles", "create", made)["id"].iloc[0])}


def _message(c: IntercomConnector) -> dict[str, Any]:
    contacts = c.sync.execute("contacts", "list", {"per_page": 50})
    user = contacts[contacts["role"] == "user"]["id"].iloc[0]
    return {"from": {"type": "user", "id": str(user)}, "body": "Hello"}


def _fresh_tag(c: IntercomConnector) -> dict[str, Any]:
    return {"id": str(c.sync.execute("tags", "create", {"name": "unused"})["id"].iloc[0])}


PARAMS: dict[str, Callable[[IntercomConnector], dict[str, Any]]] = {
    "contacts.list": lambda c: {"per_page": 50},
    "contacts.get": _one("contacts"),
    "contacts.create": lambda c: {"role": "user", "email": "new@example.com", "name": "New"},
    "contacts.update": lambda c: {**_one("contacts")(c), "name": "Renamed"},
    "contacts.delete": _one("contacts"),
    "conversations.list": lambda c: {"per_page": 50},
    "conversations.get": _one("conversations"),
    "conversations.create": _message,
    "conversations.update": lambda c: {**_one("conversations")(c), "read": True},
    "conversations.delete": _one("conversations"),
    "companies.list": lambda c: {"per_page": 20},
    "companies.get": _one("companies"),
    "companies.create": lambda c: {"company_id": "new-1", "name": "New Ltd", "monthly_spend": 9},
    "companies.update": lambda c: {**_one("companies")(c), "name": "Renamed Ltd"},
    "companies.delete": _one("companies"),
    "teams.list": lambda c: {},
    "teams.get": _one("teams"),
    "admins.list": lambda c: {},
    "admins.get": _one("admins"),
    "tags.list": lambda c: {},
    "tags.create": lambda c: {"name": "brand new"},
    "tags.get": _one("tags"),
    "tags.delete": _fresh_tag,
    "notes.create": lambda c: {"contact_id": _first(c, "contacts"), "body": "<p>Called.</p>"},
    "segments.list": lambda c: {"include_count": True},
    "segments.get": _one("segments"),
    "internal_articles.create": lambda c: {
        "title": "Returns",
        "owner_id": int(_first(c, "admins")),
        "author_id": int(_first(c, "admins")),
    },
    "internal_articles.update": lambda c: {**_article(c), "title": "Refunds, again"},
    "internal_articles.delete": _article,
}


def test_operations_of_both_modes_are_all_in_these_tests() -> None:
    shared = {op.name for op in catalog.operations() if op.hosted and not op.hosted_only}
    assert shared == set(PARAMS)


@functools.cache
def _workspace(lane: str) -> DemoWorkspace:
    """One workspace for each way; all of them see the same writes in the same order."""
    return DemoWorkspace(rate_limit=None)


LANES: dict[str, dict[str, Any]] = {
    "direct": {"mode": "direct"},
    "generation 1": {"mode": "hosted", "generation": 1},
    "generation 2": {"mode": "hosted", "generation": 2},
}


@pytest.mark.parametrize("name", list(PARAMS))
def test_frame_is_equal_when_the_operation_runs_in_the_other_mode(name: str) -> None:
    entity, action = name.split(".")
    frames = {}
    for lane, how in LANES.items():
        c = demo_connector(_workspace(lane), allow_writes=True, **how)
        params = PARAMS[name](demo_connector(_workspace(lane), allow_writes=True))
        frames[lane] = c.sync.execute(entity, action, params)
    _same(frames["direct"], frames["generation 1"])
    _same(frames["direct"], frames["generation 2"])


def _same(direct: pd.DataFrame, hosted: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(direct, hosted)
    assert (direct.dtypes == hosted.dtypes).all()
    assert hosted.attrs["intercom"]["mode"] == "hosted"
    assert direct.attrs["intercom"]["children"] == hosted.attrs["intercom"]["children"]
    for child in direct.attrs["intercom"]["children"]:
        one, other = (frame.intercom.children(child) for frame in (direct, hosted))
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("entity", ["contacts", "companies", "conversations"])
def test_frame_of_all_pages_is_equal_when_the_list_runs_in_the_other_mode(entity: str) -> None:
    limit = None if entity != "conversations" else 400
    frames = [
        getattr(demo_connector(mode=mode).sync, entity).list(limit=limit)
        for mode in ("direct", "hosted")
    ]
    pd.testing.assert_frame_equal(*frames)
    assert frames[1].attrs["intercom"]["requests"] > 1


@pytest.mark.parametrize(
    ("entity", "action"), [("contacts", "search"), ("notes", "list"), ("tickets", "get")]
)
def test_operation_is_refused_when_hosted_mode_lacks_it(entity: str, action: str) -> None:
    workspace = DemoWorkspace()
    c = demo_connector(workspace, mode="hosted")
    with pytest.raises(UnsupportedError, match=f"has no {entity}.{action}.*access token"):
        c.sync.execute(entity, action, {"id": "1"})
    assert not workspace.requests


def test_context_store_search_is_refused_when_the_mode_is_direct() -> None:
    workspace = DemoWorkspace()
    with pytest.raises(UnsupportedError, match="hosted mode only"):
        demo_connector(workspace).sync.contacts.context_store_search(filter={"eq": {"id": "1"}})
    assert not workspace.requests


def test_parameter_is_refused_when_only_the_other_mode_has_it() -> None:
    workspace = DemoWorkspace()
    hosted = demo_connector(workspace, mode="hosted")
    with pytest.raises(UnknownNameError, match="no parameter 'tag_id' in hosted mode"):
        hosted.sync.companies.list(tag_id="1")
    with pytest.raises(UnknownNameError, match="select_fields"):
        demo_connector(workspace).sync.contacts.list(select_fields=["id"])
    assert not workspace.requests


def test_entities_lists_only_the_actions_of_the_mode_when_it_is_hosted() -> None:
    direct, hosted = (demo_connector(mode=m).entities for m in ("direct", "hosted"))
    names = {(e, a) for e, a in zip(hosted["entity"], hosted["action"], strict=True)}
    assert ("contacts", "context_store_search") in names
    assert ("contacts", "search") not in names
    assert len(hosted) == len(PARAMS) + 2 * 5  # the copy has five entities, and two actions on each
    assert "context_store_search" not in set(direct["action"])


def test_help_shows_only_the_parameters_of_the_mode_when_it_is_hosted() -> None:
    direct, hosted = (demo_connector(mode=m) for m in ("direct", "hosted"))
    for c in (hosted, hosted.sync):
        assert "starting_after" in inspect.signature(c.companies.list).parameters
        assert "tag_id" not in inspect.signature(c.companies.list).parameters
        assert "select_fields" in (c.companies.list.__doc__ or "")
        assert "skip_truncation" in inspect.signature(c.contacts.context_store_search).parameters
    assert "tag_id" in inspect.signature(direct.companies.list).parameters
    assert "select_fields" in repr(hosted.describe("companies", "list"))
    assert "select_fields" not in repr(direct.describe("companies", "list"))


def test_dry_run_returns_the_request_unsent_when_the_mode_is_hosted() -> None:
    workspace = DemoWorkspace()
    c = demo_connector(workspace, mode="hosted", allow_writes=True)
    shown = c.sync.contacts.update("some-id", name="New", dry_run=True)
    assert shown["method"].tolist() == ["POST"]
    assert '"entity": "contacts"' in shown["body"].iloc[0]
    assert not workspace.requests
