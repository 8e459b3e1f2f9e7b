"""The sync side of the connector: every call without ``await``."""

from __future__ import annotations

import os
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, Self, TypeVar, overload

import pandas as pd

from .. import catalog
from ..entities import SyncEntities
from ..errors import UnknownAttributeError
from ..models import IntercomAuthConfig, IntercomReplicationConfig, hide_oauth
from ..runtime.portal import portal
from ..secret import Secret, hidden
from .base_connector import BaseConnector, unknown_attribute
from .calling import warn_if_incomplete
from .identity import Check, Identity
from .namespace import Namespace

if TYPE_CHECKING:
    from ..dataset import Dataset

_T = TypeVar("_T")
_C = TypeVar("_C", bound="Hosting")


class SyncConnector(SyncEntities):
    """A connector's actions without ``await``; each call blocks until the result is there.

    An interrupt (Ctrl-C, or the kernel's Interrupt) cancels the requests of the call.

    >>> import intercom_nb
    >>> intercom_nb.connect("demo").sync.teams.list()["name"].tolist()[0]
    'Customer Support'
    """

    def __init__(self, connector: BaseConnector) -> None:
        self._connector = connector
        self._namespaces: dict[str, Namespace] = {}

    def __repr__(self) -> str:
        return f"{self._connector!r}.sync"

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *catalog.entities()})

    def __reduce__(self) -> NoReturn:
        self._connector.__reduce__()

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Namespace:
            if name.startswith("_") or name not in catalog.entities():
                raise _unknown_attribute(self._connector, name)
            if name not in self._namespaces:
                self._namespaces[name] = Namespace(name, self._connector, _run)
            return self._namespaces[name]

    def execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """Run one operation with exactly one request; see ``IntercomConnector.execute``.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").sync.execute("teams", "list").columns[1]
        'id'
        """
        return _run(self._connector.run_page(entity, action, params))

    def extract(self, entity: str, to: str | os.PathLike[str], **options: Any) -> Dataset:
        """Extract an entity to a folder; see ``IntercomConnector.extract``."""
        return portal.run(self._connector.run_extract(entity, to, options))

    def extract_all(self, to: str | os.PathLike[str], **options: Any) -> Dataset:
        """Extract every entity to a folder; see ``IntercomConnector.extract_all``."""
        return portal.run(self._connector.run_extract_all(to, options))

    def whoami(self) -> Identity:
        """Return the workspace, mode and credential; see ``IntercomConnector.whoami``.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").sync.whoami().region
        'US'
        """
        return self._connector.whoami()

    def check(self) -> Check:
        """Check whether the server accepts the credential; see ``IntercomConnector.check``.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").sync.check().status
        'ok'
        """
        return portal.run(self._connector.run_check())

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        portal.run(self._connector.close_connections())


class Hosting(Protocol):
    """A connector class that can create a hosted connector."""

    @classmethod
    async def create_hosted(
        cls,
        *,
        auth_config: IntercomAuthConfig,
        replication_config: IntercomReplicationConfig,
        **options: Any,
    ) -> Self:
        """Create a hosted connector and return it."""


class SyncClassMethods(Generic[_C]):
    """The class methods of a connector without ``await``: ``IntercomConnector.sync``."""

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
        """Create a hosted connector at Airbyte; see ``IntercomConnector.create_hosted``.

        Takes the same arguments, blocks until the connector exists, and raises the same errors.
        An interrupt (Ctrl-C) cancels the request, but Airbyte may have carried it out already.

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
    """Descriptor of ``sync``, for a connector and for its class."""

    @overload
    def __get__(self, connector: None, kind: type[_C]) -> SyncClassMethods[_C]: ...

    @overload
    def __get__(self, connector: BaseConnector, kind: type[_C]) -> SyncConnector: ...

    def __get__(
        self, connector: BaseConnector | None, kind: type[_C]
    ) -> SyncClassMethods[_C] | SyncConnector:
        if connector is None:
            return SyncClassMethods(kind)
        # Stored on the connector, where later lookups find it before this descriptor.
        made = connector.__dict__["sync"] = SyncConnector(connector)
        return made


def _run(work: Coroutine[Any, Any, _T], _: str = "") -> _T:
    return warn_if_incomplete(portal.run(work), stacklevel=4)


def _unknown_attribute(connector: BaseConnector, name: str) -> AttributeError:
    if name.startswith("_"):
        return AttributeError(f"A connector has no {name!r}.")
    if name in dir(connector):
        return UnknownAttributeError(f"c.sync has no {name!r}; use it without sync: c.{name}.")
    return unknown_attribute(name, dir(connector))
