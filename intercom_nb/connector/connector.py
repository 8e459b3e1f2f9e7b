"""The connector: one workspace, and everything that can be asked of it as DataFrames."""

from __future__ import annotations

import functools
import os
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Self, TypeVar

import httpx
import pandas as pd

from .. import catalog
from ..agents import ToolUtils
from ..calls.files import FILES
from ..credentials import Secret, hidden
from ..entities import AsyncEntities
from ..executors.factory import Options, choose_executor
from ..models import (
    AirbyteAuthConfig,
    IntercomAuthConfig,
    IntercomReplicationConfig,
    hide_oauth,
    refuse_oauth,
)
from ..runtime.portal import portal
from ..runtime.retry import RetryPolicy
from ..transport.rate_limiter import RateState
from .base import BaseConnector
from .describe import Description, describe, find
from .hosted_admin import HostedConnectors, create_connector
from .identity import Check, Identity, run_check
from .namespace import Namespace
from .sync import SyncConnector, SyncSide, TruncatedWarning, no_attribute, run_extract, warned

if TYPE_CHECKING:
    from ..dataset import Dataset

__all__ = ["IntercomConnector", "SyncConnector", "TruncatedWarning"]

_T = TypeVar("_T")


class IntercomConnector(AsyncEntities, BaseConnector):
    """Ask an Intercom workspace, and get DataFrames.

    Every entity is an attribute, every action a method of it: ``await c.contacts.list(limit=50)``;
    ``c.entities`` says what there is. ``c.sync`` has the same without ``await``.

    Args:
        auth_config: The access token of the workspace, or an AirbyteAuthConfig.
        airbyte_client_id, airbyte_client_secret: An Airbyte client, for hosted execution.
        workspace_name, external_user_id, organization_id, connector_id: Whose hosted connector it
            is, and which one; see AirbyteAuthConfig.
        generation: Which of the two hosted APIs to speak, where the words above do not tell.
        airbyte_api_url, airbyte_auth_url: Other addresses of it; http only on this machine.
        region: ``us``, ``eu`` or ``au``; where not given, ``INTERCOM_REGION`` or ``us``.
        version: The API version to speak, ``2.15`` unless told.
        base_url: Another address of the API; http only on this machine.
        allow_writes: Whether actions that change the workspace are allowed.
        dry_run: Whether those actions only show their request and send nothing.
        timeout: Seconds to wait for the server, per step.
        http: An ``httpx.AsyncClient`` or an httpx transport to send by.
        retry: How often and when to send again.

    Raises CredentialError and ConfigurationError when it cannot be made from these.

    >>> import intercom_nb
    >>> c = intercom_nb.connect("demo")
    >>> len(c.sync.contacts.list(limit=5))
    5
    """

    def __init__(
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
            http=http,
            retry=retry,
        )
        executor = choose_executor(auth_config, hosted, options)
        super().__init__(executor, allow_writes=allow_writes, dry_run=dry_run)

    def __repr__(self) -> str:
        may = "read and write" if self.allow_writes else "read only"
        how = self._executor.credential
        return f"<IntercomConnector: {self.mode}, {self.base_url}, {may}, {how}>"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.entities()})

    if not TYPE_CHECKING:  # a type checker knows the entities, and then also the misspelled ones

        def __getattr__(self, name: str) -> Namespace:
            if name.startswith("_") or name not in catalog.entities():
                raise no_attribute(self, name)
            if name not in self._namespaces:
                self._namespaces[name] = Namespace(name, self._ask, self._wait, self._shown)
            return self._namespaces[name]

    @functools.cached_property
    def _namespaces(self) -> dict[str, Namespace]:
        return {}

    @property
    def mode(self) -> str:
        """How operations are run: ``direct`` or ``hosted``."""
        return self._executor.mode

    @property
    def base_url(self) -> str:
        """The address that operations are sent to."""
        return self._executor.base_url

    @property
    def details(self) -> Mapping[str, Any]:
        """What the mode knows of itself without asking: the version, or whose hosted connector.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo", mode="hosted").details["workspace_name"]
        'demo'
        """
        return self._executor.details

    @property
    def rate(self) -> RateState:
        """The server's rate window, and what this connector does with it.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").rate.refused
        0
        """
        return self._executor.rate

    @property
    def entities(self) -> pd.DataFrame:
        """Say what can be asked: one row per entity and action.

        Only what this connector's mode can do. Columns: entity, action, description, required and
        optional (names of parameters), writes.
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
            for op in self._operations()
        ]
        return pd.DataFrame(rows)

    def describe(self, entity: str, action: str | None = None) -> Description:
        """Describe an entity or one of its actions: parameters, examples, what comes back.

        >>> import intercom_nb
        >>> print(intercom_nb.connect("demo").describe("teams", "get"))
        teams.get(id: str)
        ...
        """
        return describe(self._operations(), entity, action)

    def find(self, words: str) -> pd.DataFrame:
        """Find what can be asked by words in names, descriptions, parameters and fields.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").find("transcript")["action"].tolist()
        ['get_transcript', 'search']
        """
        return find(self._operations(), words)

    sync = SyncSide()
    """The same without ``await``, for plain cells and scripts: ``c.sync.contacts.list()``, and
    ``IntercomConnector.sync.create_hosted(...)``."""

    async def execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Run one operation with exactly one request, and give its page as a DataFrame.

        ``df.attrs["intercom"]["next_cursor"]`` is where the next page starts. Raises
        UnknownNameError and InvalidParameterError before anything is sent, WritesNotAllowedError
        for a writing action of a connector that may only read, and APIError's family afterwards.

        >>> import asyncio, intercom_nb
        >>> c = intercom_nb.connect("demo")
        >>> len(asyncio.run(c.execute("contacts", "list", {"per_page": 50})))
        50
        """
        return await self._wait(self._execute(entity, action, params))

    def submit(self, entity: str, action: str, /, **arguments: Any) -> Future[pd.DataFrame]:
        """Start ``c.entity.action(**arguments)`` and give its future at once.

        For callbacks, which must not block. Cancelling the future cancels the requests.

        >>> import intercom_nb
        >>> len(intercom_nb.connect("demo").submit("contacts", "list", limit=5).result())
        5
        """
        operation = catalog.operation(entity, action)
        if operation.answer in FILES:  # a DataFrame of these too, for callbacks that show one
            return portal.submit(self._execute(entity, action, arguments))
        return portal.submit(self._ask(operation, (), arguments))

    tool_utils = ToolUtils()
    """Decorate a function to be a tool of an AI agent; see ``intercom_nb.agents.tool_utils``."""

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
        """Make a hosted connector at Airbyte out of an access token, and give it.

        Args:
            auth_config: The access token, which Airbyte keeps from then on.
            replication_config: From when on Airbyte copies data for the context store.
            name: What it is called there; ``intercom - <workspace>`` unless told.
            source_template_id: Which template, where the organization has several.
            airbyte_client_id: The Airbyte client.
            airbyte_client_secret: Its secret.
            **options: What IntercomConnector takes besides: workspace_name or external_user_id, ...

        Raises UnsupportedError when OAuth is asked for, which this connector does not have.

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
        work = create_connector(auth_config, replication_config, name, source_template_id)
        connector = cls(**client, **options)
        try:
            await portal.wait(work(connector._executor))
        except BaseException:  # cancelling too: nobody else has the connector to close it
            await connector.aclose()
            raise
        return connector

    @functools.cached_property
    def hosted(self) -> HostedConnectors:
        """The hosted connectors of this workspace: list, inspect and delete them."""
        return HostedConnectors(self)

    def whoami(self) -> Identity:
        """Say which workspace this is, by which mode and credential; the credential is not shown.

        Asks the server with one request and waits for it; ``await c.check()`` does not wait.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").whoami().region
        'US'
        """
        return self._identity(portal.run(run_check(self._executor.probe)))

    async def check(self) -> Check:
        """Ask the server whether it takes the credential; a Check that is true when it does.

        >>> import asyncio, intercom_nb
        >>> asyncio.run(intercom_nb.connect("demo").check()).status
        'ok'
        """
        return await portal.wait(run_check(self._executor.probe))

    def _identity(self, check: Check) -> Identity:
        return Identity(
            workspace=check.workspace.get("workspace"),
            region=check.workspace.get("region"),
            mode=self.mode,
            base_url=self.base_url,
            credential=self._executor.credential,
            writes=self.allow_writes,
            details=self.details,
            check=check,
        )

    async def extract(
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
        """Extract all of an entity to a folder of Parquet files; resumes and updates what is there.

        Args:
            entity: What to extract: ``conversations``, ``contacts``, ...
            to: The folder; a second run with the same one is incremental.
            since: Records that were created from then on; all where not given.
            until: Records that were created before; up to now where not given.
            where: Filters of a search, as a dict: ``{"state": "open"}``.
            with_parts: The messages of conversations too, one request for each.
            complete: Lists that the API cuts, whole; one request or more for each.
            concurrency: Slices that are read side by side, and pages of them.
            progress: A function that is called with an ExtractProgress, or True or False for a
                bar; None shows one in notebooks and terminals.

        Raises DatasetError when the folder holds something else or somebody else writes to it.
        When it is ended on the way, what is done is kept: run it again.

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
        return await portal.wait(run_extract(self._executor, entity, to, options))

    async def extract_all(self, to: str | os.PathLike[str], **options: Any) -> Dataset:
        """Extract every entity that can be listed; see ``extract``.

        What the token may not read is left out with a NotExtractedWarning.

        >>> ds = await c.extract_all(to="acme/", with_parts=True)  # doctest: +SKIP
        """
        return await portal.wait(run_extract(self._executor, None, to, options))

    async def aclose(self) -> None:
        """Close the connections; the next call opens new ones."""
        await portal.wait(self._executor.aclose())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        return warned(await portal.wait(work), stacklevel=3)
