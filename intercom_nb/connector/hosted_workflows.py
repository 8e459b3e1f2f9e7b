"""Workflows and automations of a hosted workspace: ``c.hosted.workflows``."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from ..catalog.declared_columns import RecordColumns
from ..executors.hosted.workflows import WorkflowRoutes
from ..frames import build_frame
from ..runtime.concurrency import run_parallel
from ..runtime.portal import portal

_WORKFLOW: RecordColumns = {
    "id": "id",
    "name": "string",
    "workspace_id": "id",
    "created_at": "time",
    "updated_at": "time",
}
_AUTOMATION: RecordColumns = {
    "id": "id",
    "workflow_id": "id",
    "workspace_id": "id",
    "enabled": "boolean",
    "trigger_type": "string",
    "cron_expression": "string",
    "timezone": "string",
    "completion_webhook_url": "string",
    "trigger_webhook_url": "string",
    "created_at": "time",
    "updated_at": "time",
}
_PARALLEL = 10  # workflows whose automations are listed at a time


class Workflows:
    """Workflows of the workspace: agents' tasks that Airbyte runs.

    ``routes`` returns the routes of a hosted connector; ``check_writable`` raises when the
    connector is read-only. Every method raises UnsupportedError in direct mode and for generation
    1, NotFoundError for an unknown id.

    >>> import asyncio, intercom_nb
    >>> c = intercom_nb.connect("demo", mode="hosted")
    >>> list(asyncio.run(c.hosted.workflows.list())["name"])
    ['Weekly summary']
    """

    def __init__(
        self, routes: Callable[[], WorkflowRoutes], check_writable: Callable[[str], None]
    ) -> None:
        self._routes = routes
        self._check_writable = check_writable

    async def list(self) -> pd.DataFrame:
        """List the workflows, one row each."""
        return _frame("workflow", "list", await portal.wait(self._routes().list()))

    async def get(self, workflow_id: str) -> pd.DataFrame:
        """Return one workflow."""
        return _frame("workflow", "get", [await portal.wait(self._routes().get(workflow_id))])

    async def create(
        self, name: str, *, tasks: Sequence[dict[str, Any]] | None = None
    ) -> pd.DataFrame:
        """Create a workflow; ``tasks`` are passed on as they are."""
        self._check_writable("Creating a workflow")
        given = None if tasks is None else [*tasks]
        made = await portal.wait(self._routes().create(name=name, tasks=given))
        return _frame("workflow", "create", [made])

    async def update(self, workflow_id: str, *, name: str) -> pd.DataFrame:
        """Rename a workflow."""
        self._check_writable("Changing a workflow")
        changed = await portal.wait(self._routes().update(workflow_id, name=name))
        return _frame("workflow", "update", [changed])

    async def delete(self, workflow_id: str) -> None:
        """Delete a workflow and its automations."""
        self._check_writable("Deleting a workflow")
        await portal.wait(self._routes().delete(workflow_id))


class Automations:
    """Automations of workflows: when a workflow runs. See Workflows for errors."""

    def __init__(
        self, routes: Callable[[], WorkflowRoutes], check_writable: Callable[[str], None]
    ) -> None:
        self._routes = routes
        self._check_writable = check_writable

    async def list(self, workflow_id: str | None = None) -> pd.DataFrame:
        """List the automations of one workflow (default: of all), one row each."""
        routes = self._routes()

        async def fetch() -> builtins.list[dict[str, Any]]:
            ids = [workflow_id] if workflow_id else [str(w["id"]) for w in await routes.list()]
            every = (routes.list(i, "automations") for i in ids)
            return [one for found in await run_parallel(every, _PARALLEL) for one in found]

        return _frame("automation", "list", await portal.wait(fetch()))

    async def get(self, workflow_id: str, automation_id: str) -> pd.DataFrame:
        """Return one automation."""
        found = await portal.wait(self._routes().get(workflow_id, "automations", automation_id))
        return _frame("automation", "get", [found])

    async def create(
        self,
        workflow_id: str,
        *,
        trigger_type: str = "schedule",
        enabled: bool = True,
        cron_expression: str | None = None,
        timezone: str | None = None,
        completion_webhook_url: str | None = None,
    ) -> pd.DataFrame:
        """Create an automation; a schedule needs a ``cron_expression``."""
        self._check_writable("Creating an automation")
        made = await portal.wait(
            self._routes().create(
                workflow_id,
                "automations",
                trigger_type=trigger_type,
                enabled=enabled,
                cron_expression=cron_expression,
                timezone=timezone,
                completion_webhook_url=completion_webhook_url,
            )
        )
        return _frame("automation", "create", [made])

    async def update(  # noqa: PLR0913 - the fields of an automation
        self,
        workflow_id: str,
        automation_id: str,
        *,
        enabled: bool | None = None,
        trigger_type: str | None = None,
        cron_expression: str | None = None,
        timezone: str | None = None,
        completion_webhook_url: str | None = None,
    ) -> pd.DataFrame:
        """Change the given fields of an automation."""
        self._check_writable("Changing an automation")
        changed = await portal.wait(
            self._routes().update(
                workflow_id,
                "automations",
                automation_id,
                enabled=enabled,
                trigger_type=trigger_type,
                cron_expression=cron_expression,
                timezone=timezone,
                completion_webhook_url=completion_webhook_url,
            )
        )
        return _frame("automation", "update", [changed])

    async def delete(self, workflow_id: str, automation_id: str) -> None:
        """Delete an automation."""
        self._check_writable("Deleting an automation")
        await portal.wait(self._routes().delete(workflow_id, "automations", automation_id))


def _frame(record: str, action: str, records: list[dict[str, Any]]) -> pd.DataFrame:
    columns = _WORKFLOW if record == "workflow" else _AUTOMATION
    info = {"entity": f"hosted.{record}s", "action": action, "mode": "hosted"}
    return build_frame(records, columns, record, info)
