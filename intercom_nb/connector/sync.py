"""The connector without ``await``, and what both of its sides share."""

from __future__ import annotations

import os
import warnings
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, overload

import pandas as pd

from .. import catalog
from ..credentials import Secret, hidden
from ..entities import SyncEntities
from ..errors import did_you_mean
from ..executors.base import Executor
from ..frames import KEY
from ..models import IntercomAuthConfig, IntercomReplicationConfig, hide_oauth
from ..runtime.portal import portal
from .base import BaseConnector
from .namespace import Namespace

if TYPE_CHECKING:
    from ..dataset import Dataset

_T = TypeVar("_T")
_C = TypeVar("_C", bound="Hosting")


class TruncatedWarning(UserWarning):
    """A result was cut by the default limit, so it is not everything."""


class SyncConnector(SyncEntities):
    """A connector's actions without ``await``: each call blocks until its answer is there.

    An interrupt (Ctrl-C, or the kernel's Interrupt) cancels the requests of the call.
    """

    def __init__(self, connector: BaseConnector) -> None:
        self._connector = connector
        self._namespaces: dict[str, Namespace] = {}

    def __repr__(self) -> str:
        return f"{self._connector!r}.sync"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.entities()})

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Namespace:
            if name.startswith("_") or name not in catalog.entities():
                raise no_attribute(self._connector, name)
            if name not in self._namespaces:
                self._namespaces[name] = Namespace(
                    name, self._connector._ask, _run, self._connector._shown
                )
            return self._namespaces[name]

    def execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Run one operation with exactly one request; see ``IntercomConnector.execute``.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").sync.execute("teams", "list").columns[1]
        'id'
        """
        return _run(self._connector._execute(entity, action, params))

    def extract(self, entity: str, to: str | os.PathLike[str], **options: Any) -> Dataset:
        """Extract all of an entity to a folder; see ``IntercomConnector.extract``."""
        return portal.run(run_extract(self._connector._executor, entity, to, options))

    def extract_all(self, to: str | os.PathLike[str], **options: Any) -> Dataset:
        """Extract every entity that can be listed; see ``IntercomConnector.extract_all``."""
        return portal.run(run_extract(self._connector._executor, None, to, options))

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        portal.run(self._connector._executor.aclose())


class Hosting(Protocol):
    """A class of connectors that can make a hosted one."""

    @classmethod
    async def create_hosted(
        cls,
        *,
        auth_config: IntercomAuthConfig,
        replication_config: IntercomReplicationConfig,
        **options: Any,
    ) -> Self:
        """Make a hosted connector, and give it."""


class SyncMaker(Generic[_C]):
    """What the class of a connector has without ``await``: ``IntercomConnector.sync``."""

    def __init__(self, kind: type[_C]) -> None:
        self._kind = kind

    def __repr__(self) -> str:
        return f"{self._kind.__name__}.sync"

    def create_hosted(
        self,
        *,
        auth_config: IntercomAuthConfig,
        replication_config: IntercomReplicationConfig,
        name: str | None = None,
        source_template_id: str | None = None,
        airbyte_client_id: str | Secret | None = None,
        airbyte_client_secret: str | Secret | None = None,
        **options: Any,
    ) -> _C:
        """Make a hosted connector at Airbyte, and give it; see ``IntercomConnector.create_hosted``.

        Takes the same arguments, blocks until the connector is made, and raises the same errors.
        An interrupt (Ctrl-C) cancels the request; Airbyte may have carried it out all the same.

        >>> from intercom_nb import IntercomConnector
        >>> from intercom_nb.demo import serve
        >>> from intercom_nb.models import IntercomAuthConfig, IntercomReplicationConfig
        >>> with serve() as airbyte:
        ...     c = IntercomConnector.sync.create_hosted(
        ...         workspace_name="acme",
        ...         airbyte_client_id="demo-client",
        ...         airbyte_client_secret="demo-secret",
        ...         airbyte_api_url=airbyte.url,
        ...         auth_config=IntercomAuthConfig(access_token="demo"),
        ...         replication_config=IntercomReplicationConfig(start_date="2026-01-01T00:00:00Z"),
        ...     )
        ...     len(c.sync.teams.list())
        ...     c.sync.close()
        6
        """
        # Hidden at once, so that the frames of an error do not hold the text.
        client = {
            "airbyte_client_id": hidden(airbyte_client_id),
            "airbyte_client_secret": hidden(airbyte_client_secret),
        }
        del airbyte_client_id, airbyte_client_secret
        options = hide_oauth(options)
        work = self._kind.create_hosted(
            auth_config=auth_config,
            replication_config=replication_config,
            name=name,
            source_template_id=source_template_id,
            **client,
            **options,
        )
        return portal.run(work)


class SyncSide:
    """``sync``, of a connector and of its class: the same without ``await``."""

    @overload
    def __get__(self, connector: None, kind: type[_C]) -> SyncMaker[_C]: ...

    @overload
    def __get__(self, connector: BaseConnector, kind: type[_C]) -> SyncConnector: ...

    def __get__(
        self, connector: BaseConnector | None, kind: type[_C]
    ) -> SyncMaker[_C] | SyncConnector:
        if connector is None:
            return SyncMaker(kind)
        # Kept on the connector, where it is found before this descriptor from now on.
        made = connector.__dict__["sync"] = SyncConnector(connector)
        return made


async def run_extract(
    executor: Executor,
    entity: str | None,
    to: str | os.PathLike[str],
    options: Mapping[str, Any],
) -> Dataset:
    """Extract one entity, or all of them for None."""
    from ..extract.api import extract, extract_all

    if entity is None:
        return await extract_all(executor, to, **options)
    return await extract(executor, entity, to, **options)


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    return warned(portal.run(work), stacklevel=4)


def warned(result: _T, stacklevel: int) -> _T:
    """Warn of a result that the default limit cut, at the line of the caller's call."""
    if not isinstance(result, pd.DataFrame):
        return result
    info = result.attrs.get(KEY, {})
    if info.get("truncated") and info.get("limit_is_default"):
        of = f" of {info['total_count']:,}" if info["total_count"] is not None else ""
        warnings.warn(
            f"{info['entity']}.{info['action']}: these are the first {len(result):,}{of} records. "
            "Pass limit=None for all of them, or a limit of your own.",
            TruncatedWarning,
            stacklevel=stacklevel,
        )
    return result


def no_attribute(connector: BaseConnector, name: str) -> AttributeError:
    """Make the error for an attribute that a connector does not have."""
    near = did_you_mean(name, dir(connector)) if not name.startswith("_") else ""
    return AttributeError(f"A connector has no {name!r}.{near}")
