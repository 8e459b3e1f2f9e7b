"""The connector: one workspace, and everything that can be asked of it as DataFrames."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Coroutine, Mapping
from typing import Any, Self

import httpx
import pandas as pd

from . import catalog
from .calls import Call, paged_call, single_call
from .catalog.model import Operation
from .collect import fetch_all, fetch_page
from .credentials import REGION, setting
from .errors import ConfigurationError, WritesNotAllowedError, did_you_mean
from .executors import Executor
from .executors.direct import DEFAULT_VERSION, DirectExecutor, region_url
from .frames import KEY
from .models import IntercomAuthConfig
from .namespace import Namespace
from .portal import portal
from .transport.client import BearerAuth, Transport
from .transport.retry import RetryPolicy


class TruncatedWarning(UserWarning):
    """A result was cut by the default limit, so it is not everything."""


class IntercomConnector:
    """Ask an Intercom workspace, and get DataFrames.

    Every entity is an attribute, every action a method of it: ``await c.contacts.list(limit=50)``;
    ``c.entities`` says what there is. ``c.sync`` has the same without ``await``.

    Args:
        auth_config: The access token of the workspace.
        region: ``us``, ``eu`` or ``au``; where not given, ``INTERCOM_REGION`` or ``us``.
        version: The API version to speak, ``2.15`` unless told.
        base_url: Another address of the API; http only on this machine.
        allow_writes: Whether actions that change the workspace are allowed.
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
        auth_config: IntercomAuthConfig | None = None,
        region: str | None = None,
        version: str = DEFAULT_VERSION,
        base_url: str | None = None,
        allow_writes: bool = False,
        timeout: float = 60.0,
        http: httpx.AsyncClient | httpx.AsyncBaseTransport | None = None,
        retry: RetryPolicy | None = None,
    ) -> None:
        if not isinstance(auth_config, IntercomAuthConfig):
            raise ConfigurationError(
                "IntercomConnector needs auth_config=IntercomAuthConfig(access_token=...); "
                "intercom_nb.connect() finds a token by itself, connect('demo') needs none."
            )
        self.allow_writes = allow_writes
        transport = Transport(
            base_url or region_url(region or _region_from_settings()),
            BearerAuth(auth_config.access_token),
            http=http,
            timeout=timeout,
            retry=retry,
        )
        self._executor: Executor = DirectExecutor(transport, version)
        self._where = transport.base_url
        self._source = auth_config.access_token.source

    def __repr__(self) -> str:
        may = "read and write" if self.allow_writes else "read only"
        return f"<IntercomConnector: {self.mode}, {self._where}, {may}, token from {self._source}>"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.entities()})

    def __getattr__(self, name: str) -> Namespace:
        if name.startswith("_") or name not in catalog.entities():
            raise _no_attribute(self, name)
        return self._namespaces.setdefault(name, Namespace(name, self._ask, self._wait))

    @functools.cached_property
    def _namespaces(self) -> dict[str, Namespace]:
        return {}

    @property
    def mode(self) -> str:
        """How operations are run: ``direct`` or ``hosted``."""
        return self._executor.mode

    @property
    def entities(self) -> pd.DataFrame:
        """Say what can be asked: one row per entity and action.

        Columns: entity, action, description, required and optional (names of parameters), writes.
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
            for op in catalog.operations()
        ]
        return pd.DataFrame(rows)

    @functools.cached_property
    def sync(self) -> SyncConnector:
        """The same connector without ``await``, for plain cells and scripts."""
        return SyncConnector(self)

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

    async def aclose(self) -> None:
        """Close the connections; the next call opens new ones."""
        await portal.wait(self._executor.aclose())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None
    ) -> pd.DataFrame:
        operation = catalog.operation(entity, action)
        call = single_call(operation, params)
        self._check_allowed(operation)
        return await fetch_page(self._executor, call)

    async def _ask(
        self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> pd.DataFrame:
        call: Call = paged_call(operation, args, kwargs)
        self._check_allowed(operation)
        frame = await fetch_all(self._executor, call)
        frame.attrs[KEY]["limit_is_default"] = call.limit_is_default
        return frame

    def _check_allowed(self, operation: Operation) -> None:
        self._executor.refuse(operation)
        if operation.writes and not self.allow_writes:
            raise WritesNotAllowedError(
                f"{operation.name} changes the workspace, and this connector may only read. "
                "Make it with allow_writes=True to allow that."
            )

    async def _wait(self, work: Coroutine[Any, Any, pd.DataFrame]) -> pd.DataFrame:
        return _warned(await portal.wait(work))


class SyncConnector:
    """A connector's actions without ``await``: each call blocks until its answer is there.

    An interrupt (Ctrl-C, or the kernel's Interrupt) cancels the requests of the call.
    """

    def __init__(self, connector: IntercomConnector) -> None:
        self._connector = connector

    def __repr__(self) -> str:
        return f"{self._connector!r}.sync"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.entities()})

    def __getattr__(self, name: str) -> Namespace:
        if name.startswith("_") or name not in catalog.entities():
            raise _no_attribute(self._connector, name)
        return Namespace(name, self._connector._ask, _run)

    def execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Run one operation with exactly one request; see ``IntercomConnector.execute``.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").sync.execute("teams", "list").columns[1]
        'id'
        """
        return _run(self._connector._execute(entity, action, params))

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        portal.run(self._connector._executor.aclose())


def _run(work: Coroutine[Any, Any, pd.DataFrame]) -> pd.DataFrame:
    return _warned(portal.run(work))


def _warned(frame: pd.DataFrame) -> pd.DataFrame:
    """Warn of a result that the default limit cut, where the caller sees it."""
    info = frame.attrs[KEY]
    if info.get("truncated") and info.get("limit_is_default"):
        of = f" of {info['total_count']:,}" if info["total_count"] is not None else ""
        warnings.warn(
            f"{info['entity']}.{info['action']}: these are the first {len(frame):,}{of} records. "
            "Pass limit=None for all of them, or a limit of your own.",
            TruncatedWarning,
            stacklevel=4,
        )
    return frame


def _no_attribute(connector: IntercomConnector, name: str) -> AttributeError:
    near = did_you_mean(name, dir(connector)) if not name.startswith("_") else ""
    return AttributeError(f"A connector has no {name!r}.{near}")


def _region_from_settings() -> str:
    found = setting(REGION)
    return found[0] if found else "us"
