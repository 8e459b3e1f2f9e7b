"""The connector: one workspace, its entities as attributes, results as DataFrames."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self

import httpx
import pandas as pd

from .. import catalog
from ..agents import AgentDecorator, agent_tool, tool_utils
from ..agents.connector_tools import inspect_connector, read_skill_docs
from ..entities import AsyncEntities
from ..errors import ConfigurationError
from ..executors.factory import Options, choose_executor
from ..models import (
    AirbyteAuthConfig,
    IntercomAuthConfig,
    IntercomReplicationConfig,
    RetryPolicy,
    hide_oauth,
    refuse_oauth,
)
from ..runtime.html import card
from ..runtime.portal import portal
from ..secret import Secret, hidden
from .calling import TruncatedWarning
from .describe import Description, describe
from .find import find
from .hosted_admin import HostedConnectors, create_connector
from .identity import Check
from .namespace import EntityAttributes, wait_for_result
from .sync import SyncConnector, SyncSide

if TYPE_CHECKING:
    from ..dataset import Dataset

__all__ = ["IntercomConnector", "SyncConnector", "TruncatedWarning"]


NEXT_STEPS = (
    "inb.explore(c) opens the explorer, c.find('first reply') finds metrics, columns and actions, "
    "await c.conversations.list(limit=100) returns a DataFrame."
)
"""The first steps with a new connector."""


class IntercomConnector(AsyncEntities, EntityAttributes):
    """An Intercom workspace whose operations return DataFrames.

    Every entity is an attribute, every action a method of it: ``await c.contacts.list(limit=50)``;
    ``c.entities`` lists them. ``c.sync`` has the same without ``await``.

    Args:
        auth_config: The access token of the workspace, or an AirbyteAuthConfig.
        airbyte_client_id, airbyte_client_secret: An Airbyte client, for hosted execution.
        workspace_name, external_user_id, organization_id, connector_id: Owner and id of the hosted
            connector; see AirbyteAuthConfig.
        generation: Generation of the hosted API (1 or 2), if the arguments above leave it open.
        airbyte_api_url, airbyte_auth_url: Other addresses of it; http only on this machine.
        region: ``us``, ``eu`` or ``au`` (default: ``INTERCOM_REGION``, else ``us``).
        version: API version (default: 2.15).
        base_url: Custom URL of the API; http only on this machine.
        allow_writes: Whether actions that change the workspace are allowed.
        dry_run: Whether such actions only return their request and send nothing.
        timeout: Seconds to wait for the server, per step (connect, write, read).
        deadline: Seconds for one request in all (default: five times the timeout).
        max_response_mb: The largest response, decompressed, in MB (default: 250).
        http: An ``httpx.AsyncClient`` or an httpx transport to send with.
        retry: How often and when to retry.

    Raises CredentialError and ConfigurationError for arguments that do not make a connector.

    >>> import intercom_nb
    >>> c = intercom_nb.connect("demo")
    >>> len(c.sync.contacts.list(limit=5))
    5
    """

    def __init__(  # noqa: PLR0913 - the public keywords of a connector
        self,
        *,
        auth_config: IntercomAuthConfig | AirbyteAuthConfig | None = None,
        airbyte_client_id: str | Secret | None = None,
        airbyte_client_secret: str | Secret | None = None,
        workspace_name: str | None = None,
        external_user_id: str | None = None,
        organization_id: str | None = None,
        connector_id: str | None = None,
        generation: int | None = None,
        airbyte_api_url: str | None = None,
        airbyte_auth_url: str | None = None,
        region: str | None = None,
        version: str | None = None,
        base_url: str | None = None,
        allow_writes: bool = False,
        dry_run: bool = False,
        timeout: float | None = None,
        deadline: float | None = None,
        max_response_mb: float | None = None,
        http: httpx.AsyncClient | httpx.AsyncBaseTransport | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        # Hidden at once, so that the frames of an error do not hold the text.
        airbyte_client_id, airbyte_client_secret = (
            hidden(airbyte_client_id),
            hidden(airbyte_client_secret),
        )
        hosted = {
            "airbyte_client_id": airbyte_client_id,
            "airbyte_client_secret": airbyte_client_secret,
            "workspace_name": workspace_name,
            "external_user_id": external_user_id,
            "organization_id": organization_id,
            "connector_id": connector_id,
        }
        options = Options(
            region=region,
            version=version,
            base_url=base_url,
            generation=generation,
            airbyte_api_url=airbyte_api_url,
            airbyte_auth_url=airbyte_auth_url,
            timeout=timeout,
            deadline=deadline,
            max_response_mb=max_response_mb,
            http=http,
            retry=retry,
        )
        for name, value in {"allow_writes": allow_writes, "dry_run": dry_run}.items():
            if not isinstance(value, bool):  # "no" would be true
                raise ConfigurationError(f"{name} must be True or False, not {value!r}.")
        executor = choose_executor(auth_config, hosted, options)
        super().__init__(executor, allow_writes=allow_writes, dry_run=dry_run)

    def __repr__(self) -> str:
        if "_executor" not in self.__dict__:  # __init__ failed, or has not run
            return "<IntercomConnector: not initialized>"
        access = "read and write" if self.allow_writes else "read-only"
        how = self._executor.credential
        return f"<IntercomConnector: {self.mode}, {self.base_url}, {access}, {how}>"

    def _repr_html_(self) -> str | None:
        if "_executor" not in self.__dict__:
            return None
        access = "read and write" if self.allow_writes else "read-only"
        rows = [("mode", self.mode), ("address", self.base_url), ("access", access)]
        rows += [("credential", self._executor.credential)]
        return card("Intercom connector", rows, "Next: " + NEXT_STEPS)

    @property
    def entities(self) -> pd.DataFrame:
        """Return the operations of this connector's mode, in every API version.

        One row per entity and action; ``c.supports`` tells which this version can run.
        Columns: entity, action, description, required and optional (parameter names), writes.
        """
        rows = [
            {
                "entity": op.entity,
                "action": op.action,
                "description": op.description,
                "required": ", ".join(op.required),
                "optional": ", ".join(op.optional),
                "writes": op.writes,
            }
            for op in self.operations()
        ]
        return pd.DataFrame(rows)

    def describe(self, entity: str, action: str | None = None) -> Description:
        """Describe an entity or one of its actions: parameters, examples, result.

        >>> import intercom_nb
        >>> print(intercom_nb.connect("demo").describe("teams", "get"))
        teams.get(id: str)
        ...
        """
        return describe(self.operations(), entity, action)

    def find(self, words: str) -> pd.DataFrame:
        """Find metrics, columns and operations by words and synonyms; metrics and reads first.

        Columns: entity, action (or the name of the metric or column), kind, description, use (the
        code to write), found_in, writes.

        >>> import intercom_nb
        >>> found = intercom_nb.connect("demo").find("satisfaction")
        >>> found["use"].tolist()[0]
        'analysis.csat(df)'
        """
        return find(self.operations(), words)

    sync = SyncSide()
    """The same without ``await``, for plain cells and scripts, such as ``c.sync.contacts.list()``
    and ``IntercomConnector.sync.create_hosted(...)``."""

    async def execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Run one operation with exactly one request and return its page as a DataFrame.

        The next page starts at ``df.attrs["intercom"]["next_cursor"]``. A search also takes
        filters: ``{"state": "open", "created_at__gt": "7d"}``. Raises UnknownNameError,
        InvalidParameterError and WritesNotAllowedError before anything is sent, and APIError
        afterwards.

        >>> import asyncio, intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> len(asyncio.run(c.execute("contacts", "list", {"per_page": 50})))
        50
        """
        return await wait_for_result(self.run_page(entity, action, params))

    def submit(self, entity: str, action: str, /, **arguments: Any) -> Future[pd.DataFrame]:
        """Start ``c.entity.action(**arguments)`` and return its future at once.

        For callbacks, which must not block. Canceling the future cancels the requests. A file
        response becomes a one-row DataFrame.

        >>> import intercom_nb
        >>> len(intercom_nb.connect("demo").submit("contacts", "list", limit=5).result())
        5
        """
        operation = catalog.operation(entity, action)
        if operation.returns_file:
            return portal.submit(self.run_page(entity, action, arguments))
        return portal.submit(self.run_operation(operation, (), arguments))

    tool_utils = AgentDecorator(tool_utils)
    """Decorate a function to be a tool of an AI agent; see ``intercom_nb.agents.tool_utils``."""

    agent_tool = AgentDecorator(agent_tool)
    """Decorate one of an agent's three tools; see ``intercom_nb.agents.agent_tool``."""

    async def inspect_connector(self) -> dict[str, Any]:
        """Return mode, version and permissions, for an agent; sends nothing.

        >>> import asyncio, intercom_nb
        >>> asyncio.run(intercom_nb.connect("demo").inspect_connector())["mode"]
        'direct'
        """
        return inspect_connector(self)

    async def read_skill_docs(self, section: str | None = None) -> str:
        """Return what an agent reads about this connector, or one section of it.

        A section is an entity or ``entity.action``. Raises UnknownNameError for another name.

        >>> import asyncio, intercom_nb
        >>> print(asyncio.run(intercom_nb.connect("demo").read_skill_docs("teams.list")))
        teams.list - List all teams.
        """
        return read_skill_docs(self, section)

    @classmethod
    async def create_hosted(
        cls,
        *,
        auth_config: IntercomAuthConfig,
        replication_config: IntercomReplicationConfig,
        name: str | None = None,
        source_template_id: str | None = None,
        airbyte_client_id: str | Secret | None = None,
        airbyte_client_secret: str | Secret | None = None,
        **options: Any,
    ) -> Self:
        """Create a hosted connector at Airbyte from an access token and return it.

        Args:
            auth_config: The access token, which Airbyte stores.
            replication_config: The earliest data that Airbyte copies to the context store.
            name: Name of the connector (default: ``intercom - <workspace>``).
            source_template_id: Template to use, if the organization has several.
            airbyte_client_id: The Airbyte client.
            airbyte_client_secret: Its secret.
            **options: Other arguments of IntercomConnector: workspace_name or external_user_id, ...

        Raises UnsupportedError for OAuth, which this connector does not have.

        >>> from intercom_nb.models import IntercomAuthConfig, IntercomReplicationConfig
        >>> c = await IntercomConnector.create_hosted(
        ...     workspace_name="acme",
        ...     auth_config=IntercomAuthConfig(access_token="..."),
        ...     replication_config=IntercomReplicationConfig(start_date="2026-01-01T00:00:00Z"),
        ... )  # doctest: +SKIP
        """
        client = {
            "airbyte_client_id": hidden(airbyte_client_id),
            "airbyte_client_secret": hidden(airbyte_client_secret),
        }
        del airbyte_client_id, airbyte_client_secret
        options = hide_oauth(options)
        refuse_oauth(options, options.get("auth_type"))
        create = create_connector(auth_config, replication_config, name, source_template_id)
        connector = cls(**client, **options)
        try:
            await portal.wait(create(connector._executor))
        except BaseException:  # also CancelledError: only here can the connector be closed
            await connector.aclose()
            raise
        return connector

    @functools.cached_property
    def hosted(self) -> HostedConnectors:
        """The workspace's hosted connectors, workflows and automations at Airbyte."""
        return HostedConnectors(self._executor, self)

    async def check(self) -> Check:
        """Check whether the server accepts the credential; the Check is true if it does.

        >>> import asyncio, intercom_nb
        >>> asyncio.run(intercom_nb.connect("demo").check()).status
        'ok'
        """
        return await portal.wait(self.run_check())

    async def extract(  # noqa: PLR0913 - the public keywords of an extraction
        self,
        entity: str,
        to: str | os.PathLike[str],
        *,
        since: Any = None,
        until: Any = None,
        where: Mapping[str, Any] | None = None,
        with_parts: bool = False,
        complete: bool = False,
        concurrency: int | None = None,
        progress: Any = None,
    ) -> Dataset:
        """Extract an entity to a folder of Parquet files; resume or update an existing folder.

        Args:
            entity: The entity: ``conversations``, ``contacts``, ...
            to: The folder; a second run into the same folder is incremental.
            since: Earliest creation time (default: no limit).
            until: Latest creation time, excluded (default: now).
            where: Filters of a search, as a dict: ``{"state": "open"}``.
            with_parts: Include the messages of conversations; one request for each conversation.
            complete: Fetch in full the lists that the API cuts; one request or more for each.
            concurrency: Maximum number of slices, and of pages in a slice, read in parallel.
            progress: Show a bar: None = in notebooks and terminals, True = always, False = never;
                or a function that is called with an ExtractProgress.

        Raises DatasetError if the folder holds something else or another process writes to it.
        Completed slices are kept if it fails: run it again to resume.

        >>> ds = await c.extract("conversations", to="acme/", since="90d")  # doctest: +SKIP
        """
        options = {
            "since": since,
            "until": until,
            "where": where,
            "with_parts": with_parts,
            "complete": complete,
            "concurrency": concurrency,
            "progress": progress,
        }
        return await portal.wait(self.run_extract(entity, to, options))

    async def extract_all(self, to: str | os.PathLike[str], **options: Any) -> Dataset:
        """Extract every entity that can be listed; see ``extract``.

        Entities that the token cannot read are skipped with a NotExtractedWarning.

        >>> ds = await c.extract_all(to="acme/", with_parts=True)  # doctest: +SKIP
        """
        return await portal.wait(self.run_extract_all(to, options))

    async def aclose(self) -> None:
        """Close the connections; the next call opens new ones."""
        await portal.wait(self.close_connections())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
