"""Calls of one workspace: plan, check permission, run. Shared by the async and the sync side."""

from __future__ import annotations

import os
import warnings
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pandas as pd

from .. import catalog
from ..calls.dry_run import preview
from ..calls.fetch import fetch_all, fetch_page
from ..calls.files import fetch_file, file_frame
from ..calls.plan import CallPlan, plan_call, plan_single_call
from ..catalog.model import Operation
from ..errors import (
    BadRequestError,
    UnknownAttributeError,
    UnsupportedError,
    WritesNotAllowedError,
    did_you_mean,
)
from ..executors.base import Executor
from ..frames import KEY
from ..runtime.portal import portal
from ..transport.protocol import Request
from ..transport.rate_state import RateState
from .attribute_hints import explain_attributes
from .identity import Check, Identity, run_check

if TYPE_CHECKING:
    from ..dataset import Dataset

_T = TypeVar("_T")


class TruncatedWarning(UserWarning):
    """The default limit cut a result."""


class IncompleteListWarning(UserWarning):
    """A list ended before the number of records that the server counted."""


class BaseConnector:
    """Runs operations on one workspace; the coroutines belong on the portal's loop."""

    def __init__(self, executor: Executor, *, allow_writes: bool, dry_run: bool) -> None:
        self._executor = executor
        self.allow_writes = allow_writes
        self.dry_run = dry_run
        self._seen: dict[str, Any] = {}  # see explain_attributes

    def __reduce__(self) -> NoReturn:
        # Called by copy and pickle. Connections and the credential belong to one process.
        raise UnsupportedError(
            "A connector cannot be copied or pickled. Share this one, or create another with the "
            "same arguments where it is needed."
        )

    @property
    def mode(self) -> str:
        """The execution mode: ``direct`` or ``hosted``."""
        return self._executor.mode

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

    def resolve_operation(self, operation: Operation) -> Operation:
        """Return an operation with its parameters in this mode; unchanged if the mode lacks it."""
        hosted = catalog.hosted_operation(operation) if self.mode == "hosted" else None
        return operation if hosted is None else hosted

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

    async def run_operation(
        self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        """Run ``c.entity.action(*args, **kwargs)``: a DataFrame, or the content of a file."""
        operation = self._executor.adapt(operation)
        call = plan_call(operation, args, kwargs)
        if call.dry_run or (operation.writes and self.dry_run):
            return preview(self._executor, call)
        self.check_allowed(operation)
        if operation.returns_file:
            return await fetch_file(self._executor, call)
        frame = await self._fetch(fetch_all, call)
        frame.attrs[KEY]["limit_is_default"] = call.limit_is_default
        return frame

    async def run_composite(
        self, work: Callable[..., Awaitable[_T]], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> _T:
        """Run a method that is made of several operations, such as a bulk write or a job."""
        with self._executor.redacting():  # its errors name what the server sent
            return await work(self, *args, **kwargs)

    async def run_page(
        self, entity: str, action: str, params: Mapping[str, Any] | None
    ) -> pd.DataFrame:
        """Run one operation with exactly one request; always a DataFrame."""
        operation = self._executor.adapt(catalog.operation(entity, action))
        call = plan_single_call(operation, params)
        if operation.writes and self.dry_run:
            return preview(self._executor, call)
        self.check_allowed(operation)
        if operation.returns_file:
            return file_frame(call, await fetch_file(self._executor, call))
        return await self._fetch(fetch_page, call)

    async def _fetch(
        self, fetch: Callable[[Executor, CallPlan], Awaitable[pd.DataFrame]], call: CallPlan
    ) -> pd.DataFrame:
        """Fetch a result and remember its columns, which explain a later refusal."""
        try:
            frame = await fetch(self._executor, call)
        except BadRequestError as error:
            explain_attributes(error, call, self._seen)
            raise
        is_attributes = call.operation.name == "data_attributes.list"
        self._seen[call.operation.entity] = frame if is_attributes else frame.columns
        return frame

    async def run_extract(
        self, entity: str | None, to: str | os.PathLike[str], options: Mapping[str, Any]
    ) -> Dataset:
        """Extract one entity, or every entity for None."""
        from ..extract.api import extract, extract_all

        if entity is None:
            return await extract_all(self._executor, to, **options)
        return await extract(self._executor, entity, to, **options)

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

    def check_allowed(self, operation: Operation) -> None:
        """Raise WritesNotAllowedError for a write if this connector is read-only."""
        if operation.writes and not self.allow_writes:
            raise WritesNotAllowedError(
                f"{operation.name} changes the workspace, and this connector is read-only. "
                "Create it with allow_writes=True to allow changes."
            )


def warn_if_incomplete(result: _T, stacklevel: int) -> _T:
    """Warn about a result that was cut or ended early, at the line of the caller's call."""
    info = result.attrs.get(KEY, {}) if isinstance(result, pd.DataFrame) else {}
    name = f"{info.get('entity')}.{info.get('action')}"
    total = info.get("total_count")
    if info.get("truncated") and info.get("limit_is_default"):
        of = f" of {total:,}" if total is not None else ""
        warnings.warn(
            f"{name}: returned the first {len(result):,}{of} records. "  # type: ignore[arg-type]
            "Pass limit=None for all of them, or your own limit.",
            TruncatedWarning,
            stacklevel=stacklevel,
        )
    if info.get("missing_count"):
        warnings.warn(
            f"{name}: the list ended {info['missing_count']:,} records short of the {total:,} that "
            "the server counts. Run it again; if it persists, report it to Intercom.",
            IncompleteListWarning,
            stacklevel=stacklevel,
        )
    return result


def unknown_attribute(name: str, known: Iterable[str]) -> AttributeError:
    """Build the error for an attribute that a connector does not have."""
    if name.startswith("_"):  # what Python and IPython try out
        return AttributeError(f"A connector has no {name!r}.")
    return UnknownAttributeError(f"A connector has no {name!r}.{did_you_mean(name, known)}")
