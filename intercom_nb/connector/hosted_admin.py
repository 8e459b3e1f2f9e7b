"""The hosted connectors of a workspace, as ``c.hosted`` gives them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

import pandas as pd

from ..credentials import Secret
from ..errors import ConfigurationError, UnsupportedError, WritesNotAllowedError
from ..executors.base import Executor
from ..executors.hosted.executor import HostedExecutor
from ..frames import build_frame
from ..models import IntercomAuthConfig, IntercomReplicationConfig
from ..runtime.portal import portal
from .base import BaseConnector


class HostedConnectors:
    """List, inspect and delete the hosted connectors of a workspace.

    Each method raises UnsupportedError on a connector that runs in direct mode.

    >>> import asyncio, intercom_nb
    >>> c = intercom_nb.connect("demo", mode="hosted")
    >>> len(asyncio.run(c.hosted.list()))
    1
    """

    def __init__(self, connector: BaseConnector) -> None:
        self._connector = connector

    def __repr__(self) -> str:
        return f"<the hosted connectors of {self._connector!r}>"

    async def list(self) -> pd.DataFrame:
        """List the workspace's Intercom connectors, one row each: id, name, ..."""
        found = await portal.wait(self._executor().service.connectors())
        return build_frame(found, {"id": "id", "name": "string"}, "connector", self._info("list"))

    async def inspect(self, connector_id: str | None = None) -> pd.DataFrame:
        """Say what Airbyte knows of a connector, in one row; without an id, of this one."""
        executor = self._executor()

        async def ask() -> dict[str, Any]:
            return await executor.service.inspect(connector_id or await executor.find())

        found = await portal.wait(ask())
        return build_frame([found], {"connector_id": "id"}, "connector", self._info("inspect"))

    async def delete(self, connector_id: str) -> None:
        """Delete a hosted connector and the data that Airbyte copied for it.

        Airbyte finishes that in the background. Raises WritesNotAllowedError for a connector that
        may only read.
        """
        executor = self._executor()
        if not self._connector.allow_writes:
            raise WritesNotAllowedError(
                "Deleting a hosted connector changes the workspace, and this connector may only "
                "read. Make it with allow_writes=True to allow that."
            )
        await portal.wait(executor.service.delete(connector_id))

    async def scoped_token(self) -> Secret:
        """Mint a token that reaches this workspace only, for calls of your own.

        It lasts 20 minutes; ``.reveal()`` gives its text.
        """
        return await portal.wait(self._executor().service.scoped_token())

    def _executor(self) -> HostedExecutor:
        executor = self._connector._executor
        if not isinstance(executor, HostedExecutor):
            raise UnsupportedError(
                "This connector runs in direct mode, with an access token: there is nothing hosted "
                "about it. IntercomConnector.create_hosted(...) makes a hosted one."
            )
        return executor

    def _info(self, action: str) -> dict[str, Any]:
        return {"entity": "hosted", "action": action, "mode": "hosted"}


def create_connector(
    auth_config: IntercomAuthConfig,
    replication_config: IntercomReplicationConfig,
    name: str | None,
    source_template_id: str | None,
) -> Callable[[Executor], Coroutine[Any, Any, None]]:
    """Check what a new hosted connector is made of, and give the work that makes it."""
    if not isinstance(auth_config, IntercomAuthConfig):
        raise ConfigurationError(
            "create_hosted needs auth_config=IntercomAuthConfig(access_token=...), the token that "
            "Airbyte is to keep."
        )
    if not isinstance(replication_config, IntercomReplicationConfig):
        raise ConfigurationError(
            "create_hosted needs replication_config=IntercomReplicationConfig(start_date="
            "'2026-01-01T00:00:00Z')."
        )

    async def work(executor: Executor) -> None:
        assert isinstance(executor, HostedExecutor)
        token = auth_config.access_token
        executor.connector_id = await executor.service.create(
            token, replication_config, name, source_template_id
        )

    return work
