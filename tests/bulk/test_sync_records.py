"""c.contacts.sync and c.companies.sync: what differs is shown first, and only that is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from scripted_server import demo_connector

from intercom_nb.demo import DemoWorkspace
from intercom_nb.errors import InvalidParameterError, UnknownNameError, WritesNotAllowedError
from intercom_nb.frames import KEY

pytestmark = pytest.mark.slow


@pytest.fixture
def workspace() -> DemoWorkspace:
    return DemoWorkspace(rate_limit=None)


def users(workspace: DemoWorkspace, count: int) -> list[dict[str, Any]]:
    known = workspace.store.people.contacts.values()
    return [c for c in known if c["external_id"]][:count]


def writes(workspace: DemoWorkspace) -> list[Any]:
    reads = {"/contacts/search"}
    return [r for r in workspace.requests if r.method != "GET" and r.path not in reads]


def rows_of(workspace: DemoWorkspace) -> pd.DataFrame:
    """Four rows: one as it is, a new name, a new attribute, and a new contact."""
    first, second, third = users(workspace, 3)
    return pd.DataFrame(
        {
            "external_id": [c["external_id"] for c in (first, second, third)] + ["new-1"],
            "name": [first["name"], "Grace Hopper", third["name"], "Ada"],
            "custom_attributes.plan": [None, None, "enterprise-9", None],
            "signed_up_at": [pd.Timestamp(first["signed_up_at"], unit="s", tz="UTC")] + [None] * 3,
        },
        index=["same", "name", "attribute", "new"],
    )


def test_sync_returns_the_differences_unsent_when_dry_run_is_not_set(
    workspace: DemoWorkspace,
) -> None:
    c = demo_connector(workspace)  # read-only: looking needs no permission
    found = c.sync.contacts.sync(rows_of(workspace), key="external_id")
    shown = found[["change", "field", "new"]].to_numpy().tolist()
    assert ["update", "name", "Grace Hopper"] in shown
    assert ["update", "custom_attributes.plan", "enterprise-9"] in shown
    assert ["create", "name", "Ada"] in shown
    assert len(found) == 4  # the new contact has an external_id and a name
    renamed = found[found["new"] == "Grace Hopper"].iloc[0]
    assert renamed["old"] == users(workspace, 2)[1]["name"]
    counts = {name: found.attrs[KEY][name] for name in ("created", "updated", "unchanged")}
    assert counts == {"created": 1, "updated": 2, "unchanged": 1}
    assert writes(workspace) == []


def test_sync_sends_each_difference_once_when_it_is_repeated(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True)
    rows = rows_of(workspace)
    done = c.sync.contacts.sync(rows, dry_run=False)
    assert done["ok"].all()
    assert done["change"].to_dict() == {"new": "create", "name": "update", "attribute": "update"}
    assert {r.method for r in writes(workspace)} == {"POST", "PUT"}
    assert len(writes(workspace)) == 3
    third = users(workspace, 3)[2]
    assert third["custom_attributes"]["plan"] == "enterprise-9"
    assert len(third["custom_attributes"]) > 1  # the others stay
    again = c.sync.contacts.sync(rows, dry_run=False)
    assert len(again) == 0
    assert again.attrs[KEY]["unchanged"] == 4
    assert len(writes(workspace)) == 3


async def test_sync_returns_a_frame_when_it_is_awaited(workspace: DemoWorkspace) -> None:
    found = await demo_connector(workspace).contacts.sync(rows_of(workspace))
    assert len(found) == 4


def test_sync_skips_done_rows_when_it_resumes(workspace: DemoWorkspace, tmp_path: Path) -> None:
    c = demo_connector(workspace, allow_writes=True)
    journal = tmp_path / "sync.jsonl"
    rows = pd.DataFrame({"external_id": ["new-1", "new-2"], "name": ["Ada", "Grace"]})
    c.sync.contacts.sync(rows[:1], dry_run=False, resume=journal)
    created = workspace.store.people.contacts
    key = next(k for k, v in created.items() if v["external_id"] == "new-1")
    created[key]["external_id"] = None  # as a search that has not yet indexed the new contact
    done = c.sync.contacts.sync(rows, dry_run=False, resume=journal)
    assert done["ok"].all()
    assert sum(v["name"] == "Ada" for v in created.values()) == 1


def test_sync_raises_when_the_connector_is_read_only(workspace: DemoWorkspace) -> None:
    with pytest.raises(WritesNotAllowedError):
        demo_connector(workspace).sync.contacts.sync(rows_of(workspace), dry_run=False)


@pytest.mark.parametrize(
    ("rows", "key", "said"),
    [
        ({"external_id": ["a", "a"]}, None, "several rows"),
        ({"external_id": ["a", None]}, None, "empty in row 1"),
        ({"email": ["a@example.com"]}, None, "no column 'external_id'"),
        ({"name": ["a"]}, "name", "key must be one of external_id, email, id"),
        ({"id": ["5ba682d23d7cf92bef87bfd4"], "name": ["Ada"]}, "id", "no record has the id"),
    ],
)
def test_sync_raises_when_rows_cannot_be_matched(
    workspace: DemoWorkspace, rows: dict[str, Any], key: str | None, said: str
) -> None:
    c = demo_connector(workspace, allow_writes=True)
    with pytest.raises(InvalidParameterError, match=said):
        c.sync.contacts.sync(pd.DataFrame(rows), key=key, dry_run=False)
    assert writes(workspace) == []


def test_sync_raises_when_a_column_is_not_a_parameter(workspace: DemoWorkspace) -> None:
    rows = pd.DataFrame({"external_id": ["x"], "nmae": ["Ada"]})
    with pytest.raises(UnknownNameError, match="Did you mean name"):
        demo_connector(workspace).sync.contacts.sync(rows)


def test_sync_matches_a_contact_when_its_email_differs_in_case(workspace: DemoWorkspace) -> None:
    contact = next(c for c in workspace.store.people.contacts.values() if c["email"])
    rows = pd.DataFrame({"email": [contact["email"].upper()], "name": ["Grace Hopper"]})
    found = demo_connector(workspace).sync.contacts.sync(rows, key="email")
    assert "Grace Hopper" in found["new"].tolist()
    assert found[["change", "field"]].to_numpy().tolist() == [["update", "name"]]


def test_sync_creates_and_updates_companies_when_dry_run_is_off(workspace: DemoWorkspace) -> None:
    c = demo_connector(workspace, allow_writes=True)
    first, second = list(workspace.store.people.companies.values())[:2]
    rows = pd.DataFrame(
        {
            "company_id": [first["company_id"], second["company_id"], "acme-1"],
            "name": [first["name"], "Renamed", "Acme"],
        }
    )
    shown = c.sync.companies.sync(rows)
    assert shown["change"].tolist().count("create") == 2  # company_id and name
    assert shown[shown["change"] == "update"]["field"].tolist() == ["name"]
    done = c.sync.companies.sync(rows, dry_run=False)
    assert done["ok"].all()
    names = {v["company_id"]: v["name"] for v in workspace.store.people.companies.values()}
    assert names[second["company_id"]] == "Renamed"
    assert names["acme-1"] == "Acme"
    assert len(c.sync.companies.sync(rows)) == 0
