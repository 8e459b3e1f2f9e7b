"""A workspace in which every text was written by an attacker; notebooks of the tests import it."""

from __future__ import annotations

from typing import Any

import httpx
from payloads import PAYLOADS

from intercom_nb import IntercomConnector
from intercom_nb.models import IntercomAuthConfig

START = 1_790_000_000


def connector() -> IntercomConnector:
    """Make a connector to it."""
    return IntercomConnector(
        auth_config=IntercomAuthConfig("x"),
        base_url="http://127.0.0.1:9",
        http=httpx.MockTransport(answer),
    )


def answer(request: httpx.Request) -> httpx.Response:
    path = request.url.path
    if path == "/me":
        me = {"type": "admin", "id": "1", "app": {"name": PAYLOADS[0]}}
        return httpx.Response(200, json=me)
    if path == "/conversations":
        records = [conversation(i, p) for i, p in enumerate(PAYLOADS)]
        return httpx.Response(200, json={"conversations": records, "total_count": len(records)})
    if path.startswith("/conversations/"):
        return httpx.Response(200, json=whole_conversation())
    said = {"code": PAYLOADS[1], "message": " ".join(PAYLOADS)}
    error = {"type": "error.list", "request_id": PAYLOADS[2], "errors": [said]}
    return httpx.Response(400, json=error)


def conversation(i: int, payload: str) -> dict[str, Any]:
    author = {"type": "user", "id": str(i), "name": payload, "email": payload}
    tag = {"type": "tag", "id": payload, "name": payload}
    return {
        "type": "conversation",
        "id": str(i),
        "title": payload,
        "state": payload,
        "created_at": START + i,
        "source": {"type": payload, "body": payload, "subject": payload, "author": author},
        "tags": {"type": "tag.list", "tags": [tag]},
        "custom_attributes": {payload: payload, "plan": payload},
    }


def whole_conversation() -> dict[str, Any]:
    parts = [
        {
            "type": "conversation_part",
            "id": str(i),
            "part_type": "comment",
            "body": payload,
            "created_at": START + i,
            "author": {"type": "user", "id": "1", "name": payload},
        }
        for i, payload in enumerate(PAYLOADS)
    ]
    listed = {"conversation_parts": parts, "total_count": len(parts)}
    return {**conversation(0, PAYLOADS[0]), "conversation_parts": listed}
