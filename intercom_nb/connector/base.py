"""What a connector is made of, for both of its sides and all that is given one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from .. import catalog
from ..calls.dry_run import preview
from ..calls.fetch import fetch_all, fetch_file, fetch_page, file_frame
from ..calls.files import FILES
from ..calls.plan import CallPlan, plan_call, plan_single_call
from ..catalog.model import Operation
from ..errors import WritesNotAllowedError
from ..executors.base import Executor
from ..frames import KEY


class BaseConnector:
    """A way to one workspace, and what may be done there; runs calls on the portal's loop."""

    def __init__(self, executor: Executor, *, allow_writes: bool, dry_run: bool) -> None:
        self._executor = executor
        self.allow_writes = allow_writes
        self.dry_run = dry_run

    def _operations(self) -> list[Operation]:
        known = catalog.operations()
        if self._executor.mode == "hosted":
            return [op for op in map(catalog.hosted_operation, known) if op is not None]
        return [op for op in known if not op.hosted_only]

    def _shown(self, operation: Operation) -> Operation:
        """Give an operation with the parameters that it has in this mode."""
        is_hosted = self._executor.mode == "hosted"
        hosted = catalog.hosted_operation(operation) if is_hosted else None
        return operation if hosted is None else hosted

    async def _execute(
        self, entity: str, action: str, params: Mapping[str, Any] | None
    ) -> pd.DataFrame:
        operation = self._executor.adapt(catalog.operation(entity, action))
        call = plan_single_call(operation, params)
        if operation.writes and self.dry_run:
            return preview(self._executor, call)
        self._check_allowed(operation)
        if operation.answer in FILES:
            return file_frame(call, await fetch_file(self._executor, call))
        return await fetch_page(self._executor, call)

    async def _ask(
        self, operation: Operation, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        operation = self._executor.adapt(operation)
        call: CallPlan = plan_call(operation, args, kwargs)
        if call.dry_run or (operation.writes and self.dry_run):
            return preview(self._executor, call)
        self._check_allowed(operation)
        if operation.answer in FILES:
            return await fetch_file(self._executor, call)
        frame = await fetch_all(self._executor, call)
        frame.attrs[KEY]["limit_is_default"] = call.limit_is_default
        return frame

    def _check_allowed(self, operation: Operation) -> None:
        if operation.writes and not self.allow_writes:
            raise WritesNotAllowedError(
                f"{operation.name} changes the workspace, and this connector may only read. "
                "Make it with allow_writes=True to allow that."
            )
