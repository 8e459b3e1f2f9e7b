"""Identity of the workspace that is extracted: its id and time zone."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from .. import catalog
from ..errors import APIError, UnsupportedError
from ..executors.base import Executor
from ..frames import decode_repaired


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
    record = decode_repaired(page.records[0], msgspec.json.decode)[0]
    app = record.get("app") if isinstance(record, dict) else None
    known = app if isinstance(app, dict) else {}
    texts = [v if isinstance(v := known.get(k), str) else None for k in ("id_code", "timezone")]
    return WorkspaceInfo(texts[0] or "", texts[1])
