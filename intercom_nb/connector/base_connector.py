"""A connector without entities: facts of the connection, requests, composite calls."""

from __future__ import annotations

import os
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from .. import catalog
from ..calls.plan import plan_call
from ..catalog.model import Operation
from ..errors import UnknownAttributeError, UnsupportedError, did_you_mean
from ..runtime.portal import portal
from ..transport.protocol import Request
from ..transport.rate_state import RateState
from .calling import CallingConnector
from .identity import Check, Identity, run_check

if TYPE_CHECKING:
    from ..dataset import Dataset

_T = TypeVar("_T")


class BaseConnector(CallingConnector):
    """Base of the async and the sync side; its coroutines belong on the portal's loop."""

    newest_record: float = 0.0
    """Unix seconds, if known: the demo's year may end in the future."""

    def __reduce__(self) -> NoReturn:
        # Called by copy and pickle. Connections and the credential belong to one process.
        raise UnsupportedError(
            "A connector cannot be copied or pickled. Share this one, or create another with the "
            "same arguments where it is needed."
        )

    @property
    def base_url(self) -> str:
        """The address that operations are sent to."""
        return self._executor.base_url

    @property
    def details(self) -> Mapping[str, Any]:
        """Facts known without a request: the API version, or the hosted connector.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo", mode="hosted").details["workspace_name"]
        'demo'
        """
        return self._executor.details

    @property
    def rate(self) -> RateState:
        """The server's rate window and how this connector uses it.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").rate.refused
        0
        """
        return self._executor.rate

    def operations(self) -> list[Operation]:
        """Return the operations of this connector's mode.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").operations()[0].name
        'contacts.list'
        """
        known = catalog.operations()
        if self.mode == "hosted":
            return [op for op in map(catalog.hosted_operation, known) if op is not None]
        return [op for op in known if not op.hosted_only]

    def supports(self, operation: Operation) -> bool:
        """Return whether this mode and API version can run an operation.

        >>> import intercom_nb
        >>> from intercom_nb import catalog
        >>> intercom_nb.connect("demo").supports(catalog.operation("macros", "list"))
        False
        """
        try:
            self._executor.refuse(operation)
        except UnsupportedError:
            return False
        return True

    def build_request(self, operation: Operation, arguments: Mapping[str, Any]) -> Request:
        """Build the first request of ``c.entity.action(**arguments)`` without sending it.

        Raises RequestValidationError or UnsupportedError if it would not be sent.

        >>> import intercom_nb
        >>> from intercom_nb import catalog
        >>> c = intercom_nb.connect("demo")
        >>> c.build_request(catalog.operation("teams", "get"), {"id": "7"}).path
        '/teams/7'
        """
        adapted = self._executor.adapt(operation)
        return self._executor.request(adapted, plan_call(adapted, (), arguments).params)

    async def run_composite(
        self, work: Callable[..., Awaitable[_T]], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> _T:
        """Run a method that is made of several operations, such as a bulk write or a job."""
        with self._executor.redacting():  # its errors name what the server sent
            return await work(self, *args, **kwargs)

    async def run_extract(
        self, entity: str, to: str | os.PathLike[str], options: Mapping[str, Any]
    ) -> Dataset:
        """Extract one entity."""
        from ..extract.api import extract
        from ..extract.request import check_names

        latest = max(time.time(), self.newest_record)
        return await extract(self._executor, entity, to, latest=latest, **check_names(options))

    async def run_extract_all(
        self, to: str | os.PathLike[str], options: Mapping[str, Any]
    ) -> Dataset:
        """Extract every entity that can be listed."""
        from ..extract.api import extract_all
        from ..extract.request import check_names

        latest = max(time.time(), self.newest_record)
        return await extract_all(self._executor, to, latest=latest, **check_names(options))

    def whoami(self) -> Identity:
        """Return the workspace, mode and credential; the credential itself is not shown.

        Sends one request and blocks until the response; ``await c.check()`` does not block.

        >>> import intercom_nb
        >>> intercom_nb.connect("demo").whoami().region
        'US'
        """
        check = portal.run(self.run_check())
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

    async def run_check(self) -> Check:
        """Check with one request whether the server accepts the credential."""
        return await run_check(self._executor.probe)

    async def close_connections(self) -> None:
        """Close the connections; the next call opens new ones."""
        await self._executor.aclose()


def unknown_attribute(name: str, known: Iterable[str]) -> AttributeError:
    """Build the error for an attribute that a connector does not have."""
    if name.startswith("_"):  # what Python and IPython try out
        return AttributeError(f"A connector has no {name!r}.")
    return UnknownAttributeError(f"A connector has no {name!r}.{did_you_mean(name, known)}")
