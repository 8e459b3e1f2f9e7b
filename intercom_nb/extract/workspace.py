"""Which workspace it is that is extracted, and in which time zone."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from .. import catalog
from ..errors import APIError, UnsupportedError
from ..executors.base import Executor


class Workspace(NamedTuple):
    """The id of a workspace, "" where it cannot be asked, and the name of its time zone."""

    id: str
    zone: str | None


async def workspace_of(executor: Executor) -> Workspace:
    """Ask which workspace this is and in which time zone."""
    operation = catalog.operation("admins", "identify")
    try:
        executor.refuse(operation)
        page = await executor.page(operation, {})
    except (UnsupportedError, APIError):
        return Workspace("", None)
    app = msgspec.json.decode(page.records[0], type=_Me).app
    return Workspace(app.id_code or "", app.timezone) if app else Workspace("", None)


class _App(msgspec.Struct):
    id_code: str | None = None
    timezone: str | None = None


class _Me(msgspec.Struct):
    app: _App | None = None
