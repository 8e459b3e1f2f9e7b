"""Workflows and automations of a hosted workspace."""

from __future__ import annotations

from typing import Any

import pytest

from intercom_nb import connect
from intercom_nb.errors import (
    ConfigurationError,
    InvalidParameterError,
    NotFoundError,
    UnsupportedError,
    WritesNotAllowedError,
)

from .conftest import Hosted

WORKFLOWS = "/api/v1/internal/workflows"


async def test_workflow_is_created_updated_and_deleted_when_writes_are_allowed(
    hosted: Hosted,
) -> None:
    workflows = hosted.connector(allow_writes=True).hosted.workflows
    made = await workflows.create("Nightly", tasks=[{"prompt": "Sum up the day."}])
    assert hosted.body(WORKFLOWS)["tasks"] == [{"prompt": "Sum up the day."}]
    key = made["id"].iloc[0]
    assert str(made["created_at"].dtype) == "datetime64[s, UTC]"
    assert (await workflows.update(key, name="Daily"))["name"].tolist() == ["Daily"]
    assert (await workflows.get(key))["name"].tolist() == ["Daily"]
    assert set((await workflows.list())["name"]) == {"Weekly summary", "Daily"}
    await workflows.delete(key)
    with pytest.raises(NotFoundError):
        await workflows.get(key)


async def test_automations_of_all_workflows_are_listed_when_none_is_named(hosted: Hosted) -> None:
    admin = hosted.connector(allow_writes=True).hosted
    key = (await admin.workflows.create("Nightly"))["id"].iloc[0]
    made = await admin.automations.create(key, cron_expression="0 2 * * *", timezone="Asia/Tokyo")
    one = made["id"].iloc[0]
    changed = await admin.automations.update(key, one, enabled=False)
    assert changed["enabled"].tolist() == [False]
    assert hosted.body(one) == {"enabled": False}
    assert set((await admin.automations.list())["cron_expression"]) == {"0 8 * * 1", "0 2 * * *"}
    assert (await admin.automations.list(key))["timezone"].tolist() == ["Asia/Tokyo"]
    await admin.automations.delete(key, one)
    empty = await admin.automations.list(key)
    assert len(empty) == 0
    assert list(empty.columns) == list(made.columns)


async def test_workspace_is_looked_up_once_when_workflows_are_listed_twice(hosted: Hosted) -> None:
    workflows = hosted.connector().hosted.workflows
    await workflows.list()
    await workflows.list()
    assert hosted.count("/api/v1/workspaces") == 1


@pytest.mark.parametrize("options", [{}, {"allow_writes": True, "dry_run": True}])
async def test_workflow_write_is_refused_when_the_connector_is_read_only(
    hosted: Hosted, options: dict[str, Any]
) -> None:
    admin = hosted.connector(**options).hosted
    calls = (
        admin.workflows.create("x"),
        admin.workflows.update("1", name="x"),
        admin.workflows.delete("1"),
        admin.automations.create("1"),
        admin.automations.update("1", "2", enabled=True),
        admin.automations.delete("1", "2"),
        admin.delete("1"),
    )
    for call in calls:
        with pytest.raises(WritesNotAllowedError):
            await call
    assert not hosted.workspace.requests


@pytest.mark.parametrize("key", ["", " ", ".", ".."])
async def test_workflow_id_is_refused_when_it_leaves_its_segment(hosted: Hosted, key: str) -> None:
    admin = hosted.connector(allow_writes=True).hosted
    for call in (admin.workflows.delete(key), admin.automations.get("1", key), admin.delete(key)):
        with pytest.raises(InvalidParameterError, match="not a valid id"):
            await call


async def test_workflows_are_refused_when_the_mode_has_none(hosted: Hosted) -> None:
    with pytest.raises(UnsupportedError, match="direct mode"):
        await connect("demo").hosted.workflows.list()
    with pytest.raises(UnsupportedError, match="Generation 1"):
        await hosted.connector(generation=1).hosted.automations.list()
    with pytest.raises(ConfigurationError, match="0 workspaces named 'elsewhere'"):
        await hosted.connector(workspace_name="elsewhere").hosted.workflows.list()
