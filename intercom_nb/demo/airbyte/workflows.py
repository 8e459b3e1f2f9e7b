"""Workflows and automations of the hosted API, as airbyte-agent-sdk calls them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from intercom_nb.demo.airbyte.http import HostedError, check_body, check_fields, reply
from intercom_nb.demo.dates import NOW
from intercom_nb.demo.messages import DemoRequest, DemoResponse
from intercom_nb.demo.settings import WORKSPACE_NAME

ROUTE = "/api/v1/internal/workflows"
_WORKFLOW = {"workspace_id": str, "name": str, "tasks?": list}
_CHANGES: dict[str, type | None] = {
    "enabled?": bool,
    "trigger_type?": str,
    "cron_expression?": str,
    "timezone?": str,
    "completion_webhook_url?": str,
}
_AUTOMATION: dict[str, type | None] = {"workspace_id": str, **_CHANGES}
Record = dict[str, Any]


def workspace_id(name: str) -> str:
    """Return the id of a workspace."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


class WorkflowService:
    """Serve workflows by id, each with its automations; at first one in the workspace `demo`."""

    def __init__(self) -> None:
        self._made = 0
        self._workflows: dict[str, Record] = {}
        self._automations: dict[str, dict[str, Record]] = {}
        first = self._add(workspace_id(WORKSPACE_NAME), "Weekly summary")
        self._schedule(first, {"cron_expression": "0 8 * * 1", "timezone": "Europe/Dublin"})

    def respond(self, request: DemoRequest, workspaces: Iterable[str]) -> DemoResponse:
        """Return the response to a request; `workspaces` are the names that exist."""
        path = request.path.removeprefix(ROUTE).strip("/").split("/")
        if (request.method, path) == ("POST", [""]):
            body = check_body(request, _WORKFLOW)
            return reply(self._add(_known(body["workspace_id"], workspaces), body["name"]))
        query = check_fields("query", dict(request.pairs()), {"workspace_id": str})
        workspace = _known(query["workspace_id"], workspaces)
        match request.method, path:
            case "GET", [""]:
                found = self._workflows.values()
                return reply({"data": [w for w in found if w["workspace_id"] == workspace]})
            case _, [key]:
                return self._one(request, self._workflow(key, workspace))
            case _, [key, "automations", *rest] if len(rest) < 2:
                return self._automation(request, self._workflow(key, workspace), rest)
        raise HostedError(404, "Not Found")

    def _one(self, request: DemoRequest, workflow: Record) -> DemoResponse:
        if request.method == "PATCH":
            workflow |= check_body(request, {"name?": str})
        elif request.method == "DELETE":
            del self._workflows[workflow["id"]], self._automations[workflow["id"]]
            return _no_content()
        elif request.method != "GET":
            raise HostedError(405, "Method Not Allowed")
        return reply(workflow)

    def _automation(self, request: DemoRequest, workflow: Record, rest: list[str]) -> DemoResponse:
        own = self._automations[workflow["id"]]
        if not rest:
            if request.method == "GET":
                return reply({"data": list(own.values())})
            if request.method == "POST":
                return reply(self._schedule(workflow, check_body(request, _AUTOMATION)))
            raise HostedError(405, "Method Not Allowed")
        if rest[0] not in own:
            raise HostedError(404, "Automation not found")
        if request.method == "PATCH":
            own[rest[0]] |= check_body(request, _CHANGES)
        elif request.method == "DELETE":
            del own[rest[0]]
            return _no_content()
        return reply(own[rest[0]])

    def _workflow(self, key: str, workspace: str) -> Record:
        found = self._workflows.get(key)
        if found is None or found["workspace_id"] != workspace:
            raise HostedError(404, "Workflow not found")
        return found

    def _add(self, workspace: str, name: str) -> Record:
        made = {**self._new("workflow"), "workspace_id": workspace, "name": name}
        self._automations[made["id"]] = {}
        self._workflows[made["id"]] = made
        return made

    def _schedule(self, workflow: Record, given: Record) -> Record:
        made = {
            **self._new("automation"),
            "workflow_id": workflow["id"],
            "enabled": True,
            "trigger_type": "schedule",
            "cron_expression": None,
            "timezone": "UTC",
            "completion_webhook_url": None,
            "trigger_webhook_url": None,
            **given,
            "workspace_id": workflow["workspace_id"],
        }
        self._automations[workflow["id"]][made["id"]] = made
        return made

    def _new(self, kind: str) -> Record:
        self._made += 1
        at = dt.datetime.fromtimestamp(NOW + self._made, dt.UTC).isoformat()
        key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind} {self._made}"))
        return {"id": key, "created_at": at, "updated_at": at}


def _known(workspace: str, names: Iterable[str]) -> str:
    if workspace not in map(workspace_id, names):
        raise HostedError(404, "Workspace not found")
    return workspace


def _no_content() -> DemoResponse:
    return DemoResponse(204, {"Content-Type": "application/json"}, b"")
