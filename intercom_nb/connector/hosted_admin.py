"""Hosted connectors of a workspace: ``c.hosted``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any

import pandas as pd

from ..errors import ConfigurationError, UnsupportedError, WritesNotAllowedError
from ..executors.base import Executor
from ..executors.hosted.executor import HostedExecutor
from ..executors.hosted.workflows import WorkflowRoutes
from ..frames import build_frame
from ..models import IntercomAuthConfig, IntercomReplicationConfig
from ..runtime.portal import portal
from ..secret import Secret
from .base_connector import BaseConnector
from .hosted_workflows import Automations, Workflows


class HostedConnectors:
    """List, inspect and delete the hosted connectors of a workspace; its workflows.

    Each method raises UnsupportedError on a connector that runs in direct mode.

    >>> import asyncio, intercom_nb
    >>> c = intercom_nb.connect("demo", mode="hosted")
    >>> len(asyncio.run(c.hosted.list()))
    1
    """

    def __init__(self, executor: Executor, connector: BaseConnector) -> None:
        self._given = executor
        self._connector = connector

    def __repr__(self) -> str:
        return f"<hosted connectors of {self._connector!r}>"

    @property
    def auth_url(self) -> str:
        """The address of the service that issues the tokens."""
        return self._executor().service.tokens.base_url

    async def find_id(self) -> str:
        """Return the id of this connector at Airbyte, looked up once.

        >>> import asyncio, intercom_nb
        >>> c = intercom_nb.connect("demo", mode="hosted")
        >>> asyncio.run(c.hosted.find_id()) == c.details["connector_id"]
        True
        """
        return await portal.wait(self._executor().find())

    async def list(self) -> pd.DataFrame:
        """List the workspace's Intercom connectors, one row each: id, name, ..."""
        found = await portal.wait(self._executor().service.connectors())
        return build_frame(found, {"id": "id", "name": "string"}, "connector", self._info("list"))

    async def inspect(self, connector_id: str | None = None) -> pd.DataFrame:
        """Return what Airbyte knows about a connector, in one row (default: this connector)."""
        executor = self._executor()

        async def ask() -> dict[str, Any]:
            return await executor.service.inspect(connector_id or await executor.find())

        found = await portal.wait(ask())
        return build_frame([found], {"connector_id": "id"}, "connector", self._info("inspect"))

    async def delete(self, connector_id: str) -> None:
        """Delete a hosted connector and the data that Airbyte copied for it.

        Airbyte finishes the deletion in the background. Raises WritesNotAllowedError for a
        read-only connector.
        """
        executor = self._executor()
        self._check_writable("Deleting a hosted connector")
        await portal.wait(executor.service.delete(connector_id))

    @functools.cached_property
    def workflows(self) -> Workflows:
        """The workflows of the workspace: list, get, create, update and delete them."""
        return Workflows(self._routes, self._check_writable)

    @functools.cached_property
    def automations(self) -> Automations:
        """The automations of workflows: list, get, create, update and delete them."""
        return Automations(self._routes, self._check_writable)

    @functools.cached_property
    def _workflow_routes(self) -> WorkflowRoutes:
        return WorkflowRoutes(self._executor().service)

    def _routes(self) -> WorkflowRoutes:
        return self._workflow_routes

    async def scoped_token(self) -> Secret:
        """Create a token for this workspace only, for your own calls.

        It is valid for 20 min; ``.reveal()`` returns its text.
        """
        return await portal.wait(self._executor().service.scoped_token())

    def _check_writable(self, what: str) -> None:
        if not self._connector.allow_writes:
            raise WritesNotAllowedError(
                f"{what} changes the workspace, and this connector is read-only. Create it with "
                "allow_writes=True to allow changes."
            )
        if self._connector.dry_run:
            raise WritesNotAllowedError(
                f"{what} changes the workspace, and this connector has dry_run=True, which sends "
                "no change."
            )

    def _executor(self) -> HostedExecutor:
        if not isinstance(self._given, HostedExecutor):
            raise UnsupportedError(
                "This connector runs in direct mode, with an access token, so it has no hosted "
                "connectors. Create one with IntercomConnector.create_hosted(...)."
            )
        return self._given

    def _info(self, action: str) -> dict[str, Any]:
        return {"entity": "hosted", "action": action, "mode": "hosted"}


def create_connector(
    auth_config: IntercomAuthConfig,
    replication_config: IntercomReplicationConfig,
    name: str | None,
    source_template_id: str | None,
) -> Callable[[Executor], Coroutine[Any, Any, None]]:
    """Check the arguments of a new hosted connector and return the coroutine that creates it."""
    if not isinstance(auth_config, IntercomAuthConfig):
        raise ConfigurationError(
            "create_hosted requires auth_config=IntercomAuthConfig(access_token=...), the token "
            "that Airbyte is to store."
        )
    if not isinstance(replication_config, IntercomReplicationConfig):
        raise ConfigurationError(
            "create_hosted requires replication_config=IntercomReplicationConfig(start_date="
            "'2026-01-01T00:00:00Z')."
        )

    async def work(executor: Executor) -> None:
        assert isinstance(executor, HostedExecutor)
        token = auth_config.access_token
        executor.connector_id = await executor.service.create(
            token, replication_config, name, source_template_id
        )

    return work
