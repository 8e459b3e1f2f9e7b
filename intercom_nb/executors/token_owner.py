"""Owner of an access token: the workspace, its region, the admin's id."""

from __future__ import annotations

from typing import Any

import msgspec

from ..transport.client import Transport
from ..transport.error_response import unreadable
from ..transport.protocol import UNREADABLE, Request, Response


async def request_token_owner(transport: Transport, version: str) -> dict[str, Any]:
    """Request the workspace of a token; of the admin, only the id is kept."""
    request = Request("GET", "/me", headers={"Intercom-Version": version}, retry_safe=True)
    return await transport.send(request, "check", _read_me)


def _read_me(response: Response) -> dict[str, Any]:
    try:
        me = msgspec.json.decode(response.content, type=dict[str, Any])
    except UNREADABLE:
        raise unreadable(response, "check", "is not the expected JSON") from None
    app = me.get("app")
    app = app if isinstance(app, dict) else {}
    return {
        "workspace": app.get("name"),
        "workspace_id": app.get("id_code"),
        "region": app.get("region"),
        "timezone": app.get("timezone"),
        "admin_id": me.get("id"),
    }
