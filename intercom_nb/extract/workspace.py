"""Identity of the workspace that is extracted: its id and time zone."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from .. import catalog
from ..errors import APIError, UnsupportedError
from ..executors.base import Executor


class WorkspaceInfo(NamedTuple):
    """Id of a workspace, "" if it is not known, and the name of its time zone, if known."""

    id: str
    time_zone: str | None


async def request_workspace(executor: Executor) -> WorkspaceInfo:
    """Request which workspace the credential belongs to."""
    operation = catalog.operation("admins", "identify")
    try:
        executor.refuse(operation)
        page = await executor.page(operation, {})
    except (UnsupportedError, APIError):
        return WorkspaceInfo("", None)
    app = msgspec.json.decode(page.records[0], type=_Me).app
    return WorkspaceInfo(app.id_code or "", app.timezone) if app else WorkspaceInfo("", None)


class _App(msgspec.Struct):
    id_code: str | None = None
    timezone: str | None = None


class _Me(msgspec.Struct):
    app: _App | None = None
