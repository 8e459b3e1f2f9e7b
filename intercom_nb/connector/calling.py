"""A connector that runs operations: plan the call, check the permission, fetch the result."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import pandas as pd

from .. import catalog
from ..calls.dry_run import preview
from ..calls.fetch import fetch_all, fetch_page
from ..calls.files import fetch_file, file_frame
from ..calls.plan import CallPlan, plan_call, plan_single_call
from ..catalog.model import Operation
from ..errors import BadRequestError, WritesNotAllowedError
from ..executors.base import Executor
from ..frames import KEY
from .attribute_hints import explain_attributes

_T = TypeVar("_T")


class TruncatedWarning(UserWarning):
    """The default limit cut a result."""


class IncompleteListWarning(UserWarning):
    """A list ended before the number of records that the server counted."""


class CallingConnector:
    """Runs the operations of one workspace; its coroutines belong on the portal's loop."""

    def __init__(self, executor: Executor, *, allow_writes: bool, dry_run: bool) -> None:
        self._executor = executor
        self.allow_writes = allow_writes
        self.dry_run = dry_run
        self._seen: dict[str, Any] = {}  # see explain_attributes

    @property
    def mode(self) -> str:
        """The execution mode: ``direct`` or ``hosted``."""
        return self._executor.mode

    def resolve_operation(self, operation: Operation) -> Operation:
        """Return an operation with its parameters in this mode; unchanged if the mode lacks it."""
        hosted = catalog.hosted_operation(operation) if self.mode == "hosted" else None
        return operation if hosted is None else hosted

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
