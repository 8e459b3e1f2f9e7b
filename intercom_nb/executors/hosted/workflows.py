"""Routes of workflows and their automations in a hosted workspace (generation 2).

Source: the published client, airbyte-agent-sdk 0.1.380.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ...errors import ConfigurationError, UnsupportedError
from ...transport.error_response import unreadable
from ...transport.protocol import Response
from . import protocol
from .executor import HostedService, segment

_T = TypeVar("_T")
_WORKSPACES = "/api/v1/workspaces"
_WORKFLOWS = "/api/v1/internal/workflows"


class WorkflowRoutes:
    """Sends requests about workflows of the service's workspace, whose id is looked up once."""

    def __init__(self, service: HostedService) -> None:
        self._service = service
        self._workspace_id: str | None = None

    async def list(self, *path: str) -> list[dict[str, Any]]:
        """Return the workflows, or what is below one: ``list("7", "automations")``."""
        label = "list of workflows" if not path else f"list of {path[-1]}"
        return await self._send("GET", path, None, label, _read_list)

    async def get(self, *path: str) -> dict[str, Any]:
        """Return one workflow or automation."""
        return await self._send("GET", path, None, "workflow", protocol.read_object)

    async def create(self, *path: str, **fields: Any) -> dict[str, Any]:
        """Create a workflow, or an automation of one."""
        body = {"workspace_id": await self._workspace(), **_given(fields)}
        return await self._send("POST", path, body, "create a workflow", protocol.read_object)

    async def update(self, *path: str, **fields: Any) -> dict[str, Any]:
        """Change the given fields of a workflow or automation."""
        body = _given(fields)
        return await self._send("PATCH", path, body, "update a workflow", protocol.read_object)

    async def delete(self, *path: str) -> None:
        """Delete a workflow or automation."""
        await self._send("DELETE", path, None, "delete a workflow", lambda *_: None)

    async def _send(
        self,
        method: str,
        path: tuple[str, ...],
        body: dict[str, Any] | None,
        label: str,
        read: Callable[[Response, str], _T],
    ) -> _T:
        workspace = await self._workspace()
        # A new workflow is created in the workspace that its body names.
        query = () if method == "POST" and not path else (("workspace_id", workspace),)
        request = self._service.build_request(
            method,
            "/".join([_WORKFLOWS, *map(segment, path)]),
            query=query,
            body=body,
            retry_safe=method != "POST",
        )
        return await self._service.send(request, label, lambda response: read(response, label))

    async def _workspace(self) -> str:
        if self._workspace_id is None:
            self._workspace_id = await self._look_up()
        return self._workspace_id

    async def _look_up(self) -> str:
        service, name = self._service, self._service.tenant.name
        if service.generation.number == 1:
            raise UnsupportedError(
                "Generation 1 of the hosted API has no workflows. Create this connector with "
                "workspace_name= instead of external_user_id=, or with generation=2."
            )
        label = f"workspace {name!r}"
        request = service.build_request("GET", _WORKSPACES, query=(("name_contains", name),))
        listed = await service.send(request, label, lambda r: _read_list(r, label))
        found = [str(one["id"]) for one in listed if one.get("name") == name]
        if len(found) != 1:
            raise ConfigurationError(
                f"Airbyte has {len(found)} workspaces named {name!r}. Check workspace_name=."
            )
        return found[0]


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _read_list(response: Response, label: str) -> list[dict[str, Any]]:
    found = protocol.read_object(response, label).get("data")
    if not isinstance(found, list) or not all(isinstance(x, dict) and "id" in x for x in found):
        raise unreadable(response, label, "contains no list of records")
    return found
